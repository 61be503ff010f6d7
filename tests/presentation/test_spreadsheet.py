"""The spreadsheet of a study, read back: sheets, numbers, gaps, flags, and text that stays text."""

import datetime
import io
import math
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.styles.numbers import is_date_format
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from conftest import ROOT
from workbench.declarations.indicators import read_indicators
from workbench.execution.recorded import read_recorded
from workbench.model.paths import Project
from workbench.model.record import Record, Source
from workbench.model.results_csv import read_results_csv
from workbench.model.sentence import Sentence
from workbench.model.types import Result
from workbench.presentation import spreadsheet as module
from workbench.presentation.about import about
from workbench.presentation.blocks import Exhibit
from workbench.presentation.sheet_columns import SheetTable
from workbench.presentation.spreadsheet import Cover, sheet_names, spreadsheet
from workbench.presentation.study_spreadsheet import study_spreadsheet
from workbench.presentation.wording import Wording

HOSTILE = ["=cmd|' /C calc'!A0", "+1", "-2", "@SUM(A1)", "http://elsewhere.invalid/", "javascript:alert(1)", "{=1}"]
STUDY = "asylum_applications"


def made_up(time="2022", value=1025.0, flags="", high=None, unit="persons", geo="LT"):
    """A made-up result."""
    high = value + 2.5 if high is None else high
    return Result(
        "asylum_applicants", geo, "", time, value, value - 2.5, high, unit, flags, "migr_asyappctza", "2024-01-18"
    )


def written(results, title="Table 1. A made-up table", about=(), language="en", rows="time", columns="geo"):
    wording = Wording(language, read_indicators(Project(ROOT)))
    table = SheetTable("Table 1", title, ("Source: made up",), tuple(results), rows, columns)
    cover = Cover("A made-up study", tuple(about), (("A heading", ("A note.",)),), datetime.date(2026, 11, 23))
    return spreadsheet(wording, cover, [table], results)


@pytest.fixture(params=["en", "lt"])
def book(request, edition):
    project, _ = edition
    folder = project.outputs / "2022" / "LT"
    results = read_results_csv((folder / f"{STUDY}.results.csv").read_text(encoding="utf-8"))
    return openpyxl.load_workbook(folder / f"{STUDY}.{request.param}.xlsx"), results


def sheet_of(results, **how):
    """The sheet of the only table."""
    return openpyxl.load_workbook(io.BytesIO(written(results, **how))).worksheets[3]


def rows_of(sheet):
    """The rows of a sheet's table, its headings first."""
    (table,) = sheet.tables.values()
    return [tuple(cell.value for cell in row) for row in sheet[table.ref]]


def headed(sheets, *headings):
    """The first sheet of an exhibit whose first column has one of some headings."""
    return next(sheet for sheet in sheets.worksheets[3:] if rows_of(sheet)[0][0] in headings)


def test_each_sheet_has_a_title_one_table_with_rows_and_no_merged_cell(book, edition):
    sheets, _ = book
    shown = [one for one in read_recorded(edition[1].rendered[0]).exhibits if any(r.is_available for r in one.results)]
    assert (
        len(shown) > 9 and len(sheets.sheetnames) == 3 + len(shown) + 1 and sheets.active.title == sheets.sheetnames[0]
    )
    for sheet in sheets:
        assert sheet["A1"].value and len(sheet.tables) == 1 and not sheet.merged_cells.ranges
        headings, *rows = rows_of(sheet)
        assert all(headings) and len({heading.casefold() for heading in headings}) == len(headings)
        assert rows and all(any(cell not in (None, "") for cell in row) for row in rows)
        assert sheet.sheet_state == "visible"
        assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())


def test_each_sheet_prints_across_as_wide_as_the_page_with_its_title_and_headings_on_each(book):
    sheets, _ = book
    for sheet in sheets:
        (table,) = sheet.tables.values()
        heading, last = sheet[table.ref][0][0].row, sheet[table.ref][-1][-1]
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == f"$1:${heading}"
        printed = sheet[sheet.print_area.rpartition("!")[2].replace("$", "")]
        assert printed[0][0].row == 1 and printed[-1][-1].row == last.row and printed[-1][-1].column >= last.column
        assert sheet.oddFooter.left.text == sheet.title and sheet.oddFooter.right.text == "&P / &N"
        assert sheet.freeze_panes in (f"A{heading + 1}", f"B{heading + 1}")


def test_no_text_is_cut(book):
    """By the widths of the letters as they are roughly, a little more than half an em of twelve points."""
    sheets, _ = book
    for sheet in sheets:
        (table,) = sheet.tables.values()
        widths = {letter: dimension.width for letter, dimension in sheet.column_dimensions.items()}
        for row in sheet[table.ref]:
            height = sheet.row_dimensions[row[0].row].height or sheet.sheet_format.defaultRowHeight
            for cell in row:
                if isinstance(cell.value, str) and cell.column_letter in widths and not cell.hyperlink:
                    lines = len(cell.value) / widths[cell.column_letter]
                    assert height >= 15.75 * lines, (sheet.title, cell.coordinate, cell.value)


