"""Why a snapshot lacks a number that is asked of it (``x``)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from workbench.data.observations import EVERY, total_code
from workbench.declarations.indicators import CountSource, Indicators
from workbench.model.periods import in_a_year, periods_of
from workbench.model.types import NOT_AVAILABLE, TOTALS, Result

Held = Mapping[str, Collection[str]]
"""Dimension, or ``time``, to the codes that a snapshot has."""

Codes = tuple[tuple[str, str], ...]
"""Pairs of dimension and code."""

_TIME = "time"


class Reason(Enum):
    """Why the snapshot that was read lacks something."""

    NO_SNAPSHOT = "no snapshot"
    PERIOD = "period"
    CODE = "code"
    NOT_PUBLISHED = "not published"


@dataclass(frozen=True)
class Lacking:
    """What a snapshot lacks of what is asked for.

    Attributes
    ----------
    dataset, vintage : str
        The snapshot.
    reason : Reason
        Why.
    codes : tuple of (str, str)
        Dimension and code that it does not have at all; for a period, the first and the last that it has.
    cells : tuple of (str, str)
        Places and periods concerned.
    """

    dataset: str
    vintage: str
    reason: Reason
    codes: Codes
    cells: tuple[tuple[str, str], ...]


def lacking(
    results: Iterable[Result], indicators: Indicators, held: Callable[[str, str], Held | None]
) -> list[Lacking]:
    """What the snapshots lack that some results were read from, of those that are not available.

    Parameters
    ----------
    results : iterable of Result
        Also those that are there, of which nothing is said.
    indicators : Indicators
        Their declarations.
    held : callable
        Dataset and vintage to what that snapshot has; None without one.
    """
    found: dict[tuple[str, str, Reason, Codes], list[tuple[str, str]]] = defaultdict(list)
    for result in results:
        if result.is_available or NOT_AVAILABLE not in result.flags:
            continue
        for dataset, vintage in result.sources:
            there, others = held(dataset, vintage), [held(*other) for other in result.sources if other[0] != dataset]
            read = _of_its_year(result) if _is_by_year(there) and not all(map(_is_by_year, others)) else result
            reasons = [
                why_lacking(source, there, read.codes, read)
                for count in indicators.counts(result.indicator)
                for source in indicators.count(count).sources
                if source.dataset == dataset
            ]
            for reason in dict.fromkeys(reasons):
                found[(dataset, vintage, *reason)].append((result.geo, result.time))
    several = [Lacking(*key, tuple(dict.fromkeys(cells))) for key, cells in found.items()]
    # What one snapshot lacks says more than that another has everything, and no value.
    return [one for one in several if one.reason is not Reason.NOT_PUBLISHED] or several


def why_lacking(
    source: CountSource, held: Held | None, breakdown: Mapping[str, str], result: Result
) -> tuple[Reason, Codes]:
    """The first thing that a snapshot lacks: the period, or codes; if it has all, the provider has published no value."""
    if held is None:
        return Reason.NO_SNAPSHOT, ()
    if not set(periods_of(result.time, source.year)) <= set(held[_TIME]):
        return Reason.PERIOD, ((_TIME, min(held[_TIME])), (_TIME, max(held[_TIME])))
    codes = {**source.where, **breakdown, **result.codes, "geo": result.geo}
    codes |= {
        # What is not asked for is read as a total, which a vintage of parts does not have.
        dimension: total_code(dimension, frozenset(held[dimension]))
        for dimension in held
        if dimension not in codes and dimension != _TIME and dimension not in source.over and len(held[dimension]) > 1
    }
    absent = [
        (dimension, code)
        for dimension, code in codes.items()
        if dimension in held and code not in (EVERY, source.whole) and not _has(held[dimension], code)
    ]
    return (Reason.CODE, tuple(absent)) if absent else (Reason.NOT_PUBLISHED, ())


def _is_by_year(held: Held | None) -> bool:
    return held is not None and all(in_a_year(period) == 1 for period in held[_TIME])


def _of_its_year(result: Result) -> Result:
    """What a rate divides by: that of the year, where it counts months."""
    return replace(result, time=result.time[:4])


def _has(held: Collection[str], code: object) -> bool:
    return not isinstance(code, str) or code in held or (code in TOTALS and any(total in held for total in TOTALS))
