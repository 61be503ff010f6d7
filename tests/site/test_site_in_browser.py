"""The catalogue in headless Chromium, from the file system: searched, filtered, linked, walked through; real and at scale."""

import re

import pytest
from playwright.sync_api import expect
from test_site import made_up, put

from browser import Visit, barriers
from workbench.execution.recorded import read_recorded
from workbench.model.sentence import Place, Sentence
from workbench.site.build import write_site

PAGES = ("index{}.html", "countries/LT.{}.html", "indicators/asylum_applicants_per_million.{}.html")


@pytest.fixture(params=["en", "lt"])
def language(request):
    return request.param


@pytest.fixture(params=PAGES)
def path(request, edition, language):
    """Each kind of page over the real edition, in each language."""
    project, _ = edition
    if request.param.startswith("index"):
        return project.outputs / request.param.format("" if language == "en" else f".{language}")
    return project.outputs / request.param.format(language)


@pytest.fixture
def many(project):
    """Made-up studies of three countries and two years."""
    for country in ("LT", "LV", "AT"):
        for year, languages in ((2021, ("en",)), (2022, ("en", "lt"))):
            bound = {"country": Place("geo", country), "permits": made_up(value=year - 2000.0)}
            findings = [Sentence("{country} granted {permits} permits.", bound)]
            if "lt" in languages:
                findings.append("Prieglobsčio prašė asmenys iš Čečėnijos.")
            put(project, country, year, languages, [made_up(geo=country, time=str(year))], findings=findings)
    put(project, "LT", 2022, ("en",), [made_up("population")], study="permits", title="Residence permits",
        topic="migration", findings=[])  # fmt: skip
    return write_site(project)


def shown(page) -> list[str]:
    """The studies that are seen, as their titles."""
    # What was just shown has its words once it is drawn: the browser leaves out what is not in sight.
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    return [re.sub(r"\s+", " ", text) for text in page.locator(".study:visible h4").all_text_contents()]


# Real pages


def test_a_page_asks_for_nothing_and_complains_of_nothing(browser, path):
    visit = Visit(browser, path)
    visit.page.mouse.wheel(0, 20_000)
    assert visit.requests == [path.as_uri()] and visit.complaints == []
    assert visit.page.locator("iframe, object, embed, script[src], link[rel=stylesheet], [style]").count() == 0


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_no_width_scrolls_sideways(browser, path, width):
    page = Visit(browser, path, width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, path, scheme):
    # The page's own policy would keep the checker's script out.
    page = Visit(browser, path, color_scheme=scheme, bypass_csp=True).page
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert barriers(page, scheme) == "", f"{path.name}, {scheme}"


def test_a_page_leads_home_and_to_its_other_language(browser, path, language):
    page = Visit(browser, path).page
    assert page.locator("html").get_attribute("lang") == language
    page.locator(".bar .languages a").click()
    assert page.locator("html").get_attribute("lang") != language
    page.locator(".bar .site a").click()
    assert page.url.endswith("index.lt.html" if language == "en" else "index.html")


def test_a_page_is_whole_without_script(browser, path):
    page = Visit(browser, path, java_script_enabled=False).page
    assert page.locator("form:visible, button:visible").count() == 0
    assert page.locator("h1").count() == 1 and page.locator("main a:visible").count() > 5


def test_the_keyboard_comes_to_the_content_first(browser, path):
    page = Visit(browser, path).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_url("**#content")


def test_from_the_first_page_to_a_study(browser, edition):
    project, _ = edition
    page = Visit(browser, project.outputs / "index.html").page
    page.locator(".study h4 a").click()
    assert page.locator("h1").inner_text().startswith("Asylum applications")


def test_a_number_tells_what_it_is(browser, edition):
    project, _ = edition
    page = Visit(browser, project.outputs / "countries" / "LT.en.html").page
    number = page.locator(".tiles a.number").first
    number.hover()
    card = page.locator("#about-number")
    card.wait_for(state="visible")
    assert "migr_asyappctza" in card.inner_text() and "2024-01-18" in card.inner_text()
    number.click()
    assert page.locator("dt:target").is_visible()


