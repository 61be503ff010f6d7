"""Lines over time: how one or two measures of a country developed."""

from dataclasses import dataclass

from workbench.model.words import Result
from workbench.presentation.charts.series import describe_series, draw_series, highest, label_ends
from workbench.presentation.charts.style import ACCENT, COUNTERPART, FAINT, canvas, time_ticks, value_axis
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording

# Colour and dash both tell the series apart.
_LOOKS = ((ACCENT, "-"), (COUNTERPART, (0, (4, 1.5))), (FAINT, (0, (1.5, 1.5))))


@dataclass(frozen=True)
class Lines:
    """A line for each indicator or country, in the order of their first appearance; at the most three."""

    results: tuple[Result, ...]
    by: str

    @property
    def table_axes(self):
        return "time", self.by

    def draw(self, wording: Wording):
        figure, axes = canvas(3.1)
        times = sorted({result.time for result in self.results})
        series = self._series()
        for results, (colour, dash) in zip(series.values(), _LOOKS):
            draw_series(axes, times, results, colour, 2.2, dash)
        axes.set(xlabel="", ylabel="")
        time_ticks(axes, times)
        value_axis(axes, wording, highest(self.results))
        axis = Axis(self.by)
        label_ends(
            axes,
            times,
            [(axis.label(wording, key), results, look[0]) for (key, results), look in zip(series.items(), _LOOKS)],
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
