"""The highest number of a period of several years."""

from collections.abc import Iterable

from workbench.model.types import Result
from workbench.study.availability import available
from workbench.study.claims import Extreme, highest

FEWEST_PERIODS = 5
"""Of fewer periods with a number none is called the highest."""


def peak(series: Iterable[Result]) -> Extreme | None:
    """The highest number of a series, if rounding leaves no doubt and enough periods have a number."""
    known = available(series)
    return highest(known) if len(known) >= FEWEST_PERIODS else None
