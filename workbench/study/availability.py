"""What of some results has values: an exhibit shows no row, column or line of which there is none."""

from collections.abc import Iterable

from workbench.indicators.results import Results
from workbench.model.types import Result


def any_available(results: Iterable[Result]) -> bool:
    """Whether any of some results has a value."""
    return any(result.is_available for result in results)


def available(results: Iterable[Result]) -> Results:
    """Those results that have a value."""
    return Results(result for result in results if result.is_available)


def reliable(results: Iterable[Result]) -> Results:
    """Those results that have a value which is not flagged as of low reliability: only they are compared."""
    return Results(result for result in results if result.is_reliable)


def without_empty(results: Results, by: str = "indicator") -> Results:
    """The results of those indicators that have a value somewhere, with their gaps; all, where none has.

    Parameters
    ----------
    results : Results
        What is to be shown.
    by : str
        The attribute to go by: ``geo`` for what no country lacks altogether.
    """
    there = {getattr(result, by) for result in results if result.is_available}
    return Results(result for result in results if getattr(result, by) in there) or results


def from_first_available(results: Results) -> Results:
    """The results from the first time that has a value, of all that are in them; what is missing after it stays a gap.

    Of results without any value, none.
    """
    first = min((result.time for result in results if result.is_available), default=None)
    return Results(result for result in results if first is not None and result.time >= first)


def since_first_of(results: Results, geo: str) -> Results:
    """The results from the first time for which a country has a value: before it there is nothing to compare it with.

    Where it has none, all.
    """
    first = min((result.time for result in results if result.is_available and result.geo == geo), default="")
    return Results(result for result in results if result.time >= first)
