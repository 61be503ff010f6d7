"""Dots on one scale: rates of the same groups in two places, each with what rounding allows."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from workbench.model.types import Result
from workbench.presentation.charts.refusals import refuse_below_zero, refuse_more, refuse_several
from workbench.presentation.charts.series import highest
from workbench.presentation.charts.style import ACCENT, COUNTERPART, FAINT, GROUND, INK, canvas
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording

# Colour, shape and filling tell the two apart; they stand a little above and below the middle of their row.
_LOOKS = (
    {"color": ACCENT, "marker": "o", "markersize": 7},
    {"color": COUNTERPART, "marker": "D", "markersize": 6, "markerfacecolor": GROUND},
)
_OFFSETS = (-0.13, 0.13)


@dataclass(frozen=True)
class Dots:
    """A row for each code of a dimension, in the given order, with a dot for each of at most two countries or aggregates.

    The line through a dot is the interval that rounding allows. A rate that is not there is named by its flag at the left.
    """

    results: tuple[Result, ...]
    by: str

    def __post_init__(self):
        refuse_more("Dots", len(_LOOKS), list(Axis("geo").groups(self.results)), "show two places; or a table of all")
        refuse_several("Dots", self.results, self.by, "geo")
        refuse_below_zero("Dots", self.results, "show changes in a table, or Columns")

    @property
    def table_axes(self):
        return self.by, "geo"

    def draw(self, wording: Wording):
        rows, geos = list(self._rows()), list(Axis("geo").groups(self.results))
        figure, axes = canvas(0.9 + 0.36 * len(rows))
        # A ratio of two counts, unlike a share, may be more than a hundred.
        end = max(100.0, highest(self.results))
        for result in self.results:
            which = geos.index(result.geo)
            height = rows.index(Axis(self.by).key(result)) + _OFFSETS[which]
            _draw_dot(axes, wording, height, result, _LOOKS[which], end)
        axes.set_yticks(range(len(rows)), [Axis(self.by).label(wording, row) for row in rows], color=INK)
        axes.set_ylim(len(rows) - 0.5, -1.2)
        axes.set_xlim(0, end)
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda value, _: wording.number(value) + wording.unit_sign(self.results[0].unit))
        )
        for which, geo in enumerate(geos):
            place = end * (0.016 + 0.5 * which)
            axes.plot(place, -0.85, clip_on=False, linestyle="", **_LOOKS[which])
            axes.annotate(
                wording.label("geo", geo), (place, -0.85), (8, 0), textcoords="offset points", va="center",
                color=_LOOKS[which]["color"], fontweight="bold",
            )  # fmt: skip
        return figure

    def describe(self, wording: Wording) -> str:
        axis = Axis(self.by)
        parts = [
            f"{axis.label(wording, row)}: "
            + ", ".join(f"{wording.label('geo', r.geo)} {wording.flagged_value(r)}" for r in results)
            for row, results in self._rows().items()
        ]
        return wording.text("Dots with intervals, a row each. {parts}.").format(parts="; ".join(parts))

    def _rows(self) -> dict[str, list[Result]]:
        return Axis(self.by).groups(self.results)


def _draw_dot(axes: Axes, wording: Wording, height: float, result: Result, look: dict, end: float) -> None:
    if not result.is_available:
        axes.annotate(
            wording.value(result), (0, height), (4, 0), textcoords="offset points", va="center", color=FAINT, fontsize=9
        )
        return
    axes.plot([result.low, min(result.high, end)], [height, height], color=look["color"], linewidth=1.6, alpha=0.55)
    axes.plot(result.value, height, linestyle="", clip_on=False, zorder=4, **look)
