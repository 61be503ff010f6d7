"""What matters most of what differs, by one rule that every report states.

Key findings come first. Then what lost or gained its value, or changed its sign; then what changed by more than rounding or chance
explains, the intervals of before and now having nothing in common; then the other values; then what is newly or no longer
published; then flags and bounds alone; then what differs in digits that no page shows, key finding or not; at last what is of the new
or old period alone. Within each, the largest difference relative to the larger of the two values comes first, and of equal ones the latest period.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from workbench.comparing.changes import NumberChange, StudyChanges
from workbench.comparing.numbers import Pair
from workbench.comparing.parts import PERIOD
from workbench.comparing.side import SealedStudy
from workbench.model.closeness import are_close
from workbench.model.types import Result
from workbench.presentation.wording import decimals_of
from workbench.reproducing.differences import TOLERANCE

LOST, GAINED, TURNED, BEYOND, WITHIN, NEW, GONE, MARKED, UNSEEN, OF_NEW_PERIOD, OF_OLD_PERIOD = (
    "value lost", "value gained", "sign changed", "beyond its interval", "within its interval", "new", "gone",
    "flags, bounds or unit", "digits not shown", "new period", "old period",
)  # fmt: skip

_TIERS = (
    (LOST, GAINED, TURNED), (BEYOND,), (WITHIN,), (NEW, GONE), (MARKED,), (UNSEEN,), (OF_NEW_PERIOD, OF_OLD_PERIOD),
)  # fmt: skip
_LAST = (UNSEEN, OF_NEW_PERIOD, OF_OLD_PERIOD)
"""What does not lead, even where a key finding states it."""


@dataclass(frozen=True)
class Ranked:
    """A number that differs, with all studies that show it so, and what of its own data differs."""

    change: NumberChange
    kind: str
    studies: tuple[SealedStudy, ...]
    data: tuple[str, ...]


def kind_of(change: NumberChange) -> str:
    """In which way a number differs."""
    before, after = change.pair.before, change.pair.after
    if before is None:
        return OF_NEW_PERIOD if change.causes == (PERIOD,) else NEW
    if after is None:
        return OF_OLD_PERIOD if change.causes == (PERIOD,) else GONE
    if before.is_available != after.is_available:
        return GAINED if after.is_available else LOST
    if not after.is_available or are_close(before.value, after.value, TOLERANCE):
        return MARKED
    if _is_shown_alike(before, after):
        return UNSEEN
    if before.value * after.value < 0:
        return TURNED
    return WITHIN if _overlap(before, after) else BEYOND


def _is_shown_alike(before: Result, after: Result) -> bool:
    decimals = decimals_of(after.unit)
    told = [(round(one.value, decimals), one.unit, one.flags) for one in (before, after)]
    return told[0] == told[1]


def _overlap(before: Result, after: Result) -> bool:
    return before.low < after.high and after.low < before.high


def relative_difference(pair: Pair) -> float:
    """The difference relative to the larger of the two values; 1 where there is one value only, 0 where there is none."""
    values = [abs(one.value) for one in (pair.before, pair.after) if one and one.is_available]
    if len(values) < 2:
        return float(len(values))
    assert pair.before and pair.after
    return abs(pair.after.value - pair.before.value) / max(values) if any(values) else 0.0


def ranked(studies: Iterable[StudyChanges]) -> list[Ranked]:
    """All numbers that differ, what matters most first; one that several studies show alike stands there once."""
    found: dict[object, Ranked] = {}
    for study in studies:
        for change in study.numbers:
            same = (change.pair.any.key[:4], _told(change.pair.before), _told(change.pair.after))
            before = found.get(same)
            shown = (*before.studies, study.either) if before else (study.either,)
            best = max((change, *([before.change] if before else [])), key=lambda one: bool(one.causes))
            is_headline = change.is_headline or bool(before and before.change.is_headline)
            data = before.data if before and before.data else tuple(_of_its_data(study, change.pair))
            found[same] = Ranked(replace(best, is_headline=is_headline), kind_of(best), shown, data)
    by_period = sorted(found.values(), key=lambda one: one.change.pair.any.time, reverse=True)
    return sorted(by_period, key=_rank)


def _of_its_data(study: StudyChanges, pair: Pair) -> Iterator[str]:
    """What differs of the data that a number was read from."""
    datasets = {dataset for one in (pair.before, pair.after) if one for dataset, _ in one.sources}
    own = [said for said in study.data if re.split(r"[ :,]", said)[0] in datasets]
    # What is shown may depend on the data of another number.
    yield from own or study.data


def _told(result: Result | None) -> object:
    return result and (
        str(result.value),
        str(result.low),
        str(result.high),
        result.unit,
        result.flags,
        result.dataset,
        result.vintage,
    )


def _rank(one: Ranked) -> tuple:
    tier = next(place for place, kinds in enumerate(_TIERS) if one.kind in kinds)
    leads = one.change.is_headline and one.kind not in _LAST
    return not leads, tier, -relative_difference(one.change.pair)
