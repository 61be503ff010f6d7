"""The study in headless Chromium: it loads nothing, fits a phone, can be walked through, followed, saved and printed."""

import io
import zipfile
from pathlib import Path

import lxml.html
import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from browser import Visit, barriers
from workbench.declarations.indicators import read_indicators
from workbench.execution.recorded import read_recorded
from workbench.page.numbers import shown_numbers
from workbench.page.sections import lead_and_rest
from workbench.presentation.sentences import describe
from workbench.presentation.wording import Wording

STUDY = "asylum_applications"


@pytest.fixture(params=["en", "lt"])
def study_path(request, edition):
    project, _ = edition
    return project.outputs / "2022" / "LT" / f"{STUDY}.{request.param}.html"


@pytest.fixture
def method_path(study_path):
    """The page on its method and data, beside it."""
    return study_path.with_name(study_path.name.replace(".", ".method.", 1))


def test_a_study_asks_for_nothing_but_itself(browser, study_path):
    visit = Visit(browser, study_path)
    visit.page.mouse.wheel(0, 20_000)
    assert visit.requests == [study_path.as_uri()] and visit.complaints == []
    assert (
        visit.page.locator(
            "iframe, object, embed, script[src], img, link:not([href^='data:'], [rel=canonical], [rel=alternate])"
        ).count()
        == 0
    )


def test_the_policy_lets_in_this_style_and_script_alone(browser, study_path):
    visit = Visit(browser, study_path)
    policy = visit.page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert "unsafe" not in policy and "http" not in policy and "default-src 'none'" in policy
    assert visit.page.locator("[style]").count() == 0
    visit.page.evaluate("""() => {
        document.body.insertAdjacentHTML("beforeend", "<p id=tried style='color: rgb(1, 2, 3)'>x</p>");
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.body.append(script);
        new Image().src = "https://elsewhere.invalid/pixel.png";
    }""")
    assert visit.page.evaluate("window.ran") is None
    assert visit.page.evaluate("getComputedStyle(document.getElementById('tried')).color") != "rgb(1, 2, 3)"
    assert len(visit.complaints) == 3 and all("Content Security Policy" in text for text in visit.complaints)


def test_the_page_is_whole_without_script(browser, study_path):
    page = Visit(browser, study_path, java_script_enabled=False).page
    assert page.locator("h2").count() == 10 and page.locator("button:visible").count() == 0
    number = page.locator(".findings a.number").first
    assert len(number.get_attribute("title").split("\n")) >= 3
    number.click()
    page.wait_for_url("**.method.*#definition-*")
    assert page.locator("dt:target").is_visible()


def test_a_source_leads_to_its_metadata(browser, study_path, method_path):
    page = Visit(browser, method_path).page
    source = page.locator("ul.sources li", has_text="migr_asyappctza").first
    link = source.get_by_role("link", name="metaduomenys" if study_path.stem.endswith(".lt") else "metadata")
    assert link.get_attribute("href") == "https://ec.europa.eu/eurostat/cache/metadata/en/migr_asyapp_esms.htm"


