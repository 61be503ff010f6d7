"""What institutions send back is stored only when nothing is wrong, or the deviation is explained in its row."""

import datetime
import hashlib
import math

import openpyxl
import pytest
from filling import ASYLUM, ASYLUM_CELLS, CLEAN, FLOWS, PERIOD, asked_for_2025, filled

from workbench.data.cited import comparability_notes
from workbench.data.snapshots import SnapshotStore
from workbench.deadlines.standings import State, standings
from workbench.declarations.datasets import read_dataset
from workbench.model.errors import ConflictingSnapshot, DoubtfulFile
from workbench.partners.accept import accept, accepted_before
from workbench.partners.cells import DATE, FRACTION, NEGATIVE, NO_NUMBER, SEPARATED, TOO_LARGE
from workbench.partners.checks import FALL, GONE, JUMP, LESS_THAN_PARTS, NOT_THE_SUM
from workbench.partners.filled import CHANGED, EMPTY, NO_CODE, OUTSIDE, ROWS_MOVED, TOO_LONG, TWICE, UNKNOWN_CODE
from workbench.partners.personal_data import BIRTH, EMAIL, NAME, personal_data
from workbench.partners.read import FOREIGN, NOT_ASKED, NOT_DECLARED, OLD_FORM, SHEET_ADDED, SHEET_MISSING, read_form
from workbench.partners.report import report_html, report_lines
from workbench.study import Study

DAY = datetime.date(2026, 12, 1)


@pytest.fixture
def asked(project):
    return asked_for_2025(project)


def found(project, path):
    """Cell and message of everything that is wrong."""
    return [(finding.cell, finding.what) for finding in read_form(project, path).findings]


def newest(project, dataset):
    return SnapshotStore.of(project).vintages(dataset)[-1]


def figures(project, dataset, time=PERIOD):
    rows = newest(project, dataset).opened(read_dataset(project, dataset)).select({"time": [time]}).to_pylist()
    dimensions = ("citizen", "applicant", "measure")
    return {tuple(row[name] for name in dimensions if name in row): (row["value"], row["conf_status"]) for row in rows}


def test_a_clean_form_becomes_a_vintage_that_keeps_the_other_years(asked, tmp_path):
    before = newest(asked, "lsd_migration_flows")
    path = filled(asked, tmp_path / "flows.xlsx", CLEAN | {"D5": "Nauja skaičiavimo tvarka nuo 2025-07-01."})
    (stored,) = accept(asked, read_form(asked, path), DAY)
    assert stored.is_new and str(stored.snapshot.id) == "lsd/lsd_migration_flows/2026-12-01"
    assert figures(asked, "lsd_migration_flows") == {("IMMIGRANTS",): (44_000, ""), ("EMIGRANTS",): (28_000, "")}
    assert figures(asked, "lsd_migration_flows", "2024")["IMMIGRANTS",] == (51_845, "")
    card = stored.snapshot.card
    assert card.sender == "State Data Agency of Lithuania" and card.retrieved == "2026-12-01"
    assert card.source_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert card.caveats[:-1] == before.card.caveats
    assert card.caveats[-1].text == "2025, Imigrantai: „Nauja skaičiavimo tvarka nuo 2025-07-01.“"
    assert card.caveats[-1].concerns("LT", 2025) and not card.caveats[-1].concerns("LT", 2024)


def test_the_same_file_again_adds_nothing_and_a_corrected_one_is_a_new_vintage(asked, tmp_path):
    path = filled(asked, tmp_path / "flows.xlsx", CLEAN | {"D6": "Dar ne visi duomenys."})
    assert not accepted_before(asked, path)
    accept(asked, read_form(asked, path), DAY)
    assert [one.snapshot.id.vintage for one in accepted_before(asked, path)] == ["2026-12-01"]
    corrected = filled(asked, tmp_path / "corrected.xlsx", CLEAN | {"B6": 28_001})
    (stored,) = accept(asked, read_form(asked, corrected), DAY)
    assert "Dar ne visi" not in str(stored.snapshot.card.caveats), "that was said of the figures before"
    assert (
        stored.snapshot.id.vintage == "2026-12-01.2"
        and figures(asked, "lsd_migration_flows")["EMIGRANTS",][0] == 28_001
    )


