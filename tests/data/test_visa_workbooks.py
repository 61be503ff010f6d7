"""The Commission's workbooks of visa statistics, against the table of all years compiled from them, and its check values."""

import datetime
from pathlib import Path

import openpyxl
import pandas
import pytest

from conftest import ROOT, shared
from workbench.collecting.files import import_file
from workbench.data.formats.layout import read_layout
from workbench.data.formats.sheets import read_sheets
from workbench.declarations.datasets import read_dataset
from workbench.model.errors import MalformedFile
from workbench.model.paths import Project

CASES = Path(__file__).parent / "cases"
DAY = datetime.date(2026, 9, 1)
WORKBOOKS = {
    "2009": "statistiques2009.xls",
    "2014": "2014_global_schengen_visa_stats_compilation_consulates_-_final_en.xlsx",
    "2019": "2019-consulates-schengen-visa-stats.xlsx",
    "2024": "2024-schengen-visa-statistics-consulates_en.xlsx",
}
# Applied for, all Schengen States and Lithuania: the check values of the compiled table's card.
APPLIED = {"2009": (10_221_347, None), "2014": (16_725_908, 463_709), "2019": (16_955_541, 359_484),
           "2024": (11_716_723, 33_532)}  # fmt: skip
KEYS = ["geo", "partner", "consulate", "status", "measure"]


def as_series(frame: pandas.DataFrame) -> pandas.Series:
    return frame.set_index(KEYS)["value"].astype(float).sort_index()


@pytest.fixture(scope="module")
def compiled():
    """All years, by year: observations by their keys."""
    file = shared("data/figures/dghome/schengen_visas/2025-06-01.csv.gz")
    frame = read_layout(file, read_dataset(Project(ROOT), "schengen_visas").layout)
    return {year: as_series(rows) for year, rows in frame.groupby("time")}


@pytest.mark.parametrize("year", WORKBOOKS)
def test_every_number_of_a_workbook_is_that_of_the_compiled_table(year, compiled, project):
    """The layout brings the differences in naming to one form: consulates in capitals, misspelt and marked countries."""
    file = shared(f"data/raw/visas/{WORKBOOKS[year]}")
    snapshot, _ = import_file(project, file, "schengen_visas", DAY)
    form = snapshot.opened()
    assert form.codes["time"] == [year], "as the workbook itself says"
    frame = form.select({}).to_pandas().astype({key: str for key in KEYS})
    pandas.testing.assert_series_equal(as_series(frame), compiled[year])
    applied = frame[(frame["measure"] == "VISA_APPLIED") & (frame["status"] == "SCHENGEN")]
    everywhere, lithuania = APPLIED[year]
    assert applied["value"].sum() == everywhere
    assert lithuania in (None, applied.loc[applied["geo"] == "LT", "value"].sum())


@pytest.mark.parametrize("year", WORKBOOKS)
def test_another_year_than_the_workbook_says_is_refused(year, project):
    file = shared(f"data/raw/visas/{WORKBOOKS[year]}")
    assert import_file(project, file, "schengen_visas", DAY, year)[1]
    with pytest.raises(MalformedFile, match="of another period than was given") as refused:
        import_file(project, file, "schengen_visas", DAY, "2016")
    assert refused.value.found.startswith(f"{year} in ")


def variant(tmp_path: Path, headings: dict[str, str], sheets: dict[str, str]) -> Path:
    """The sheets of data of 2014 with other headings and names."""
    book = openpyxl.Workbook(write_only=True)
    for sheet in read_sheets(shared(f"data/raw/visas/{WORKBOOKS['2014']}")):
        if sheet.name in ("Data for consulates", "BG, HR, RO"):
            written = book.create_sheet(sheets.get(sheet.name, sheet.name))
            written.append([headings.get(" ".join(heading.split()), heading) for heading in sheet.rows[0]])
            for row in sheet.rows[1:]:
                written.append(row)
    book.save(tmp_path / "variant.xlsx")
    return tmp_path / "variant.xlsx"


# The headings of 2013, when the kinds of visa still had letters.
LETTERS = {
    "Airport transit visas (ATVs) applied for": "A visas applied for",
    "ATVs issued (including multiple)": "A visas issued\n(including multiple A)",
    "Multiple ATVs issued": "Multiple A visas issued",
    "ATVs not issued": "A visas not issued",
    "Uniform visas applied for": "C visas applied for",
    "Total uniform visas issued (including MEV)": "Total C uniform visas issued (including MEV) \n",
    "Multiple entry uniform visas (MEVs) issued 1)": "Multiple entry C uniform visas (MEVs) issued*",
    "Uniform visas not issued": "C visas not issued",
}


@pytest.mark.parametrize(
    ("headings", "sheets"),
    [
        (LETTERS, {"Data for consulates": "Complete data", "BG, HR, RO": "RO, BU, HR"}),
        (
            {"Uniform visas applied for": "SHORT-STAY  VISAS applied for:", "Total LTVs issued 2)": "Total LTV visas issued"},
            {"Data for consulates": "Data for consulates ", "BG, HR, RO": "Non-Schengen"},
        ),
        (
            {"Schengen State": "Member State", "Country where consulate is located": "Country where the consulate is located"},
            {"Data for consulates": "Data for consulates", "BG, HR, RO": "Bulgaria, Croatia and Romania (not in Schengen)"[:31]},
        ),
    ],
)  # fmt: skip
def test_headings_and_sheets_may_be_named_as_in_other_years(headings, sheets, compiled, project, tmp_path):
    snapshot, _ = import_file(project, variant(tmp_path, headings, sheets), "schengen_visas", DAY)
    frame = snapshot.opened().select({}).to_pandas().astype({key: str for key in KEYS})
    pandas.testing.assert_series_equal(as_series(frame), compiled["2014"])


def test_a_figure_under_an_unknown_heading_is_not_lost(project, tmp_path):
    file = variant(tmp_path, {"Uniform visas not issued": "Refusals"}, {"Data for consulates": "Data for consulates"})
    with pytest.raises(MalformedFile, match="a column that the layout names is missing") as refused:
        import_file(project, file, "schengen_visas", DAY)
    assert refused.value.found == "Refusals" and "Uniform visas not issued" in refused.value.expected


def test_an_unknown_sheet_with_the_headings_is_not_lost(project, tmp_path):
    file = variant(tmp_path, {}, {"BG, HR, RO": "Sheet2"})
    with pytest.raises(MalformedFile, match="does not say its status") as refused:
        import_file(project, file, "schengen_visas", DAY)
    assert refused.value.found == "Sheet2"


@pytest.mark.parametrize(("name", "observations"), [("visas.xlsx", 16), ("visas-footnote.xlsx", 8)])
def test_names_of_consulates_and_footnote_marks_do_not_matter(name, observations, project):
    snapshot, _ = import_file(project, CASES / name, "schengen_visas", DAY, "2023")
    form = snapshot.opened()
    assert form.rows == observations and set(form.codes["consulate"]) <= {"TBILISI", "NEW YORK, NY"}
    frame = form.select({"measure": ["VISA_APPLIED"]}).to_pandas().set_index("consulate")
    assert frame.loc["TBILISI", "value"] == 1234 and frame.loc["TBILISI", "status"] == "SCHENGEN"
