"""A series in two vintages: what the provider changed lies between the lines."""

from dataclasses import dataclass

from workbench.model.words import Result
from workbench.presentation.charts.series import describe_series, draw_series, highest, label_ends
from workbench.presentation.charts.style import ACCENT, CONTEXT, COUNTERPART, canvas, value_axis, year_ticks
from workbench.presentation.wording import Wording

# Colour and dash both tell the vintages apart.
_OLDER, _NEWER = (COUNTERPART, (0, (4, 1.5))), (ACCENT, "-")


@dataclass(frozen=True)
class Revised:
    """The same series of one country in an older and a newer vintage."""

    older: tuple[Result, ...]
    newer: tuple[Result, ...]

    @property
    def results(self) -> tuple[Result, ...]:
        return self.older + self.newer

    @property
    def table_axes(self):
        return "time", "vintage"

    def draw(self, wording: Wording):
        figure, axes = canvas(3.4)
        times = sorted({result.time for result in self.results})
        self._shade(axes, times)
        for series, (colour, dash) in ((self.older, _OLDER), (self.newer, _NEWER)):
            draw_series(axes, times, series, colour, 2.0, dash)
        axes.set(xlabel="", ylabel="")
        year_ticks(axes, times)
        value_axis(axes, wording, highest(self.results))
        ends = [(self._name(series), series, look[0]) for series, look in ((self.older, _OLDER), (self.newer, _NEWER))]
        label_ends(axes, times, [end for end in ends if end[1]])
        return figure

    def describe(self, wording: Wording) -> str:
        said = [describe_series(wording, self._name(series), series) for series in (self.older, self.newer) if series]
        return " ".join([wording.text("Line chart."), *said])

    def _shade(self, axes, times: list[str]) -> None:
        """A bar from the older to the newer value, where both have one and they differ."""
        older, newer = ({r.time: r.value for r in series if r.is_available} for series in (self.older, self.newer))
        for position, time in enumerate(times):
            if time in older and time in newer and older[time] != newer[time]:
                axes.plot([position] * 2, [older[time], newer[time]], color=CONTEXT, linewidth=4, solid_capstyle="butt")

    @staticmethod
    def _name(series: tuple[Result, ...]) -> str:
        return series[0].vintage if series else ""
