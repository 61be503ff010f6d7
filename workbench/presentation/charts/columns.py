"""Columns on both sides of zero: a balance, period by period."""

from dataclasses import dataclass

from matplotlib.ticker import FuncFormatter, MaxNLocator

from workbench.model.types import Result
from workbench.presentation.charts.refusals import refuse_several
from workbench.presentation.charts.series import (
    BREAK,
    PROVISIONAL,
    by_time,
    describe_series,
    draw_break,
    draw_uncounted,
)
from workbench.presentation.charts.style import ACCENT, COUNTERPART, GROUND, INK, canvas, time_ticks
from workbench.presentation.wording import Wording


@dataclass(frozen=True)
class Columns:
    """A column for each period of one series, above zero or below it; the last one says its value.

    A provisional column is hollow, a break is marked, a missing value leaves its place empty; what was not counted is marked
    there.
    """

    results: tuple[Result, ...]

    table_axes = ("time", "indicator")

    def __post_init__(self):
        refuse_several("Columns", self.results, "time")

    def draw(self, wording: Wording):
        figure, axes = canvas(3.0)
        times = sorted({result.time for result in self.results})
        there = by_time(self.results)
        for result in there:
            colour = ACCENT if result.value >= 0 else COUNTERPART
            fill = GROUND if PROVISIONAL in result.flags else colour
            axes.bar(times.index(result.time), result.value, width=0.74, color=fill, edgecolor=colour, linewidth=1.2)
            if BREAK in result.flags:
                draw_break(axes, times.index(result.time), max(result.value, 0.0), INK)
        for result in self.results:
            draw_uncounted(axes, times.index(result.time), result)
        axes.axhline(0, color=INK, linewidth=0.8)
        time_ticks(axes, times, margin=0.5)
        signed_axis(axes, wording, [result.value for result in there])
        if there:
            last = there[-1]
            above = last.value >= 0
            axes.annotate(
                wording.flagged_value(last), (times.index(last.time), last.value), (0, 4 if above else -4),
                textcoords="offset points", ha="center", va="bottom" if above else "top", color=INK,
                fontweight="bold", annotation_clip=False,
            )  # fmt: skip
        return figure

    def describe(self, wording: Wording) -> str:
        name = wording.indicator(self.results[0].indicator)
        return " ".join([wording.text("Columns above and below zero."), describe_series(wording, name, self.results)])


def signed_axis(axes, wording: Wording, values: list[float]) -> None:
    """The axis of values on both sides of zero, in the numbers of the language."""
    lowest, highest = min([0.0, *values]), max([0.0, *values])
    ticks = MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]).tick_values(lowest, highest or 1.0)
    axes.set_yticks(ticks)
    axes.set_ylim(ticks[0], ticks[-1])
    decimals = 0 if all(float(tick).is_integer() for tick in ticks) else 1
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value, decimals=decimals)))
