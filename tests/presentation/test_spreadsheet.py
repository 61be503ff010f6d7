"""The spreadsheet of a study, read back: sheets, numbers, gaps, flags, and text that stays text."""

import datetime
import io
import math
import os
import subprocess
import sys
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from conftest import ROOT
from workbench.declarations.indicators import read_indicators
from workbench.model.paths import Project
from workbench.model.results_csv import read_results_csv
from workbench.model.types import Result
from workbench.presentation import spreadsheet as module
from workbench.presentation.spreadsheet import Cover, SheetTable, sheet_names, spreadsheet
from workbench.presentation.wording import Wording

HOSTILE = ["=cmd|' /C calc'!A0", "+1", "-2", "@SUM(A1)", "http://elsewhere.invalid/", "javascript:alert(1)", "{=1}"]
STUDY = "asylum_applications"


def made_up(time="2022", value=1025.0, flags="", high=None, unit="persons", geo="LT"):
    """A made-up result."""
    high = value + 2.5 if high is None else high
    return Result(
        "asylum_applicants", geo, "", time, value, value - 2.5, high, unit, flags, "migr_asyappctza", "2024-01-18"
    )


def written(results, title="Table 1. A made-up table", about=(), language="en"):
    wording = Wording(language, read_indicators(Project(ROOT)))
    table = SheetTable("Table 1", title, tuple(results), "time", "geo")
    cover = Cover("A made-up study", tuple(about), (("A heading", ("A note.",)),), datetime.date(2026, 11, 23))
    return spreadsheet(wording, cover, [table], results)


@pytest.fixture(params=["en", "lt"])
def book(request, edition):
    project, _ = edition
    folder = project.outputs / "2022" / "LT"
    results = read_results_csv((folder / f"{STUDY}.results.csv").read_text(encoding="utf-8"))
    return openpyxl.load_workbook(folder / f"{STUDY}.{request.param}.xlsx"), results


def test_each_sheet_has_a_title_one_table_and_no_merged_cell(book):
    sheets, _ = book
    assert len(sheets.sheetnames) == 2 + 16 + 10 + 1 and sheets.active.title == sheets.sheetnames[0]
    for sheet in sheets:
        assert sheet["A1"].value and len(sheet.tables) == 1 and not sheet.merged_cells.ranges
        (table,) = sheet.tables.values()
        headers = [cell.value for cell in sheet[table.ref][0]]
        assert all(headers) and len({header.casefold() for header in headers}) == len(headers)
        assert sheet.sheet_state == "visible"
        assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())


def test_the_contents_lead_to_each_sheet(book):
    sheets, _ = book
    links = [[cell.hyperlink for row in sheet for cell in row if cell.hyperlink] for sheet in sheets]
    assert [link.location for link in links[0]] == [f"'{name}'!A1" for name in sheets.sheetnames[1:]]
    assert not any(links[1:])


def test_all_results_are_there_as_numbers(book):
    sheets, results = book
    header, *rows = list(sheets.worksheets[-1].values)[1:]
    columns = {name: position for position, name in enumerate(header)}
    assert len(rows) == len(results)
    for row, result in zip(rows, results):
        assert row[columns["indicator"]] == result.indicator and (row[columns["breakdown"]] or "") == result.breakdown
        for name in ("value", "low", "high"):
            found, expected = row[columns[name]], getattr(result, name)
            assert found is None if not math.isfinite(expected) else found == pytest.approx(expected, rel=1e-9)


def test_a_table_has_the_numbers_of_the_page(book):
    sheets, results = book
    _, *rows = list(sheets.worksheets[3].values)[1:]
    applicants = {
        r.time: r for r in results if r.indicator == "asylum_applicants" and (r.geo, r.breakdown) == ("LT", "")
    }
    first_time = {r.time: r for r in results if r.indicator == "first_time_applicants" and r.geo == "LT"}
    assert [row[0] for row in rows] == [str(year) for year in range(2008, 2023)]
    assert [row[1] for row in rows] == [applicants[row[0]].value for row in rows]
    assert rows[0][2] == "[x]" and rows[1][2] == first_time["2009"].value


def test_where_a_column_mixes_units_each_row_says_its_own(book):
    sheets, results = book
    # After the table of ranks and shares come two exhibits of the neighbours, and all results.
    rows = list(sheets.worksheets[-4].values)[1:]
    standing = ("asylum_applicants_share_eu27_pct", "first_time_applicants_share_eu27_pct")
    shares = [r for r in results if r.indicator in standing]
    assert len(shares) == 2 and [row[0].endswith(" (%)") for row in rows[1:]] == [False] * 4 + [True] * 2
    assert all(row[0].endswith(")") for row in rows[1:])


