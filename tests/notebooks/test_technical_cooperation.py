"""The study of technical co-operation: what was done, for whom and with whom, by a register that is made up."""

import datetime
import io
import re

import openpyxl
import pytest
from click.testing import CliRunner

from both_languages import EN, LT, text_of
from browser import STOPS, Visit
from conftest import ROOT, copy_project
from made_up_results import made_up
from notebook_code import executed
from workbench.cli import main
from workbench.declarations.editions import read_edition
from workbench.editions.made_up import made_up_studies
from workbench.editions.make import RunOptions, make_edition
from workbench.exploring.answer import answer
from workbench.exploring.missing import missing_of
from workbench.exploring.page import page_html
from workbench.exploring.question import read_question
from workbench.exploring.shape import Shape
from workbench.exploring.terminal import told
from workbench.model.results_csv import read_results_csv, results_csv
from workbench.model.sentence import Period
from workbench.partners.activities.accept import accept_register
from workbench.partners.activities.reading import read_activities
from workbench.presentation.about import about
from workbench.presentation.sentences import sentence
from workbench.presentation.study_spreadsheet import study_spreadsheet
from workbench.presentation.wording import Wording
from workbench.site.inventory import read_site
from workbench.study import Results

STUDY = "technical_cooperation"


@pytest.fixture(scope="module")
def registered(tmp_path_factory):
    """A project that has taken in the made-up register."""
    project = copy_project(tmp_path_factory.mktemp("cooperation") / "project")
    example = read_activities(project, project.params / "activities" / "made_up.csv")
    accept_register(project, example, datetime.date(2026, 11, 29))
    return project


@pytest.fixture(autouse=True)
def there(registered, monkeypatch):
    monkeypatch.chdir(registered.root)


def one(run, indicator, breakdown="", time="2025"):
    (result,) = (
        r for r in Results(run.record.results) if (r.indicator, r.breakdown, r.time) == (indicator, breakdown, time)
    )
    return result.value


def test_it_tells_the_year_against_the_year_before():
    run = executed(STUDY, "LT", 2025)
    assert (one(run, "activities"), one(run, "activities", time="2024")) == (11, 8)
    assert one(run, "activity_participants") == sum(one(run, "activity_participants", f"sex={sex}") for sex in "FM") + 1
    findings = run.findings(EN)
    assert findings[0] == "In 2025, the contact point held or took part in 11 activities, after 8 in 2024."
    assert "Latvia" in findings[-1] and "Latvija" in run.findings(LT)[-1]


def test_each_activity_of_the_year_is_told_in_words_of_the_reader():
    run = executed(STUDY, "LT", 2025)
    told = {wording: [text_of(said, wording) for said in run.shown["list"].block.sentences] for wording in (EN, LT)}
    assert len(told[EN]) == len(told[LT]) == 11
    assert told[EN][0] == (
        "2025-01-28 – 2025-01-29: Made up: screening at the external border. Training; Border management. Participants: 49; "
        "with: Georgia, Moldova, Ukraine. Output: Training manual."
    )
    assert told[LT][2].startswith("2025-03-11: Išgalvota: nacionalinė migracijos politika. Seminaras;")


def test_the_map_shows_partners_and_outlines_the_country_itself():
    figure = executed(STUDY, "LT", 2025).shown["partners-figure"].block
    svg = figure.map.svg(EN, "map")
    assert "Map of Europe: Activities (activities), 2025. Countries with a value: 8; without: 0." in svg
    assert "Lowest: Georgia 1; highest: Latvia 4." in svg and 'class="highlight"' in svg


def test_the_first_year_has_none_before_and_a_year_without_a_register_shows_nothing():
    first = executed(STUDY, "LT", 2024)
    assert first.findings()[0] == "In 2024, the contact point held or took part in 8 activities."
    for country, year in (("LT", 2023), ("LV", 2025)):
        run = executed(STUDY, country, year)
        assert not run.record.findings and not any(exhibit.number for exhibit in run.recorded.exhibits)
        (line,) = run.shown["findings"].block.sentences
        assert text_of(line).startswith("No register of activities has")


def test_what_is_made_up_says_so_in_every_title():
    record = executed(STUDY, "LT", 2025).record
    assert all(source.is_made_up for source in record.sources)
    assert about(record, None, EN).full_title == "Technical co-operation (made up): Lithuania, 2025"
    assert about(record, None, LT).full_title == "Techninis bendradarbiavimas (išgalvota): Lietuva, 2025"


@pytest.mark.parametrize(("wording", "mark"), [(EN, "Made up: no number"), (LT, "Išgalvota: jokio skaičiaus")])
def test_files_of_what_is_made_up_say_so_on_each_sheet_and_in_each_row(wording, mark):
    run = executed(STUDY, "LT", 2025)
    study = about(run.record, None, wording)
    book = openpyxl.load_workbook(io.BytesIO(study_spreadsheet(wording, study, run.record, run.recorded.exhibits)))
    for sheet in book:
        above = [cell.value for row in sheet.iter_rows(max_row=4, max_col=1) for cell in row]
        assert any(str(value).startswith(mark) for value in above), sheet.title
    header, *rows = results_csv(run.record.results, run.record.is_made_up).splitlines()
    assert header.endswith(",made_up") and rows and all(row.endswith(",yes") for row in rows)
    assert len(read_results_csv("\n".join([header, *rows]) + "\n")) == len(run.record.results)


