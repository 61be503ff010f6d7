"""Workbooks made to harm: each is refused within ten seconds, with a message and in a bounded process."""

import io
import os
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from conftest import ROOT
from workbench.data.formats.plain_workbook import read_plain_workbook
from workbench.data.formats.sheets import read_sheets
from workbench.model.errors import MalformedFile

SECONDS = 10
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROWS = [["Schengen State", "Country where consulate is located", "Consulate", "Uniform visas applied for"],
        ["Lithuania", "GEORGIA", "TBILISI", 1]]  # fmt: skip


def workbook(path: Path, cells: dict[str, object] | None = None, sheets: int = 1) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Data for consulates"
    for row in ROWS:
        book.active.append(row)
    for cell, value in (cells or {}).items():
        book.active[cell] = value
    for number in range(1, sheets):
        book.create_sheet(f"s{number}")
    book.save(path)
    return path


def changed(path: Path, part: str, content: bytes | None = None, **replaced: str) -> Path:
    """The same workbook with another content of a part, or with texts of it replaced."""
    workbook(path)
    packed = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(packed) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name)
            if name == part:
                for old, new in replaced.items():
                    text = text.replace(old.encode(), new.encode())
                text = content if content is not None else text
            after.writestr(name, text)
        if part not in before.namelist():
            after.writestr(part, content or b"")
    return path


def with_parts(path: Path, part: str, megabytes: int, head: bytes, body: bytes, tail: bytes) -> Path:
    """The workbook with a part of many megabytes, written piece by piece."""
    workbook(path)
    packed = io.BytesIO(path.read_bytes())
    piece = body * ((1 << 20) // len(body))
    with zipfile.ZipFile(packed) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as after:
        for name in before.namelist():
            if name != part:
                after.writestr(name, before.read(name))
        with after.open(part, "w", force_zip64=True) as file:
            file.write(head)
            for _ in range(megabytes):
                file.write(piece)
            file.write(tail)
    return path


def far_ods(path: Path) -> Path:
    """A sheet with one value at the far corner of a spreadsheet of OpenDocument."""
    rows = (
        '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row><table:table-row>'
        '<table:table-cell table:number-columns-repeated="16383"/><table:table-cell office:value-type="float" '
        'office:value="1"><text:p>1</text:p></table:table-cell></table:table-row>'
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{MANIFEST}"/>')
        file.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
            f'<table:table table:name="a">{rows}</table:table></office:spreadsheet></office:body></office:document-content>',
        )
    return path


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
    + b'<!ENTITY m "&l;">]><sst xmlns="%s"><si><t>&m;</t></si></sst>' % MAIN.encode()
)
XXE = b'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/hostname">]><sst xmlns="%s"><si><t>&x;</t></si></sst>'
SHARED, SHEET = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"
HOSTILE = {
    "far corner": lambda path: workbook(path, {"XFD1048576": 1}),
    "far column": lambda path: workbook(path, {"ALL200000": 1}),
    "far corner of ods": far_ods,
    "lying dimension": lambda path: changed(path, SHEET, None, **{'ref="A1:D2"': 'ref="A1:XFD1048576"'}),
    "zip bomb": lambda path: with_parts(path, SHEET, 1_500, b"<worksheet>", b" " * 1024, b"</worksheet>"),
    "shared strings of 300 MB": lambda path: with_parts(
        path, SHARED, 300, b'<sst xmlns="%s">' % MAIN.encode(), b"<si><t>a text of some length</t></si>", b"</sst>"
    ),
    "billion laughs": lambda path: changed(path, SHARED, LAUGHS),
    "external entity": lambda path: changed(path, SHARED, XXE % MAIN.encode()),
    "truncated": lambda path: path.write_bytes(workbook(path).read_bytes()[:3_000]) and path,
    "header of a zip alone": lambda path: path.write_bytes(b"PK\x03\x04 and nothing more") and path,
    "OLE junk": lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(100_000)) and path,
    "header of OLE alone": lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") and path,
    "no sheet": lambda path: changed(path, "xl/workbook.xml", b"<workbook><sheets/></workbook>"),
    "a sheet that is missing": lambda path: changed(path, "xl/_rels/workbook.xml.rels", b"<Relationships/>"),
    "nonsense in a sheet": lambda path: changed(path, SHEET, b"<worksheet><sheetData><row><c r='A1'"),
    "index of a text out of range": lambda path: changed(
        path, SHEET, b'<worksheet xmlns="%s"><sheetData><row r="1"><c r="A1" t="s"><v>4000000000</v></c></row></sheetData>'
        b"</worksheet>" % MAIN.encode(),
    ),
    "thousands of sheets": lambda path: changed(
        path, "xl/workbook.xml",
        b'<workbook xmlns="%s" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        % MAIN.encode() + b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(1, 100_001))
        + b"</sheets></workbook>",
    ),
    "thousands of columns": lambda path: workbook(path, {"XFD1": "x"}),
}  # fmt: skip


