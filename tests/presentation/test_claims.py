"""What sentences claim beyond their numbers: superlatives, majorities, headlines, the year that is told."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.errors import FalseStatement
from workbench.model.types import Result
from workbench.presentation.blocks import Finding
from workbench.presentation.claims import SEVERAL, Extreme, highest, lowest, refuse_unfounded
from workbench.presentation.sentences import Period, Sentence, by_change, first_complete
from workbench.study import Study


def made_up(value: float, code: str = "", half: float = 0.0, time: str = "2022") -> Result:
    """A made-up result."""
    return Result(
        "asylum_applicants", "LT", f"citizen={code}" if code else "", time, value, value - half, value + half, "persons",
        "x" if math.isnan(value) else "", "migr_asyappctza", "2024-01-18",
    )  # fmt: skip


def parts(*values: float) -> list[Result]:
    return [made_up(value, f"C{number}") for number, value in enumerate(values)]


def said(text: str, *results: Result, periods: tuple[str, ...] = ()) -> Sentence:
    return Sentence(text, text, results, periods)


# Superlatives


def test_the_highest_of_a_field():
    assert highest(parts(5, 20, 10)).result.value == 20 and lowest(parts(5, 20, 10)).result.value == 5


@pytest.mark.parametrize("values", [(), (7,), (7, 5), (7, 7, 5), (7, math.nan, 5)])
def test_none_is_highest_of_one_or_two_or_of_equals(values):
    assert highest(parts(*values)) is None


def test_none_is_highest_where_rounding_leaves_it_open():
    field = [made_up(25, "A", 2.5), made_up(22, "B", 2.5), made_up(5, "C", 2.5)]
    assert highest(field) is None
    assert highest([made_up(30, "A", 2.5), *field[1:]]).result.value == 30


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


# Findings


def test_the_number_at_large_is_one_that_the_sentence_states():
    rank, ranked = made_up(20), made_up(27)
    assert Finding(said("20 of 27", ranked, rank), rank).number is rank
    assert Finding(said("20 of 27", rank), Extreme(rank)).number is rank
    with pytest.raises(FalseStatement, match="not in its sentence"):
        Finding(said("20 of 27", rank), ranked)


def open_study() -> Study:
    return Study.open("temporary_protection", country="LT", year=2022)


def test_a_finding_that_cannot_be_made_is_left_out_and_named_once_below():
    study, missing = open_study(), made_up(math.nan)
    html = study.findings(
        Finding(said("there", made_up(5)), made_up(5)),
        Finding(said("not there", missing), None),
        Finding(said("x", missing), missing),
    ).html
    assert html.count("<li>") == 1 and "not there" not in html
    assert html.count("Asylum applicants (Lithuania, 2022) [x]") == 1
    assert study._record().findings == ["there"]


def test_a_number_is_at_large_once():
    html = (
        open_study()
        .findings(Finding(said("a", made_up(5)), made_up(5)), Finding(said("b", made_up(5)), made_up(5)))
        .html
    )
    assert html.count('class="at-large"') == 1


def test_a_finding_of_another_year_says_so_and_why():
    study, of_2019 = open_study(), made_up(5, time="2019")
    for finding in (
        Finding(said("5", of_2019), of_2019),
        Finding(said("5 in 2019", of_2019, periods=("2019",)), of_2019),
    ):
        with pytest.raises(FalseStatement, match="another year"):
            study.findings(finding)
    because = said("The figures end there.")
    html = study.findings(Finding(said("5 in 2019", of_2019, periods=("2019",)), of_2019, because=because)).html
    assert "The figures end there." in html


def test_the_first_day_of_the_next_year_is_the_end_of_this_one():
    on_the_first = made_up(5, time="2023")
    assert open_study().findings(Finding(said("on 1 January 2023", on_the_first, periods=("2023",)), on_the_first))


# Changes


def sentence_told(number: Result, change: Result, before: Result, *without: str) -> str:
    """Which of the sentences is chosen; ``from_to`` states both numbers, and what is left out is none."""
    names = {"rise", "fall", "level", "from_to", "alone", "broken"} - set(without)
    sentences = {name: said(name, number, *([before] if name == "from_to" else [])) for name in names}
    return by_change(number, change, before, **sentences).text


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


def test_a_study_words_the_sentence_that_fits_a_change():
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
    assert told.text == "74% fewer: 1,025 2022" and told.results == (change, number)


def test_a_part_is_called_more_than_half_only_where_it_certainly_is():
    study, whole = open_study(), made_up(100)
    templates = {"majority": "more than half: {number}", "plurality": "the largest: {number}"}
    for value, expected in ((51, "more than half: 51"), (50, "the largest: 50")):
        largest = highest([dataclasses.replace(part, breakdown="") for part in parts(value, 30, 19)], whole)
        assert study.say_largest(largest, **templates).text == expected


def test_the_first_sentence_whose_numbers_are_all_there():
    there, missing = said("there", made_up(5)), said("missing", made_up(math.nan))
    assert first_complete(missing, there) is there and first_complete(missing) is missing
