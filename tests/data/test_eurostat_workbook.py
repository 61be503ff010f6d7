"""Workbooks of Eurostat. The Data Browser's is one that it made; the other forms follow it, with numbers made up."""

import datetime
from pathlib import Path

import openpyxl
import pytest

from workbench.collecting.files import import_file
from workbench.data.formats.native import open_native
from workbench.model.errors import MalformedFile, UnknownCode

BROWSER = Path(__file__).parent / "cases" / "migr_pop3ctb_spreadsheet.xlsx"
DAY = datetime.date(2024, 1, 11)
TITLE = "Residence permits valid at the end of the year [migr_resvalid__custom_99]"
ABOUT = [
    ["Data extracted on 11/01/2024 15:13:24 from [ESTAT]"],
    ["Dataset: ", TITLE],
    ["Last updated: ", "28/11/2023 23:00"],
    [],
]
LEGEND = [[], ["Special value"], [":", "not available"], ["Observation flags:"], ["b", "break in time series"]]


def workbook(path: Path, **sheets) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in {
        "Summary": [[], ["", TITLE]],
        "Structure": [["Dimension", "Position"], ["GEO", 1]],
        **sheets,
    }.items():
        sheet = book.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def stored(project, file, dataset="migr_resvalid", **options):
    """The observations of a snapshot: value and flags by the codes of its dimensions and its period."""
    # Made-up figures contradict the starter snapshots.
    snapshot, _ = import_file(project, file, dataset, DAY, accept_doubts=True, **options)
    form = snapshot.opened()
    frame = form.select({}).to_pandas()
    keys = frame[[*form.dimensions, "time"]].astype(str).itertuples(index=False, name=None)
    flags = frame["obs_status"].astype(str) + frame["conf_status"].astype(str)
    return dict(zip(keys, zip(frame["value"].fillna(-1), flags)))


def test_a_workbook_of_the_data_browser_comes_in_with_its_flags(project):
    """A colon is no observation, and neither are the legends below."""
    assert stored(project, BROWSER, "migr_pop3ctb") == {
        ("A", "TOTAL", "T", "BE", "2022"): (2_089_500, "p"),
        ("A", "TOTAL", "T", "LT", "2021"): (178_000, "p"),
        ("A", "TOTAL", "T", "LT", "2022"): (196_000, "b"),
    }


def test_it_says_its_dataset(project):
    with pytest.raises(MalformedFile, match="says that it is another dataset") as refused:
        import_file(project, BROWSER, "migr_resvalid", DAY)
    assert refused.value.found == "migr_pop3ctb"


def slice_of(sex: str, **rows: list) -> list:
    """A sheet with the labels of dimensions above its table."""
    fixed = [["Time frequency", None, "Annual"], ["Sex", None, sex], []]
    table = [["TIME", "2021", None, "2022", None], ["GEO (Labels)"], *([geo, *cells] for geo, cells in rows.items())]
    return [*ABOUT, *fixed, *table, *LEGEND]


def test_each_sheet_is_a_slice(project, tmp_path):
    men, women = slice_of("Males", Lithuania=[5, "b", ":", "c"]), slice_of("Females", Lithuania=[7, None, 1234, "ep"])
    assert stored(project, workbook(tmp_path / "slices.xlsx", Sheet_1=men, Sheet_2=women)) == {
        ("A", "M", "LT", "2021"): (5, "b"), ("A", "M", "LT", "2022"): (-1, "c"),
        ("A", "F", "LT", "2021"): (7, ""), ("A", "F", "LT", "2022"): (1234, "ep"),
    }  # fmt: skip


CODES = [*ABOUT, ["Time frequency [FREQ]", None, "Annual [A]"], [], ["TIME", "TIME", "TIME", "2021", "2022"],
         ["GEO (Codes)", "GEO (Labels)", "SEX (Codes)"], ["LT", "Lithuania", "M", 5, 6], ["EL", "Greece", "F", 7, ":"]]  # fmt: skip