def test_the_real_ranking_is_that_of_the_study(browser, edition):
    project, outcome = edition
    record = read_recorded(outcome.rendered[0]).record
    (own,) = (
        result
        for result in record.results
        if result.key[:4] == ("asylum_applicants_per_million_rank_eu27", "LT", "", "2022")
    )
    page = Visit(browser, project.outputs / "indicators" / "asylum_applicants_per_million.en.html").page
    cells = page.locator(".ranked tbody tr", has=page.locator("th a", has_text="Lithuania")).locator("td")
    assert cells.last.locator("a.number").inner_text() == str(int(own.value))
    # Iceland, Liechtenstein, Norway and Switzerland stand among the others by their value, without a rank.
    rows = page.locator(".ranked tbody:not(.union) tr")
    assert rows.count() == 27 + 4 and rows.locator("td:last-child a.number").count() == 27
    assert page.locator("#map svg.europe").get_attribute("aria-label")


# Search


def test_words_are_found_by_their_beginnings_without_their_marks(browser, many):
    page = Visit(browser, many).page
    search = page.locator("#query")
    search.fill("LITHUAN granted")
    assert shown(page) == ["Asylum applications Lithuania, 2022", "Asylum applications Lithuania, 2021"]
    search.fill("ithuania")
    assert shown(page) == []
    # An indicator's label, which stands in no card.
    search.fill("population january")
    assert shown(page) == ["Residence permits Lithuania, 2022"]
    page.goto(many.with_name("index.lt.html").as_uri())
    page.locator("#query").fill("prieglobscio cecen")
    assert len(shown(page)) == 3


def test_filters_narrow_and_the_count_tells(browser, many):
    page = Visit(browser, many).page
    count = page.locator("#count")
    assert count.inner_text() == "7 studies" and page.locator("#clear").is_hidden()
    page.get_by_label("Country").select_option("Lithuania")
    assert len(shown(page)) == 3
    page.get_by_label("Year").select_option("2022")
    assert count.inner_text() == "Studies shown: 2 of 7" and page.locator(".browse:visible").count() == 0
    page.get_by_label("Topic").select_option("Migration")
    assert shown(page) == ["Residence permits Lithuania, 2022"]
    page.locator("select[name=language]").select_option("lt")
    assert shown(page) == [] and "No study" in count.inner_text()
    assert page.locator(".year:visible").count() == 0
    page.locator("#clear").click()
    assert len(shown(page)) == 7 and page.locator(".browse:visible").count() == 4
    assert page.evaluate("document.activeElement.id") == "query"


def test_a_view_can_be_linked(browser, many):
    page = Visit(browser, many).page
    page.locator("#query").fill("granted & 21")
    page.get_by_label("Country").select_option("AT")
    assert "country=AT" in page.url
    again = Visit(browser, many).page
    again.goto(page.url)
    again.reload()
    assert again.locator("#query").input_value() == "granted & 21"
    assert shown(again) == shown(page) == ["Asylum applications Austria, 2021"]
    again.evaluate("location.hash = 'country=nowhere&year=2021'")
    expect(again.locator("#count")).to_have_text("Studies shown: 3 of 7")
    assert again.get_by_label("Country").input_value() == ""


def test_the_other_language_shows_the_same_view(browser, many):
    page = Visit(browser, many).page
    page.get_by_label("Country").select_option("LV")
    page.locator(".bar .languages a").click()
    assert page.locator("html").get_attribute("lang") == "lt"
    assert shown(page) == ["Prieglobsčio prašymai Latvija, 2022", "Asylum applications Latvia, 2021"]


def test_axe_finds_nothing_in_what_was_found(browser, many):
    page = Visit(browser, many, bypass_csp=True).page
    page.locator("#query").fill("granted")
    assert barriers(page) == ""


def test_the_search_needs_no_pointer(browser, many):
    page = Visit(browser, many).page
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name || ''"))
    assert [name for name in reached if name] == ["q", "country", "year", "topic", "language"]
    page.locator("#query").focus()
    page.keyboard.type("austria")
    page.keyboard.press("Enter")
    assert len(shown(page)) == 2
    for _ in range(5):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "clear"
    page.keyboard.press("Enter")
    assert len(shown(page)) == 7


def test_a_query_is_text_and_nothing_else(browser, many):
    visit = Visit(browser, many)
    visit.page.locator("#query").fill('"><img src=x onerror=alert(1)>.*[')
    assert shown(visit.page) == [] and visit.page.locator("img").count() == 0
    visit.page.goto(many.as_uri() + "#q=%3Cscript%3E&country=%22%3E&x=1")
    visit.page.reload()
    assert visit.complaints == []


def test_printed_it_has_no_controls(browser, many):
    page = Visit(browser, many).page
    page.emulate_media(media="print")
    assert page.locator("form:visible").count() == 0 and len(shown(page)) == 7
