"""The normal form in which a snapshot is stored: Parquet, sorted, each observation once.

Observations of a place lie together, so that a country is read without the others: rows are sorted by ``geo``, then by the
other dimensions and time. Columns of codes are dictionaries; all codes that occur stand in the file's metadata.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy
import pyarrow
import pyarrow.parquet

from workbench.data.formats.cells import MEASURED, TEXT

_PLACE = "geo"
_CODES = b"codes"
_KEPT = 4
"""Row groups that stay in memory: a study asks of the same place again and again."""


def together(dimensions: Sequence[str]) -> str:
    """The column of which the observations lie together: the place, where there is one."""
    return _PLACE if _PLACE in dimensions else (*dimensions, "time")[0]


def schema_of(dimensions: Sequence[str], codes: Mapping[str, Sequence[str]]) -> pyarrow.Schema:
    """The columns of a stored file, and in its metadata the codes that occur."""
    columns = [(name, pyarrow.float64() if name == "value" else TEXT) for name in (*dimensions, *MEASURED)]
    return pyarrow.schema(columns).with_metadata({_CODES: json.dumps(codes, ensure_ascii=False).encode()})


class NormalForm:
    """A stored file, opened for reading.

    Attributes
    ----------
    codes : dict
        Dimension, and ``time``, to the codes that occur, sorted.
    dimensions : tuple of str
        In the order of the native file.
    rows : int
        Number of observations.
    """

    def __init__(self, path: Path):
        self._file = pyarrow.parquet.ParquetFile(path, memory_map=False)
        self.codes: dict[str, list[str]] = json.loads(self._file.schema_arrow.metadata[_CODES])
        self.dimensions = tuple(name for name in self._file.schema_arrow.names if name not in MEASURED)
        self.rows = self._file.metadata.num_rows
        self._together = together(self.dimensions)
        column = self._file.schema_arrow.names.index(self._together)
        groups = range(self._file.metadata.num_row_groups)
        bounds = [self._file.metadata.row_group(group).column(column).statistics for group in groups]
        self._bounds = [(bound.min, bound.max) for bound in bounds]
        self._kept: dict[int, pyarrow.Table] = {}

    def select(self, filters: Mapping[str, Sequence[str]]) -> pyarrow.Table:
        """The observations that have these codes, in the order stored.

        Parameters
        ----------
        filters : mapping
            Dimension (or ``time``) to codes; a column that is not named is not filtered.
        """
        wanted = filters.get(self._together)
        groups = [
            group
            for group, (low, high) in enumerate(self._bounds)
            if wanted is None or any(low <= code <= high for code in wanted)
        ]
        parts = [_filtered(self._row_group(group), filters) for group in groups]
        return pyarrow.concat_tables(parts) if parts else self._file.schema_arrow.empty_table()

    def distinct(self, column: str) -> set[str]:
        """The texts that occur in a column of flags or codes; only that column is read."""
        return set(self._file.read(columns=[column]).column(column).unique().to_pylist())

    def by_place(self) -> Iterator[pyarrow.Table]:
        """All observations, place by place, so that memory does not grow with their number."""
        for code in self.codes[self._together]:
            yield self.select({self._together: [code]})

    def _row_group(self, group: int) -> pyarrow.Table:
        """A row group; the last few stay in memory, for a study asks of the same place again and again."""
        if group not in self._kept:
            while len(self._kept) >= _KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[group] = self._file.read_row_group(group).combine_chunks()
        return self._kept[group]


def _filtered(table: pyarrow.Table, filters: Mapping[str, Sequence[str]]) -> pyarrow.Table:
    kept = numpy.arange(table.num_rows)
    for column, codes in filters.items():
        cells = table.column(column).chunk(0)
        wanted = set(codes)
        is_wanted = numpy.array([code in wanted for code in cells.dictionary.to_pylist()], dtype=bool)
        if not is_wanted.all():
            kept = kept[is_wanted[cells.indices.to_numpy()[kept]]]
    return table.take(kept)