def command(file: Path, root: Path) -> tuple[subprocess.CompletedProcess, float]:
    """Import a file as on the command line; the process has little more memory than it needs for an ordinary one."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))

    words = ["-m", "workbench", "import", str(file), "--dataset", "schengen_visas", "--vintage", "2026-09-01"]
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, *words, "--time", "2023"], cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, preexec_fn=limit, timeout=60, check=False,
    )  # fmt: skip
    return done, time.monotonic() - begin


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_workbook_is_refused_in_time(kind, tmp_path):
    """In this process, so that what it costs is seen; a few are imported on the command line below."""
    file = HOSTILE[kind](tmp_path / "hostile.xlsx")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.monotonic()
    try:
        sheets = read_sheets(file)
    except MalformedFile as error:
        assert error.where.startswith("hostile.xlsx") and error.found and error.unchanged and error.hint
        assert "Traceback" not in error.found
    else:
        # What a reader may well accept: then it has taken nothing from elsewhere, and made nothing large.
        assert kind in (
            "lying dimension",
            "external entity",
            "billion laughs",
            "no sheet",
            "index of a text out of range",
        )
        said = "".join(cell for sheet in sheets for row in sheet.rows for cell in row)
        assert len(said) < 1_000 and Path("/etc/hostname").read_text().strip() not in said
    # As a form that somebody sends back it is bounded more tightly, and declares nothing.
    try:
        plain = read_plain_workbook(file)
    except MalformedFile as error:
        assert error.where.startswith("hostile.xlsx") and error.found and error.unchanged and error.hint
    else:
        assert kind in ("lying dimension", "no sheet", "index of a text out of range") and not plain.foreign
    assert time.monotonic() - begin < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000, "kilobytes"


@pytest.mark.parametrize("kind", ["far corner", "shared strings of 300 MB", "OLE junk"])
def test_the_command_refuses_it_with_a_message(kind, tmp_path, project):
    done, seconds = command(HOSTILE[kind](tmp_path / "hostile.xlsx"), project.root)
    assert done.returncode == 1 and "hostile.xlsx" in done.stderr and "Traceback" not in done.stderr
    assert seconds < SECONDS and not project.snapshots.exists()


def test_a_reader_that_dies_or_hangs_is_told_of(tmp_path, monkeypatch):
    file = workbook(tmp_path / "book.xlsx")
    dies = tmp_path / "dies.py"
    dies.write_text('print(\'{"sheet":"a"}\'); print(\'["1", "2\')\nimport sys; sys.exit("it died")')
    monkeypatch.setattr("workbench.data.formats.workbook_reader.__file__", str(dies))
    with pytest.raises(MalformedFile, match="cannot be read") as refused:
        read_sheets(file)
    assert refused.value.found == "it died"
    dies.write_text("import time; time.sleep(60)")
    monkeypatch.setattr("workbench.data.formats.workbook_reader.SECONDS", 1)
    with pytest.raises(MalformedFile, match="cannot be read") as refused:
        read_sheets(file)
    assert "longer than 1 seconds" in refused.value.found
