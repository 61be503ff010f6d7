"""Rows that do not fit into memory: written to a temporary file, those of a group together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import numpy


class PartitionFile:
    """Rows in a file, from which those of a group are read back.

    Parameters
    ----------
    file : binary file
        A temporary file, open for writing and reading; it grows as large as the data.
    """

    def __init__(self, file: BinaryIO):
        self._file = file
        self._parts: dict[int, list[tuple[int, int, numpy.dtype]]] = defaultdict(list)
        self._end = 0

    @property
    def groups(self) -> list[int]:
        """The groups that have rows, sorted."""
        return sorted(self._parts)

    def put(self, rows: numpy.ndarray, groups: numpy.ndarray) -> None:
        """Write rows, each to its group; each call may bring rows of another type."""
        order = numpy.argsort(groups, kind="stable")
        # As plain bytes, which are reordered faster than records of fields.
        rows, groups = rows.view(f"V{rows.itemsize}")[order].view(rows.dtype), groups[order]
        self._file.seek(self._end)
        self._file.write(rows.data)
        firsts = numpy.flatnonzero(numpy.concatenate([[True], groups[1:] != groups[:-1]])).tolist()
        for first, last in zip(firsts, [*firsts[1:], len(rows)]):
            part = self._end + first * rows.itemsize, last - first, rows.dtype
            self._parts[int(groups[first])].append(part)
        self._end += rows.nbytes

    def count(self, groups: Iterable[int]) -> int:
        """The number of rows of some groups."""
        return sum(length for group in groups for _, length, _ in self._parts.get(group, ()))

    def take(self, groups: Iterable[int]) -> Iterator[numpy.ndarray]:
        """The rows of some groups in the order in which they were written, in the blocks in which they were written."""
        for begin, length, kind in sorted(
            (part for group in groups for part in self._parts.get(group, ())), key=_begin
        ):
            self._file.seek(begin)
            yield numpy.frombuffer(self._file.read(length * kind.itemsize), kind)


def _begin(part: tuple[int, int, numpy.dtype]) -> int:
    return part[0]
