"""Horizontal bars: the parts of a whole, largest first."""

from dataclasses import dataclass

from matplotlib.figure import Figure

from workbench.model.types import NOT_BROKEN_DOWN, OTHER, Result
from workbench.presentation.charts.chart import GroupedChart
from workbench.presentation.charts.refusals import refuse_below_zero, refuse_several
from workbench.presentation.charts.series import highest
from workbench.presentation.charts.style import ACCENT, CONTEXT, INK, annotate, bar, canvas, hide_value_axis
from workbench.presentation.wording import Wording

_HEIGHT = 0.72


@dataclass(frozen=True)
class Bars(GroupedChart):
    """A bar for each code of a dimension, in the given order, its value written beside it.

    ``notes`` stand behind the values, one for each bar: their shares.
    """

    notes: tuple[Result, ...] = ()
    rest: str = OTHER

    def __post_init__(self) -> None:
        refuse_several("Bars", self.results, self.by, "indicator")
        refuse_below_zero("Bars", self.results, "show it in a table, or Columns")

    @property
    def table_axes(self) -> tuple[str, str]:
        return self.by, "indicator"

    def draw(self, wording: Wording) -> Figure:
        figure, axes = canvas(0.55 + 0.3 * len(self.results))
        labels = self._labels(wording)
        positions = list(range(len(labels)))
        for position, result in enumerate(self.results):
            colour = CONTEXT if result.code(self.by) in (self.rest, NOT_BROKEN_DOWN) else ACCENT
            bar(axes, 0, position - _HEIGHT / 2, result.value, _HEIGHT, colour)
        axes.set_yticks(positions, labels, color=INK)
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
        return [self.axis.label(wording, result.code(self.by)) for result in self.results]

    def _values(self, wording: Wording) -> list[str]:
        values = [wording.flagged_value(result) for result in self.results]
        notes = [f" ({wording.value(note)})" for note in self.notes] or [""] * len(values)
        return [value + note for value, note in zip(values, notes, strict=True)]