TIMES = [*ABOUT, ["Time frequency", None, "Annual"], [], ["GEO (Labels)", "Lithuania", None, "Greece", None],
         ["SEX (Labels)", "Males", None, "Females", None], ["TIME"], ["2021", 5, "b", 7, None], ["2022", 6, None, ":", None]]  # fmt: skip
EXPLORER = [["Residence permits valid at the end of the year [migr_resvalid]"], [], ["Last update", "28.11.23"],
            ["Extracted on", "11.01.24"], ["Source of data", "Eurostat"], [], ["FREQ", "Annual"], ["SEX", "Males"], [],
            ["GEO/TIME", "2021", None, "2022", None], ["Lithuania", "5,000", "b", "6 e", None], ["Greece", 7, None, ":", None],
            [], ["Special value:"], [":", "not available"], [], ["Available flags:"], ["b", "break in time series"]]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (CODES, {("A", "LT", "M", "2021"): (5, ""), ("A", "LT", "M", "2022"): (6, ""), ("A", "EL", "F", "2021"): (7, "")}),
        (TIMES, {("A", "LT", "M", "2021"): (5, "b"), ("A", "LT", "M", "2022"): (6, ""), ("A", "EL", "F", "2021"): (7, "")}),
        (EXPLORER, {("A", "M", "LT", "2021"): (5000, "b"), ("A", "M", "LT", "2022"): (6, "e"), ("A", "M", "EL", "2021"): (7, "")}),
    ],
    ids=["codes beside labels", "periods in rows", "Data Explorer"],
)  # fmt: skip
def test_the_other_forms_of_a_table(rows, expected, project, tmp_path):
    found = stored(project, workbook(tmp_path / "other.xlsx", Sheet_1=rows))
    assert {tuple(sorted(keys)): value for keys, value in found.items()} == {
        tuple(sorted(keys)): value for keys, value in expected.items()
    }


def test_unknown_labels_are_named_together_and_can_be_mapped(project, tmp_path):
    file = workbook(tmp_path / "labels.xlsx", Sheet_1=slice_of("Total", Litauen=[5, None, 6, None], Lettland=[1, None]))
    with pytest.raises(UnknownCode, match="2 labels of this file") as refused:
        import_file(project, file, "migr_resvalid", DAY)
    assert 'geo:\n      "Litauen":  # in 2 rows, first in row 10' in refused.value.found
    labels = tmp_path / "labels.yaml"
    labels.write_text("geo: {Litauen: LT, Lettland: LV}\n")
    assert len(stored(project, file, labels=labels)) == 3


@pytest.mark.parametrize(
    ("rows", "match"),
    [
        ([["Permits"], ["state", "permits"], ["Lithuania", 5]], "is not one of Eurostat's"),
        ([*ABOUT, ["Shoe size", None, "42"], [], ["TIME", "2021"], ["GEO (Labels)"], ["Lithuania", 5]], "a name that is not known"),
        ([*ABOUT, ["Age class", None, "Total"], [], ["SEX (Labels)", "Males"], ["GEO (Labels)"], ["Lithuania", 5]], "no period"),
        ([*ABOUT, [], ["TIME", "2021"], ["GEO (Labels)"], ["Lithuania", ":"]], "no observation"),
    ],
)  # fmt: skip
def test_another_workbook_is_refused(rows, match, tmp_path):
    with pytest.raises(MalformedFile, match=match) as refused:
        open_native(workbook(tmp_path / "other.xlsx", Sheet_1=rows))
    assert refused.value.where.startswith("other.xlsx") and refused.value.hint


def test_slices_with_different_dimensions_are_refused(tmp_path):
    other = [*ABOUT, ["Time frequency", None, "Annual"], [], ["TIME", "2021"], ["GEO (Labels)"], ["Lithuania", 5]]
    file = workbook(tmp_path / "two.xlsx", Sheet_1=slice_of("Males", Lithuania=[5]), Sheet_2=other)
    with pytest.raises(MalformedFile, match="other dimensions than the first") as refused:
        open_native(file)
    assert "Sheet 2" in refused.value.where
