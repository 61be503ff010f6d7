"""Back-to-back bars: age groups of men and women."""

from dataclasses import dataclass

from matplotlib.axes import Axes

from workbench.model.errors import WorkbenchError
from workbench.model.types import Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.refusals import refuse_below_zero, refuse_several
from workbench.presentation.charts.series import highest
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet, mark, sheet_of
from workbench.presentation.charts.style import (
    ACCENT,
    COUNTERPART,
    FAINT,
    GROUND,
    INK,
    annotate,
    bar,
    canvas,
    hide_value_axis,
)
from workbench.presentation.wording import Wording

_SIDES = {"M": (-1, ACCENT), "F": (1, COUNTERPART)}
_HEIGHT = 0.74
_LETTER, _HALF = 0.7, 0.38
"""About the width of a letter and of what is beside it, of its size; and that of one side of the axes, of a sheet's."""
_MOST_ROOM = 0.6
"""For the number beside a bar, of one side."""


@dataclass(frozen=True)
class Pyramid(MatplotlibChart):
    """Men to the left, women to the right, an age group a row, the youngest at the bottom."""

    results: tuple[Result, ...]

    table_axes = ("age", "sex")
    along = "y"

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

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        ages = list(dict.fromkeys(result.code("age") for result in self.results))
        figure, axes = canvas(0.8 + (0.6 if measure.is_narrow else 0.4) * len(ages), measure)
        thick = 0.4 if measure.is_narrow else _HEIGHT
        for result in self.results:
            direction, colour = _SIDES[result.code("sex")]
            position, length = ages.index(result.code("age")), result.value if result.is_available else 0.0
            bar(axes, 0, position - thick / 2, direction * length, thick, colour)
            mark(axes, direction * result.value, position, result)
            annotate(
                axes, wording.flagged_value(result), (direction * length, position), (5 * direction, 0), va="center",
                ha="left" if direction > 0 else "right", color=INK,
            )  # fmt: skip
        longest = highest(self.results) or 1
        letters = 1 + max(len(wording.flagged_value(result)) for result in self.results)
        room = min(letters * measure.size * _LETTER / (_HALF * measure.points), _MOST_ROOM)
        axes.set_xlim(-longest / (1 - room), longest / (1 - room))
        height = len(ages) - 1 + _HEIGHT
        axes.set_ylim(-_HEIGHT / 2 - 0.05 * height, height - _HEIGHT / 2 + 0.05 * height)
        self._name_ages(axes, [wording.label("age", age) for age in ages], thick)
        axes.axvline(0, color=GROUND, linewidth=1.5)
        hide_value_axis(axes)
        for sex, x, side, colour in (("M", 0.49, "right", ACCENT), ("F", 0.51, "left", COUNTERPART)):
            axes.text(
                x, 1.0, wording.label("sex", sex), transform=axes.transAxes, ha=side, va="bottom", color=colour,
                fontweight="bold",
            )  # fmt: skip
        return figure

    def _name_ages(self, axes: Axes, names: list[str], thick: float) -> None:
        """Beside the bars; on a narrow sheet above them, in the middle."""
        is_narrow = sheet_of(axes).measure.is_narrow
        axes.set_yticks([] if is_narrow else range(len(names)), [] if is_narrow else names, color=INK)
        for position, name in enumerate(names) if is_narrow else ():
            annotate(axes, name, (0, position + thick / 2), (0, 2), ha="center", color=FAINT)

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
