"""The preview in a browser: it is renewed where it stands."""

import re
import time

import pytest

from previewed import PATIENCE, Previewed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def preview(tmp_path_factory):
    with Previewed(
        tmp_path_factory.mktemp("preview") / "project", "temporary_protection", "--language", "lt"
    ) as started:
        yield started


@pytest.fixture
def visit(preview, browser):
    """A page of the preview, with what it complained of and when it was loaded."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(preview.address)
    page.wait_for_selector("#preview[data-state=updated]")
    page.evaluate("window.isStillHere = true")
    yield page
    # Where no preview runs, the browser says so.
    assert not [said for said in complaints if "ERR_" not in said] and page.evaluate("window.isStillHere"), (
        "it was renewed in place"
    )
    context.close()


def eventually(page, expression: str) -> None:
    """Wait until an expression holds; the policy of the page does not let it be evaluated in the page."""
    end = time.monotonic() + PATIENCE
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(20)


def top_of(page, selector: str) -> float:
    return page.locator(selector).bounding_box()["y"]


def test_it_is_in_the_language_and_says_when_it_was_updated(visit):
    assert visit.locator("html").get_attribute("lang") == "lt"
    assert visit.locator("#preview [role=status]").inner_text().startswith("Atnaujinta")


def test_the_reader_stays_where_they_are(preview, visit):
    visit.locator("#figure-member-states").evaluate("element => element.scrollIntoView({behavior: 'instant'})")
    details = visit.locator("details.data").nth(2)
    details.evaluate("element => { element.open = true; }")
    before = top_of(visit, "#figure-member-states")
    text = preview.source("months-heading")
    preview.save_cell("months-heading", text.splitlines()[0] + "\n\n" + "Many more words above the figure " * 40)
    eventually(visit, "document.body.textContent.includes('Many more words')")
    assert abs(top_of(visit, "#figure-member-states") - before) < 2
    assert visit.locator("details.data[open]").count() == 1
    preview.save_cell("months-heading", text)


def test_a_failing_cell_is_announced_and_goes_away(preview, visit):
    source = preview.source("rank-figure")
    preview.save_cell("rank-figure", "1 / 0", state="failed")
    alert = visit.get_by_role("alert")
    alert.wait_for()
    assert "ZeroDivisionError" in alert.inner_text() and "rank-figure" in alert.inner_text()
    visit.wait_for_selector("#preview[data-state=failed]")
    preview.save_cell("rank-figure", source)
    visit.wait_for_selector("#preview[data-state=updated]")
    visit.wait_for_selector("#figure-member-states")
    assert visit.get_by_role("alert").count() == 0


def test_a_style_is_seen_and_the_script_of_the_page_works_on(preview, visit):
    style = preview.package / "page" / "templates" / "base.css"
    preview.replace(style, "body { margin: 0;", "body { margin: 7px;")
    eventually(visit, "getComputedStyle(document.body).marginTop === '7px'")
    number = visit.locator("a.number").first
    number.focus()
    assert visit.locator("#about-number:visible").count() == 1
    preview.replace(style, "body { margin: 7px;", "body { margin: 0;")
    eventually(visit, "getComputedStyle(document.body).marginTop === '0px'")


def test_a_translation_is_seen_and_a_wrong_one_is_shown(preview, visit):
    catalogue = preview.package / "presentation" / "locale" / "lt" / "LC_MESSAGES" / "workbench.po"
    text = catalogue.read_text(encoding="utf-8")
    contents = f'msgid "Contents"\nmsgstr "{translation("Contents", text)}"'
    preview.save(catalogue, text.replace(contents, 'msgid "Contents"\nmsgstr "Kitaip"'))
    eventually(visit, "document.getElementById('contents-heading').textContent === 'Kitaip'")
    title = re.search('title=say\\(\\s*"([^"]+)"', preview.source("months-figure"))[1]
    right = translation(title, text)
    preview.save(catalogue, text.replace(right, right + " {nothing}"), state="failed")
    alert = visit.get_by_role("alert")
    alert.wait_for()
    assert "{nothing}" in alert.inner_text() and "months-figure" in alert.inner_text()
    preview.save(catalogue, text)
    visit.wait_for_selector("#preview[data-state=updated]")
    assert visit.get_by_role("alert").count() == 0


def translation(message: str, catalogue: str) -> str:
    return catalogue.split(f'msgid "{message}"\nmsgstr "')[1].split('"\n')[0]


def test_what_is_not_translated_is_noted(preview, visit):
    text = preview.source("months-heading")
    preview.save_cell("months-heading", text + "\n\nNew words.")
    visit.wait_for_selector(".preview-error[role=note]")
    assert "New words." in visit.locator(".preview-error").inner_text()
    preview.save_cell("months-heading", text)


def test_it_comes_back_when_the_preview_is_started_again(preview, visit):
    port = str(preview.port)
    preview.stop()
    visit.wait_for_selector("#preview[data-state=lost]")
    preview.start("--port", port)
    visit.wait_for_selector("#preview[data-state=updated]")
    visit.wait_for_selector("#figure-member-states")
