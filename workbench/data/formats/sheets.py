"""Workbooks and tables as cells of text, for a layout to interpret."""

import csv
import importlib.util
import io
import itertools
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from workbench.data.formats import workbook_reader
from workbench.data.formats.text import MOST_COLUMNS, blocks, malformed, place
from workbench.model.errors import MalformedFile

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin: as a zip archive or an OLE file."""
_LARGEST_TABLE = 200 << 20
"""Bytes of a text table, which is held in memory as a whole."""
_MOST_CELLS = 20_000_000
_SEPARATORS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')

Rows = list[list[str]]


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet, or of a text table, as text without surrounding spaces.

    Attributes
    ----------
    name : str
        Empty for a text table.
    rows : list of list of str
        From the first row of the file on. Those of a workbook have the same number of cells; those of a text table have as
        many as the file says.
    """

    name: str
    rows: Rows

    @property
    def is_text(self) -> bool:
        return not self.name


def read_sheets(path: Path, *, has_days: bool = False) -> list[Sheet]:
    """The sheets of a workbook (xlsx, xlsm, xlsb, xls, ods) in their order, or a text table as one sheet.

    A cell that a workbook holds as a day is its month, the period of statistics; or the day, if it ``has_days``.

    Raises
    ------
    MalformedFile
        If it cannot be read, or is larger than a table of statistics can be.
    """
    with path.open("rb") as file:
        is_workbook = file.read(4).startswith(WORKBOOKS)
    return _of_workbook(path, has_days) if is_workbook else [Sheet("", _of_text(path))]


def _of_workbook(path: Path, has_days: bool) -> list[Sheet]:
    """Read a workbook in a process of its own: see `workbench.data.formats.workbook_reader`."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        try:
            subprocess.run(
                [*_reader(path), *(["days"] if has_days else [])],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                timeout=workbook_reader.SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            errors.write(f"its reading took longer than {workbook_reader.SECONDS} seconds".encode())
        output.seek(0)
        errors.seek(0)
        return _sheets(output, errors, path.name)


def _reader(path: Path) -> list[str]:
    """The command that reads a workbook: isolated and without site-packages it starts in a fiftieth of a second."""
    library = importlib.util.find_spec("python_calamine")
    assert library and library.origin
    folder = Path(library.origin).parents[1]
    return [sys.executable, "-I", "-S", workbook_reader.__file__, str(path.absolute()), str(folder)]


def _sheets(output: IO[bytes], errors: IO[bytes], file: str) -> list[Sheet]:
    """The sheets that the program has written, if it came to an end."""
    sheets: list[Sheet] = []
    for line in output:
        try:
            said = json.loads(line)
        except ValueError:  # it died within a line
            break
        if isinstance(said, list):
            sheets[-1].rows.append(said)
        elif "sheet" in said:
            sheets.append(Sheet(said["sheet"], []))
        elif "refused" in said:
            raise _refused(file, **said["refused"])
        else:
            return sheets
    lines = errors.read(1 << 20).decode(errors="replace").splitlines()
    raise _refused(
        file,
        "this workbook cannot be read",
        expected=f"a workbook that needs at most {workbook_reader.MEMORY >> 30} GiB and {workbook_reader.SECONDS} seconds",
        found=lines[-1][:200] if lines else "nothing",
        hint="open it in a spreadsheet program and save it again; if it has a password, save it without; "
        "or save the sheet of the table as CSV UTF-8",
    )


def _refused(file: str, what: str, *, expected: str, found: str, hint: str, where: str = "") -> MalformedFile:
    where = ", ".join(filter(None, (file, where)))
    return malformed(what, where=where, expected=expected, found=found, hint=hint)


def _of_text(path: Path) -> Rows:
    text = _whole_text(path)
    lines = list(itertools.islice(io.StringIO(text), 200))
    rows: Rows = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_separator(lines)):
            cells += len(row)
            if len(row) > MOST_COLUMNS or cells > _MOST_CELLS:
                raise malformed(
                    "this table is larger than a table of statistics can be",
                    where=place(path.name, len(rows) + 1),
                    expected=f"at most {MOST_COLUMNS:,} columns and {_MOST_CELLS:,} cells",
                    found=f"{len(row):,} columns, {cells:,} cells up to there",
                    hint="keep the columns and rows of the table alone",
                )
            rows.append([cell.strip() for cell in row])
    except csv.Error as error:
        raise malformed(
            "this table cannot be read", where=path.name, expected="cells of text", found=str(error)
        ) from None
    return rows


def _whole_text(path: Path) -> str:
    read, size = [], 0
    for block in blocks(path):
        size += len(block)
        if size > _LARGEST_TABLE:
            most = f"at most {_LARGEST_TABLE >> 20} MiB"
            raise malformed("this table is too large for a layout", where=path.name, expected=most, found="more")
        read.append(block)
    return b"".join(read).decode()


def _separator(lines: Iterable[str]) -> str:
    """What parts the cells: the character that most lines have equally often; titles and decimals have others."""

    def agreement(separator: str) -> tuple[int, int]:
        counts = Counter(count for line in lines if (count := _QUOTED.sub("", line).count(separator)))
        many, times = max(((times, count) for count, times in counts.items()), default=(0, 0))
        return many, times

    lines = list(lines)
    return max(_SEPARATORS, key=agreement)
