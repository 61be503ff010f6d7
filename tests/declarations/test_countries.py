"""What is declared per country: true of the map, known to the code lists, and all that a study of the country says of it."""

import ast
import re
from functools import cache

import lxml.html
import nbformat
import pytest

from conftest import ROOT
from workbench.declarations.codelists import code_list, reporting_countries
from workbench.declarations.countries import read_countries
from workbench.declarations.indicators import read_indicators
from workbench.execution.recorded import Recorded
from workbench.model.errors import InvalidDeclaration, RefusedRun
from workbench.model.paths import Project
from workbench.page.html import LeaveOutEmptySections, html_page
from workbench.page.shown_notebook import blocks_html
from workbench.presentation.about import about
from workbench.presentation.wording import Wording
from workbench.study import Study
from workbench.study.parameters import resolve

pytestmark = pytest.mark.slow

PROJECT = Project(ROOT)
EVENTS = read_countries(PROJECT).events
DECLARED = read_countries(PROJECT).countries
WITH_NEIGHBOURS = sorted(
    path.stem for path in PROJECT.params.glob("studies/*.yaml") if "neighbours" in path.read_text()
)
AT_MOST = 5


def test_to_be_neighbours_is_mutual_unless_five_others_are_nearer():
    for code, declared in DECLARED.items():
        for neighbour in declared.neighbours:
            others = DECLARED[neighbour].neighbours
            assert code in others or len(others) == AT_MOST, (code, neighbour)


def test_countries_and_neighbours_report_and_routes_say_what_they_cover():
    reporting = reporting_countries(2019)
    for code, declared in DECLARED.items():
        assert code in reporting and set(declared.neighbours) <= set(reporting)
        for route in declared.border_routes:
            known = code_list("route").code(route)
            assert all(known.footnote(language) and known.form(language, "locative") for language in ("en", "lt")), (
                route
            )


def test_who_reports_changes_with_the_union():
    assert "UK" in reporting_countries(2019) and "UK" not in reporting_countries(2020)
    assert {"HR", "NO", "UK"} <= set(reporting_countries(2008))


@pytest.mark.parametrize(
    ("replaced", "by", "expected"),
    [
        ("neighbours: [LV, PL, EE]", "neighbours: [LX, PL, EE]", "LV"),
        ("neighbours: [LV, PL, EE]", "neighbours: [Latvia, PL]", "LV is the code of Latvia"),
        ("neighbours: [LV, PL, EE]", "neighbours: [EU27_2020]", "not an aggregate"),
        ("neighbours: [LV, PL, EE]", "neighbours: [LT]", "not its own neighbour"),
        ("neighbours: [LV, PL, EE]", "neighbours: [LV, PL, EE, DE, SE, FI]", "at most 5"),
        ("neighbours: [LV, PL, EE]", "neighbors: [LV, PL]", "unknown key countries.LT.neighbors"),
        ("border_routes: [CENTRAL_MED]", "border_routes: [CENTRAL_SEA]", "CENTRAL_MED"),
        ("  LT:", "  LIT:", "LT"),
        ('  "NO":', "  NO:", "string"),
    ],
)
def test_what_is_no_country_and_no_route_is_refused(project, replaced, by, expected):
    path = project.params / "countries.yaml"
    path.write_text(path.read_text().replace(replaced, by))
    with pytest.raises(InvalidDeclaration, match=r"countries\.yaml") as refused:
        read_countries(project)
    assert expected in str(refused.value)


@pytest.mark.parametrize(
    ("country", "year", "given", "neighbours"),
    [
        ("LT", 2022, {}, ("LV", "PL", "EE")),
        ("LT", 2022, {"neighbours": None}, ("LV", "PL", "EE")),
        ("LT", 2022, {"neighbours": ["EE"]}, ("EE",)),
        ("LT", 2022, {"neighbours": []}, ()),
        ("MT", 2022, {}, ()),
        ("IS", 2022, {}, ()),
        ("IE", 2019, {}, ("UK",)),
        ("IE", 2022, {}, ()),
    ],
)
def test_neighbours_are_those_given_or_else_those_declared_that_report(country, year, given, neighbours):
    run = resolve(PROJECT, "borders_and_return", {"country": country, "year": year, **given})
    assert run.parameters == {"neighbours": neighbours}


def test_events_are_named_in_both_languages_and_have_a_source():
    assert set(EVENTS) == set(code_list("event").codes)
    for code, event in EVENTS.items():
        named = code_list("event").code(code)
        assert named.label("en") != named.label("lt") and event.source and event.first <= event.last


def test_what_went_on_is_of_the_country_the_months_and_the_direction():
    during = read_countries(PROJECT).events_in
    assert list(during("LT", "2021-07", "2021-09", "more")) == ["BELARUS_ROUTE", "AFGHANISTAN"]
    assert list(during("PT", "2021-07", "2021-09", "more")) == ["AFGHANISTAN"]
    assert list(during("LT", "2021-07", "2021-09", "fewer")) == []
    assert list(during("LT", "2020-06", "2021-01", "fewer")) == ["PANDEMIC", "REG_2020_851"]
    assert list(during("DK", "2021-01", "2021-01", "more")) == []


