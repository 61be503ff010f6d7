"""Lines over time: how some measures of a country, or one of several countries, developed."""

from dataclasses import dataclass

from workbench.declarations.events import Event
from workbench.presentation.charts.chart import GroupedChart
from workbench.presentation.charts.happenings import describe_events, draw_events
from workbench.presentation.charts.refusals import refuse_more, refuse_several
from workbench.presentation.charts.series import (
    End,
    describe_each,
    draw_series,
    highest,
    label_ends,
    label_peak,
    lowest,
    name_break,
)
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet
from workbench.presentation.charts.style import LOOKS, canvas, value_axis
from workbench.presentation.charts.time_axis import calendar_ticks, times_of
from workbench.presentation.wording import Wording


@dataclass(frozen=True)
class Lines(GroupedChart):
    """A line for each indicator or country, in the order of their first appearance.

    Attributes
    ----------
    events : tuple of Event
        What happened in its periods.

    Raises
    ------
    WorkbenchError
        If there are more lines than looks that tell them apart, or two values of one line at one time.
    """

    events: tuple[Event, ...] = ()

    along = "x"
    marks_hollow = True

    def __post_init__(self) -> None:
        hint = "show fewer; or Panels, a panel for each country, or Multiples, a panel for each measure"
        refuse_more("Lines", len(LOOKS), list(self.groups()), hint)
        refuse_several("Lines", self.results, self.by, "time")

    @property
    def table_axes(self) -> tuple[str, str]:
        return "time", self.by

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        figure, axes = canvas(3.1, measure)
        times = times_of(self.results)
        series = self.groups()
        for results, (colour, dash) in zip(series.values(), LOOKS):
            draw_series(axes, times, results, colour, 2.2, dash)
        axes.set(xlabel="", ylabel="")
        calendar_ticks(axes, wording, times)
        value_axis(axes, wording, highest(self.results), lowest=lowest(self.results))
        names = [self.axis.label(wording, key) for key in series]
        label_ends(axes, wording, times, [End(*end) for end in zip(names, series.values(), LOOKS)])
        label_peak(axes, wording, times, self.results)
        name_break(axes, wording, times, self.results)
        draw_events(axes, times, self.events, highest(self.results))
        return figure

    def describe(self, wording: Wording) -> str:
        happened = describe_events(wording, times_of(self.results), self.events)
        return " ".join([wording.text("Line chart."), *describe_each(wording, self.axis, self.groups()), *happened])
