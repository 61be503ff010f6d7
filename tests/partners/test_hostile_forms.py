"""Files that are no filled form, or more than one, are refused with what to do; see tests/data/test_hostile_workbooks.py for bombs."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from filling import CLEAN, asked_for_2025, filled

from workbench.data.formats.plain_workbook import Kind, read_plain_workbook
from workbench.model.errors import MalformedFile
from workbench.partners.read import FOREIGN, read_form

MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)


@pytest.fixture
def asked(project):
    return asked_for_2025(project)


def with_part(path: Path, part: str, content: bytes = b"x") -> Path:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(part, content)
    return path


def encrypted(path: Path) -> Path:
    """The flag of encryption on every part, as zip programs set it."""
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(signature, at + 4)
    path.write_bytes(content)
    return path


def archive_of(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (OLE, "this workbook has a password, or is of an old form"),
        (b"", "this is not a workbook"),
        (b"%PDF-1.7 and more", "this is not a workbook"),
        ("institucija;skaičius\n1;2\n".encode(), "this is not a workbook"),
        (archive_of(word__document_xml=b"<a/>"), "this is not a workbook"),
        (archive_of(xl__workbook_bin=b"x"), "this is not a workbook"),
        (b"PK\x03\x04" + bytes(range(256)) * 9, "this workbook is damaged, or has a password"),
        (b"x" * (6 << 20), "this is not a form"),
    ],
    ids=["OLE", "empty", "PDF", "CSV", "document", "binary workbook", "damaged", "large"],
)
def test_another_file_is_refused(asked, tmp_path, content, said):
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)
    with pytest.raises(MalformedFile) as refused:
        read_form(asked, path)
    assert refused.value.what == said and refused.value.hint and refused.value.unchanged == "nothing was stored"
    assert refused.value.where == "form.xlsx"


def test_a_workbook_of_somebody_elses_is_refused(asked, tmp_path):
    openpyxl.Workbook().save(path := tmp_path / "other.xlsx")
    with pytest.raises(MalformedFile, match="this is not one of the forms"):
        read_form(asked, path)


def test_a_password_of_the_archive_is_told(asked, tmp_path):
    with pytest.raises(MalformedFile, match=r"cannot be read|has a password"):
        read_form(asked, encrypted(filled(asked, tmp_path / "form.xlsx", CLEAN)))


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("xl/vbaProject.bin", Kind.MACRO),
        ("xl/externalLinks/externalLink1.xml", Kind.LINK),
        ("xl/connections.xml", Kind.LINK),
        ("xl/embeddings/oleObject1.bin", Kind.EMBEDDED),
    ],
)
def test_what_runs_or_links_is_told_in_the_report(asked, tmp_path, part, kind):
    reading = read_form(asked, with_part(filled(asked, tmp_path / "form.xlsx", CLEAN), part))
    assert [(one.what, one.said) for one in reading.findings] == [(FOREIGN, {"kind": reading.wording.text(kind)})]


def opendocument(path: Path, cells: str) -> Path:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{MANIFEST}"/>')
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
            f'<table:table table:name="a"><table:table-row table:number-rows-repeated="3"><table:table-cell/>'
            f"</table:table-row><table:table-row>{cells}</table:table-row></table:table></office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    return path


def test_formulas_and_merged_cells_of_opendocument_are_found_with_their_cells(tmp_path):
    cells = (
        '<table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>'
        '<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="1"/><table:covered-table-cell/>'
    )
    found = read_plain_workbook(opendocument(tmp_path / "form.ods", cells)).foreign
    assert [(one.kind, one.sheet, one.cell) for one in found] == [
        (Kind.FORMULA, "a", "C4"), (Kind.MERGED, "a", "D4"),
    ]  # fmt: skip


def test_thousands_of_formulas_are_told_as_far_as_a_report_shows_them(tmp_path):
    cells = '<table:table-cell table:formula="of:=1+1"/>' * 2_000
    assert len(read_plain_workbook(opendocument(tmp_path / "form.ods", cells)).foreign) == 50
