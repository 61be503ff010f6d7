"""From blocks of text to columns of cells. Each distinct text of a column is stored, and interpreted, once."""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, Protocol

import numpy
import pyarrow
import pyarrow.csv

from workbench.data.formats.text import AGAIN, SEPARATORS, malformed, place
from workbench.declarations.labels import Labels
from workbench.model.counted import counted
from workbench.model.errors import MalformedFile, WorkbenchError
from workbench.model.names import DIMENSION

MEASURED = ("time", "value", "obs_status", "conf_status")
"""The columns of a table other than its dimensions."""

WORKERS = 2
"""Blocks that are parsed at the same time."""

TEXT = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
"""A column of text: each distinct text once, and its number for each row."""

_MOST_DIMENSIONS = 50
_EMPTY_LINE = re.compile(rb"^\r?\n", re.MULTILINE)


@dataclass(frozen=True)
class CellBlock:
    """Some rows of a file.

    Attributes
    ----------
    texts : mapping
        Column to its cells, a dictionary array of text: the dimensions, those of `MEASURED`, and the leading columns.
    rows : sequence of int
        The row of each in the file.
    """

    texts: Mapping[str, pyarrow.DictionaryArray]
    rows: Sequence[int] | numpy.ndarray


class NativeFile(Protocol):
    """A file of observations, divided into cells that are not interpreted yet.

    Attributes
    ----------
    name : str
        Its name, for errors.
    form : str
        What kind of file it is, in words.
    dimensions : tuple of str
        In lower case, in the order of the file, without time.
    about : collection of str
        The leading columns that it has, which say the same in each row: ``dataset``, ``last_update``, ``action``,
        ``unit_multiplier``.
    headings : mapping
        Column to its heading in the file; a value without a heading is under that of its period.
    groups_thousands : bool
        Whether it may write ``1,234`` for a number although its cells are codes; where they are labels, any file may.
    labels : mapping
        The codes of labels, from `workbench.declarations.labels.read_labels`. None where all cells are interpreted already.
    """

    @property
    def name(self) -> str: ...

    @property
    def form(self) -> str: ...

    @property
    def dimensions(self) -> tuple[str, ...]: ...

    @property
    def about(self) -> Collection[str]: ...

    @property
    def headings(self) -> Mapping[str, str]: ...

    @property
    def groups_thousands(self) -> bool: ...

    @property
    def labels(self) -> Labels | None: ...

    def blocks(self) -> Iterator[CellBlock]: ...


def parsed(blocks: Iterable[bytes], width: int, file: str, separator: str) -> Iterator[tuple[range, pyarrow.Table]]:
    """Divide blocks of lines into cells, several blocks at the same time.

    Parameters
    ----------
    blocks : iterable of bytes
        From `workbench.data.formats.text.blocks`, without the header.
    width : int
        Number of cells in each row.
    file : str
        Its name, for errors.
    separator : str
        A comma or semicolon, between cells that may be quoted; or a tab, between cells that never are.

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
    """Apply a function to items in other threads, a number of items ahead of the caller; results come in order."""
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
    """Divide one block of UTF-8: return it with its dictionary columns, or with the error of the parser."""
    names = [str(position) for position in range(width)]
    try:
        table = pyarrow.csv.read_csv(
            pyarrow.BufferReader(block),
            pyarrow.csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
            pyarrow.csv.ParseOptions(
                delimiter=separator, quote_char='"' if separator != "\t" else False, ignore_empty_lines=False
            ),
            # An empty cell is an empty text, and NA is Namibia, not a missing value. Blocks are UTF-8 by now, and checking
            # that in each cell would take a fifth of the time.
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, TEXT), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pyarrow.ArrowInvalid as error:
        return block, error
    # The parser reads an empty line as a row of empty cells.
    if "" in table.column(0).chunk(0).dictionary.to_pylist() and _EMPTY_LINE.search(block):
        return block, pyarrow.ArrowInvalid("an empty line")
    return block, table


def _first_uneven(block: bytes, begin: int, file: str, width: int, separator: str, found: str) -> MalformedFile:
    """The error about the first row of a block that does not have as many cells as the header."""
    lines = csv.reader(io.StringIO(block.decode(), newline=""), delimiter=separator, quoting=_quoting(separator))
    row = begin
    try:
        for cells in lines:
            if len(cells) != width:
                found = counted(len(cells), "cell")
                break
            row = begin + lines.line_num
    except csv.Error as error:  # a quote that is never closed
        found = str(error)
    return uneven(file, row, width, found)


def uneven(file: str, row: int, width: int, found: str) -> MalformedFile:
    """The error about a row that does not have as many cells as the header."""
    what = "this row does not have as many cells as the header"
    return malformed(what, where=place(file, row), expected=counted(width, "cell"), found=found)


def separator_of(heading: bytes) -> str:
    """What is between the cells of a header: a comma, unless there are more semicolons or tabs."""
    return max(SEPARATORS, key=heading.count).decode()


def cells_of_line(line: bytes, separator: str) -> list[str]:
    """The cells of a header."""
    return next(csv.reader([line.decode()], delimiter=separator, quoting=_quoting(separator)), [])


def _quoting(separator: str) -> Literal[0, 3]:
    return csv.QUOTE_NONE if separator == "\t" else csv.QUOTE_MINIMAL


def interpreted(texts: Iterable[str], parse: Callable[[str], Any], where: Callable[[str], str]) -> list[Any]:
    """What each text stands for.

    Parameters
    ----------
    texts : iterable of str
        Distinct texts of a column.
    parse : callable
        From a text to what it stands for; it may raise any `WorkbenchError`.
    where : callable
        From a text to the place in the file where it occurs first, for the error.
    """
    values = []
    for text in texts:
        try:
            values.append(parse(text))
        except WorkbenchError as error:
            raise type(error)(
                error.what,
                where=where(text),
                expected=error.expected,
                found=error.found or repr(text),
                unchanged="nothing was stored",
                hint=error.hint or AGAIN,
            ) from None
    return values


def column_of(codes: numpy.ndarray, texts: Iterable[str]) -> pyarrow.DictionaryArray:
    """A column of text: for each row the number of its text."""
    return pyarrow.DictionaryArray.from_arrays(codes.astype(numpy.int32), pyarrow.array(texts, pyarrow.string()))


def blank(length: int) -> pyarrow.DictionaryArray:
    """A column of empty texts, for a column that a format does not have."""
    return column_of(numpy.zeros(length), [""])


def check_columns(columns: Sequence[str], file: str) -> None:
    """Refuse a header with a column without a name, two of the same name, or a name that is not valid for a dimension."""
    if len(columns) > _MOST_DIMENSIONS + len(MEASURED):
        raise malformed(
            "this file has far more dimensions than a dataset can have",
            where=place(file, 1),
            expected=f"at most {_MOST_DIMENSIONS}",
            found=f"{len(columns):,} columns, from {', '.join(columns[:5])[:100]} on",
        )
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
                f"{column[:80]!r} is not a name of a dimension",
                where=place(file, 1),
                expected=DIMENSION.says,
                found=repr(column[:80]),
            )
