"""What sentences claim beyond their numbers: superlatives and majorities."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from both_languages import text_of
from workbench.model.errors import FalseStatement
from workbench.model.sentence import Period
from workbench.model.types import Result
from workbench.study import Study
from workbench.study.claims import SEVERAL, highest, lowest, refuse_unfounded


def made_up(value: float, code: str = "", half: float = 0.0, time: str = "2022") -> Result:
    """A made-up result."""
    return Result(
        "asylum_applicants", "LT", f"citizen={code}" if code else "", time, value, value - half, value + half, "persons",
        "x" if math.isnan(value) else "", "migr_asyappctza", "2024-01-18",
    )  # fmt: skip


def parts(*values: float) -> list[Result]:
    return [made_up(value, f"C{number}") for number, value in enumerate(values)]


def test_the_highest_of_a_field():
    assert highest(parts(5, 20, 10)).result.value == 20 and lowest(parts(5, 20, 10)).result.value == 5


@pytest.mark.parametrize("values", [(), (7,), (7, 5), (7, 7, 5), (7, math.nan, 5)])
def test_none_is_highest_of_one_or_two_or_of_equals(values):
    assert highest(parts(*values)) is None


def test_none_is_highest_where_rounding_leaves_it_open():
    field = [made_up(25, "A", 2.5), made_up(22, "B", 2.5), made_up(5, "C", 2.5)]
    assert highest(field) is None
    assert highest([made_up(30, "A", 2.5), *field[1:]]).result.value == 30


def test_an_estimate_of_low_reliability_is_neither_highest_nor_lowest():
    field = [dataclasses.replace(part, flags="u") if part.value == 20 else part for part in parts(5, 20, 10)]
    assert highest(field) is None and lowest(field).result.value == 5
    assert lowest([dataclasses.replace(part, flags="bu") for part in parts(5, 20, 10)]) is None


def test_an_unknown_part_that_may_be_larger_forbids_a_superlative():
    """Switzerland 2021: of 144 907 immigrants the citizenship of 14 is known."""
    assert highest(parts(14, 3, 2), whole=made_up(144_907)) is None
    assert highest(parts(415, 300, 200), whole=made_up(1_025)).result.value == 415


@given(st.lists(st.integers(0, 1_000), min_size=SEVERAL, max_size=20), st.integers(0, 5_000))
def test_what_is_called_highest_is_highest_whatever_the_unknown_part_is(values, unknown):
    found = highest(parts(*values), whole=made_up(sum(values) + unknown))
    if found:
        assert all(found.result.value > value for value in values if value != found.result.value)
        assert values.count(int(found.result.value)) == 1 and found.result.value > unknown
        assert found.is_majority == (found.result.value > (sum(values) + unknown) / 2)


@pytest.mark.parametrize(
    "message",
    [
        "Most decisions were on citizens of {citizenship:genitive}: {number}.",
        "most of the {number} applicants",
        "The largest group were citizens of {citizenship:genitive}: {number}.",
        "No country had more than half: {number}",
    ],
)
def test_a_superlative_without_a_field_is_refused(message):
    with pytest.raises(FalseStatement, match="superlative"):
        refuse_unfounded(message, {"number": made_up(5)})


def test_most_needs_more_than_half():
    largest = highest(parts(45, 30, 25))
    refuse_unfounded("The largest group: {number}", {"number": largest})
    refuse_unfounded("Decisions were most numerous in {year}: {number}", {"number": largest})
    with pytest.raises(FalseStatement, match="not more than half"):
        refuse_unfounded("Most were of one citizenship: {number}", {"number": largest})
    refuse_unfounded("Most were of one citizenship: {number}", {"number": highest(parts(55, 30, 15))})


@pytest.mark.parametrize("message", ["At least {number} persons", "at the most {number}", "In {year}, {number} {most}"])
def test_words_that_claim_nothing_pass(message):
    refuse_unfounded(message, {"number": made_up(5), "most": Period("2022")})


def test_the_study_refuses_in_every_language():
    study = Study.open("temporary_protection", country="LT", year=2022, language="lt")
    with pytest.raises(FalseStatement):
        study.say(
            "The largest number was {stock}.", stock=study.one("temporary_protection_beneficiaries", citizen="UA")
        )


def test_a_part_is_called_more_than_half_only_where_it_certainly_is():
    study, whole = Study.open("temporary_protection", country="LT", year=2022), made_up(100)
    templates = {"majority": "more than half: {number}", "plurality": "the largest: {number}"}
    for value, expected in ((51, "more than half: 51"), (50, "the largest: 50")):
        largest = highest([dataclasses.replace(part, breakdown="") for part in parts(value, 30, 19)], whole)
        assert text_of(study.say_largest(largest, **templates)) == expected