def test_script_comes_last_so_that_it_delays_nothing(browser, study_path):
    page = Visit(browser, study_path).page
    assert page.evaluate("document.body.lastElementChild.tagName") == "SCRIPT"
    assert page.locator("head script").get_attribute("type") == "application/ld+json"


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_width_scrolls_sideways(browser, study_path, width):
    page = Visit(browser, study_path, width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_has_the_parts_of_a_study(browser, study_path):
    page = Visit(browser, study_path).page
    assert page.locator("html").get_attribute("lang") == study_path.name.split(".")[1]
    assert page.locator("h1").count() == 1
    # What is in no snapshot, as months of the year and unaccompanied minors, has no figure: none is empty.
    drawn, gaps = (
        page.locator("figure.chart .picture[role=img]").count(),
        page.locator("figure.chart .gap code").count(),
    )
    assert (page.locator("figure.chart").count(), drawn, gaps) == (10, 12, 0)
    assert (page.locator(".table caption").count(), page.locator(".table .gap code").count()) == (1, 0)
    figures = page.locator("figcaption .label").all_inner_texts()
    assert [text.strip(" .Figurepav") for text in figures] == [str(number) for number in range(1, 11)]
    assert all(len(svg.get_attribute("aria-label")) > 40 for svg in page.locator(".picture").all())
    assert page.locator(":is(.chart, .table) .source").count() == 10 + 1
    assert page.locator("th:not([scope])").count() == 0
    for part in (".status", ".facts time", ".facts .download a", ".kicker", "#notes li"):
        assert page.locator(part).count() >= 1, part
    # How it was made stands beside it.
    assert page.locator("details.code, #bibtex, .provenance, .definitions, .sources").count() == 0


def test_how_it_was_made_stands_on_a_page_of_its_own(browser, study_path, method_path):
    visit = Visit(browser, study_path)
    page = visit.page
    page.locator(".facts a").first.click()
    assert page.url == method_path.as_uri()
    for part in ("#bibtex", ".status", ".definitions dt", ".sources li", "table.provenance", "#comparability-heading"):
        assert page.locator(part).count() >= 1, part
    code = page.locator("details.code")
    assert code.count() == 1 and code.get_attribute("open") is None and code.locator(".cell-id").count() > 40
    code.locator("summary").focus()
    page.keyboard.press("Enter")
    assert page.locator(".cell-id", has_text="citizenship-figure").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    links = page.locator("nav.contents a")
    assert links.count() >= 5 and all(page.locator(link.get_attribute("href")).count() for link in links.all())
    page.locator("h1 a").click()
    assert page.url == study_path.as_uri() and visit.complaints == []


def test_no_command_and_no_code_of_a_dataset_is_in_what_is_read(browser, study_path):
    page = Visit(browser, study_path).page
    assert "workbench" not in page.locator("main").inner_text()
    read = page.locator("h1, h2, h3, figcaption, caption, .findings, section > p").all_inner_texts()
    assert len(read) > 30 and not [text for text in read if "migr_" in text or "demo_" in text]


@pytest.mark.parametrize(
    ("source", "lead", "rest"),
    [
        ("## Title", "## Title", ""),
        ("## Title\n\nShort. Whole.\n\nMore.", "## Title\n\nShort. Whole.", "More."),
        (f"Said. {'Long ' * 70}end.\n\n- item", "Said.", f"{'Long ' * 70}end.\n\n- item"),
        (f"In 2022 m. {'Long ' * 70}end. Then.", f"In 2022 m. {'Long ' * 70}end.", "Then."),
        (f"{'Long ' * 70}end.", f"{'Long ' * 70}end.", ""),
    ],
)
def test_of_a_text_the_first_sentences_stand(source, lead, rest):
    assert lead_and_rest(source) == (lead, rest)


def test_the_rest_of_a_text_unfolds(browser, study_path):
    page = Visit(browser, study_path).page
    how = page.locator(".prose > details.how")
    assert how.count() >= 1 and how.locator("p:visible").count() == 0
    how.first.locator("summary").click()
    assert how.first.locator("p").first.is_visible()


def test_prose_has_a_measure_of_about_seventy_characters(browser, study_path):
    page = Visit(browser, study_path).page
    lines = page.evaluate(
        """[...document.querySelectorAll(".prose > p")].flatMap(paragraph => {
            const range = document.createRange(), text = paragraph.firstChild, found = [];
            let line = null;
            for (let at = 0; at < text.length; at++) {
                range.setStart(text, at);
                range.setEnd(text, at + 1);
                const top = range.getBoundingClientRect().top;
                if (line === null || Math.abs(top - line.top) > 4) found.push(line = {top, length: 0});
                line.length++;
            }
            return found.slice(0, -1).map(line => line.length);
        })"""
    )
    assert 62 <= sum(lines) / len(lines) <= 78


def test_a_finding_has_its_trend_out_of_the_way_of_screen_readers(browser, study_path):
    page = Visit(browser, study_path).page
    assert page.locator(".findings > li").count() == 6
    trends = page.locator(".findings svg.trend")
    assert trends.count() == 6 and all(trend.get_attribute("aria-hidden") == "true" for trend in trends.all())
    assert trends.first.locator("text").all_text_contents() == ["2008", "2022"]
    # First-time applicants begin a year later: a missing value is no zero, and the line begins where the label says.
    first_time = trends.nth(2)
    assert first_time.locator("text").all_text_contents() == ["2009", "2022"]
    assert len(first_time.locator("polyline").get_attribute("points").split()) == 14


def test_contents_lead_to_their_sections(browser, study_path):
    page = Visit(browser, study_path).page
    links = page.locator("nav.contents a")
    assert links.count() == 8
    for link in links.all():
        target = page.locator(link.get_attribute("href"))
        assert target.locator("h2").inner_text() == link.inner_text()
    links.last.click()
    assert page.locator("#figure-neighbours").is_visible()


def test_contents_mark_the_section_that_is_read(browser, study_path):
    page = Visit(browser, study_path, reduced_motion="reduce").page
    links = page.locator("nav.contents a")
    for position in (2, 4, 6):
        page.evaluate(
            "id => document.getElementById(id).scrollIntoView()", links.nth(position).get_attribute("href")[1:]
        )
        expect(links.nth(position)).to_have_attribute("aria-current", "true")
        assert page.locator("nav.contents a[aria-current]").count() == 1


def test_a_number_tells_what_it_is_under_the_pointer(browser, study_path, method_path):
    page = Visit(browser, study_path).page
    number = page.locator(".findings a.number", has_text="905")
    number.hover()
    card = page.locator("#about-number")
    card.wait_for(state="visible")
    shown = card.inner_text()
    definition = Visit(browser, method_path).page.locator("#" + number.get_attribute("href").partition("#")[2])
    assert definition.locator("xpath=following-sibling::dd[1]").inner_text() in shown
    assert number.inner_text() in shown and "migr_asyappctza" in shown and "2024-01-18" in shown and "902" in shown
    # It stays while the pointer is on it, and goes with Escape.
    card.hover()
    page.wait_for_timeout(400)
    assert card.is_visible()
    page.keyboard.press("Escape")
    assert card.is_hidden()


def test_a_number_tells_what_it_is_from_the_keyboard(browser, study_path):
    page = Visit(browser, study_path).page
    table = page.locator("#table-change-by-citizenship")
    assert table.locator("td a.number:not([tabindex='-1'])").count() == 1
    table.locator("td a.number").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    # What it is, is put together of the data of the page.
    said = page.locator("#about-number").inner_text()
    assert all(part in said for part in ("2022", "migr_asyappctza", "2024-01-18")), said
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "about-number"
    page.keyboard.press("Enter")
    page.wait_for_url("**.method.*#definition-asylum_applicants_contribution_pp")


def test_a_number_in_a_table_tells_the_same_as_everywhere_else(browser, study_path, edition):
    """The script puts together what Python says of a number in a sentence."""
    (files,), language = edition[1].rendered, study_path.name.split(".")[1]
    wording = Wording(language, read_indicators(edition[0]))
    by_key = {"|".join(result.key): result for result in read_recorded(files).record.results}
    page = Visit(browser, study_path).page
    keys = [shown.key for shown in shown_numbers(lxml.html.fromstring(page.content()))]
    in_tables = keys[page.locator("[data-result]").count() :]
    said = page.evaluate(
        """[...document.querySelectorAll("[data-n]")].map(number => {
            number.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
            return number.dataset.about;
        })"""
    )
    assert len(said) == len(in_tables) > 500
    for about, key in zip(said, in_tables, strict=True):
        assert about.endswith(describe(wording, by_key[key])), key


def test_the_first_tap_tells_what_a_number_is_the_second_follows_it(browser, study_path):
    page = Visit(browser, study_path, width=390, has_touch=True).page
    number = page.locator(".findings a.number").first
    number.tap()
    page.locator("#about-number").wait_for(state="visible")
    assert "#" not in page.url
    number.tap()
    page.wait_for_url("**.method.*#definition-*")


def test_the_keyboard_reaches_all_that_can_be_done(browser, study_path):
    page = Visit(browser, study_path).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(250):
        reached.add(
            page.evaluate("document.activeElement.className || document.activeElement.getAttribute('href') || 'other'")
        )
        page.keyboard.press("Tab")
    assert {"skip", "number"} <= reached and "other" in reached
    assert page.evaluate("document.activeElement.tagName") in {"A", "SUMMARY", "BUTTON", "DIV", "BODY"}


def test_bibtex_is_copied(browser, method_path):
    visit = Visit(browser, method_path, permissions=["clipboard-read", "clipboard-write"])
    page = visit.page
    page.locator("details.cite summary").click()
    page.locator("button.copy").click()
    expect(page.locator("details.cite [role=status]")).not_to_be_empty()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert (
        copied == page.locator("#bibtex").inner_text() or copied.strip() == page.locator("#bibtex").inner_text().strip()
    )
    assert copied.startswith("@techreport{asylum_applications-LT-2022-") and r"migr\_asyappctza" in copied


def test_ids_are_unique(browser, study_path, method_path):
    for path in (study_path, method_path):
        ids = Visit(browser, path).page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))


