"""The figures of a study in headless Chromium: read by pointer, finger and keys, as chart, table and map, saved, shared, printed."""

import csv
import io
import re
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from browser import Visit

STUDY = "asylum_applications"
LINES = "#figure-applicants-by-year"
LETTERS = """() => [...document.querySelectorAll(".drawing svg")].filter(svg => svg.getClientRects().length).flatMap(svg =>
    [...svg.querySelectorAll("text")].map(text =>
        parseFloat(getComputedStyle(text).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))"""


@pytest.fixture
def study_path(edition):
    project, _ = edition
    return project.outputs / "2022" / "LT" / f"{STUDY}.en.html"


def saved(page, figure, what):
    figure.locator(".share > summary").click()
    with page.expect_download() as saving:
        figure.locator(f"[data-share={what}]").click()
    return saving.value.suggested_filename, saving.value.path().read_bytes()


@pytest.mark.parametrize("width", [320, 620, 1280])
def test_no_letter_is_below_twelve_pixels(browser, study_path, width):
    page = Visit(browser, study_path, width).page
    for tab in page.get_by_role("tab", name="Map").all():
        tab.click()
    sizes = page.evaluate(LETTERS)
    assert len(sizes) > 50 and min(sizes) >= 12
    # Of each chart one drawing is seen, and on a phone the narrow one.
    assert page.locator(f"{LINES} svg:visible").count() == 1
    expect(page.locator(f"{LINES} svg.narrow")).to_be_visible(visible=page.locator(LINES).bounding_box()["width"] < 473)


def test_tabs_are_walked_by_arrow_keys_and_stand_in_the_address(browser, study_path):
    page = Visit(browser, study_path).page
    figure = page.locator(LINES)
    figure.get_by_role("tab", name="Chart").focus()
    page.keyboard.press("ArrowRight")
    expect(figure.get_by_role("tab", name="Table")).to_be_focused()
    assert page.url.endswith(f"{LINES}:table")
    expect(figure.get_by_role("tabpanel")).to_have_count(1)
    expect(figure.locator("table")).to_be_visible()
    again = Visit(browser, study_path).page
    again.goto(f"{study_path.as_uri()}{LINES}:table")
    expect(again.locator(f"{LINES} table")).to_be_in_viewport()


def test_events_are_named_below_the_chart_and_their_sources_linked_beside_the_table(browser, study_path):
    figure = Visit(browser, study_path).page.locator(LINES)
    told, sources = figure.locator(".events > li"), figure.locator(".of-events a")
    expect(told.filter(has_text="Route through Belarus (June 2021)")).to_be_visible()
    numbers = [one for one in figure.locator("svg:visible text").all_text_contents() if one in ("1", "2", "3")]
    assert len(numbers) == told.count() == sources.count()
    # No tab stop is spent on them before they are looked for.
    expect(sources.first).to_be_hidden()
    figure.get_by_role("tab", name="Table").click()
    expect(sources.first).to_be_visible()
    expect(told.first).to_be_hidden()


def test_keys_read_the_values_in_their_order_and_say_them_once(browser, study_path):
    page = Visit(browser, study_path).page
    reader, readout = page.locator(f"{LINES} .reader"), page.locator(f"{LINES} .readout")
    reader.focus()
    page.keyboard.press("Home")
    first = reader.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowRight")
    assert first.startswith(("2008", "2009")) and int(reader.get_attribute("aria-valuetext")[:4]) == int(first[:4]) + 1
    assert readout.get_attribute("aria-live") == "off" and readout.inner_text().replace(
        "\n", " "
    ) == reader.get_attribute("aria-valuetext")
    page.keyboard.press("Escape")
    expect(readout).to_be_empty()


@pytest.mark.parametrize("width", [390, 1280])
def test_pointer_and_finger_read_the_nearest_value(browser, study_path, width):
    page = Visit(browser, study_path, width, has_touch=width == 390).page
    drawing = page.locator(f"{LINES} .drawing")
    drawing.scroll_into_view_if_needed()
    x, y = page.evaluate(
        """drawing => {
            const svg = [...drawing.querySelectorAll("svg")].find(one => one.getClientRects().length);
            const [x, y] = svg.dataset.marks.split(";")[4].split(",").map(Number), box = svg.getBoundingClientRect();
            return [box.left + x / svg.viewBox.baseVal.width * box.width, box.top + y / svg.viewBox.baseVal.height * box.height];
        }""",
        drawing.element_handle(),
    )
    (page.touchscreen.tap if width == 390 else page.mouse.move)(x, y)
    readout = page.locator(f"{LINES} .readout")
    expect(readout).to_contain_text("persons")
    assert readout.get_attribute("aria-live") == "polite"
    ring = page.locator(f"{LINES} .ring").bounding_box()
    assert abs(ring["x"] + ring["width"] / 2 - x) < 2 and abs(ring["y"] + ring["height"] / 2 - y) < 2


