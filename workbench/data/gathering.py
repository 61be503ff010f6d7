"""The rows of a native file as numbers, put down place by place in a temporary file: memory does not grow with their number."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy
import pyarrow
import pyarrow.compute

from workbench.data.formats.cells import Block, NativeFile, understood
from workbench.data.formats.meanings import grouped_number, number
from workbench.data.formats.text import place
from workbench.data.normal_form import together
from workbench.model.errors import MalformedFile

_PLAIN_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"


@dataclass
class Texts:
    """The distinct texts of a column, numbered as they come."""

    numbers: dict[str, int] = field(default_factory=dict)

    def codes(self, cells: pyarrow.DictionaryArray) -> numpy.ndarray:
        known = self.numbers
        local = [known.setdefault(text, len(known)) for text in cells.dictionary.to_pylist()]
        return numpy.array(local, dtype=numpy.int32)[cells.indices.to_numpy()]


class Gathered:
    """What has been read of a file: distinct texts by column, and where in the spool the rows of each place are."""

    def __init__(self, file: NativeFile):
        self.file = file
        self.keys = (*file.dimensions, "time")
        self.together = together(file.dimensions)
        columns = (*self.keys, "obs_status", "conf_status")
        self.texts = {column: Texts() for column in columns}
        self.about = {column: Texts() for column in file.about}
        self.record = numpy.dtype([*((column, "i4") for column in columns), ("value", "f8")])
        self.parts: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.rows = 0
        self.grouped: tuple[str, str] | None = None

    def add(self, block: Block, spool: BinaryIO) -> None:
        """Put the rows of a block down, those of a place together."""
        if not len(block.rows):
            return
        for column, texts in self.about.items():
            texts.codes(block.texts[column])
        records = numpy.empty(len(block.rows), self.record)
        codes = {column: texts.codes(block.texts[column]) for column, texts in self.texts.items()}
        places = codes[self.together]
        order = numpy.argsort(places.astype(numpy.int16) if places.max() < 2**15 else places, kind="stable")
        for column, numbers in codes.items():
            records[column] = numbers[order]
        records["value"] = self._values(block)[order]
        spool.write(records.data)
        firsts = numpy.flatnonzero(numpy.diff(records[self.together], prepend=-1))
        for first, last in zip(firsts, [*firsts[1:], len(records)]):
            self.parts[int(records[self.together][first])].append((self.rows + int(first), int(last - first)))
        self.rows += len(records)

    def _values(self, block: Block) -> numpy.ndarray:
        cells = block.texts["value"]
        texts, codes = cells.dictionary, cells.indices.to_numpy()
        if pyarrow.compute.all(pyarrow.compute.match_substring_regex(texts, _PLAIN_NUMBER)).as_py():
            values = texts.cast(pyarrow.float64()).to_numpy(zero_copy_only=False)
            if numpy.isfinite(values).all():
                return values[codes]

        def where(text: str) -> str:
            return self._place(block, int((codes == listed.index(text)).argmax()), "value")

        def value(text: str) -> float:
            try:
                return number(text)
            except MalformedFile:
                meant = grouped_number(text)
                self.grouped = self.grouped or (where(text), text)
                return meant

        listed = texts.to_pylist()
        return numpy.array(understood(listed, value, where), dtype=float)[codes]

    def _place(self, block: Block, position: int, column: str) -> str:
        heading = self.file.headings.get(column) or block.texts["time"][position].as_py()
        return place(self.file.name, int(block.rows[position]), heading)

    def place_of(self, column: str, text: str) -> str:
        """Where a text stands first: the file is read once more, for the error's sake."""
        for block in self.file.blocks():
            cells = block.texts[column]
            number = cells.dictionary.index(text).as_py()
            found = numpy.flatnonzero(cells.indices.to_numpy() == number) if number >= 0 else []
            if len(found):
                return self._place(block, int(found[0]), column)
        raise AssertionError(f"{text!r} was read from {self.file.name} before")

    def records(self, places: Sequence[int], spool: BinaryIO) -> numpy.ndarray:
        """All rows of some places, in the order of the file."""
        parts = sorted(part for one in places for part in self.parts[one])
        found = numpy.empty(sum(length for _, length in parts), self.record)
        begin = 0
        for first, length in parts:
            spool.seek(first * self.record.itemsize)
            spool.readinto(found[begin : begin + length].data.cast("B"))
            begin += length
        return found
