"""Workbooks and tables as cells of text, for a layout to interpret."""

import csv
import datetime
import io
import re
import zipfile
from pathlib import Path
from typing import IO

import pandas

from workbench.data.formats.cells import uneven
from workbench.data.formats.text import blocks, malformed
from workbench.model.errors import MalformedFile

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MOST_CELLS = 5_000_000
"""In a sheet; the largest workbook of visa statistics has a fiftieth of that."""
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
# A cell with content, not merely with a format.
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^<>]*?\s)?r=\"([A-Z]{1,3})([0-9]{1,7})\"(?:[^<>]*[^<>/])?>\s*<[^/]")
_WHOLE = re.compile(r"-?\d+\.0")

Rows = list[list[str]]


def read_sheets(path: Path) -> dict[str, Rows]:
    """The cells of each sheet as text without surrounding spaces; a text file is one sheet without a name."""
    with path.open("rb") as file:
        is_workbook = file.read(4).startswith(_WORKBOOKS)
    return _of_workbook(path) if is_workbook else {"": _of_text(path)}


def _of_workbook(path: Path) -> dict[str, Rows]:
    try:
        _refuse_far_cells(path)
        frames = pandas.read_excel(path, sheet_name=None, header=None, dtype=object, engine="calamine", na_filter=False)
    except MalformedFile:
        raise
    except Exception as error:
        raise malformed(
            "this workbook cannot be read",
            where=path.name,
            expected="a workbook",
            found=str(error),
            hint="download it again; if it has a password, save it without",
        ) from error
    return {
        name: [[_cell_text(cell) for cell in row] for row in frame.itertuples(index=False, name=None)]
        for name, frame in frames.items()
    }


def _refuse_far_cells(path: Path) -> None:
    """Refuse a workbook with a value far outside its table: all cells up to it would be created and fill the memory."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as workbook:
        for name in filter(_SHEET.fullmatch, workbook.namelist()):
            with workbook.open(name) as sheet:
                column, row = _far_corner(sheet)
            if column * row > _MOST_CELLS:
                raise malformed(
                    "this workbook has a value far outside its table",
                    where=f"{path.name}, {name}, row {row:,}, column number {column:,}",
                    expected=f"at most {_MOST_CELLS:,} cells, including empty ones",
                    found=f"{column * row:,} up to the last row and column",
                    hint="delete all rows below the table and all columns beside it, then save the file",
                )


def _far_corner(sheet: IO[bytes]) -> tuple[int, int]:
    """The numbers of the last column and row that have a value."""
    column, row, rest = 0, 0, b""
    while chunk := sheet.read(1 << 20):
        text = rest + chunk
        for cell in _CELL.finditer(text):
            column = max(column, sum(26**at * (letter - 64) for at, letter in enumerate(reversed(cell[1]))))
            row = max(row, int(cell[2]))
        rest = text[-200:]
    return column, row


def _cell_text(cell: object) -> str:
    if isinstance(cell, datetime.datetime | datetime.date):
        return cell.strftime("%Y-%m")
    text = str(cell).strip()
    return text.removesuffix(".0") if _WHOLE.fullmatch(text) else text


def _of_text(path: Path) -> Rows:
    text = b"".join(blocks(path)).decode()
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise malformed(
            "this table cannot be read", where=path.name, expected="cells of text", found=str(error)
        ) from None
    width = len(rows[0]) if rows else 0
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            raise uneven(path.name, number, width, f"{len(row)} cells")
    return [[cell.strip() for cell in row] for row in rows]
