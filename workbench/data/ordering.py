"""Rows in the order of the normal form, a bounded number at a time.

The codes of all columns of a row are one whole number, its key: rows are compared, sorted and searched at once.
"""

import math
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy

from workbench.data.partition_file import PartitionFile

Rows = Mapping[str, numpy.ndarray] | numpy.ndarray

AT_ONCE = 250_000
"""Rows that are sorted together; those of a larger place are first parted by their keys."""

_LARGEST_KEY = 2**63
_STEP = 2_503
"""The key of each so many'th row is looked at to part a place: about a hundred for a part, whose size is then right within a
tenth or so. A prime number, for rows come in rhythms."""


class Keys:
    """The codes of several columns as one whole number; as several, each for some of the columns, where one cannot hold them.

    Parameters
    ----------
    sizes : mapping
        Column to the number of its codes, in the order in which rows are compared.
    """

    def __init__(self, sizes: Mapping[str, int]):
        self._sizes = dict(sizes)
        self._parts: list[list[str]] = [[]]
        for column in self._sizes:
            if self._parts[-1] and self._combinations([*self._parts[-1], column]) >= _LARGEST_KEY:
                self._parts.append([])
            self._parts[-1].append(column)
        self.names = [f"key {number}" for number in range(len(self._parts))]

    def _combinations(self, columns: Sequence[str]) -> int:
        return math.prod(self._sizes[column] for column in columns)

    def of(self, rows: Rows, positions: Mapping[str, numpy.ndarray]) -> dict[str, numpy.ndarray]:
        """The keys of rows, under ``names``.

        Parameters
        ----------
        rows : mapping or structured array
            For each column the numbers of texts.
        positions : mapping
            For each column, by the number of a text, the position of its code.
        """
        return {name: self._key(rows, positions, columns) for name, columns in zip(self.names, self._parts)}

    def first(self, rows: Rows, positions: Mapping[str, numpy.ndarray]) -> numpy.ndarray:
        """As `of`, but only the number that is compared first."""
        return self._key(rows, positions, self._parts[0])

    def _key(self, rows: Rows, positions: Mapping[str, numpy.ndarray], columns: Sequence[str]) -> numpy.ndarray:
        # Most datasets have few enough combinations of codes for half the width, and half the time.
        kind = numpy.dtype(numpy.int32 if self._combinations(columns) < 2**31 else numpy.int64)
        key, step = numpy.zeros(len(rows[columns[0]]), kind), 1
        for column in reversed(columns):
            if self._sizes[column] > 1:
                key += (positions[column].astype(kind) * kind.type(step))[rows[column]]
            step *= self._sizes[column]
        return key

    def codes(self, keys: Mapping[str, numpy.ndarray]) -> dict[str, numpy.ndarray]:
        """Column to the positions of its codes."""
        found = {}
        for name, columns in zip(self.names, self._parts):
            key = keys[name]
            for column in reversed(columns):
                rest = key // self._sizes[column]
                found[column] = (key - rest * self._sizes[column]).astype(numpy.int32, copy=False)
                key = rest
        return found


def order_of(keys: Sequence[numpy.ndarray]) -> numpy.ndarray | None:
    """The order that sorts rows by their keys; None where they are sorted, and none has the key of another."""
    if len(keys) == 1 and (keys[0][1:] > keys[0][:-1]).all():
        return None
    return numpy.lexsort(keys[::-1])


def repeated(keys: Sequence[numpy.ndarray]) -> int | None:
    """Where the first of sorted rows stands that has the same key as the one before it."""
    same = numpy.logical_and.reduce([key[1:] == key[:-1] for key in keys])
    return int(same.argmax()) + 1 if same.any() else None


def parts_in_order(
    spool: PartitionFile, groups: Sequence[int], first_key: Callable[[numpy.ndarray], numpy.ndarray], folder: Path
) -> Iterator[list[numpy.ndarray]]:
    """All rows of a place in parts: each is not sorted yet, but comes before the next.

    Parameters
    ----------
    groups : sequence of int
        Those of the spool that are the place.
    first_key : callable
        From rows to what they are sorted by first.
    folder : Path
        Where the rows of a place go that is too large to be sorted at once: a part is about `AT_ONCE` rows, so that memory
        does not grow with the place.
    """
    number = -(-spool.count(groups) // AT_ONCE)
    if number <= 1:
        yield list(spool.take(groups))
        return
    bounds = _quantiles(spool, groups, first_key, number)
    with tempfile.TemporaryFile(dir=folder) as file:
        finer = PartitionFile(file)
        for rows in spool.take(groups):
            finer.put(rows, numpy.searchsorted(bounds, first_key(rows), side="right"))
        for part in finer.groups:
            yield list(finer.take([part]))


def _quantiles(spool: PartitionFile, groups: Sequence[int], first_key: Callable, number: int) -> numpy.ndarray:
    """The keys that part the rows into so many parts of about the same size."""
    sample, seen = [], 0
    for rows in spool.take(groups):
        sample.append(first_key(rows[-seen % _STEP :: _STEP]))
        seen += len(rows)
    ordered = numpy.sort(numpy.concatenate(sample))
    return ordered[numpy.arange(1, number) * len(ordered) // number]
