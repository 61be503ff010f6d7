"""What a notebook imports, and the only thing that it imports from the package.

>>> from workbench.study import Study
>>> study = Study.open("asylum_applications", country="LT", year=2022, language="en", neighbours=["LV", "EE", "PL"])
"""

from workbench.indicators.results import Results
from workbench.presentation.blocks import Finding
from workbench.presentation.charts import (
    Bars,
    Columns,
    Dots,
    EuropeMap,
    Lines,
    Months,
    Multiples,
    Paired,
    PairedColumns,
    Panels,
    Pyramid,
    Ranking,
    Stacked,
    Tiles,
)
from workbench.presentation.sentences import Name, Period, Place, by_change, by_direction, first_complete
from workbench.study.defining import OUT_OF_THE_ORDINARY, departure, ordinary_years, the_year_first
from workbench.study.study import Study

__all__ = [
    "OUT_OF_THE_ORDINARY",
    "Bars",
    "Columns",
    "Dots",
    "EuropeMap",
    "Finding",
    "Lines",
    "Months",
    "Multiples",
    "Name",
    "Paired",
    "PairedColumns",
    "Panels",
    "Period",
    "Place",
    "Pyramid",
    "Ranking",
    "Results",
    "Stacked",
    "Study",
    "Tiles",
    "by_change",
    "by_direction",
    "departure",
    "first_complete",
    "ordinary_years",
    "the_year_first",
]
