"""Columns on both sides of zero: a balance, period by period."""

from dataclasses import dataclass

from matplotlib.figure import Figure

from workbench.model.types import BREAK, PROVISIONAL, Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.refusals import refuse_several
from workbench.presentation.charts.series import (
    by_time,
    describe_series,
    draw_break,
    draw_uncounted,
    times_of,
)
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
from workbench.presentation.charts.time_axis import calendar_ticks
from workbench.presentation.wording import Wording

_WIDTH = 0.74


@dataclass(frozen=True)
class Columns(MatplotlibChart):
    """A column for each period of one series, above zero or below it; the last one says its value.

    A provisional column is hollow, a break is marked, a missing value leaves its place empty; what was not counted is marked
    there.
    """

    results: tuple[Result, ...]

    table_axes = ("time", "indicator")

    def __post_init__(self) -> None:
        refuse_several("Columns", self.results, "time")

    def draw(self, wording: Wording) -> Figure:
        figure, axes = canvas(3.0)
        times = times_of(self.results)
        there = by_time(self.results)
        for result in there:
            colour = ACCENT if result.value >= 0 else COUNTERPART
            fill = GROUND if PROVISIONAL in result.flags else colour
            place = times.index(result.time)
            bar(axes, place - _WIDTH / 2, 0, _WIDTH, result.value, fill, edgecolor=colour, linewidth=1.2)
            if BREAK in result.flags:
                draw_break(axes, place, max(result.value, 0.0), INK)
        for result in self.results:
            draw_uncounted(axes, times.index(result.time), result)
        axes.axhline(0, color=INK, linewidth=0.8)
        calendar_ticks(axes, wording, times, margin=0.5)
        signed_axis(axes, wording, [result.value for result in there])
        if there:
            last = there[-1]
            above = last.value >= 0
            annotate(
                axes, wording.flagged_value(last), (times.index(last.time), last.value), (0, 4 if above else -4),
                ha="center", va="bottom" if above else "top", color=INK, fontweight="bold",
            )  # fmt: skip
        return figure

    def describe(self, wording: Wording) -> str:
        name = wording.indicator(self.results[0].indicator)
        return " ".join([wording.text("Columns above and below zero."), describe_series(wording, name, self.results)])
