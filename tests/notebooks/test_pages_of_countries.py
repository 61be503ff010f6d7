"""What the studies of a country say of it: a page without empty sections, of its own neighbours and routes, outside the Union too."""

import re
from functools import cache

import lxml.html
import nbformat
import pytest

from both_languages import WORDINGS
from conftest import ROOT
from notebook_code import executed
from workbench.execution.recorded import Recorded
from workbench.model.paths import Project
from workbench.page.html import Published, study_html
from workbench.page.shown_notebook import blocks_html
from workbench.presentation.about import about

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]  # as the sweep over studies

STUDY = "borders_and_return"  # of most of the tests that are of one study
PROJECT = Project(ROOT)
WITH_NEIGHBOURS = sorted(
    path.stem
    for path in PROJECT.params.glob("studies/*.yaml")
    if "neighbours" in path.read_text() and path.stem != "brief"  # it has no sections
)


@cache
def page(study: str, country: str, year: int, language: str = "en"):
    """The page of a study, made without a kernel."""
    run, wording = executed(study, country, year), WORDINGS[language]
    outputs = {cell.id: cell.outputs for cell in run.recorded.notebook.cells}
    notebook = nbformat.read(PROJECT.notebook(study), as_version=4)
    for cell in notebook.cells:
        if cell.id in outputs:
            cell.outputs = outputs[cell.id]
    recorded = Recorded(notebook, run.record)
    blocks = blocks_html(recorded, wording)
    html = study_html(recorded, blocks, about(run.record, None, wording), wording, {}, "draft", Published("", ""))
    return lxml.html.fromstring(html.page)


def prose(tree) -> str:
    """The text that a reader sees, without code, definitions and notes."""
    texts = "self::p or self::figcaption or self::caption or self::h2 or self::li"
    shown = tree.xpath(f"//main//*[{texts}][not(ancestor::details)]")
    return " ".join(" ".join(element.text_content().split()) for element in shown)


PAGES = [
    *((study, country, 2022) for study in WITH_NEIGHBOURS for country in ("MT", "CH")),
    ("borders_and_return", "DE", 2022), ("annual_overview", "EE", 2016), ("borders_and_return", "IE", 2019),
]  # fmt: skip


@pytest.mark.parametrize(("study", "country", "year"), PAGES)
def test_each_section_of_a_page_has_something_in_it(study, country, year):
    tree = page(study, country, year)
    headings = tree.xpath("//nav[@class='contents']//a/@href")
    assert len(headings) > 2
    for heading in headings:
        (section,) = tree.xpath(f"//*[@id='{heading[1:]}']")
        following = [element for element in section.itersiblings() if element.tag != "details"]
        content = []
        for element in following:
            if element.xpath(".//h2"):
                break
            content += [element] if element.tag != "div" or "prose" not in element.get("class", "") else []
        assert any(element.text_content().strip() or element.xpath(".//*") for element in content), heading


@pytest.mark.parametrize("study", WITH_NEIGHBOURS)
def test_an_island_has_no_neighbours(study):
    assert not re.search(r"neighbour|across the border", prose(page(study, "MT", 2022)))


# Visas are ranked among the Schengen States, of which Switzerland is one.
@pytest.mark.parametrize("study", [study for study in WITH_NEIGHBOURS if study != "visas"])
def test_a_country_outside_the_union_has_no_rank_in_it(study):
    said = prose(page(study, "CH", 2022))
    # It may have one among the States that issue Schengen visas.
    assert not re.search(r"ranked \S+ of the \d+ Member States|Rank and share|rank[^.]*\(Switzerland", said)
    assert re.search("Beside (neighbouring|other) countries", said)


def test_the_route_that_is_told_is_that_of_the_country():
    for country, told in {
        "MT": "Central Mediterranean Route",
        "LT": "Eastern Borders Route",
        "DE": None,
        "CH": None,
    }.items():
        said = prose(page(STUDY, country, 2022))
        assert set(re.findall(r"On the ([\w ]+ Route) \(", said)) == ({told} if told else set())
        assert ("Where the border is crossed between crossing points" in said) == bool(told)
    assert "from Norway to Romania" in prose(page(STUDY, "LT", 2022))
    assert "nuo Norvegijos iki Rumunijos" in prose(page(STUDY, "LT", 2022, "lt"))


def test_the_attempts_turned_back_are_told_where_they_are_counted():
    heading = "Attempts turned back"
    told = {(c, y): heading in prose(page(STUDY, c, y)) for c, y in [("LT", 2022), ("LT", 2020), ("PL", 2022)]}
    assert told == {("LT", 2022): True, ("LT", 2020): False, ("PL", 2022): False}


def test_one_neighbour_is_named_and_several_are_neighbouring_countries():
    assert "Ireland and the United Kingdom, in proportion" in prose(page(STUDY, "IE", 2019))
    # Not "its neighbours": Estonia has no border with Lithuania, and of many neighbours five are compared.
    assert "Lithuania and neighbouring countries, in proportion" in prose(page(STUDY, "LT", 2022))
    assert "Lietuva ir kaimyninės šalys" in prose(page(STUDY, "LT", 2022, "lt"))


@pytest.mark.parametrize("study", ["annual_overview"])
def test_an_overview_of_a_year_before_temporary_protection_says_nothing_of_it(study):
    assert "emporary protection" not in prose(page(study, "EE", 2016)).split("Comparability What")[0]


@pytest.mark.parametrize("study", ["migration_and_population"])
def test_mirror_statistics_are_of_the_ten_partners_that_counted_most(study):
    (mirror,) = page(study, "LT", 2022).xpath("//figure[@id='figure-mirror']")
    cells = mirror.xpath(".//tbody//td")
    marks = mirror.xpath(".//*[@data-marks]")[0].get("data-marks").split(";")
    counted = [int(cells[int(mark.split(",")[2])].text_content().split()[0].replace(",", "")) for mark in marks]
    assert len(counted) == 10 and counted[0] == 2927 == max(counted)


@pytest.mark.parametrize(("country", "is_beside"), [("MT", True), ("CH", False)])
def test_a_table_of_many_countries_has_the_whole_width(country, is_beside):
    """In half of it the last countries, and the Union, would be cut off."""
    (table,) = page("annual_overview", country, 2022).xpath("//*[@id='table-neighbours']")
    (section,) = table.xpath("ancestor::section[1]")
    assert (section.get("class") == "half") == is_beside