def test_tables_of_a_file_are_stored_together_with_their_marks(asked, tmp_path):
    path = filled(asked, tmp_path / "asylum.xlsx", ASYLUM_CELLS, ASYLUM)
    reading = read_form(asked, path)
    assert reading.is_clean, list(report_lines(reading))
    assert [one.snapshot.id.dataset for one in accept(asked, reading, DAY)] == [
        "migracija_asylum_applicants", "migracija_asylum_decisions", "migracija_first_permits",
        "migracija_temporary_protection",
    ]  # fmt: skip
    stored = figures(asked, "migracija_asylum_applicants")
    assert stored["TOTAL", "TOTAL"] == (30, "") and stored["UA", "FRST"] == (20, "")
    value, confidentiality = stored["BY", "SSEQ"]
    assert math.isnan(value) and confidentiality == "c", "no number stands for what is confidential"
    value, confidentiality = stored["TOTAL", "SSEQ"]
    assert math.isnan(value) and not confidentiality


def test_what_a_fault_left_half_stored_is_finished(asked, tmp_path, monkeypatch):
    path, add = filled(asked, tmp_path / "asylum.xlsx", ASYLUM_CELLS, ASYLUM), SnapshotStore.add

    def fails_at_the_second(store, file, dataset, *given, **named):
        if dataset == "migracija_asylum_decisions":
            raise OSError("no space left")
        return add(store, file, dataset, *given, **named)

    monkeypatch.setattr(SnapshotStore, "add", fails_at_the_second)
    with pytest.raises(OSError, match="no space left"):
        accept(asked, read_form(asked, path), DAY)
    monkeypatch.undo()
    assert not accepted_before(asked, path)
    assert [one.is_new for one in accept(asked, read_form(asked, path), DAY)] == [False, True, True, True]
    assert len(accepted_before(asked, path)) == 4


def test_one_wrong_table_keeps_all_out(asked, tmp_path):
    wrong = {**ASYLUM_CELLS, 4: {**ASYLUM_CELLS[4], "D6": "daug"}}
    reading = read_form(asked, filled(asked, tmp_path / "asylum.xlsx", wrong, ASYLUM))
    assert not reading.is_clean and len(reading.findings) == 1


def test_nothing_is_stored_under_a_day_that_cannot_be(asked, tmp_path):
    reading = read_form(asked, filled(asked, tmp_path / "flows.xlsx", CLEAN))
    with pytest.raises(DoubtfulFile, match="before 2025 had ended"):
        accept(asked, reading, datetime.date(2025, 12, 31))
    with pytest.raises(ConflictingSnapshot, match="is newer than what is to be stored"):
        accept(asked, reading, datetime.date(2026, 3, 1))
    assert not asked.snapshots.exists()


WRONG_CELLS = {
    "A6": ("UA", None), "B6": (None, EMPTY), "C6": ("44 000", SEPARATED), "D6": ("44,000", SEPARATED),
    "A7": ("BY", None), "B7": ("44\u00a0000", SEPARATED), "C7": (-1, NEGATIVE), "D7": (0.5, FRACTION),
    "A8": ("SY", None), "B8": (datetime.date(2025, 4, 1), DATE), "C8": (10**12, TOO_LARGE), "D8": ("n/d", NO_NUMBER),
    "A9": ("RU", None), "B9": ("=B6*2", FOREIGN), "C9": ("38503121234", BIRTH), "D9": ("vardas@example.org", EMAIL),
    "A10": ("UA – Ukraina", TWICE), "A11": ("Atlantida", UNKNOWN_CODE), "A12": ("TOTAL", TWICE), "B13": (1, None),
    "A13": (None, NO_CODE), "E14": ("kodėl", None), "A14": (None, NO_CODE), "G20": ("pastaba", OUTSIDE),
    "A100": ("KZ", None), "B100": ("", EMPTY), "E6": ("a" * 501, TOO_LONG), "E7": ("Paaiškino Jonas Jonaitis", NAME),
    "E8": ("J. Petraitienė", NAME), "E9": ("John Smith knows why", NAME), "E100": ("gimęs 2024-05-06", BIRTH),
    "E5": ("1985 m. kovo 12 d.", BIRTH), "D2": ("Petraitienės prašymas", NAME),
}  # fmt: skip


