"""A series and what was expected of it: a forecast with its intervals, or the band of what would be usual."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from workbench.declarations.events import Event
from workbench.model.errors import WorkbenchError
from workbench.model.types import Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.happenings import describe_events, draw_events
from workbench.presentation.charts.key import Entry, draw_key
from workbench.presentation.charts.levels import by_level
from workbench.presentation.charts.refusals import refuse_more, refuse_several
from workbench.presentation.charts.series import by_time, describe_series, draw_series, highest, lowest, name_break
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet, mark
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

_BANDS = SHADES[:3]
"""From the widest band, the lightest, to the narrowest."""
_EXPECTED: dict[str, Any] = {"color": INK, "linewidth": 1.6, "linestyle": (0, (4, 2))}
_CUT = 2
"""How many times as high as all else the widest band must reach to be cut off; the band of what is usual, as what was observed."""
_LATER: dict[str, Any] = {
    "color": COUNTERPART,
    "marker": "D",
    "markersize": 4.5,
    "markerfacecolor": GROUND,
    "linestyle": "",
}
_ALARM: dict[str, Any] = {
    "color": COUNTERPART,
    "marker": "^",
    "markersize": 7,
    "markeredgecolor": GROUND,
    "linestyle": "",
}


@dataclass(frozen=True)
class Fan(MatplotlibChart):
    """A line of what was observed; a dashed line of what is expected, within a band for each level of its intervals.

    Where what is expected begins after the last observed period it is a forecast, and the seam is marked. A widest band that
    would press all else into a strip is cut off, and said to be.

    Attributes
    ----------
    observed : tuple of Result
        One series, of years, quarters or months.
    expected : tuple of Result
        For each period, one for each ``level`` of its breakdown: the value, and the bounds of its band.
    later : tuple of Result
        What came afterwards: hollow points.
    alarms : tuple of str
        The periods of observed results that are marked.
    events : tuple of Event
        What happened in all these periods.
    """

    observed: tuple[Result, ...]
    expected: tuple[Result, ...]
    later: tuple[Result, ...] = ()
    alarms: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()

    table_axes = ("time", "series")
    along = "x"
    marks_hollow = True

    def __post_init__(self) -> None:
        refuse_several("Fan", self.observed, "time")
        refuse_several("Fan", self.expected, "level", "time")
        refuse_several("Fan", self.later, "time")
        refuse_more("Fan", len(_BANDS), list(self._bands), "show fewer levels")
        every_period(self.results)
        if unknown := sorted(set(self.alarms) - {result.time for result in by_time(self.observed)}):
            raise WorkbenchError(
                "Fan marks alarms where something was observed",
                expected="periods of the observed results that have a value",
                found=", ".join(unknown),
            )

    @property
    def results(self) -> tuple[Result, ...]:
        return (*self.observed, *self.expected, *self.later)

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        figure, axes = canvas(3.6, measure)
        periods = every_period(self.results)
        for colour, band in zip(_BANDS, self._bands.values()):
            self._draw_band(axes, periods, band, colour)
        draw_series(axes, periods, self.observed, ACCENT, 2.2 if len(periods) < 100 else 1.6)
        for result in by_time(self.later):
            axes.plot(periods.index(result.time), result.value, zorder=5, **_LATER)
            mark(axes, periods.index(result.time), result.value, result)
        for result in by_time(self.expected):
            mark(axes, periods.index(result.time), result.value, result)
        for result in self.observed:
            if result.time in self.alarms:
                axes.plot(periods.index(result.time), result.value, zorder=6, **_ALARM)
        calendar_ticks(axes, wording, periods, margin=0.5)
        value_axis(
            axes, wording, self._top, lowest=min([lowest(self.results), *(r.low for r in by_time(self.expected))])
        )
        name_break(axes, wording, periods, self.observed)
        self._say_what_is_cut(axes, wording)
        self._mark_seam(axes, wording, periods)
        self._name_last(axes, wording, periods)
        # The words beside the seam stand above the axes.
        draw_events(axes, periods, self.events, math.inf if self._is_forecast else 0)
        draw_key(figure, self._marks(wording), self._fills(wording))
        return figure

    def describe(self, wording: Wording) -> str:
        name = wording.indicator(self.observed[0].indicator)
        said = [wording.text("Line chart with bands."), describe_series(wording, name, self.observed)]
        if last := by_time(next(iter(self._bands.values()), [])):
            said.append(self._describe_expected(wording, last[-1].time))
        if self.alarms:
            periods = "; ".join(map(wording.period, self.alarms))
            said.append(wording.text("Marked as alarms: {periods}.").format(periods=periods))
        if self.later:
            said.append(describe_series(wording, wording.text("Observed afterwards"), self.later))
        said += describe_events(wording, every_period(self.results), self.events)
        return " ".join(said)

    @cached_property
    def _bands(self) -> dict[str, list[Result]]:
        return by_level(self.expected)

    @property
    def _is_forecast(self) -> bool:
        """Whether what is expected comes after all that was observed."""
        seen, expected = by_time(self.observed), by_time(self.expected)
        return bool(seen and expected) and seen[-1].time < expected[0].time

    def _draw_band(self, axes: Axes, periods: list[str], band: list[Result], colour: str) -> None:
        for stretch in self._stretches(periods, band):
            places, lows, values, highs = zip(*stretch)
            axes.fill_between(places, lows, highs, color=colour, linewidth=0)
            axes.plot(places, values, **_EXPECTED)

    def _stretches(self, periods: list[str], band: list[Result]) -> list[list[tuple[int, float, float, float]]]:
        """Place, low, value and high of what is expected, parted where it is missing; a forecast begins where the line ends."""
        stretches: list[list[tuple[int, float, float, float]]] = []
        for result in by_time(band):
            place = periods.index(result.time)
            if not stretches or stretches[-1][-1][0] < place - 1:
                stretches.append(self._begun_before(periods, place))
            stretches[-1].append((place, result.low, result.value, result.high))
        return stretches

    def _begun_before(self, periods: list[str], place: int) -> list[tuple[int, float, float, float]]:
        last = by_time(self.observed)[-1:] if self._is_forecast else []
        return [(place - 1, r.value, r.value, r.value) for r in last if periods.index(r.time) == place - 1]

    @property
    def _top(self) -> float:
        """The highest that must be seen: not the end of the widest band, where it would press all else into a strip."""
        widest, *others = [max((r.high for r in by_time(band)), default=0.0) for band in self._bands.values()] or [0.0]
        if self._is_forecast:
            rest = max([highest(self.results), *others])
            return rest if others and widest > _CUT * rest else max(widest, rest)
        return min(max(widest, highest(self.results)), _CUT * highest((*self.observed, *self.later)))

    def _say_what_is_cut(self, axes: Axes, wording: Wording) -> None:
        """Where the widest band goes beyond the drawing, how far."""
        for level, band in list(self._bands.items())[:1]:
            farthest = max(by_time(band), key=lambda result: result.high, default=None)
            if farthest and farthest.high > axes.get_ylim()[1]:
                words = wording.text("{interval}: up to {end}").format(
                    interval=wording.label("level", level), end=wording.end(farthest, "high")
                )
                # Beside the band of a forecast, which is at the right.
                place, side, away = (0, "left", 4) if self._is_forecast else (1, "right", -4)
                corner = axes.transAxes
                annotate(axes, words, (place, 1), (away, -5), origin=corner, ha=side, va="top", color=INK)

    def _mark_seam(self, axes: Axes, wording: Wording, periods: list[str]) -> None:
        if not self._is_forecast:
            return
        place = periods.index(by_time(self.expected)[0].time) - 0.5
        axes.axvline(place, color=FAINT, linewidth=0.8)
        top = axes.get_xaxis_transform()
        for side, away, words in (("right", -5, wording.text("observed")), ("left", 5, wording.text("forecast"))):
            annotate(axes, words, (place, 1), (away, 4), origin=top, ha=side, color=FAINT)

    def _name_last(self, axes: Axes, wording: Wording, periods: list[str]) -> None:
        """The last value that is expected, or else observed, beside its point."""
        last = (by_time(self.expected) if self._is_forecast else by_time(self.observed))[-1:]
        for result in last:
            place = (periods.index(result.time), result.value)
            annotate(axes, wording.value(result), place, (8, 0), va="center", color=INK, fontweight="bold")

    def _marks(self, wording: Wording) -> list[Entry]:
        expected = wording.text("Forecast") if self._is_forecast else wording.text("Expected value")
        marks: list[Entry] = [
            (Line2D([], [], color=ACCENT, linewidth=2.2), wording.text("Observed")),
            (Line2D([], [], **_EXPECTED), expected),
        ]
        if self.alarms:
            marks.append((Line2D([], [], **_ALARM), wording.text("Alarm")))
        if self.later:
            marks.append((Line2D([], [], **_LATER), wording.text("Observed afterwards")))
        return marks

    def _fills(self, wording: Wording) -> list[Entry]:
        if len(self._bands) == 1:
            names = [wording.name_of_interval(band[0]) for band in self._bands.values()]
        else:
            names = [wording.label("level", level) for level in self._bands]
        return [(Patch(facecolor=colour), name) for colour, name in zip(_BANDS, names)]

    def _describe_expected(self, wording: Wording, time: str) -> str:
        at_the_end = [result for band in self._bands.values() for result in band if result.time == time]
        bounds = [f"{wording.name_of_interval(r)} {wording.interval(r) or wording.value(r)}" for r in at_the_end]
        return wording.text("Expected in {time}: {value}; {bounds}.").format(
            time=wording.period(time), value=wording.value(at_the_end[0]), bounds="; ".join(bounds)
        )