def test_a_country_can_be_looked_for(browser, study_path):
    page = Visit(browser, study_path).page
    figure = page.locator("figure:has(select)").first
    figure.locator("select").select_option(label="Poland")
    expect(figure.locator(".readout:visible strong")).to_have_text("Poland")
    expect(figure.locator(".ring.picked")).to_have_count(1)


def test_a_figure_is_saved_as_data_drawing_and_picture(browser, study_path):
    page = Visit(browser, study_path).page
    figure = page.locator("#figure-citizenships")
    name, data = saved(page, figure, "csv")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert name == f"2022-LT-{STUDY}-figure-citizenships.csv"
    assert ["Belarus", "415"] in [row[:2] for row in rows] and len({len(row) for row in rows}) == 1
    name, drawing = saved(page, figure, "svg")
    root = ElementTree.fromstring(drawing)
    assert name.endswith(".svg") and b"var(" not in drawing and b"#0a5a8c" in drawing
    assert any("Eurostat" in (text.text or "") for text in root.iter("{http://www.w3.org/2000/svg}text"))
    name, picture = saved(page, figure, "png")
    assert name.endswith(".png") and picture.startswith(b"\x89PNG") and len(picture) > 20_000


def test_a_link_and_code_to_embed_are_copied(browser, study_path):
    page = Visit(browser, study_path, permissions=["clipboard-read", "clipboard-write"]).page
    figure = page.locator(LINES)
    for what, expected in (("link", f"{study_path.as_uri()}{LINES}"), ("embed", f"?embed={LINES[1:]}")):
        figure.locator(".share > summary").click()
        figure.locator(f"[data-share={what}]").click()
        expect(figure.get_by_role("status").first).not_to_be_empty()
        assert expected in page.evaluate("navigator.clipboard.readText()")


def test_an_embedded_figure_stands_alone_with_its_source_and_a_link(browser, study_path):
    visit = Visit(browser, study_path)
    visit.page.goto(f"{study_path.as_uri()}?embed={LINES[1:]}")
    assert visit.page.locator("figure").count() == 1 and visit.page.locator(".facts, nav").count() == 0
    expect(visit.page.locator(".source").first).to_contain_text("Eurostat")
    assert visit.page.locator("p.source a").last.get_attribute("href") == f"{study_path.as_uri()}{LINES}"
    assert visit.complaints == []


def test_without_script_chart_data_and_map_are_there(browser, study_path):
    page = Visit(browser, study_path, java_script_enabled=False).page
    figure = page.locator("figure:has(svg.europe)").first
    assert figure.locator("svg:visible").count() == figure.locator(".picture").count() >= 1
    expect(figure.locator("svg.europe")).to_be_visible()
    figure.locator("details.data > summary").click()
    expect(figure.locator("table")).to_be_visible()


def test_paper_has_the_drawing_alone(browser, study_path):
    page = Visit(browser, study_path, width=794).page
    page.locator(LINES).get_by_role("tab", name="Table").click()
    page.emulate_media(media="print")
    assert page.locator(f"{LINES} svg:visible").count() == 1
    assert page.locator(f"{LINES} table").is_hidden() and page.locator(f"{LINES} .tools").is_hidden()


def test_a_figure_is_few_stops_of_the_tab_key(browser, study_path):
    page = Visit(browser, study_path).page
    stops = page.evaluate(
        """figure => [...figure.querySelectorAll("a[href], button, summary, select, [tabindex]")].filter(one =>
            one.tabIndex >= 0 && one.checkVisibility() && !one.closest("figcaption")).map(one => one.className || one.tagName)""",
        page.locator(LINES).element_handle(),
    )
    assert stops == ["BUTTON", "SUMMARY", "reader"], stops


def test_a_page_holds_no_file_in_an_address(study_path):
    figures = re.findall(r'<figure class="chart".*?</figure>', study_path.read_text(encoding="utf-8"), re.DOTALL)
    assert figures and not any("data:" in figure for figure in figures)
