"""Sums over periods and codes, differences, zeros left out of files: made-up counts, worked by hand, and properties."""

import math

import numpy
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_formulas import COUNTS, results, rounded

from workbench.data.observations import Columns
from workbench.indicators import formulas
from workbench.model.periods import periods_of, shift

QUARTERS = ["2022-Q1", "2022-Q2", "2022-Q3", "2022-Q4"]


def year_of(counts: pandas.DataFrame) -> pandas.DataFrame:
    """The quarters of a year added up."""
    return formulas.added(counts.assign(time=counts["time"].str[:4]))


def observed(codes: dict[str, float | None], *, time="2022", geo="LT", dimension="citizen", base=5) -> pandas.DataFrame:
    """Made-up observations, one a code; None is one that the file does not hold."""
    values = [math.nan if value is None else value for value in codes.values()]
    return pandas.DataFrame(
        {
            dimension: list(codes), "geo": geo, "time": time, "value": values,
            "obs_status": ["x" if value is None else "" for value in codes.values()], "conf_status": "",
            "unit_of_measure": "persons", "rounding_base": base, "dataset": "made_up", "vintage": "2000-01-01",
        }
    )  # fmt: skip


def by_column(observations: pandas.DataFrame) -> Columns:
    return {name: column.to_numpy(float if name == "value" else object) for name, column in observations.items()}


def test_a_year_is_the_sum_of_its_quarters_and_as_uncertain_as_four_rounded_numbers():
    # Lithuania 2022: 405 + 110 + 95 + 125 decisions, each within 2.5 of the truth.
    year = year_of(results([405, 110, 95, 125], times=QUARTERS)).iloc[0]
    assert (year.time, year.value, year.low, year.high, year["flags"]) == ("2022", 735, 725, 745, "")


def test_a_published_zero_may_hide_two_and_is_no_certainty():
    year = year_of(results([0, 0, 5, 0], times=QUARTERS)).iloc[0]
    assert (year.value, year.low, year.high) == (5, 2.5, 15)


def test_the_zeros_of_a_sum_over_codes_are_taken_as_exact():
    codes = results([0, 0, 5], times=["2022"] * 3, breakdowns=[""] * 3)
    total = formulas.added(formulas.zeros_for_certain(codes)).iloc[0]
    assert (total.value, total.low, total.high) == (5, 2.5, 7.5)


def test_a_sum_over_a_missing_part_is_missing_and_keeps_every_flag():
    quarters = results([405, math.nan, 95, 125], times=QUARTERS, flags=["b", "x", "p", "b"])
    year = year_of(quarters).iloc[0]
    assert math.isnan(year.value) and math.isnan(year.low) and math.isnan(year.high) and year["flags"] == "bpx"


def test_countries_breakdowns_and_years_are_added_apart_in_the_order_they_came():
    counts = results(
        [10, 20, 30, 40], geo=["SE", "AT", "SE", "AT"], times=["2022-Q1", "2022-Q1", "2022-Q2", "2023-Q1"],
        breakdowns=["citizen=AF", "", "citizen=AF", ""],
    )  # fmt: skip
    years = year_of(counts)
    assert list(zip(years["geo"], years["breakdown"], years["time"], years["value"])) == [
        ("SE", "citizen=AF", "2022", 40), ("AT", "", "2022", 20), ("AT", "", "2023", 40)
    ]  # fmt: skip


@given(st.lists(COUNTS, min_size=1, max_size=12))
def test_bounds_of_a_sum_hold_the_sum_of_the_true_counts(truth):
    counts = results([rounded(count) for count in truth], times=["2022"] * len(truth))
    total = formulas.added(counts).iloc[0]
    assert total.value == sum(map(rounded, truth)) and total.low <= sum(truth) <= total.high


@pytest.mark.parametrize(
    ("time", "made_of", "periods"),
    [
        ("2022", None, ["2022"]),
        ("2022", "sum of quarters", QUARTERS),
        ("2022", "last month", ["2022-12"]),
        ("2022-Q3", "sum of quarters", ["2022-Q3"]),
    ],
)
def test_what_a_year_is_made_of(time, made_of, periods):
    assert periods_of(time, made_of) == periods


@given(st.integers(1900, 2100), st.sampled_from(["sum of quarters", "sum of months"]))
def test_the_periods_of_a_year_follow_one_another_and_fill_it(year, made_of):
    periods = periods_of(str(year), made_of)
    assert [shift(period, 1) for period in periods[:-1]] == periods[1:]
    assert shift(periods[-1], 1)[:4] == str(year + 1) and {period[:4] for period in periods} == {str(year)}


