"""What a provider revised between two vintages of a dataset.

What both vintages cover is compared; what only one of them covers is reported separately, because data that are not in a file
were not necessarily withdrawn. The measures are those of revision analysis: share revised, direction, median and largest
revision, absolute and relative.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy
import pandas

from workbench.data.observations import codes_present, stored_table
from workbench.data.snapshots import Snapshot
from workbench.declarations.datasets import DatasetDeclaration
from workbench.revisions.coverage import PLACE, Coverage, covered_by
from workbench.revisions.vintage_diff import (
    KINDS,
    UNCHANGED,
    VintageDiff,
    breakdown_named,
    breakdowns_at,
    diffs_by_place,
    positions_of,
)

_BREAKDOWN_AND_YEAR = ["breakdown", "year"]
_REVISED = [*_BREAKDOWN_AND_YEAR, "older", "newer"]
_COUNTED = [
    *KINDS, UNCHANGED, "zero_new", "zero_gone", "in_older", "in_newer", "flags_in_older", "flags_in_newer",
]  # fmt: skip


@dataclass(frozen=True)
class Tally:
    """What became of some observations.

    Attributes
    ----------
    counts : dict
        The number of ``new`` (no value before, one now), ``gone`` (the reverse), ``revised`` (another value, whether or not
        the difference is below the rounding base), ``reflagged`` (the same value, other flags) and ``unchanged`` ones.
        Those without a value in either vintage are not counted.
    zeros : dict
        How many of the ``new`` and ``gone`` ones are zero: a vintage may omit zeros.
    up, down : int
        How many of the revised rose and fell.
    largest, median : float
        Of the absolute differences of those revised, in the dataset's unit; NaN if none is revised.
    median_pct : float
        Median absolute difference in per cent of the older value, where that is not zero.
    """

    counts: Mapping[str, int]
    zeros: Mapping[str, int]
    up: int
    down: int
    largest: float
    median: float
    median_pct: float

    @property
    def compared(self) -> int:
        """Observations that have a value in both vintages."""
        return sum(self.counts[kind] for kind in ("revised", "reflagged", UNCHANGED))

    @property
    def share_revised_pct(self) -> float:
        """Revised, of those compared, in per cent; NaN if none is compared."""
        return 100 * self.counts["revised"] / self.compared if self.compared else float("nan")


@dataclass(frozen=True)
class Revisions:
    """What became of the observations that both vintages cover.

    Attributes
    ----------
    whole : Tally
        Of everything compared.
    by_breakdown : dict
        The dimensions that are not at their total, joined by ``;`` (empty for the totals), to the tally of their
        observations.
    by_year : dict
        Year to tally.
    largest : Series or None
        The revised observation with the largest absolute difference, as a row of `changes`; the first of several.
    breakdowns_only_older, breakdowns_only_newer : dict
        Breakdowns (citizenship by sex, say) that only one vintage holds, to the number of its observations; not compared.
    without_flags : tuple of str
        The vintage without any flags, if the other has some: it may not have recorded them.
    """

    coverage: Coverage
    whole: Tally
    by_breakdown: Mapping[str, Tally]
    by_year: Mapping[str, Tally]
    largest: pandas.Series | None
    breakdowns_only_older: Mapping[str, int]
    breakdowns_only_newer: Mapping[str, int]
    without_flags: tuple[str, ...]


def compare(older: Snapshot, newer: Snapshot, declaration: DatasetDeclaration) -> Revisions:
    """Compare two vintages of a dataset.

    Raises
    ------
    UnknownCode
        If they do not have the same dimensions, once renamed.

    Notes
    -----
    They are read place by place: memory grows with the number of revised observations, not of all.
    """
    coverage = covered_by(older, newer, declaration)
    counted: list[pandas.DataFrame] = []
    revised: list[pandas.DataFrame] = []
    largest: pandas.Series | None = None
    for diff in diffs_by_place(coverage):
        groups = _groups(diff)
        marks = diff.marks()
        counted.append(_counted(diff, marks, groups))
        revised.append(_revised(diff, marks["revised"], groups))
        largest = _larger(largest, diff, marks["revised"])
    counts, differing = _sums(counted), pandas.concat(revised) if revised else pandas.DataFrame(columns=_REVISED)
    present = counts.groupby(level="breakdown")[["in_older", "in_newer"]].sum()
    apart = present.loc[_held_by_one(present, coverage)]
    counts = counts[~counts.index.isin(apart.index, level="breakdown")]
    return Revisions(
        coverage,
        whole=_tally(counts, differing),
        by_breakdown=_tallies("breakdown", counts, differing),
        by_year=_tallies("year", counts, differing),
        largest=largest,
        breakdowns_only_older={name: int(number) for name, number in apart["in_older"].items() if number},
        breakdowns_only_newer={name: int(number) for name, number in apart["in_newer"].items() if number},
        without_flags=_without_flags(counts, coverage),
    )


def changes(found: Revisions) -> Iterator[pandas.DataFrame]:
    """The observations that are new, gone, revised or reflagged, place by place.

    Yields
    ------
    DataFrame
        The dimensions and ``time``; ``older`` and ``newer`` (values), ``difference``, ``difference_pct`` (of the older
        value; NaN where that is zero); ``older_flags``, ``newer_flags``; ``change``: one of `KINDS`. Sorted from the left.
    """
    for diff in diffs_by_place(found.coverage):
        breakdowns, at = numpy.unique(breakdowns_at(diff.positions, found.coverage), return_inverse=True)
        is_covered = numpy.array(
            [breakdown_named(number, found.coverage) in found.by_breakdown for number in breakdowns]
        )[at]
        marks = diff.marks()
        changed = pandas.concat([diff.frame(marks[kind] & is_covered, kind) for kind in KINDS])
        if len(changed):
            yield changed.sort_index().reset_index(drop=True)


# Breakdowns


def _held_by_one(present: pandas.DataFrame, coverage: Coverage) -> list[str]:
    """The breakdowns that one vintage does not hold at all, not even at places and times that only it has.

    A breakdown that it holds elsewhere is covered; what is missing here is new or gone.
    """
    found = []
    for side, snapshot in (("in_older", coverage.older), ("in_newer", coverage.newer)):
        if missing := set(present.index[present[side] == 0]):
            found += sorted(missing - _held(snapshot, coverage))
    return found


def _held(snapshot: Snapshot, coverage: Coverage) -> set[str]:
    """The breakdowns that a vintage holds of the common codes, at any place and time."""
    common = {name: codes for name, codes in coverage.common.items() if name not in (PLACE, "time")}
    has_places = PLACE in coverage.dimensions
    held: set[int] = set()
    places = codes_present(snapshot, coverage.declaration, PLACE) if has_places else []
    for of_place in [{PLACE: [place]} for place in places] if has_places else [{}]:
        found = stored_table(snapshot, coverage.declaration, common | of_place)
        numbers, positions = positions_of(found, coverage)
        held |= set(breakdowns_at({axis: positions[axis][numbers[axis]] for axis in common}, coverage).tolist())
    return {breakdown_named(number, coverage) for number in held}


# Counting


@dataclass(frozen=True)
class _Groups:
    """The breakdowns and years that occur, and for each observation the number of its own."""

    index: pandas.MultiIndex
    at: numpy.ndarray


def _groups(diff: VintageDiff) -> _Groups:
    years = sorted({time[:4] for time in diff.coverage.common["time"]})
    year_of = numpy.array([years.index(time[:4]) for time in diff.coverage.common["time"]])
    breakdowns = breakdowns_at(diff.positions, diff.coverage)
    numbers, at = numpy.unique(breakdowns * len(years) + year_of[diff.positions["time"]], return_inverse=True)
    named = [(breakdown_named(number // len(years), diff.coverage), years[number % len(years)]) for number in numbers]
    return _Groups(pandas.MultiIndex.from_tuples(named, names=_BREAKDOWN_AND_YEAR), at)


def _counted(diff: VintageDiff, marks: Mapping[str, numpy.ndarray], groups: _Groups) -> pandas.DataFrame:
    """Numbers by breakdown and year."""
    counted = {
        **marks,
        "zero_new": marks["new"] & (diff.newer == 0),
        "zero_gone": marks["gone"] & (diff.older == 0),
        "in_older": diff.in_older,
        "in_newer": diff.in_newer,
        "flags_in_older": diff.older_flags != "",
        "flags_in_newer": diff.newer_flags != "",
    }
    size = len(groups.index)
    sums = {name: numpy.bincount(groups.at[mark.astype(bool)], minlength=size) for name, mark in counted.items()}
    return pandas.DataFrame(sums, index=groups.index)


def _revised(diff: VintageDiff, is_revised: numpy.ndarray, groups: _Groups) -> pandas.DataFrame:
    """Both values of each revised observation, with breakdown and year."""
    at = groups.index.take(groups.at[is_revised])
    return pandas.DataFrame(
        {name: at.get_level_values(name) for name in _BREAKDOWN_AND_YEAR}
        | {"older": diff.older[is_revised], "newer": diff.newer[is_revised]}
    )


def _sums(counted: list[pandas.DataFrame]) -> pandas.DataFrame:
    if not counted:
        nothing = pandas.MultiIndex.from_arrays([[], []], names=_BREAKDOWN_AND_YEAR)
        return pandas.DataFrame(index=nothing, columns=_COUNTED, dtype=int)
    return pandas.concat(counted).groupby(level=_BREAKDOWN_AND_YEAR).sum()


def _tallies(by: str, counts: pandas.DataFrame, revised: pandas.DataFrame) -> dict[str, Tally]:
    names = sorted(counts.index.unique(by))
    return {name: _tally(counts.xs(name, level=by), revised[revised[by] == name]) for name in names}


def _tally(counts: pandas.DataFrame, revised: pandas.DataFrame) -> Tally:
    sums = {name: int(number) for name, number in counts.sum().items()}
    difference = revised["newer"] - revised["older"]
    before = revised["older"].abs()
    return Tally(
        counts={kind: sums[kind] for kind in (*KINDS, UNCHANGED)},
        zeros={"new": sums["zero_new"], "gone": sums["zero_gone"]},
        up=int((difference > 0).sum()),
        down=int((difference < 0).sum()),
        largest=float(difference.abs().max()),
        median=float(difference.abs().median()),
        median_pct=float((100 * difference.abs() / before)[before > 0].median()),
    )


def _larger(largest: pandas.Series | None, diff: VintageDiff, is_revised: numpy.ndarray) -> pandas.Series | None:
    if not is_revised.any():
        return largest
    size = numpy.where(is_revised, numpy.abs(diff.newer - diff.older), -1.0)
    is_it = numpy.arange(len(size)) == size.argmax()
    if largest is not None and size.max() <= abs(largest["difference"]):
        return largest
    return diff.frame(is_it, "revised").iloc[0]


def _without_flags(counts: pandas.DataFrame, coverage: Coverage) -> tuple[str, ...]:
    older, newer = (int(counts[column].sum()) for column in ("flags_in_older", "flags_in_newer"))
    if bool(older) == bool(newer):
        return ()
    return (coverage.newer.id.vintage if older else coverage.older.id.vintage,)
