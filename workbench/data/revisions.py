"""What a provider revised between two vintages of a dataset.

Compared is what both vintages cover; what only one of them covers is told apart, for what is not in a file was not withdrawn.
The measures are those of revision analysis: share revised, direction, median and largest revision, absolute and relative.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy
import pandas

from workbench.data.observations import codes_present, dimensions_of, rows
from workbench.data.snapshots import Snapshot
from workbench.declarations.datasets import DatasetDeclaration
from workbench.model.errors import UnknownCode
from workbench.model.words import TOTALS

KINDS = ("new", "gone", "revised", "reflagged")
UNCHANGED = "unchanged"
PLACE = "geo"

CHANGE_COLUMNS = ["older", "newer", "difference", "difference_pct", "older_flags", "newer_flags", "change"]
_BREAKDOWN_AND_YEAR = ["breakdown", "year"]
_REVISED = [*_BREAKDOWN_AND_YEAR, "older", "newer"]
_COUNTED = [
    *KINDS, UNCHANGED, "zero_new", "zero_gone", "in_older", "in_newer", "flags_in_older", "flags_in_newer",
]  # fmt: skip


@dataclass(frozen=True)
class Coverage:
    """What two vintages cover in common, and what only one of them has.

    Attributes
    ----------
    dimensions : tuple of str
        Under their newest names.
    common, only_older, only_newer : dict
        Dimension, and ``time``, to the codes that both vintages have, and that only one of them has; sorted.
    """

    older: Snapshot
    newer: Snapshot
    declaration: DatasetDeclaration
    dimensions: tuple[str, ...]
    common: Mapping[str, list[str]]
    only_older: Mapping[str, list[str]]
    only_newer: Mapping[str, list[str]]

    @property
    def axes(self) -> list[str]:
        """The dimensions, then ``time``: what makes an observation this observation."""
        return [*self.dimensions, "time"]

    @property
    def varying(self) -> list[str]:
        """The dimensions of which the vintages have several codes in common."""
        return [dimension for dimension in self.dimensions if len(self.common[dimension]) > 1]


@dataclass(frozen=True)
class Tally:
    """What became of some observations.

    Attributes
    ----------
    counts : dict
        ``new`` (no value before, one now), ``gone`` (the reverse), ``revised`` (another value, be the difference below the
        rounding base or not), ``reflagged`` (the same value, other flags) and ``unchanged`` to their number. What has no
        value in either vintage is none of them.
    zeros : dict
        How many of the ``new`` and of the ``gone`` are zero: a vintage may leave zeros out.
    up, down : int
        Of the revised: how many rose and fell.
    largest, median : float
        Of the absolute differences of the revised, in the dataset's unit; NaN if none is revised.
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
        Of all that is compared.
    by_breakdown : dict
        The dimensions that are not at their total, joined by ``;`` (empty for the totals), to the tally of these
        observations.
    by_year : dict
        Year to tally.
    largest : Series or None
        The revised observation with the largest absolute difference, as a row of `changes`; the first of several.
    breakdowns_only_older, breakdowns_only_newer : dict
        Breakdowns (citizenship by sex, say) that only one vintage holds, to the number of its observations; not compared.
    without_flags : tuple of str
        The vintage without any flag where the other has some: it may not have recorded them.
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
        If they have not the same dimensions, once renamed.

    Notes
    -----
    They are read place by place: memory grows with the revised observations, not with all.
    """
    coverage = covered_by(older, newer, declaration)
    counted, revised, largest = [], [], None
    for part in _side_by_side(coverage):
        counted.append(_counted(part))
        found = part[part["change"] == "revised"]
        revised.append(found[_REVISED])
        largest = _larger(largest, found[[*coverage.axes, *CHANGE_COLUMNS]])
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
    for part in _side_by_side(found.coverage):
        changed = part[part["change"].isin(KINDS) & part["breakdown"].isin(list(found.by_breakdown))]
        if len(changed):
            yield changed[[*found.coverage.axes, *CHANGE_COLUMNS]].reset_index(drop=True)


def total_in_both(coverage: Coverage, place: str) -> dict[str, str] | None:
    """The codes of the series that stands for the whole of a place in both vintages.

    Returns
    -------
    dict or None
        Each dimension to its total, or to the only code that the vintages have in common where there is none. None where a
        dimension has neither: codes are never added up.
    """
    wanted = {}
    for dimension in coverage.dimensions:
        codes = [place] if dimension == PLACE else coverage.common[dimension]
        total = next((code for code in TOTALS if code in codes), codes[0] if len(codes) == 1 else None)
        if total is None:
            return None
        wanted[dimension] = total
    return wanted


def covered_by(older: Snapshot, newer: Snapshot, declaration: DatasetDeclaration) -> Coverage:
    """What two vintages cover; raises as `compare`."""
    dimensions, others = (dimensions_of(snapshot, declaration) for snapshot in (older, newer))
    if set(dimensions) != set(others):
        raise UnknownCode(
            "the two vintages have not the same dimensions",
            where=f"{older.id} and {newer.id}",
            expected=", ".join(dimensions),
            found=f"{', '.join(others)} (not in both: {', '.join(sorted({*dimensions} ^ {*others}))})",
            untouched="nothing was written",
            remedy=f"if one was renamed, declare it under renamed in params/datasets/{declaration.dataset}.yaml",
        )
    axes = (*dimensions, "time")
    before, now = ({axis: {*codes_present(one, declaration, axis)} for axis in axes} for one in (older, newer))
    return Coverage(
        older,
        newer,
        declaration,
        dimensions,
        common={axis: sorted(before[axis] & now[axis]) for axis in axes},
        only_older={axis: sorted(before[axis] - now[axis]) for axis in axes},
        only_newer={axis: sorted(now[axis] - before[axis]) for axis in axes},
    )


# Side by side


def _side_by_side(coverage: Coverage) -> Iterator[pandas.DataFrame]:
    """What the vintages hold of the codes in common, place by place, sorted: each row judged, with breakdown and year."""
    kinds = {axis: pandas.CategoricalDtype(codes) for axis, codes in coverage.common.items()}
    years = numpy.array([time[:4] for time in coverage.common["time"]], dtype=object)
    for place in coverage.common.get(PLACE, [None]):
        wanted = {**coverage.common} if place is None else {**coverage.common, PLACE: [place]}
        sides = [
            _flagged(rows(snapshot, coverage.declaration, wanted)).astype(kinds)
            for snapshot in (coverage.older, coverage.newer)
        ]
        both = sides[0].merge(sides[1], how="outer", on=coverage.axes, suffixes=("_older", "_newer"))
        if len(both):
            judged = _judged(both.sort_values(coverage.axes, ignore_index=True), coverage.axes)
            yield judged.assign(breakdown=_breakdowns(judged, coverage), year=years[judged["time"].cat.codes])


def _flagged(frame: pandas.DataFrame) -> pandas.DataFrame:
    return frame.assign(flags=frame["obs_status"] + frame["conf_status"]).drop(columns=["obs_status", "conf_status"])


def _judged(both: pandas.DataFrame, axes: list[str]) -> pandas.DataFrame:
    older, newer = both["value_older"], both["value_newer"]
    older_flags, newer_flags = both["flags_older"].fillna(""), both["flags_newer"].fillna("")
    there, here = older.notna(), newer.notna()
    first_that_holds = {
        "new": ~there & here,
        "gone": there & ~here,
        "revised": there & here & (older != newer),
        "reflagged": there & here & (older_flags != newer_flags),
        UNCHANGED: there & here,
    }
    return both[axes].assign(
        older=older,
        newer=newer,
        difference=newer - older,
        difference_pct=(100 * (newer - older) / older.abs()).where(older != 0),
        older_flags=older_flags,
        newer_flags=newer_flags,
        change=numpy.select(list(first_that_holds.values()), list(first_that_holds), ""),
        in_older=both["flags_older"].notna(),
        in_newer=both["flags_newer"].notna(),
    )


def _breakdowns(frame: pandas.DataFrame, coverage: Coverage) -> numpy.ndarray:
    """For each row the dimensions that are not at their total, joined."""
    found = numpy.full(len(frame), "", dtype=object)
    for dimension in coverage.varying:
        if dimension != PLACE:
            parts = numpy.array(
                ["" if code in TOTALS else f";{dimension}" for code in coverage.common[dimension]], object
            )
            found += parts[frame[dimension].cat.codes]
    return pandas.Series(found).str.removeprefix(";").to_numpy(dtype=object)


def _held_by_one(present: pandas.DataFrame, coverage: Coverage) -> list[str]:
    """The breakdowns that one vintage does not hold anywhere: neither here nor at places and times it alone has.

    One that it holds elsewhere but not here is covered; what it lacks here is new or gone.
    """
    found = []
    for side, snapshot in (("in_older", coverage.older), ("in_newer", coverage.newer)):
        if lacking := set(present.index[present[side] == 0]):
            found += sorted(lacking - _held(snapshot, coverage))
    return found


def _held(snapshot: Snapshot, coverage: Coverage) -> set[str]:
    """The breakdowns that a vintage holds of the codes in common, at any place and time."""
    common = {name: codes for name, codes in coverage.common.items() if name not in (PLACE, "time")}
    kinds = {name: pandas.CategoricalDtype(codes) for name, codes in common.items()}
    has_places = PLACE in coverage.dimensions
    places = codes_present(snapshot, coverage.declaration, PLACE) if has_places else [None]
    held = set()
    for place in places:
        wanted = common | ({PLACE: [place]} if has_places else {})
        held |= set(_breakdowns(rows(snapshot, coverage.declaration, wanted).astype(kinds), coverage))
    return held


# Counting


def _counted(part: pandas.DataFrame) -> pandas.DataFrame:
    """Numbers by breakdown and year."""
    change = part["change"]
    marks = {kind: change == kind for kind in (*KINDS, UNCHANGED)} | {
        "zero_new": (change == "new") & (part["newer"] == 0),
        "zero_gone": (change == "gone") & (part["older"] == 0),
        "in_older": part["in_older"],
        "in_newer": part["in_newer"],
        "flags_in_older": part["older_flags"] != "",
        "flags_in_newer": part["newer_flags"] != "",
    }
    return pandas.DataFrame(marks).groupby([part["breakdown"], part["year"]]).sum()


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


def _larger(largest: pandas.Series | None, revised: pandas.DataFrame) -> pandas.Series | None:
    if revised.empty:
        return largest
    other = revised.iloc[int(revised["difference"].abs().to_numpy().argmax())]
    return other if largest is None or abs(other["difference"]) > abs(largest["difference"]) else largest


def _without_flags(counts: pandas.DataFrame, coverage: Coverage) -> tuple[str, ...]:
    older, newer = (int(counts[column].sum()) for column in ("flags_in_older", "flags_in_newer"))
    if bool(older) == bool(newer):
        return ()
    return (coverage.newer.id.vintage if older else coverage.older.id.vintage,)
