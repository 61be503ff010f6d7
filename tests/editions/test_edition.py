"""The default edition as it is rendered: its files, the same bytes wherever and whenever, failures, the archive."""

import csv
import getpass
import gzip
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from base64 import b64decode
from pathlib import Path

import nbformat
import pyarrow.parquet
import pytest
import yaml
from click.testing import CliRunner
from lxml import html
from PIL import Image

from conftest import ROOT, copy_project
from quick_study import QUICK, declare
from sealed_again import members_of, zip_again
from workbench.archiving import verify
from workbench.cli import main
from workbench.declarations.editions import read_edition
from workbench.declarations.indicators import read_indicators
from workbench.editions.make import make_edition
from workbench.editions.pages import edition_note, page_of
from workbench.editions.render import read_recorded
from workbench.execution.recorded import record_of
from workbench.model.digests import file_digest
from workbench.model.errors import InvalidDeclaration
from workbench.model.record import BLOCK_TYPE, RECORD_TYPE
from workbench.model.results_csv import results_csv
from workbench.model.types import RESULT_COLUMNS
from workbench.page.numbers import shown_numbers
from workbench.page.status import SEALED, with_status
from workbench.presentation.descriptions import block_of, described
from workbench.presentation.notebook_style import styled
from workbench.presentation.wording import Wording, index_name

pytestmark = pytest.mark.slow

STUDY = "asylum_applications"
DATASETS = {"migr_asyappctza", "demo_gind", "migr_asyappctzm", "migr_asyumactm", "migr_asypenctzm"}


def published(project):
    """All files below ``outputs/`` that readers get: all but the run log, which tells of this machine."""
    return sorted(
        path
        for path in project.outputs.rglob("*")
        if path.is_file() and path.relative_to(project.outputs).parts[0] != ".journal"
    )


