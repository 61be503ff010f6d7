"""The observations of two vintages side by side, place by place, as numbers: millions are compared in seconds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy
import pandas
import pyarrow

from workbench.data.observations import recorded
from workbench.data.ordering import Keys
from workbench.data.snapshots import Snapshot
from workbench.model.types import TOTALS
from workbench.revisions.coverage import PLACE, Coverage

KINDS = ("new", "gone", "revised", "reflagged")
UNCHANGED = "unchanged"
CHANGE_COLUMNS = ["older", "newer", "difference", "difference_pct", "older_flags", "newer_flags", "change"]


@dataclass(frozen=True)
class VintageDiff:
    """What two vintages hold of the codes in common at a place: each observation once, sorted from the left.

    Attributes
    ----------
    positions : dict
        Dimension, and ``time``, to the position of each observation's code among those in common.
    older, newer : array of float
        Values; NaN where a vintage has none.
    older_flags, newer_flags : array of str
    in_older, in_newer : array of bool
        Whether a vintage has the observation, be it without a value.
    """

    coverage: Coverage
    positions: Mapping[str, numpy.ndarray]
    older: numpy.ndarray
    newer: numpy.ndarray
    older_flags: numpy.ndarray
    newer_flags: numpy.ndarray
    in_older: numpy.ndarray
    in_newer: numpy.ndarray

    def marks(self) -> dict[str, numpy.ndarray]:
        """For each of `KINDS`, and for `UNCHANGED`, which are of it; what has no value in either vintage is of none."""
        there, here = ~numpy.isnan(self.older), ~numpy.isnan(self.newer)
        both = there & here
        same = both & (self.older == self.newer)
        reflagged = same & (self.older_flags != self.newer_flags)
        found = (here & ~there, there & ~here, both & ~same, reflagged, same & ~reflagged)
        return dict(zip((*KINDS, UNCHANGED), found, strict=True))

    def frame(self, kept: numpy.ndarray, change: str) -> pandas.DataFrame:
        """Some of them, all of one kind, told: codes, then `CHANGE_COLUMNS`; the index says where each stands."""
        older, newer = self.older[kept], self.newer[kept]
        codes = {
            axis: numpy.array(self.coverage.common[axis], dtype=object)[self.positions[axis][kept]]
            for axis in self.coverage.axes
        }
        pct = numpy.full(len(older), numpy.nan)
        numpy.divide(100 * (newer - older), numpy.abs(older), out=pct, where=older != 0)
        told = (older, newer, newer - older, pct, self.older_flags[kept], self.newer_flags[kept], change)
        return pandas.DataFrame(codes | dict(zip(CHANGE_COLUMNS, told, strict=True)), index=numpy.flatnonzero(kept))


def side_by_side(coverage: Coverage) -> Iterator[VintageDiff]:
    """What the vintages hold of the codes in common, place by place, so that memory does not grow with their number."""
    keys = Keys({axis: len(coverage.common[axis]) for axis in coverage.axes})
    for place in coverage.common.get(PLACE, [None]):
        wanted = coverage.common if place is None else {**coverage.common, PLACE: [place]}
        older, newer = (_side(snapshot, coverage, wanted, keys) for snapshot in (coverage.older, coverage.newer))
        if len(older["value"]) + len(newer["value"]):
            yield _paired(older, newer, keys, coverage)


def _side(
    snapshot: Snapshot, coverage: Coverage, wanted: Mapping[str, Sequence[str]], keys: Keys
) -> dict[str, numpy.ndarray]:
    """Keys, values and flags of a vintage."""
    found = recorded(snapshot, coverage.declaration, wanted)
    numbers, positions = positions_of(found, coverage)
    return keys.of(numbers, positions) | {
        "value": found.column("value").to_numpy(),
        "flags": _texts(found.column("obs_status")) + _texts(found.column("conf_status")),
    }


def positions_of(found: pyarrow.Table, coverage: Coverage) -> tuple[dict[str, numpy.ndarray], dict[str, numpy.ndarray]]:
    """For each dimension and time: the number of each row's text, and by number its position among the codes in common."""
    numbers, positions = {}, {}
    for axis in coverage.axes:
        cells = found.column(axis).combine_chunks()
        at = {code: position for position, code in enumerate(coverage.common[axis])}
        numbers[axis] = cells.indices.to_numpy()
        # A text that no row has may be none of these codes.
        positions[axis] = numpy.array([at.get(code, 0) for code in cells.dictionary.to_pylist()], dtype=numpy.int32)
    return numbers, positions


def _texts(column: pyarrow.ChunkedArray) -> numpy.ndarray:
    cells = column.combine_chunks()
    return numpy.array(cells.dictionary.to_pylist(), dtype=object)[cells.indices.to_numpy()]


def _paired(
    older: Mapping[str, numpy.ndarray], newer: Mapping[str, numpy.ndarray], keys: Keys, coverage: Coverage
) -> VintageDiff:
    """Both sides in one order: rows with the same key are the same observation."""
    of_both = {name: numpy.concatenate([older[name], newer[name]]) for name in keys.names}
    order = numpy.lexsort([of_both[name] for name in reversed(keys.names)])
    ordered = {name: column[order] for name, column in of_both.items()}
    is_first = numpy.ones(len(order), dtype=bool)
    is_first[1:] = numpy.logical_or.reduce([key[1:] != key[:-1] for key in ordered.values()])
    at = numpy.empty(len(order), dtype=numpy.int64)
    at[order] = numpy.cumsum(is_first) - 1
    sides = numpy.split(at, [len(older["value"])])
    size = int(is_first.sum())

    def placed(column: str, absent) -> list[numpy.ndarray]:
        found = [numpy.full(size, absent, dtype=side[column].dtype) for side in (older, newer)]
        for target, where, side in zip(found, sides, (older, newer)):
            target[where] = side[column]
        return found

    held = [numpy.bincount(where, minlength=size) > 0 for where in sides]
    positions = keys.codes({name: key[is_first] for name, key in ordered.items()})
    return VintageDiff(coverage, positions, *placed("value", numpy.nan), *placed("flags", ""), *held)


# Breakdowns


def breakdowns_at(positions: Mapping[str, numpy.ndarray], coverage: Coverage) -> numpy.ndarray:
    """For each observation the number of its breakdown: a bit for each dimension, set where it is not at its total."""
    found = numpy.zeros(len(next(iter(positions.values()))), dtype=numpy.int64)
    for bit, dimension in enumerate(_breaking_down(coverage)):
        is_single = numpy.array([code not in TOTALS for code in coverage.common[dimension]], dtype=numpy.int64)
        found += (is_single << bit)[positions[dimension]]
    return found


def breakdown_named(number: int, coverage: Coverage) -> str:
    """The dimensions of a breakdown, joined by ``;``: nothing for the totals."""
    return ";".join(name for bit, name in enumerate(_breaking_down(coverage)) if number >> bit & 1)


def _breaking_down(coverage: Coverage) -> list[str]:
    return [dimension for dimension in coverage.varying if dimension != PLACE]
