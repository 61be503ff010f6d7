"""Periods: years, quarters and months follow one another, fill their year, and sort by time."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model import periods
from workbench.model.periods import days_of, in_a_year, months_of, quarters_of, shift, year_of, year_to

YEARS = st.integers(1900, 2150)
PERIODS = YEARS.flatmap(lambda year: st.sampled_from([str(year), *quarters_of(year), *months_of(year)]))
A_DAY = datetime.timedelta(days=1)


@given(PERIODS, st.integers(-500, 500))
def test_shifting_there_and_back_is_where_it_began(time, number):
    assert shift(shift(time, number), -number) == time


@given(PERIODS, st.integers(-500, 500), st.integers(-500, 500))
def test_shifts_add_up_and_keep_the_order_of_time(time, one, other):
    assert shift(shift(time, one), other) == shift(time, one + other)
    assert (shift(time, one) < shift(time, other)) == (one < other)


@given(PERIODS)
def test_a_period_begins_on_the_day_after_the_one_before(time):
    assert days_of(time)[0] - A_DAY == days_of(shift(time, -1))[1]
    assert days_of(time)[0].year == days_of(time)[1].year == year_of(time)


@given(PERIODS)
def test_a_year_of_periods_ends_where_it_began_a_year_later(time):
    span = year_to(time)
    assert len(span) == in_a_year(time) + 1 and span == sorted(span)
    assert year_of(span[0]) == year_of(time) - 1 and span[0][4:] == time[4:]


@given(YEARS, st.sampled_from(["sum of quarters", "sum of months"]))
def test_quarters_and_months_fill_their_year(year, year_is):
    parts = periods.periods_of(str(year), year_is)
    assert (days_of(parts[0])[0], days_of(parts[-1])[1]) == days_of(str(year))
    assert [shift(part, 1) for part in parts[:-1]] == parts[1:] and {year_of(part) for part in parts} == {year}


@given(PERIODS)
def test_what_is_made_here_is_a_period(time):
    assert periods.is_period(time) and all(map(periods.is_period, year_to(time)))


@pytest.mark.parametrize("text", ["", "202", "20222", "2022-13", "2022-00", "2022-Q5", "2022-Q0", "2022-1", "2022-W05"])
def test_anything_else_is_not_a_period(text):
    assert not periods.is_period(text)


def test_february_knows_leap_years():
    assert [days_of(f"{year}-02")[1].day for year in (1900, 2000, 2023, 2024)] == [28, 29, 28, 29]
