"""Which periods can have been counted: another is a slip of the pen, and must not be told as a number that is missing.

A year that could be there and is not, is a result: ``x``. What lies before all such statistics, or begins after the newest
vintage, or is a month of what is published by year, is none.
"""

from collections.abc import Collection, Iterable

from workbench.data.snapshots import Snapshot
from workbench.model.errors import UnknownCode
from workbench.model.periods import days_of, in_a_year, is_period, year_of

_FIRST_YEAR = 1950
"""No statistics of migration that are collected from countries begin earlier."""

_NAMES = {1: "years", 4: "quarters", 12: "months"}


def covered(snapshots: Iterable[Snapshot]) -> list[str]:
    """The first and the last period of each of some snapshots, as their cards say."""
    return [end for one in snapshots for end in one.card.ends]


def span_of(snapshot: Snapshot) -> str:
    """Which periods a snapshot holds: ``migr_asyappctza 2024-01-18 holds 2008 to 2022``."""
    return f"{snapshot.id.dataset} {snapshot.id.vintage} holds {' to '.join(snapshot.card.ends)}"


def lengths_of(periods: Iterable[str], has_years: bool) -> set[int]:
    """How many of the periods that there are make a year; ``has_years`` where they are added up to years."""
    return {*map(in_a_year, periods)} | ({1} if has_years else set())


def refuse_impossible(what: str, periods: Iterable[str], *, lengths: Collection[int], last_day: str, held: str) -> None:
    """Refuse periods that cannot be there.

    Parameters
    ----------
    what : str
        Of what they are asked.
    periods : iterable of str
        As they are asked for.
    lengths : collection of int
        Of `lengths_of`; empty where that is not known, for want of a snapshot.
    last_day : str
        The last day on which anything can have been counted, as an ISO date.
    held : str
        Which periods there are.

    Raises
    ------
    UnknownCode
        For the first that cannot, saying which there are.
    """
    for period in periods:
        if why := _why_impossible(what, period, lengths, last_day):
            raise UnknownCode(why, where="time", expected=held, found=period)


def _why_impossible(what: str, period: str, lengths: Collection[int], last_day: str) -> str:
    if not is_period(period):
        return f"{period!r} is not a period: a year, quarter or month is written 2022, 2022-Q4, 2022-11"
    if year_of(period) < _FIRST_YEAR:
        return f"there are no such statistics of {period}"
    if days_of(period)[0].isoformat() > last_day:
        return f"nothing can have been counted in {period} yet"
    if lengths and in_a_year(period) not in lengths:
        known = " or ".join(_NAMES[length] for length in sorted(lengths))
        return f"{what} has {known}, and no {_NAMES[in_a_year(period)]}"
    return ""
