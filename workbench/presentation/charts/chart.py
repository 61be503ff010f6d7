"""What a chart is, and what the charts that Matplotlib draws have in common."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from workbench.declarations.events import Event
from workbench.model.types import Result
from workbench.presentation.charts.paper import Paper
from workbench.presentation.charts.sheet import NARROW, WIDE, Mark, Measure, Sheet
from workbench.presentation.charts.style import styled
from workbench.presentation.charts.svg import painted
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording, one_full_stop, with_full_stop


@dataclass(frozen=True)
class Drawing:
    """A chart as it is drawn in one measure.

    Attributes
    ----------
    svg : str
        An ``<svg>`` element without a text alternative: what holds it has that.
    marks : tuple of Mark
        Where each result is seen.
    """

    svg: str
    marks: tuple[Mark, ...]


class Chart(Protocol):
    """What every chart is: some results, drawn and described."""

    @property
    def results(self) -> tuple[Result, ...]:
        """What it shows."""

    @property
    def table_axes(self) -> tuple[str, str]:
        """Rows and columns of the table of its data."""

    @property
    def shows_whole(self) -> bool:
        """Whether its parts add up to a whole, which other studies may publish too."""

    @property
    def compares_countries(self) -> bool:
        """Whether a reader may look for a country of their own among many."""

    @property
    def marks_hollow(self) -> bool:
        """Whether it draws hollow what is provisional or of low reliability."""

    @property
    def along(self) -> str:
        """Along which axis of the drawing a reader goes from mark to mark: ``x``, ``y``, or neither more than the other."""

    @property
    def events(self) -> tuple[Event, ...]:
        """What is marked to have happened in its periods."""

    def drawings(self, wording: Wording, name: str) -> tuple[Drawing, ...]:
        """Draw it for a wide page and for a narrow one, of which a reader sees the one for which there is room; or once for both.

        Parameters
        ----------
        wording : Wording
            The language.
        name : str
            Unique in the page; ids within the drawings begin with it.
        """

    def svg(self, wording: Wording, name: str, caption: Sequence[str] = ()) -> str:
        """Draw it as an ``<svg>`` element of its own, with a text alternative.

        Parameters
        ----------
        wording : Wording
            The language.
        name : str
            Unique in the page; ids within the drawing begin with it.
        caption : sequence of str
            The title and subtitle of the figure.
        """

    def describe(self, wording: Wording) -> str:
        """Say in words what it shows: kind, measure, range and the main point."""


class MatplotlibChart(ABC):
    """A chart that Matplotlib draws."""

    shows_whole = False
    along = ""
    compares_countries = False
    marks_hollow = False
    events: tuple[Event, ...] = ()

    @abstractmethod
    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        """Draw it, and say by `workbench.presentation.charts.sheet.mark` where each result is seen."""

    @abstractmethod
    def describe(self, wording: Wording) -> str:
        """Say in words what it shows: kind, range and the main point; what is measured, the caption says."""

    def drawings(self, wording: Wording, name: str) -> tuple[Drawing, ...]:
        """For a wide page and for a narrow one; see `Chart.drawings`."""
        drawings = []
        for kind, measure in (("wide", WIDE), ("narrow", NARROW)):
            paper, marks = self.painted(wording, f"{name}-{kind}", measure)
            drawings.append(Drawing(paper.svg(**{"class": kind}), marks))
        return tuple(drawings)

    def painted(self, wording: Wording, name: str, measure: Measure = WIDE) -> tuple[Paper, tuple[Mark, ...]]:
        """The drawing in one measure, and its marks."""
        with styled(measure):
            sheet = self.draw(wording, measure)
            return painted(sheet, name), tuple(sheet.marks())

    def svg(self, wording: Wording, name: str, caption: Sequence[str] = ()) -> str:
        """The wide drawing by itself; see `Chart.svg`. Its alternative begins with the caption."""
        paper, _ = self.painted(wording, name)
        return paper.svg(**{"role": "img", "aria-label": alternative(self.describe(wording), caption)})


def alternative(described: str, caption: Sequence[str]) -> str:
    """What a chart shows, in words: its caption, and what it says of itself."""
    return one_full_stop(" ".join([*map(with_full_stop, caption), described]))


@dataclass(frozen=True)
class GroupedChart(MatplotlibChart):
    """A chart with a line, row, column or part for each key of an axis.

    Attributes
    ----------
    results : tuple of Result
        What it shows.
    by : str
        The axis; see `workbench.presentation.tables.Axis`.
    """

    results: tuple[Result, ...]
    by: str

    @property
    def axis(self) -> Axis:
        """The axis that it is grouped by."""
        return Axis(self.by)

    def groups(self) -> dict[str, list[Result]]:
        """The results at each key of the axis, in the order of the keys."""
        return self.axis.groups(self.results)
