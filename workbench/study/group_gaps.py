"""A group's rate beside that of the group it is compared with: what can be said of the gap between estimates."""

from collections.abc import Iterable

from workbench.indicators.results import Results
from workbench.model.sentence import Sentence
from workbench.model.types import WITHHELD, Result
from workbench.study.choosing import is_open

SLIGHT = 1.0
"""Percentage points: a smaller difference of two estimates is told by both, for it may be chance. How far sampling is off is
not published with them."""


def is_slight(gap: Result) -> bool:
    """Whether rounding leaves open which of two rates is higher, or chance may."""
    return is_open(gap) or abs(gap.value) < SLIGHT


def by_gap(
    gap: Result, *, above: Sentence, below: Sentence, alike: Sentence, uncertain: Sentence, alone: Sentence
) -> Sentence:
    """The sentence that fits a group's rate and its gap to the group of reference.

    Parameters
    ----------
    gap : Result
        The rate of the group less that of the group of reference; it carries the flags of both.
    above, below : Sentence
        What is said of a reliable gap.
    alike : Sentence
        What is said where rounding or chance may be all that there is to it; see `is_slight`.
    uncertain : Sentence
        What is said where an estimate is flagged as of low reliability: both rates, and no difference.
    alone : Sentence
        What is said where the group has no rate: that of the group of reference.
    """
    if not gap.is_available:
        return alone
    if not gap.is_reliable:
        return uncertain
    if is_slight(gap):
        return alike
    return above if gap.value > 0 else below


def by_two_gaps(
    first: Result,
    second: Result,
    *,
    both_below: Sentence,
    both_above: Sentence,
    first_below: Sentence,
    first_above: Sentence,
    side_by_side: Sentence,
) -> Sentence:
    """The sentence that fits the gaps of two parts of a group, women and men: on one side of nothing, or on either.

    ``side_by_side`` gives the rates without a difference, where one of the gaps is slight, of low reliability or missing.
    """
    if any(not gap.is_reliable or is_slight(gap) for gap in (first, second)):
        return side_by_side
    if (first.value > 0) == (second.value > 0):
        return both_above if first.value > 0 else both_below
    return first_above if first.value > 0 else first_below


def withheld_codes(results: Iterable[Result], dimension: str) -> tuple[tuple[str, str], ...]:
    """Dimension and code of what the provider withholds for its low reliability, in the order of the results."""
    withheld = Results(result for result in results if not result.is_available and WITHHELD in result.flags)
    return tuple(dict.fromkeys((dimension, result.code(dimension)) for result in withheld))