def a_long_register(path, many=150):
    """A register of one year with many activities; it is made up, and says so in each row."""
    columns = (
        "number,from,to,kind,area,title_en,title_lt,days,partners,funding,output_en,output_lt,institution,women,men,"
        "sex_not_recorded,participants,made_up"
    )
    kinds, areas = ("TRAINING", "SEMINAR", "STUDY_VISIT"), ("ASYLUM", "BORDERS", "SYSTEMS", "CONSULAR", "POLICY")
    partners = ("LV", "EE", "PL", "FI", "SE", "UA", "MD", "GE", "DE", "FR")
    rows = []
    for number in range(1, many + 1):
        day = datetime.date(2025, 1, 1) + datetime.timedelta(days=number * 364 // many)
        title = f"Made up: exercise {number} with a title that is as long as they are in registers,Išgalvota: {number} pratybos"
        with_whom = ", ".join(sorted({partners[number % 10], partners[number * 3 % 10]}))
        rows.append(
            f'{number},{day},{day},{kinds[number % 3]},{areas[number % 5]},{title},1,"{with_whom}",EMN,Report,Ataskaita,'
            f"MIGRATION,{number % 9},{number % 7 + 1},,{number % 9 + number % 7 + 1},yes"
        )
    path.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_year_of_many_activities_is_still_read_by_keyboard_and_in_few_pages(tmp_path, browser, monkeypatch):
    project = copy_project(tmp_path / "project")
    accept_register(
        project, read_activities(project, a_long_register(tmp_path / "long.csv")), datetime.date(2026, 11, 29)
    )
    monkeypatch.chdir(project.root)
    ran = CliRunner().invoke(main, ["run", STUDY, "--country", "LT", "--year", "2025", "--language", "en"])
    assert ran.exit_code == 0, ran.output
    path = project.outputs / "2025" / "LT" / f"{STUDY}.en.html"
    page = Visit(browser, path).page
    assert page.locator("ul.points > li").count() == 150
    assert page.evaluate(STOPS) <= 60 and page.evaluate("document.documentElement.scrollHeight") <= 9000
    page.locator("ul.points a.number").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('li').previousElementSibling") is not None
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_answer_of_made_up_data_says_so_in_the_terminal_and_on_its_page(registered):
    found = answer(read_question(registered, "activities", ("geo=LT",)))
    shape, missing = Shape(found), missing_of(registered, found)
    wording = Wording("en", found.question.held.indicators)
    assert told(shape, missing, wording, 80).startswith("Activities (made up)\n")
    assert 'class="made-up"' in page_html(shape, missing, wording)


@pytest.mark.slow
def test_an_edition_is_not_sealed_with_what_is_made_up_unless_as_a_draft_that_says_so(registered):
    shipped = (ROOT / "params" / "editions" / "2025.yaml").read_text(encoding="utf-8")
    declared, found = re.subn(r"(?s)studies:\n.*", f"studies: [{STUDY}]\n", shipped)
    assert found == 1
    (registered.params / "editions" / "2025.yaml").write_text(declared, encoding="utf-8")
    edition = read_edition(registered, 2025)
    outcome = make_edition(registered, edition)
    (failure,) = outcome.failures
    assert outcome.sealed is None and "ncp_activities 2026-11-29" in str(failure) and "--draft" in str(failure), failure
    assert not list(registered.archives.glob("*.zip"))
    for page in (registered.outputs / "2025" / "LT").glob("*.html"):
        said = page.read_text(encoding="utf-8")
        assert 'class="made-up"' in said and ("Made up." in said or "Išgalvota." in said)
    assert not read_site(registered).pages
    draft = make_edition(registered, edition, RunOptions(is_draft=True)).sealed
    assert draft.path.name == "2025-draft-r1.zip"


def test_an_edition_of_real_data_has_nothing_made_up(registered):
    assert made_up_studies(registered, read_edition(registered, 2022), []) == []


@pytest.mark.parametrize(
    ("many", "activities"),
    [
        (1, "įrašyta 1 veikla."),
        (2, "įrašytos 2 veiklos."),
        (5, "įrašytos 5 veiklos."),
        (10, "įrašyta 10 veiklų."),
        (11, "įrašyta 11 veiklų."),
        (21, "įrašyta 21 veikla."),
    ],
)
def test_the_number_of_activities_agrees_in_lithuanian(many, activities):
    one, several = (
        f"In {{year}}, the contact point held or took part in {{count}} {noun}." for noun in ("activity", "activities")
    )
    said = sentence(one, {"count": made_up(many, indicator="activities"), "year": Period("2025")}, several)
    assert text_of(said, LT).startswith("2025 m. ryšių punkto ") and text_of(said, LT).endswith(f" {activities}")