def test_what_is_wrong_is_told_with_its_cell(asked, tmp_path):
    cells = {**ASYLUM_CELLS, 1: ASYLUM_CELLS[1] | {cell: value for cell, (value, _) in WRONG_CELLS.items()}}
    told = dict(found(asked, filled(asked, tmp_path / "asylum.xlsx", cells, ASYLUM)))
    assert {cell: told.get(cell) for cell, (_, what) in WRONG_CELLS.items() if what} == {
        cell: what for cell, (_, what) in WRONG_CELLS.items() if what
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"B5": 100_000, "B6": 10_000}, {"B5": JUMP, "B6": FALL}),
        ({"A5": "Emigrantai"}, {"A5": ROWS_MOVED}),
        ({"B4": "Asmenys 2024", "D4": "Pastabos"}, {"B4": CHANGED, "D4": CHANGED}),
        ({"F20": "pastaba", "A7": "Kiti"}, {"F20": OUTSIDE, "A7": OUTSIDE}),
    ],
)
def test_headings_rows_and_the_year_before_are_compared(asked, tmp_path, given, expected):
    told = dict(found(asked, filled(asked, tmp_path / "flows.xlsx", CLEAN | given)))
    assert {cell: told.get(cell) for cell in expected} == expected


@pytest.mark.parametrize("text", [
    "Europos Sąjungos teisė pasikeitė nuo 2025-07-01; Baltarusijos Respublikos piliečių padaugėjo.",
    "Duomenys perkelti į sistemą „Migris Plius“.",
    "Lietuvos migracijos departamentas skaičiuoja kitaip nei Valstybės sienos apsaugos tarnyba.",
    "New rules of the European Union since July 2025.",
    "Atnaujinta Migris sistema; apgyvendinta Pabradėje.",
])  # fmt: skip
def test_institutions_countries_and_laws_are_no_personal_data(text):
    assert personal_data(text, PERIOD) is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"B5": 31, "C5": 26}, {"B5": NOT_THE_SUM, "C5": NOT_THE_SUM}),
        ({"B5": 29, "C6": 21, "C5": 26}, {"B5": LESS_THAN_PARTS, "B6": LESS_THAN_PARTS}),
    ],
)
def test_totals_are_compared_with_their_parts(asked, tmp_path, given, expected):
    cells = {**ASYLUM_CELLS, 1: ASYLUM_CELLS[1] | given}
    assert dict(found(asked, filled(asked, tmp_path / "asylum.xlsx", cells, ASYLUM))) == expected


def test_an_explanation_in_the_row_settles_a_deviation_and_nothing_else(asked, tmp_path):
    explained = filled(asked, tmp_path / "one.xlsx", CLEAN | {"B5": 100_000, "D5": "Perkelta iš kito registro."})
    assert not found(asked, explained)
    wrong = filled(asked, tmp_path / "two.xlsx", CLEAN | {"B5": "daug", "D5": "Perkelta iš kito registro."})
    assert found(asked, wrong) == [("B5", NO_NUMBER)]


def test_a_row_of_the_year_before_may_not_vanish(asked, tmp_path):
    accept(asked, read_form(asked, filled(asked, tmp_path / "asylum.xlsx", ASYLUM_CELLS, ASYLUM)), DAY)
    declared = asked.params / "collections" / f"{ASYLUM}.yaml"
    text = declared.read_text(encoding="utf-8")
    declared.write_text(text.replace("2025: 2026-03-02", "2026: 2027-03-01"), encoding="utf-8")
    path = filled(asked, tmp_path / "next.xlsx", {}, ASYLUM, period="2026")
    sheet = openpyxl.load_workbook(path).worksheets[1]
    given = [sheet.cell(row, 1).value for row in (5, 6, 7, 8)]
    assert given == ["Iš viso", "BY – Baltarusija", "UA – Ukraina", None]
    assert ("", GONE) in found(asked, filled(asked, path, {"A6": None}, ASYLUM, period="2026"))


