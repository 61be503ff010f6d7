"""Axes that draw what Matplotlib's own draw, byte for byte, in a fraction of the time.

Matplotlib keeps five artists for each tick, four of them only copies, and lays out the same words up to six times in a drawing. Here
each axis has one tick that is moved from place to place, and the layout of words is kept. What is private in Matplotlib and used
here was read from 3.10 and 3.11; ``tests/presentation/test_plain_axes.py`` compares with Matplotlib's own axes.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis, Tick, XAxis, YAxis
from matplotlib.backend_bases import RendererBase
from matplotlib.cbook import normalize_kwargs
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox, ScaledTranslation, Transform

_MOST_LAYOUTS = 4096


class _Place:
    """Where an axis has a tick, and what is written there: its one tick is drawn there."""

    def __init__(self, axis: "_OneTickAxis", location: float, text: str, look: dict[str, Any]):
        self.location, self._axis, self._text, self._look = location, axis, text, look

    @property
    def tick(self) -> Tick:
        """The axis' tick, its label as it is here."""
        tick = self._axis.one_tick
        tick.label1.set_text(self._text)
        if self._look:
            tick.label1.update(self._look)
        return tick

    def draw(self, renderer: RendererBase) -> None:
        tick = self.tick
        tick.update_position(self.location)
        tick.draw(renderer)


class _OneTickAxis(Axis):
    """An axis with one tick, which is moved to each place and drawn there.

    What `set_ticks` says of the looks of labels holds for all, what `set_label_looks` says for each.
    """

    _tick: Tick | None = None
    _looks: Sequence[dict[str, Any]] = ()

    @property
    def one_tick(self) -> Tick:
        """Made when all has been set that it looks like."""
        if self._tick is None:
            self._tick = self._get_tick(major=True)  # type: ignore[attr-defined]
            self._tick.set_clip_path(self.axes.patch)
            remember_layout(self._tick.label1)
        return self._tick

    def reset_ticks(self) -> None:
        self.majorTicks: list[Tick] = []
        self.minorTicks: list[Tick] = []

    def get_major_ticks(self, numticks: int | None = None) -> list[Tick]:
        """None: so many would be made."""
        return self.majorTicks[:numticks]

    def set_ticklabels(
        self, labels: Iterable[str | Text], *, minor: bool = False, fontdict: Any = None, **looks: Any
    ) -> list[Text]:
        labels = list(labels)
        super().set_ticklabels(labels, minor=minor)
        self._looks = [normalize_kwargs({**(fontdict or {}), **looks}, Text)] * len(labels)
        return []

    def set_label_looks(self, looks: Iterable[dict[str, Any]]) -> None:
        """How each label looks, of those that `set_ticks` was given."""
        self._looks = [{**of_all, **own} for of_all, own in zip(self._looks, looks, strict=True)]

    def _update_ticks(self) -> list[_Place]:
        locations = self.get_majorticklocs()
        labels = self.get_major_formatter().format_ticks(locations)  # type: ignore[arg-type]
        looks = self._looks if len(self._looks) == len(labels) else [{}] * len(labels)
        low, high = sorted(self.get_view_interval())
        near = (high - low) * 1e-10
        return [
            _Place(self, location, label, look)
            for location, label, look in zip(locations, labels, looks)
            if low - near <= location <= high + near
        ]

    def _get_ticklabel_bboxes(self, ticks: Sequence[_Place], renderer: RendererBase) -> tuple[list[Bbox], list[Bbox]]:
        """The one box around all labels: no more is asked of them."""
        if not ticks or not (label := self.one_tick.label1).get_visible():
            return [], []
        sizes = np.array([_size(place.tick.label1, renderer) for place in ticks])
        x, y = label.get_unitless_position()
        points = [(place.location, y) if isinstance(self, XAxis) else (x, place.location) for place in ticks]
        anchors = label.get_transform().transform(points)
        return [Bbox([(anchors + sizes[:, 0]).min(axis=0), (anchors + sizes[:, 1]).max(axis=0)])], []

    def get_tightbbox(self, renderer: RendererBase | None = None, *, for_layout_only: bool = False) -> Bbox | None:
        """The box around the labels; around more, where there is more."""
        offset = self.get_major_formatter().get_offset()
        if renderer is None or self.label.get_text() or offset or not self.get_visible():
            return super().get_tightbbox(renderer, for_layout_only=for_layout_only)
        boxes, _ = self._get_ticklabel_bboxes(self._update_ticks(), renderer)
        return boxes[0] if boxes else None

    def _update_label_position(self, renderer: RendererBase) -> None:
        if self.label.get_text():
            super()._update_label_position(renderer)  # type: ignore[misc]


