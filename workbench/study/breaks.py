"""Where a series breaks: what lies before and after compares only in part."""

from collections.abc import Iterable

from workbench.indicators.results import Results
from workbench.model.types import BREAK, Result


def breaks(series: Iterable[Result]) -> Results:
    """The numbers of a series that are each the first after a break."""
    return Results(result for result in series if BREAK in result.flags and result.is_available)


def since(results: Iterable[Result], time: str) -> Results:
    """The results of a time and of those after it."""
    return Results(result for result in results if result.time >= time)
