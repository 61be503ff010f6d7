"""A headline number of a country over the years, and its last change."""

from workbench.indicators.formulas import change, change_in_points
from workbench.indicators.results import Results
from workbench.model.types import BREAK, Result
from workbench.site.headline_results import Development, HeadlineResults
from workbench.site.inventory import StudyPage

YEARS_SHOWN = 15
"""So many years are shown; the last is that of the study."""


def series_of(headline_results: HeadlineResults, page: StudyPage, indicator: str) -> list[Result]:
    """An indicator over the years up to that of a study, each in its preferred vintage, from the studies of its country,
    year and edition."""
    of, shown = (page.country, page.year), range(page.year - YEARS_SHOWN + 1, page.year + 1)
    published = [
        one.result
        for one in headline_results.by_indicator[indicator]
        if one.result.geo == page.country
        and (one.in_edition, one.country, one.year) == (page.in_edition, *of)
        and int(one.result.time) in shown
    ]
    return sorted(
        headline_results.preferred(page.in_edition, of).of(published).values(), key=lambda result: result.time
    )


def development(headline_results: HeadlineResults, page: StudyPage, indicator: str) -> Development | None:
    """The last number of an indicator that a study has, and what led to it; None where none is there.

    It is the same in each language and on each page, and computed once.
    """
    key = (page.in_edition, page.country, page.year, indicator)
    if key not in headline_results.developments:
        headline_results.developments[key] = _development(series_of(headline_results, page, indicator))
    return headline_results.developments[key]


def _development(series: list[Result]) -> Development | None:
    latest = next((result for result in reversed(series) if result.is_available), None)
    if latest is None:
        return None
    of_its_vintage = tuple(one for one in series if one.sources == latest.sources and one.time <= latest.time)
    before = next((one for one in of_its_vintage if int(one.time) == int(latest.time) - 1), None)
    return Development(latest, before and _change(latest, before), of_its_vintage)


def _change(latest: Result, before: Result) -> Result | None:
    """The change of a number, of shares in percentage points; None where it cannot be told, or the series breaks."""
    if BREAK in latest.flags or not before.is_available or latest.unit == "0–1":
        return None
    compared, suffix = (change_in_points, "_change_pp") if latest.unit == "%" else (change, "_change_pct")
    (changed,) = Results.of(compared(Results([latest]).frame, Results([before]).frame, latest.indicator + suffix))
    return changed if changed.is_available else None
