"""Rows in the order of the normal form, a bounded number at a time.

The codes of all columns of a row are one whole number, its key: rows are compared, sorted and searched at once.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy

from workbench.data.spool import Spool
from workbench.data.understanding import Meaning

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
    meanings : mapping
        Column to its meaning, in the order in which rows are compared.
    """

    def __init__(self, meanings: Mapping[str, Meaning]):
        self._meanings = meanings
        self._parts: list[list[str]] = [[]]
        self._sizes = [1]
        for column, meaning in meanings.items():
            if self._sizes[-1] * len(meaning.codes) >= _LARGEST_KEY:
                self._parts.append([])
                self._sizes.append(1)
            self._parts[-1].append(column)
            self._sizes[-1] *= len(meaning.codes)
        self.names = [f"key {number}" for number in range(len(self._parts))]

    def of(self, rows: numpy.ndarray) -> dict[str, numpy.ndarray]:
        """The keys, under ``names``, of rows that hold the numbers of texts."""
        return {name: self._key(rows, part) for part, name in enumerate(self.names)}

    def first(self, rows: numpy.ndarray) -> numpy.ndarray:
        """As `of`, but only the number that is compared first."""
        return self._key(rows, 0)

    def _key(self, rows: numpy.ndarray, part: int) -> numpy.ndarray:
        # Most datasets have few enough combinations of codes for half the width, and half the time.
        key, step = numpy.zeros(len(rows), numpy.int32 if self._sizes[part] < 2**31 else numpy.int64), 1
        for column in reversed(self._parts[part]):
            meaning = self._meanings[column]
            if len(meaning.codes) > 1:
                key += (meaning.position.astype(key.dtype) * key.dtype.type(step))[rows[column]]
            step *= len(meaning.codes)
        return key

    def codes(self, keys: Mapping[str, numpy.ndarray]) -> dict[str, numpy.ndarray]:
        """Column to the positions of its codes."""
        found = {}
        for name, columns in zip(self.names, self._parts):
            key = keys[name]
            for column in reversed(columns):
                size = len(self._meanings[column].codes)
                rest = key // size if size > 1 else key
                found[column] = (key - rest * size if size > 1 else numpy.zeros(len(key))).astype(numpy.int32, copy=False)
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


def parts_in_order(spool: Spool, groups: Sequence[int], keys: Keys, folder: Path) -> Iterator[list[numpy.ndarray]]:
    """All rows of a place in parts: each is not sorted yet, but comes before the next.

    Parameters
    ----------
    groups : sequence of int
        Those of the spool that are the place.
    folder : Path
        Where the rows of a place go that is too large to be sorted at once: a part is about `AT_ONCE` rows, so that memory
        does not grow with the place.
    """
    number = -(-spool.count(groups) // AT_ONCE)
    if number <= 1:
        yield list(spool.take(groups))
        return
    bounds = _quantiles(spool, groups, keys, number)
    with tempfile.TemporaryFile(dir=folder) as file:
        finer = Spool(file)
        for rows in spool.take(groups):
            finer.put(rows, numpy.searchsorted(bounds, keys.first(rows), side="right"))
        for part in finer.groups:
            yield list(finer.take([part]))


def _quantiles(spool: Spool, groups: Sequence[int], keys: Keys, number: int) -> numpy.ndarray:
    """The keys that part the rows into so many parts of about the same size."""
    sample, seen = [], 0
    for rows in spool.take(groups):
        sample.append(keys.first(rows[-seen % _STEP :: _STEP]))
        seen += len(rows)
    ordered = numpy.sort(numpy.concatenate(sample))
    return ordered[numpy.arange(1, number) * len(ordered) // number]