def test_every_number_of_a_table_and_a_sentence_is_a_published_result(browser, study_path):
    page = Visit(browser, study_path).page
    results = (study_path.parent / f"{STUDY}.results.csv").read_text(encoding="utf-8").splitlines()
    keys = {"|".join([*line.split(",")[:4], *line.split(",")[-2:]]) for line in results[1:]}
    shown = {one.key for one in shown_numbers(lxml.html.fromstring(page.content()))}
    assert shown and shown <= keys
    assert page.locator("a.number:not([data-n], [data-result])").count() == 0
    bare = page.evaluate(
        """[...document.querySelectorAll('td:not(.provenance td)')].filter(
            cell => /\\d/.test(cell.textContent) && !cell.querySelector('a.number')).length"""
    )
    assert bare == 0


def test_every_column_of_a_table_or_every_row_says_its_unit(browser, study_path):
    page = Visit(browser, study_path).page
    units = page.evaluate(
        """(() => {
            const says = head => head.querySelector(".unit") || /(inhabitants|gyventojų)$/.test(head.textContent.trim())
            return [...document.querySelectorAll(".chart table, .table table")].map(table => [
                [...table.querySelectorAll("thead th + th")].every(says),
                [...table.querySelectorAll("tbody th")].every(says)])})()"""
    )
    assert len(units) == 11 and all(columns != rows for columns, rows in units)
    assert page.locator("#table-change-by-citizenship thead .unit").last.inner_text() in (
        "percentage points",
        "procentiniai punktai",
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, study_path, method_path, scheme):
    # The page's own policy would keep the checker's script out.
    page = Visit(browser, study_path, color_scheme=scheme, bypass_csp=True).page
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    page.locator(".findings a.number").first.focus()
    assert barriers(page, scheme) == "", f"{study_path.name}, {scheme}"
    page.goto(method_path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert barriers(page, scheme) == "", f"{method_path.name}, {scheme}"


def test_a_barrier_is_found(browser, tmp_path):
    page = tmp_path / "barrier.html"
    page.write_text('<html lang="en"><title>A page</title><main><h1>A page</h1><img src="data:,"></main></html>')
    assert "image-alt" in barriers(Visit(browser, page).page)


def saved(page, selector) -> tuple[Path, str]:
    with page.expect_download() as saving:
        page.locator(selector).click()
    return Path(saving.value.path()), saving.value.suggested_filename


def test_all_results_can_be_saved(browser, study_path):
    page = Visit(browser, study_path).page
    language = study_path.name.split(".")[1]
    for position, name in enumerate((f"{STUDY}.results.csv", f"{STUDY}.{language}.xlsx")):
        path, suggested = saved(page, f".facts .download a >> nth={position}")
        assert suggested == name and path.read_bytes() == (study_path.parent / name).read_bytes()


def test_it_prints_to_a_clean_a4(browser, study_path):
    page = Visit(browser, study_path, width=794, color_scheme="dark").page
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    texts = [sheet.extract_text() for sheet in pdf.pages]
    assert 3 < len(texts) <= 8
    for number, (sheet, text) in enumerate(zip(pdf.pages, texts), start=1):
        assert [round(float(side)) for side in sheet.mediabox[2:]] == [595, 842]
        assert f"{number} / {len(texts)}" in text
    whole = "\n".join(texts)
    assert "1,025" in whole.replace("1 025", "1,025").replace("1\N{NO-BREAK SPACE}025", "1,025")
    # No figure is higher than a page, and none may be parted.
    page.emulate_media(media="print")
    height_mm = page.evaluate(
        "Math.max(...[...document.querySelectorAll('.chart')].map(f => f.offsetHeight)) / 96 * 25.4"
    )
    assert height_mm < 297 - 38
    assert page.evaluate("getComputedStyle(document.querySelector('.chart')).breakInside") == "avoid"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_study_leads_to_its_other_language(browser, study_path):
    page = Visit(browser, study_path).page
    before = page.locator("html").get_attribute("lang")
    page.locator(".bar .languages a").click()
    assert page.locator("html").get_attribute("lang") == {"en": "lt", "lt": "en"}[before]


def test_an_unpacked_archive_is_walked_like_the_site(browser, edition, tmp_path):
    _, outcome = edition
    with zipfile.ZipFile(outcome.sealed.path) as archive:
        archive.extractall(tmp_path)
    (first,) = tmp_path.glob("*/data/index.html")
    visit = Visit(browser, first)
    visit.page.locator("main a").click()
    assert visit.page.locator("h1").inner_text().startswith("Asylum applications")
    assert visit.page.locator(".status").inner_text() == "Sealed"
    visit.page.locator(".bar .languages a").click()
    visit.page.locator(".site a").click()
    assert visit.page.url.endswith("index.lt.html") and visit.complaints == []
