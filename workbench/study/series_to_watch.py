"""Which series the early-warning board watches: by month or quarter, by route and citizenship, of a country and of those beside it."""

from collections.abc import Sequence

from workbench.indicators.results import Results
from workbench.model.errors import UnknownCode
from workbench.model.periods import months_to, quarters_of
from workbench.model.types import OTHER
from workbench.study.early_warning import largest_citizenships
from workbench.study.reader import Reader

EXTERNAL_BORDER = "EXT_BORDERS"

DETECTIONS, DECISIONS, APPLICATIONS = "border_detections", "first_instance_decisions", "first_time_applicants"

_FIRST_YEAR = 2008
_YEARS_LOOKED_AT = 6


def detections_to_watch(study: Reader) -> Results:
    """Detections by month: on each route over the country's own border, of all and of the citizenships that matter there; of a
    country without such a route, on every route, of all."""
    months = months_to(study.year, study.year - _FIRST_YEAR)
    routes = study.declared.border_routes
    totals = study.results(DETECTIONS, geo=EXTERNAL_BORDER, route=routes or study.every, time=months)
    return Results(total for total in totals if total.code("route") != OTHER) + [
        result
        for route in routes
        for result in _by_citizenship(study, DETECTIONS, months, geo=EXTERNAL_BORDER, route=route)
    ]


def decisions_to_watch(study: Reader) -> Results:
    """First-instance decisions by quarter: of the country, of neighbouring countries and of the Union; of the country by
    citizenship."""
    quarters = [quarter for year in range(_FIRST_YEAR, study.year + 1) for quarter in quarters_of(year)]
    return _of_countries(study, DECISIONS, "migr_asydcfstq", quarters)


def applications_to_watch(study: Reader) -> Results:
    """First-time applicants by month: of the country, of neighbouring countries and of the Union; of the country by
    citizenship."""
    months = months_to(study.year, study.year - _FIRST_YEAR + 1)
    return _of_countries(study, APPLICATIONS, "migr_asyappctzm", months)


def _of_countries(study: Reader, indicator: str, dataset: str, periods: Sequence[str]) -> Results:
    geo = [study.country, *study.declared.neighbours, study.eu27]
    totals = study.results(indicator, geo=geo, time=periods, dataset=dataset)
    return totals + _by_citizenship(study, indicator, periods, dataset=dataset)


def _by_citizenship(study: Reader, indicator: str, periods: Sequence[str], **where: str) -> Results:
    """The series of the citizenships that matter; none where the data have no citizenships."""
    years = [str(year) for year in range(study.year - _YEARS_LOOKED_AT + 1, study.year + 1)]
    try:
        by_year = study.results(indicator, time=years, citizen=study.every, **where)
    except UnknownCode:
        return Results()
    named = largest_citizenships(by_year, study.year)
    return study.results(indicator, time=periods, citizen=named, **where) if named else Results()
