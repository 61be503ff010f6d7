"""Columns over the months of the calendar: the season."""

from dataclasses import dataclass
from textwrap import fill

from babel.dates import get_month_names

from workbench.model.types import Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.refusals import refuse_below_zero, refuse_several
from workbench.presentation.charts.series import highest
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet, mark
from workbench.presentation.charts.style import ACCENT, CONTEXT, FAINT, INK, annotate, bar, canvas, value_axis
from workbench.presentation.wording import Wording

_EVEN = 100 / 12
_WIDTH = 0.74


@dataclass(frozen=True)
class Months(MatplotlibChart):
    """A column for the share of each month, the largest in the accent and with its value; a line where an even spread
    would stand."""

    results: tuple[Result, ...]

    table_axes = ("month", "indicator")
    along = "x"

    def __post_init__(self) -> None:
        refuse_several("Months", self.results, "month")
        refuse_below_zero("Months", self.results, "show it in a table")

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        figure, axes = canvas(2.9, measure)
        names = get_month_names("abbreviated", "stand-alone", locale=wording.locale)
        most = highest(self.results)
        for position, result in enumerate(self.results):
            if not result.is_available:
                continue
            colour = ACCENT if result.value == most else CONTEXT
            bar(axes, position - _WIDTH / 2, 0, _WIDTH, result.value, colour)
            mark(axes, position, result.value, result)
            if result.value == most:
                annotate(
                    axes, wording.value(result), (position, most), (0, 4), ha="center", color=INK, fontweight="bold",
                    
                )  # fmt: skip
        axes.axhline(_EVEN, color=INK, linewidth=1, linestyle=(0, (4, 2)))
        annotate(
            axes, fill(wording.text("spread evenly"), 9), (len(self.results) - 0.5, _EVEN), (4, 0), va="center",
            fontsize=measure.small, color=FAINT,
        )  # fmt: skip
        shown = range(0, len(self.results), 3 if measure.is_narrow else 1)
        axes.set_xticks(
            list(shown), [names[int(self.results[place].code("month"))] for place in shown], fontsize=measure.small
        )
        axes.set_xlim(-0.6, len(self.results) - 0.4)
        value_axis(axes, wording, max(most, _EVEN))
        return figure

    def describe(self, wording: Wording) -> str:
        parts = [f"{wording.label('month', result.code('month'))} {wording.value(result)}" for result in self.results]
        return wording.text("Columns, one for each calendar month: {parts}.").format(parts="; ".join(parts))
