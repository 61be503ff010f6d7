"""From the text of a file to its cells. Columns are categorical: each distinct text is kept, and judged, once."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy
import pandas

from workbench.data.formats.text import AGAIN, malformed, no_observation, place
from workbench.model.errors import MalformedFile, WorkbenchError

MEASURED = ("time", "value", "obs_status", "conf_status")
"""The columns of a table beside its dimensions."""


@dataclass(frozen=True)
class Cells:
    """What a file says, before it is understood.

    Attributes
    ----------
    file : str
        Its name.
    frame : DataFrame
        Categorical columns of text: the dimensions, then those of `MEASURED`, of which ``obs_status`` may hold all flags.
        The index is the row in the file.
    headings : mapping
        Column to its heading in the file; one without a heading stands under its period.
    """

    file: str
    frame: pandas.DataFrame
    headings: Mapping[str, str]

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(self.frame.columns[: -len(MEASURED)])

    def place(self, position: int, column: str | None = None) -> str:
        """Where in the file a row of the frame, counted from 0, stands; or its cell in a column."""
        heading = column and self.headings.get(column, self.frame["time"].iloc[position])
        return place(self.file, self.frame.index[position], heading)

    def understood(self, column: str, meaning: Callable) -> numpy.ndarray:
        """What each distinct text of a column means. See `understood`."""
        return understood(self.frame[column].array, meaning, lambda position: self.place(position, column))

    def translated(self, column: str, meaning: Callable[[str], str]) -> pandas.Categorical:
        """A column with each text replaced by what it means."""
        return recoded(self.frame[column].array, self.understood(column, meaning))


def read_cells(content: bytes, file: str, separator: str) -> tuple[list[str], pandas.DataFrame]:
    """Cut the content of a file into cells.

    Parameters
    ----------
    content : bytes
        As of `workbench.data.formats.text.read_content`.
    file : str
        Its name, for errors.
    separator : str
        A comma, between cells that may be quoted; or a tab, between cells that never are.

    Returns
    -------
    list of str
        The cells of the header.
    DataFrame
        All other cells: categorical columns, numbered from 0. The index is the row in the file.

    Raises
    ------
    MalformedFile
        If there is no row beside the header, or one has more or fewer cells than it.
    """
    layout = {"delimiter": separator, "quoting": csv.QUOTE_MINIMAL if separator == "," else csv.QUOTE_NONE}
    lines = io.BytesIO(content)
    headings = next(csv.reader([lines.readline().decode()], **layout))
    try:
        # Without the filter NA, which is Namibia, would be missing.
        rows = pandas.read_csv(lines, header=None, dtype=str, na_filter=False, skip_blank_lines=False, **layout)
    except pandas.errors.EmptyDataError:
        raise no_observation(file) from None
    except pandas.errors.ParserError as error:
        raise _uneven(content, file, len(headings), layout, str(error)) from None
    cells = rows.astype("category")
    cells.index += 2
    # pandas fills short rows up unasked: what stands between cells is counted.
    between = content.count(separator.encode(), content.find(b"\n")) - _inside(cells, separator)
    if cells.shape[1] != len(headings) or between != len(cells) * (len(headings) - 1):
        raise _uneven(content, file, len(headings), layout, "another number")
    return headings, cells


def _inside(cells: pandas.DataFrame, separator: str) -> int:
    """How many separators stand inside of cells, and part none."""
    inside = 0
    for texts in (cells[column].array for column in cells):
        number = texts.categories.str.count(separator).to_numpy()
        if number.any():
            inside += int(number[texts.codes].sum())
    return inside


def _uneven(content: bytes, file: str, width: int, layout: dict, found: str) -> MalformedFile:
    """The error about the first row that has not as many cells as the header."""
    rows = csv.reader(io.StringIO(content.decode(), newline=""), **layout)
    begin = 1
    try:
        for row in rows:
            if len(row) != width:
                found = f"{len(row)} cells"
                break
            begin = rows.line_num + 1
    except csv.Error as error:
        found = str(error)
    what = "this row has not as many cells as the header"
    return malformed(what, where=place(file, begin), expected=f"{width} cells", found=found)


def understood(texts: pandas.Categorical, meaning: Callable, where: Callable[[int], str]) -> numpy.ndarray:
    """What each category means, in the order of the categories.

    Parameters
    ----------
    texts : Categorical
        Of which every category is used.
    meaning : callable
        From a text to what it means; it may raise any `WorkbenchError`.
    where : callable
        From the position of a row to its place in the file, for the error: that of the first row with the text.
    """
    meanings = numpy.empty(len(texts.categories), dtype=object)
    for code, text in enumerate(texts.categories):
        try:
            meanings[code] = meaning(text)
        except WorkbenchError as error:
            first = int((texts.codes == code).argmax())
            raise type(error)(
                error.what,
                where=where(first),
                expected=error.expected,
                found=error.found or repr(text),
                untouched="nothing was stored",
                remedy=error.remedy or AGAIN,
            ) from None
    return meanings


def recoded(texts: pandas.Categorical, meanings: numpy.ndarray) -> pandas.Categorical:
    """Replace each category, several perhaps by the same; they come out sorted."""
    categories, codes = numpy.unique(meanings, return_inverse=True)
    return pandas.Categorical.from_codes(codes[texts.codes], categories=categories)


def blank(length: int) -> pandas.Categorical:
    """A column of empty texts, for what a format does not have."""
    return pandas.Categorical.from_codes(numpy.zeros(length, dtype=int), categories=[""])


def refuse_repeated(columns: Sequence[str], file: str) -> None:
    """Refuse a header in which a column has no name, or two have the same."""
    for column in columns:
        if not column or columns.count(column) > 1:
            raise malformed(
                "the header has a column without a name, or two with the same",
                where=place(file, 1),
                expected="each name once",
                found=", ".join(columns),
            )
