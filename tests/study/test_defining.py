"""What defines a year: how far a number departs from the years before, and what stands first because of that."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.sentence import Sentence
from workbench.model.types import Result
from workbench.study.defining import OUT_OF_THE_ORDINARY, departure, ordinary_years, the_year_first
from workbench.study.finding import Finding


def number(value: float | None, year: int, unit: str = "persons", flags: str = "") -> Result:
    value = math.nan if value is None else float(value)
    return Result("made_up", "LT", "", str(year), value, value, value, unit, flags, "made_up_data", "2023-01-01")


def series(*values: float | None, unit: str = "persons") -> list[Result]:
    return [number(value, 2000 + place, unit, "" if value is not None else "x") for place, value in enumerate(values)]


def test_a_number_is_compared_with_the_median_of_the_years_before():
    assert departure(series(315, 415, 405, 645, 545, 3940)) == pytest.approx(3940 / 415)
    assert departure(series(1000, 1000, 1000, 250)) == pytest.approx(4)


def test_a_number_such_as_there_was_before_is_no_departure():
    assert departure(series(270, 280, 300, 3275, 735)) == 1


@pytest.mark.parametrize(
    "nothing_to_tell",
    [
        series(100, 200, 300, 400, None),
        series(None, None, 100, 100, 900),
        series(-5000, 200, 300, 400, 9000),
        series(5, 10, 5, 90),
    ],
    ids=["no number", "two years before", "a balance", "few persons"],
)
def test_where_nothing_can_be_told_there_is_no_departure(nothing_to_tell):
    assert departure(nothing_to_tell) == 1


def test_years_before_a_break_are_not_compared():
    broken = series(2639, 4109, 3904, 15413, 14822)
    broken[3] = number(15413, 2003, flags="b")
    assert [result.value for result in ordinary_years(broken)] == [15413]
    assert departure(broken) == 1


def test_what_did_not_apply_before_is_new():
    before = [number(None, year, flags="z") for year in range(2017, 2022)]
    assert departure([*before, number(65110, 2022)]) == math.inf
    assert departure([*before, number(20, 2022)]) == 1
    # What is only not known before is not new.
    assert departure([*before[:-1], number(None, 2021, flags="x"), number(65110, 2022)]) == 1


def test_a_part_of_more_than_half_is_new_only_where_it_was_none_before():
    of_ukraine = series(4628, 6144, 8893, 9419, 6327, 43905)
    assert departure(of_ukraine, series(13.9, 16.4, 19.3, 20.5, 14.1, 50.3, unit="%")) == math.inf
    assert departure(of_ukraine, series(13.9, 16.4, 51.0, 20.5, 14.1, 50.3, unit="%")) == pytest.approx(43905 / 6327)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=12))
def test_it_is_never_less_than_one(values):
    assert departure(series(*values)) >= 1


def finding(text: str, *stated: Result) -> Finding:
    bound = {f"stated_{place}": result for place, result in enumerate(stated)}
    return Finding(Sentence("".join([text, *(f"{{{name}}}" for name in bound)]), bound), None)


@given(st.lists(st.floats(1, 100), max_size=9))
def test_at_most_two_are_moved_and_none_is_lost(departures):
    told = [(finding(str(place)), departs) for place, departs in enumerate(departures)]
    ordered = the_year_first(told)
    texts = [each.sentence.message for each in ordered]
    assert sorted(texts, key=int) == [str(place) for place in range(len(told))]
    leading = [departs for departs in sorted(departures, reverse=True)[:2] if departs >= OUT_OF_THE_ORDINARY]
    assert [departures[int(text)] for text in texts[: len(leading)]] == leading
    assert [int(text) for text in texts[len(leading) :]] == sorted(int(text) for text in texts[len(leading) :])


def test_a_finding_that_cannot_be_made_is_not_moved():
    ordinary, lacking = finding("ordinary"), finding("lacking", number(None, 2022, flags="x"))
    assert the_year_first([(ordinary, 1.0), (lacking, math.inf)]) == [ordinary, lacking]
