"""The last month of a year, what rounding explains, and numbers of one vintage."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workbench.model.types import Result
from workbench.study import Results
from workbench.study.last_month import as_far_as, last_month_of
from workbench.study.one_vintage import of_one_vintage
from workbench.study.rounding import explained_by_rounding


def result(value: float, time: str = "2022", half: float = 2.5, **changed: str) -> Result:
    """A made-up number, rounded to the nearest five."""
    where = {"dataset": "made_up", "vintage": "2024-01-01"} | changed
    flags = "x" if math.isnan(value) else ""
    return Result("made_up", "LT", "", time, value, value - half, value + half, "persons", flags, **where)


def series(values: dict[str, float]) -> Results:
    return Results(result(value, time) for time, value in values.items())


MONTHS = series(
    {"2022-11": math.nan, "2022-12": 5, "2023-01": 10, "2023-02": math.nan, "2023-03": 20, "2023-04": math.nan}
)


@pytest.mark.parametrize(("year", "last"), [(2021, None), (2022, "2022-12"), (2023, "2023-03")])
def test_the_last_month_of_a_year_is_the_last_that_has_a_number(year, last):
    assert last_month_of(MONTHS, year) == last


def test_a_series_goes_from_its_first_number_to_the_last_month_with_its_gaps():
    assert [r.time for r in as_far_as(MONTHS, "2023-03")] == ["2022-12", "2023-01", "2023-02", "2023-03"]
    assert not as_far_as(MONTHS, None) and not as_far_as(series({"2022-01": math.nan}), "2022-01")


@given(some.lists(some.integers(0, 1000), min_size=4, max_size=4))
def test_quarters_and_the_year_of_the_same_persons_are_explained_by_rounding(persons):
    """Each quarter rounded by itself, and the year once."""
    summed = result(sum(5 * round(quarter / 5) for quarter in persons), half=10.0)
    annual = result(5 * round(sum(persons) / 5))
    assert explained_by_rounding(summed, annual) and explained_by_rounding(annual, summed)


def test_what_differs_by_more_or_is_not_there_is_not_explained():
    assert not explained_by_rounding(result(100), result(110)) and explained_by_rounding(result(100), result(105))
    assert not explained_by_rounding(result(100), result(math.nan))


def test_a_number_from_two_days_is_left_out():
    together = result(10, dataset="flow+stock", vintage="2024-01-01+2024-01-01")
    apart = result(10, dataset="flow+stock", vintage="2024-01-01+2023-01-01")
    assert of_one_vintage([result(5), together, apart]) == (result(5), together)
