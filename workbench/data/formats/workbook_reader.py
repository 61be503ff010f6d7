"""A workbook as lines of JSON: a program of its own, which may die.

The library that reads workbooks makes all cells up to the last one that has a value, and its process ends where there is no
memory for them. `workbench.data.formats.sheets` therefore runs this file in a process that has little memory and little time.
It imports nothing of the workbench and starts within some hundredths of a second.

Arguments are the workbook, the folder that the library is in and, where days are to be told and not their months, ``days``. A line is ``{"sheet": name}``, then a list of texts for each
row; the last is ``{"end": true}``, or ``{"refused": {...}}`` with the parts of the message. Whatever else ends it is said in
the last line of its errors.
"""

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import IO, Any

MEMORY = 1 << 30
"""Bytes of address space; the largest of the Commission's workbooks of visa statistics needs a tenth."""
SECONDS = 8
MOST_CELLS = 5_000_000
"""In a workbook; the largest one of visa statistics has a fiftieth of that."""
MOST_COLUMNS = 4_096
MOST_SHEETS = 1_000
LARGEST_PART = 200 << 20
"""Bytes of a sheet or of the list of texts, once unpacked."""

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
# A cell with content, not merely with a format.
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^<>]*?\s)?r=\"([A-Z]{1,3})([0-9]{1,7})\"(?:[^<>]*[^<>/])?>\s*<[^/]")
_SMALLER = "delete what is not of the table, then save the file; or save the sheet of the table as CSV UTF-8"


class _Refused(Exception):
    """The parts of a message: what, where, expected, found, hint."""

    def __init__(self, what: str, **parts: str):
        super().__init__(what)
        self.parts = {"what": what, **parts}


def _main(path: str, library: str, days: str = "") -> None:
    _limit()
    sys.path.append(library)
    try:
        for line in _lines(path, bool(days)):
            _write(line)
        _write({"end": True})
    except _Refused as error:
        _write({"refused": error.parts})


def _limit() -> None:
    try:
        import resource
    except ImportError:  # on Windows the time is limited alone
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _write(line: object) -> None:
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")


def _lines(path: str, has_days: bool) -> Iterator[object]:
    if zipfile.is_zipfile(path):
        _check_parts(path)
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    workbook = CalamineWorkbook.from_path(path)
    # Others hold a chart, or a program.
    names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    if len(names) > MOST_SHEETS:
        raise _too_large("sheets", MOST_SHEETS, len(names))
    cells = 0
    for name in names:
        yield {"sheet": name}
        for row in workbook.get_sheet_by_name(name).iter_rows():
            cells += len(row)
            if len(row) > MOST_COLUMNS:
                raise _too_large("columns", MOST_COLUMNS, len(row), name)
            if cells > MOST_CELLS:
                raise _too_large("cells", MOST_CELLS, cells, name)
            yield [_text(cell, has_days) for cell in row]


def _too_large(what: str, most: int, found: int, where: str = "") -> _Refused:
    return _Refused(
        f"this workbook has more {what} than a table of statistics can have",
        where=where and f"sheet {where}",
        expected=f"at most {most:,} {what}",
        found=f"{found:,}",
        hint=_SMALLER,
    )


def _text(cell: Any, has_days: bool) -> str:
    """A number with the 15 digits that a spreadsheet shows at most; a day as its month, unless days are asked for."""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if hasattr(cell, "strftime") and hasattr(cell, "year"):
        month = f"{cell.year:04}-{cell.month:02}"
        return f"{month}-{cell.day:02}" if has_days else month
    return str(cell).strip()


def _check_parts(path: str) -> None:
    """Refuse a workbook that unpacks to too much, or has a value far outside its table."""
    with zipfile.ZipFile(path) as workbook:
        parts = workbook.infolist()
        if sum(1 for part in parts if _SHEET.fullmatch(part.filename)) > MOST_SHEETS:
            raise _too_large("sheets", MOST_SHEETS, len(parts))
        for part in parts:
            if part.file_size > LARGEST_PART:
                raise _Refused(
                    "this workbook unpacks to more than a table of statistics can hold",
                    where=part.filename,
                    expected=f"at most {LARGEST_PART >> 20:,} MiB",
                    found=f"{part.file_size >> 20:,} MiB in {part.compress_size >> 10:,} KiB",
                    hint=_SMALLER,
                )
        for part in parts:
            if _SHEET.fullmatch(part.filename):
                with workbook.open(part) as sheet:
                    _check_corner(part.filename, *_far_corner(sheet))


def _check_corner(part: str, column: int, row: int) -> None:
    if column * row > MOST_CELLS:
        raise _Refused(
            "this workbook has a value far outside its table",
            where=f"{part}, row {row:,}, column number {column:,}",
            expected=f"at most {MOST_CELLS:,} cells, including empty ones",
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


if __name__ == "__main__":
    _main(*sys.argv[1:])
