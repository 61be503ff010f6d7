"""A number as a page shows it, read back: whether it is the result that it is said to be.

It is read as a reader does, not worded again: another version may word a number otherwise, yet no version changes it.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale

from workbench.model.types import Result
from workbench.presentation.wording import without_sign

_MINUS = "\N{MINUS SIGN}"
_POWERS_OF_WORDS = (3, 6, 9)
_COMPACT_FROM = 10_000
_SLACK = 1e-6
"""Of a last digit: files of results keep ten digits, and binary fractions are not decimal ones."""


@dataclass(frozen=True)
class _Token:
    """A number in a text: its value, and that of its last digit."""

    number: float
    step: float

    def rounds(self, value: float) -> bool:
        """Whether it is the value, rounded to its digits."""
        return self.number == value or abs(self.number - value) <= self.step * (0.5 + _SLACK)

    def is_below(self, low: float) -> bool:
        """Whether it is the end of an interval, rounded down."""
        return self.number == low or -self.step * _SLACK <= low - self.number < self.step * (1 - _SLACK)

    def is_above(self, high: float) -> bool:
        """Whether it is the end of an interval, rounded up."""
        return self.number == high or -self.step * _SLACK <= self.number - high < self.step * (1 - _SLACK)


def is_told(text: str, result: Result, language: str, in_sentence: bool) -> bool:
    """Whether a text tells a result.

    Parameters
    ----------
    text : str
        What a page shows: ``1,025``, ``11–18 %``, ``100 (86–114)``, ``<0.1``, ``[x]``.
    result : Result
        What it should tell.
    language : str
        That of the page, which decides what separates thousands and decimals.
    in_sentence : bool
        Whether it may also tell a number without its sign, in words (``2.81 million``), or one end of its interval, as sentences
        do.
    """
    tokens = _tokens(text, language)
    if not result.is_available or not tokens:
        return not result.is_available and not tokens
    is_least = "<" in text or ">" in text
    told = [result, without_sign(result)] if in_sentence else [result]
    if in_sentence and len(tokens) == 1 and not is_least and _is_in_words(tokens[0], result, text):
        return True
    return any(_is_beyond(tokens, one) if is_least else _are_told(tokens, one) for one in told)


def is_interval(text: str, result: Result, language: str) -> bool:
    """Whether a text tells the bounds of a result, and nothing else."""
    match _tokens(text, language):
        case [low, high]:
            return low.is_below(result.low) and high.is_above(result.high)
        case [both]:
            return both.is_below(result.low) and both.is_above(result.high)
    return False


def _are_told(tokens: Sequence[_Token], result: Result) -> bool:
    """Whether numbers are the value, the bounds, or the value and its bounds; bounds may be one in the digits shown."""
    match tokens:
        case [one]:
            return one.rounds(result.value) or (one.is_below(result.low) and one.is_above(result.high))
        case [low, high]:
            return low.is_below(result.low) and high.is_above(result.high)
        case [value, low, high]:
            return value.rounds(result.value) and low.is_below(result.low) and high.is_above(result.high)
    return False


def _is_in_words(token: _Token, result: Result, text: str) -> bool:
    """An end of the interval; or a large number in thousands or millions."""
    if token.is_below(result.low) or token.is_above(result.high):
        return True
    is_large = abs(result.value) >= _COMPACT_FROM and any(map(str.isalpha, text))
    return is_large and any(token.rounds(result.value / 10**power) for power in _POWERS_OF_WORDS)


def _is_beyond(tokens: Sequence[_Token], result: Result) -> bool:
    """Whether a result is nearer to nothing than the one number shown: ``<0.1``, ``>−0.1``."""
    value = result.value
    return len(tokens) == 1 and 0 < abs(value) < abs(tokens[0].number) and (value < 0) == (tokens[0].number < 0)


def _tokens(text: str, language: str) -> Sequence[_Token]:
    return [_token(found, language) for found in _number(language).finditer(text)]


def _token(found: re.Match[str], language: str) -> _Token:
    sign, whole, decimals = found["sign"], found["whole"] or "", found["decimals"] or ""
    if not whole:
        return _Token(math.inf, 1.0)
    number = float(f"{re.sub(r'[^0-9]', '', whole)}.{decimals or 0}")
    return _Token(-number if sign else number, 10.0 ** -len(decimals))


@cache
def _number(language: str) -> re.Pattern[str]:
    """A number as a language writes it."""
    symbols = Locale.parse(language).number_symbols["latn"]
    group, decimal = re.escape(symbols["group"]), re.escape(symbols["decimal"])
    return re.compile(
        rf"(?P<sign>{_MINUS})?(?:(?P<whole>\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{decimal}(?P<decimals>\d+))?|∞)",
        re.ASCII,
    )
