"""The catalogue in headless Chromium, from the file system: searched, filtered, linked, walked through; real and at scale."""

import re

import pytest
from playwright.sync_api import expect
from test_site import made_up, put

from browser import Visit, barriers
from conftest import copy_project
from workbench.execution.recorded import read_recorded
from workbench.model.sentence import Place, Sentence
from workbench.site.build import write_site

# Each kind of page, those that most readers see in both languages.
PAGES = [
    ("index{}.html", "en"),
    ("index{}.html", "lt"),
    ("countries/LT.{}.html", "en"),
    ("countries/LT.{}.html", "lt"),
    ("indicators/asylum_applicants_per_million.{}.html", "lt"),
    ("compare.{}.html", "en"),
    ("glossary.{}.html", "lt"),
    ("datasets/migr_asyappctza.{}.html", "en"),
]

# A chart is drawn anew for another width in the frame after the page is laid out for it.
REDRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


@pytest.fixture(params=PAGES, ids=lambda page: page[0].format(page[1]))
def shown(request):
    """A page and its language."""
    return request.param


@pytest.fixture
def language(shown):
    return shown[1]


@pytest.fixture
def path(shown, edition):
    """A kind of page over the real edition, in a language."""
    project, _ = edition
    name, language = shown
    if name.startswith("index"):
        return project.outputs / name.format("" if language == "en" else f".{language}")
    return project.outputs / name.format(language)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """The catalogue of made-up studies of three countries and two years, of asylum, and one of returns; it is only read."""
    project = copy_project(tmp_path_factory.mktemp("many") / "project")
    for country in ("LT", "LV", "AT"):
        for year, languages in ((2021, ("en",)), (2022, ("en", "lt"))):
            bound = {"country": Place("geo", country), "permits": made_up(value=year - 2000.0)}
            findings = [Sentence("{country} granted {permits} permits.", bound)]
            if "lt" in languages:
                findings.append("Prieglobsčio prašė asmenys iš Čečėnijos.")
            put(project, country, year, languages, [made_up(geo=country, time=str(year))], findings=findings)
    put(project, "LT", 2022, ("en", "lt"), [made_up("returned", dataset="migr_eirtn")], study="borders_and_return",
        title="Borders and return", topic="enforcement", findings=[])  # fmt: skip
    return write_site(project)


def found(page, kind="") -> list[str]:
    """What was found, of a kind or of all."""
    results = page.locator("#results li")
    shown = [result.split("\n") for result in results.all_inner_texts()]
    return [" ".join(parts[1:]) for parts in shown if kind in ("", parts[0])]


def look_for(page, words: str) -> list[str]:
    page.locator("#query").fill(words)
    return found(page)


# Real pages


def test_a_page_asks_for_nothing_and_complains_of_nothing(browser, path):
    visit = Visit(browser, path)
    visit.page.mouse.wheel(0, 20_000)
    assert visit.requests == [path.as_uri()] and visit.complaints == []
    assert visit.page.locator("iframe, object, embed, script[src], link[rel=stylesheet]").count() == 0
    # What a script moves has a style of its own; the page's policy would refuse one that was written.
    assert visit.page.locator("[style]:not(input.year)").count() == 0


