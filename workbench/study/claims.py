"""What a sentence claims beyond its numbers, and whether the numbers bear it out.

A superlative needs the whole field: enough numbers to choose among, a first that rounding does not leave open, and parts
that leave no room in their whole for a larger one. "Most of" needs more than half. A sentence whose message says such a
word must bind a number that was looked for in its field, or it is refused.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter

from workbench.model.errors import FalseStatement
from workbench.model.types import Result

SEVERAL = 3
"""A superlative among one or two says nothing."""

_SUPERLATIVE = re.compile(
    r"(?<!at )(?<!at the )\b(?:most|least|fewest|largest|smallest|highest|lowest|greatest|busiest)\b|\bmajority\b|\bmore than half\b",
    re.IGNORECASE,
)
# "most numerous", "most often": the word belongs to what follows, and claims no majority.
_MAJORITY = re.compile(
    r"(?<!at )(?<!at the )\bmost\b(?! (?:numerous|often|frequent|frequently)\b)|\bmajority\b|\bmore than half\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Extreme:
    """A number that is the highest or lowest of a field that was looked at; bind it where a sentence says so.

    Attributes
    ----------
    result : Result
        The number.
    is_majority : bool
        Whether it is certainly more than half of the whole, or of all of the field.
    """

    result: Result
    is_majority: bool = False


def highest(field: Iterable[Result], whole: Result | None = None) -> Extreme | None:
    """The highest of some results, if it can be determined.

    Parameters
    ----------
    field : iterable of Result
        What is compared: all of one indicator.
    whole : Result, optional
        What they are parts of. The rest of it must be less than the highest of them, or an unknown part may be higher.

    Returns
    -------
    Extreme or None
        None for fewer than `SEVERAL` available numbers, where rounding leaves open which is highest, where that is of low
        reliability, and where too much of the whole is in none of the parts.
    """
    there = sorted((result for result in field if result.is_available), key=lambda result: -result.value)
    if len(there) < SEVERAL or not there[0].is_reliable:
        return None
    if there[0].low < there[1].high or there[0].value == there[1].value:
        return None
    first, known = there[0], sum(result.value for result in there)
    if whole is not None and not whole.value - known < first.value:
        return None
    all_parts = whole.high if whole is not None else sum(result.high for result in there)
    return Extreme(first, is_majority=first.low > all_parts / 2)


def lowest(field: Iterable[Result]) -> Extreme | None:
    """The lowest of some results, if it can be determined; see `highest`."""
    there = sorted((result for result in field if result.is_available), key=lambda result: result.value)
    if len(there) < SEVERAL or not there[0].is_reliable:
        return None
    if there[0].high > there[1].low or there[0].value == there[1].value:
        return None
    return Extreme(there[0])


def refuse_unfounded(message: str, bound: Mapping) -> None:
    """Refuse a message whose claim no bound number supports.

    Parameters
    ----------
    message : str
        In English, the language that messages are written in: what is true of it is true of its translations.
    bound : mapping
        What is bound by the study. A message that binds nothing says what is measured, and claims nothing.

    Raises
    ------
    FalseStatement
        For a superlative without an `Extreme`, and for "most" without a majority.
    """
    extremes = [value for value in bound.values() if isinstance(value, Extreme)]
    words = " ".join(literal for literal, *_ in Formatter().parse(message))
    if not bound or not _SUPERLATIVE.search(words):
        return
    if not extremes:
        raise FalseStatement(
            "a sentence says a superlative that no number bears out",
            where=message,
            expected="a number found by study.highest or study.lowest in the whole field, bound to the sentence",
            hint="look for it there, and say something else where it returns None",
        )
    if _MAJORITY.search(words) and not any(extreme.is_majority for extreme in extremes):
        raise FalseStatement(
            'a sentence says "most", and its number is not more than half',
            where=message,
            expected="more than half of the whole",
            found=", ".join(str(extreme.result.value) for extreme in extremes),
            hint='say "the largest number", or "the largest group"',
        )
