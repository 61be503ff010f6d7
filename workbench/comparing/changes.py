"""What became of a study: numbers that differ, what they consist of, texts, figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.comparing.numbers import Pair
from workbench.comparing.parts import Parts
from workbench.comparing.side import SealedStudy
from workbench.comparing.texts import FigureChange, TextChange
from workbench.model.types import Result, message

Corner = tuple[bool, bool]
"""Whether a run is by the new method, and on the new data."""

OLD_ON_NEW, NEW_ON_OLD, NEW_ON_NEW = (False, True), (True, False), (True, True)
RUNS: dict[Corner, str] = {
    OLD_ON_NEW: message("the old method on the new data"),
    NEW_ON_OLD: message("the new method on the old data"),
    NEW_ON_NEW: message("the new method on the new data, for the old year"),
}
"""What crossed runs are."""


@dataclass(frozen=True)
class NumberChange:
    """A number that differs, is new or gone.

    Attributes
    ----------
    pair : Pair
        As it was and as it is.
    parts : Parts or None
        What its difference consists of; None where it has none, having a value on one side alone, or is not taken apart.
    causes : tuple of str
        What changed it: `parts.DATA`, `parts.METHOD`, `parts.PERIOD`; empty where that is not known.
    is_headline : bool
        Whether a key finding states it, on either side.
    orders : tuple of str
        By which ways from one side to the other that is known; see `parts.Parts`.
    """

    pair: Pair
    parts: Parts | None
    causes: tuple[str, ...]
    is_headline: bool
    orders: tuple[str, ...] = ()

    @property
    def difference(self) -> float | None:
        """As it is, less as it was; None where there is no value to subtract."""
        before, after = self.pair.before, self.pair.after
        return after.value - before.value if before and after and before.is_available and after.is_available else None


@dataclass(frozen=True)
class YearOnYear:
    """A headline of a new year, beside its value of the year before, as it is told now and as it was told then."""

    now: Result
    year_before: Result | None
    told_then: Result | None

    @property
    def is_revised(self) -> bool | None:
        """Whether the older value was revised; None if it is not told on both sides."""
        if self.year_before is None or self.told_then is None:
            return None
        return not Pair(self.told_then, self.year_before).is_same


@dataclass(frozen=True)
class StudyChanges:
    """What became of a study of a country.

    Attributes
    ----------
    before, after : SealedStudy or None
        The study on both sides.
    method, data : list of str
        What its numbers depend on, and differs.
    numbers : list of NumberChange
        Those that differ.
    same : int
        How many numbers are the same.
    years : list of YearOnYear
        Of a new reference year, its headlines.
    texts, figures : dict
        Language to what differs on its pages.
    failures : list of (Corner, str)
        The crossed runs that were needed and not made, each with the reason.
    """

    before: SealedStudy | None
    after: SealedStudy | None
    method: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    numbers: list[NumberChange] = field(default_factory=list)
    same: int = 0
    years: list[YearOnYear] = field(default_factory=list)
    texts: Mapping[str, list[TextChange]] = field(default_factory=dict)
    figures: Mapping[str, list[FigureChange]] = field(default_factory=dict)
    failures: list[tuple[Corner, str]] = field(default_factory=list)

    @property
    def either(self) -> SealedStudy:
        """The study, as it is if it still is."""
        found = self.after or self.before
        assert found
        return found

    @property
    def is_same(self) -> bool:
        """Whether nothing that it publishes differs."""
        is_there = self.before is not None and self.after is not None
        return is_there and not (self.numbers or any(self.texts.values()) or any(self.figures.values()))
