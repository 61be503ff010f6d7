"""The formulas on made-up counts: reference values worked by hand, and properties that hold for any."""

import itertools
import math

import numpy
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.indicators import formulas
from workbench.methods.rounding import difference_bounds, rank_bounds, ratio_bounds, rounding_bounds
from workbench.model.periods import shift
from workbench.model.types import RESULT_COLUMNS

COUNTS = st.integers(0, 2_000_000)


def rounded(count: int, base: int = 5) -> int:
    return base * ((count + base // 2) // base)


def results(values, *, geo="LT", times=None, breakdowns=None, base=5, unit="persons", flags="") -> pandas.DataFrame:
    """Made-up results, one a value."""
    low, high = rounding_bounds(values, base)
    number = len(values)
    return pandas.DataFrame(
        {
            "indicator": "made_up", "geo": geo, "breakdown": breakdowns or [""] * number,
            "time": times or [str(2000 + position) for position in range(number)],
            "value": numpy.asarray(values, float), "low": low, "high": high, "unit": unit, "flags": flags,
            "dataset": "made_up", "vintage": "2000-01-01",
        },
        columns=RESULT_COLUMNS,
    )  # fmt: skip


def test_the_recognition_rate_of_the_published_facts_has_its_published_interval():
    # shared/facts.csv: 85 of 180 is 47.2, rounding interval 45.2 to 49.3.
    share = formulas.share(results([85], times=["2015"]), results([180], times=["2015"]), "rate").iloc[0]
    assert (round(share.value, 1), round(share.low, 1), round(share.high, 1)) == (47.2, 45.2, 49.3)


def test_an_exact_count_has_no_interval_and_a_rounded_zero_is_not_negative():
    assert [bound.tolist() for bound in rounding_bounds([7, 0], 1)] == [[7, 0], [7, 0]]
    assert [bound.tolist() for bound in rounding_bounds([10, 0], 5)] == [[7.5, 0], [12.5, 2.5]]


def test_a_rate_with_one_decimal_lies_within_half_a_tenth_and_a_gap_within_a_tenth():
    low, high = rounding_bounds([69.3, 0.0], 0.1)
    assert low == pytest.approx([69.25, 0.0]) and high == pytest.approx([69.35, 0.05])
    gap = formulas.difference(results([69.3], base=0.1), results([77.4], base=0.1), "gap", "percentage points").iloc[0]
    assert (gap.value, gap.low, gap.high) == pytest.approx((-8.1, -8.2, -8.0))


@given(COUNTS, COUNTS)
def test_bounds_hold_the_truth_of_every_ratio(part, whole):
    whole = max(part, whole, 1)
    low, high = ratio_bounds(rounding_bounds(rounded(part), 5), rounding_bounds(rounded(whole), 5))
    assert low <= part / whole <= high


@given(st.lists(COUNTS, min_size=1, max_size=12))
def test_bounds_hold_the_truth_of_what_is_left(parts):
    whole, *taken = parts
    whole += sum(taken)
    low, high = difference_bounds(
        rounding_bounds(rounded(whole), 5), [rounding_bounds(rounded(part), 5) for part in taken]
    )
    assert low <= whole - sum(taken) <= high


@given(st.lists(COUNTS, min_size=1, max_size=27))
def test_bounds_of_a_rank_hold_the_true_rank_and_the_published_one(truth):
    best, worst = rank_bounds(rounding_bounds([rounded(count) for count in truth], 5))
    published = results(
        [rounded(count) for count in truth], geo=[f"G{i:02}" for i in range(len(truth))], times=["2022"] * len(truth)
    )
    ranked = formulas.rank(published, "rank")["value"].to_numpy()
    true_ranks = pandas.Series(truth).rank(ascending=False, method="min").to_numpy()
    assert (best <= true_ranks).all() and (true_ranks <= worst).all()
    assert (best <= ranked).all() and (ranked <= worst).all()


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), min_size=1, max_size=6))
def test_bounds_of_a_rank_are_the_best_and_worst_that_any_values_within_them_have(intervals):
    """By brute force: every combination of the ends and of the values between, ties sharing the better rank."""
    low, high = [low for low, _ in intervals], [low + width for low, width in intervals]
    found = [
        [1 + sum(other > own for other in values) for own in values]
        for values in itertools.product(*({a, (a + b) / 2, b} for a, b in zip(low, high)))
    ]
    best, worst = rank_bounds((numpy.array(low), numpy.array(high)))
    assert best.tolist() == numpy.min(found, axis=0).tolist()
    assert worst.tolist() == numpy.max(found, axis=0).tolist()


@given(st.lists(st.integers(0, 500), min_size=1, max_size=27, unique=True))
def test_a_rank_without_ties_is_a_permutation(values):
    published = results(values, geo=[f"G{i:02}" for i in range(len(values))], times=["2022"] * len(values), base=1)
    assert sorted(formulas.rank(published, "rank")["value"]) == list(range(1, len(values) + 1))


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=30), st.integers(1, 12))
def test_the_largest_and_all_other_make_up_the_total(counts, most):
    parts = results(
        [rounded(c) for c in counts],
        times=["2022"] * len(counts),
        breakdowns=[f"citizen=C{i:02}" for i in range(len(counts))],
    )
    total = results([rounded(sum(counts))], times=["2022"])
    leading = formulas.largest(parts, total, "citizen", most)
    if len(leading):
        named, other = leading.iloc[:-1], leading.iloc[-1]
        assert other.breakdown == "citizen=OTHER" and len(named) <= most
        assert named["value"].is_monotonic_decreasing
        assert other.value == max(total["value"][0] - named["value"].sum(), 0)
        chosen = [counts[int(text.removeprefix("citizen=C"))] for text in named["breakdown"]]
        assert other.low <= sum(counts) - sum(chosen) <= other.high


