"""Lines over time: how some measures of a country, or one of several countries, developed."""

from dataclasses import dataclass

from workbench.model.types import Result
from workbench.presentation.charts.refusals import refuse_more, refuse_several
from workbench.presentation.charts.series import describe_series, draw_series, highest, label_ends, lowest
from workbench.presentation.charts.style import LOOKS, canvas, time_ticks, value_axis
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording


@dataclass(frozen=True)
class Lines:
    """A line for each indicator or country, in the order of their first appearance.

    Raises
    ------
    WorkbenchError
        If there are more lines than looks that tell them apart, or two values of one line at one time.
    """

    results: tuple[Result, ...]
    by: str

    def __post_init__(self):
        hint = "show fewer; or Panels, a panel for each country, or Multiples, a panel for each measure"
        refuse_more("Lines", len(LOOKS), list(self._series()), hint)
        refuse_several("Lines", self.results, self.by, "time")

    @property
    def table_axes(self):
        return "time", self.by

    def draw(self, wording: Wording):
        figure, axes = canvas(3.1)
        times = sorted({result.time for result in self.results})
        series = self._series()
        for results, (colour, dash) in zip(series.values(), LOOKS):
            draw_series(axes, times, results, colour, 2.2, dash)
        axes.set(xlabel="", ylabel="")
        time_ticks(axes, times)
        value_axis(axes, wording, highest(self.results), lowest=lowest(self.results))
        axis = Axis(self.by)
        label_ends(
            axes,
            times,
            [(axis.label(wording, key), results, look[0]) for (key, results), look in zip(series.items(), LOOKS)],
        )
        return figure

    def describe(self, wording: Wording) -> str:
        axis = Axis(self.by)
        series = [
            describe_series(wording, axis.label(wording, key), results) for key, results in self._series().items()
        ]
        return " ".join([wording.text("Line chart."), *series])

    def _series(self) -> dict[str, list[Result]]:
        return Axis(self.by).groups(self.results)
