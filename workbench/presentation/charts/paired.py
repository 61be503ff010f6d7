"""Paired bars: the same shares of two places, side by side."""

from dataclasses import dataclass

from matplotlib.axes import Axes

from workbench.model.types import Result
from workbench.presentation.charts.refusals import refuse_below_zero, refuse_more, refuse_several
from workbench.presentation.charts.style import ACCENT, FAINT, INK, canvas
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording

_HEIGHT = 0.36


@dataclass(frozen=True)
class Paired:
    """Two bars for each code of a dimension, in the given order: the first place filled, the second an outline.

    The first pair names the places; a missing value has no bar, but its flag.
    """

    results: tuple[Result, ...]
    by: str

    def __post_init__(self):
        refuse_more("Paired", 2, self._places(), "show two places; or a table of all")
        refuse_several("Paired", self.results, self.by, "geo")
        refuse_below_zero("Paired", self.results, "show it in a table, or Columns")

    @property
    def table_axes(self):
        return self.by, "geo"

    def draw(self, wording: Wording):
        rows, places = self._rows(), self._places()
        figure, axes = canvas(0.45 + 0.46 * len(rows))
        for position, row in enumerate(rows.values()):
            for result in row:
                is_first = result.geo == places[0]
                height = position + (-0.5 if is_first else 0.5) * _HEIGHT
                look = {"color": ACCENT} if is_first else {"color": "none", "edgecolor": INK, "linewidth": 1.0}
                if result.is_available:
                    axes.barh(height, result.value, height=_HEIGHT * 0.92, **look)
                self._annotate(axes, wording, result, height, named=position == 0)
        labels = [Axis(self.by).label(wording, code) for code in rows]
        axes.set_yticks(range(len(labels)), labels, color=INK)
        axes.set_ylim(len(labels) - 0.4, -0.6)
        axes.set_xlim(0, max((r.value for r in self.results if r.is_available), default=1) * 1.35)
        axes.grid(False)
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)
        return figure

    def describe(self, wording: Wording) -> str:
        axis = Axis(self.by)
        parts = [
            f"{axis.label(wording, code)} "
            + ", ".join(f"{wording.value(result)} {wording.label('geo', result.geo)}" for result in row)
            for code, row in self._rows().items()
        ]
        return wording.text("Paired bars: {parts}.").format(parts="; ".join(parts))

    def _annotate(self, axes: Axes, wording: Wording, result: Result, height: float, named: bool) -> None:
        is_first = result.geo == self._places()[0]
        name = f"  {wording.label('geo', result.geo)}" if named else ""
        axes.annotate(
            wording.flagged_value(result) + name, (result.value if result.is_available else 0, height), (5, 0),
            textcoords="offset points", va="center", fontsize=9.5, color=INK if is_first else FAINT,
            fontweight="bold" if is_first else "normal", annotation_clip=False,
        )  # fmt: skip

    def _rows(self) -> dict[str, list[Result]]:
        return Axis(self.by).groups(self.results)

    def _places(self) -> list[str]:
        return list(Axis("geo").groups(self.results))
