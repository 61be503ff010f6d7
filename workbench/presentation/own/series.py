"""What the series of a panel are called: by their own labels, by the legend, or by numbers."""

from collections import Counter
from collections.abc import Sequence
from itertools import count
from typing import Any

from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgba_array
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch


class SeriesNames:
    """Names the series of a panel, one after another.

    Parameters
    ----------
    axes : matplotlib Axes
        The panel.
    """

    def __init__(self, axes: Axes) -> None:
        legends = [axes.get_legend(), *axes.get_figure(root=True).legends]  # type: ignore[union-attr]
        self._legend = _by_colour([legend for legend in legends if legend])
        self._by_colour: dict[str, str] = {}
        self._numbers = count(1)

    def of(self, label: object, colours: Sequence[str]) -> list[str]:
        """The name of each part of something drawn, which may have a label, by the colours of the parts.

        seaborn labels little of what it draws: the legend says what the colours are.
        """
        if _is_said(label):
            names = [str(label)] * len(colours)
        else:
            unnamed = "" if all(colour in self._legend for colour in colours) else str(next(self._numbers))
            names = [self._legend.get(colour, unnamed) for colour in colours]
        self._by_colour |= {colour: name for colour, name in zip(colours, names)}
        return names

    def of_range(self, label: object, colour: str) -> str:
        """The name of a range, which belongs to the series that was drawn in its colour, if there is one."""
        if not _is_said(label) and colour in self._by_colour:
            return self._by_colour[colour]
        return self.of(label, [colour])[0]


def colours_of(artist: Any) -> list[str]:
    """The colours of something drawn, without their transparency: one for each of its parts, or one, which may be empty."""
    colours: Any = []
    if isinstance(artist, Line2D):
        has_line = artist.get_linestyle() not in ("None", "none", " ", "")
        colours = [artist.get_color() if has_line else artist.get_markerfacecolor()]
    elif isinstance(artist, Patch | Collection):
        faces = to_rgba_array(artist.get_facecolor())
        colours = faces if faces[:, 3].any() else to_rgba_array(artist.get_edgecolor())
    return [to_hex(colour) for colour in colours] or [""]


def _by_colour(legends: Sequence[Legend]) -> dict[str, str]:
    """The labels of legends by their colours, but for colours that have several."""
    found = {
        (colour, text.get_text())
        for legend in legends
        for handle, text in zip(legend.legend_handles, legend.get_texts())
        for colour in colours_of(handle)[:1]
        if colour
    }
    bearers = Counter(colour for colour, _ in found)
    return {colour: label for colour, label in sorted(found) if bearers[colour] == 1}


def _is_said(label: object) -> bool:
    return bool(label) and not str(label).startswith("_")
