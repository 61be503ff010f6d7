"""Rows in the order of the normal form, a bounded number at a time.

The codes of all columns of a row form one integer, its key, by which rows are compared, sorted and searched.
"""

import math
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy

from workbench.data.partition_file import PartitionFile

Rows = Mapping[str, numpy.ndarray] | numpy.ndarray

AT_ONCE = 250_000
"""Rows that are sorted together; those of a larger place are first partitioned by their keys."""

_LARGEST_KEY = 2**63
_STEP = 2_503
"""The step between the rows that are sampled to partition a place: about a hundred for each part, whose size is then right to
about a tenth. A prime number, because rows recur in cycles."""


class Keys:
    """The codes of several columns as one integer; as several, each for some of the columns, where one is too small.

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
        """As `of`, but only the key that is compared first."""
        return self._key(rows, positions, self._parts[0])

    def _key(self, rows: Rows, positions: Mapping[str, numpy.ndarray], columns: Sequence[str]) -> numpy.ndarray:
        # Most datasets have so few combinations of codes that half the width, and half the time, is enough.
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
    """The order that sorts rows by their keys; None where they are sorted already and all keys differ."""
    if len(keys) == 1 and (keys[0][1:] > keys[0][:-1]).all():
        return None
    return numpy.lexsort(keys[::-1])


def repeated(keys: Sequence[numpy.ndarray]) -> int | None:
    """The position of the first of sorted rows that has the same key as the one before it; None if all differ."""
    same = numpy.logical_and.reduce([key[1:] == key[:-1] for key in keys])
    return int(same.argmax()) + 1 if same.any() else None


def parts_in_order(
    partitions: PartitionFile, groups: Sequence[int], first_key: Callable[[numpy.ndarray], numpy.ndarray], folder: Path
) -> Iterator[list[numpy.ndarray]]:
    """All rows of a place in parts, each of them unsorted, but all of its rows before those of the next.

    Parameters
    ----------
    groups : sequence of int
        The partitions that are the place.
    first_key : callable
        From rows to what they are sorted by first.
    folder : Path
        For a temporary file, if the place is too large to be sorted at once: a part has about `AT_ONCE` rows, so that
        memory does not grow with the place.
    """
    number = -(-partitions.count(groups) // AT_ONCE)
    if number <= 1:
        yield list(partitions.take(groups))
        return
    bounds = _quantiles(partitions, groups, first_key, number)
    with tempfile.TemporaryFile(dir=folder) as file:
        finer = PartitionFile(file)
        for rows in partitions.take(groups):
            finer.put(rows, numpy.searchsorted(bounds, first_key(rows), side="right"))
        for part in finer.groups:
            yield list(finer.take([part]))


def _quantiles(
    partitions: PartitionFile, groups: Sequence[int], first_key: Callable[[numpy.ndarray], numpy.ndarray], number: int
) -> numpy.ndarray:
    """The keys that divide the rows into a number of parts of about the same size."""
    sample, seen = [], 0
    for rows in partitions.take(groups):
        sample.append(first_key(rows[-seen % _STEP :: _STEP]))
        seen += len(rows)
    ordered = numpy.sort(numpy.concatenate(sample))
    return ordered[numpy.arange(1, number) * len(ordered) // number]
