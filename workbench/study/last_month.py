"""The last month of a year that a series has: a year is told by its end, and one that is not over by the last month there is."""

from collections.abc import Sequence

from workbench.indicators.results import Results
from workbench.model.periods import year_of
from workbench.model.types import Result
from workbench.study.reader import Reader


def last_month_of(series: Sequence[Result], year: int) -> str | None:
    """The last month of a year that has a number; None where none has.

    Parameters
    ----------
    series : sequence of Result
        One indicator of one country, by months.
    """
    return max((result.time for result in series if result.is_available and year_of(result.time) == year), default=None)


def as_far_as(series: Sequence[Result], last: str | None) -> Results:
    """A series from its first number to a month: what comes after is not yet reported, and no gap. None without a month."""
    there = [result.time for result in series if result.is_available]
    return Results(result for result in series if last is not None and there and min(there) <= result.time <= last)


def told_of_the_year(study: Reader, number: Result) -> Result:
    """The number at the end of a month as that of the reference year, which a site lists beside other years, where it is the same;
    else as it is."""
    of_the_year = study.one(number.indicator, geo=number.geo, **number.codes)
    is_the_same = number.is_available and (of_the_year.value, of_the_year.sources) == (number.value, number.sources)
    return of_the_year if is_the_same else number
