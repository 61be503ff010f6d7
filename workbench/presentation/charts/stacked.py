"""Stacked columns: what a whole is made of, period by period."""

from dataclasses import dataclass

from matplotlib.axes import Axes

from workbench.model.words import Result
from workbench.presentation.charts.series import draw_break, in_lines, places_apart
from workbench.presentation.charts.style import CONTEXT, GROUND, INK, SHADES, canvas, time_ticks, value_axis
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording

_REST = "OTHER"
_SQUARE = "\N{BLACK SQUARE}"


@dataclass(frozen=True)
class Stacked:
    """A column for each period, a part for each code of a dimension (or each indicator), the first at the bottom.

    At the most five parts and ``OTHER``, which is grey. The parts are named beside the last column, in their order; shades
    of one hue part them by lightness, lines by more than that. A period that lacks a part has no column: a shorter one would
    look like a smaller whole.
    """

    results: tuple[Result, ...]
    by: str

    @property
    def table_axes(self):
        return "time", self.by

    def draw(self, wording: Wording):
        figure, axes = canvas(3.4)
        times, parts = self._times(), self._parts()
        tops = dict.fromkeys(times, 0.0)
        for part, colour in zip(parts, _colours(parts)):
            for position, time in enumerate(times):
                if self._is_whole(time):
                    value = self._of(time, part).value
                    axes.bar(
                        position, value, bottom=tops[time], width=0.78, color=colour, edgecolor=GROUND, linewidth=0.8
                    )
                    tops[time] += value
        axes.set(xlabel="", ylabel="")
        time_ticks(axes, times, most=6, margin=0.5)
        value_axis(axes, wording, max(tops.values(), default=0.0))
        for position, time in enumerate(times):
            if any("b" in result.flags for result in self._at(time)):
                draw_break(axes, position, tops[time], INK)
        self._name_parts(axes, wording, times, parts)
        return figure

    def describe(self, wording: Wording) -> str:
        axis, last = Axis(self.by), self._last()
        parts = [f"{axis.label(wording, axis.key(result))} {wording.value(result)}" for result in self._at(last)]
        return wording.text("Stacked columns, one a period. In {time}: {parts}.").format(
            time=last, parts="; ".join(parts)
        )

    def _name_parts(self, axes: Axes, wording: Wording, times: list[str], parts: list[str]) -> None:
        """Name each part beside the middle of its piece of the last column that is there."""
        last, bottom, middles = self._last(), 0.0, []
        for part in parts:
            value = self._of(last, part).value if self._is_whole(last) else 0.0
            middles.append(bottom + value / 2)
            bottom += value
        names = [in_lines(Axis(self.by).label(wording, part)) for part in parts]
        places = places_apart(axes, middles, [name.count("\n") + 1 for name in names])
        for name, colour, height in zip(names, _colours(parts), places):
            beside = {"textcoords": "offset points", "va": "center", "annotation_clip": False}
            axes.annotate(_SQUARE, (len(times) - 0.5, height), (4, 0), color=colour, **beside)
            axes.annotate(name, (len(times) - 0.5, height), (16, 0), color=INK, **beside)

    def _times(self) -> list[str]:
        return sorted({result.time for result in self.results})

    def _parts(self) -> list[str]:
        return list(Axis(self.by).groups(self.results))

    def _at(self, time: str) -> list[Result]:
        return [result for result in self.results if result.time == time]

    def _of(self, time: str, part: str) -> Result:
        axis = Axis(self.by)
        return next(result for result in self._at(time) if axis.key(result) == part)

    def _is_whole(self, time: str) -> bool:
        return all(result.is_available for result in self._at(time))

    def _last(self) -> str:
        times = self._times()
        return next((time for time in reversed(times) if self._is_whole(time)), times[-1])


def _colours(parts: list[str]) -> list[str]:
    """Dark at the bottom, lighter upwards; grey for the rest."""
    named = [part for part in parts if part != _REST]
    shades = iter(SHADES[::-1][: len(named)])
    return [CONTEXT if part == _REST else next(shades) for part in parts]
