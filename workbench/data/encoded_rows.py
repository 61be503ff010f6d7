"""The rows of a native file, encoded as numbers and partitioned by place in a temporary file: memory does not grow with them."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy
import pyarrow
import pyarrow.compute

from workbench.data.formats.cell_parsers import LARGEST, grouped_number, number
from workbench.data.formats.cells import CellBlock, NativeFile, interpreted
from workbench.data.formats.text import malformed, place
from workbench.data.normal_form import partition_column
from workbench.data.partition_file import PartitionFile
from workbench.model.errors import MalformedFile

MOST_TEXTS = 200_000
"""Different texts of a column; the largest code lists of official statistics, of products and municipalities, have a tenth."""
_PLAIN_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"


@dataclass
class Texts:
    """The distinct texts of a column, numbered in order of appearance."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, texts: pyarrow.Array) -> numpy.ndarray:
        """The numbers of distinct texts, in the smallest type that holds all numbers so far."""
        known = self.numbers
        local = [known.setdefault(text, len(known)) for text in texts.to_pylist()]
        return numpy.array(local, dtype=numpy.min_scalar_type(len(known)))

    def codes(self, cells: pyarrow.DictionaryArray) -> numpy.ndarray:
        """The number of each cell's text."""
        return self.number(cells.dictionary)[cells.indices.to_numpy()]


class EncodedRows:
    """What has been read of a file: its distinct texts by column, and its rows in a partition file.

    A row there has the number of its text for each of the ``keys`` and flags, and the ``value``; the number of its text in
    the ``partition_column`` is its partition.
    """

    def __init__(self, file: NativeFile, partitions: PartitionFile):
        self.file = file
        self.partitions = partitions
        self.keys = (*file.dimensions, "time")
        self.partition_column = partition_column(file.dimensions)
        self.texts = {column: Texts() for column in (*self.keys, "obs_status", "conf_status")}
        self.about = {column: Texts() for column in file.about}
        self.rows = 0
        self.grouped: tuple[str, str] | None = None
        self.negative: tuple[str, str] | None = None
        self.largest: tuple[float, str] | None = None

    def add(self, block: CellBlock) -> None:
        """Encode the rows of a block and write them to the partition file."""
        if not len(block.rows):
            return
        for column, texts in self.about.items():
            texts.number(block.texts[column].dictionary)
        columns = {column: texts.codes(block.texts[column]) for column, texts in self.texts.items()}
        self._refuse_too_many_texts()
        columns["value"] = self._values(block)
        self.partitions.put(records(columns), columns[self.partition_column])
        self.rows += len(block.rows)

    def _refuse_too_many_texts(self) -> None:
        """Each text is kept in memory: a column in which nearly every row has its own is no dimension."""
        for column, texts in (self.texts | self.about).items():
            if len(texts.numbers) > MOST_TEXTS:
                raise malformed(
                    f"the column {self.file.headings.get(column, column)} has far too many different texts",
                    where=self.file.name,
                    expected=f"at most {MOST_TEXTS:,}, as codes and periods have",
                    found=f"{len(texts.numbers):,} in the first {self.rows:,} rows",
                )

    def _values(self, block: CellBlock) -> numpy.ndarray:
        cells = block.texts["value"]
        texts, codes = cells.dictionary, cells.indices.to_numpy()
        values = self._values_of_texts(block, texts, codes)
        if self.negative is None and (values < 0).any():
            first = int((values[codes] < 0).argmax())
            self.negative = self._place(block, first, "value"), texts[int(codes[first])].as_py()
        self._note_largest(block, values, codes)
        return values[codes]

    def _note_largest(self, block: CellBlock, values: numpy.ndarray, codes: numpy.ndarray) -> None:
        """Keep the largest value so far, and where it is."""
        most = numpy.fmax.reduce(values, initial=-math.inf)
        if most > (self.largest[0] if self.largest else -math.inf):
            first = int((codes == int(numpy.nanargmax(values))).argmax())
            self.largest = float(most), self._place(block, first, "value")

    def _values_of_texts(self, block: CellBlock, texts: pyarrow.Array, codes: numpy.ndarray) -> numpy.ndarray:
        """The values of distinct texts."""
        if pyarrow.compute.all(pyarrow.compute.match_substring_regex(texts, _PLAIN_NUMBER)).as_py():
            values = texts.cast(pyarrow.float64()).to_numpy(zero_copy_only=False)
            if (abs(values) <= LARGEST).all():
                return values
        listed = texts.to_pylist()

        def where(text: str) -> str:
            return self._place(block, int((codes == listed.index(text)).argmax()), "value")

        return numpy.array(interpreted(listed, self._number(where), where), dtype=float)

    def _number(self, where: Callable[[str], str]) -> Callable[[str], float]:
        """Numbers may be written in groups, but the place of the first is kept: only files of labels may write them so."""

        def value(text: str) -> float:
            try:
                return number(text)
            except MalformedFile:
                value = grouped_number(text)
                self.grouped = self.grouped or (where(text), text)
                return value

        return value

    def _place(self, block: CellBlock, position: int, column: str) -> str:
        heading = self.file.headings.get(column) or block.texts["time"][position].as_py()
        return place(self.file.name, int(block.rows[position]), heading)

    def occurrences(self, wanted: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], tuple[int, str]]:
        """The number of rows that have each of some texts, by column, and the place of the first: the file is read again."""
        rows: dict[tuple[str, str], int] = defaultdict(int)
        first: dict[tuple[str, str], str] = {}
        for block in self.file.blocks():
            for column, texts in wanted.items():
                cells, sought = block.texts[column], set(texts)
                codes, begin, counts = numpy.unique(cells.indices.to_numpy(), return_index=True, return_counts=True)
                for code, position, count in zip(codes.tolist(), begin.tolist(), counts.tolist(), strict=True):
                    text = cells.dictionary[code].as_py()
                    if text in sought:
                        rows[column, text] += count
                        first.setdefault((column, text), self._place(block, position, column))
        return {key: (rows[key], first[key]) for key in first}

    def place_of(self, column: str, text: str) -> str:
        """Where a text occurs first: the file is read again, for the sake of the error."""
        for block in self.file.blocks():
            found = _positions(block.texts[column], text)
            if len(found):
                return self._place(block, int(found[0]), column)
        raise AssertionError(f"{text!r} was read from {self.file.name} before")


def _positions(cells: pyarrow.DictionaryArray, text: str) -> numpy.ndarray:
    """The positions of a text in a column."""
    number = cells.dictionary.index(text).as_py()
    return numpy.flatnonzero(cells.indices.to_numpy() == number) if number >= 0 else numpy.empty(0, dtype=int)


def records(columns: dict[str, numpy.ndarray]) -> numpy.ndarray:
    """Columns as rows, for a partition file."""
    length = len(next(iter(columns.values())))
    rows = numpy.empty(length, [(name, column.dtype) for name, column in columns.items()])
    for name, column in columns.items():
        rows[name] = column
    return rows