def test_no_width_scrolls_sideways(browser, path):
    """Neither on a phone, nor at 200 % on a screen of 1280 pixels, which leaves half of them."""
    page = Visit(browser, path).page
    for width in (320, 375, 640, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(REDRAWN)
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
    assert page.locator("form:visible, button:visible, input:visible").count() == 0
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
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
    number = page.locator(".tiles .at-large a.number").first
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


# Countries over the years


@pytest.fixture
def indicator(browser, edition):
    """The page of an indicator that many countries have, opened."""
    project, _ = edition
    return Visit(browser, project.outputs / "indicators" / "asylum_applicants_per_million.en.html").page


def lines(page) -> set[str]:
    return set(page.locator(".plot text.end").all_text_contents())


def test_the_home_country_is_drawn_first_and_among_its_neighbours(indicator):
    assert lines(indicator) == {"Lithuania", "Latvia", "Estonia", "Poland", "EU-27"}
    assert indicator.locator(".plot .line.home polyline").count() > 0
    assert indicator.locator(".fallback").count() == 0 and indicator.locator(".readout strong").inner_text() == "2022"
    alternative = indicator.locator(".plot svg").get_attribute("aria-label")
    assert alternative.startswith("Line chart. Lithuania: ") and "in 2022." in alternative


def test_countries_and_years_are_chosen_by_the_keyboard_and_kept_in_the_address(indicator, browser, edition):
    indicator.locator(".picker summary").focus()
    indicator.keyboard.press("Enter")
    indicator.get_by_label("Germany", exact=True).focus()
    indicator.keyboard.press("Space")
    indicator.get_by_label("Poland", exact=True).uncheck()
    indicator.locator("#from").select_option("2015")
    assert lines(indicator) == {"Lithuania", "Latvia", "Estonia", "EU-27", "Germany"}
    assert "from=2015" in indicator.url and set(re.search(r"geo=([\w,]+)", indicator.url)[1].split(",")) == {
        "LT", "LV", "EE", "EU27_2020", "DE",
    }  # fmt: skip
    again = browser.new_page()
    again.goto(indicator.url)
    assert lines(again) == lines(indicator) and again.locator("#from").input_value() == "2015"
    again.locator(".bar .languages a").click()
    assert "Vokietija" in lines(again), "the other language shows the same view"
    again.get_by_role("button", name="Kaip pradžioje").click()
    assert "Lenkija" in lines(again) and "geo=" not in again.url
    again.close()


def test_arrow_keys_go_from_year_to_year_and_the_values_are_told(indicator):
    slider = indicator.locator("input.year")
    slider.focus()
    indicator.keyboard.press("ArrowLeft")
    readout = indicator.locator("output.readout")
    assert readout.locator("strong").inner_text() == "2021" and slider.get_attribute("aria-valuetext") == "2021"
    # The browser makes a live region of an output.
    told = readout.inner_text()
    table = indicator.locator(".years tbody tr", has=indicator.locator("th", has_text="Lithuania")).locator("td")
    in_table = table.nth(-1 - 1).inner_text().strip()
    assert in_table and in_table in told.replace("\N{NO-BREAK SPACE}", " ")


def test_the_pointer_and_a_finger_choose_the_year(indicator):
    box = indicator.locator(".plot svg").bounding_box()
    indicator.mouse.move(box["x"] + box["width"] * 0.12, box["y"] + 100)
    first = indicator.locator(".readout strong").inner_text()
    indicator.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 100)
    assert first < indicator.locator(".readout strong").inner_text() < "2022"


def test_an_address_that_makes_no_sense_is_of_no_harm(browser, edition):
    project, _ = edition
    visit = Visit(browser, project.outputs / "compare.en.html")
    visit.page.goto(visit.page.url + "?geo=%3Cscript%3E,XX&from=never&to=9999&indicator=__proto__")
    assert visit.page.locator(".plot .gap").count() == 1 and visit.complaints == []


def test_any_indicator_is_compared_on_one_page(browser, edition):
    project, _ = edition
    page = Visit(browser, project.outputs / "compare.en.html").page
    page.get_by_label("Indicator").select_option("asylum_applicants_per_million")
    assert "Lithuania" in lines(page)
    reloaded = page.url
    page.goto(reloaded)
    assert page.get_by_label("Indicator").input_value() == "asylum_applicants_per_million"


def test_text_of_the_chart_is_not_small_on_a_phone(browser, edition):
    project, _ = edition
    page = Visit(browser, project.outputs / "indicators" / "asylum_applicants_per_million.lt.html", 320).page
    sizes = page.evaluate(
        "[...document.querySelectorAll('.plot text')].map(text => parseFloat(getComputedStyle(text).fontSize))"
    )
    scale = page.evaluate(
        "(svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)(document.querySelector('.plot svg'))"
    )
    assert sizes and min(sizes) * scale >= 12


def test_without_script_the_chart_is_a_drawing(browser, edition):
    project, _ = edition
    path = project.outputs / "indicators" / "asylum_applicants_per_million.en.html"
    page = Visit(browser, path, java_script_enabled=False).page
    assert page.locator(".fallback svg").is_visible() and not page.locator(".drawn").is_visible()
    assert page.locator(".fallback svg").get_attribute("role") == "img"


# Search


def test_words_are_found_by_their_beginnings_without_their_marks(browser, many):
    page = Visit(browser, many).page
    assert look_for(page, "LITHUAN granted") == [
        "Lithuania granted 22 permits. Asylum applications, Lithuania, 2022",
        "Lithuania granted 21 permits. Asylum applications, Lithuania, 2021",
    ]
    assert look_for(page, "ithuania") == []
    page.goto(many.with_name("index.lt.html").as_uri())
    look_for(page, "prieglobscio cecen")
    assert len(found(page, "Išvada")) == 3


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("en", "returns", "Borders and return"),
        ("en", "returning", "Returned"),
        ("en", "deportations", "Borders and return"),
        ("en", "unaccompanied", "Asylum applications"),
        ("en", "Latvia", "Latvia"),
        ("en", "prieglobstis", "Asylum applications"),
        ("en", "asylum seeker", "Asylum applicants"),
        ("en", "migr_asyappctza", "Asylum applicants by type"),
        ("lt", "prieglobstis", "Prieglobsčio prašymai"),
        ("lt", "prieglobscio", "Prieglobsčio prašymai"),
        ("lt", "prašymu", "Prieglobsčio prašymai"),
        ("lt", "Latvijoje", "Latvija"),
        ("lt", "Čečėnija", "Čečėnijos"),
        ("lt", "grąžinimai", "Sienos ir grąžinimas"),
        ("lt", "pabėgėlių", "Prieglobsčio prašymai"),
        ("lt", "returned", "Grąžinti asmenys"),
    ],
)
def test_a_word_is_found_whatever_its_ending(browser, many, language, words, expected):
    page = Visit(browser, many if language == "en" else many.with_name("index.lt.html")).page
    assert any(expected in one for one in look_for(page, words)), found(page)


