"""A data frame as a native file: for small formats that are read at once, such as spreadsheets."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas
import pyarrow

from workbench.data.formats.cells import MEASURED, CellBlock
from workbench.declarations.labels import Labels


@dataclass(frozen=True)
class CellsOfFrame:
    """Columns of text, the dimensions, those of `MEASURED` and those of ``about``; the index is the row in the file.

    See `workbench.data.formats.cells.NativeFile`.
    """

    name: str
    frame: pandas.DataFrame
    about: tuple[str, ...] = ()
    groups_thousands: bool = False
    labels: Labels | None = None
    form: str = "table with a declared layout"

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(column for column in self.frame.columns if column not in (*MEASURED, *self.about))

    @property
    def headings(self) -> dict[str, str]:
        return {column: column for column in self.frame.columns}

    def blocks(self) -> Iterator[CellBlock]:
        texts = {
            column: pyarrow.array(self.frame[column].astype(object), pyarrow.string()).dictionary_encode()
            for column in self.frame.columns
        }
        yield CellBlock(texts, self.frame.index.to_numpy())
