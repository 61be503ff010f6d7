"""Numbers that are computed from several datasets, and whether these were downloaded together."""

from collections.abc import Iterable

from workbench.indicators.results import Results
from workbench.model.types import Result


def of_one_vintage(results: Iterable[Result]) -> Results:
    """Those results whose datasets are all of one vintage: of two days, a difference of flow and stock would hold what was
    revised in between."""
    return Results(result for result in results if len({vintage for _, vintage in result.sources}) == 1)
