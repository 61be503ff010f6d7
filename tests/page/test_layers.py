"""How long and how heavy a study may be, so that its page is read and sent on: the longest of them are measured."""

import io
import shutil

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from browser import STOPS, Visit
from conftest import copy_project
from workbench.cli import main

STUDY = "asylum_applications"
LONGEST = ("annual_overview", STUDY, "data_quality", "outlook")


@pytest.fixture(scope="module")
def folder(edition, tmp_path_factory):
    """The pages of the longest studies in English; one of them is of the edition that all tests share."""
    project = copy_project(tmp_path_factory.mktemp("longest") / "project")
    made = project.outputs / "2022" / "LT"
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(project.root)
        for study in set(LONGEST) - {STUDY}:
            ran = CliRunner().invoke(main, ["run", study, "--country", "LT", "--year", "2022", "--language", "en"])
            assert ran.exit_code == 0, ran.output
    for path in (edition[0].outputs / "2022" / "LT").glob(f"{STUDY}.*"):
        shutil.copy(path, made)
    return made


@pytest.fixture(params=LONGEST)
def visit(request, browser, folder):
    path = folder / f"{request.param}.en.html"
    visit = Visit(browser, path)
    visit.study, visit.path = request.param, path
    return visit


def test_the_first_finding_is_seen_at_once_and_the_whole_is_soon_read(visit):
    page = visit.page
    finding = page.locator(".findings > li").first.bounding_box()
    assert finding["y"] + finding["height"] <= 900
    assert page.evaluate("document.documentElement.scrollHeight") <= 9000
    assert page.evaluate(STOPS) <= 60


def boxes(section):
    return section.locator("figcaption").bounding_box(), section.locator(".drawing").bounding_box()


def test_a_figure_alone_in_its_section_leaves_no_half_of_it_empty(visit):
    alone = visit.page.locator("section.single").all()
    assert alone or visit.study != STUDY
    for section in alone:
        said, drawn = boxes(section)
        assert said["x"] + said["width"] <= drawn["x"] and abs(said["y"] - drawn["y"]) < 60
        below = section.locator(".chart ~ p").all_inner_texts()
        assert sum(map(len, below)) <= 300, "more to read fills a column"
    visit.page.set_viewport_size({"width": 390, "height": 900})
    for said, drawn in map(boxes, alone):
        assert said["y"] + said["height"] <= drawn["y"]


def test_it_is_light_enough_to_be_sent_on(visit):
    assert visit.path.stat().st_size <= 400_000


@pytest.mark.parametrize(("width", "zoom"), [(320, 1), (390, 1), (1280, 2)])
def test_no_width_and_no_zoom_scrolls_sideways(visit, width, zoom):
    page = visit.page
    page.set_viewport_size({"width": width // zoom, "height": 900 // zoom})
    assert page.evaluate("document.documentElement.scrollWidth") <= width // zoom


def test_it_is_printed_on_few_pages_and_whole(visit):
    page = visit.page
    page.set_viewport_size({"width": 794, "height": 1123})
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    printed = "".join(sheet.extract_text() for sheet in pdf.pages)
    assert len(pdf.pages) <= 8
    labels = page.locator(":is(figcaption, caption) .label:visible").all_inner_texts()
    assert labels and all(label in printed for label in labels)
