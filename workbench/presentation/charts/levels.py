"""Intervals at several levels, in the order in which they are drawn."""

from collections.abc import Iterable

from workbench.model.types import TOTALS, Result
from workbench.presentation.tables import Axis

_USUAL = "95"


def by_level(results: Iterable[Result]) -> dict[str, list[Result]]:
    """Results by the ``level`` of their breakdown, 95 where they name none; the widest first."""
    levels = {_USUAL if level in TOTALS else level: group for level, group in Axis("level").groups(results).items()}
    return {level: levels[level] for level in sorted(levels, key=float, reverse=True)}
