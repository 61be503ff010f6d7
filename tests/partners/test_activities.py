"""The register of activities is stored only when nothing is wrong with it, and never with anything that tells who took part."""

import csv
import datetime
import hashlib

import pytest
import xlsxwriter

from conftest import copy_project
from workbench.data.snapshots import SnapshotStore
from workbench.declarations.activities import read_register
from workbench.declarations.datasets import read_dataset
from workbench.model.errors import ConflictingSnapshot, DoubtfulFile, InvalidDeclaration, MalformedFile
from workbench.partners.activities.accept import accept_register
from workbench.partners.activities.reading import read_activities

DAY = datetime.date(2026, 3, 1)
ROW = {
    "number": "1", "from": "2025-03-04", "to": "2025-03-06", "kind": "TRAINING", "area": "BORDERS",
    "title_en": "Examining travel documents", "title_lt": "Kelionės dokumentų tikrinimas", "days": "3", "partners": "UA, MD",
    "funding": "EMN", "output_en": "Training manual", "output_lt": "Mokymo vadovas", "institution": "BORDER_GUARD",
    "women": "4", "men": "7", "sex_not_recorded": "1", "participants": "12",
}  # fmt: skip
OF_ACTIVITY = [
    name for name in ROW if name not in ("number", "institution", "women", "men", "sex_not_recorded", "participants")
]
FURTHER = (
    ROW
    | dict.fromkeys(OF_ACTIVITY, "")
    | {"institution": "POLICE", "women": "2", "men": "0", "participants": "2", "sex_not_recorded": ""}
)
LATER = ROW | {"number": "2", "from": "2025-05-05", "to": "2025-05-05", "days": "1", "partners": "UA", "area": "ASYLUM"}


def written(path, *rows, headings=tuple(ROW)):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, headings)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    """A project from which registers are read, and nothing is stored."""
    return copy_project(tmp_path_factory.mktemp("activities") / "project")


def wrong(project, tmp_path, *rows, headings=tuple(ROW)):
    """Row and column of all that is wrong."""
    reading = read_activities(project, written(tmp_path / "register.csv", *rows, headings=headings))
    return [(one.row, one.column) for one in reading.wrong]


def stored(project):
    return SnapshotStore.of(project).vintages("ncp_activities")


def test_a_register_becomes_a_vintage_with_its_words_on_the_card(project, tmp_path):
    path = written(tmp_path / "register.csv", ROW, FURTHER, LATER)
    accepted = accept_register(project, read_activities(project, path), DAY)
    card = accepted.snapshot.card
    assert accepted.is_new and str(accepted.snapshot.id) == "emn/ncp_activities/2026-03-01" and not card.is_made_up
    assert card.source_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    first, second = card.activities
    assert first.title == {"en": ROW["title_en"], "lt": ROW["title_lt"]} and first.partners == ("MD", "UA")
    assert str(second.first) == "2025-05-05" and second.code == "2"
    assert not accept_register(project, read_activities(project, path), DAY).is_new


def figures(project, **codes):
    """Measure and sex to the figure of the year, of some codes."""
    (snapshot,) = stored(project)
    dimensions = ("entry", "activity", "area", "institution", "funding", "partner")
    wanted = dict.fromkeys(dimensions, "TOTAL") | {"freq": "A"} | codes
    rows = snapshot.opened(read_dataset(project, "ncp_activities")).select({"time": ["2025"]}).to_pylist()
    return {
        (row["measure"], row["sex"]): row["value"]
        for row in rows
        if all(row[name] == code for name, code in wanted.items())
    }