def rows_of(project):
    with (project.outputs / "2022" / "LT" / f"{STUDY}.results.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="there is one process")
def test_tests_of_the_edition_share_a_worker(edition, request):
    """Where pytest-xdist does not see the groups of tests, it says nothing, and every worker renders an edition."""
    assert request.node.nodeid.endswith("@edition")


def test_the_files_are_where_readers_look_for_them(edition):
    project, outcome = edition
    written = {path.relative_to(project.outputs).as_posix() for path in published(project)}
    of_the_site = {path for path in written if path.startswith(("countries/", "datasets/", "indicators/", "share/"))}
    assert written - of_the_site == {
        *("index.html", "index.lt.html", "feed.xml", "feed.lt.xml", "catalog.jsonld", "sitemap.xml", "robots.txt"),
        *(f"{page}.{language}.html" for page in ("compare", "glossary") for language in ("en", "lt")),
        "archive/2022-r1.zip",
        *(f"2022/LT/{STUDY}.{kind}" for kind in ("ipynb", "results.csv")),
        *(f"2022/LT/{STUDY}.{language}.{kind}" for language in ("en", "lt") for kind in ("html", "xlsx", "png")),
        *(f"2022/LT/{STUDY}.method.{language}.html" for language in ("en", "lt")),
    }
    assert {"countries/LT.en.html", "countries/LT.lt.html", "indicators/population.lt.html"} <= of_the_site
    assert outcome.sealed.is_new and outcome.sealed.path.name == "2022-r1.zip"


def test_a_study_says_its_address_and_the_picture_of_a_shared_link_in_the_archive_too(edition):
    project, outcome = edition
    with zipfile.ZipFile(outcome.sealed.path) as archive:
        archived = {
            name.rpartition("/studies/")[2]: archive.read(name).decode()
            for name in archive.namelist()
            if "/studies/" in name and name.endswith(".html")
        }
    assert len(archived) == 4
    for path, page in archived.items():
        assert page == (project.outputs / "2022" / path).read_text(encoding="utf-8")
        head = html.fromstring(page).find("head")
        (canonical,) = head.xpath("link[@rel='canonical']/@href")
        assert canonical == f"https://migration-studies.example/2022/{path}"
        assert all((project.outputs / "2022/LT" / href).is_file() for href in head.xpath("link[@hreflang]/@href"))
        said = {meta.get("property"): meta.get("content") for meta in head.xpath("meta[@property]")}
        assert said["og:url"] == canonical and said["og:title"] == head.findtext("title")
        assert "1,025" in said["og:description"] or "1\xa0025" in said["og:description"]
        picture = project.outputs / said["og:image"].removeprefix("https://migration-studies.example/")
        with Image.open(picture) as opened:
            assert opened.size == (1200, 630) and not opened.info.get("Software")


def test_results_have_their_columns_ids_and_units(edition):
    project, _ = edition
    rows, indicators = rows_of(project), read_indicators(project)
    assert tuple(rows[0]) == RESULT_COLUMNS and len(rows) > 200
    for row in rows:
        assert row["unit"] == indicators.unit(row["indicator"])
        assert set(row["dataset"].split("+")) <= DATASETS
        parts = [part.split("=")[0] for part in row["breakdown"].split(";") if part]
        assert parts == sorted(parts) and "TOTAL" not in row["breakdown"]
        if row["value"]:
            assert float(row["low"]) <= float(row["value"]) <= float(row["high"])
        else:
            assert row["flags"] and not row["low"] and not row["high"]
    keys = [(row["indicator"], row["geo"], row["breakdown"], row["time"]) for row in rows]
    assert keys == sorted(keys) and len(set(keys)) == len(keys)


def test_a_golden_set_of_results(edition):
    project, _ = edition
    values = {(row["indicator"], row["geo"], row["breakdown"], row["time"]): row for row in rows_of(project)}
    assert values["asylum_applicants", "LT", "", "2022"]["value"] == "1025"
    assert values["asylum_applicants", "LT", "citizen=BY", "2022"]["value"] == "415"
    assert values["asylum_applicants", "LT", "age=Y_LT14;sex=F", "2022"]["value"] == "85"
    assert values["asylum_applicants", "EU27_2020", "", "2022"]["value"] == "955940"
    assert values["first_time_applicants", "LT", "", "2008"]["value"] == ""
    assert values["first_time_applicants", "LT", "", "2008"]["flags"] == "x"


def test_named_citizenships_and_all_other_make_up_the_total(edition):
    project, _ = edition
    named = {
        row["breakdown"]: float(row["value"])
        for row in rows_of(project)
        if (row["indicator"], row["geo"], row["time"]) == ("asylum_applicants", "LT", "2022")
        and re.fullmatch(r"citizen=\w+", row["breakdown"])
    }
    others = named.pop("citizen=OTHER")
    ten_largest = sorted(named.values())[-10:]
    assert len(ten_largest) == 10 and sum(ten_largest) + others == 1025


def texts_of(path):
    """The text of a file, of the files that are inside it as base64, and of the parts of a spreadsheet."""
    content = path.read_bytes() if hasattr(path, "read_bytes") else path
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return [text for name in parts.namelist() for text in (name, *texts_of(parts.read(name)))]
    if content[:4] == b"\x89PNG":
        # So may packed points; what is text in a picture is its metadata.
        with Image.open(io.BytesIO(content)) as picture:
            return [str(picture.info)]
    if content[:4] == b"PAR1":
        # Packed numbers may spell anything; what is text in such a file is its metadata and its columns of codes.
        file = pyarrow.parquet.ParquetFile(io.BytesIO(content))
        return [
            str(file.metadata.metadata),
            file.metadata.created_by,
            *map(str, file.read().to_pandas().head(100).values),
        ]
    text = (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode("utf-8", errors="replace")
    inside = re.findall(r"base64,([A-Za-z0-9+/=]+)", text)
    return [re.sub(r"base64,[A-Za-z0-9+/=]+", "", text), *(t for part in inside for t in texts_of(b64decode(part)))]


def test_no_file_tells_anything_of_the_machine(edition):
    project, _ = edition
    names = [str(project.root), str(ROOT), str(Path.home()), os.uname().nodename, getpass.getuser()]
    # The name of the superuser is a word like others.
    told = [re.escape(name) for name in names if name not in ("root", "/root", "/", "")]
    machine = re.compile(rf"(?<!\w)({'|'.join(told)})(?!\w)")
    for path in published(project):
        for text in texts_of(path):
            assert not machine.search(text), (path, machine.search(text))
    notebook = nbformat.read(project.outputs / "2022" / "LT" / f"{STUDY}.ipynb", as_version=4)
    assert "papermill" not in notebook.metadata
    assert [cell.id for cell in notebook.cells][1] == "injected-parameters"


def test_both_languages_show_the_same_numbers(edition):
    project, _ = edition
    pages = [
        html.parse(project.outputs / "2022" / "LT" / f"{STUDY}.{language}.html").getroot() for language in ("en", "lt")
    ]
    english, lithuanian = (sorted(shown.key for shown in shown_numbers(page)) for page in pages)
    assert english == lithuanian and len(english) > 500
    assert pages[0].findtext(".//h1") != pages[1].findtext(".//h1")


def test_the_executed_notebook_has_each_block_described_and_displayed(edition):
    """JupyterLab displays it in English, and everything else is made from the descriptions."""
    project, outcome = edition
    (files,) = outcome.rendered
    recorded = read_recorded(files)
    own = {
        (cell.id, number): output.data
        for cell in recorded.notebook.cells
        for number, output in enumerate(cell.get("outputs", []))
    }
    assert recorded.shown.keys() == own.keys() and len(own) > 20
    english = Wording("en", read_indicators(project))
    for place, data in own.items():
        assert data["text/html"] == styled(recorded.shown[place].html(english)), place
        assert set(data) - {RECORD_TYPE} == {BLOCK_TYPE, "text/html", "text/plain"}
        assert data[BLOCK_TYPE] == json.loads(json.dumps(described(block_of(data[BLOCK_TYPE])))), place


def test_a_page_made_from_the_record_that_was_kept_has_the_same_bytes(edition):
    project, outcome = edition
    (files,) = outcome.rendered
    recorded = read_recorded(files)
    indicators = read_indicators(project)
    for language in ("lt", "en"):
        note = edition_note(project, files.run, language)
        page = page_of(project, files.run, recorded, Wording(language, indicators), note)
        path, method, workbook, picture = files.page(language)
        assert with_status(page.html.page, language, SEALED) == path.read_bytes(), language
        assert with_status(page.html.method, language, SEALED) == method.read_bytes(), language
        assert page.workbook == workbook.read_bytes() and page.untranslated is None
        assert page.picture == picture.read_bytes()
    assert results_csv(recorded.record.results) == files.results.read_text(encoding="utf-8")


def test_another_place_time_zone_locale_and_process_give_the_same_bytes(edition, tmp_path):
    project, _ = edition
    other = copy_project(tmp_path / "elsewhere" / "deeper")
    environment = os.environ | {
        "TZ": "Pacific/Auckland", "LANG": "de_DE.UTF-8", "LC_ALL": "C", "PYTHONHASHSEED": "12345", "HOME": str(tmp_path),
    }  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "workbench", "edition", "2022"], cwd=other.notebooks, env=environment, check=True,
        capture_output=True,
    )  # fmt: skip
    for path in published(project):
        again = other.outputs / path.relative_to(project.outputs)
        assert file_digest(again) == file_digest(path), path.name


