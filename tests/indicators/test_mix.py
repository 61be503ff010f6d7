"""Concentration, dissimilarity and season: values worked out by hand, and what holds for any made-up counts."""

import math

import pandas
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_formulas import results, rounded

from workbench.indicators import mix, seasons

FEW = settings(max_examples=40)
"""Each example makes several DataFrames."""

COUNTS = st.lists(st.integers(0, 400), min_size=1, max_size=30).filter(lambda counts: sum(counts) >= 40)


def shares(counts, *, base=1, total=None, unknown=0, geo="LT", vintage="2000-01-01") -> pandas.DataFrame:
    """The mix of made-up counts, each and their total rounded by itself; zeros are there, as where files name them."""
    times, names = ["2022"] * len(counts), [f"citizen=C{position:02}" for position in range(len(counts))]
    near = (lambda count: rounded(count, base)) if base > 1 else (lambda count: count)
    parts = results([near(count) for count in counts], geo=geo, times=times, breakdowns=names, base=base)
    whole = results([near(sum(counts) + unknown if total is None else total)], geo=geo, times=["2022"], base=base)
    beside = results([near(unknown)], geo=geo, times=["2022"], breakdowns=["citizen=UNK"], base=base)
    return mix.shares_of_known(*(frame.assign(vintage=vintage) for frame in (parts, whole, beside)))


def without_total(counts, *, base=5) -> pandas.DataFrame:
    """The mix of made-up counts, each rounded by itself, from a vintage that publishes no total."""
    names = [f"citizen=C{position:02}" for position in range(len(counts))]
    parts = results(
        [rounded(count, base) for count in counts], times=["2022"] * len(counts), breakdowns=names, base=base
    )
    nothing = results([math.nan], times=["2022"], flags="x")
    return mix.shares_of_known(parts, nothing, nothing.assign(breakdown="citizen=UNK"))


def hhi(of):
    return mix.herfindahl_hirschman(of, "hhi", "0–1").iloc[0]


def five(of):
    return mix.share_of_the_largest(of, "five", "%").iloc[0]


def apart(of, other):
    return mix.dissimilarity(of, other, "apart", "%").iloc[0]


def exact_apart(counts, others) -> float:
    """The index of dissimilarity by its definition."""
    longest = max(len(counts), len(others))
    own, other = ([*of, *[0] * (longest - len(of))] for of in (counts, others))
    return 50 * sum(abs(a / sum(own) - b / sum(other)) for a, b in zip(own, other))


# By hand


def test_concentration_worked_out_by_hand():
    # 50, 30 and 20 of 100: 0.25 + 0.09 + 0.04.
    of = shares([50, 30, 20])
    assert hhi(of).value == pytest.approx(0.38) and (hhi(of).low, hhi(of).high) == pytest.approx((0.38, 0.38))
    # 40, 20, 10, 10, 10, 5, 5: the five largest are 90 of 100.
    assert five(shares([40, 20, 10, 10, 10, 5, 5])).value == pytest.approx(90)


def test_dissimilarity_worked_out_by_hand():
    # 60 : 40 : 0 beside 30 : 30 : 40 differ by 30, 10 and 40: half of 80.
    assert apart(shares([60, 40]), shares([30, 30, 40])).value == pytest.approx(40)
    assert apart(shares([60, 0]), shares([0, 60])).value == pytest.approx(100)


def test_shares_are_of_what_is_known_and_not_of_the_total():
    # 50 of each of two: half and half, though 20 are of unknown citizenship.
    assert hhi(shares([50, 50], unknown=20)).value == pytest.approx(0.5)
    # 40 and 40 of 100: the other 20 are neither here nor in the file, and each still is one half of what is known.
    found = hhi(shares([40, 40], total=100))
    # They may be of one citizenship: squares of 40, 40 and 20 of 100, or of 80.
    assert found.value == pytest.approx(0.5) and found.low <= 0.36 <= found.high


