"""What UNHCR publishes for want of a count: another level of the procedure, and the figures of the year before."""

from collections.abc import Iterable

from workbench.model.types import CARRIED_OVER, Result

FIRST_INSTANCE = "FI"
_WITH_FIRST_DECISIONS = (FIRST_INSTANCE, "NA", "FA")
"""First instance; new applications; first instance and appeal together."""

_PERSONS = "P"


def level_of_most_decisions(by_level: Iterable[Result]) -> str:
    """The level of the procedure with the largest number of a country's first decisions on persons.

    Some countries report no first instance by itself; the first instance where nothing is reported.
    """
    first = [
        result
        for result in by_level
        if result.value > 0 and result.code("dec_level") in _WITH_FIRST_DECISIONS and result.code("counted") == _PERSONS
    ]
    largest = max(first, key=lambda result: result.value, default=None)
    return largest.code("dec_level") if largest else FIRST_INSTANCE


def carried_over(results: Iterable[Result]) -> list[str]:
    """The periods for which the figures of the period before are repeated in every part: a copy, and no count."""
    return sorted({result.time for result in results if CARRIED_OVER in result.flags})