def another_identity(old, new):
    def change(book):
        cell = next(cell for row in book.worksheets[0].iter_rows() for cell in row if str(cell.value).startswith(FLOWS))
        cell.value = cell.value.replace(old, new)

    return change


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (another_identity(FLOWS, "lv_statistics"), NOT_DECLARED),
        (another_identity("2025", "2019"), NOT_ASKED),
        (another_identity(FLOWS, "lt_border_guard"), OLD_FORM),
        (lambda book: book.create_sheet("Pastabos"), SHEET_ADDED),
        (lambda book: setattr(book.worksheets[1], "title", "Lapas1"), SHEET_MISSING),
        (lambda book: setattr(book.create_sheet("Slaptas"), "sheet_state", "hidden"), SHEET_ADDED),
        (lambda book: book.worksheets[1].merge_cells("A5:A6"), FOREIGN),
        (lambda book: book.worksheets[1].insert_rows(5), ROWS_MOVED),
        (lambda book: book.worksheets[1].insert_cols(2), CHANGED),
        (lambda book: book.worksheets[0].__setitem__("B2", "Kita institucija"), CHANGED),
    ],
)
def test_another_form_or_a_changed_one_is_told(asked, tmp_path, change, what):
    path = filled(asked, tmp_path / "flows.xlsx", CLEAN, change=change)
    assert what in [finding.what for finding in read_form(asked, path).findings]


def test_the_report_is_in_the_institutions_language_and_loads_nothing(asked, tmp_path):
    path = filled(asked, tmp_path / "<b>.xlsx", CLEAN | {"B5": "<script>", "B6": None})
    reading = read_form(asked, path)
    page = report_html(reading)
    assert page == report_html(read_form(asked, path))
    assert 'lang="lt"' in page and "Valstybės duomenų agentūra" in page and "<script" not in page and "<b>" not in page
    assert list(report_lines(reading)) == [
        "Imigracija ir emigracija, B5: Ne sveikasis skaičius ir ne vienas iš ženklų „:“ ir „c“.",
        "Imigracija ir emigracija, B6: Tuščia: įrašykite skaičių; 0, jei atvejų nebuvo; „:“, jei duomenų nėra.",
    ]
    english = read_form(asked, filled(asked, tmp_path / "en.xlsx", CLEAN | {"B6": None}, language="en"))
    assert "Empty: write a figure" in report_html(english)


def test_the_status_says_who_owes_what(asked, tmp_path):
    by_name = {one.collection: one for one in standings(asked, datetime.date(2026, 3, 12))}
    assert by_name[FLOWS].state is State.RECEIVED, "the newest vintage has the year"
    assert by_name[ASYLUM].state is State.OVERDUE and by_name[ASYLUM].days == -10 and len(by_name[ASYLUM].missing) == 4
    accept(asked, read_form(asked, filled(asked, tmp_path / "asylum.xlsx", ASYLUM_CELLS, ASYLUM)), DAY)
    by_name = {one.collection: one for one in standings(asked, datetime.date(2026, 1, 1))}
    assert by_name[ASYLUM].state is State.RECEIVED and by_name["lt_border_guard"].state is State.DUE


def test_a_study_reads_what_was_accepted_and_shows_what_was_explained(asked, tmp_path, monkeypatch):
    cells = {**ASYLUM_CELLS, 1: ASYLUM_CELLS[1] | {"E5": "Be pakartotinių prašymų."}}
    accept(asked, read_form(asked, filled(asked, tmp_path / "asylum.xlsx", cells, ASYLUM)), DAY)
    monkeypatch.chdir(asked.root)
    study = Study.open("reconciliation", country="LT", year=2025)
    (number,) = study.results("national_asylum_applicants")
    assert (number.value, number.dataset, number.vintage) == (30, "migracija_asylum_applicants", "2026-12-01")
    (notes,) = comparability_notes(study._sources(), "LT", 2025)
    assert "2025, Iš viso: „Be pakartotinių prašymų.“" in notes.vintages[0].caveats
