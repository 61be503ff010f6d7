"""What a chart is, and what the charts that Matplotlib draws have in common."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from matplotlib.figure import Figure

from workbench.model.types import Result
from workbench.presentation.charts.style import styled
from workbench.presentation.charts.svg import svg
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording, one_full_stop, with_full_stop


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

    def svg(self, wording: Wording, name: str, caption: Sequence[str] = ()) -> str:
        """Draw it as an ``<svg>`` element for a page, with a text alternative.

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

    @abstractmethod
    def draw(self, wording: Wording) -> Figure:
        """Draw it."""

    @abstractmethod
    def describe(self, wording: Wording) -> str:
        """Say in words what it shows: kind, range and the main point; what is measured, the caption says."""

    def svg(self, wording: Wording, name: str, caption: Sequence[str] = ()) -> str:
        """The drawing for a page; see `Chart.svg`. Its alternative begins with the caption."""
        with styled():
            figure = self.draw(wording)
        alternative = " ".join([*map(with_full_stop, caption), self.describe(wording)])
        return svg(figure, name, one_full_stop(alternative))


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
