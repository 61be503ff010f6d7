"""Intervals at several levels: in which order they are drawn, and how a level is written."""

from collections.abc import Iterable

from workbench.model.types import TOTALS, Result
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording

_USUAL = "95"


def by_level(results: Iterable[Result]) -> dict[str, list[Result]]:
    """Results by the ``level`` of their breakdown, 95 where they name none; the widest first."""
    levels = {_USUAL if level in TOTALS else level: group for level, group in Axis("level").groups(results).items()}
    return {level: levels[level] for level in sorted(levels, key=float, reverse=True)}


def said_level(wording: Wording, level: str) -> str:
    """A level without its sign: ``95``, ``99.8``."""
    return wording.number(float(level), decimals=len(level.partition(".")[2]))
