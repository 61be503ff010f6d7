"""Dots on one scale: rates of the same groups in two places, each with what rounding allows."""

from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from workbench.model.types import Result
from workbench.presentation.charts.chart import GroupedChart
from workbench.presentation.charts.refusals import refuse_below_zero, refuse_more, refuse_several
from workbench.presentation.charts.series import highest
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet, mark
from workbench.presentation.charts.style import (
    ACCENT,
    COUNTERPART,
    FAINT,
    GROUND,
    ROUND_STEPS,
    annotate,
    canvas,
    name_rows,
)
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording

# Colour, shape and fill tell the two apart; they stand a little above and below the middle of their row.
_LOOKS: tuple[dict[str, Any], ...] = (
    {"color": ACCENT, "marker": "o", "markersize": 7},
    {"color": COUNTERPART, "marker": "D", "markersize": 6, "markerfacecolor": GROUND},
)
_OFFSETS = (-0.13, 0.13)
_TICKS = MaxNLocator(nbins=5, steps=ROUND_STEPS)


@dataclass(frozen=True)
class Dots(GroupedChart):
    """A row for each code of a dimension, in the given order, with a dot for each of at most two countries or aggregates.

    The line through a dot is the interval that rounding allows. A rate that is not there is named by its flag at the left.
    """

    along = "y"

    def __post_init__(self) -> None:
        refuse_more("Dots", len(_LOOKS), list(Axis("geo").groups(self.results)), "show two places; or a table of all")
        refuse_several("Dots", self.results, self.by, "geo")
        refuse_below_zero("Dots", self.results, "show changes in a table, or Columns")

    @property
    def table_axes(self) -> tuple[str, str]:
        return self.by, "geo"

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        rows, geos = list(self.groups()), list(Axis("geo").groups(self.results))
        figure, axes = canvas(0.9 + (0.56 if measure.is_narrow else 0.36) * len(rows), measure)
        end = float(_TICKS.tick_values(0, highest(self.results) or 1)[-1])
        for result in self.results:
            which = geos.index(result.geo)
            height = rows.index(self.axis.key(result)) + _OFFSETS[which]
            _draw_dot(axes, wording, height, result, _LOOKS[which], end)
            mark(axes, result.value, height, result)
        name_rows(axes, [self.axis.label(wording, row) for row in rows], 0.5)
        axes.set_ylim(len(rows) - 0.5, -1.2)
        axes.set_xlim(0, end)
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")
        axes.xaxis.set_major_locator(_TICKS)
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda value, _: wording.number(value) + wording.unit_sign(self.results[0].unit))
        )
        for which, geo in enumerate(geos):
            place = end * (0.016 + 0.5 * which)
            axes.plot(place, -0.85, clip_on=False, linestyle="", **_LOOKS[which])
            name, colour = wording.label("geo", geo), _LOOKS[which]["color"]
            annotate(axes, name, (place, -0.85), (8, 0), va="center", color=colour, fontweight="bold")
        return figure

    def describe(self, wording: Wording) -> str:
        parts = [
            f"{self.axis.label(wording, row)}: "
            + ", ".join(f"{wording.label('geo', r.geo)} {wording.flagged_value(r)}" for r in results)
            for row, results in self.groups().items()
        ]
        return wording.text("Dots with intervals, one row each. {parts}.").format(parts="; ".join(parts))


def _draw_dot(axes: Axes, wording: Wording, height: float, result: Result, look: dict[str, Any], end: float) -> None:
    if not result.is_available:
        annotate(axes, wording.value(result), (0, height), (4, 0), va="center", color=FAINT)
        return
    axes.plot([result.low, min(result.high, end)], [height, height], color=look["color"], linewidth=1.6, alpha=0.55)
    axes.plot(result.value, height, linestyle="", clip_on=False, zorder=4, **look)
