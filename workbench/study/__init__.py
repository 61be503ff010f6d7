"""What a notebook imports, and the only thing that it imports from the package.

>>> from workbench.study import Study
>>> study = Study.open("asylum_applications", country="LT", year=2022, language="en", neighbours=["LV", "EE", "PL"])
"""

from workbench.indicators.results import Results
from workbench.presentation import charts
from workbench.presentation.blocks import Finding
from workbench.presentation.charts import *
from workbench.presentation.sentences import Name, Period, Place, by_change, by_direction, first_complete
from workbench.study.defining import OUT_OF_THE_ORDINARY, departure, ordinary_years, the_year_first
from workbench.study.study import Study

__all__ = [
    "OUT_OF_THE_ORDINARY",
    "Finding",
    "Name",
    "Period",
    "Place",
    "Results",
    "Study",
    "by_change",
    "by_direction",
    "departure",
    "first_complete",
    "ordinary_years",
    "the_year_first",
]
__all__ += charts.__all__
