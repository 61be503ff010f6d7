"""Stacked columns: what a whole is made of, period by period."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from workbench.model.types import NOT_BROKEN_DOWN, OTHER, Result
from workbench.presentation.charts.chart import GroupedChart
from workbench.presentation.charts.key import draw_key
from workbench.presentation.charts.refusals import refuse_below_zero, refuse_more, refuse_several
from workbench.presentation.charts.series import draw_breaks, draw_uncounted, in_lines, places_apart
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet, mark
from workbench.presentation.charts.style import (
    CONTEXT,
    GROUND,
    INK,
    KINDS,
    SHADES,
    annotate,
    bar,
    canvas,
    value_axis,
)
from workbench.presentation.charts.time_axis import calendar_ticks, times_of
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording

_SQUARE = {NOT_BROKEN_DOWN: "\N{SQUARE WITH UPPER RIGHT TO LOWER LEFT FILL}"}

_WIDTH = 0.78
_ORDERED = ("age", "duration", "isced11")
"""Axes whose codes have an order."""


@dataclass(frozen=True)
class Stacked(GroupedChart):
    """A column for each period, a part for each code of a dimension (or each indicator), the first at the bottom.

    At most five parts and ``OTHER``, which is grey; what no part holds of the whole (``NOT_BROKEN_DOWN``, in the periods
    that have it) is hatched, at the top. The parts are named beside the last column, in their order; colours, of what has an order
    shades of one hue, and the lines between them tell them apart. A period without one of its parts has no column: a shorter one would look like a
    smaller whole.
    """

    shows_whole = True
    along = "x"

    def __post_init__(self) -> None:
        named = [part for part in self._parts if part not in (OTHER, NOT_BROKEN_DOWN)]
        refuse_more("Stacked", len(SHADES), named, "take the small parts together: study.and_rest(…)")
        refuse_several("Stacked", self.results, self.by, "time")
        refuse_below_zero("Stacked", self.results, "show it in Columns, which have room below zero")

    @property
    def table_axes(self) -> tuple[str, str]:
        return "time", self.by

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        figure, axes = canvas(3.4, measure)
        times, parts = times_of(self.results), self._parts
        tops = dict.fromkeys(times, 0.0)
        for part, look in zip(parts, self._looks):
            for position, time in enumerate(times):
                if self._is_whole(time):
                    value = self._value(time, part)
                    bar(axes, position - _WIDTH / 2, tops[time], _WIDTH, value, linewidth=0.8, **look)
                    self._mark(axes, position, tops[time] + value / 2, time, part)
                    tops[time] += value
                else:
                    self._mark(axes, position, 0, time, part)
        axes.set(xlabel="", ylabel="")
        calendar_ticks(axes, wording, times, most=min(measure.ticks, 6), margin=0.5)
        value_axis(axes, wording, max(tops.values(), default=0.0))
        draw_breaks(axes, times, self.results)
        for position, time in enumerate(times):
            # One mark for all parts that were not counted.
            draw_uncounted(axes, position, next((one for one in self._at(time) if not one.is_available), None))
        if measure.is_narrow:
            names = [self.axis.label(wording, part) for part in reversed(parts)]
            draw_key(
                figure,
                *(
                    [(Patch(facecolor=look["color"], hatch=look.get("hatch"), edgecolor=look["edgecolor"]), name)]
                    for look, name in zip(reversed(self._looks), names)
                ),
            )
        else:
            self._name_parts(axes, wording, times, parts)
        return figure

    def _mark(self, axes: Axes, position: int, height: float, time: str, part: str) -> None:
        """A part is read in its middle; one of a period that has no column, at the foot."""
        for result in self._at(time):
            if self.axis.key(result) == part:
                mark(axes, position, height, result)

    def describe(self, wording: Wording) -> str:
        last = self._last()
        if not self._is_whole(last):
            return wording.text("Stacked columns, one for each period: no period has all its parts.")
        parts = [
            f"{self.axis.label(wording, self.axis.key(result))} {wording.value(result)}" for result in self._at(last)
        ]
        said = wording.text("Stacked columns, one for each period. In {time}: {parts}.").format(
            time=wording.period(last), parts="; ".join(parts)
        )
        without = ", ".join(time for time in times_of(self.results) if not self._is_whole(time))
        missing = wording.text("No column, because a part is missing: {times}.").format(times=without)
        return f"{said} {missing}" if without else said

    def _name_parts(self, axes: Axes, wording: Wording, times: list[str], parts: list[str]) -> None:
        """Name each part beside the middle of its piece of the last column that is there."""
        last, bottom, middles = self._last(), 0.0, []
        for part in parts:
            value = self._value(last, part) if self._is_whole(last) else 0.0
            middles.append(bottom + value / 2)
            bottom += value
        names = [in_lines(self.axis.label(wording, part)) for part in parts]
        places = places_apart(axes, middles, [name.count("\n") + 1 for name in names])
        for part, name, look, height in zip(parts, names, self._looks, places):
            square, colour = _SQUARE.get(part, "\N{BLACK SQUARE}"), CONTEXT if part in _SQUARE else look["color"]
            for text, indent, ink in ((square, 4, colour), (name, 16, INK)):
                beside = (len(times) - 0.5, height)
                annotate(axes, text, beside, (indent, 0), va="center", color=ink)

    @property
    def _looks(self) -> list[dict[str, Any]]:
        """Of what has an order dark at the bottom, lighter upwards; else a colour each. Grey the rest, hatched what is not broken
        down."""
        colours = iter(SHADES[::-1] if self.by in _ORDERED else KINDS)
        unnamed: dict[str, dict[str, Any]] = {
            OTHER: {"color": CONTEXT, "edgecolor": GROUND},
            NOT_BROKEN_DOWN: {"color": GROUND, "edgecolor": CONTEXT, "hatch": "////"},
        }
        return [unnamed.get(part) or {"color": next(colours), "edgecolor": GROUND} for part in self._parts]

    @cached_property
    def _parts(self) -> list[str]:
        """The parts from below; what is not broken down is on top."""
        return sorted(self.axis.groups(self.results), key=NOT_BROKEN_DOWN.__eq__)

    def _at(self, time: str) -> list[Result]:
        return self._by_time[time]

    @cached_property
    def _by_time(self) -> dict[str, list[Result]]:
        return Axis("time").groups(self.results)

    def _value(self, time: str, part: str) -> float:
        """The length of a part in a whole column: nothing, where all is broken down."""
        return next((result.value for result in self._at(time) if self.axis.key(result) == part), 0.0)

    def _is_whole(self, time: str) -> bool:
        return time in self._whole_times

    @cached_property
    def _whole_times(self) -> set[str]:
        needed = set(self._parts) - {NOT_BROKEN_DOWN}
        there = {
            time: {self.axis.key(result) for result in results if result.is_available}
            for time, results in self._by_time.items()
        }
        return {time for time, keys in there.items() if needed <= keys}

    def _last(self) -> str:
        times = times_of(self.results)
        return next((time for time in reversed(times) if self._is_whole(time)), times[-1])
