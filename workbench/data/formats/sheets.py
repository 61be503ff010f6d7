"""Workbooks and tables as cells of text: what they say is up to a layout."""

import csv
import datetime
import io
import re
from pathlib import Path

import pandas

from workbench.data.formats.cells import uneven
from workbench.data.formats.text import blocks, malformed

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_WHOLE = re.compile(r"-?\d+\.0")

Rows = list[list[str]]


def read_sheets(path: Path) -> dict[str, Rows]:
    """The cells of each sheet, as text without blanks at their ends; a text file is one sheet without a name."""
    with path.open("rb") as file:
        is_workbook = file.read(4).startswith(_WORKBOOKS)
    return _of_workbook(path) if is_workbook else {"": _of_text(path)}


def _of_workbook(path: Path) -> dict[str, Rows]:
    try:
        frames = pandas.read_excel(path, sheet_name=None, header=None, dtype=object, engine="calamine", na_filter=False)
    except Exception as error:
        raise malformed(
            "this workbook cannot be read",
            where=path.name,
            expected="a workbook",
            found=str(error),
            remedy="download it again; one with a password must be saved without it",
        ) from error
    return {
        name: [[_cell_text(cell) for cell in row] for row in frame.itertuples(index=False, name=None)]
        for name, frame in frames.items()
    }


def _cell_text(cell) -> str:
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
        raise malformed("this table cannot be read", where=path.name, expected="cells of text", found=str(error)) from None
    width = len(rows[0]) if rows else 0
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            raise uneven(path.name, number, width, f"{len(row)} cells")
    return [[cell.strip() for cell in row] for row in rows]
