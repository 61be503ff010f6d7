"""Small multiples: one panel a country on one scale, the others behind it in grey."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from workbench.model.types import Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.refusals import refuse_several
from workbench.presentation.charts.series import (
    by_time,
    describe_each,
    draw_series,
    highest,
    lowest,
    name_break,
)
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet
from workbench.presentation.charts.style import (
    ACCENT,
    CONTEXT,
    COUNTERPART,
    INK,
    canvas_of_panels,
    value_axis,
)
from workbench.presentation.charts.time_axis import calendar_ticks, times_of
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording


@dataclass(frozen=True)
class Panels(MatplotlibChart):
    """One panel for each country, in the order of their first appearance, with its name and last value; the highlighted one in
    the accent.
    """

    results: tuple[Result, ...]
    highlight: str

    table_axes = ("time", "geo")
    along = "x"
    marks_hollow = True

    def __post_init__(self) -> None:
        refuse_several("Panels", self.results, "geo", "time")

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        series = Axis("geo").groups(self.results)
        columns = 2 if len(series) in (2, 4) or measure.is_narrow else min(len(series), 3)
        figure, grid = canvas_of_panels(len(series), columns, 2.0, True, measure)
        times = times_of(self.results)
        for axes, geo in zip(grid, series):
            for other in series:
                if other != geo:
                    draw_series(axes, times, series[other], CONTEXT, 0.8, marked=False)
            draw_series(axes, times, series[geo], ACCENT if geo == self.highlight else COUNTERPART, 2.2)
            weight = "bold" if geo == self.highlight else "normal"
            name = _name(wording, geo, series[geo], times[-1], measure.letters // columns - _BETWEEN)
            axes.set_title(name, loc="left", color=INK, fontweight=weight)
            axes.set(xlabel="", ylabel="")
            calendar_ticks(axes, wording, times, most=2 if measure.is_narrow else 3)
            axes.tick_params(labelbottom=True)
        value_axis(grid[0], wording, highest(self.results), most=4, lowest=lowest(self.results))
        for axes, geo in zip(grid, series):
            name_break(axes, wording, times, series[geo], among=self.results)
        return figure

    def describe(self, wording: Wording) -> str:
        series = describe_each(wording, Axis("geo"), Axis("geo").groups(self.results))
        return " ".join([wording.text("Small line charts, one for each country, on one scale."), *series])


_BETWEEN = 3
"""Letters of the margin between panels; and a name in bold is wider by a tenth."""


def _name(wording: Wording, geo: str, series: Sequence[Result], last: str, letters: int) -> str:
    """The country, on lines of so many letters, above its last value, and when that was, where it was not the last of all."""
    there = by_time(series)[-1:]
    values = [wording.value(r) + ("" if r.time == last else f" ({wording.short_period(r.time)})") for r in there]
    return "\n".join([*wrap(wording.label("geo", geo), letters), *values])
