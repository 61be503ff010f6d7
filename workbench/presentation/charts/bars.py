"""Horizontal bars: the parts of a whole, largest first."""

from dataclasses import dataclass
from textwrap import fill

from workbench.model.types import NOT_BROKEN_DOWN, OTHER, Result
from workbench.presentation.charts.chart import GroupedChart
from workbench.presentation.charts.refusals import refuse_below_zero, refuse_several
from workbench.presentation.charts.series import highest
from workbench.presentation.charts.sheet import NARROW, WIDE, Measure, Sheet, mark
from workbench.presentation.charts.style import ACCENT, CONTEXT, INK, annotate, bar, canvas, hide_value_axis, name_rows
from workbench.presentation.wording import Wording

_HEIGHT = 0.72
_LINE = 0.17
"""The height of another line of a name."""


@dataclass(frozen=True)
class Bars(GroupedChart):
    """A bar for each code of a dimension, in the given order, its value written beside it.

    ``notes`` stand behind the values, one for each bar: their shares.
    """

    along = "y"

    notes: tuple[Result, ...] = ()
    rest: str = OTHER

    def __post_init__(self) -> None:
        refuse_several("Bars", self.results, self.by, "indicator")
        refuse_below_zero("Bars", self.results, "show it in a table, or Columns")

    @property
    def table_axes(self) -> tuple[str, str]:
        return self.by, "indicator"

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        names = [fill(label, NARROW.letters) for label in self._labels(wording)]
        row_height = (0.48 if measure.is_narrow else 0.3) + _LINE * max((name.count("\n") for name in names), default=0)
        figure, axes = canvas(0.55 + row_height * len(self.results), measure)
        height = 0.19 / row_height if measure.is_narrow else _HEIGHT
        positions = list(range(len(self.results)))
        for position, result in enumerate(self.results):
            colour = CONTEXT if self.axis.key(result) in (self.rest, NOT_BROKEN_DOWN) else ACCENT
            bar(axes, 0, position - height / 2, result.value, height, colour)
            mark(axes, result.value, position, result)
        name_rows(axes, names, height)
        axes.set_ylim(len(positions) - 0.5, -0.5)
        for position, (result, text) in enumerate(zip(self.results, self._values(wording))):
            end = (result.value if result.is_available else 0, position)
            annotate(axes, text, end, (5, 0), va="center", color=INK)
        axes.set(xlabel="", ylabel="")
        hide_value_axis(axes)
        # Room for the figures beside the longest bar.
        axes.set_xlim(0, highest(self.results) * 1.22 or 1)
        return figure

    def describe(self, wording: Wording) -> str:
        parts = [f"{label} {value}" for label, value in zip(self._labels(wording), self._values(wording))]
        return wording.text("Bar chart, largest first: {parts}.").format(parts="; ".join(parts))

    def _labels(self, wording: Wording) -> list[str]:
        return [self.axis.label(wording, self.axis.key(result)) for result in self.results]

    def _values(self, wording: Wording) -> list[str]:
        values = [wording.flagged_value(result) for result in self.results]
        notes = [f" ({wording.value(note)})" for note in self.notes] or [""] * len(values)
        return [value + note for value, note in zip(values, notes, strict=True)]
