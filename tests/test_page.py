"""The pages in headless Chromium: they load nothing, run nothing, fit a phone, and can be walked through."""

import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from workbench.model.words import RESULT_COLUMNS

STUDY = "asylum_applications"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def launch(playwright):
    """Start the system's Chromium; without one the test is skipped, which CI does not allow."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have Chromium: .ci/run installs it")
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


class Visit:
    """A page that was opened, with all that it asked for and complained of."""

    def __init__(self, browser, path, width=1280, **settings):
        self.requests, self.complaints = [], []
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        self.page = context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(path.as_uri())


@pytest.fixture(params=["en", "lt"])
def study_path(request, edition):
    project, _ = edition
    return project.outputs / "2022" / "LT" / f"{STUDY}.{request.param}.html"


def test_a_study_asks_for_nothing_but_itself_and_runs_nothing(browser, study_path):
    visit = Visit(browser, study_path)
    assert visit.requests == [study_path.as_uri()] and visit.complaints == []
    assert visit.page.locator("script").count() == 0
    assert visit.page.locator("link, iframe, object, embed").count() == 0


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_width_scrolls_sideways(browser, study_path, width):
    page = Visit(browser, study_path, width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_has_the_parts_of_a_study(browser, study_path):
    page = Visit(browser, study_path).page
    assert page.locator("html").get_attribute("lang") == study_path.name.split(".")[1]
    assert page.locator("h1").count() == 1
    assert page.locator("figure.chart").count() == page.locator("figure.chart svg[role=img]").count() == 6
    assert page.locator(".table caption").count() == 6
    figures = page.locator("figcaption .label").all_inner_texts()
    assert [text.strip(" .Figurepav") for text in figures] == list("123456")
    assert all(len(svg.get_attribute("aria-label")) > 40 for svg in page.locator("svg[role=img]").all())
    assert page.locator(".source").count() == 12
    assert page.locator("th:not([scope])").count() == 0
    assert page.locator("details.code").count() > 15 and page.locator("details.code[open]").count() == 0


def test_a_finding_has_its_trend_out_of_the_way_of_screen_readers(browser, study_path):
    page = Visit(browser, study_path).page
    assert page.locator(".findings li").count() == 6
    trends = page.locator(".findings svg.trend")
    assert trends.count() == 5 and all(trend.get_attribute("aria-hidden") == "true" for trend in trends.all())
    # First-time applicants begin a year later than the axis: a missing value leaves a gap, never a zero.
    first_time = trends.nth(1).locator("polyline").get_attribute("points").split()
    assert len(first_time) == len(trends.nth(0).locator("polyline").get_attribute("points").split()) - 1


def test_contents_lead_to_their_sections(browser, study_path):
    page = Visit(browser, study_path).page
    links = page.locator("nav.contents a")
    assert links.count() == 10
    for link in links.all():
        target = page.locator(link.get_attribute("href"))
        assert target.locator("h2").inner_text() == link.inner_text()
    links.last.click()
    assert page.locator("table.provenance").is_visible()


def test_code_and_data_unfold_from_the_keyboard(browser, study_path):
    page = Visit(browser, study_path).page
    for details in ("details.code", "details.data"):
        summary = page.locator(f"{details} > summary").first
        summary.focus()
        page.keyboard.press("Enter")
        assert page.locator(details).first.get_attribute("open") is not None


def test_ids_are_unique(browser, study_path):
    page = Visit(browser, study_path).page
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_every_number_of_a_table_and_a_sentence_is_a_published_result(browser, study_path):
    page = Visit(browser, study_path).page
    results = (study_path.parent / f"{STUDY}.results.csv").read_text(encoding="utf-8").splitlines()
    keys = {"|".join(line.split(",")[:4]) for line in results[1:]}
    shown = set(page.evaluate("[...document.querySelectorAll('data')].map(e => e.dataset.result)"))
    assert shown and shown <= keys
    bare = page.evaluate(
        """[...document.querySelectorAll('td:not(.provenance td)')].filter(
            cell => /\\d/.test(cell.textContent) && !cell.querySelector('data')).length"""
    )
    assert bare == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, edition, scheme):
    project, _ = edition
    for path in sorted(project.outputs.rglob("*.html")):
        # The page's own policy would keep the checker's script out.
        page = Visit(browser, path, color_scheme=scheme, bypass_csp=True).page
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path.name}, {scheme}: {found.generate_report()}"


def test_the_data_of_a_figure_can_be_saved(browser, study_path, tmp_path):
    page = Visit(browser, study_path).page
    assert page.locator(".download a").count() == 12
    with page.expect_download() as saving:
        page.locator("#figure-citizenships .download a").click()
    assert saving.value.suggested_filename == "figure-citizenships.csv"
    rows = Path(saving.value.path()).read_text(encoding="utf-8").splitlines()
    assert rows[0] == ",".join(RESULT_COLUMNS) and len(rows) == 12
    assert set(rows) <= set((study_path.parent / f"{STUDY}.results.csv").read_text(encoding="utf-8").splitlines())


def test_a_study_leads_to_its_other_language(browser, study_path):
    page = Visit(browser, study_path).page
    before = page.locator("html").get_attribute("lang")
    page.locator(".languages-of-study a").click()
    assert page.locator("html").get_attribute("lang") == {"en": "lt", "lt": "en"}[before]


def test_the_catalogue_leads_to_both_languages(browser, edition):
    project, _ = edition
    visit = Visit(browser, project.outputs / "index.html")
    assert len(visit.requests) == 1 and visit.complaints == []
    visit.page.get_by_role("link", name="Prieglobsčio prašymai, Lietuva").click()
    assert visit.page.locator("h1").inner_text().startswith("Prieglobsčio prašymai")
