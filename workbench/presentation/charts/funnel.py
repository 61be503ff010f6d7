"""A funnel: rates by what they are rates of, and the limits within which chance alone would leave them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from workbench.declarations.codelists import is_aggregate
from workbench.model.errors import WorkbenchError
from workbench.model.types import Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.funnel_curves import curves
from workbench.presentation.charts.key import Entry, draw_key
from workbench.presentation.charts.labels import PointName, name_points
from workbench.presentation.charts.levels import by_level
from workbench.presentation.charts.log_axis import log_axis
from workbench.presentation.charts.refusals import refuse_more, refuse_several
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet, mark, sheet_of
from workbench.presentation.charts.style import (
    ACCENT,
    CONTEXT,
    COUNTERPART,
    FAINT,
    GROUND,
    INK,
    ROUND_STEPS,
    canvas,
    name_below,
    value_axis,
)
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording

_LIMITS: tuple[dict[str, Any], ...] = (
    {"color": FAINT, "linewidth": 1.2, "linestyle": "-"},
    {"color": FAINT, "linewidth": 1.2, "linestyle": (0, (4, 2))},
)
"""The wider limits, and the narrower ones."""
_CENTRE: dict[str, Any] = {"color": INK, "linewidth": 1.2}
_WITHIN: dict[str, Any] = {"color": CONTEXT, "markersize": 6}
_OUTSIDE: dict[str, Any] = {"color": COUNTERPART, "markersize": 7}
_HIGHLIGHT: dict[str, Any] = {"color": ACCENT, "markersize": 10, "zorder": 5}
_DOT: dict[str, Any] = {"marker": "o", "linestyle": "", "markeredgecolor": GROUND, "clip_on": False}
_LOG_FROM = 20
"""How many times the lowest denominator the highest must be for an axis on which each step multiplies."""
_BESIDE, _ROOM_UP = 68.0, 185.0
"""About how many typographic points are left of the axes, and how high these are."""


@dataclass(frozen=True)
class Funnel(MatplotlibChart):
    """A dot for each unit, its rate up and its denominator across; the centre line, and the limits as curves.

    A unit outside the widest limits is named by its code, the highlighted one by its name.

    Attributes
    ----------
    rates, denominators : tuple of Result
        One of each for each unit.
    limits : tuple of Result
        For each unit and ``level``: the centre line, and the limits at the unit's denominator.
    highlight : str
        The code of one of the units.
    """

    rates: tuple[Result, ...]
    denominators: tuple[Result, ...]
    limits: tuple[Result, ...]
    highlight: str

    table_axes = ("geo", "series")
    compares_countries = True

    def __post_init__(self) -> None:
        refuse_several("Funnel", self.rates, "geo")
        refuse_several("Funnel", self.denominators, "geo")
        refuse_several("Funnel", self.limits, "level", "geo")
        refuse_more("Funnel", len(_LIMITS), list(self._levels), "show two levels")
        if aggregates := sorted({result.geo for result in self.rates if is_aggregate("geo", result.geo)}):
            raise WorkbenchError(
                "Funnel compares units of one kind",
                expected="countries",
                found=", ".join(aggregates),
                hint="an aggregate is the centre line, not a dot",
            )

    @property
    def results(self) -> tuple[Result, ...]:
        return (*self.rates, *self.denominators, *self.limits)

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        figure, axes = canvas(3.9, measure)
        self._scale(axes, wording)
        lines = self._draw_lines(axes)
        for result in self._shown:
            look = _HIGHLIGHT if result.geo == self.highlight else _OUTSIDE if self._side(result) else _WITHIN
            axes.plot(self._sizes[result.geo], result.value, **_DOT | look)
            # All that is known of a unit is read at its dot.
            for known in self._known[result.geo]:
                mark(axes, self._sizes[result.geo], result.value, known)
        self._name(axes, wording, lines)
        axes.grid(True, axis="both")
        name_below(axes, wording.indicator(self.denominators[0].indicator))
        draw_key(figure, self._dots_key(wording), self._lines_key(wording))
        return figure

    def describe(self, wording: Wording) -> str:
        said = [wording.text("Funnel plot of {number} countries.").format(number=len(self._shown))]
        for side, text in (
            (1, wording.text("Above the limits: {countries}.")),
            (-1, wording.text("Below the limits: {countries}.")),
        ):
            named = "; ".join(self._said(wording, result) for result in self._shown if self._side(result) == side)
            said += [text.format(countries=named)] if named else []
        within = [result for result in self._shown if result.geo == self.highlight and not self._side(result)]
        said += [wording.text("Within them: {country}.").format(country=self._said(wording, one)) for one in within]
        return " ".join(said)

    @cached_property
    def _sizes(self) -> dict[str, float]:
        """The denominator of each unit that has one above zero."""
        return {result.geo: result.value for result in self.denominators if result.value > 0}

    @cached_property
    def _known(self) -> dict[str, list[Result]]:
        return Axis("geo").groups(self.results)

    @cached_property
    def _shown(self) -> list[Result]:
        """The rates that can be drawn, the highlighted one last and so on top."""
        there = [result for result in self.rates if result.is_available and result.geo in self._sizes]
        return sorted(there, key=lambda result: result.geo == self.highlight)

    @cached_property
    def _levels(self) -> dict[str, list[Result]]:
        return by_level(self.limits)

    @cached_property
    def _widest(self) -> dict[str, Result]:
        return {result.geo: result for result in next(iter(self._levels.values()), []) if result.is_available}

    def _side(self, result: Result) -> int:
        """Above the widest limits 1, below them −1, within them 0."""
        limits = self._widest.get(result.geo)
        return 0 if limits is None else int(result.value > limits.high) - int(result.value < limits.low)

    def _said(self, wording: Wording, result: Result) -> str:
        return f"{wording.label('geo', result.geo)} {wording.value(result)}"

    # Drawing

    def _scale(self, axes: Axes, wording: Wording) -> None:
        sizes = [self._sizes[result.geo] for result in self._shown] or [1.0]
        ends = [end for limits in self.limits if limits.is_available for end in (limits.low, limits.high)]
        values = [*(result.value for result in self._shown), *ends]
        sign = wording.unit_sign(self.rates[0].unit)
        value_axis(axes, wording, max(values, default=1.0), lowest=min(values, default=0.0), sign=sign)
        if max(sizes) / min(sizes) > _LOG_FROM:
            log_axis(axes, wording, "x", min(sizes), max(sizes))
        else:
            axes.set_xlim(0, max(sizes) * 1.05)
            axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value)))
            axes.locator_params(axis="x", nbins=6, steps=ROUND_STEPS)

    def _draw_lines(self, axes: Axes) -> list[NDArray]:
        """The limits and the centre line; where they run."""
        lines = []
        for look, limits in zip(_LIMITS, self._levels.values()):
            for curve in curves(limits, self._sizes):
                axes.plot(*curve, **look)
                lines.append(np.column_stack(curve))
        centre = sorted((self._sizes[geo], limits.value) for geo, limits in self._widest.items() if geo in self._sizes)
        if centre:
            axes.plot(*zip(*centre), **_CENTRE)
        return lines

    def _name(self, axes: Axes, wording: Wording, lines: Sequence[NDArray]) -> None:
        """The highlighted unit by its name, those outside the limits by their codes, the farthest first."""
        names = []
        room = (sheet_of(axes).measure.points - _BESIDE, _ROOM_UP)
        for number, result in enumerate(self._shown):
            if result.geo == self.highlight:
                names.append((math.inf, PointName(number, wording.label("geo", result.geo), INK, is_bold=True)))
            elif self._side(result):
                distance = abs(result.value - self._widest[result.geo].value)
                names.append((distance, PointName(number, result.geo, COUNTERPART)))
        points = np.array([(self._sizes[result.geo], result.value) for result in self._shown]).reshape(-1, 2)
        ordered = sorted(names, key=lambda one: (-one[0], one[1].text))
        name_points(axes, points, [name for _, name in ordered], room, lines)

    def _dots_key(self, wording: Wording) -> list[Entry]:
        dots: list[Entry] = [(Line2D([], [], **_DOT | _WITHIN), wording.text("within the limits"))]
        if any(self._side(result) for result in self._shown):
            dots.append((Line2D([], [], **_DOT | _OUTSIDE), wording.text("outside the limits")))
        return dots

    def _lines_key(self, wording: Wording) -> list[Entry]:
        values = {result.value for result in self._widest.values()}
        centre = [next(iter(self._widest.values()))] if len(values) == 1 else []
        lines: list[Entry] = [
            (Line2D([], [], **_CENTRE), wording.text("all together: {value}").format(value=wording.value(one)))
            for one in centre
        ]
        for look, level in zip(_LIMITS, self._levels):
            name = wording.text("{level}% limits").format(level=wording.level(level))
            lines.append((Line2D([], [], **look), name))
        return lines
