"""Which of several sentences fits the numbers."""

from workbench.model.sentence import Sentence
from workbench.model.types import BREAK, Result


def first_complete(*sentences: Sentence) -> Sentence:
    """The first of some sentences whose numbers are all there; the first of all, where none is."""
    return next((sentence for sentence in sentences if sentence.is_complete), sentences[0])


def by_direction(change: Result, rise: Sentence, fall: Sentence, level: Sentence) -> Sentence:
    """The sentence that fits a change; that for a rise, which then says what is missing, where it is not available."""
    if not change.is_available or change.value > 0:
        return rise
    return fall if change.value < 0 else level


SMALL_BASE = 100
"""A change in per cent on fewer persons says more about the small base than about the change."""

STEEP = 200.0
"""A steeper rise is expressed by its two numbers."""


def is_open(difference: Result) -> bool:
    """Whether rounding leaves open if a change or difference is above or below zero."""
    return difference.low <= 0 <= difference.high


def told_by_numbers(change: Result, before: Result) -> bool:
    """Whether a change is expressed as "from 315 to 3,940": from a small base, by so much that per cent says nothing, or where
    rounding leaves open whether it is a rise."""
    return before.value < SMALL_BASE or change.value > STEEP or is_open(change)


def by_change(
    number: Result,
    change: Result,
    before: Result,
    *,
    rise: Sentence,
    fall: Sentence,
    level: Sentence,
    from_to: Sentence,
    alone: Sentence,
    broken: Sentence | None = None,
) -> Sentence:
    """The sentence that fits a number and its change on the period before.

    Parameters
    ----------
    number : Result
        The number that is told.
    change : Result
        Its change on the period before, in per cent. It carries the flag of a break only where the series breaks in between.
    before : Result
        The number of the period before.
    rise, fall : Sentence
        What is said of a change in per cent.
    level : Sentence
        What is said where both numbers are published as the same. Where they are rounded, they are so only to the rounding.
    from_to : Sentence
        What is said by both numbers, where per cent would mislead; see `told_by_numbers`.
    alone : Sentence
        What is said where no change is known.
    broken : Sentence, optional
        What is said where the series breaks between the two; ``alone`` by default.
    """
    has_both = number.is_available and before.is_available
    if has_both and BREAK in change.flags:
        return broken or alone
    if has_both and number.value == before.value:
        return level
    if not (has_both and change.is_available):
        return from_to if from_to.is_complete and before.value < SMALL_BASE else alone
    if told_by_numbers(change, before):
        return from_to
    return by_direction(change, rise, fall, level)