def test_a_mix_of_less_than_four_fifths_of_the_total_is_withheld():
    # What is not known may be of any citizenship: 79 of 100 are no mix, 80 are.
    for thin in (
        hhi(shares([40, 39], total=100)),
        five(shares([79], unknown=21)),
        apart(shares([79], total=100), shares([50])),
    ):
        assert math.isnan(thin.value) and thin["flags"] == "u"
    assert not math.isnan(hhi(shares([40, 40], total=100)).value)
    of_a_thin_standard = apart(shares([50]), shares([79], total=100, geo="EU27_2020"))
    assert math.isnan(of_a_thin_standard.value) and of_a_thin_standard["flags"] == "u"


def test_how_much_is_known_is_of_the_published_total():
    # 415 and 585 of 1,025, 13 citizenships at least rounded to zero: 97.6 %, and within 995/1027.5 and 1005/1022.5.
    parts = results([415, 585, 0], times=["2022"] * 3, breakdowns=["citizen=BY", "citizen=XX", "citizen=SY"])
    known = mix.known_share(parts, results([1025], times=["2022"]), "known", "%").iloc[0]
    assert (known.value, known.low, known.high) == pytest.approx((100000 / 1025, 99500 / 1027.5, 100500 / 1022.5))
    nothing = mix.known_share(parts.head(0), results([1025], times=["2022"]), "known", "%").iloc[0]
    assert math.isnan(nothing.value) and nothing["flags"] == "x"


def test_bounds_of_a_rounded_mix_worked_out_by_hand():
    # 60 and 40 of 100, each within 2.5, and up to 2.5 unknown that round to none: the known are 95 to 102.5. So from
    # (57.5² + 37.5²)/102.5²; to 62.5 of 62.5 + 37.5 and 42.5 of 42.5 + 57.5, the other at its lowest, and what the lowest
    # shares leave, 1 − 95/102.5, in parts of 2.5/95.
    found = hhi(shares([60, 40], base=5))
    assert found.low == pytest.approx((57.5**2 + 37.5**2) / 102.5**2)
    assert found.high == pytest.approx(0.625**2 + 0.425**2 + (1 - 95 / 102.5) * 2.5 / 95)


def test_no_index_exceeds_the_largest_share():
    # 30 of 35, the others too small to be seen: all that is known is of one citizenship.
    found = hhi(shares([30], base=5, total=35))
    assert found.value == found.high == 1 and found.low == pytest.approx((27.5 / 37.5) ** 2)


def test_equal_parts_may_stand_for_each_other():
    assert five(shares([10] * 8)).value == pytest.approx(62.5)


def test_fewer_than_thirty_persons_have_no_mix():
    for few in (hhi(shares([20, 9])), five(shares([20, 9])), apart(shares([20, 9]), shares([50]))):
        assert math.isnan(few.value) and few["flags"] == "u"


def test_a_mix_of_two_vintages_names_both():
    # … and is refused as a result, as every number of two vintages is.
    found = apart(shares([50, 50]), shares([50, 50], vintage="2001-01-01"))
    assert found.vintage == "2000-01-01+2001-01-01" and found.dataset == "made_up+made_up"


def test_without_a_standard_there_is_no_dissimilarity():
    found = apart(shares([50, 50]), shares([50, 50]).assign(time="2021"))
    assert math.isnan(found.value) and found["flags"] == "x"


# What holds for any


@FEW
@given(COUNTS)
def test_the_index_lies_between_equal_parts_and_one_part(counts):
    number = sum(count > 0 for count in counts)
    assert 1 / number - 1e-9 <= hhi(shares(counts)).value <= 1 + 1e-9


@FEW
@given(st.integers(1, 40), st.integers(30, 90))
def test_equal_parts_have_the_least_index(number, size):
    assert hhi(shares([size] * number)).value == pytest.approx(1 / number)


@FEW
@given(COUNTS, st.integers(0, 50))
def test_bounds_of_concentration_hold_the_truth_and_the_value(counts, unknown):
    _hold_the_truth(shares(counts, base=5, unknown=unknown), counts)


@FEW
@given(st.lists(st.integers(3, 400), min_size=1, max_size=30).filter(lambda counts: sum(counts) >= 40))
def test_bounds_hold_the_truth_without_a_total_if_no_part_is_too_small_to_be_seen(counts):
    _hold_the_truth(without_total(counts), counts)