def test_what_was_found_leads_there(browser, many):
    page = Visit(browser, many).page
    look_for(page, "austria")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/countries/AT.en.html")


def test_a_figure_is_found_and_leads_to_its_place(browser, edition):
    project, _ = edition
    page = Visit(browser, project.outputs / "index.html").page
    look_for(page, "applicants million")
    link = page.locator("#results li", has=page.locator(".kind", has_text="Figure")).first.locator("a")
    link.click()
    page.wait_for_url("**#figure-*")
    expect(page.locator(f"[id='{page.url.partition('#')[2]}']")).to_have_count(1)


def test_filters_narrow_and_the_count_tells(browser, many):
    page = Visit(browser, many).page
    count = page.locator("#count")
    assert page.locator(".filters").is_hidden() and page.locator("#clear").is_hidden()
    look_for(page, "asylum")
    page.locator("#in-kind").select_option("study")
    assert count.inner_text() == "Found: 6" and page.locator(".browse:visible").count() == 0
    page.locator("#in-country").select_option("Lithuania")
    assert len(found(page)) == 2
    page.locator("#in-year").select_option("2022")
    assert found(page) == ["Asylum applications Lithuania, 2022"]
    page.locator("#in-topic").select_option("Enforcement")
    assert found(page) == [] and "Nothing matches" in count.inner_text()
    page.locator("#clear").click()
    assert page.locator("#results").is_hidden() and page.locator(".browse:visible").count() > 4
    assert page.evaluate("document.activeElement.id") == "query"


def test_a_filter_without_a_choice_is_not_offered(browser, edition):
    project, _ = edition
    page = Visit(browser, project.outputs / "index.html").page
    names = page.locator(".filters select").evaluate_all("(all) => all.map((one) => one.name)")
    assert names == ["kind", "language"], "one country, one year, one topic"


def test_a_view_can_be_linked(browser, many):
    page = Visit(browser, many).page
    look_for(page, "granted & 21")
    page.locator("#in-country").select_option("AT")
    assert "country=AT" in page.url
    again = Visit(browser, many).page
    again.goto(page.url)
    again.reload()
    assert again.locator("#query").input_value() == "granted & 21"
    assert found(again) == found(page) == ["Austria granted 21 permits. Asylum applications, Austria, 2021"]
    again.evaluate("location.hash = 'country=nowhere&year=2021'")
    expect(again.locator("#count")).to_have_text("Found: 3")
    assert again.locator("#in-country").input_value() == ""


def test_the_other_language_shows_the_same_view(browser, many):
    page = Visit(browser, many).page
    look_for(page, "2022")
    page.locator("#in-kind").select_option("study")
    page.locator("#in-country").select_option("LV")
    page.locator(".bar .languages a").click()
    assert page.locator("html").get_attribute("lang") == "lt"
    assert found(page) == ["Prieglobsčio prašymai Latvija, 2022"]


def test_axe_finds_nothing_in_what_was_found(browser, many):
    page = Visit(browser, many, bypass_csp=True).page
    look_for(page, "granted")
    assert barriers(page) == ""


def test_the_search_needs_no_pointer(browser, many):
    page = Visit(browser, many).page
    page.locator("#query").focus()
    page.keyboard.type("granted")
    assert len(found(page)) == 6
    reached = []
    for _ in range(5):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name || ''"))
    assert reached == ["kind", "country", "year", "topic", "language"]
    page.locator("#query").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.closest('li') === document.querySelector('#results li')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "query"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('#results') !== null")


def test_a_query_is_text_and_nothing_else(browser, many):
    visit = Visit(browser, many)
    visit.page.locator("#query").fill('"><img src=x onerror=alert(1)>.*[')
    assert found(visit.page) == [] and visit.page.locator("img").count() == 0
    visit.page.goto(many.as_uri() + "#q=%3Cscript%3E&country=%22%3E&x=1")
    visit.page.reload()
    assert visit.complaints == []


def test_printed_it_has_no_controls(browser, many):
    page = Visit(browser, many).page
    page.emulate_media(media="print")
    assert page.locator("form:visible").count() == 0 and page.locator(".study:visible").count() == 7
