"""A country among the Member States: one bar each, highest first, with what rounding allows."""

from dataclasses import dataclass

from matplotlib.axes import Axes

from workbench.model.types import Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.refusals import refuse_several
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet, mark, sheet_of
from workbench.presentation.charts.style import (
    ACCENT,
    CONTEXT,
    FAINT,
    GROUND,
    INK,
    annotate,
    bar,
    canvas,
    hide_value_axis,
)
from workbench.presentation.wording import Wording

_HEIGHT = 0.72
_ROOM = 0.05
"""Beyond the longest bars, of the width."""
_LETTER = 0.72
"""The width of a letter, of its size, and a little more: below zero, a value stands between its bar and the names."""
_MOST_ROOM = 0.8


@dataclass(frozen=True)
class Ranking(MatplotlibChart):
    """A bar for each country that has a value, highest first, one of them highlighted; the Union
    stands among them as an outline, for it is not a member.

    Countries without a value are named below, never drawn as zero. A bar of low reliability is hatched.
    """

    results: tuple[Result, ...]
    highlight: str
    union: Result | None = None

    table_axes = ("geo", "indicator")
    compares_countries = True
    along = "y"

    def __post_init__(self) -> None:
        refuse_several("Ranking", self.results, "geo")

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        ranked = self._ranked()
        values = [result.value for result in ranked]
        figure, axes = canvas(0.4 + (0.25 if measure.is_narrow else 0.235) * len(ranked), measure)
        for position, result in enumerate(ranked):
            self._draw_bar(axes, wording, position, result)
        axes.set_yticks(
            range(len(ranked)), [wording.label("geo", result.geo) for result in ranked], fontsize=measure.small
        )
        axes.set_row_looks(
            {"color": INK, "fontweight": "bold" if self._stands_out(result) else "normal"} for result in ranked
        )
        axes.set_ylim(len(ranked) - 0.4, -0.6)
        low, high = min(0.0, *values), max(0.0, *values)
        span = (high - low) or 1.0
        longest = max((len(_said(wording, result, measure)) for result in ranked if result.value < 0), default=0)
        names = max((len(wording.label("geo", result.geo)) for result in ranked), default=0)
        letter = _LETTER * measure.small
        room = min(letter * longest / (measure.points - letter * names), _MOST_ROOM)
        axes.set_xlim(low - span * room / (1 - room) if low else 0, high + _ROOM * span if high or not low else 0)
        hide_value_axis(axes)
        return figure

    def _draw_bar(self, axes: Axes, wording: Wording, position: int, result: Result) -> None:
        if result is self.union:
            bar(axes, 0, position - _HEIGHT / 2, result.value, _HEIGHT, "none", edgecolor=INK, linewidth=1.2)
        else:
            colour = ACCENT if result.geo == self.highlight else CONTEXT
            look = {} if result.is_reliable else {"edgecolor": colour, "linewidth": 0.8, "hatch": "////"}
            bar(axes, 0, position - _HEIGHT / 2, result.value, _HEIGHT, GROUND if look else colour, **look)
        mark(axes, result.value, position, result)
        way = -1 if result.value < 0 else 1
        annotate(
            axes, _said(wording, result, sheet_of(axes).measure), (result.value, position), (4 * way, 0), va="center", fontsize=sheet_of(axes).measure.small,
            ha="right" if way < 0 else "left",
            color=INK if self._stands_out(result) else FAINT,
            fontweight="bold" if self._stands_out(result) else "normal",
        )  # fmt: skip

    def _stands_out(self, result: Result) -> bool:
        return result.geo == self.highlight or result is self.union

    def describe(self, wording: Wording) -> str:
        ranked = self._ranked()
        parts = [f"{wording.label('geo', result.geo)} {wording.value(result)}" for result in ranked]
        return wording.text("Bar chart of {number} countries, highest first: {parts}.").format(
            number=sum(result is not self.union for result in ranked), parts="; ".join(parts)
        )

    def _ranked(self) -> list[Result]:
        union = [self.union] if self.union is not None else []
        there = [result for result in (*self.results, *union) if result.is_available]
        return sorted(there, key=lambda result: (-result.value, result.geo))


def _said(wording: Wording, result: Result, measure: Measure) -> str:
    """The value with its flags; where a sheet is narrow without a unit of several letters, which the subtitle says once."""
    said, sign = wording.flagged_value(result), wording.unit_sign(result.unit)
    return said.replace(sign, "") if measure.is_narrow and len(sign.strip()) > 1 else said
