"""Tables and workbooks by their declared layout. Numbers are made up, save those of the shared folder."""

import datetime
import gzip
import time
import zipfile
from pathlib import Path

import openpyxl
import pandas
import pytest
import yaml
from click.testing import CliRunner
from msgspec import structs

from conftest import shared
from workbench.cli import main
from workbench.collecting.files import import_file
from workbench.data.formats.layout import read_layout
from workbench.data.snapshots import SnapshotStore
from workbench.declarations.datasets import read_dataset
from workbench.declarations.layouts import ColumnLayout, Layout
from workbench.declarations.structuring import structured
from workbench.model.errors import InvalidDeclaration, MalformedFile, UnknownCode

DAY = datetime.date(2026, 9, 1)
LAYOUT = structured(
    {
        "time": "year",
        "dimensions": {
            "geo": {"column": "coa", "codes": "iso3"},
            "citizen": {"column": "coo", "codes": "iso3", "also": {"XXA": "STLS"}},
        },
        "values": {"n": "N"},
    },
    Layout,
)
# The headings of the Commission's workbooks "Visa statistics for consulates", blanks and line breaks and all.
VISAS = [
    "Schengen State", "Country where consulate is located", "Consulate", "Airport transit visas (ATVs) applied for ",
    " ATVs issued (including multiple)", "Multiple ATVs issued", "ATVs not issued ", "Not issued rate for ATVs",
    "Uniform visas applied for", "Total  uniform visas issued (including MEV) \n",
    "Multiple entry uniform visas (MEVs) issued", "Share of MEVs on total number of uniform visas issued",
    "Total LTVs issued", "Uniform visas not issued", "Not issued rate for uniform visas",
    "Total ATVs and uniform visas applied for",
    "Total ATVs and uniform visas issued  (including multiple ATVs, MEVs and LTVs) ",
    "Total ATVs and uniform visas not issued", "Not issued rate for ATVs and uniform visas ",
]  # fmt: skip
# Those of States that do not issue Schengen visas yet stand on a sheet of their own.
VISAS_OF_OTHERS = ["Member State", *(heading.replace("Uniform", "Short-stay") for heading in VISAS[1:])]
# The headings of Frontex's workbook; its first row is blank.
DETECTIONS = ["Route", "Border type or inland", "Nationality"]