class _XAxis(_OneTickAxis, XAxis):
    """The axis below."""


class _YAxis(_OneTickAxis, YAxis):
    """The axis at the left."""


class PlainAxes(Axes):
    """Axes with ticks below and at the left, each axis having one tick."""

    def _init_axis(self) -> None:
        self.xaxis, self.yaxis = _XAxis(self, clear=False), _YAxis(self, clear=False)
        for axis, sides in ((self.xaxis, ("bottom", "top")), (self.yaxis, ("left", "right"))):
            for side in sides:
                self.spines[side].register_axis(axis)

    def set_row_looks(self, looks: Iterable[dict[str, Any]]) -> None:
        """How each label at the left looks, of those that `set_yticks` was given."""
        cast(_YAxis, self.yaxis).set_label_looks(looks)

    def get_tightbbox(self, renderer: RendererBase | None = None, **options: Any) -> Bbox | None:
        """The box that the layout needs room for; what is cut at the edge of the axes and what lies on it needs none."""
        if renderer is None or not options.get("for_layout_only") or self.child_axes or not self.get_visible():
            return super().get_tightbbox(renderer, **options)
        children: list[Artist] = self._children  # type: ignore[attr-defined]
        shown = [artist for artist in children if artist.get_visible() and not _is_cut(artist)]
        notes = [artist for artist in shown if isinstance(artist, Note)]
        boxes = [
            self.get_window_extent(renderer),
            *(
                axis.get_tightbbox(renderer, for_layout_only=True)
                for axis in (self.xaxis, self.yaxis)
                if axis.get_visible()
            ),
            *(artist.get_tightbbox(renderer) for artist in shown if not isinstance(artist, Note)),
            *(_one_pixel_wide(title.get_window_extent(renderer)) for title in self._titles() if title.get_text()),
        ]
        corners = np.array([box.get_points() for box in boxes if box and (box.width or box.height)])
        if notes:
            sizes = np.array([_size(note, renderer) for note in notes])
            anchors = np.array([note.anchor() for note in notes])
            corners = np.concatenate([corners, sizes + anchors[:, None, :]])
        return Bbox([corners[:, 0].min(axis=0), corners[:, 1].max(axis=0)])

    def _titles(self) -> tuple[Text, Text, Text]:
        return self.title, self._left_title, self._right_title  # type: ignore[attr-defined]

    def _update_title_position(self, renderer: RendererBase) -> None:
        """Titles stay where they are: no ticks stand above."""


class Note(Text):
    """A text near a point of the drawing, so many typographic points away from it; unlike an `Annotation` it is drawn wherever the
    point is, and stands still."""

    def __init__(
        self,
        axes: Axes,
        text: str,
        point: tuple[float, float],
        offset: tuple[float, float],
        origin: Transform,
        **look: Any,
    ):
        super().__init__(*point, text, clip_on=False, **look)
        x, y = offset
        away = ScaledTranslation(x / 72, y / 72, cast(Figure, axes.get_figure(root=True)).dpi_scale_trans)
        self.set_transform(origin + away)
        remember_layout(self)
        axes.add_artist(self)

    def anchor(self) -> np.ndarray:
        """Where it stands, in pixels."""
        return self.get_transform().transform(self.get_unitless_position())


def _is_cut(artist: Artist) -> bool:
    return artist.get_clip_on() and artist.get_clip_box() is not None


def _one_pixel_wide(box: Bbox) -> Bbox:
    """A title may be longer than the axes are wide: only its height needs room."""
    middle = (box.x0 + box.x1) / 2
    return Bbox.from_extents(middle - 0.5, box.y0, middle + 0.5, box.y1)


def remember_layout(text: Text) -> None:
    """Have a text take its layout from those of texts that look like it."""
    text._get_layout = partial(_layout, text)  # type: ignore[attr-defined]


def _size(text: Text, renderer: RendererBase) -> np.ndarray:
    """The corners of a text, from where it stands."""
    return _layout(text, renderer)[0].get_points() if text.get_text() else np.zeros((2, 2))


_layouts: dict[tuple, Any] = {}


def _layout(text: Text, renderer: RendererBase) -> Any:
    font, figure = text.get_fontproperties(), cast(Figure, text.get_figure(root=True))
    key = (
        text.get_text(),
        *font.get_family(),
        font.get_size(),
        font.get_weight(),
        font.get_style(),
        text.get_horizontalalignment(),
        text.get_verticalalignment(),
        text.get_rotation(),
        figure.dpi,
    )
    if key not in _layouts:
        if len(_layouts) >= _MOST_LAYOUTS:
            _layouts.clear()
        _layouts[key] = Text._get_layout(text, renderer)  # type: ignore[attr-defined]
    return _layouts[key]
