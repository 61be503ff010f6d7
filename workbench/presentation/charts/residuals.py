"""What was observed against what a method expects: how far each is from the line on which both are the same."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from workbench.model.types import Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.key import draw_key
from workbench.presentation.charts.labels import PointName, name_points
from workbench.presentation.charts.log_axis import log_axis
from workbench.presentation.charts.refusals import refuse_below_zero, refuse_several
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet, mark, sheet_of
from workbench.presentation.charts.style import (
    ACCENT,
    CONTEXT,
    COUNTERPART,
    FAINT,
    GROUND,
    INK,
    annotate,
    canvas,
    name_below,
)
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording

_LINE: dict[str, Any] = {"color": INK, "linewidth": 1.2}
_DOT: dict[str, Any] = {"marker": "o", "linestyle": "", "markeredgecolor": GROUND, "clip_on": False}
_NEAR = {"color": CONTEXT, "markersize": 6}
_FAR = {"color": COUNTERPART, "markersize": 7, "zorder": 3}
_HIGHLIGHT = {"color": ACCENT, "markersize": 9, "zorder": 4}
_NAMED = 8
"""At most so many are named: those farthest from what is expected for which there is room."""
_BESIDE, _ROOM_UP = 73.0, 215.0
"""About how many typographic points are left of the axes, and how high these are."""

Pair = tuple[str, Result, Result]
"""Key, what was observed and what is expected."""


@dataclass(frozen=True)
class Residuals(MatplotlibChart):
    """A dot for each key of an axis, across what is expected and up what was observed, on axes where each step multiplies.

    Those are named that are the farthest from what is expected, beyond what small counts scatter. Where nothing was observed the
    dot lies at the foot. A key without one of the two, or of which nothing is expected, has no dot.
    """

    observed: tuple[Result, ...]
    expected: tuple[Result, ...]
    by: str
    highlight: str = ""

    def __post_init__(self) -> None:
        for results in (self.observed, self.expected):
            refuse_several("Residuals", results, self.by)
            refuse_below_zero("Residuals", results, "show differences in Columns, or a table")

    @property
    def results(self) -> tuple[Result, ...]:
        return (*self.observed, *self.expected)

    @property
    def table_axes(self) -> tuple[str, str]:
        return self.by, "indicator"

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        figure, axes = canvas(4.3, measure)
        pairs, foot = self._pairs, self._foot
        values = [value for _, seen, expected in pairs for value in (seen.value or foot, expected.value)] or [1.0]
        log_axis(axes, wording, "x", min(values), max(values))
        log_axis(
            axes,
            wording,
            "y",
            min(values),
            max(values),
            zero=foot if any(not seen.value for _, seen, _ in pairs) else 0.0,
        )
        axes.plot(axes.get_xlim(), axes.get_xlim(), **_LINE)
        named = self._name(axes, wording)
        for number, (key, seen, expected) in enumerate(pairs):
            look = _HIGHLIGHT if key == self.highlight else _FAR if number in named else _NEAR
            axes.plot(expected.value, seen.value or foot, **_DOT | look)
            for result in (seen, expected):
                mark(axes, expected.value, seen.value or foot, result)
        name_below(axes, wording.text("expected"))
        annotate(axes, wording.text("observed"), (0, 1), (-4, 6), origin=axes.transAxes, ha="left", color=FAINT)
        axes.grid(True, axis="both")
        farthest = [(Line2D([], [], **_DOT | _FAR), wording.text("the farthest apart"))] if named else []
        draw_key(figure, [(Line2D([], [], **_LINE), wording.text("observed as expected")), *farthest])
        return figure

    def describe(self, wording: Wording) -> str:
        said = [
            wording.text("Scatter plot of {number} dots: observed against expected, on logarithmic axes.").format(
                number=len(self._pairs)
            )
        ]
        farthest = "; ".join(
            wording.text("{name}: {observed} instead of {expected}").format(
                name=self._label(wording, key), observed=wording.value(seen), expected=wording.value(expected)
            )
            for key, seen, expected in self._farthest[:_NAMED]
        )
        return " ".join(
            [*said, wording.text("The farthest apart: {farthest}.").format(farthest=farthest)] if farthest else said
        )

    @cached_property
    def _pairs(self) -> list[Pair]:
        """What can be drawn."""
        expected = {Axis(self.by).key(result): result for result in self.expected if result.value > 0}
        seen = {Axis(self.by).key(result): result for result in self.observed if result.is_available}
        return [(key, seen[key], expected[key]) for key in seen if key in expected]

    @cached_property
    def _farthest(self) -> list[Pair]:
        """The farthest from what is expected first."""
        return sorted(self._pairs, key=lambda pair: (-self._distance(pair), pair[0]))

    @property
    def _foot(self) -> float:
        """Where what is zero is drawn: below all that is not."""
        above = [value for _, seen, expected in self._pairs for value in (seen.value, expected.value) if value > 0]
        return min(above, default=1.0) / 2

    @staticmethod
    def _distance(pair: Pair) -> float:
        """The difference of the roots: by chance, it is as large for small counts as for large ones (Bartlett 1936)."""
        _, seen, expected = pair
        return abs(math.sqrt(seen.value) - math.sqrt(expected.value))

    def _label(self, wording: Wording, key: str) -> str:
        return Axis(self.by).label(wording, key)

    def _name(self, axes: Axes, wording: Wording) -> set[int]:
        """Name the highlighted dot and the farthest; which dots are named."""
        keys = [key for key, *_ in self._pairs]
        named = dict.fromkeys(
            [key for key in keys if key == self.highlight] + [key for key, *_ in self._farthest[:_NAMED]]
        )
        names = [
            PointName(
                keys.index(key),
                self._label(wording, key),
                INK if key == self.highlight else COUNTERPART,
                key == self.highlight,
            )
            for key in named
        ]
        points = np.array([(expected.value, seen.value or self._foot) for _, seen, expected in self._pairs]).reshape(
            -1, 2
        )
        line = np.geomspace(*axes.get_xlim(), 80)
        return name_points(
            axes, points, names, (sheet_of(axes).measure.points - _BESIDE, _ROOM_UP), [np.column_stack([line, line])]
        )