def workbook(path: Path, **sheets) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def csv(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "made-up.csv"
    file.write_bytes(text.encode(encoding))
    return file


def test_columns_become_dimensions_time_and_value(tmp_path):
    frame = read_layout(
        csv(tmp_path, "year,coo,coa,n,name\n2022,NAM,GRC,5,x\n2023,XXA,LTU,0,x\n2024,SYR,LTU,,x\n"), LAYOUT
    )
    assert frame.to_numpy().tolist() == [["EL", "NA", "2022", "5", "", ""], ["LT", "STLS", "2023", "0", "", ""]]
    assert frame.columns.tolist() == ["geo", "citizen", "time", "value", "obs_status", "conf_status"]
    assert frame.index.tolist() == [2, 3], "an empty cell is no observation, a zero is one"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_separators_encodings_and_compression_do_not_matter(tmp_path, separator, encoding):
    text = "year,coo,coa,n,šalis\r\n2022,SYR,LTU,5,š\r\n".replace(",", separator)
    file = csv(tmp_path, text, encoding)
    packed = tmp_path / "packed.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert read_layout(file, LAYOUT).equals(read_layout(packed, LAYOUT))


@pytest.mark.parametrize(
    ("text", "error", "place", "near"),
    [
        ("year,coo,coa\n2022,SYR,LTU\n", MalformedFile, "made-up.csv", "n"),
        ("year,coo,coa,n\n2022,SYR,LTU,1\n2022,SYRR,LTU,1\n", UnknownCode, "made-up.csv, row 3, column coo", "SYR"),
        ("year,coo,coa,n\n2022,SYR,,1\n", MalformedFile, "made-up.csv, row 2, column coa", "a code of geo"),
        ("year,coo,coa,n\n2022,SYR,LTU\n", MalformedFile, "made-up.csv, row 2", "4 cells"),
        ("", MalformedFile, "made-up.csv", "year"),
    ],
)
def test_what_does_not_fit_the_layout_is_refused_with_its_place(tmp_path, text, error, place, near):
    with pytest.raises(error) as refused:
        read_layout(csv(tmp_path, text), LAYOUT)
    assert refused.value.where == place and near in refused.value.expected


def test_a_value_that_is_no_number_is_refused_with_its_place_and_nothing_is_stored(tmp_path, project):
    text = "year,coo_iso,coa_iso,procedure_type,app_type,dec_level,app_pc,applied\n2022,SYR,LTU,G,N,FI,P,five\n"
    with pytest.raises(MalformedFile) as refused:
        import_file(project, csv(tmp_path, text), "unhcr_asylum_applications", DAY)
    assert refused.value.where == "made-up.csv, row 2, column applied" and not project.snapshots.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"values": {}},
        {"values": {"n": "N"}, "time_columns": "%Y"},
        {"values": {"n": "N"}, "dimensions": {"geo": {"column": "a", "always": "LT"}}},
        {"values": {"n": "N"}, "dimensions": {"geo": {}}},
        {"values": {"n": "N"}, "sheets": "x"},
        {"values": {}, "time_columns": "%Y"},
        {"values": {"n": "N"}, "totals_without": "n"},
        {"values": {"n": "N"}, "flags": {"m": "flag"}},
        {"values": {"n": "N"}, "dimensions": {"geo": {"column": "a", "sheet": {"*": "LT"}}}},
        {"values": {"n": "N"}, "time_in": "Total in *"},
        {"values": {"n": "N"}, "otherwise": {"dimensions": {"geo": {"column": "b"}}}},
    ],
)
def test_a_layout_that_says_two_things_or_none_is_refused(project, wrong):
    path = project.params / "datasets" / "unhcr_population.yaml"
    declared = yaml.safe_load(path.read_text())
    declared["layout"] = {"dimensions": {"geo": {"column": "a"}}, "time": "year"} | wrong
    path.write_text(yaml.safe_dump(declared))
    with pytest.raises(InvalidDeclaration):
        read_dataset(project, "unhcr_population")


def visa_workbook(tmp_path, *rows, **sheets) -> Path:
    sheets = {"Explanations": [["Visa statistics for consulates"]], "Data for consulates": [VISAS, *rows], **sheets}
    return workbook(tmp_path / "visas.xlsx", **sheets)


def test_a_workbook_of_visa_statistics_comes_in_with_its_year(tmp_path, project, monkeypatch):
    numbers = [10, 8, 1, 2, "20.0%", 1234, 1000, 700, "70.0%", 3, 200, "16.2%", 1244, 1011, 202, "16.2%"]
    blank = [None] * 5
    file = visa_workbook(
        tmp_path,
        ["Lithuania", "GEORGIA", "TBILISI", *numbers], ["Lithuania", "TÜRKIYE", "ANKARA", *blank, "1,099", *blank],
        [], [], [None, None, "Selection total", *numbers], [None, None, "Total worldwide", *numbers],
        ["Source: made up"],
        **{"BG, CY, HR, RO": [VISAS_OF_OTHERS, ["Cyprus", "GEORGIA", "TBILISI", *numbers]]},
    )  # fmt: skip
    monkeypatch.chdir(project.root)
    words = ["import", str(file), "--dataset", "schengen_visas", "--vintage", "2026-09-01"]
    refused = CliRunner().invoke(main, words)
    assert refused.exit_code == 1 and "does not name its period" in refused.stderr and not project.snapshots.exists()
    done = CliRunner().invoke(main, [*words, "--time", "2023"])
    assert (
        done.exit_code == 0 and "dghome/schengen_visas/2026-09-01 added: 17 observations, 2023 to 2023" in done.output
    )
    form = SnapshotStore.of(project).open("schengen_visas", "2026-09-01").opened()
    frame = form.select({"measure": ["VISA_APPLIED"]}).to_pandas().sort_values("partner")
    assert frame[["geo", "partner", "consulate", "status", "value"]].to_numpy().tolist() == [
        ["CY", "GE", "TBILISI", "NOT_YET", 1234.0], ["LT", "GE", "TBILISI", "SCHENGEN", 1234.0],
        ["LT", "TR", "ANKARA", "SCHENGEN", 1099.0],
    ]  # fmt: skip


