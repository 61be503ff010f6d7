"""The course of a stock: Lithuania's pending applications by brute force, and when nothing is said."""

import gzip
from functools import cache

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as some

from conftest import shared
from workbench.methods.refusal import Reason
from workbench.model.types import Result
from workbench.study import Results, Study
from workbench.study.course import Course, course, season_of, unbroken_months

FIGURES = "data/figures/estat/migr_asypenctzm/2023-06-26.csv.gz"


def month(time: str, value: float, flags: str = "", indicator: str = "pending_applicants") -> Result:
    return Result(
        indicator, "LT", "", time, value, value - 2.5, value + 2.5, "persons", flags, "migr_asypenctzm", "2023-06-26"
    )


def months(values: list[float]) -> Results:
    periods = pandas.period_range("2008-01", periods=len(values), freq="M").astype(str)
    return Results(month(time, value) for time, value in zip(periods, values))


@cache
def study() -> Study:
    return Study.open("asylum_applications", country="LT", year=2022)


@cache
def lithuania() -> tuple[Results, Course]:
    pending = study().results("pending_applicants", time=study().months(15))
    return pending, course(study(), pending)


def test_no_other_month_parts_lithuanias_pending_applications_better():
    with gzip.open(shared(FIGURES), "rt") as file:
        rows = pandas.read_csv(file)
    counts = rows[(rows["geo"] == "LT") & (rows["TIME_PERIOD"] <= "2022-12")].set_index("TIME_PERIOD")["OBS_VALUE"]
    y = np.log(counts.to_numpy())

    def rss(first: int, after: int) -> float:
        return np.polyfit(y[first - 1 : after - 1], y[first:after], 1, full=True)[1][0]

    by_month = {at: rss(1, at) + rss(at, len(y)) for at in range(25, len(y) - 24 + 1)}
    best = min(by_month, key=by_month.get)
    (cut,) = lithuania()[1].breaks
    assert cut.month == counts.index[best] == "2016-04"
    assert cut.before.value == pytest.approx(counts.iloc[:best].mean())
    assert cut.after.value == pytest.approx(counts.iloc[best:].mean())
    assert cut.before.high - cut.before.low == pytest.approx(5)


def test_an_interval_of_two_years_is_matched_with_nothing():
    (cut,) = lithuania()[1].breaks
    assert (cut.earliest, cut.latest) == ("2016-01", "2018-08")
    assert not cut.is_dated and cut.events == () and not cut.is_of_counting


def test_the_summer_of_2021_leaps_and_falls_together_with_the_route_through_belarus():
    leaps = {leap.after.time: leap for leap in lithuania()[1].leaps}
    up, down = leaps["2021-07"], leaps["2021-11"]
    assert (up.before.value, up.after.value, [one.id for one in up.events]) == (685, 1565, ["route_through_belarus"])
    # Arrivals are not named beside a fall.
    assert (down.before.value, down.after.value, down.events) == (1800, 890, ())


def test_each_month_has_the_mean_of_its_regime():
    pending, moved = lithuania()
    assert [result.time for result in moved.regime_means] == [result.time for result in pending]
    assert len({result.value for result in moved.regime_means}) == len(moved.breaks) + 1
    assert {result.indicator for result in moved.regime_means} == {"pending_applicants_regime_mean"}


def test_a_break_that_the_provider_marks_may_be_one_of_counting():
    rng = np.random.default_rng(3)
    y = np.zeros(120)
    for t in range(1, 120):
        y[t] = (1.0 if t < 70 else 2.6) + 0.6 * y[t - 1] + 0.1 * rng.normal()
    made = list(months((100 * np.exp(y - y[10])).round().tolist()))
    (cut,) = course(study(), made).breaks
    assert abs(made.index(next(one for one in made if one.time == cut.month)) - 70) <= 1
    at = next(position for position, one in enumerate(made) if one.time == cut.month)
    made[at] = month(cut.month, made[at].value, flags="b")
    (flagged,) = course(study(), made).breaks
    assert flagged.is_of_counting and not cut.is_of_counting


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([100.0] * 59, Reason.TOO_SHORT),
        ([5.0, 10.0] * 60, Reason.TOO_FEW),
        ([100.0] * 80, Reason.CONSTANT),
        ([], Reason.TOO_SHORT),
    ],
)
def test_thin_series_are_refused_with_their_reason(values, reason):
    assert course(study(), months(values)).refusal is reason
    assert season_of(study(), months(values)).refusal is reason


@given(some.lists(some.sampled_from([float("nan"), 5.0]), max_size=30))
def test_the_run_that_is_looked_at_has_no_gap_and_ends_with_the_last_number(values):
    made = months(values)
    run = unbroken_months(made)
    assert all(result.is_available for result in run)
    known = [result.time for result in made if result.is_available]
    assert [result.time for result in run][-1:] == known[-1:]
    if run and run[0] != made[0]:
        assert not made[made.index(run[0]) - 1].is_available


def test_a_season_is_taken_out_where_there_is_one():
    rng = np.random.default_rng(4)
    wave = 1 + 0.4 * np.sin(2 * np.pi * np.arange(96) / 12)
    found = season_of(study(), months((1000 * wave * np.exp(0.02 * rng.normal(size=96))).round().tolist()))
    assert found.is_identifiable
    adjusted = np.array([result.value for result in found.adjusted])
    assert np.abs(adjusted / 1000 - 1).max() < 0.1
    assert {result.indicator for result in found.adjusted} == {"pending_applicants_seasonally_adjusted"}
    assert all(result.low <= result.value <= result.high for result in found.adjusted)


def test_no_season_is_made_up_for_lithuania():
    season = season_of(study(), lithuania()[0])
    assert season.refusal is None and not season.is_identifiable and not season.adjusted