def test_its_figures_are_the_sums_of_its_rows_and_zero_is_one(project, tmp_path):
    path = written(tmp_path / "register.csv", ROW, FURTHER, LATER)
    accept_register(project, read_activities(project, path), DAY)
    persons = {
        ("PARTICIPANTS", "T"): 26,
        ("PARTICIPANTS", "F"): 10,
        ("PARTICIPANTS", "M"): 14,
        ("PARTICIPANTS", "UNK"): 2,
    }
    assert figures(project) == persons | {("ACTIVITIES", "T"): 2, ("DAYS", "T"): 4, ("PARTNERS", "T"): 2}
    assert figures(project, institution="POLICE")["PARTICIPANTS", "F"] == 2
    assert (
        figures(project, partner="UA")["ACTIVITIES", "T"] == 2
        and figures(project, partner="MD")["ACTIVITIES", "T"] == 1
    )
    assert figures(project, area="DATA")["PARTICIPANTS", "T"] == 0
    assert figures(project, entry="1")["PARTICIPANTS", "T"] == 14


def test_a_word_that_is_corrected_is_a_vintage_of_its_own(project, tmp_path):
    accept_register(project, read_activities(project, written(tmp_path / "one.csv", ROW)), DAY)
    corrected = written(tmp_path / "two.csv", ROW | {"title_en": "Travel documents"})
    assert str(accept_register(project, read_activities(project, corrected), DAY).snapshot.id).endswith("2026-03-01.2")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"from": "04.03.2025"}, (2, "from")),
        ({"to": "2025-02-30"}, (2, "to")),
        ({"to": "2025-03-03"}, (2, "to")),
        ({"kind": "Party"}, (2, "kind")),
        ({"area": "Border management"}, (2, "area")),
        ({"partners": "UA, XX"}, (2, "partners")),
        ({"partners": "LT"}, (2, "partners")),
        ({"partners": "EU27_2020"}, (2, "partners")),
        ({"days": "4"}, (2, "days")),
        ({"days": "0"}, (2, "days")),
        ({"days": "1,5"}, (2, "days")),
        ({"women": "five"}, (2, "women")),
        ({"women": "-4"}, (2, "women")),
        ({"women": ""}, (2, "women")),
        ({"men": "8"}, (2, "participants")),
        ({"title_lt": ""}, (2, "title_lt")),
        ({"title_en": "x" * 201}, (2, "title_en")),
        ({"output_lt": ""}, (2, "output_lt")),
        ({"institution": ""}, (2, "institution")),
        ({"number": ""}, (2, "number")),
        ({"women": "0", "men": "0", "sex_not_recorded": "0", "participants": "0"}, (2, "participants")),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(schema, tmp_path, change, where):
    assert wrong(schema, tmp_path, ROW | change, LATER) == [where]
    assert not stored(schema)


@pytest.mark.parametrize(
    "text",
    [
        "Training by Jonas Petraitis", "Led by J. Petraitis", "Seminar with petraitis", "ONA PETRAITIENĖ", "Mr John Smithson",
        "Write to a.b@example.org", "Call +370 612 34567", "tel. 8 5 271 7112", "(8-5) 271 71", "born 1985-02-03",
        "38502030123", "1985-02-03",
    ],
)  # fmt: skip
def test_what_tells_who_a_person_is_is_refused_in_any_cell(schema, tmp_path, text):
    for column in ("title_en", "output_lt", "days", "partners"):
        reading = read_activities(schema, written(tmp_path / "register.csv", ROW | {column: text}))
        (one,) = reading.wrong
        assert (one.row, one.column, one.expected) == (2, column, "nothing from which a person can be known")
        assert "@" not in str(one) and "612" not in str(one) and "1985" not in str(one)


@pytest.mark.parametrize(
    "text",
    [
        "Training of consular officers on forged documents", "Two-day seminar on Regulation 2024/1348 of the European Parliament",
        "Dviejų dienų mokymai Vilniuje", "Study visit to the „Ona Petraitienė“ centre", "Kasdienė veikla", "Statistics of 2015–2024",
        "Meeting of the European Migration Network in Tallinn on 2025-03-04", "Telecommunications 5 years on",
    ],
)  # fmt: skip
def test_what_tells_nobody_is_accepted(schema, tmp_path, text):
    assert wrong(schema, tmp_path, ROW | {"title_en": text}) == []


