"""A file of comma-separated cells whose columns are known, with an observation in each row."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workbench.data.formats.cells import MEASURED, CellBlock, blank, parsed
from workbench.data.formats.text import blocks_below_heading
from workbench.declarations.labels import Labels


@dataclass(frozen=True)
class CsvFile:
    """See `workbench.data.formats.cells.NativeFile`. ``about`` and ``positions`` give the position of each column."""

    path: Path
    width: int
    about: dict[str, int]
    positions: dict[str, int]
    headings: dict[str, str]
    groups_thousands: bool = False
    labels: Labels = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(column for column in self.positions if column not in MEASURED)

    def blocks(self) -> Iterator[CellBlock]:
        columns = self.about | self.positions
        for rows, table in parsed(blocks_below_heading(self.path), self.width, self.name, ","):
            texts = {column: table.column(at).combine_chunks() for column, at in columns.items()}
            absent = {column: blank(len(rows)) for column in MEASURED if column not in texts}
            yield CellBlock({**texts, **absent}, rows)
