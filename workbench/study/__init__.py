"""What a notebook imports, and the only thing that it imports from the package.

>>> from workbench.study import Study
>>> study = Study.open("asylum_applications", country="LT", year=2022, language="en", neighbours=["LV", "EE", "PL"])
"""

from workbench.indicators.results import Results
from workbench.model.sentence import Labels, Name, Period, Place, Texts
from workbench.presentation import charts
from workbench.presentation.blocks import Tabular
from workbench.presentation.charts import *
from workbench.study.among_countries import among_countries
from workbench.study.annex_rows import has_number, of_the_year, with_numbers, without_number, year_on_year
from workbench.study.availability import (
    any_available,
    available,
    from_first_available,
    reliable,
    since_first_of,
    without_empty,
)
from workbench.study.breakdowns import (
    if_mostly_known,
    is_in_one_part,
    is_not_recorded,
    largest_first,
    named_codes,
)
from workbench.study.breaks import breaks, since
from workbench.study.captions import scope, titled
from workbench.study.change_by_part import contributions, moved_with_the_whole, with_the_rest
from workbench.study.choosing import by_change, by_direction, first_complete, is_open
from workbench.study.consulates import largest_over_years, new_and_gone, where_they_are
from workbench.study.convergence import scatter_between_members
from workbench.study.cooperation import activities_told, partners_of
from workbench.study.defining import OUT_OF_THE_ORDINARY, departure, ordinary_years, the_year_first
from workbench.study.early_warning import charts_compared, early_warning_board
from workbench.study.factors import factors_of_grants
from workbench.study.finding import Finding
from workbench.study.findings import finding_with_departure
from workbench.study.fits import fitted
from workbench.study.group_gaps import SLIGHT, by_gap, by_two_gaps, is_slight, withheld_codes
from workbench.study.in_proportion import in_proportion, protected_in_proportion
from workbench.study.last_month import as_far_as, last_month_of, told_of_the_year
from workbench.study.one_vintage import of_one_vintage
from workbench.study.peaks import peak
from workbench.study.preferred_series import says_the_same, with_both_ends
from workbench.study.quality_rows import flagged_in_the_year, furthest_from_zero, rows_with_values
from workbench.study.recent import newest_if_recent
from workbench.study.reconciling import reconciled
from workbench.study.rounding import explained_by_rounding
from workbench.study.series_to_watch import applications_to_watch, decisions_to_watch, detections_to_watch
from workbench.study.shown_flags import breaks_by_period, flagged
from workbench.study.standardised import EUROSTAT, UNHCR, behind_the_rate
from workbench.study.study import Study
from workbench.study.unhcr import carried_over, level_of_most_decisions
from workbench.study.vintage_with_citizenships import with_citizenships

__all__ = [
    "EUROSTAT",
    "OUT_OF_THE_ORDINARY",
    "SLIGHT",
    "UNHCR",
    "Finding",
    "Labels",
    "Name",
    "Period",
    "Place",
    "Results",
    "Study",
    "Tabular",
    "Texts",
    "activities_told",
    "among_countries",
    "any_available",
    "applications_to_watch",
    "as_far_as",
    "available",
    "behind_the_rate",
    "breaks",
    "breaks_by_period",
    "by_change",
    "by_direction",
    "by_gap",
    "by_two_gaps",
    "carried_over",
    "charts_compared",
    "contributions",
    "decisions_to_watch",
    "departure",
    "detections_to_watch",
    "early_warning_board",
    "explained_by_rounding",
    "factors_of_grants",
    "finding_with_departure",
    "first_complete",
    "fitted",
    "flagged",
    "flagged_in_the_year",
    "from_first_available",
    "furthest_from_zero",
    "has_number",
    "if_mostly_known",
    "in_proportion",
    "is_in_one_part",
    "is_not_recorded",
    "is_open",
    "is_slight",
    "largest_first",
    "largest_over_years",
    "last_month_of",
    "level_of_most_decisions",
    "moved_with_the_whole",
    "named_codes",
    "new_and_gone",
    "newest_if_recent",
    "of_one_vintage",
    "of_the_year",
    "ordinary_years",
    "partners_of",
    "peak",
    "protected_in_proportion",
    "reconciled",
    "reliable",
    "rows_with_values",
    "says_the_same",
    "scatter_between_members",
    "scope",
    "since",
    "since_first_of",
    "the_year_first",
    "titled",
    "told_of_the_year",
    "where_they_are",
    "with_both_ends",
    "with_citizenships",
    "with_numbers",
    "with_the_rest",
    "withheld_codes",
    "without_empty",
    "without_number",
    "year_on_year",
]
__all__ += charts.__all__
