"""Charts: each shows some results, describes them in words, and says which table holds its data.

All that are named here can be imported from `workbench.study` too.
"""

from workbench.presentation.charts.bars import Bars
from workbench.presentation.charts.columns import Columns
from workbench.presentation.charts.distribution import Distribution
from workbench.presentation.charts.dots import Dots
from workbench.presentation.charts.europe import EuropeMap
from workbench.presentation.charts.fan import Fan
from workbench.presentation.charts.funnel import Funnel
from workbench.presentation.charts.heatmap import Heatmap
from workbench.presentation.charts.lines import Lines
from workbench.presentation.charts.months import Months
from workbench.presentation.charts.multiples import Multiples
from workbench.presentation.charts.paired import Paired
from workbench.presentation.charts.paired_columns import PairedColumns
from workbench.presentation.charts.panels import Panels
from workbench.presentation.charts.pyramid import Pyramid
from workbench.presentation.charts.ranking import Ranking
from workbench.presentation.charts.residuals import Residuals
from workbench.presentation.charts.stacked import Stacked
from workbench.presentation.charts.tiles import Tiles

__all__ = [
    "Bars",
    "Columns",
    "Distribution",
    "Dots",
    "EuropeMap",
    "Fan",
    "Funnel",
    "Heatmap",
    "Lines",
    "Months",
    "Multiples",
    "Paired",
    "PairedColumns",
    "Panels",
    "Pyramid",
    "Ranking",
    "Residuals",
    "Stacked",
    "Tiles",
]
