"""Paired bars: the same shares of two places, side by side."""

from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from workbench.model.types import Result
from workbench.presentation.charts.chart import GroupedChart
from workbench.presentation.charts.refusals import refuse_below_zero, refuse_more, refuse_several
from workbench.presentation.charts.series import highest
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet, mark, sheet_of
from workbench.presentation.charts.style import ACCENT, FAINT, INK, annotate, bar, canvas, hide_value_axis, name_rows
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording

_HEIGHT = 0.36


@dataclass(frozen=True)
class Paired(GroupedChart):
    """Two bars for each code of a dimension, in the given order: the first place filled, the second an outline.

    The first pair names the places; a missing value has no bar, but its flag.
    """

    along = "y"

    def __post_init__(self) -> None:
        refuse_more("Paired", 2, self._places(), "show two places; or a table of all")
        refuse_several("Paired", self.results, self.by, "geo")
        refuse_below_zero("Paired", self.results, "show it in a table, or Columns")

    @property
    def table_axes(self) -> tuple[str, str]:
        return self.by, "geo"

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        rows, places = self.groups(), self._places()
        figure, axes = canvas(0.45 + (0.78 if measure.is_narrow else 0.46) * len(rows), measure)
        thick = 0.27 if measure.is_narrow else _HEIGHT
        for position, row in enumerate(rows.values()):
            for result in row:
                is_first = result.geo == places[0]
                height = position + (-0.5 if is_first else 0.5) * thick
                look: dict[str, Any] = (
                    {"color": ACCENT} if is_first else {"color": "none", "edgecolor": INK, "linewidth": 1.0}
                )
                if result.is_available:
                    bar(axes, 0, height - thick * 0.92 / 2, result.value, thick * 0.92, **look)
                mark(axes, result.value, height, result)
                self._annotate(axes, wording, result, height, named=position == 0)
        name_rows(axes, [self.axis.label(wording, code) for code in rows], thick * 2)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, (highest(self.results) or 1) * 1.35)
        hide_value_axis(axes)
        return figure

    def describe(self, wording: Wording) -> str:
        parts = [
            f"{self.axis.label(wording, code)} "
            + ", ".join(f"{wording.value(result)} {wording.label('geo', result.geo)}" for result in row)
            for code, row in self.groups().items()
        ]
        return wording.text("Paired bars: {parts}.").format(parts="; ".join(parts))

    def _annotate(self, axes: Axes, wording: Wording, result: Result, height: float, named: bool) -> None:
        is_first = result.geo == self._places()[0]
        name = f"  {wording.label('geo', result.geo)}" if named else ""
        end = (result.value if result.is_available else 0, height)
        annotate(
            axes, wording.flagged_value(result) + name, end, (5, 0), va="center", fontsize=sheet_of(axes).measure.small,
            color=INK if is_first else FAINT, fontweight="bold" if is_first else "normal",
        )  # fmt: skip

    def _places(self) -> list[str]:
        return list(Axis("geo").groups(self.results))
