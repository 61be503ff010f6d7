"""Back-to-back bars: age groups of men and women."""

from dataclasses import dataclass

from workbench.model.words import Result
from workbench.presentation.charts.style import ACCENT, COUNTERPART, GROUND, INK, canvas
from workbench.presentation.wording import Wording


@dataclass(frozen=True)
class Pyramid:
    """Men to the left, women to the right, an age group a row, the youngest at the bottom."""

    results: tuple[Result, ...]

    table_axes = ("age", "sex")

    def draw(self, wording: Wording):
        ages = list(dict.fromkeys(result.code("age") for result in self.results))
        figure, axes = canvas(0.8 + 0.4 * len(ages))
        for sex, direction, colour in (("M", -1, ACCENT), ("F", 1, COUNTERPART)):
            for position, age in enumerate(ages):
                result = self._of(age, sex)
                length = result.value if result.is_available else 0.0
                axes.barh(position, direction * length, height=0.74, color=colour)
                axes.annotate(
                    wording.flagged_value(result), (direction * length, position), (5 * direction, 0),
                    textcoords="offset points", va="center", ha="left" if direction > 0 else "right", color=INK,
                )  # fmt: skip
        longest = max([result.value for result in self.results if result.is_available], default=1) or 1
        axes.set_xlim(-1.2 * longest, 1.2 * longest)
        axes.set_yticks(range(len(ages)), [wording.label("age", age) for age in ages], color=INK)
        axes.grid(False)
        axes.axvline(0, color=GROUND, linewidth=1.5)
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)
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
        return wording.text("Bars back to back, an age group a row: {parts}.").format(parts="; ".join(parts))

    def _of(self, age: str, sex: str) -> Result:
        return next(r for r in self.results if r.code("age") == age and r.code("sex") == sex)