def test_the_contents_lead_to_each_sheet_and_each_leads_back(book):
    sheets, _ = book
    links = [[cell.hyperlink.location for row in sheet for cell in row if cell.hyperlink] for sheet in sheets]
    contents, *listed = sheets.sheetnames[1:]
    assert not links[0] and links[1] == [f"'{name}'!A1" for name in listed]
    assert links[2:] == [[f"'{contents}'!A1"]] * len(listed)
    titles = [row[1] for row in rows_of(sheets.worksheets[1])[1:]]
    assert titles == [sheet["A1"].value for sheet in sheets.worksheets[2:]]


def test_the_names_of_the_sheets_say_what_is_on_them(book):
    sheets, _ = book
    for name in sheets.sheetnames[3:-1]:
        assert re.fullmatch(r"((Fig|Tab) \d+|\d+ (pav|lent)\.) \w.{5,}", name), name


def test_all_results_are_there_as_numbers(book):
    sheets, results = book
    header, *rows = rows_of(sheets.worksheets[-1])
    columns = {name: position for position, name in enumerate(header)}
    assert len(rows) == len(results)
    for row, result in zip(rows, results):
        assert row[columns["indicator"]] == result.indicator and (row[columns["breakdown"]] or "") == result.breakdown
        assert row[3] == int(result.time[:4])
        assert row[columns["time"]] == (int(result.time) if len(result.time) == 4 else result.time)
        for name in ("value", "low", "high"):
            found, expected = row[columns[name]], getattr(result, name)
            assert found is None if not math.isfinite(expected) else found == pytest.approx(expected, rel=1e-9)


def test_a_table_has_the_numbers_of_the_page_and_years_are_numbers(book):
    sheets, results = book
    _, *rows = rows_of(headed(sheets, "Year", "Metai"))
    applicants = {
        r.time: r for r in results if r.indicator == "asylum_applicants" and (r.geo, r.breakdown) == ("LT", "")
    }
    first_time = {r.time: r for r in results if r.indicator == "first_time_applicants" and r.geo == "LT"}
    assert [row[0] for row in rows] == list(range(2008, 2023))
    assert [row[1] for row in rows] == [applicants[str(row[0])].value for row in rows]
    assert rows[0][2] == "[x]" and rows[1][2] == first_time["2009"].value


@pytest.mark.parametrize(
    ("language", "heading", "form"),
    [("en", "Month", "[$-809]mmmm yyyy"), ("lt", "Mėnuo", '[$-427]yyyy "m." mmmm')],
)
def test_months_are_days_that_read_as_months(language, heading, form):
    sheet = sheet_of([made_up("2008-01"), made_up("2022-12")], language=language)
    headings, first, last = sheet[next(iter(sheet.tables.values())).ref]
    assert (first[0].value, last[0].value) == (datetime.datetime(2008, 1, 1), datetime.datetime(2022, 12, 1))
    assert (headings[0].value, first[0].number_format) == (heading, form)


@pytest.mark.parametrize(("language", "form"), [("en", '"Q4 "yyyy'), ("lt", 'yyyy" m. IV ketv."')])
def test_quarters_are_days_that_read_as_quarters(language, form):
    cell = sheet_of([made_up("2022-Q4")], language=language)["A6"]
    assert (cell.value, cell.number_format) == (datetime.datetime(2022, 10, 1), form) and is_date_format(form)


def test_periods_of_several_lengths_are_words():
    sheet = sheet_of([made_up("2022"), made_up("2022-Q4"), made_up("2022-12")])
    assert [row[0] for row in rows_of(sheet)] == ["Period", "2022", "December 2022", "Q4 2022"]


def test_where_a_column_mixes_units_a_column_says_that_of_each_row():
    share = replace(made_up(value=12.0, unit="%"), indicator="asylum_applicants_share_eu27_pct")
    rows = rows_of(sheet_of([made_up(), share], rows="indicator", columns="time"))
    assert rows[0][1] == "Unit" and [row[1:3] for row in rows[1:]] == [("persons", 1025), ("%", 12)]


def test_one_unit_of_all_columns_stands_above_them_and_several_in_their_headings():
    lone = sheet_of([made_up(), made_up(geo="LV")])
    assert lone["A4"].value == "Unit: persons" and rows_of(lone)[0] == ("Year", "Lithuania", "Latvia")
    several = sheet_of([made_up(), made_up(geo="LV", unit="%", value=10.0)])
    assert rows_of(several)[0] == ("Year", "Lithuania (persons)", "Latvia (%)")


