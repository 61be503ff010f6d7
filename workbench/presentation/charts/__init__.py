"""Charts: each shows some results, describes them in words, and says how its data stand in a table."""

from typing import Protocol

from matplotlib.figure import Figure

from workbench.model.types import Result
from workbench.presentation.charts.bars import Bars
from workbench.presentation.charts.columns import Columns
from workbench.presentation.charts.dots import Dots
from workbench.presentation.charts.europe import EuropeMap
from workbench.presentation.charts.lines import Lines
from workbench.presentation.charts.months import Months
from workbench.presentation.charts.multiples import Multiples
from workbench.presentation.charts.paired import Paired
from workbench.presentation.charts.paired_columns import PairedColumns
from workbench.presentation.charts.panels import Panels
from workbench.presentation.charts.pyramid import Pyramid
from workbench.presentation.charts.ranking import Ranking
from workbench.presentation.charts.stacked import Stacked
from workbench.presentation.charts.svg import svg
from workbench.presentation.charts.tiles import Tiles
from workbench.presentation.wording import Wording

__all__ = [
    "Bars", "Chart", "Columns", "Dots", "EuropeMap", "Lines", "Months", "Multiples", "Paired", "PairedColumns", "Panels",
    "Pyramid", "Ranking", "Stacked", "Tiles", "svg",
]  # fmt: skip


class Chart(Protocol):
    """What every chart is."""

    results: tuple[Result, ...]
    table_axes: tuple[str, str]
    """Rows and columns of the table of its data."""

    def draw(self, wording: Wording) -> Figure:
        """Draw it."""

    def describe(self, wording: Wording) -> str:
        """Say in words what it shows: kind, measure, range and the main point."""
