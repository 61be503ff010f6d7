"""Back-to-back bars: age groups of men and women."""

from dataclasses import dataclass

from matplotlib.figure import Figure

from workbench.model.errors import WorkbenchError
from workbench.model.types import Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.refusals import refuse_below_zero, refuse_several
from workbench.presentation.charts.series import highest
from workbench.presentation.charts.style import ACCENT, COUNTERPART, GROUND, INK, annotate, bar, canvas, hide_value_axis
from workbench.presentation.wording import Wording

_SIDES = {"M": (-1, ACCENT), "F": (1, COUNTERPART)}
_HEIGHT = 0.74


@dataclass(frozen=True)
class Pyramid(MatplotlibChart):
    """Men to the left, women to the right, an age group a row, the youngest at the bottom."""

    results: tuple[Result, ...]

    table_axes = ("age", "sex")

    def __post_init__(self) -> None:
        others = sorted({result.code("sex") for result in self.results} - set(_SIDES))
        if others:
            raise WorkbenchError(
                "Pyramid draws men and women, and would leave others out",
                expected="results of sex M and F",
                found=", ".join(others),
                hint="give these alone, and say how many others there are",
            )
        refuse_several("Pyramid", self.results, "age", "sex")
        refuse_below_zero("Pyramid", self.results, "show it in a table")

    def draw(self, wording: Wording) -> Figure:
        ages = list(dict.fromkeys(result.code("age") for result in self.results))
        figure, axes = canvas(0.8 + 0.4 * len(ages))
        for result in self.results:
            direction, colour = _SIDES[result.code("sex")]
            position, length = ages.index(result.code("age")), result.value if result.is_available else 0.0
            bar(axes, 0, position - _HEIGHT / 2, direction * length, _HEIGHT, colour)
            annotate(
                axes, wording.flagged_value(result), (direction * length, position), (5 * direction, 0), va="center",
                ha="left" if direction > 0 else "right", color=INK,
            )  # fmt: skip
        longest = highest(self.results) or 1
        axes.set_xlim(-1.2 * longest, 1.2 * longest)
        height = len(ages) - 1 + _HEIGHT
        axes.set_ylim(-_HEIGHT / 2 - 0.05 * height, height - _HEIGHT / 2 + 0.05 * height)
        axes.set_yticks(range(len(ages)), [wording.label("age", age) for age in ages], color=INK)
        axes.axvline(0, color=GROUND, linewidth=1.5)
        hide_value_axis(axes)
        for sex, x, side, colour in (("M", 0.49, "right", ACCENT), ("F", 0.51, "left", COUNTERPART)):
            axes.text(
                x, 1.0, wording.label("sex", sex), transform=axes.transAxes, ha=side, va="bottom", color=colour,
                fontweight="bold",
            )  # fmt: skip
        return figure

    def describe(self, wording: Wording) -> str:
        parts = [
            wording.text("{age}: {sex} {value}").format(
                age=wording.label("age", result.code("age")),
                sex=wording.label("sex", result.code("sex")),
                value=wording.value(result),
            )
            for result in self.results
        ]
        return wording.text("Back-to-back bars, one row for each age group: {parts}.").format(parts="; ".join(parts))
