"""A number that is worded is read back as itself, in each language and form; another number is not."""

import re
from dataclasses import replace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from conftest import ROOT
from workbench.declarations.indicators import read_indicators
from workbench.model.paths import Project
from workbench.model.types import Result
from workbench.page.read_back import is_interval, is_told
from workbench.presentation.wording import Wording, flags_beside, without_sign

INDICATORS = read_indicators(Project(ROOT))
WORDINGS = {language: Wording(language, INDICATORS) for language in ("en", "lt")}
UNITS = ["persons", "%", "percentage points", "per million inhabitants", "0–1", "index", "per year", "ratio", "rank"]


def result(value: float, below: float = 0.0, above: float = 0.0, unit: str = "persons") -> Result:
    """What a file of results keeps of a number."""
    low, value, high = (float(f"{number:.10g}") for number in (value - below, value, value + above))
    return Result("asylum_applicants", "LT", "", "2022", value, low, high, unit, "", "migr_asyappctza", "2024-01-18")


@st.composite
def results(draw) -> Result:
    unit = draw(st.sampled_from(UNITS))
    if unit in ("persons", "rank"):
        value = draw(st.integers(0, 50_000_000) if unit == "persons" else st.integers(1, 60))
        width = draw(st.sampled_from([0.0, 2.5, 12.5] if unit == "persons" else [0.0, 1.0, 3.0]))
        return result(value, min(width, value), width, unit)
    value = draw(st.floats(-5_000, 5_000, allow_nan=False).map(lambda number: round(number, 6)))
    width = draw(st.sampled_from([0.0, 0.004, 0.04, 0.4, 4.0, 40.0]))
    return result(value, width, width, unit)


@pytest.mark.parametrize("language", WORDINGS)
@given(shown=results())
@example(shown=result(645, 2.5, 2.5))
@example(shown=result(14.1025641, 2.85, 3.0, "%"))
@example(shown=result(-3.370063142, 0.39, 0.42, "percentage points"))
@example(shown=result(0.004, unit="%"))
@example(shown=result(-0.004, unit="%"))
@example(shown=result(1025))
@example(shown=result(999_999))
def test_what_is_worded_is_read_back(language, shown):
    wording = WORDINGS[language]
    assert is_told(wording.value(shown), shown, language, in_sentence=False)
    assert is_told(wording.full_value(shown), shown, language, in_sentence=False)
    assert is_told(wording.value(shown) + flags_beside(shown), shown, language, in_sentence=True)
    for said in (wording.ordinal(shown), wording.rounded(shown), wording.value(without_sign(shown))):
        assert is_told(said, shown, language, in_sentence=True), said
    if interval := wording.interval(shown):
        assert is_interval(interval, shown, language), interval
        assert is_told(f"{wording.full_value(shown)} ({interval})", shown, language, in_sentence=False)
        for end in ("low", "high"):
            assert is_told(wording.end(shown, end), shown, language, in_sentence=True)


@pytest.mark.parametrize("language", WORDINGS)
@given(shown=results(), data=st.data())
def test_another_digit_is_another_number(language, shown, data):
    text = WORDINGS[language].value(shown)
    digits = [at for at, sign in enumerate(text) if sign.isdecimal()]
    at, other = data.draw(st.sampled_from(digits)), data.draw(st.sampled_from("0123456789"))
    assume(text[at] != other)
    altered = text[:at] + other + text[at + 1 :]
    # The bound "less than" holds of more than one number, and a half is rounded either way.
    assume("<" not in text and ">" not in text)
    assume(len(re.findall(r"\d", text)) and not is_half(shown, text))
    assert not is_told(altered, shown, language, in_sentence=False), altered


def is_half(shown: Result, text: str) -> bool:
    """Whether the value lies in the middle between two numbers of its digits."""
    return any(abs(abs(shown.value) * 10**places % 1 - 0.5) < 1e-5 for places in range(4))


def test_what_is_not_there_has_no_number():
    missing = replace(result(0), value=float("nan"), low=float("nan"), high=float("nan"), flags="x")
    assert is_told("[x]", missing, "en", in_sentence=False)
    assert not is_told("0", missing, "en", in_sentence=False)
    assert not is_told("[x]", result(0), "en", in_sentence=False)


def test_an_interval_may_be_open():
    assert is_told("12–∞", replace(result(14), low=12.0, high=float("inf")), "en", in_sentence=False)
    assert not is_told("12–15", replace(result(14), low=12.0, high=float("inf")), "en", in_sentence=False)