def test_what_names_a_row_by_several_things_has_a_column_for_each():
    sheet = sheet_of([made_up("2021"), made_up("2022")], rows="indicator+dataset+time")
    assert rows_of(sheet)[:2] == [
        ("Indicator", "Dataset and vintage", "Year", "Lithuania"),
        ("Asylum applicants", "migr_asyappctza 2024-01-18", 2021, 1025),
    ]


def test_flagged_numbers_stay_numbers_and_their_flags_stand_beside_them():
    sheet = sheet_of([made_up(), made_up("2021", 3940.0, "be"), made_up(geo="LV")])
    assert rows_of(sheet) == [
        ("Year", "Lithuania", "Lithuania: flags", "Latvia"),
        (2021, 3940, "[b] [e]", None),
        (2022, 1025, "", 1025),
    ]
    assert [cell.value for cell in sheet["A"][1:6]] == [
        "Contents", "Source: made up", "Unit: persons", "[b] break in time series", "[e] estimated",
    ]  # fmt: skip


def test_a_gap_is_never_a_zero_and_an_open_interval_has_no_end():
    nan = math.nan
    gap = Result("asylum_applicants", "LT", "", "2020", nan, nan, nan, "persons", "x", "migr_asyappctza", "2024-01-18")
    book = openpyxl.load_workbook(io.BytesIO(written([gap, made_up(high=math.inf)])))
    assert [row[1] for row in rows_of(book.worksheets[3])[1:]] == ["[x]", 1025]
    rows = rows_of(book.worksheets[4])[1:]
    assert rows[0][8:11] == (None, None, None) and rows[1][8:11] == (1025, 1022.5, None)


def test_an_exhibit_has_a_sheet_if_it_is_shown_named_by_what_it_measures():
    nan = replace(made_up(), value=math.nan, low=math.nan, high=math.nan, flags="x")
    sources = [
        Source("ESTAT", dataset, "2024-01-18", "", "Eurostat", "A dataset", "A licence", None, "")
        for dataset in ("migr_asyappctza", "migr_asydcfstq")
    ]
    record = Record("s", "A study", "On it", "asylum", "LT", 2022, {}, tuple(sources), (), (), (made_up(),))
    wording = Wording("en", read_indicators(Project(ROOT)))
    exhibits = [
        Exhibit("figure-a", "figure", 0, Sentence("None", {}), "time", "geo", (nan,), ()),
        Exhibit(
            "figure-b", "figure", 2, Sentence("A finding", {}), "time", "geo", (made_up(),), (),
            subtitle=Sentence("Applicants who were counted in a year, Lithuania", {}),
        ),
    ]  # fmt: skip
    content = study_spreadsheet(wording, about(record, None, wording), record, exhibits)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Fig 2 Applicants who were…", "All results"]
    assert [cell.value for cell in book.worksheets[3]["A"][:4]] == [
        "Figure 2. A finding", "Contents", "Applicants who were counted in a year, Lithuania",
        "Source: Eurostat, migr_asyappctza 2024-01-18",
    ]  # fmt: skip
    assert book.properties.title == "A study: Lithuania, 2022" and book.properties.subject == "On it"


@pytest.mark.parametrize("language", ["en", "lt"])
def test_what_is_derived_of_any_indicator_is_defined_once(language):
    names = ("asylum_applicants", "asylum_applicants_rank_eu27", "first_time_applicants_rank_eu27")
    results = [replace(made_up(), indicator=name) for name in names]
    wording = Wording(language, read_indicators(Project(ROOT)))
    notes = openpyxl.load_workbook(io.BytesIO(written(results, columns="indicator", language=language))).worksheets[2]
    defined = [row[0] for row in rows_of(notes)[1:4]]
    assert set(defined[:2]) == {wording.indicator("asylum_applicants"), wording.indicator("first_time_applicants")}
    assert defined[2] == wording.indicator("asylum_applicants_rank_eu27").replace(
        wording.indicator("asylum_applicants"), wording.text("Any indicator")
    )
    assert "indicator}" not in rows_of(notes)[3][1]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_a_formula_or_a_link(text):
    content = written([made_up()], title=text, about=[(text, text)])
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.worksheets[3]["A1"].value == text and book.worksheets[3]["A1"].data_type == "s"
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
    assert row[0].endswith("*") and row in book.worksheets[2].values and row in other.worksheets[2].values


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
    cells = sheet_of([wide, narrow])["B"][-2:]
    assert [(cell.value, cell.number_format) for cell in cells] == [(41.5, "#,##0"), (41.55, "#,##0.0")]


def test_sheets_are_written_as_by_xlsxwriter_itself(monkeypatch):
    results = [made_up("2021", 5.0, "b"), made_up("2022", math.nan, "x"), made_up("2023", 1025.0)]
    quick = written(results, title='<A title> & "more"', about=[(HOSTILE[0], " two\nlines ")])
    monkeypatch.setattr(module, "PlainWorksheet", Worksheet)
    assert written(results, title='<A title> & "more"', about=[(HOSTILE[0], " two\nlines ")]) == quick
