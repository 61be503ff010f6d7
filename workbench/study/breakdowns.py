"""What a breakdown tells of its whole: whether it was recorded, in one part or several, and for how many."""

from collections.abc import Iterable, Sequence

from workbench.indicators.results import Results
from workbench.model.types import OTHER, Result


def named_codes(parts: Iterable[Result], dimension: str) -> list[str]:
    """The codes of the parts of a whole, without the remainder."""
    return [part.code(dimension) for part in parts if part.code(dimension) != OTHER]


def largest_first(parts: Iterable[Result]) -> Results:
    """The parts that hold anything, the largest first."""
    return Results(
        sorted((part for part in parts if part.is_available and part.value > 0), key=lambda part: -part.value)
    )


def is_not_recorded(parts: Iterable[Result], whole: Result) -> bool:
    """Whether every part is published as zero beside a whole that is not: the whole was not broken down."""
    return whole.value > 0 and all(part.value == 0 for part in parts)


def is_in_one_part(parts: Sequence[Result], whole: Result) -> bool:
    """Whether the whole is in the only one of its parts that holds anything."""
    return len(parts) == 1 and parts[0].value == whole.value


def if_mostly_known(parts: Results, whole: Result) -> Results:
    """The parts, if those that are known make up more than half of their whole; else none, for they would say little."""
    known = sum(part.value for part in parts if part.is_available)
    return parts if whole.is_available and known > whole.value / 2 else Results()
