"""What is declared per country: true of the map, and known to the code lists."""

import nbformat
import pytest

from conftest import ROOT
from workbench.declarations.codelists import code_list, reporting_countries
from workbench.declarations.countries import read_countries
from workbench.model.errors import InvalidDeclaration, RefusedRun
from workbench.model.paths import Project
from workbench.page.sections import cells_of, study_sections
from workbench.resolving.parameters import resolve
from workbench.study import Study

PROJECT = Project(ROOT)
DECLARED = read_countries(PROJECT).countries
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
        ('  "NO":', "  NO:", "text"),
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


def test_temporary_protection_is_refused_before_it_was_granted():
    with pytest.raises(RefusedRun, match="2022 to"):
        resolve(PROJECT, "temporary_protection", {"country": "EE", "year": 2016})


def test_before_it_was_granted_temporary_protection_is_not_applicable_instead_of_lacking():
    study = Study.open("annual_overview", country="EE", year=2022)
    by_year = study.results("temporary_protection_per_1000", time=[2021, 2022], citizen="UA")
    assert [result.is_available for result in by_year] == [False, True] and by_year[0].flags == "z"
    months = study.results("temporary_protection_beneficiaries", time=["2022-02", "2022-03"], citizen="UA")
    assert [result.flags for result in months if not result.is_available][:1] == ["z"]


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
        (["# Title", "a"], set(), []),
        (["# Title", "a"], {1}, ["# Title", "a"]),
        (["## One", "a", "## Two", "b"], {3}, ["## Two", "b"]),
        (["## One", "a", "### Below", "b", "## Two"], set(), ["## Two"]),
        (["## One", "a", "### Below", "b"], {3}, ["## One", "a", "### Below", "b"]),
    ],
)
def test_a_section_whose_code_shows_nothing_is_left_out(sources, shown, left):
    sections = study_sections(cells(*sources, shown=shown).cells, of_method=set())
    assert [cell.source for cell in cells_of(sections)] == left
