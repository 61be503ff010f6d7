"""Which of the numbers shown a reader must take with care, by their flags."""

from collections.abc import Iterable

from workbench.model.types import BREAK, Result


def breaks_by_period(results: Iterable[Result]) -> dict[str, list[str]]:
    """The periods in which series break, the newest first, each with its indicators."""
    found: dict[str, list[str]] = {}
    for result in results:
        if result.is_available and BREAK in result.flags and result.indicator not in found.get(result.time, ()):
            found.setdefault(result.time, []).append(result.indicator)
    return dict(sorted(found.items(), reverse=True))


def flagged(results: Iterable[Result], flags: str) -> list[str]:
    """The indicators of which a number that is there has one of some flags."""
    found = (result.indicator for result in results if result.is_available and not set(flags).isdisjoint(result.flags))
    return list(dict.fromkeys(found))
