"""What defines a year: the findings whose numbers depart most from the years before stand first.

Chosen by the numbers alone, never by a country or a citizenship: a year may be that of those who fled from a war, of a border
that was crossed as never before, or of nothing out of the ordinary.
"""

import math
from collections.abc import Sequence
from statistics import median

from workbench.model.types import NOT_APPLICABLE, Result
from workbench.study.availability import available
from workbench.study.breaks import breaks, since
from workbench.study.finding import Finding

YEARS_BEFORE = 5
"""So many years before tell what is ordinary."""

FEWEST_YEARS = 3
"""Fewer of them with a number tell nothing."""

OUT_OF_THE_ORDINARY = 2.0
"""So many times as high as in an ordinary year, or as low, defines a year."""

_SMALL = {"%": 10.0, "per thousand inhabitants": 1.0}
_FEW = 100.0


def departure(series: Sequence[Result], shares: Sequence[Result] = ()) -> float:
    """How many times as high as in an ordinary year before the last number of a series is, or as low.

    Parameters
    ----------
    series : sequence of Result
        A number over the years; the last is that of the study.
    shares : sequence of Result
        Where the number is a part: its shares in the whole, over the same years.

    Returns
    -------
    float
        The number as a multiple of the median of up to five years before, or its inverse. One for a number within the range
        of these years, and where nothing can be said: without the number, with too few years before it or since a break, and
        for a balance, which has no multiples. Small numbers count as if they were larger, so that a few persons are not a
        departure. Infinity for what is new: what did not apply in any year before, and a part that is more than half of its
        whole and was not in any year before.
    """
    *before, last = series
    if not last.is_available:
        return 1.0
    if is_new(before[-YEARS_BEFORE:], last) or is_new_majority(shares):
        return math.inf
    known = [result.value for result in ordinary_years(series)]
    if len(known) < FEWEST_YEARS or min(*known, last.value) < 0 or min(known) <= last.value <= max(known):
        return 1.0
    small = _SMALL.get(last.unit, _FEW)
    ratio = max(last.value, small) / max(median(known), small)
    return max(ratio, 1 / ratio)


def ordinary_years(series: Sequence[Result]) -> list[Result]:
    """The numbers of up to five years before the last of a series, since it was last broken: what it is compared with."""
    broken = breaks(series)
    before = series[-1 - YEARS_BEFORE : -1]
    return list(available(since(before, broken[-1].time) if broken else before))


def is_new(before: Sequence[Result], last: Result) -> bool:
    """Whether a number of some size did not apply in any of the years before."""
    return (
        bool(before)
        and all(NOT_APPLICABLE in result.flags for result in before)
        and last.value >= _SMALL.get(last.unit, _FEW)
    )


def is_new_majority(shares: Sequence[Result]) -> bool:
    """Whether a share, in per cent over the years, is certainly more than half in the last year, and was in no year before."""
    if not shares:
        return False
    *before, last = shares
    known = [share for share in before[-YEARS_BEFORE:] if share.is_available]
    return (
        len(known) >= FEWEST_YEARS and last.is_available and last.low > 50 and all(share.high < 50 for share in known)
    )


def the_year_first(told: Sequence[tuple[Finding, float]], at_most: int = 2) -> list[Finding]:
    """The findings in an order that begins with those that define the year.

    Parameters
    ----------
    told : sequence of (Finding, float)
        Each with how far its number departs from the years before, as `departure` has it; in the order of their topics.
    at_most : int
        So many are moved to the front, if their numbers are out of the ordinary.

    Returns
    -------
    list of Finding
        All of them; those that depart as much, and those that are not moved, in the order given.
    """
    out_of_the_ordinary = [pair for pair in told if pair[0].can_be_made and pair[1] >= OUT_OF_THE_ORDINARY]
    defining = sorted(out_of_the_ordinary, key=lambda pair: -pair[1])[:at_most]
    moved = {id(finding) for finding, _ in defining}
    return [finding for finding, _ in defining] + [finding for finding, _ in told if id(finding) not in moved]
