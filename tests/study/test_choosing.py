"""Which of several sentences fits the numbers: of a change, and the first that is complete."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from both_languages import text_of
from made_up_results import said
from workbench.model.sentence import Period
from workbench.model.types import Result
from workbench.study import Study
from workbench.study.choosing import by_change, by_direction, first_complete


def made_up(value: float, half: float = 0.0) -> Result:
    """A made-up result."""
    return Result(
        "asylum_applicants", "LT", "", "2022", value, value - half, value + half, "persons",
        "x" if math.isnan(value) else "", "migr_asyappctza", "2024-01-18",
    )  # fmt: skip


def sentence_told(number: Result, change: Result, before: Result, *without: str) -> str:
    """Which of the sentences is chosen; ``from_to`` states both numbers, and what is left out is none."""
    names = {"rise", "fall", "level", "from_to", "alone", "broken"} - set(without)
    sentences = {name: said(name, number, *([before] if name == "from_to" else [])) for name in names}
    return by_change(number, change, before, **sentences).message.split()[0]


def per_cent(value: float, half: float = 0.0, flags: str = "") -> Result:
    return dataclasses.replace(made_up(value, half=half), unit="%", flags=flags)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (3940, 1025, "fall"),
        (1000, 1500, "rise"),
        (500, 500, "level"),
        (315, 3940, "from_to"),
        (80, 40, "from_to"),
        (80, 80, "level"),
    ],
)
def test_a_change_from_a_small_base_or_by_a_multiple_is_told_by_its_numbers(before, now, expected):
    change = per_cent((now / before - 1) * 100)
    assert sentence_told(made_up(now), change, made_up(before)) == expected


@pytest.mark.parametrize(("half", "expected"), [(9.0, "rise"), (10.0, "from_to"), (12.0, "from_to")])
def test_a_change_of_which_rounding_leaves_the_direction_open_is_told_by_its_numbers(half, expected):
    assert sentence_told(made_up(165), per_cent(10, half), made_up(150)) == expected


def test_the_same_published_numbers_are_level_though_rounding_leaves_them_open():
    assert sentence_told(made_up(500, half=2.5), per_cent(0, 1.0), made_up(500, half=2.5)) == "level"
    # A change on zero is none that could be given in per cent.
    assert sentence_told(made_up(0), per_cent(math.nan), made_up(0)) == "level"


@pytest.mark.parametrize("now", [500, 600])
def test_a_change_across_a_break_is_told_to_be_one(now):
    change = per_cent((now / 500 - 1) * 100, flags="b")
    assert sentence_told(made_up(now), change, made_up(500)) == "broken"
    assert sentence_told(made_up(now), change, made_up(500), "broken") == "alone"


def test_without_the_year_before_the_number_stands_alone():
    nothing = made_up(math.nan)
    assert sentence_told(made_up(500), nothing, nothing) == "alone"
    assert sentence_told(nothing, nothing, made_up(50)) == "alone"


def test_on_a_small_base_both_numbers_are_told_though_no_change_is_known():
    assert sentence_told(made_up(40), per_cent(math.nan), made_up(0)) == "from_to"
    assert sentence_told(made_up(400), per_cent(math.nan), made_up(200)) == "alone"


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(0, 2))
def test_a_change_in_per_cent_is_told_only_where_its_direction_is_known(now, before, half):
    number, earlier = made_up(now, half=half), made_up(before, half=half)
    low, high = ((now - half) / (before + half) - 1) * 100, ((now + half) / max(before - half, 0.5) - 1) * 100
    change = dataclasses.replace(per_cent((now / before - 1) * 100), low=low, high=high)
    told = sentence_told(number, change, earlier)
    assert told != "rise" or number.low > earlier.high
    assert told != "fall" or number.high < earlier.low
    assert (told == "level") == (now == before)


def test_a_study_says_the_sentence_that_fits_a_change():
    study = Study.open("asylum_applications", country="LT", year=2022)
    number, change, before = study.in_the_year("asylum_applicants")
    told = study.say_change(
        number,
        change,
        before,
        rise="{change} more",
        fall="{change:abs} fewer: {number} {of}",
        level="as many",
        from_to="{before}, then {number}",
        alone="{number}",
        of=Period("2022"),
    )
    assert text_of(told) == "74% fewer: 1,025 2022" and told.results == (change, number)


def test_the_first_sentence_whose_numbers_are_all_there():
    there, missing = said("there", made_up(5)), said("missing", made_up(math.nan))
    assert first_complete(missing, there) is there and first_complete(missing) is missing


def test_a_direction_is_chosen_by_the_sign_and_a_missing_change_says_what_is_missing():
    sentences = [said(name) for name in ("rise", "fall", "level")]
    for value, expected in ((3, "rise"), (-3, "fall"), (0, "level"), (math.nan, "rise")):
        assert by_direction(made_up(value), *sentences).message == expected
