"""What is told of a gap between two groups: by its sign, its size, and how reliable the estimates are."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.types import Result
from workbench.presentation.sentences import sentence
from workbench.study import SLIGHT, by_gap, by_two_gaps, is_slight, withheld_codes


def gap(value: float, flags: str = "") -> Result:
    """A made-up difference of two rates with one decimal."""
    return Result(
        "employment_gap_pp", "LT", "citizen=NEU27_2020_FOR", "2024", value, value - 0.1, value + 0.1, "percentage points",
        flags or ("u" if math.isnan(value) else ""), "lfsa_ergan", "2025-09-18",
    )  # fmt: skip


ONE = {name: sentence(name, {}) for name in ("above", "below", "alike", "uncertain", "alone")}
TWO = {
    name: sentence(name.replace("_", " "), {})
    for name in ("both_below", "both_above", "first_below", "first_above", "side_by_side")
}


@pytest.mark.parametrize(
    ("difference", "told"),
    [
        (gap(6.2), "above"), (gap(-3.1), "below"), (gap(0.05), "alike"), (gap(-0.9), "alike"), (gap(SLIGHT), "above"),
        (gap(12.4, "u"), "uncertain"), (gap(-12.4, "bu"), "uncertain"), (gap(-5.8, "b"), "below"), (gap(math.nan), "alone"),
    ],
)  # fmt: skip
def test_a_gap_is_told_by_its_sign_unless_it_may_be_chance(difference, told):
    assert by_gap(difference, **ONE) is ONE[told]


@pytest.mark.parametrize(
    ("women", "men", "told"),
    [
        (gap(-11.9), gap(-1.5), "both_below"), (gap(5.9), gap(4.8), "both_above"), (gap(-11.9), gap(6.2), "first_below"),
        (gap(5.9), gap(-4.8), "first_above"), (gap(-11.9), gap(0.7), "side_by_side"), (gap(-11.9, "u"), gap(6.2), "side_by_side"),
        (gap(math.nan), gap(6.2), "side_by_side"),
    ],
)  # fmt: skip
def test_two_gaps_are_told_together(women, men, told):
    assert by_two_gaps(women, men, **TWO) is TWO[told]


@given(st.floats(-60, 60), st.sampled_from(["", "b", "u", "bu", "d"]))
def test_no_direction_is_told_of_what_is_uncertain_or_slight(value, flags):
    told = by_gap(gap(value, flags), **ONE)
    if told in (ONE["above"], ONE["below"]):
        assert "u" not in flags and abs(value) >= SLIGHT and (told is ONE["above"]) == (value > 0)
    assert is_slight(gap(value)) == (abs(value) < SLIGHT)


def test_what_is_withheld_is_named_once_and_what_was_never_there_is_not():
    withheld, absent = gap(math.nan), gap(math.nan, "x")
    assert withheld_codes([withheld, withheld, gap(2.0, "u"), absent], "citizen") == (("citizen", "NEU27_2020_FOR"),)
    assert withheld_codes([dataclasses.replace(absent, geo="LV")], "citizen") == ()
