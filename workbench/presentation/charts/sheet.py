"""The sheet that a chart is drawn on: its measure, wide or narrow, and where on it each result has its mark."""

from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from workbench.model.types import Result


@dataclass(frozen=True)
class Measure:
    """How wide a drawing is, and how large its letters are.

    Attributes
    ----------
    width : float
        Inches.
    size, small : float
        Of letters, in typographic points: usually, and where there are many.
    letters : int
        About as many as stand in one line.
    ticks : int
        At most so many names stand below an axis of time.
    """

    width: float
    size: float
    small: float
    letters: int
    ticks: int

    @property
    def is_narrow(self) -> bool:
        """Whether names stand above what they name rather than beside it."""
        return self is NARROW

    @property
    def points(self) -> float:
        """The width in typographic points."""
        return self.width * 72


WIDE = Measure(width=5.2, size=10.5, small=9.5, letters=62, ticks=6)
"""The measure of one of two columns of a page; no letter is below twelve pixels where it is 474 pixels wide."""
NARROW = Measure(width=300 / 72, size=12, small=12, letters=39, ticks=4)
"""That of a phone: no letter is below twelve pixels where it is 300 pixels wide."""


@dataclass(frozen=True)
class Mark:
    """Where a result is seen, in units of the drawing from its upper left corner."""

    x: float
    y: float
    result: Result


class Sheet(Figure):
    """A figure of Matplotlib's that knows its measure and its marks; outside pyplot, which would keep it."""

    def __init__(self, height: float, measure: Measure, layout: Any = "constrained"):
        super().__init__(figsize=(measure.width, height), layout=layout)
        self.measure = measure
        self.drawn_height = height
        self._marked: list[tuple[Axes, float, float, Result]] = []
        self._swarms: list[_Swarm] = []

    def mark(self, axes: Axes, x: float, y: float, result: Result) -> None:
        """Note where a result is seen, in the units of the data; one without a value is seen nowhere."""
        if result.is_available:
            self._marked.append((axes, x, y, result))

    def mark_swarm(self, points: PathCollection, results: list[Result]) -> None:
        """Note which results are seen as points that stand side by side only when they have been drawn."""
        self._swarms.append(_Swarm(points, results))

    def marks(self) -> list[Mark]:
        """Where each result is, once it is drawn."""
        moved = [one for swarm in self._swarms for one in swarm.marked()]
        marks: list[Mark] = []
        height = self.get_size_inches()[1] * self.dpi
        for axes, x, y, result in [*self._marked, *moved]:
            across, up = axes.transData.transform((x, y))
            marks.append(Mark(float(across), float(height - up), result))
        return marks


@dataclass(frozen=True)
class _Swarm:
    points: PathCollection
    results: list[Result] = field(default_factory=list)

    def marked(self) -> list[tuple[Axes, float, float, Result]]:
        places = cast(np.ndarray, self.points.get_offsets())
        axes = cast(Axes, self.points.axes)
        return [(axes, x, y, result) for (x, y), result in zip(places, self.results, strict=True)]


def sheet_of(axes: Axes) -> Sheet:
    """The sheet that axes stand on."""
    return cast(Sheet, axes.get_figure(root=True))


def mark(axes: Axes, x: float, y: float, result: Result) -> None:
    """Note where on its sheet a result is seen; see `Sheet.mark`."""
    sheet_of(axes).mark(axes, x, y, result)
