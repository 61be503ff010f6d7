"""What one part made of the change of a whole: a case worked by hand, rounding, and what holds for any counts."""

import math

import pandas
import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from workbench.indicators.contributions import drivers, of_change
from workbench.methods.rounding import rounding_bounds
from workbench.model.types import RESULT_COLUMNS
from workbench.study import Study

COUNTS = some.lists(some.integers(0, 1_000_000), min_size=2, max_size=6)


def counts(values: list[float], time: str, geo: list[str], base: int = 5) -> pandas.DataFrame:
    """Made-up counts of several places in one year."""
    low, high = rounding_bounds(values, base)
    columns = {"value": map(float, values), "low": low, "high": high, "geo": geo}
    fixed = {
        "indicator": "made_up", "breakdown": "", "time": time, "unit": "persons", "flags": "", "dataset": "made_up",
        "vintage": "2000-01-01",
    }  # fmt: skip
    return pandas.DataFrame({name: list(values) for name, values in columns.items()}).assign(**fixed)[
        list(RESULT_COLUMNS)
    ]


def made(
    now: list[float], before: list[float], total: tuple[float, float] | None = None, base: int = 5
) -> pandas.DataFrame:
    """What each part made of the change of their sum, or of a total."""
    places = [f"P{position}" for position in range(len(now))]
    after, earlier = total or (sum(now), sum(before))
    whole = counts([after], "2020", ["ALL"], base), counts([earlier], "2019", ["ALL"], base)
    return of_change(
        (counts(now, "2020", places, base), counts(before, "2019", places, base)), whole, "made_up_of_change"
    )


def test_refusals_fell_with_those_of_one_member_state():
    # Published: 670,795 and 137,840 in the Union, 493,455 and 3,515 in Spain: 489,940 of 532,955.
    study = Study.open("borders_and_return", country="LT", year=2020)
    (driver,) = study.drivers("refused_entry", ["2020"])
    assert (driver.geo, driver.unit) == ("ES", "%") and driver.value == pytest.approx(489_940 / 532_955 * 100)
    assert driver.low < driver.value < driver.high and driver.high - driver.low < 0.01


def test_a_country_outside_the_union_has_no_part_in_its_change():
    result = Study.open("borders_and_return", country="CH", year=2020).one("refused_entry_of_change_eu27_pct")
    assert not result.is_available and result.flags == "z"


def test_none_is_named_where_several_make_more_than_half_of_what_is_left():
    # 2021, refusals: France 236% and the Netherlands 105% of a change that others nearly undid.
    assert drivers(made([900, 900, 0], [500, 500, 700])).empty
    assert drivers(made([900, 10], [500, 10]))["geo"].tolist() == ["P0"]


def test_without_a_change_that_rounding_leaves_certain_nothing_is_said():
    contributions = made([105, 100], [100, 100])
    assert contributions["value"].isna().all() and set(contributions["flags"]) == {"u"}


def test_a_missing_part_stays_missing():
    contributions = made([math.nan, 900], [100, 100], total=(1000, 200))
    assert contributions["value"].isna().tolist() == [True, False]
    assert drivers(contributions)["geo"].tolist() == ["P1"]


@given(COUNTS, some.data())
def test_parts_of_a_change_are_all_of_it_and_one_driver_at_the_most(now, data):
    before = data.draw(some.lists(some.integers(0, 1_000_000), min_size=len(now), max_size=len(now)))
    assume(sum(now) != sum(before))
    contributions = made(now, before, base=1)
    assert contributions["value"].sum() == pytest.approx(100)
    assert len(drivers(contributions)) <= 1


@given(COUNTS, some.data())
def test_bounds_hold_the_truth_of_counts_that_were_rounded(now, data):
    before = data.draw(some.lists(some.integers(0, 1_000_000), min_size=len(now), max_size=len(now)))
    rounded = [[5 * round(value / 5) for value in values] for values in (now, before)]
    totals = tuple(5 * round(sum(values) / 5) for values in (now, before))
    assume(sum(now) != sum(before))
    for truth, row in zip(
        ((after - earlier) / (sum(now) - sum(before)) * 100 for after, earlier in zip(now, before)),
        made(*rounded, total=totals).itertuples(),
    ):
        assert math.isnan(row.value) or row.low - 1e-9 <= truth <= row.high + 1e-9