def test_a_sheet_saved_as_csv_must_say_what_the_name_of_the_sheet_said(tmp_path, project):
    rows = [VISAS, ["Lithuania", "NAMIBIA", "WINDHOEK", *[""] * 5, "5", *[""] * 10], [""] * len(VISAS)]
    lines = [";".join(" ".join(cell.split()) for cell in row) for row in rows]
    layout = read_dataset(project, "schengen_visas").layout
    with pytest.raises(MalformedFile, match="does not say its status"):
        read_layout(csv(tmp_path, "\r\n".join(lines)), layout, "2023")
    said = [f"{line};{status}" for line, status in zip(lines, ["status", "SCHENGEN", ""], strict=True)]
    frame = read_layout(csv(tmp_path, "\r\n".join(said)), layout, "2023")
    assert frame.to_numpy().tolist() == [["A", "LT", "NA", "WINDHOEK", "SCHENGEN", "VISA_APPLIED", "2023", "5", "", ""]]


def test_totals_may_stand_anywhere_but_an_incomplete_row_is_refused(tmp_path, project):
    layout = read_dataset(project, "schengen_visas").layout
    row, other = (["Lithuania", "GEORGIA", town, *[None] * 5, 7] for town in ("TBILISI", "BATUMI"))
    total = [None, None, "Selection total", *row[3:]]
    file = visa_workbook(tmp_path, total, row, ["Lithuania total", None, None, *row[3:]], other, total)
    assert read_layout(file, layout, "2023")["consulate"].tolist() == ["TBILISI", "BATUMI"]
    file = visa_workbook(tmp_path, row, ["Latvia", None, "TBILISI", *row[3:]])
    with pytest.raises(MalformedFile, match="neither a total nor an observation") as refused:
        read_layout(file, layout, "2023")
    assert "row 3, column Country where consulate is located" in refused.value.where
    file = visa_workbook(tmp_path, row, ["Lithuania", "GEORGIA", "Total", *row[3:]])
    assert read_layout(file, layout, "2023")["consulate"].tolist() == ["TBILISI"]
    undeclared = structs.replace(layout, otherwise=structs.replace(layout.otherwise, totals=()))
    with pytest.raises(MalformedFile, match="a total, not a name"):
        read_layout(file, undeclared, "2023")


def test_two_sheets_with_the_headings_are_refused_unless_one_is_named(tmp_path):
    rows = [["year", "coo", "coa", "n"], [2022, "SYR", "LTU", 5]]
    file = workbook(tmp_path / "two.xlsx", Notes=[["made up"]], First=rows, Second=rows)
    with pytest.raises(MalformedFile) as refused:
        read_layout(file, LAYOUT)
    assert refused.value.found == "First, Second"
    frame = read_layout(file, structs.replace(LAYOUT, sheet="Second"))
    assert frame.to_numpy().tolist() == [["LT", "SY", "2022", "5", "", ""]]
    with pytest.raises(MalformedFile, match="no row of this file") as refused:
        read_layout(file, structs.replace(LAYOUT, sheet="Third"))
    assert "First, Second" in refused.value.found


