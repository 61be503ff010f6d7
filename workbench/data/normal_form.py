"""The normal form in which a snapshot is stored: Parquet, sorted, each observation once.

Observations of a place are stored together, so that a country is read without the others: rows are sorted by ``geo``, then by
the other dimensions and time. Columns of codes are dictionaries; the file's metadata lists all codes that occur.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy
import pyarrow
import pyarrow.parquet

from workbench.data.formats.cells import MEASURED, TEXT
from workbench.declarations.datasets import DatasetDeclaration

_PLACE = "geo"
_CODES = b"codes"
_KEPT = 4
"""Row groups kept in memory, because a study asks for the same place again and again."""


def partition_column(dimensions: Sequence[str]) -> str:
    """The column by whose codes observations are stored together: the place, where there is one."""
    return _PLACE if _PLACE in dimensions else (*dimensions, "time")[0]


def schema_of(dimensions: Sequence[str], codes: Mapping[str, Sequence[str]]) -> pyarrow.Schema:
    """The columns of a stored file and, in its metadata, the codes that occur."""
    columns = [(name, pyarrow.float64() if name == "value" else TEXT) for name in (*dimensions, *MEASURED)]
    return pyarrow.schema(columns).with_metadata({_CODES: json.dumps(codes, ensure_ascii=False).encode()})


class NormalForm:
    """A stored file, opened for reading.

    Parameters
    ----------
    path : Path
        The file.
    declaration : DatasetDeclaration, optional
        That of its dataset: dimensions and codes then have their newest names, whatever the file calls them. Renaming
        happens only here.

    Attributes
    ----------
    codes : dict
        Dimension, and ``time``, to the codes that occur, sorted.
    dimensions : tuple of str
        In the order of the native file.
    rows : int
        Number of observations.
    """

    def __init__(self, path: Path, declaration: DatasetDeclaration | None = None):
        self._file = pyarrow.parquet.ParquetFile(path, memory_map=False)
        self._declaration = declaration
        stored: dict[str, list[str]] = json.loads(self._file.schema_arrow.metadata[_CODES])
        self.codes = {self._newest_name(name): sorted(set(self._newest(name, codes))) for name, codes in stored.items()}
        self.names = [self._newest_name(name) for name in self._file.schema_arrow.names]
        self.dimensions = tuple(name for name in self.names if name not in MEASURED)
        self.rows = self._file.metadata.num_rows
        self._partition_column = partition_column(self.dimensions)
        column = self.names.index(self._partition_column)
        stored_name = self._file.schema_arrow.names[column]
        self._partitions = dict(zip(stored[stored_name], self._newest(stored_name, stored[stored_name])))
        groups = range(self._file.metadata.num_row_groups)
        bounds = [self._file.metadata.row_group(group).column(column).statistics for group in groups]
        self._bounds = [(bound.min, bound.max) for bound in bounds]
        self._kept: dict[int, pyarrow.Table] = {}

    def _newest_name(self, name: str) -> str:
        return self._declaration.newest_dimension.get(name, name) if self._declaration else name

    def _newest(self, name: str, codes: Sequence[str]) -> Sequence[str]:
        """The newest names of codes in a column of the file."""
        return self._declaration.newest_codes(self._newest_name(name), codes) if self._declaration else codes

    def select(self, filters: Mapping[str, Sequence[str]]) -> pyarrow.Table:
        """The observations that have these codes, in the order stored.

        Parameters
        ----------
        filters : mapping
            Dimension (or ``time``) to codes; other columns are not filtered.
        """
        wanted = set(filters.get(self._partition_column, self._partitions.values()))
        stored = [code for code, newest in self._partitions.items() if newest in wanted]
        groups = [
            group for group, (low, high) in enumerate(self._bounds) if any(low <= code <= high for code in stored)
        ]
        parts = [_filtered(self._row_group(group), filters) for group in groups]
        return pyarrow.concat_tables(parts) if parts else self._renamed(self._file.schema_arrow.empty_table())

    def distinct(self, column: str) -> set[str]:
        """The texts that occur in a column of flags; only that column is read."""
        return set(self._file.read(columns=[column]).column(column).unique().to_pylist())

    def by_place(self) -> Iterator[pyarrow.Table]:
        """All observations, place by place, so that memory does not grow with their number."""
        for code in self.codes[self._partition_column]:
            yield self.select({self._partition_column: [code]})

    def _row_group(self, group: int) -> pyarrow.Table:
        """A row group, from memory if it was among the last few."""
        if group not in self._kept:
            while len(self._kept) >= _KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[group] = self._renamed(self._file.read_row_group(group).combine_chunks())
        return self._kept[group]

    def _renamed(self, table: pyarrow.Table) -> pyarrow.Table:
        """A table of the file with the newest names of dimensions and codes."""
        table = table.rename_columns(self.names)
        for axis in self._declaration.renamed if self._declaration else ():
            if axis in self.dimensions:
                column = table.column(axis).combine_chunks()
                newest = pyarrow.array(self._newest(axis, column.dictionary.to_pylist()), pyarrow.string())
                renamed = pyarrow.DictionaryArray.from_arrays(column.indices, newest)
                table = table.set_column(self.names.index(axis), axis, renamed)
        return table


def _filtered(table: pyarrow.Table, filters: Mapping[str, Sequence[str]]) -> pyarrow.Table:
    kept = numpy.arange(table.num_rows)
    for column, codes in filters.items():
        cells = table.column(column).chunk(0)
        wanted = set(codes)
        is_wanted = numpy.array([code in wanted for code in cells.dictionary.to_pylist()], dtype=bool)
        if not is_wanted.all():
            kept = kept[is_wanted[cells.indices.to_numpy()[kept]]]
    return table.take(kept)
