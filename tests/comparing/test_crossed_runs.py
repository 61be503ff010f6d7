"""A quick study, sealed, and made again on other data by another method: what differs is taken apart by runs that cross them."""

import csv
import json
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from browser import Visit, barriers
from conftest import copy_project
from sealed_again import below_top, forge
from workbench.cli import main
from workbench.declarations.editions import read_edition
from workbench.editions.make import RunOptions, make_edition
from workbench.model.paths import Project

pytestmark = pytest.mark.slow

STUDY, RATE = "temporary_protection", "temporary_protection_per_1000"
OLD_DENOMINATOR = ("    denominator: population\n", "    denominator: population_by_citizenship\n")
CORRECTED = "The population is that on 1 January."
VINTAGES = ("2026-09-15", "2025-06-09")


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """Its archive is of the old data and the old method, and what was made after it is of the new ones, and not sealed."""
    project = copy_project(tmp_path_factory.mktemp("compared") / "project")
    edition, indicators = project.params / "editions" / "2022.yaml", project.params / "indicators.yaml"
    said, now = yaml.safe_load(edition.read_text(encoding="utf-8")), indicators.read_text(encoding="utf-8")
    begin = now.index(f"  {RATE}:")
    indicators.write_text(now[:begin] + now[begin:].replace(*OLD_DENOMINATOR, 1), encoding="utf-8")
    for vintage, options in zip(VINTAGES, (RunOptions(workers=1), RunOptions(workers=1, shard=(1, 1)))):
        corrections = [{"date": "2026-12-01", "text": {"en": CORRECTED}}] if vintage == VINTAGES[1] else []
        said |= {
            "corrections": corrections,
            "studies": [STUDY],
            "languages": ["en"],
            "vintages": said["vintages"] | {"migr_pop1ctz": vintage},
        }
        edition.write_text(yaml.safe_dump(said), encoding="utf-8")
        outcome = make_edition(project, read_edition(project, 2022), options)
        assert not outcome.failures, outcome.failures
        indicators.write_text(now, encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def archive(project) -> Path:
    return project.archives / "2022-r1.zip"


def compared(project: Project, *words: str) -> tuple[int, dict]:
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(project.root)
        done = CliRunner().invoke(main, ["compare", *words, "--json"])
    assert done.exit_code in (0, 1, 2), done.output
    return done.exit_code, json.loads(done.stdout)


@pytest.fixture(scope="module")
def crossed(project) -> tuple[dict, Path]:
    """The newest archive beside the working tree, as it is told, and the folder of the report."""
    code, told = compared(project, "2022", ".")
    assert code == 1
    return told, Path(told["report"])


def test_what_differs_is_taken_apart_by_crossed_runs(crossed):
    """Cyprus: 2025-06-09 has the population that the other dataset has, so that either change alone makes the whole difference."""
    told, _ = crossed
    (study,) = told["studies"]
    assert told["crossed_runs"] == 2 and not study["not_run"] and not told["replaces"]
    assert told["corrections"] == [{"date": "2026-12-01", "text": {"en": CORRECTED}}]
    assert study["changed_method"] == ["params/indicators.yaml"]
    assert study["changed_data"] == [f"migr_pop1ctz: {VINTAGES[0]} → {VINTAGES[1]}"]
    (cyprus,) = [one for one in study["numbers"] if (one["after"]["indicator"], one["after"]["geo"]) == (RATE, "CY")]
    half = (cyprus["after"]["value"] - cyprus["before"]["value"]) / 2
    assert half > 0.1 and cyprus["parts"] == {"data": pytest.approx(half), "method": pytest.approx(half), "period": 0}
    assert cyprus["causes"] == ["data", "method"] and len(cyprus["orders"]) == 2
    assert any(one["causes"] == ["method"] for one in study["numbers"])
    for one in study["numbers"]:
        if one["parts"]:
            assert sum(one["parts"].values()) == pytest.approx(one["difference"])


def test_the_report_has_all_that_differs(crossed):
    told, folder = crossed
    assert sorted(path.name for path in folder.iterdir()) == [
        "index.html", "index.lt.html", "inputs.csv", "numbers.csv", "texts.csv",
    ]  # fmt: skip
    assert not list(folder.parent.glob(".*")), "nothing is left beside it"
    with (folder / "numbers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(told["studies"][0]["numbers"]) > 0
    inputs = {(one["kind"], one["name"], one["state"]) for one in told["inputs"]}
    assert ("declaration", "params/indicators.yaml", "changed") in inputs
    assert ("snapshot", f"migr_pop1ctz {VINTAGES[0]}", "removed") in inputs
    said = (folder / "index.html").read_text(encoding="utf-8")
    assert CORRECTED in said and "<del>−     denominator: population_by_citizenship</del>" in said


def test_an_archive_beside_itself_differs_in_nothing(project, archive):
    code, told = compared(project, str(archive), str(archive))
    assert (code, told["is_same"], told["inputs"], told["crossed_runs"]) == (0, True, [], 0)
    assert not any(one["numbers"] or any(one["texts"].values()) for one in told["studies"])


def test_what_was_forged_or_torn_is_refused_and_nothing_is_written(project, archive, tmp_path):
    """One who alters a number, and with it all digests, is found by the files that still have the other."""
    results = f"studies/LT/{STUDY}.results.csv"
    forged, torn = tmp_path / "2022-r1.zip", tmp_path / "torn.zip"
    shutil.copy(archive, forged)
    forge(forged, {results: below_top(archive)[f"data/{results}"].replace(b",65110,", b",65111,")})
    torn.write_bytes(archive.read_bytes()[:-30])
    for hostile in (forged, torn):
        code, told = compared(project, str(archive), str(hostile), "-o", str(tmp_path / "report"))
        assert (code, told["accepted"], told["error"]["kind"]) == (2, False, "DamagedArchive")
    shutil.copy(archive, forged)
    forge(forged, {f"params/studies/{STUDY}.yaml": b"- no sidecar\n"})
    code, told = compared(project, str(forged), str(archive), "-o", str(tmp_path / "report"))
    assert code == 2 and f"{STUDY}.yaml cannot be read" in told["error"]["what"]
    assert not (tmp_path / "report").exists()


def test_what_is_not_up_to_date_is_not_compared(project, archive):
    notebook = project.notebook(STUDY)
    said = notebook.read_text(encoding="utf-8")
    notebook.write_text(said.replace('"source": "', '"source": " ', 1) + " ", encoding="utf-8")
    try:
        code, told = compared(project, str(archive), ".")
    finally:
        notebook.write_text(said, encoding="utf-8")
    assert code == 2 and "up to date" in told["error"]["what"] and "workbench edition 2022" in told["error"]["hint"]


def test_a_report_replaces_a_report_and_nothing_else(project, archive, tmp_path):
    (tmp_path / "mine.txt").touch()
    code, told = compared(project, str(archive), str(archive), "-o", str(tmp_path))
    assert code == 2 and "something else" in told["error"]["what"] and (tmp_path / "mine.txt").exists()


@pytest.mark.parametrize("language", ["en", "lt"])
def test_the_page_is_for_everybody(browser, crossed, language):
    """Without script; what is told of both pages is told in the language of the one that there is."""
    visit = Visit(
        browser,
        crossed[1] / ("index.html" if language == "en" else f"index.{language}.html"),
        java_script_enabled=False,
    )
    assert len(visit.requests) == 1 and not visit.complaints
    assert visit.page.locator("html").get_attribute("lang") == language
    assert visit.page.locator("ul[lang=en] ins").count()
    visit.page.set_viewport_size({"width": 320, "height": 800})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_has_no_barriers_on_a_desk_and_on_a_phone_in_the_dark(browser, crossed):
    page = Visit(browser, crossed[1] / "index.html").page
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert not barriers(page)
    page.set_viewport_size({"width": 320, "height": 800})
    page.emulate_media(color_scheme="dark")
    assert not barriers(page, "dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