def test_a_heading_that_stands_twice_is_refused(tmp_path):
    with pytest.raises(MalformedFile) as refused:
        read_layout(csv(tmp_path, "year,coo,coa,n,n\n2022,SYR,LTU,5,6\n"), LAYOUT)
    assert refused.value.found == "n" and refused.value.where == "made-up.csv, row 1"


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1,234", "1234"), ("1 234 567", "1234567"), ("1\N{NO-BREAK SPACE}234", "1234"), ("0", "0"), ("12.5", "12.5")],
)
def test_separators_of_thousands_do_not_matter(tmp_path, cell, value):
    assert read_layout(csv(tmp_path, f"year;coo;coa;n\n2022;SYR;LTU;{cell}\n"), LAYOUT)["value"].tolist() == [value]


@pytest.mark.parametrize("rows", ["", "2022,SYR,LTU,\n", "2022,SYR,LTU,:\n"])
def test_a_table_without_an_observation_is_refused(tmp_path, rows):
    with pytest.raises(MalformedFile, match="a header and no observation"):
        read_layout(csv(tmp_path, f"year,coo,coa,n\n{rows}"), LAYOUT)


def test_a_workbook_of_detections_has_its_months_as_columns(tmp_path, project):
    file = workbook(
        tmp_path / "detections.xlsx",
        Detections_of_IBC=[
            [], [*DETECTIONS, "JAN2009", "FEB2009", "DEC2024"], ["Eastern Borders Route", "Land", "Belarus", 5, 0, None],
            ["Eastern Borders Route", "Land", "Unknown", 1, 2, 3], ["Other", "Sea", "Kosovo*", 4, None, None],
            ["Western African Route", "Sea", "Unspecified sub-Saharan nationals", None, None, 6],
        ],
    )  # fmt: skip
    snapshot, _ = import_file(project, file, "frontex_detections", DAY)
    form = snapshot.opened()
    frame = form.select({"citizen": ["BY"]}).to_pandas()
    assert frame[["route", "border", "time", "value"]].to_numpy().tolist() == [
        ["EASTERN_LAND", "LAND", "2009-01", 5.0], ["EASTERN_LAND", "LAND", "2009-02", 0.0],
    ]  # fmt: skip
    assert snapshot.card.coverage["rows"] == 7 and set(form.codes["citizen"]) == {"BY", "UNK", "XK", "OOS"}


def test_where_no_layout_fits_the_nearest_one_is_named(tmp_path, project):
    layout = read_dataset(project, "frontex_detections").layout
    with pytest.raises(MalformedFile) as refused:
        read_layout(csv(tmp_path, "month,route,type,nationality\n2009-01,Other,Sea,SYR\n"), layout)
    assert refused.value.expected == "route, type, nationality, month, n" and "without n" in refused.value.found
    with pytest.raises(MalformedFile, match="no column of this file is a period") as refused:
        read_layout(csv(tmp_path, ",".join(DETECTIONS) + ",2009\nOther,Sea,Syria,1\n"), layout)
    assert "JAN2009" in refused.value.expected


def test_a_damaged_workbook_is_refused(tmp_path, project):
    file = tmp_path / "visas.xlsx"
    file.write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(MalformedFile, match="truncated or damaged"):
        import_file(project, file, "schengen_visas", DAY, "2023")


SHARED = {
    "unhcr_asylum_applications": "unhcr/asylum_applications/2026-06-25",
    "unhcr_asylum_decisions": "unhcr/asylum_decisions/2026-06-25",
    "unhcr_population": "unhcr/population/2026-06-25",
    "undesa_migrant_stock": "undesa/migrant_stock/2024-12-31",
    "frontex_detections": "frontex/detections/2025-06-03",
    "lsd_migration_flows": "lsd/migration_flows/2026-09-15",
    "schengen_visas": "dghome/schengen_visas/2025-06-01",
}


@pytest.mark.parametrize("dataset", SHARED)
def test_every_code_of_the_providers_files_is_known_and_their_sums_are_kept(dataset, project):
    file = shared(f"data/figures/{SHARED[dataset]}.csv.gz")
    snapshot, _ = import_file(project, file, dataset, DAY)
    native = pandas.read_csv(file, keep_default_na=False, dtype=str)
    layout = read_dataset(project, dataset).layout
    columns = [{*form.values, *(name for names in form.required_columns for name in names)} for form in layout.forms]
    values = next(form.values for form, names in zip(layout.forms, columns) if names <= set(native.columns))
    expected = sum(pandas.to_numeric(native[column]).sum() for column in values)
    form = snapshot.opened()
    assert form.select({})["value"].to_pandas().sum() == expected
    assert "geo" not in form.dimensions or ("LT" in form.codes["geo"] and not {"GR", "GB"} & set(form.codes["geo"]))


