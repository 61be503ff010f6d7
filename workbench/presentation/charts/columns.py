"""Columns on both sides of zero: a balance, period by period."""

from dataclasses import dataclass

from workbench.declarations.events import Event
from workbench.model.types import PROVISIONAL, Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.happenings import describe_events, draw_events
from workbench.presentation.charts.refusals import refuse_several
from workbench.presentation.charts.series import (
    by_time,
    describe_series,
    draw_breaks,
    draw_uncounted,
    highest,
    label_peak,
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

_WIDTH = 0.74
_APART = 2
"""So many columns from one that says its value another may say its own."""


@dataclass(frozen=True)
class Columns(MatplotlibChart):
    """A column for each period of one series, above zero or below it; the last one says its value, and so does the
    highest, unless that stands so near that the two would touch.

    A provisional column is hollow, a line parts what comes before a break from what comes after, a missing value leaves its place empty; what was not counted is marked
    there, and so is when the ``events`` began.
    """

    results: tuple[Result, ...]
    events: tuple[Event, ...] = ()

    table_axes = ("time", "indicator")
    along = "x"
    marks_hollow = True

    def __post_init__(self) -> None:
        refuse_several("Columns", self.results, "time")

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        figure, axes = canvas(3.0, measure)
        times = times_of(self.results)
        there = by_time(self.results)
        for result in there:
            colour = ACCENT if result.value >= 0 else COUNTERPART
            fill = GROUND if PROVISIONAL in result.flags else colour
            place = times.index(result.time)
            bar(axes, place - _WIDTH / 2, 0, _WIDTH, result.value, fill, edgecolor=colour, linewidth=1.2)
            mark(axes, place, result.value, result)
        for result in self.results:
            draw_uncounted(axes, times.index(result.time), result)
        draw_breaks(axes, times, self.results)
        axes.axhline(0, color=INK, linewidth=0.8)
        calendar_ticks(axes, wording, times, margin=0.5)
        signed_axis(axes, wording, [result.value for result in there])
        far_from_last = times[: -max(_APART, len(times) // 8)]
        top = max(there, key=lambda result: result.value, default=None)
        if top and top.value > 0 and top.time in far_from_last:
            label_peak(axes, wording, times, self.results)
        if there:
            last = there[-1]
            above = last.value >= 0
            annotate(
                axes, wording.flagged_value(last), (times.index(last.time), last.value), (0, 4 if above else -4),
                ha="center", va="bottom" if above else "top", color=INK, fontweight="bold",
            )  # fmt: skip
        draw_events(axes, times, self.events, highest(self.results))
        return figure

    def describe(self, wording: Wording) -> str:
        name = wording.indicator(self.results[0].indicator)
        said = [wording.text("Columns above and below zero."), describe_series(wording, name, self.results)]
        return " ".join([*said, *describe_events(wording, times_of(self.results), self.events)])
