"""Tiles: how much of each year each file holds, a row a file, a column a year."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.patches import Patch, Rectangle

from workbench.model.types import Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.key import draw_key
from workbench.presentation.charts.refusals import refuse_several
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet, mark
from workbench.presentation.charts.style import ACCENT, COUNTERPART, canvas, name_rows
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording

_LETTER = 0.6
"""The width of a letter, of its size."""
_YEAR = 6
"""Letters that a year below takes, and the room beside it."""
_SIDE = 0.78
"""Of a tile, in columns and rows; on a narrow sheet it is half as high, below its name."""


@dataclass(frozen=True)
class Tiles(MatplotlibChart):
    """A tile for each year of each dataset and vintage, filled from below by the share in per cent that its result states.

    A full year is filled, an empty one is a frame with a stroke through it: the two differ not only in colour. A year without
    a result, because the file does not cover it, has no tile.
    """

    results: tuple[Result, ...]

    table_axes = ("dataset", "time")

    def __post_init__(self) -> None:
        refuse_several("Tiles", self.results, "dataset", "time")

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        rows = list(Axis("dataset").groups(self.results))
        times = self._times()
        figure, axes = canvas(0.8 + (0.44 if measure.is_narrow else 0.21) * len(rows), measure)
        axis = Axis("dataset")
        high = _SIDE / 2 if measure.is_narrow else _SIDE
        tiles = []
        for result in self.results:
            column, row = times.index(result.time), rows.index(axis.key(result))
            tiles += [(column, row, result.value / 100)] if result.is_available else []
            mark(axes, column, row, result)
        _draw_tiles(axes, tiles, high)
        name_rows(axes, rows, high)
        _explain(figure, wording, [share for *_, share in tiles])
        axes.tick_params(axis="y", labelsize=measure.small)
        named = 0 if measure.is_narrow else max(map(len, rows)) * measure.small * _LETTER
        step = math.ceil(_YEAR * measure.small * _LETTER * len(times) / (measure.points - named))
        shown = range((len(times) - 1) % step, len(times), step)
        axes.set_xticks(list(shown), [times[position] for position in shown], fontsize=measure.small)
        axes.set(xlim=(-0.6, len(times) - 0.4), ylim=(len(rows) - 0.4, -0.6))
        axes.grid(False)
        axes.tick_params(length=0)
        axes.spines["bottom"].set_visible(False)
        return figure

    def describe(self, wording: Wording) -> str:
        said = [_said(wording, name, of_file) for name, of_file in Axis("dataset").groups(self.results).items()]
        return " ".join([wording.text("Tiles, a row for each dataset and vintage."), *said])

    def _times(self) -> list[str]:
        years = [int(result.time) for result in self.results]
        return [str(year) for year in range(min(years), max(years) + 1)]


def _said(wording: Wording, name: str, of_file: Sequence[Result]) -> str:
    """Which years a file has, in words."""
    ends = {"file": name, "first": of_file[0].time, "last": of_file[-1].time}
    missing = ", ".join(result.time for result in of_file if result.value < 100)
    if not missing:
        return wording.text("{file}: every year from {first} to {last}.").format(**ends)
    return wording.text("{file}: from {first} to {last}, with all or part of these years missing: {years}.").format(
        **ends, years=missing
    )


def _explain(figure: Sheet, wording: Wording, shares: Sequence[float]) -> None:
    """What a tile says, of those that there are."""
    full = wording.text("a value; partly filled: for part of the year")
    filled = Patch(facecolor=ACCENT, edgecolor=ACCENT), full
    empty = Patch(facecolor="none", edgecolor=COUNTERPART, hatch="//"), wording.text("no value")
    draw_key(figure, [filled] if any(shares) else [], [empty] if 0 in shares else [])


def _draw_tiles(axes: Axes, tiles: Sequence[tuple[int, int, float]], high: float) -> None:
    """Each tile is a column, a row and a share: its frame, the part that is filled, and a stroke through an empty one."""
    corners = [(column - _SIDE / 2, row + high / 2, share) for column, row, share in tiles]
    filled = [Rectangle((left, bottom), _SIDE, -high * share) for left, bottom, share in corners if share]
    frames = [Rectangle((left, bottom), _SIDE, -high) for left, bottom, _ in corners]
    colours = [ACCENT if share else COUNTERPART for *_, share in corners]
    strokes = [[(left, bottom), (left + _SIDE, bottom - high)] for left, bottom, share in corners if not share]
    axes.add_collection(PatchCollection(filled, facecolor=ACCENT, edgecolor="none"))
    axes.add_collection(PatchCollection(frames, facecolor="none", edgecolor=colours, linewidth=0.8))
    axes.add_collection(LineCollection(strokes, color=COUNTERPART, linewidth=0.8))
