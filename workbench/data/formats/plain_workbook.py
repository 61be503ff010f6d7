"""Workbooks that somebody filled in: cells of text, and nothing that computes, links or runs.

A filled form is a small file. It is bounded far more tightly than a workbook of published statistics, and whatever in it is
more than values is told: formulas with their cells, macros, links to other files, merged cells.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from workbench.data.formats.sheets import Sheet, read_sheets
from workbench.data.formats.text import malformed
from workbench.model.types import message

_LARGEST_FILE = 5 << 20
_LARGEST_UNPACKED = 30 << 20
"""Bytes of all parts together; the largest form has a fiftieth of that."""
_MOST_PARTS = 500
_MOST_FOREIGN = 50
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_SHEET_OF_XLSX = re.compile(r"xl/worksheets/[^/]+\.xml")
_RUNS = re.compile(
    r"(?i)(^|/)(vbaProject\.bin|vbaData\.xml|macrosheets/.*|activeX/.*|ctrlProps/.*|customUI.*)$|^(Basic|Scripts)/.+"
)
_LINKS = re.compile(r"(?i)^xl/(externalLinks|queryTables|model)/.+|^xl/connections\.xml$")
_EMBEDS = re.compile(r"(?i)^xl/embeddings/.+|^Object [^/]+/content\.xml$")
_AS_XLSX = "open it in a spreadsheet program, and save it as .xlsx or .ods, without a password"


class Kind(StrEnum):
    """What a form must not have."""

    FORMULA = message("a formula")
    MERGED = message("merged cells")
    MACRO = message("a macro")
    LINK = message("a link to another file")
    EMBEDDED = message("an embedded object")


@dataclass(frozen=True)
class Foreign:
    """Something in a workbook that is more than a value, with its sheet and cell where it has one."""

    kind: Kind
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True)
class PlainWorkbook:
    """The cells of a workbook, and what else is in it."""

    sheets: list[Sheet]
    foreign: list[Foreign]


def read_plain_workbook(path: Path, *, has_days: bool = False) -> PlainWorkbook:
    """Read a small workbook, ``.xlsx`` or ``.ods``; days as `workbench.data.formats.sheets.read_sheets` says.

    Raises
    ------
    MalformedFile
        If it is something else, has a password, is damaged, unpacks to more than a form can hold, or declares entities.
    """
    _check_beginning(path)
    sheets = read_sheets(path, has_days=has_days)
    with _opened(path) as parts:
        return PlainWorkbook(sheets, _all_foreign(parts))


def _check_beginning(path: Path) -> None:
    size = path.stat().st_size
    if size > _LARGEST_FILE:
        most = f"at most {_LARGEST_FILE >> 20} MiB"
        raise malformed("this is not a form", where=path.name, expected=most, found=f"{size >> 20} MiB", hint=_AS_XLSX)
    with path.open("rb") as file:
        begin = file.read(4)
    if begin == _OLE:
        raise malformed(
            "this workbook has a password, or is of an old form",
            where=path.name,
            expected="a workbook .xlsx or .ods, without a password",
            found="an OLE file, as .xls and protected workbooks are",
            hint=_AS_XLSX,
        )
    if begin != _ZIP:
        raise malformed(
            "this is not a workbook", where=path.name, expected=".xlsx or .ods", found=repr(begin), hint=_AS_XLSX
        )
    with _opened(path) as parts:
        _check_parts(parts, path.name)


def _check_parts(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse what unpacks to too much, or holds binary sheets, before anything is unpacked."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or unpacked > _LARGEST_UNPACKED:
        raise malformed(
            "this workbook has far more in it than a form",
            where=name,
            expected=f"at most {_MOST_PARTS} parts and {_LARGEST_UNPACKED >> 20} MiB, unpacked",
            found=f"{len(parts):,} parts and {unpacked >> 20:,} MiB",
            hint="copy the figures into the form that was sent, and save it",
        )
    names = {part.filename for part in parts}
    if not {"xl/workbook.xml", "content.xml"} & names:
        found = "a binary workbook" if "xl/workbook.bin" in names else "a zip archive of something else"
        raise malformed("this is not a workbook", where=name, expected=".xlsx or .ods", found=found, hint=_AS_XLSX)


class _DeclaresEntities(Exception):
    """No spreadsheet program writes a document type."""

    def __str__(self) -> str:
        return "it declares a document type or entities"


_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, KeyError, ExpatError,
    _DeclaresEntities,
)  # fmt: skip


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """A workbook as an archive; what is wrong with it as such is told as an error of the file."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _BROKEN as error:
        raise malformed(
            "this workbook is damaged, or has a password",
            where=path.name,
            expected="a workbook .xlsx or .ods, without a password",
            found=str(error)[:200],
            hint=_AS_XLSX,
        ) from None