CORRECTIONS = """
corrections:
  - date: 2027-01-08
    text: {en: The <b>rate</b> was of all decisions., lt: "Rodiklis buvo visų sprendimų."}
"""


def test_rendering_again_seals_nothing_new_and_a_correction_a_second_revision(edition, tmp_path):
    _, outcome = edition
    project = copy_project(tmp_path / "project")
    project.archives.mkdir()
    before = outcome.sealed.path.read_bytes()
    (project.archives / "2022-r1.zip").write_bytes(before)
    assert not make_edition(project, read_edition(project, 2022)).sealed.is_new
    for moment in (0, 4e9):  # as if the clock had jumped
        for path in project.root.rglob("*"):
            os.utime(path, (moment, moment))
        assert make_edition(project, read_edition(project, 2022)).made == 0
    declared = project.params / "editions" / "2022.yaml"
    declared.write_text(declared.read_text().replace("languages: [en, lt]", "languages: [lt]") + CORRECTIONS)
    again = make_edition(project, read_edition(project, 2022))
    assert (again.made, again.executed, again.sealed.is_new) == (1, 0, True), "from the record"
    assert again.sealed.path.name == "2022-r2.zip" and again.sealed.replaces.name == "2022-r1"
    assert again.sealed.replaces.reason == "2027-01-08: Rodiklis buvo visų sprendimų."
    assert (project.archives / "2022-r1.zip").read_bytes() == before
    said = "Pataisyta 2027 m. sausio 8 d. : Rodiklis buvo visų sprendimų."
    for page in (f"2022/LT/{STUDY}.lt.html", f"2022/LT/{STUDY}.method.lt.html", "index.lt.html"):
        (note,) = html.parse(project.outputs / page).findall(".//p[@class='correction']")
        assert " ".join(" ".join(note.itertext()).split()) == said, page
    assert b"2027-01-08" in (project.outputs / "sitemap.xml").read_bytes()
    feed = (project.outputs / "feed.lt.xml").read_text(encoding="utf-8")
    assert "<updated>2027-01-08T00:00:00Z" in feed and "Rodiklis buvo visų sprendimų." in feed
    (study,) = [
        one
        for one in json.loads((project.outputs / "catalog.jsonld").read_text(encoding="utf-8"))["@graph"]
        if one.get("dct:identifier", "").startswith(STUDY)
    ]
    assert study["dct:modified"] == "2027-01-08" and "Rodiklis" in study["adms:versionNotes"]["lt"]


