"""Eurostat's tab-separated files: each row is a series, each column a period, each cell a value with its flags.

The first cell of the header names the dimensions: ``freq,citizen,geo\\TIME_PERIOD``; the oldest files have no ``freq`` and
say ``\\time``. A cell is ``12``, ``12 b`` or ``: c``; ``:`` alone means that there is no observation. ``0n`` is less
than half of the unit: the value 0 with the flag n.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy
import pyarrow

from workbench.data.formats.cell_parsers import period
from workbench.data.formats.cells import (
    MEASURED,
    WORKERS,
    CellBlock,
    ahead,
    blank,
    cells_of_line,
    check_columns,
    column_of,
    cut,
    interpreted,
    parsed,
)  # fmt: skip
from workbench.data.formats.text import BLOCK, blocks_below_heading, place, read_heading
from workbench.declarations.labels import Labels
from workbench.model.errors import MalformedFile

_HEADER = re.compile(rb"[^\t\n]*\\time(_period)?(\s|$)", re.IGNORECASE)
_CELL = re.compile(r"(:|[^a-z\s]\S*?)\s*([a-z ]*)")
_NO_OBSERVATION = ":"
_BLOCK = BLOCK // 4
"""Bytes of a block: each of its cells becomes a row, which is far larger."""


def is_tsv(begin: bytes) -> bool:
    """Whether a file with this beginning has the header of Eurostat's TSV."""
    return bool(_HEADER.match(begin))


@dataclass(frozen=True)
class Tsv:
    """A TSV file; see `workbench.data.formats.cells.NativeFile`. Its columns of values are ``times``."""

    path: Path
    series: str
    dimensions: tuple[str, ...]
    times: tuple[str, ...]
    labels: Labels = field(default_factory=dict)
    form: str = "Eurostat TSV"

    about: tuple[str, ...] = ()
    groups_thousands: bool = False

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def headings(self) -> dict[str, str]:
        return {dimension: dimension for dimension in self.dimensions}

    def blocks(self) -> Iterator[CellBlock]:
        rows = parsed(blocks_below_heading(self.path, _BLOCK), len(self.times) + 1, self.name, "\t")
        with ThreadPoolExecutor(WORKERS) as pool:
            yield from ahead(pool, self._long, rows, many=1)

    def _long(self, block: tuple[range, pyarrow.Table]) -> CellBlock:
        """A row for each cell with an observation: the codes of its series, its time, its value and flags."""
        numbers, wide = numpy.array(block[0]), block[1].combine_chunks()
        height, width = len(numbers), len(self.times)
        cells = _stacked([wide.column(at + 1) for at in range(width)]) if width else blank(0)
        texts = cells.dictionary.to_pylist()
        says = numpy.array([text.strip() != _NO_OBSERVATION for text in texts], dtype=bool)
        codes = cells.indices.to_numpy()
        kept = numpy.flatnonzero(says[codes]) if len(codes) else codes
        rows = numbers[kept % height]
        times = kept // height
        columns = dict(zip(self.dimensions, self._codes(wide.column(0), kept % height, rows), strict=True))
        columns["time"] = column_of(times, self.times)
        columns["value"], columns["obs_status"] = _divided(
            codes[kept], texts, _value_and_flags, 2, lambda at: self._place(rows[at], self.times[times[at]])
        )
        columns["conf_status"] = blank(len(kept))
        return CellBlock(columns, rows)

    def _codes(self, series: pyarrow.ChunkedArray, kept: numpy.ndarray, rows: numpy.ndarray) -> list:
        whole = series.combine_chunks()
        texts, codes = whole.dictionary.to_pylist(), whole.indices.to_numpy()[kept]
        used, positions = _used(codes, len(texts))
        # There are many series: the CSV parser divides them, and only an irregular block is divided one by one.
        block = "".join(f"{texts[code]}\n" for code in used)
        _, parted = cut(len(self.dimensions), ",", block.encode())
        if isinstance(parted, pyarrow.Table) and " " not in block and '"' not in block:
            columns = [column.combine_chunks() for column in parted.columns]
            return [column_of(column.indices.to_numpy()[positions], column.dictionary) for column in columns]
        return _divided(
            codes, texts, self._codes_of, len(self.dimensions), lambda at: self._place(rows[at], self.series)
        )

    def _codes_of(self, text: str) -> list[str]:
        codes = _parts(text)
        if len(codes) == len(self.dimensions):
            return codes
        raise MalformedFile("this row does not have one code for each dimension", expected=self.series, found=text)

    def _place(self, row: int, heading: str) -> str:
        return place(self.name, row, heading)


def open_tsv(path: Path) -> Tsv:
    """Read the header of a TSV file.

    Raises
    ------
    MalformedFile
        If a column is not a period, or two dimensions have the same name.
    """
    series, *times = cells_of_line(read_heading(path), "\t")
    dimensions = tuple(_parts(series.lower().partition("\\")[0]))
    check_columns((*dimensions, *MEASURED), path.name)
    times = [time.strip() for time in times]
    interpreted(times, period, lambda time: place(path.name, 1, time))
    return Tsv(path, series, dimensions, tuple(times))


def _parts(series: str) -> list[str]:
    return [part.strip() for part in series.split(",")]


def _stacked(columns: list[pyarrow.ChunkedArray]) -> pyarrow.DictionaryArray:
    """Columns of cells one below the other, with one dictionary."""
    chunks = [chunk for column in columns for chunk in column.chunks]
    return pyarrow.chunked_array(chunks).unify_dictionaries().combine_chunks()


def _value_and_flags(cell: str) -> tuple[str, str]:
    found = _CELL.fullmatch(cell.strip())
    if found:
        return found[1], found[2]
    raise MalformedFile(
        "this cell is not an observation", expected="a value with flags, as 12 b or : c", found=repr(cell)
    )


def _divided(
    codes: numpy.ndarray,
    texts: list[str],
    part: Callable[[str], Sequence[str]],
    number: int,
    where: Callable[[int], str],
) -> list:
    """Divide every text that occurs into a number of columns; ``where`` gives the place of a position."""
    used, positions = _used(codes, len(texts))

    def text_place(text: str) -> str:
        return where(int((codes == texts.index(text)).argmax()))

    parts = interpreted([texts[code] for code in used], part, text_place)
    columns = list(zip(*parts, strict=True)) or [()] * number
    return [_recoded(positions, column) for column in columns]


def _used(codes: numpy.ndarray, number: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Which of a number of codes occur, and for each code its position among these: `numpy.unique` without sorting."""
    occurs = numpy.zeros(number, dtype=bool)
    occurs[codes] = True
    return numpy.flatnonzero(occurs), (numpy.cumsum(occurs) - 1)[codes]


def _recoded(positions: numpy.ndarray, texts: tuple[str, ...]) -> pyarrow.DictionaryArray:
    numbers: dict[str, int] = {}
    codes = numpy.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=numpy.int32)
    return column_of(codes[positions], numbers)