def _all_foreign(archive: zipfile.ZipFile) -> list[Foreign]:
    """What is more than a value, at most so much that a report can show it."""
    names = archive.namelist()
    patterns = ((_RUNS, Kind.MACRO), (_LINKS, Kind.LINK), (_EMBEDS, Kind.EMBEDDED))
    found = [Foreign(kind) for pattern, kind in patterns if any(map(pattern.search, names))]
    if "content.xml" in names:
        found += _scanned(_OpenDocument(), archive.read("content.xml"))
    if "xl/workbook.xml" in names:
        called = _names_of_sheets(archive)
        for name in filter(_SHEET_OF_XLSX.fullmatch, names):
            found += _scanned(_OpenXml(called.get(name, name)), archive.read(name))
    return found[:_MOST_FOREIGN]


def _names_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet, and its name."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship":
            target = attributes.get("Target", "").removeprefix("/xl/").removeprefix("xl/")
            targets[attributes.get("Id", "")] = f"xl/{target}"

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "sheet":
            ids = [value for name, value in attributes.items() if _local(name) == "id"]
            names[targets.get(ids[0] if ids else "", "")] = attributes.get("name", "")

    relations = "xl/_rels/workbook.xml.rels"
    if relations in archive.namelist():
        _parse(archive.read(relations), relation)
    _parse(archive.read("xl/workbook.xml"), sheet)
    return names


def _scanned(scan: "_OpenXml | _OpenDocument", content: bytes) -> list[Foreign]:
    _parse(content, scan.start)
    return scan.found


def _parse(content: bytes, start: Any) -> None:
    """Call ``start`` with each element; no tree is made, and no entity is declared."""
    parser = ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_entities
    parser.Parse(content, True)


def _refuse_entities(*_: object) -> None:
    raise _DeclaresEntities


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Scan:
    """What was found in a sheet: no more than a report can show."""

    def __init__(self) -> None:
        self.found: list[Foreign] = []

    def _add(self, kind: Kind, sheet: str, cell: str) -> None:
        if len(self.found) < _MOST_FOREIGN:
            self.found.append(Foreign(kind, sheet, cell))


class _OpenXml(_Scan):
    """Looks through a sheet of Office Open XML."""

    def __init__(self, sheet: str):
        super().__init__()
        self._sheet, self._cell = sheet, ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "c":
                self._cell = attributes.get("r", "")
            case "f":
                self._add(Kind.FORMULA, self._sheet, self._cell)
            case "mergeCell":
                self._add(Kind.MERGED, self._sheet, attributes.get("ref", ""))


class _OpenDocument(_Scan):
    """Looks through the content of an OpenDocument spreadsheet."""

    def __init__(self) -> None:
        super().__init__()
        self._sheet, self._row, self._column, self._repeated = "", 0, 0, 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "table":
                self._sheet, self._row, self._repeated = attributes.get("table:name", ""), 1, 0
            case "table-row":
                self._row, self._column = self._row + self._repeated, 0
                self._repeated = _times(attributes.get("table:number-rows-repeated"))
            case "table-cell" | "covered-table-cell":
                self._look(cell_name(self._row, self._column + 1), attributes)
                self._column += _times(attributes.get("table:number-columns-repeated"))

    def _look(self, cell: str, attributes: dict[str, str]) -> None:
        if "table:formula" in attributes:
            self._add(Kind.FORMULA, self._sheet, cell)
        spans = (attributes.get("table:number-columns-spanned", "1"), attributes.get("table:number-rows-spanned", "1"))
        if spans != ("1", "1"):
            self._add(Kind.MERGED, self._sheet, cell)


def _times(said: str | None) -> int:
    return int(said) if said and said.isdecimal() and len(said) < 9 else 1


def cell_name(row: int, column: int) -> str:
    """The name of a cell, rows and columns counted from 1.

    >>> cell_name(7, 3), cell_name(1, 28)
    ('C7', 'AB1')
    """
    letters = ""
    while column > 0:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"