def test_flagged_numbers_stay_numbers_and_their_flags_stand_in_a_column():
    sheet = openpyxl.load_workbook(io.BytesIO(written([made_up(), made_up("2021", 3940.0, "b")]))).worksheets[2]
    assert [row for row in sheet.values][1:] == [
        ("Period", "Lithuania (persons)", "Flags"),
        ("2021", 3940, "Lithuania (persons): [b]"),
        ("2022", 1025, ""),
    ]


def test_a_gap_is_never_a_zero_and_an_open_interval_has_no_end():
    nan = math.nan
    gap = Result("asylum_applicants", "LT", "", "2020", nan, nan, nan, "persons", "x", "migr_asyappctza", "2024-01-18")
    book = openpyxl.load_workbook(io.BytesIO(written([gap, made_up(high=math.inf)])))
    assert [row[1] for row in book.worksheets[2].values][2:] == ["[x]", 1025]
    rows = list(book.worksheets[3].values)[2:]
    assert rows[0][7:10] == (None, None, None) and rows[1][7:10] == (1025, 1022.5, None)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_a_formula_or_a_link(text):
    content = written([made_up()], title=text, about=[(text, text)])
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.worksheets[2]["A1"].value == text and book.worksheets[2]["A1"].data_type == "s"
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert not any(
        "mergeCell" in sheet or "<f>" in sheet or "<f " in sheet or "r:id" in sheet.partition("<tableParts")[0]
        for sheet in sheets
    )


def test_the_same_content_gives_the_same_bytes_anywhere(tmp_path):
    code = (
        "import sys; sys.path[:0] = ['tests', 'tests/presentation']; from test_spreadsheet import written, made_up; import hashlib;"
        # One indicator in several units: rows of the notes that sort alike.
        "units = {'2019': 'persons', '2020': '%', '2021': 'countries', '2022': 'per million inhabitants'};"
        "results = [made_up(year, unit=unit) for year, unit in units.items()];"
        "print(hashlib.sha256(written(results)).hexdigest())"
    )
    places = [
        {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Lima", "HOME": str(tmp_path), "PYTHONHASHSEED": "2"},
        {"PYTHONHASHSEED": "3"},
    ]
    digests = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=os.environ | place, check=True, capture_output=True, text=True
        ).stdout
        for place in places
    }
    assert len(digests) == 1
    with zipfile.ZipFile(io.BytesIO(written([made_up()]))) as parts:
        assert "2026-11-23T00:00:00Z" in parts.read("docProps/core.xml").decode()


@pytest.mark.parametrize("language", ["en", "lt"])
@pytest.mark.parametrize("code", ["XK", "PS"])
def test_what_must_be_said_of_a_name_stands_in_the_notes(code, language):
    wording = Wording(language, read_indicators(Project(ROOT)))
    book = openpyxl.load_workbook(io.BytesIO(written([made_up(), made_up(geo=code)], language=language)))
    by_citizenship = replace(made_up(), breakdown=f"citizen={code}")
    other = openpyxl.load_workbook(io.BytesIO(written([by_citizenship], language=language)))
    row = (wording.label("geo", code), wording.footnote("geo", code))
    assert row[0].endswith("*") and row in book.worksheets[1].values and row in other.worksheets[1].values


@given(st.lists(st.text(max_size=40), max_size=12))
@example(["😀" * 40, "😀" * 40, "\ufffe", "a\uffff", "History", "it's"])
def test_sheets_have_names_that_a_spreadsheet_allows(wanted):
    names = sheet_names(wanted)
    book = Workbook(content := io.BytesIO())
    for name in names:
        book.add_worksheet(name)
    book.close()
    # A book without a sheet gets one.
    assert openpyxl.load_workbook(content).sheetnames == (names or ["Sheet1"])
    assert len(names) == len(wanted) == len({name.casefold() for name in names})
    for name in names:
        assert (
            1 <= len(name.encode("utf-16-le")) // 2 <= 31
            and not set(name) & set("[]:*?/\\")
            and "'" not in (name[0], name[-1])
        )


def test_a_number_keeps_its_digits_and_shows_those_that_are_known():
    wide, narrow = (
        made_up("2021", 41.5, high=43.4, unit="%"),
        replace(made_up("2022", 41.55, unit="%"), low=41.53, high=41.57),
    )
    cells = openpyxl.load_workbook(io.BytesIO(written([wide, narrow]))).worksheets[2]["B"][2:]
    assert [(cell.value, cell.number_format) for cell in cells] == [(41.5, "#,##0"), (41.55, "#,##0.0")]


def test_sheets_are_written_as_by_xlsxwriter_itself(monkeypatch):
    results = [made_up("2021", 5.0, "b"), made_up("2022", math.nan, "x"), made_up("2023", 1025.0)]
    quick = written(results, title='<A title> & "more"', about=[(HOSTILE[0], " two\nlines ")])
    monkeypatch.setattr(module, "_Sheet", Worksheet)
    assert written(results, title='<A title> & "more"', about=[(HOSTILE[0], " two\nlines ")]) == quick
