"""How countries are distributed on a measure, period by period, and where one of them stands."""

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from matplotlib import MatplotlibDeprecationWarning
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from workbench.declarations.codelists import is_aggregate
from workbench.model.errors import WorkbenchError
from workbench.model.types import Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.key import draw_key
from workbench.presentation.charts.log_axis import log_axis
from workbench.presentation.charts.plain_axes import PlainAxes
from workbench.presentation.charts.refusals import refuse_more, refuse_several
from workbench.presentation.charts.series import by_time, describe_series, draw_series, in_lines
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet, mark, sheet_of
from workbench.presentation.charts.style import (
    ACCENT,
    COUNTERPART,
    FAINT,
    GROUND,
    INK,
    SHADES,
    annotate,
    canvas,
    value_axis,
)
from workbench.presentation.charts.time_axis import calendar_ticks, every_period
from workbench.presentation.wording import Wording

_MOST = 16
_BOX = SHADES[0]
_BOX_WIDTH = 0.62
_UNION: dict[str, Any] = {
    "color": COUNTERPART, "marker": "D", "markersize": 6, "markerfacecolor": GROUND, "linestyle": "", "zorder": 5,
}  # fmt: skip
_HIGHLIGHT: dict[str, Any] = {"color": ACCENT, "marker": "o", "markersize": 8, "markeredgecolor": GROUND, "zorder": 6}
_LOG_FROM = 50
"""How many times the lowest value the highest must be for an axis on which each step multiplies."""
_NAME = 0.15
"""The height of a name and its value beside the drawing, of that of the drawing."""


@dataclass(frozen=True)
class Distribution(MatplotlibChart):
    """A dot for each country in each period, a box over the middle half of them, with a line at the median.

    The highlighted country's dots are joined and named; so is the ``union``, which is no country, and which no box holds.
    """

    countries: tuple[Result, ...]
    highlight: str
    union: tuple[Result, ...] = ()

    table_axes = ("geo", "time")
    compares_countries = True
    along = "x"

    def __post_init__(self) -> None:
        refuse_several("Distribution", self.results, "geo", "time")
        refuse_more("Distribution", _MOST, every_period(self.results), "show fewer periods")
        if aggregates := sorted({result.geo for result in self.countries if is_aggregate("geo", result.geo)}):
            raise WorkbenchError(
                "Distribution compares countries",
                expected="no aggregate",
                found=", ".join(aggregates),
                hint="give union=",
            )

    @property
    def results(self) -> tuple[Result, ...]:
        return (*self.countries, *self.union)

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        figure, axes = canvas(3.9, measure)
        periods = every_period(self.results)
        self._scale(axes, wording, periods)
        self._draw_countries(axes, periods)
        for result in by_time(self.union):
            axes.plot(periods.index(result.time), result.value, **_UNION)
            mark(axes, periods.index(result.time), result.value, result)
        draw_series(axes, periods, self._own, ACCENT, 1.6)
        for result in by_time(self._own):
            axes.plot(periods.index(result.time), result.value, **_HIGHLIGHT)
        self._name_last(axes, wording, periods)
        draw_key(
            figure,
            [
                (Line2D([], [], color=FAINT, marker="o", markersize=4.5, linestyle=""), wording.text("a country")),
                (Patch(facecolor=_BOX), wording.text("middle half")),
                (Line2D([], [], color=INK, linewidth=1.6), wording.text("median")),
            ],
        )
        return figure

    def describe(self, wording: Wording) -> str:
        said = [wording.text("Dots, one for each country in each period; boxes hold the middle half of them.")]
        last = max((result.time for result in self._there), default="")
        ranked = sorted((r for r in self._there if r.time == last), key=lambda r: (r.value, r.geo))
        if ranked:
            lowest, highest = (f"{wording.label('geo', r.geo)} {wording.value(r)}" for r in (ranked[0], ranked[-1]))
            said.append(
                wording.text("In {time}, {number} countries: lowest {lowest}, highest {highest}.").format(
                    time=wording.period(last), number=len(ranked), lowest=lowest, highest=highest
                )
            )
        for name, series in ((self.highlight, self._own), *((one.geo, self.union) for one in self.union[:1])):
            said.append(describe_series(wording, wording.label("geo", name), series))
        return " ".join(said)

    @cached_property
    def _own(self) -> list[Result]:
        return [result for result in self.countries if result.geo == self.highlight]

    @cached_property
    def _there(self) -> list[Result]:
        return [result for result in self.countries if result.is_available]

    def _scale(self, axes: Axes, wording: Wording, periods: list[str]) -> None:
        values = [result.value for result in (*self._there, *by_time(self.union))] or [0.0]
        unit = self.countries[0].unit
        if min(values) > 0 and max(values) / min(values) > _LOG_FROM:
            log_axis(axes, wording, "y", min(values), max(values), wording.unit_sign(unit))
        else:
            value_axis(axes, wording, max(values), lowest=min(values), sign=wording.unit_sign(unit))
        calendar_ticks(axes, wording, periods, margin=0.5)

    def _draw_countries(self, axes: PlainAxes, periods: list[str]) -> None:
        # Imported here and not above: few pages show one.
        import seaborn

        places = [periods.index(result.time) for result in self._there]
        values = [result.value for result in self._there]
        # seaborn names the orientation in a way that Matplotlib no longer wants.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MatplotlibDeprecationWarning)
            seaborn.boxplot(
                x=places, y=values, ax=axes, native_scale=True, color=_BOX, saturation=1, width=_BOX_WIDTH, linewidth=0,
                showfliers=False, showcaps=False, whiskerprops={"linewidth": 0}, medianprops={"color": INK, "linewidth": 1.6},
            )  # fmt: skip
        others = [number for number, result in enumerate(self._there) if result.geo != self.highlight]
        before = len(axes.collections)
        seaborn.swarmplot(
            x=[places[number] for number in others], y=[values[number] for number in others], ax=axes, native_scale=True,
            color=FAINT, edgecolor=GROUND, linewidth=0.4, size=3.2 if sheet_of(axes).measure.is_narrow else 4.2, warn_thresh=1.0,
            zorder=3,
        )  # fmt: skip
        for place, points in zip(sorted({places[number] for number in others}), axes.collections[before:]):
            swarm = [self._there[number] for number in others if places[number] == place]
            sheet_of(axes).mark_swarm(cast(PathCollection, points), swarm)
        axes.set(xlabel="", ylabel="")

    def _name_last(self, axes: Axes, wording: Wording, periods: list[str]) -> None:
        """The highlighted country and the Union beside their last dots, moved apart where the names would touch."""
        ends = [(by_time(self._own)[-1:], ACCENT), (by_time(self.union)[-1:], COUNTERPART)]
        names = [(result, colour) for last, colour in ends for result in last]
        low, high = axes.get_ylim()
        bottom, top, *heights = axes.transScale.transform([(0, low), (0, high), *((0, r.value) for r, _ in names)])[
            :, 1
        ]
        order = sorted(zip(((height - bottom) / (top - bottom) for height in heights), names), key=lambda one: one[0])
        at_least = -1.0
        for height, (result, colour) in order:
            height = max(height, at_least)
            at_least = height + _NAME
            name = f"{in_lines(wording.label('geo', result.geo))}\n{wording.value(result)}"
            annotate(
                axes, name, (len(periods) - 0.5, height), (6, 0), origin=axes.get_xaxis_transform(), va="center", color=colour,
                fontweight="bold",
            )  # fmt: skip
