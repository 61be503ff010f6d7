"""The difference of two vintages: their observations aligned place by place, as arrays, so that millions take seconds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy
import pandas
import pyarrow

from workbench.data.observations import stored_table
from workbench.data.ordering import Keys
from workbench.data.snapshots import Snapshot
from workbench.model.types import TOTALS
from workbench.revisions.coverage import PLACE, Coverage

KINDS = ("new", "gone", "revised", "reflagged")
UNCHANGED = "unchanged"
CHANGE_COLUMNS = ["older", "newer", "difference", "difference_pct", "older_flags", "newer_flags", "change"]


@dataclass(frozen=True)
class VintageDiff:
    """What two vintages hold of the common codes at a place: each observation once, sorted by dimensions and time.

    Attributes
    ----------
    positions : dict
        Dimension, and ``time``, to the position of each observation's code among the common ones.
    older, newer : array of float
        Values; NaN where a vintage has none.
    older_flags, newer_flags : array of str
        The letters of both kinds of flags.
    in_older, in_newer : array of bool
        Whether a vintage has the observation, even without a value.
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
        """For each of `KINDS`, and for `UNCHANGED`, which observations are of that kind; those without any value are of none."""
        there, here = ~numpy.isnan(self.older), ~numpy.isnan(self.newer)
        both = there & here
        same = both & (self.older == self.newer)
        reflagged = same & (self.older_flags != self.newer_flags)
        found = (here & ~there, there & ~here, both & ~same, reflagged, same & ~reflagged)
        return dict(zip((*KINDS, UNCHANGED), found, strict=True))

    def frame(self, kept: numpy.ndarray, change: str) -> pandas.DataFrame:
        """Some observations of one kind as a frame: codes, then `CHANGE_COLUMNS`; the index is their position."""
        older, newer = self.older[kept], self.newer[kept]
        codes = {
            axis: numpy.array(self.coverage.common[axis], dtype=object)[self.positions[axis][kept]]
            for axis in self.coverage.axes
        }
        pct = numpy.full(len(older), numpy.nan)
        numpy.divide(100 * (newer - older), numpy.abs(older), out=pct, where=older != 0)
        columns = (older, newer, newer - older, pct, self.older_flags[kept], self.newer_flags[kept], change)
        return pandas.DataFrame(codes | dict(zip(CHANGE_COLUMNS, columns, strict=True)), index=numpy.flatnonzero(kept))


def diffs_by_place(coverage: Coverage) -> Iterator[VintageDiff]:
    """The differences at the common codes, place by place, so that memory does not grow with their number."""
    keys = Keys({axis: len(coverage.common[axis]) for axis in coverage.axes})
    for of_place in [{PLACE: [place]} for place in coverage.common[PLACE]] if PLACE in coverage.common else [{}]:
        wanted = {**coverage.common, **of_place}
        older, newer = (_side(snapshot, coverage, wanted, keys) for snapshot in (coverage.older, coverage.newer))
        if len(older["value"]) + len(newer["value"]):
            yield _aligned(older, newer, keys, coverage)


def _side(
    snapshot: Snapshot, coverage: Coverage, wanted: Mapping[str, Sequence[str]], keys: Keys
) -> dict[str, numpy.ndarray]:
    """Keys, values and flags of a vintage."""
    found = stored_table(snapshot, coverage.declaration, wanted)
    numbers, positions = positions_of(found, coverage)
    return keys.of(numbers, positions) | {
        "value": found.column("value").to_numpy(),
        "flags": _texts(found.column("obs_status")) + _texts(found.column("conf_status")),
    }


def positions_of(found: pyarrow.Table, coverage: Coverage) -> tuple[dict[str, numpy.ndarray], dict[str, numpy.ndarray]]:
    """For each dimension and time, the number of each row's text and, by number, its position among the common codes."""
    numbers, positions = {}, {}
    for axis in coverage.axes:
        cells = found.column(axis).combine_chunks()
        at = {code: position for position, code in enumerate(coverage.common[axis])}
        numbers[axis] = cells.indices.to_numpy()
        # A text that no row has may not be one of these codes.
        positions[axis] = numpy.array([at.get(code, 0) for code in cells.dictionary.to_pylist()], dtype=numpy.int32)
    return numbers, positions


def _texts(column: pyarrow.ChunkedArray) -> numpy.ndarray:
    cells = column.combine_chunks()
    return numpy.array(cells.dictionary.to_pylist(), dtype=object)[cells.indices.to_numpy()]


def _aligned(
    older: Mapping[str, numpy.ndarray], newer: Mapping[str, numpy.ndarray], keys: Keys, coverage: Coverage
) -> VintageDiff:
    """Both vintages in one order, where rows with the same key are the same observation."""
    of_both = {name: numpy.concatenate([older[name], newer[name]]) for name in keys.names}
    order = numpy.lexsort([of_both[name] for name in reversed(keys.names)])
    ordered = {name: column[order] for name, column in of_both.items()}
    is_first = numpy.ones(len(order), dtype=bool)
    is_first[1:] = numpy.logical_or.reduce([key[1:] != key[:-1] for key in ordered.values()])
    at = numpy.empty(len(order), dtype=numpy.int64)
    at[order] = numpy.cumsum(is_first) - 1
    sides = numpy.split(at, [len(older["value"])])
    size = int(is_first.sum())

    def placed(column: str, absent: float | str) -> list[numpy.ndarray]:
        found = [numpy.full(size, absent, dtype=side[column].dtype) for side in (older, newer)]
        for target, where, side in zip(found, sides, (older, newer)):
            target[where] = side[column]
        return found

    held = [numpy.bincount(where, minlength=size) > 0 for where in sides]
    positions = keys.codes({name: key[is_first] for name, key in ordered.items()})
    return VintageDiff(coverage, positions, *placed("value", numpy.nan), *placed("flags", ""), *held)


# Breakdowns


def breakdowns_at(positions: Mapping[str, numpy.ndarray], coverage: Coverage) -> numpy.ndarray:
    """For each observation the number of its breakdown: a bit for each dimension, set if it is not at its total."""
    found = numpy.zeros(len(next(iter(positions.values()))), dtype=numpy.int64)
    for bit, dimension in enumerate(_breaking_down(coverage)):
        is_single = numpy.array([code not in TOTALS for code in coverage.common[dimension]], dtype=numpy.int64)
        found += (is_single << bit)[positions[dimension]]
    return found


def breakdown_named(number: int, coverage: Coverage) -> str:
    """The dimensions of a breakdown, joined by ``;``; empty for the totals."""
    return ";".join(name for bit, name in enumerate(_breaking_down(coverage)) if number >> bit & 1)


def _breaking_down(coverage: Coverage) -> list[str]:
    return [dimension for dimension in coverage.varying if dimension != PLACE]