@pytest.mark.parametrize(
    ("replaced", "by", "expected"),
    [
        ("  UKRAINE:", "  UKRAINA:", "UKRAINE"),
        ("last: 2022-05", "last: 2022-01", "not before the first"),
        ("first: 2022-02", "first: 2022-Q1", "a month"),
        ("countries: [LT, LV, PL]", "countries: [LT, LX]", "a country code"),
    ],
)
def test_an_event_that_cannot_be_is_refused(project, replaced, by, expected):
    path = project.params / "countries.yaml"
    path.write_text(path.read_text().replace(replaced, by))
    with pytest.raises(InvalidDeclaration, match=r"countries\.yaml") as refused:
        read_countries(project)
    assert expected in str(refused.value)


def test_temporary_protection_is_refused_before_it_was_granted():
    with pytest.raises(RefusedRun, match="2022 to"):
        resolve(PROJECT, "temporary_protection", {"country": "EE", "year": 2016})


def test_before_it_was_granted_temporary_protection_is_not_applicable_instead_of_lacking():
    study = Study.open("annual_overview", country="EE", year=2022)
    by_year = study.results("temporary_protection_per_1000", time=[2021, 2022], citizen="UA")
    assert [result.is_available for result in by_year] == [False, True] and by_year[0].flags == "z"
    months = study.results("temporary_protection_beneficiaries", time=["2022-02", "2022-03"], citizen="UA")
    assert [result.flags for result in months if not result.is_available][:1] == ["z"]


# Pages


def shown_by(code: str, names: dict):
    """Run a cell; what its last expression is."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102 – the notebook is our own
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


@cache
def page(study: str, country: str, year: int, language: str = "en"):
    """The page of a study, made without a kernel."""
    notebook, names = nbformat.read(PROJECT.notebook(study), as_version=4), {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            shown = shown_by(cell.source, names)
            if shown is not None:
                data, metadata = shown._repr_mimebundle_()
                cell.outputs = [nbformat.v4.new_output("execute_result", data=data, metadata=metadata)]
        if "parameters" in cell.metadata.get("tags", []):
            names |= {"country": country, "year": year, "language": language}
    record = names["study"].provenance().record
    recorded, wording = Recorded(notebook, record), Wording(language, read_indicators(PROJECT))
    blocks = blocks_html(recorded, wording)
    html = html_page(recorded, blocks, about(record, None, wording), wording, b"", "", "draft")
    return lxml.html.fromstring(html)


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
    assert len(headings) > 5
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
    assert "Beside neighbouring countries" in said


def test_the_route_that_is_told_is_that_of_the_country():
    for country, told in {
        "MT": "Central Mediterranean Route",
        "LT": "Eastern Borders Route",
        "DE": None,
        "CH": None,
    }.items():
        said = prose(page("borders_and_return", country, 2022))
        assert set(re.findall(r"On the ([\w ]+ Route) \(", said)) == ({told} if told else set())
        assert ("Detections on migratory routes" in said) == bool(told)
    assert "from Norway to Romania" in prose(page("borders_and_return", "LT", 2022))
    assert "nuo Norvegijos iki Rumunijos" in prose(page("borders_and_return", "LT", 2022, "lt"))


def test_the_attempts_turned_back_are_told_where_they_are_counted():
    heading = "Attempts turned back: national counts"
    told = {
        (c, y): heading in prose(page("borders_and_return", c, y))
        for c, y in [("LT", 2022), ("LT", 2020), ("PL", 2022)]
    }
    assert told == {("LT", 2022): True, ("LT", 2020): False, ("PL", 2022): False}


def test_one_neighbour_is_named_and_several_are_its_neighbours():
    assert "Ireland and the United Kingdom, in proportion" in prose(page("borders_and_return", "IE", 2019))
    assert "Lithuania and its neighbours, in proportion" in prose(page("borders_and_return", "LT", 2022))
    assert "Lietuva ir kaimyninės šalys" in prose(page("borders_and_return", "LT", 2022, "lt"))


def test_an_overview_of_a_year_before_temporary_protection_says_nothing_of_it():
    assert "emporary protection" not in prose(page("annual_overview", "EE", 2016)).split("Comparability What")[0]


def test_mirror_statistics_are_of_the_ten_partners_that_counted_most():
    (mirror,) = page("migration_and_population", "LT", 2022).xpath("//figure[@id='figure-mirror']")
    counted = [
        int(cell.replace(",", ""))
        for cell in mirror.xpath(".//table//td//text()")
        if cell.strip("\n ,0123456789") == ""
    ]
    assert len(counted) == 10 and counted[0] == 2927 == max(counted)


def cells(*sources: str, shown: set[int] = frozenset()):
    """A notebook: what begins with # is Markdown, and the code that is named shows something."""
    made = []
    for at, source in enumerate(sources):
        if source.startswith("#"):
            made.append(nbformat.v4.new_markdown_cell(source))
        else:
            outputs = [nbformat.v4.new_output("execute_result", data={"text/html": "<p>x</p>" if at in shown else " "})]
            made.append(nbformat.v4.new_code_cell(source, outputs=outputs))
    return nbformat.v4.new_notebook(cells=made)


@pytest.mark.parametrize(
    ("sources", "shown", "left"),
    [
        (["# Title", "a"], set(), ["# Title", "a"]),
        (["## One", "a", "## Two", "b"], {3}, ["a", "## Two", "b"]),
        (["## One", "a", "### Below", "b", "## Two"], set(), ["a", "b", "## Two"]),
        (["## One", "a", "### Below", "b"], {3}, ["## One", "a", "### Below", "b"]),
    ],
)
def test_a_section_whose_code_shows_nothing_is_left_out_and_its_code_stays(sources, shown, left):
    notebook, _ = LeaveOutEmptySections().preprocess(cells(*sources, shown=shown), {})
    assert [cell.source for cell in notebook.cells] == left
