"""Parquet with the columns of SDMX-CSV, or of a snapshot of the workbench: dimensions, time, value, flags.

Text may be stored as dictionaries, as pandas stores categories; periods and values may be numbers.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow
import pyarrow.parquet

from workbench.data.formats.cells import MEASURED, TEXT, CellBlock, blank
from workbench.data.formats.sdmx_csv import columns_of
from workbench.data.formats.text import LARGEST, MOST_COLUMNS, malformed, place
from workbench.declarations.labels import Labels

_MAGIC = b"PAR1"
_INDEX_OF_PANDAS = re.compile(r"__index_level_[0-9]+__")
_OF_SNAPSHOT = {"time": "TIME_PERIOD", "value": "OBS_VALUE", "obs_status": "OBS_STATUS", "conf_status": "CONF_STATUS"}
_BATCH = 1 << 16
"""Rows that are read at once."""
_MOST_ROWS = 1 << 28
_NEVER_MIND = 1 << 23
_MOST_ROWS_OF_A_BYTE = 50
"""Rows that a byte of the file may stand for, beyond a number of rows; the most repetitive datasets have five."""
_LARGEST_GROUP = 1 << 30
"""Bytes of a row group, unpacked; writers make them of some hundred million bytes at most."""
_LONGEST_NAMES = 1 << 24
"""Bytes of the texts in the description at the end of the file."""


@dataclass(frozen=True)
class ParquetFile:
    """See `workbench.data.formats.cells.NativeFile`. ``columns`` gives the name of each column in the file; rows count from 1."""

    path: Path
    columns: dict[str, str]
    about: tuple[str, ...]
    labels: Labels = field(default_factory=dict)
    form: str = "Parquet"
    groups_thousands: bool = False

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def headings(self) -> dict[str, str]:
        return self.columns

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(column for column in self.columns if column not in (*MEASURED, *self.about))

    def blocks(self) -> Iterator[CellBlock]:
        names = list(self.columns.values())
        begin = 1
        with _opened(self.path) as file:
            for batch in file.iter_batches(_BATCH, columns=names, use_threads=False):
                batch.validate(full=True)  # texts that are not UTF-8, numbers of texts that are not there
                rows = range(begin, begin + batch.num_rows)
                begin = rows.stop
                texts = {column: self._text(batch.column(name), name) for column, name in self.columns.items()}
                yield CellBlock(texts | {name: blank(len(rows)) for name in MEASURED if name not in texts}, rows)

    def _text(self, cells: pyarrow.Array, name: str) -> pyarrow.DictionaryArray:
        """Cells as text, empty where there is nothing."""
        if not isinstance(cells, pyarrow.DictionaryArray):
            if not _may_be_text(cells.type):
                raise malformed(
                    "this column is not text or numbers",
                    where=place(self.name, column=name),
                    expected="codes, periods, numbers or flags",
                    found=str(cells.type)[:80],
                )
            cells = cells.dictionary_encode()
        if pyarrow.types.is_floating(cells.dictionary.type):
            cells = pyarrow.DictionaryArray.from_arrays(cells.indices, cells.dictionary.cast(pyarrow.float64()))
        texts = cells.dictionary.cast(pyarrow.string())
        if name == self.columns["value"]:
            texts = pyarrow.compute.replace_with_mask(
                texts, pyarrow.compute.equal(texts, "nan"), pyarrow.scalar("", pyarrow.string())
            )
        texts = pyarrow.DictionaryArray.from_arrays(cells.indices.cast(pyarrow.int32()), texts)
        if texts.null_count or texts.dictionary.null_count:
            return texts.cast(pyarrow.string()).fill_null("").dictionary_encode()
        return texts.cast(TEXT)


def is_parquet(begin: bytes) -> bool:
    """Whether a file with this beginning is Parquet."""
    return begin.startswith(_MAGIC)


def open_parquet(path: Path) -> ParquetFile:
    """Read the columns of a Parquet file.

    Raises
    ------
    MalformedFile
        If it is damaged or too large, or does not have the columns of SDMX-CSV.
    """
    with _opened(path) as file:
        metadata = file.metadata
        size = path.stat().st_size
        largest = max((metadata.row_group(at).total_byte_size for at in range(metadata.num_row_groups)), default=0)
        names = [name for name in file.schema_arrow.names if not _INDEX_OF_PANDAS.fullmatch(name)]
    for what, number, most in (
        ("columns", len(names), MOST_COLUMNS),
        ("rows", metadata.num_rows, min(_MOST_ROWS, max(_NEVER_MIND, size * _MOST_ROWS_OF_A_BYTE))),
        ("bytes in a row group", largest, _LARGEST_GROUP),
        ("bytes", size, LARGEST),
    ):
        if not 0 <= number <= most:
            raise malformed(
                "this file is larger than data are",
                where=path.name,
                expected=f"at most {most:,} {what}",
                found=f"{number:,}",
                hint="download the data as SDMX-CSV",
            )
    concepts = {name: _OF_SNAPSHOT.get(name, name) for name in names}
    columns = columns_of(list(concepts.values()), path.name)
    found = {column: names[at] for column, at in (columns.about | columns.positions).items()}
    return ParquetFile(path, found, tuple(columns.about))


def _may_be_text(kind: pyarrow.DataType) -> bool:
    is_of = pyarrow.types
    return any(
        test(kind)
        for test in (is_of.is_string, is_of.is_large_string, is_of.is_integer, is_of.is_floating, is_of.is_decimal, is_of.is_null)
    )  # fmt: skip


@contextmanager
def _opened(path: Path) -> Iterator[pyarrow.parquet.ParquetFile]:
    """A file whose description is read within limits; whatever the library says of a damaged one is told as such."""
    try:
        with pyarrow.parquet.ParquetFile(
            path,
            memory_map=False,
            pre_buffer=False,
            buffer_size=1 << 20,
            thrift_string_size_limit=_LONGEST_NAMES,
            thrift_container_size_limit=_LONGEST_NAMES,
        ) as file:
            yield file
    except (pyarrow.ArrowException, OSError, MemoryError, UnicodeDecodeError) as error:
        raise malformed(
            "this Parquet file is truncated or damaged",
            where=path.name,
            expected="a whole file",
            found=(str(error).splitlines() or [type(error).__name__])[0][:200],
        ) from None
