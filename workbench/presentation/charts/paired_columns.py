"""Columns of two series on both sides of zero: two sources of one balance, or its two components."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from workbench.model.types import PROVISIONAL, Result
from workbench.presentation.charts.chart import GroupedChart
from workbench.presentation.charts.key import draw_key
from workbench.presentation.charts.refusals import refuse_more, refuse_several
from workbench.presentation.charts.series import (
    describe_each,
    draw_breaks,
    draw_uncounted,
)
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet, mark
from workbench.presentation.charts.style import (
    ACCENT,
    COUNTERPART,
    GROUND,
    INK,
    annotate,
    bar,
    canvas,
    signed_axis,
)
from workbench.presentation.charts.time_axis import calendar_ticks, times_of
from workbench.presentation.wording import Wording

_SQUARE = "\N{BLACK SQUARE}"
_WIDTH = 0.8


@dataclass(frozen=True)
class PairedColumns(GroupedChart):
    """For each period a column of either series, side by side where both have it; at most two series.

    The second series is hatched, so that not only colour tells them apart. A provisional column is hollow, a line
    parts what comes before a break from what comes after, a missing value leaves its place empty.
    """

    along = "x"
    marks_hollow = True

    def __post_init__(self) -> None:
        refuse_more("PairedColumns", 2, list(self.groups()), "show two; or Lines, a line for each")
        refuse_several("PairedColumns", self.results, self.by, "time")

    @property
    def table_axes(self) -> tuple[str, str]:
        return "time", self.by

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        figure, axes = canvas(3.3, measure)
        times, series = times_of(self.results), self.groups()
        for number, (results, colour) in enumerate(zip(series.values(), (ACCENT, COUNTERPART))):
            for result in results:
                if result.is_available:
                    self._draw_column(axes, times, result, number, colour)
                else:
                    draw_uncounted(axes, _place(times, result, number), result)
        draw_breaks(axes, times, self.results)
        axes.axhline(0, color=INK, linewidth=0.8)
        calendar_ticks(axes, wording, times, margin=0.6)
        signed_axis(axes, wording, [result.value for result in self.results if result.is_available])
        if measure.is_narrow:
            colours = (ACCENT, COUNTERPART)
            keys = [
                (Patch(facecolor=colours[n], hatch="////" if n else None), self.axis.label(wording, key))
                for n, key in enumerate(series)
            ]
            draw_key(figure, *([key] for key in keys))
        else:
            self._name_series(axes, wording, list(series))
        return figure

    def _draw_column(self, axes: Axes, times: list[str], result: Result, number: int, colour: str) -> None:
        share, place = _WIDTH / 2, _place(times, result, number)
        fill = GROUND if PROVISIONAL in result.flags else colour
        bar(
            axes, place - share / 2, 0, share, result.value, fill, edgecolor=colour if fill == GROUND else GROUND,
            linewidth=0.6, hatch="////" if number else None,
        )  # fmt: skip
        mark(axes, place, result.value, result)

    def _name_series(self, axes: Axes, wording: Wording, names: list[str]) -> None:
        """Name the series above the drawing, each behind a square of its colour: columns leave no room for names among them."""
        for line, (name, colour) in enumerate(zip(reversed(names), (ACCENT, COUNTERPART)[len(names) - 1 :: -1])):
            for text, indent, ink in ((_SQUARE, 0, colour), (self.axis.label(wording, name), 13, INK)):
                offset = (indent, 5 + 15 * line)
                annotate(axes, text, (0, 1), offset, origin=axes.transAxes, va="bottom", color=ink)

    def describe(self, wording: Wording) -> str:
        series = describe_each(wording, self.axis, self.groups())
        return " ".join([wording.text("Columns above and below zero, two for each period."), *series])


def _place(times: list[str], result: Result, number: int) -> float:
    """Where the column of a result stands: left of the middle of its period, or right of it."""
    return times.index(result.time) + (number - 0.5) * _WIDTH / 2
