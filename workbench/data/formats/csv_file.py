"""A file of cells between commas whose columns are known, with an observation in each row.

Where a comma is in numbers, as in Lithuania, a spreadsheet program saves semicolons between the cells, or tabs as "Unicode text".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow

from workbench.data.formats.cells import MEASURED, CellBlock, blank, parsed
from workbench.data.formats.text import blocks_below_heading, malformed, place
from workbench.declarations.labels import Labels

_PERHAPS_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}([,.][0-9]{3})+")
_NOT_GROUPED = re.compile(r"[+-]?([0-9]{4,}|[0-9]*[,.][0-9]*)")


@dataclass(frozen=True)
class CsvFile:
    """See `workbench.data.formats.cells.NativeFile`. ``about`` and ``positions`` give the position of each column."""

    path: Path
    width: int
    about: dict[str, int]
    positions: dict[str, int]
    headings: dict[str, str]
    groups_thousands: bool = False
    separator: str = ","
    form: str = "SDMX-CSV"
    labels: Labels = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(column for column in self.positions if column not in MEASURED)

    def blocks(self) -> Iterator[CellBlock]:
        columns = self.about | self.positions
        for rows, table in parsed(blocks_below_heading(self.path), self.width, self.name, self.separator):
            texts = {column: table.column(at).combine_chunks() for column, at in columns.items()}
            absent = {column: blank(len(rows)) for column in MEASURED if column not in texts}
            if self.separator != ",":
                texts["value"] = self._with_points(texts["value"], rows)
            yield CellBlock({**texts, **absent}, rows)

    def _with_points(self, values: pyarrow.DictionaryArray, rows: range) -> pyarrow.DictionaryArray:
        """Numbers with a decimal point for the comma; refused if each comma or point might as well be between thousands."""
        texts = values.dictionary.to_pylist()
        unclear = [text for text in texts if _PERHAPS_GROUPED.fullmatch(text)]
        if unclear and not any(_NOT_GROUPED.fullmatch(text) for text in texts if text not in unclear):
            first = int((values.indices.to_numpy() == texts.index(unclear[0])).argmax())
            raise malformed(
                "this number may be a decimal fraction, or written with thousands apart",
                where=place(self.name, rows[first], self.headings["value"]),
                expected="a number such as 81,6, or 1234 without a comma",
                found=repr(unclear[0]),
                hint="import the file as it was downloaded, not as a spreadsheet program saved it",
            )
        points = pyarrow.array([text.replace(",", ".") for text in texts], pyarrow.string())
        return pyarrow.DictionaryArray.from_arrays(values.indices, points)
