"""What the change of a whole on the year before consists of, part by part."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.indicators.formulas import MINIMUM_DENOMINATOR
from workbench.indicators.results import Results
from workbench.model.types import BREAK, OTHER, Result
from workbench.study.estimates import estimate
from workbench.study.reader import Reader


@dataclass(frozen=True)
class Contribution:
    """The part of a change that is one part's.

    Attributes
    ----------
    points : Result
        In percentage points of the whole of the year before.
    now, before : Result
        The part in the two years.
    """

    points: Result
    now: Result
    before: Result


def contributions(study: Reader, parts: Sequence[Result], now: Result, before: Result) -> tuple[Contribution, ...]:
    """What each part contributes to the change of a whole, the furthest from zero first.

    Empty where the change is not to be told: a year or all parts of it are not available, the year before counts fewer than
    30, the series breaks in between, or the whole and the parts are of different vintages.

    Parameters
    ----------
    study : Reader
        For whose record it is.
    parts : sequence of Result
        A count by the codes of one dimension, in both years.
    now, before : Result
        The whole in the reference year and in the one before it.
    """
    if not (now.is_available and before.is_available) or before.value < MINIMUM_DENOMINATOR or BREAK in now.flags:
        return ()
    by_time = {
        whole.time: {
            part.breakdown: part
            for part in parts
            if part.time == whole.time and part.is_available and part.vintage == whole.vintage
        }
        for whole in (now, before)
    }
    made = [
        Contribution(
            _points(study, part, by_time[before.time][breakdown], before), part, by_time[before.time][breakdown]
        )
        for breakdown, part in by_time[now.time].items()
        if breakdown in by_time[before.time]
    ]
    return tuple(sorted(made, key=lambda one: (-abs(one.points.value), one.points.breakdown)))


LITTLE = 5
"""A change of fewer per cent is not told by its parts: they may move by more than the whole, and cancel out."""


def moved_with_the_whole(parts: Sequence[Contribution], now: Result, before: Result) -> Contribution | None:
    """The part that moved furthest the way the whole moved; None where the whole hardly changed, or no part moved with it."""
    moved = now.value - before.value
    if abs(moved) * 100 < LITTLE * before.value:
        return None
    return next((part for part in parts if part.points.value * moved > 0), None)


def _points(study: Reader, part: Result, part_before: Result, whole_before: Result) -> Result:
    def per_cent(change: float, whole: float) -> float:
        return 100 * change / whole

    lowest, highest = part.low - part_before.high, part.high - part_before.low
    wholes = (whole_before.low, whole_before.high)
    return estimate(
        study,
        f"{part.indicator}_contribution_pp",
        [part, part_before, whole_before],
        per_cent(part.value - part_before.value, whole_before.value),
        min(per_cent(lowest, whole) for whole in wholes),
        max(per_cent(highest, whole) for whole in wholes),
        geo=part.geo,
        time=part.time,
        breakdown=part.breakdown,
    )


def with_the_rest(
    study: Reader, largest: Sequence[Contribution], dimension: str, now: Result, before: Result
) -> Results:
    """The contributions of some parts, and of all others together: the change of the whole less those of the parts."""
    shown = Results(one.points for one in largest)
    change_low, change_high = now.low - before.high, now.high - before.low
    parts_low, parts_high = (
        sum(getattr(one.now, a) - getattr(one.before, b) for one in largest)
        for a, b in (("low", "high"), ("high", "low"))
    )
    of_the_parts = sum(one.now.value - one.before.value for one in largest)
    wholes = (before.low, before.high)
    rest = estimate(
        study,
        f"{now.indicator}_contribution_pp",
        [now, before],
        100 * (now.value - before.value - of_the_parts) / before.value,
        min(100 * (change_low - parts_high) / whole for whole in wholes),
        max(100 * (change_high - parts_low) / whole for whole in wholes),
        geo=now.geo,
        time=now.time,
        breakdown=f"{dimension}={OTHER}",
    )
    return Results([*shown, rest])