@pytest.mark.parametrize("far", ["ALL200000", "XFD1048576", "XFD4000"])
def test_a_value_far_off_the_table_is_refused_before_all_up_to_it_is_made(tmp_path, far):
    file = workbook(tmp_path / "far.xlsx", Data=[["coa", "coo", "year", "n"], ["LTU", "AFG", 2022, 5]])
    book = openpyxl.load_workbook(file)
    book["Data"][far] = "x"
    book.save(file)
    with pytest.raises(MalformedFile, match="far outside its table") as refused:
        read_layout(file, LAYOUT)
    row = int(far.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assert f"sheet1.xml, row {row:,}, column number" in refused.value.where and refused.value.unchanged


def test_a_cell_far_off_that_is_coloured_and_nothing_else_does_not_matter(tmp_path):
    file = workbook(tmp_path / "far.xlsx", Data=[["coa", "coo", "year", "n"], ["LTU", "AFG", 2022, 5]])
    book = openpyxl.load_workbook(file)
    book["Data"]["ALL20000"].fill = openpyxl.styles.PatternFill("solid", "FFFF00")
    book.save(file)
    assert read_layout(file, LAYOUT)["value"].tolist() == ["5"]


def test_names_that_no_list_has_are_stored_as_they_stand(project, tmp_path):
    """Where one looks like a code and another does not, neither is looked up."""
    rows = [["LT", "Georgia", "TBILISI", *[7] * 16], ["LT", "United States", "NEW YORK, NY", *[8] * 16]]
    file = workbook(
        tmp_path / "visas.xlsx", **{"Data for consulates": [VISAS, *[["Lithuania", *row[1:]] for row in rows]]}
    )
    snapshot, _ = import_file(project, file, "schengen_visas", DAY, "2023")
    assert snapshot.opened().codes["consulate"] == ["NEW YORK, NY", "TBILISI"]


def test_unknown_labels_of_a_table_are_named_all_at_once_and_can_be_mapped(project, tmp_path):
    rows = [
        ["Lithuania", place, f"TOWN {number}", *[7] * 16]
        for number, place in enumerate(("Nowhere", "Utopia", "Nowhere"))
    ]
    file = workbook(tmp_path / "visas.xlsx", **{"Data for consulates": [VISAS, *rows]})
    with pytest.raises(UnknownCode, match="2 labels of this file") as refused:
        import_file(project, file, "schengen_visas", DAY, "2023")
    place = "sheet Data for consulates, row 2, column Country where consulate is located"
    assert f'partner:\n      "Nowhere":  # in 2 rows, first in {place}' in refused.value.found
    labels = tmp_path / "labels.yaml"
    labels.write_text("partner: {Nowhere: GE, Utopia: AM}\n")
    snapshot, _ = import_file(project, file, "schengen_visas", DAY, "2023", labels)
    assert snapshot.opened().codes["partner"] == ["AM", "GE"]


def test_negative_counts_come_in_where_they_are_declared_and_nowhere_else(project, tmp_path):
    """Six consulates of Spain in 2013, as the Commission publishes them."""
    file = shared("data/figures/dghome/schengen_visas/2025-06-01.csv.gz")
    snapshot, _ = import_file(project, file, "schengen_visas", DAY)
    frame = snapshot.opened().select({}).to_pandas()
    negative = frame[frame["value"] < 0].astype(str)
    assert set(negative["geo"] + negative["time"] + negative["measure"]) == {"ES2013VISA_ISSUED"}
    assert sorted(negative["value"].astype(float)) == [-128, -25, -9, -7, -2, -2]
    header = gzip.decompress(file.read_bytes()).decode().splitlines()[0]
    other = csv(tmp_path, f"{header}\nES,AT,VIENNA,2014,SCHENGEN,,,,13,-9,,11,\n")
    with pytest.raises(MalformedFile, match="negative figure") as refused:
        import_file(project, other, "schengen_visas", DAY)
    assert refused.value.found == "-9" and "VIENNA, SCHENGEN, VISA_ISSUED, 2014" in refused.value.where


def test_the_download_of_unhcrs_refugee_data_finder_comes_in(project):
    """Titles above the table, a hyphen for all origins, and a country of asylum without a code."""
    snapshot, _ = import_file(project, Path(__file__).parent / "cases" / "population.csv", "unhcr_population", DAY)
    frame = snapshot.opened().select({}).to_pandas()
    found = {(row.geo, row.time, row.measure): row.value for row in frame.itertuples()}
    assert found == {
        ("LT", "2022", "REFUGEES"): 65190, ("LT", "2022", "ASYLUM_SEEKERS"): 475,
        ("LT", "2023", "REFUGEES"): 43415, ("LT", "2023", "ASYLUM_SEEKERS"): 600,
        ("UNK", "2023", "REFUGEES"): 125, ("UNK", "2023", "ASYLUM_SEEKERS"): 0,
    }  # fmt: skip
    assert set(frame["citizen"]) == {"TOTAL"}


def test_a_column_of_flags_and_special_values_come_through(project, tmp_path):
    snapshot, _ = import_file(
        project, shared("data/figures/lsd/migration_flows/2026-09-15.csv.gz"), "lsd_migration_flows", DAY
    )
    frame = snapshot.opened().select({"geo": ["LT"]}).to_pandas().astype({"time": str})
    assert set(frame.loc[frame["time"] == "2025", "obs_status"]) == {"p"}
    assert set(frame.loc[frame["time"] != "2025", "obs_status"]) == {""}
    special = structs.replace(LAYOUT, flags={"n": "flag"}, special_values={"..": "", "c": "c", "n/a": "z"})
    text = "year,coo,coa,n,flag\n2022,SYR,LTU,..,\n2022,AFG,LTU,c,\n2022,IRQ,LTU,n/a,\n2022,IRN,LTU,5,b\n2022,ERI,LTU,:,u\n"
    frame = read_layout(csv(tmp_path, text), special)
    assert frame[["citizen", "value", "obs_status"]].to_numpy().tolist() == [
        ["AF", "", "c"], ["IQ", "", "z"], ["IR", "5", "b"], ["ER", "", "u"],
    ]  # fmt: skip
    with pytest.raises(MalformedFile, match="is not a number"):
        read_layout(csv(tmp_path, "year,coo,coa,n\n2022,SYR,LTU,..\n"), LAYOUT)


def test_confidential_cells_of_a_table_are_stored_as_such(project, tmp_path):
    path = project.params / "datasets" / "lsd_migration_flows.yaml"
    path.write_text(path.read_text() + '  special_values: {"..": c}\n')
    text = "geo,measure,TIME_PERIOD,OBS_VALUE,OBS_FLAG\nLT,EMIGRANTS,2015,..,\nLT,EMIGRANTS,2016,7,e\n"
    snapshot, _ = import_file(project, csv(tmp_path, text), "lsd_migration_flows", DAY, accept_doubts=True)
    frame = snapshot.opened().select({}).to_pandas().astype({"conf_status": str, "obs_status": str})
    assert frame[["conf_status", "obs_status"]].to_numpy().tolist() == [["c", ""], ["", "e"]]
    assert frame["value"].isna().tolist() == [True, False]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_titles_notes_and_decimal_commas_of_a_spreadsheet_saved_as_csv(tmp_path, encoding):
    layout = structs.replace(LAYOUT, decimal=",")
    text = (
        '"Migrants, by origin and year; made up"\r\n\r\n;;;;\r\nyear;coo;coa;n;Šalis\r\n2022;SYR;LTU;1.234,5;Sirija\r\n'
        "2023;SYR;LTU;81,6;Sirija\r\n;;;;\r\nŠaltinis: made up, 2024\r\n"
    )
    assert read_layout(csv(tmp_path, text, encoding), layout)["value"].tolist() == ["1234.5", "81.6"]


def test_headings_are_compared_by_their_words(tmp_path):
    text = 'YEAR ¹,"Coo\n*)", COA ,"N (persons)"\n2022,SYR,LTU,5\n'
    assert read_layout(csv(tmp_path, text), LAYOUT)["value"].tolist() == ["5"]
    with pytest.raises(MalformedFile, match="no row of this file"):
        read_layout(csv(tmp_path, "year,coo,coa,n (persons),n (cases)\n2022,SYR,LTU,5,6\n"), LAYOUT)


def test_a_given_period_must_be_that_of_the_file(tmp_path):
    with pytest.raises(MalformedFile, match="of other periods than was given"):
        read_layout(csv(tmp_path, "year,coo,coa,n\n2022,SYR,LTU,5\n2023,SYR,LTU,5\n"), LAYOUT, "2022")
    assert len(read_layout(csv(tmp_path, "year,coo,coa,n\n2022,SYR,LTU,5\n"), LAYOUT, "2022")) == 1


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_a_table_in_another_kind_of_workbook(tmp_path, suffix):
    rows = [["title"], ["year", "coo", "coa", "n"], [2022, "SYR", "LTU", 0.1 + 0.2], [2023, "SYR", "LTU", "1 234"]]
    file = tmp_path / f"made-up.{suffix}"
    if suffix == "ods":
        opendocument(file, rows)
    else:
        workbook(file, Sheet1=rows)
    assert read_layout(file, LAYOUT)["value"].tolist() == ["0.3", "1234"]


MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


def opendocument(path: Path, rows) -> None:
    def cell(value: object) -> str:
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'

    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    table = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{MANIFEST}"/>')
        file.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet><table:table '
            f'table:name="Sheet1">{table}</table:table></office:spreadsheet></office:body></office:document-content>',
        )


