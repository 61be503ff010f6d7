"""Small multiples: one panel a country on one scale, the others behind it in grey."""

from dataclasses import dataclass

from workbench.model.types import Result
from workbench.presentation.charts.refusals import refuse_several
from workbench.presentation.charts.series import describe_series, draw_series, highest, lowest
from workbench.presentation.charts.style import ACCENT, CONTEXT, COUNTERPART, INK, canvas, time_ticks, value_axis
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording


@dataclass(frozen=True)
class Panels:
    """One panel for each country, in the order of their first appearance; the highlighted one in the accent."""

    results: tuple[Result, ...]
    highlight: str

    table_axes = ("time", "geo")

    def __post_init__(self):
        refuse_several("Panels", self.results, "geo", "time")

    def draw(self, wording: Wording):
        series = self._series()
        columns = 2 if len(series) in (2, 4) else min(len(series), 3)
        rows = -(-len(series) // columns)
        figure, grid = canvas(2.0 * rows, nrows=rows, ncols=columns, sharex=True, sharey=True, squeeze=False)
        times = sorted({result.time for result in self.results})
        for axes, geo in zip(grid.flat, series):
            for other in series:
                if other != geo:
                    draw_series(axes, times, series[other], CONTEXT, 0.8, marked=False)
            draw_series(axes, times, series[geo], ACCENT if geo == self.highlight else COUNTERPART, 2.2)
            weight = "bold" if geo == self.highlight else "normal"
            axes.set_title(wording.label("geo", geo), loc="left", color=INK, fontweight=weight)
            axes.set(xlabel="", ylabel="")
            time_ticks(axes, times, most=3 if len(times[0]) == len("2022") else 2)
        for axes in list(grid.flat)[len(series) :]:
            axes.set_visible(False)
        for axes in list(grid.flat)[: len(series)]:
            axes.tick_params(labelbottom=True)
        value_axis(grid.flat[0], wording, highest(self.results), most=4, lowest=lowest(self.results))
        return figure

    def describe(self, wording: Wording) -> str:
        series = [
            describe_series(wording, wording.label("geo", geo), results) for geo, results in self._series().items()
        ]
        return " ".join([wording.text("Small line charts, one a country, on one scale."), *series])

    def _series(self) -> dict[str, list[Result]]:
        return Axis("geo").groups(self.results)