def test_a_code_left_out_where_others_are_reported_is_zero_and_else_a_gap():
    here = observed({"AF": 10, "SY": None})
    nowhere = observed({"AF": None, "SY": None}, geo="LI")
    elsewhere = observed({"AF": None, "SY": 5}, geo="SE")
    reported = pandas.concat([here, nowhere, elsewhere], ignore_index=True).dropna(subset="value")
    asked = pandas.concat([here, nowhere], ignore_index=True)
    filled = formulas.with_zeros(by_column(asked), by_column(reported), {"citizen": ["AF", "SY"]})
    assert filled["value"].tolist()[:2] == [10, 0] and filled["obs_status"].tolist()[:2] == ["", ""]
    assert numpy.isnan(filled["value"]).tolist()[2:] == [True, True] and filled["obs_status"].tolist()[2:] == ["x", "x"]


def test_a_code_that_no_country_has_in_the_vintage_is_no_zero():
    here = observed({"AF": 10, "SY": None})
    filled = formulas.with_zeros(by_column(here), by_column(here.dropna(subset="value")), {"citizen": ["AF"]})
    assert numpy.isnan(filled["value"]).tolist() == [False, True] and filled["obs_status"].tolist() == ["", "x"]


def test_a_difference_keeps_its_sign_and_takes_the_bounds_the_other_way_round():
    # 20 and 35, each within 2.5: the difference lies within 5 of -15.
    difference = formulas.difference(results([20]), results([35]), "net", "persons").iloc[0]
    assert (difference.value, difference.low, difference.high) == (-15, -20, -10)


@given(COUNTS, COUNTS)
def test_bounds_of_a_difference_hold_the_true_one_and_it_turns_round(minuend, subtrahend):
    first, second = results([rounded(minuend)]), results([rounded(subtrahend)])
    there = formulas.difference(first, second, "net", "persons").iloc[0]
    back = formulas.difference(second, first, "net", "persons").iloc[0]
    assert there.low <= minuend - subtrahend <= there.high
    assert (back.value, back.low, back.high) == (-there.value, -there.high, -there.low)


def test_a_difference_from_one_place_is_taken_by_time_and_breakdown():
    rates = results([40, 50], geo=["LT", "LV"], times=["2022"] * 2, base=1, unit="%")
    union = results([45, 30], geo="EU27_2020", times=["2022", "2021"], base=1, unit="%")
    less_union = formulas.difference(rates, union, "less", "percentage points", ("breakdown", "time"))
    assert list(zip(less_union["geo"], less_union["value"])) == [("LT", -5), ("LV", 5)]


def test_a_difference_without_a_subtrahend_is_not_available():
    difference = formulas.difference(results([20], times=["2022"]), results([5], times=["2021"]), "net", "persons")
    assert math.isnan(difference.iloc[0].value) and difference.iloc[0]["flags"] == "x"


# Across a break in the series


def stocks(*flags: str) -> tuple[pandas.DataFrame, pandas.DataFrame]:
    """A stock of three years, so flagged; and the same a year on."""
    series = results([1000, 900, 950], times=["2022", "2023", "2024"], base=1).assign(flags=list(flags))
    return series.iloc[:2], series.iloc[1:]


def test_what_a_census_corrects_is_no_gain_and_what_is_gained_within_the_new_series_is():
    gains = formulas.gained(*stocks("", "b", ""), "gain", "persons").set_index("time")
    assert math.isnan(gains.loc["2022", "value"]) and gains.loc["2022", "flags"] == "bu"
    assert (gains.loc["2023", "value"], gains.loc["2023", "flags"]) == (50, "")
    assert formulas.gained(*stocks("b", "e", "p"), "gain", "persons")["flags"].tolist() == ["e", "ep"]


def test_a_gain_that_is_not_there_is_not_withheld_too():
    before, after = stocks("", "b", "")
    nothing = after.assign(value=math.nan, low=math.nan, high=math.nan, flags="bx")
    assert formulas.gained(before, nothing, "gain", "persons")["flags"].tolist() == ["bx", "bx"]


def test_what_did_not_apply_before_was_nought_and_what_is_missing_was_not():
    before = results([math.nan, math.nan], times=["2022-02", "2022-03"]).assign(flags=["z", "x"])
    after = results([3160, 28185], times=["2022-03", "2022-04"])
    gains = formulas.gained(before, after, "gain", "persons").set_index("time")
    # 3,160 to the nearest five, from nothing at all: only the end is rounded.
    assert gains.loc["2022-02", ["value", "low", "high"]].tolist() == [3160, 3157.5, 3162.5]
    assert math.isnan(gains.loc["2022-03", "value"]) and gains.loc["2022-03", "flags"] == "x"


@pytest.mark.parametrize("changed", [formulas.change, formulas.change_in_points])
def test_every_change_says_that_the_series_breaks(changed):
    series = results([1000, 900, 950], times=["2022", "2023", "2024"], base=1).assign(flags=["", "b", ""])
    changes = changed(series.iloc[1:], series.iloc[:2], "change").set_index("time")
    assert changes.loc["2023", "flags"] == "b" and not math.isnan(changes.loc["2023", "value"])
    on_year = formulas.change_on_year(series, ["2022", "2023", "2024"], "change").iloc[0]
    assert (on_year["time"], on_year["flags"], on_year.value) == ("2024", "b", pytest.approx(-5))