def test_a_country_without_a_value_has_no_rank_and_does_not_count():
    published = results([10, math.nan, 30], geo=["AT", "BE", "BG"], times=["2022"] * 3, flags=["", "x", ""])
    ranked = formulas.rank(published, "rank").set_index("geo")
    assert ranked.loc["BG", "value"] == 1 and ranked.loc["AT", "value"] == 2
    assert math.isnan(ranked.loc["BE", "value"]) and ranked.loc["BE", "flags"] == "x"
    assert formulas.number_ranked(published, "ranked", "EU27_2020", "countries")["value"].tolist() == [2]


def test_equal_values_share_the_better_rank():
    published = results([50, 50, 20], geo=["AT", "BE", "BG"], times=["2022"] * 3)
    assert formulas.rank(published, "rank")["value"].tolist() == [1, 1, 3]


def test_shares_on_a_tiny_whole_are_withheld_and_say_so():
    parts, whole = results([10], times=["2022"]), results([25], times=["2022"])
    share = formulas.share(parts, whole, "share").iloc[0]
    assert math.isnan(share.value) and math.isnan(share.low) and share["flags"] == "u"
    assert formulas.share(parts, results([30], times=["2022"]), "share").iloc[0]["flags"] == ""


def test_a_change_is_on_the_period_before_and_withheld_on_a_tiny_one():
    series = results([20, 40, 60, math.nan], flags=["", "", "", "x"])
    now, before = series.iloc[1:], series.iloc[:-1]
    changes = formulas.change(now, before, "change").set_index("time")
    assert math.isnan(changes.loc["2001", "value"]) and changes.loc["2001", "flags"] == "u"
    assert changes.loc["2002", "value"] == 50
    assert changes.loc["2002", "low"] == pytest.approx((57.5 / 42.5 - 1) * 100)
    assert math.isnan(changes.loc["2003", "value"]) and changes.loc["2003", "flags"] == "x"


@pytest.mark.parametrize("formula", [formulas.change, formulas.change_in_points])
def test_a_change_breaks_where_its_later_period_does_and_not_where_its_earlier_one_is_the_first_after_a_break(formula):
    series = results([50, 60, 70], flags=["", "b", "p"])
    changes = formula(series.iloc[1:], series.iloc[:-1], "change").set_index("time")
    assert changes["flags"].to_dict() == {"2001": "b", "2002": "p"}


def test_a_missing_part_makes_the_whole_missing_and_flags_are_kept():
    whole = results([100], times=["2022"], flags="b")
    missing = results([math.nan], times=["2022"], flags="x")
    left = formulas.less(whole, [missing]).iloc[0]
    assert math.isnan(left.value) and left["flags"] == "bx"
    ratio = formulas.ratio(whole, missing, "ratio", "", 1).iloc[0]
    assert math.isnan(ratio.value) and ratio["flags"] == "bx"


def test_a_ratio_without_a_denominator_is_not_available():
    ratio = formulas.ratio(results([5], times=["2022"]), results([5], times=["2021"]), "ratio", "", 1).iloc[0]
    assert math.isnan(ratio.value) and ratio["flags"] == "x"


@given(st.integers(1900, 2100), st.integers(0, 11), st.integers(-40, 40))
def test_periods_shift_there_and_back(year, within, periods):
    for time in (str(year), f"{year}-Q{within % 4 + 1}", f"{year}-{within + 1:02}"):
        assert shift(shift(time, periods), -periods) == time
    assert shift("2022-Q4", 1) == "2023-Q1" and shift("2023-01", -1) == "2022-12"


def test_a_gap_is_to_the_group_of_reference_of_the_same_place_time_and_other_codes():
    rates = results(
        [66.8, 86.0], breakdowns=["citizen=X;sex=F", "citizen=X;sex=M"], times=["2024"] * 2, base=0.1, unit="%"
    )
    references = results(
        [78.7, 79.8], breakdowns=["citizen=NAT;sex=F", "citizen=NAT;sex=M"], times=["2024"] * 2, base=0.1
    )
    gaps = formulas.gap(rates, references.iloc[::-1], ["citizen"], "gap", "percentage points")
    assert gaps["value"].tolist() == [-11.9, 6.2] and gaps["breakdown"].tolist() == rates["breakdown"].tolist()
    assert (gaps["high"] - gaps["low"]).tolist() == pytest.approx([0.2, 0.2])


def test_a_gap_to_a_group_without_a_value_is_missing_and_keeps_both_flags():
    rates = results([66.8], breakdowns=["citizen=X"], base=0.1, flags="b")
    references = results([math.nan], breakdowns=["citizen=NAT"], base=0.1, flags="u")
    (gap,) = formulas.gap(rates, references, ["citizen"], "gap", "percentage points").itertuples()
    assert math.isnan(gap.value) and gap.flags == "bu"


def test_what_is_of_low_reliability_is_not_compared():
    rates = results([66.8, 91.4, 70.0], flags=["", "u", "b"])
    reliable = formulas.only_reliable(rates)
    assert reliable["value"].isna().tolist() == [False, True, False] and rates["value"].notna().all()