@pytest.mark.parametrize(
    ("correction", "complaint"),
    [
        ("{date: 2027-01-08, text: {en: Why.}}", "in lt, too"),
        ("{date: 2027-01-08, studies: [visas], text: {en: Why., lt: Kodėl.}}", "not visas"),
        ("{date: 2001-01-08, text: {en: Why., lt: Kodėl.}}", "when it was released"),
    ],
)
def test_a_correction_that_cannot_be_told_is_refused(project, correction, complaint):
    declared = project.params / "editions" / "2022.yaml"
    declared.write_text(declared.read_text() + f"corrections: [{correction}]\n")
    with pytest.raises(InvalidDeclaration, match=complaint):
        read_edition(project, 2022)


def test_the_archive_holds_all_that_made_the_edition(edition):
    _, outcome = edition
    verified = verify(outcome.sealed.path)
    with zipfile.ZipFile(outcome.sealed.path) as archive:
        names = {name.partition("/data/")[2] for name in archive.namelist() if "/data/" in name}
        crate = json.loads(archive.read("2022-r1/data/ro-crate-metadata.json"))
        code = json.loads(archive.read("2022-r1/data/code/version.json"))
        snapshot = archive.read("2022-r1/data/snapshots/estat/migr_asyappctza/2024-01-18.parquet")
    assert {
        f"notebooks/{STUDY}.ipynb", f"params/studies/{STUDY}.yaml", "params/editions/2022.yaml", "params/indicators.yaml",
        f"studies/LT/{STUDY}.en.html", f"studies/LT/{STUDY}.lt.xlsx", f"studies/LT/{STUDY}.ipynb",
        f"studies/LT/{STUDY}.results.csv", f"studies/LT/{STUDY}.method.lt.html",
        "snapshots/estat/migr_asyappctza/2024-01-18.yaml", "snapshots/estat/demo_gind/2025-03-27.parquet",
        "requirements.lock", "code/version.json",
    } <= names  # fmt: skip
    assert "snapshots/estat/migr_asyappctza/2025-03-31.parquet" not in names, "only what was read is archived"
    assert verified.runs == 1 and len(code["sha256"]) == 64 and code["version"]
    actions = {entity["@id"] for entity in crate["@graph"] if entity["@type"] == "CreateAction"}
    assert actions == {"#edition-2022", f"#run-{STUDY}-LT-2022"}
    source = ROOT / "workbench/data/starter/estat/migr_asyappctza/2024-01-18.parquet"
    assert snapshot == source.read_bytes()


def test_when_a_run_was_made_is_kept_beside_the_archive_under_the_name_that_its_crate_has(edition):
    project, outcome = edition
    told = json.loads((project.journal / "archives" / "2022-r1.times.jsonld").read_text(encoding="utf-8"))
    archive, run = told["@graph"]
    assert archive == {"@id": "2022-r1.zip", "@type": "File", "sha256": file_digest(outcome.sealed.path)}
    with zipfile.ZipFile(outcome.sealed.path) as zipped:
        crate = json.loads(zipped.read("2022-r1/data/ro-crate-metadata.json"))
    named = {f"2022-r1.zip{entity['@id']}" for entity in crate["@graph"] if entity["@type"] == "CreateAction"}
    assert run["@id"] in named and run["@type"] == "CreateAction" and run["startTime"] < run["endTime"]