def test_a_further_row_has_an_institution_and_says_nothing_else_otherwise(schema, tmp_path):
    assert wrong(schema, tmp_path, ROW, FURTHER) == []
    assert wrong(schema, tmp_path, ROW, FURTHER | {"area": "BORDERS"}) == []
    assert wrong(schema, tmp_path, ROW, FURTHER | {"area": "ASYLUM"}) == [(3, "area")]
    assert wrong(schema, tmp_path, ROW, FURTHER | {"title_en": "a@b.org"}) == [(3, "title_en")]
    assert wrong(schema, tmp_path, ROW, FURTHER | {"institution": "BORDER_GUARD"}) == [(3, "institution")]


def test_columns_are_those_of_the_schema(schema, tmp_path):
    assert wrong(schema, tmp_path, ROW | {"trainer": "x"}, headings=(*ROW, "trainer")) == [(1, "trainer")]
    without = {name: text for name, text in ROW.items() if name != "men"}
    assert wrong(schema, tmp_path, without, headings=tuple(without)) == [(1, "men")]
    beside = read_activities(
        schema, written(tmp_path / "beside.csv", ROW | {"": "Jonas Petraitis"}, headings=(*ROW, ""))
    )
    assert [(one.row, one.column) for one in beside.wrong] == [(2, "")]
    empty = read_activities(schema, written(tmp_path / "empty.csv"))
    assert [one.what for one in empty.wrong] == ["the register is empty"]


def workbook(path, *, formula=False, sheets=("activities",)):
    day = {"from": datetime.date(2025, 3, 4), "to": datetime.date(2025, 3, 6)}
    with xlsxwriter.Workbook(path) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(ROW))
            for column, (heading, text) in enumerate(ROW.items()):
                if heading in day:
                    sheet.write_datetime(1, column, day[heading], book.add_format({"num_format": "yyyy-mm-dd"}))
                elif formula and heading == "participants":
                    sheet.write_formula(1, column, "=4+7+1", value=12)
                else:
                    sheet.write(1, column, int(text) if text.isdecimal() else text)
    return path


def test_a_workbook_is_read_with_its_days_and_refused_with_formulas(schema, tmp_path):
    reading = read_activities(schema, workbook(tmp_path / "register.xlsx"))
    assert not reading.wrong and str(reading.entries[0].activity.last) == "2025-03-06"
    for path in (
        workbook(tmp_path / "formula.xlsx", formula=True),
        workbook(tmp_path / "two.xlsx", sheets=("one", "other")),
    ):
        with pytest.raises(MalformedFile):
            read_activities(schema, path)
    assert not read_activities(schema, workbook(tmp_path / "notes.xlsx", sheets=("activities", "x"))).wrong


def test_a_year_that_has_not_ended_is_left_out(project, tmp_path):
    running = ROW | {"number": "3", "from": "2026-01-15", "to": "2026-01-15", "days": "1"}
    accepted = accept_register(project, read_activities(project, written(tmp_path / "r.csv", ROW, running)), DAY)
    assert accepted.left_out == 1 and list(accepted.years) == [2025] and len(accepted.snapshot.card.activities) == 1
    with pytest.raises(DoubtfulFile):
        accept_register(project, read_activities(project, written(tmp_path / "n.csv", running)), DAY)
    with pytest.raises(ConflictingSnapshot):
        accept_register(project, read_activities(project, tmp_path / "r.csv"), datetime.date(2026, 2, 1))


def test_a_made_up_register_says_so_in_every_row_and_never_stands_beside_a_real_one(project, tmp_path):
    example = read_activities(project, project.params / "activities" / "made_up.csv")
    assert example.is_made_up and not example.wrong
    assert accept_register(project, example, DAY).snapshot.card.is_made_up
    real = read_activities(project, written(tmp_path / "real.csv", ROW))
    with pytest.raises(ConflictingSnapshot, match="made up"):
        accept_register(project, real, DAY)
    headings = (*ROW, "made_up")
    assert wrong(project, tmp_path, ROW | {"made_up": "yes"}, LATER, headings=headings) == [(3, "made_up")]


def test_a_schema_that_lacks_a_column_is_refused(project):
    path = project.params / "activities" / "register.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("women:", "ladies:"), encoding="utf-8")
    with pytest.raises(InvalidDeclaration):
        read_register(project)
