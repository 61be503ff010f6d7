"""The rows of a native file as numbers, put down place by place in a temporary file: memory does not grow with their number."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy
import pyarrow
import pyarrow.compute

from workbench.data.formats.cell_parsers import LARGEST, grouped_number, number
from workbench.data.formats.cells import CellBlock, NativeFile, understood
from workbench.data.formats.text import place
from workbench.data.normal_form import together
from workbench.data.partition_file import PartitionFile
from workbench.model.errors import MalformedFile

_PLAIN_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"


@dataclass
class Texts:
    """The distinct texts of a column, numbered as they come."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, texts: pyarrow.Array) -> numpy.ndarray:
        """The numbers of distinct texts, in the smallest type that holds all there are so far."""
        known = self.numbers
        local = [known.setdefault(text, len(known)) for text in texts.to_pylist()]
        return numpy.array(local, dtype=numpy.min_scalar_type(len(known)))

    def codes(self, cells: pyarrow.DictionaryArray) -> numpy.ndarray:
        """The number of each cell's text."""
        return self.number(cells.dictionary)[cells.indices.to_numpy()]


class EncodedRows:
    """What has been read of a file: distinct texts by column, and in the spool the rows, group by group.

    A row of the spool has the number of its text for each of the ``keys`` and flags, and the ``value``; it is in the group of
    its text in the column ``together``.
    """

    def __init__(self, file: NativeFile, spool: PartitionFile):
        self.file = file
        self.spool = spool
        self.keys = (*file.dimensions, "time")
        self.together = together(file.dimensions)
        self.texts = {column: Texts() for column in (*self.keys, "obs_status", "conf_status")}
        self.about = {column: Texts() for column in file.about}
        self.rows = 0
        self.grouped: tuple[str, str] | None = None
        self.negative: tuple[str, str] | None = None

    def add(self, block: CellBlock) -> None:
        """Put the rows of a block down."""
        if not len(block.rows):
            return
        for column, texts in self.about.items():
            texts.number(block.texts[column].dictionary)
        columns = {column: texts.codes(block.texts[column]) for column, texts in self.texts.items()}
        columns["value"] = self._values(block)
        self.spool.put(records(columns), columns[self.together])
        self.rows += len(block.rows)

    def _values(self, block: CellBlock) -> numpy.ndarray:
        cells = block.texts["value"]
        texts, codes = cells.dictionary, cells.indices.to_numpy()
        values = self._meant(block, texts, codes)
        if self.negative is None and (values < 0).any():
            first = int((values[codes] < 0).argmax())
            self.negative = self._place(block, first, "value"), texts[int(codes[first])].as_py()
        return values[codes]

    def _meant(self, block: CellBlock, texts: pyarrow.Array, codes: numpy.ndarray) -> numpy.ndarray:
        """The values of distinct texts."""
        if pyarrow.compute.all(pyarrow.compute.match_substring_regex(texts, _PLAIN_NUMBER)).as_py():
            values = texts.cast(pyarrow.float64()).to_numpy(zero_copy_only=False)
            if (abs(values) <= LARGEST).all():
                return values
        listed = texts.to_pylist()

        def where(text: str) -> str:
            return self._place(block, int((codes == listed.index(text)).argmax()), "value")

        return numpy.array(understood(listed, self._number(where), where), dtype=float)

    def _number(self, where: Callable[[str], str]) -> Callable[[str], float]:
        """A number that is written in groups is one, but it is kept where the first stands: only labels go with that."""

        def value(text: str) -> float:
            try:
                return number(text)
            except MalformedFile:
                meant = grouped_number(text)
                self.grouped = self.grouped or (where(text), text)
                return meant

        return value

    def _place(self, block: CellBlock, position: int, column: str) -> str:
        heading = self.file.headings.get(column) or block.texts["time"][position].as_py()
        return place(self.file.name, int(block.rows[position]), heading)

    def occurrences(self, wanted: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], tuple[int, str]]:
        """In how many rows each of some texts of each of some columns stands, and where first: the file is read once more."""
        rows: dict[tuple[str, str], int] = defaultdict(int)
        first: dict[tuple[str, str], str] = {}
        for block in self.file.blocks():
            for column, texts in wanted.items():
                for text in texts:
                    found = _positions(block.texts[column], text)
                    rows[column, text] += len(found)
                    if len(found):
                        first.setdefault((column, text), self._place(block, int(found[0]), column))
        return {key: (rows[key], first[key]) for key in first}

    def place_of(self, column: str, text: str) -> str:
        """Where a text stands first: the file is read once more, for the error's sake."""
        for block in self.file.blocks():
            found = _positions(block.texts[column], text)
            if len(found):
                return self._place(block, int(found[0]), column)
        raise AssertionError(f"{text!r} was read from {self.file.name} before")


def _positions(cells: pyarrow.DictionaryArray, text: str) -> numpy.ndarray:
    """Where a text stands in a column."""
    number = cells.dictionary.index(text).as_py()
    return numpy.flatnonzero(cells.indices.to_numpy() == number) if number >= 0 else numpy.empty(0, dtype=int)


def records(columns: dict[str, numpy.ndarray]) -> numpy.ndarray:
    """Columns as rows, for a spool."""
    length = len(next(iter(columns.values())))
    rows = numpy.empty(length, [(name, column.dtype) for name, column in columns.items()])
    for name, column in columns.items():
        rows[name] = column
    return rows