def test_the_command_line_verifies_and_names_what_is_wrong(edition, tmp_path):
    _, outcome = edition
    intact = CliRunner().invoke(main, ["verify", str(outcome.sealed.path)])
    assert intact.exit_code == 0 and "is intact" in intact.output
    broken = tmp_path / "2022-r1.zip"
    members = members_of(outcome.sealed.path)
    results = f"2022-r1/data/studies/LT/{STUDY}.results.csv"
    zip_again(broken, {**members, results: members[results].replace(b"1025", b"1026")})
    refused = CliRunner().invoke(main, ["verify", str(broken)])
    assert refused.exit_code == 1 and f"{STUDY}.results.csv" in refused.stderr


def test_plain_papermill_runs_the_notebook_as_it_is(edition, tmp_path):
    project, _ = edition
    executed = tmp_path / "executed.ipynb"
    command = [sys.executable, "-m", "papermill", str(project.notebook(STUDY)), str(executed), "-p", "country", "LV"]
    subprocess.run([*command, "-p", "year", "2021"], cwd=project.root, check=True, capture_output=True)
    outputs = [output for cell in nbformat.read(executed, 4).cells for output in cell.get("outputs", [])]
    assert all("text/html" in output.data for output in outputs if BLOCK_TYPE in output.get("data", {}))
    record = record_of([{"outputs": outputs}])
    assert (record.country, record.year) == ("LV", 2021)


@pytest.fixture
def with_a_broken_study(project):
    """The project with the quick study and a second one, whose notebook can be broken."""
    source = nbformat.read(project.notebook(QUICK), as_version=4)
    sidecar = yaml.safe_load(project.sidecar(QUICK).read_text())
    sidecar["title"] = "A made-up study that fails"
    project.sidecar("made_up").write_text(yaml.safe_dump(sidecar))
    declare(project, "made_up", QUICK, languages=["en"])

    def break_it(code: str):
        cells = [cell for cell in source.cells if cell.id in {"parameters", "open"}]
        cells.append(nbformat.v4.new_code_cell(code, id="broken-cell"))
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=source.metadata), project.notebook("made_up"))
        return project

    return break_it


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "was ended by SIGKILL"),
        ("'no record'", "left no record"),
    ],
)
def test_a_failed_run_leaves_nothing_the_rest_goes_on_and_the_command_fails(
    with_a_broken_study, monkeypatch, code, found
):
    project = with_a_broken_study(code)
    monkeypatch.chdir(project.root)
    outcome = CliRunner().invoke(main, ["edition", "2022"])
    assert outcome.exit_code == 1 and found in outcome.stderr and "made_up" in outcome.stderr
    if "record" not in found:
        assert "made_up.ipynb, cell broken-cell" in outcome.stderr
    files = {path.name for path in project.outputs.glob("2022/**/*") if path.is_file()}
    made = ("en.html", "method.en.html", "ipynb", "en.xlsx", "en.png", "results.csv")
    assert files == {f"{QUICK}.{end}" for end in made}
    assert "not sealed" in outcome.stderr and not project.archives.exists()


@pytest.mark.parametrize("language", ["en", "lt"])
def test_the_site_lists_what_there_is(edition, language):
    project, _ = edition
    page = (project.outputs / index_name(language)).read_text(encoding="utf-8")
    links = {
        link for link in re.findall(r'href="([^"#]+)', page) if not link.startswith(("data:", "mailto:", "https:"))
    }
    assert links >= {
        f"2022/LT/{STUDY}.en.html", f"2022/LT/{STUDY}.lt.html", f"2022/LT/{STUDY}.results.csv", "archive/2022-r1.zip",
        f"2022/LT/{STUDY}.{language}.xlsx", f"countries/LT.{language}.html", f"indicators/population.{language}.html",
        "catalog.jsonld",
    }  # fmt: skip
    assert all((project.outputs / link).is_file() for link in links)