@FEW
@given(COUNTS, st.lists(st.integers(1, 80), min_size=1, max_size=3))
@example([2] * 30, [15])
def test_bounds_of_exact_counts_hold_the_truth_of_parts_that_the_file_leaves_out(counts, left_out):
    _hold_the_truth(shares(counts, total=sum(counts) + sum(left_out)), [*counts, *left_out])


def _hold_the_truth(of, counts):
    squares = sum((count / sum(counts)) ** 2 for count in counts)
    largest = 100 * sum(sorted(counts)[-5:]) / sum(counts)
    for found, truth, most in ((hhi(of), squares, 1), (five(of), largest, 100)):
        if not math.isnan(found.value):
            assert found.low - 1e-9 <= truth <= found.high + 1e-9
            assert 0 <= found.low <= found.value <= found.high <= most


@FEW
@given(COUNTS, COUNTS)
def test_bounds_of_dissimilarity_hold_the_truth_and_the_value(counts, others):
    found = apart(shares(counts, base=5), shares(others, base=5))
    if not math.isnan(found.value):
        assert found.low - 1e-9 <= exact_apart(counts, others) <= found.high + 1e-9
        assert 0 <= found.low <= found.value <= found.high <= 100


@FEW
@given(COUNTS, COUNTS)
def test_dissimilarity_is_symmetric_and_that_of_its_definition(counts, others):
    there, back = apart(shares(counts), shares(others)), apart(shares(others), shares(counts))
    assert there.value == pytest.approx(back.value, abs=1e-9) == pytest.approx(exact_apart(counts, others), abs=1e-9)


@FEW
@given(COUNTS, st.sampled_from([1, 5]))
def test_a_mix_does_not_differ_from_itself(counts, base):
    of = shares(counts, base=base)
    found = apart(of, of)
    assert math.isnan(found.value) or (found.value == pytest.approx(0, abs=1e-9) and found.low == 0)


# The season


@FEW
@given(st.lists(st.lists(st.integers(3, 500), min_size=12, max_size=12), min_size=3, max_size=5))
def test_a_season_adds_to_the_whole_and_lies_within_its_bounds(years):
    times = [f"{2000 + place}-{month:02}" for place in range(len(years)) for month in range(1, 13)]
    counts = results([rounded(count) for year in years for count in year], times=times)
    season = seasons.month_shares(counts, str(1999 + len(years)), "season", "%")
    truth = [100 * sum(year[month] / sum(year) for year in years) / len(years) for month in range(12)]
    assert season["value"].sum() == pytest.approx(100)
    assert (season["low"] - 1e-9 <= truth).all() and (truth <= season["high"] + 1e-9).all()
    assert season["value"].between(season["low"], season["high"]).all()


def test_a_year_that_lacks_a_month_makes_no_season():
    times = [f"{year}-{month:02}" for year in range(2000, 2004) for month in range(1, 13)]
    counts = results([10.0] * 36 + [1000.0] * 11 + [math.nan], times=times)
    assert seasons.month_shares(counts, "2003", "season", "%")["value"].tolist() == pytest.approx([100 / 12] * 12)


def test_the_expected_rate_weighs_the_rates_of_the_standard_by_what_is_here():
    def counts(values: dict[str, float]) -> pandas.DataFrame:
        codes = [f"partner={code}" for code in values]
        return results(list(values.values()), times=["2022"] * len(values), breakdowns=codes, base=1)

    own = counts({"BY": 30, "TR": 10, "UA": 0})
    part, whole = counts({"BY": 5, "TR": 50, "UA": 1}), counts({"BY": 100, "TR": 100, "UA": 0})
    expected = mix.expected_rate(own, part, whole, "expected", "%").iloc[0]
    assert expected["value"] == pytest.approx((30 * 5 + 10 * 50) / 40)
    unknown = mix.expected_rate(own, part, counts({"BY": 100}), "expected", "%").iloc[0]
    assert math.isnan(unknown["value"]) and unknown["flags"] == "x"


def test_the_number_of_parts_is_of_those_that_hold_anything():
    parts = results([3, 0, 7], times=["2022"] * 3, breakdowns=["partner=BY", "partner=RU", "partner=UA"], base=1)
    number = mix.number_of_parts(parts, "countries", "countries").iloc[0]
    assert (number["value"], number["breakdown"], number["flags"]) == (2, "", "")
