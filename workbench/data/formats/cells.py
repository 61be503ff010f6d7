"""From blocks of text to columns of cells. Each distinct text of a column is kept, and judged, once."""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy
import pyarrow
import pyarrow.csv

from workbench.data.formats.text import AGAIN, malformed, place
from workbench.declarations.labels import Labels
from workbench.model.errors import MalformedFile, WorkbenchError
from workbench.model.names import DIMENSION

MEASURED = ("time", "value", "obs_status", "conf_status")
"""The columns of a table beside its dimensions."""

WORKERS = 2
"""Blocks that are parsed at the same time."""

TEXT = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
"""A column of text: each distinct one once, and its number for each row."""

_EMPTY_LINE = re.compile(rb"^\r?\n", re.MULTILINE)


@dataclass(frozen=True)
class CellBlock:
    """Some rows of a file.

    Attributes
    ----------
    texts : mapping
        Column to its cells, a dictionary array of text: the dimensions, those of `MEASURED`, and what leads.
    rows : sequence of int
        The row in the file that each stands in.
    """

    texts: Mapping[str, pyarrow.DictionaryArray]
    rows: Sequence[int]


class NativeFile(Protocol):
    """A file of observations, cut into cells that are not understood yet.

    Attributes
    ----------
    name : str
        Its name, for errors.
    dimensions : tuple of str
        In lower case, in the order of the file; time is none of them.
    about : tuple of str
        Columns that say the same in each row: ``dataset``, ``last_update``, ``unit_multiplier``; those that it has.
    headings : mapping
        Column to its heading in the file; one without a heading stands under its period.
    groups_thousands : bool
        Whether it may write ``1,234`` for a number though its cells are codes; where they are labels any file may.
    labels : mapping
        What somebody said that labels mean, as of `workbench.declarations.labels.read_labels`. None where all cells are
        understood already.
    """

    name: str
    dimensions: tuple[str, ...]
    about: tuple[str, ...]
    headings: Mapping[str, str]
    groups_thousands: bool
    labels: Labels | None

    def blocks(self) -> Iterator[CellBlock]: ...


def parsed(blocks: Iterable[bytes], width: int, file: str, separator: str) -> Iterator[tuple[range, pyarrow.Table]]:
    """Cut blocks of lines into cells, several blocks at the same time.

    Parameters
    ----------
    blocks : iterable of bytes
        As of `workbench.data.formats.text.blocks`, without the header.
    width : int
        Cells of each row.
    file : str
        Its name, for errors.
    separator : str
        A comma, between cells that may be quoted; or a tab, between cells that never are.

    Yields
    ------
    range, pyarrow.Table
        The rows in the file, and dictionary columns numbered from 0.

    Raises
    ------
    MalformedFile
        If a row has more or fewer cells than the header.
    """
    with ThreadPoolExecutor(WORKERS) as pool:
        begin = 2
        for block, table in ahead(pool, partial(cut, width, separator), blocks):
            if isinstance(table, pyarrow.ArrowInvalid):
                raise _first_uneven(block, begin, file, width, separator, str(table))
            rows = range(begin, begin + table.num_rows)
            begin = rows.stop
            yield rows, table


def ahead(pool: Executor, function: Callable, items: Iterable, many: int = WORKERS + 1) -> Iterator:
    """Apply a function to items in other threads, so many items ahead of who asks; results come in order."""
    waiting: deque[Future] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > many:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for left in waiting:
            left.cancel()


def cut(width: int, separator: str, block: bytes) -> tuple[bytes, pyarrow.Table | pyarrow.ArrowInvalid]:
    """Cut one block of UTF-8: back come the block and its dictionary columns, or what the parser has against it."""
    names = [str(position) for position in range(width)]
    try:
        table = pyarrow.csv.read_csv(
            pyarrow.BufferReader(block),
            pyarrow.csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
            pyarrow.csv.ParseOptions(
                delimiter=separator, quote_char='"' if separator == "," else False, ignore_empty_lines=False
            ),
            # An empty cell is an empty text; without this NA, which is Namibia, would be missing. Blocks are UTF-8 by now:
            # to check that in each cell would take a fifth of the time.
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, TEXT), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pyarrow.ArrowInvalid as error:
        return block, error
    # The parser takes an empty line for a row of empty cells.
    if "" in table.column(0).chunk(0).dictionary.to_pylist() and _EMPTY_LINE.search(block):
        return block, pyarrow.ArrowInvalid("an empty line")
    return block, table


def _first_uneven(block: bytes, begin: int, file: str, width: int, separator: str, found: str) -> MalformedFile:
    """The error about the first row of a block that has not as many cells as the header."""
    lines = csv.reader(io.StringIO(block.decode(), newline=""), delimiter=separator, quoting=_quoting(separator))
    row = begin
    try:
        for cells in lines:
            if len(cells) != width:
                found = f"{len(cells)} cells"
                break
            row = begin + lines.line_num
    except csv.Error as error:  # a quote that is never closed
        found = str(error)
    return uneven(file, row, width, found)


def uneven(file: str, row: int, width: int, found: str) -> MalformedFile:
    """The error about a row that has not as many cells as the header."""
    what = "this row has not as many cells as the header"
    return malformed(what, where=place(file, row), expected=f"{width} cells", found=found)


def cells_of_line(line: bytes, separator: str) -> list[str]:
    """The cells of a header."""
    return next(csv.reader([line.decode()], delimiter=separator, quoting=_quoting(separator)), [])


def _quoting(separator: str) -> int:
    return csv.QUOTE_MINIMAL if separator == "," else csv.QUOTE_NONE


def understood(texts: Iterable[str], meaning: Callable, where: Callable[[str], str]) -> list:
    """What each text means.

    Parameters
    ----------
    texts : iterable of str
        Distinct texts of a column.
    meaning : callable
        From a text to what it means; it may raise any `WorkbenchError`.
    where : callable
        From a text to the place in the file where it stands first, for the error.
    """
    meanings = []
    for text in texts:
        try:
            meanings.append(meaning(text))
        except WorkbenchError as error:
            raise type(error)(
                error.what,
                where=where(text),
                expected=error.expected,
                found=error.found or repr(text),
                unchanged="nothing was stored",
                hint=error.hint or AGAIN,
            ) from None
    return meanings


def column_of(codes: numpy.ndarray, texts: Iterable[str]) -> pyarrow.DictionaryArray:
    """A column of text: for each row the number of its text."""
    return pyarrow.DictionaryArray.from_arrays(codes.astype(numpy.int32), pyarrow.array(texts, pyarrow.string()))


def blank(length: int) -> pyarrow.DictionaryArray:
    """A column of empty texts, for what a format does not have."""
    return column_of(numpy.zeros(length), [""])


def check_columns(columns: Sequence[str], file: str) -> None:
    """Refuse a header in which a column has no name, two have the same, or a dimension has one that none can have."""
    times = Counter(columns)
    for column in columns:
        if not column or times[column] > 1:
            raise malformed(
                "the header has a column without a name, or two with the same",
                where=place(file, 1),
                expected="each name once",
                found=", ".join(columns)[:200],
            )
        if column not in MEASURED and not DIMENSION.allow(column):
            raise malformed(
                f"{column!r} is no name of a dimension",
                where=place(file, 1),
                expected=DIMENSION.says,
                found=repr(column),
            )
