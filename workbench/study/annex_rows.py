"""The rows of a statistical annex: which are shown, and the number of the year in them."""

from collections.abc import Iterable

from workbench.indicators.results import Results
from workbench.model.types import Result
from workbench.presentation.annex_columns import without_annex_columns


def measure(result: Result) -> str:
    """The indicator of a row, whose change or rank a result may be."""
    return without_annex_columns(result.indicator)


def of_the_year(rows: Iterable[Result], indicator: str, country: str, year: int) -> Result:
    """The number of a country and year; of several series, the first that has it."""
    found = [row for row in rows if (row.indicator, row.geo, row.time) == (indicator, country, str(year))]
    return next((result for result in found if result.is_available), found[0])


def year_on_year(rows: Iterable[Result], indicator: str, country: str, year: int) -> tuple[Result, Result, Result]:
    """The number of a country and year, its change on the year before, and the number of that year, all of one series."""
    rows = tuple(rows)
    number = of_the_year(rows, indicator, country, year)
    place = (number.geo, number.dataset, number.vintage)
    series = {(row.indicator, row.time): row for row in rows if (row.geo, row.dataset, row.vintage) == place}
    return number, series[f"{indicator}_change_pct", number.time], series[indicator, str(year - 1)]


def has_number(rows: Iterable[Result], indicator: str) -> bool:
    """Whether a row of an indicator has a number in any of its years."""
    return any(row.indicator == indicator and row.is_available for row in rows)


def with_numbers(rows: Results) -> Results:
    """The rows that have a number at all.

    Of partial sums over citizenships neither a change nor a rank is taken, for each lacks other parts; and where no Member
    State has a number, none has a rank.
    """
    unranked = {measure(row) for row in rows if row.indicator.endswith("_ranked_eu27") and row.value == 0}

    def is_shown(row: Result) -> bool:
        is_number = measure(row) == row.indicator
        is_of_partial_sum = "over_citizenships" in row.indicator and not is_number
        is_empty_rank = "_rank" in row.indicator and measure(row) in unranked
        return has_number(rows, measure(row)) and not (is_of_partial_sum or is_empty_rank)

    return Results(row for row in rows if is_shown(row))


def without_number(rows: Results) -> list[str]:
    """The indicators of the rows that have no number in any year."""
    return [indicator for indicator in dict.fromkeys(map(measure, rows)) if not has_number(rows, indicator)]