def test_headings_may_stand_in_two_rows(tmp_path):
    rows = [["made up"], [None, "Country", None, "Persons"], ["year", "coo", "coa", "n"], [2022, "SYR", "LTU", 5]]
    layout = structured(
        {
            "time": "year",
            "dimensions": {
                "citizen": {"column": "Country coo", "codes": "iso3"},
                "geo": {"column": "Country coa", "codes": "iso3"},
            },
            "values": {"Persons n": "N"},
        },
        Layout,
    )
    frame = read_layout(workbook(tmp_path / "two.xlsx", Sheet1=rows), layout)
    assert frame.to_numpy().tolist() == [["SY", "LT", "2022", "5", "", ""]] and frame.index.tolist() == [4]


@pytest.mark.parametrize(
    ("label", "code"),
    [("TÜRKİYE", "TR"), ("GUINEA BISSAU", "GW"), ("Hong-Kong S.A.R", "HK"), ("SAO TOMÉ AND PRINCIPE", "ST")],
)
def test_points_hyphens_and_accents_of_labels_do_not_matter(label, code, tmp_path):
    layout = structs.replace(LAYOUT, dimensions={"geo": ColumnLayout(column=("coa",), codes="labels")})
    assert read_layout(csv(tmp_path, f"year,coa,n\n2022,{label},5\n"), layout)["geo"].tolist() == [code]


@pytest.mark.parametrize("rows", ["," * 100_000, "\n".join(["," * 4_000] * 6_000)])
def test_a_table_without_measure_is_refused_in_time(rows, tmp_path):
    begin = time.monotonic()
    with pytest.raises(MalformedFile, match=r"larger than a table of statistics|longer than any row|more columns"):
        read_layout(csv(tmp_path, f"year,coo,coa,n{rows}\n2022,SYR,LTU,5\n"), LAYOUT)
    assert time.monotonic() - begin < 10
