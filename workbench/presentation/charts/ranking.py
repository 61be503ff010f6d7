"""A country among the Member States: one bar each, highest first, with what rounding allows."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from workbench.model.types import Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.refusals import refuse_several
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
_LETTER = 0.017
"""About the width of a letter, of the drawing's: below zero, a value stands between its bar and the names."""
_MOST_ROOM = 0.45


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

    def __post_init__(self) -> None:
        refuse_several("Ranking", self.results, "geo")

    def draw(self, wording: Wording) -> Figure:
        ranked = self._ranked()
        values = [result.value for result in ranked]
        figure, axes = canvas(0.4 + 0.235 * len(ranked))
        for position, result in enumerate(ranked):
            self._draw_bar(axes, wording, position, result)
        axes.set_yticks(range(len(ranked)), [wording.label("geo", result.geo) for result in ranked], fontsize=9.5)
        axes.set_row_looks(
            {"color": INK, "fontweight": "bold" if self._stands_out(result) else "normal"} for result in ranked
        )
        axes.set_ylim(len(ranked) - 0.4, -0.6)
        low, high = min(0.0, *values), max(0.0, *values)
        span = (high - low) or 1.0
        longest = max((len(wording.flagged_value(result)) for result in ranked if result.value < 0), default=0)
        room = min(_LETTER * longest, _MOST_ROOM)
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
        way = -1 if result.value < 0 else 1
        annotate(
            axes, wording.flagged_value(result), (result.value, position), (4 * way, 0), va="center", fontsize=9.5,
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
            number=len(ranked), parts="; ".join(parts)
        )

    def _ranked(self) -> list[Result]:
        union = [self.union] if self.union is not None else []
        there = [result for result in (*self.results, *union) if result.is_available]
        return sorted(there, key=lambda result: (-result.value, result.geo))
