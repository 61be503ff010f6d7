"""Figures and tables that a researcher makes without the workbench's charts."""

import copy
import json
from dataclasses import dataclass

import lxml.html
import pandas
import pytest
import seaborn
from matplotlib import pyplot
from statsmodels.api import OLS, add_constant

import researchers
from workbench.declarations.indicators import read_indicators
from workbench.model.errors import MalformedFile, UnboundNumber, WorkbenchError
from workbench.model.paths import find_project
from workbench.model.record import BLOCK_TYPE
from workbench.presentation.descriptions import block_of
from workbench.presentation.wording import Wording
from workbench.study import Study


@pytest.fixture(autouse=True)
def _style():
    with pyplot.rc_context():
        yield
    pyplot.close("all")


@pytest.fixture
def study():
    return Study.open("temporary_protection", country="LT", year=2022, language="lt")


def lines(study):
    axes = seaborn.lineplot(data=researchers.made_up(), x="year", y="persons", hue="sex", errorbar=None)
    title, alternative = study.say("{country}, {year}"), study.say("{country}")
    return study.own_figure("own", axes, title=title, alternative=alternative)


def described(shown):
    return json.loads(json.dumps(shown._repr_mimebundle_()[0][BLOCK_TYPE]))


def test_an_own_figure_is_the_same_in_every_language_but_for_its_words(study):
    block = block_of(described(lines(study)))
    pages = {language: block.html(Wording(language, read_indicators(find_project()))) for language in ("en", "lt")}
    assert "Lithuania, 2022" in pages["en"]
    assert "Lietuva, 2022" in pages["lt"]
    drawings = {language: page[page.index("<path") : page.index("</svg>")] for language, page in pages.items()}
    assert drawings["en"] == drawings["lt"]
    assert 'aria-label="Lietuva, 2022. Lietuva."' in pages["lt"]


def test_an_own_figure_is_numbered_with_the_others_and_drawn_in_the_colours_of_the_page(study):
    first, second = lines(study), study.own_table("own", researchers.made_up(), title=study.say("{country}"))
    assert (first.block.number, second.block.number) == (1, 1)
    assert "var(--accent" in first.block.html(study._wording)
    assert not pyplot.get_fignums(), "the kernel would show it once more"


def test_what_an_own_figure_draws_stands_in_a_table_behind_it_and_in_no_file_within_the_page(study):
    figure = lxml.html.fromstring(lines(study).block.html(study._wording))
    assert [panel.get("data-panel") for panel in figure.find_class("panel")] == ["chart", "table"]
    head, *rows = ([cell.text_content() for cell in row] for row in figure.iter("tr"))
    assert head == ["series", "x", "y"] and rows[0] == ["men", "2020", "10"] and len(rows) == len(researchers.made_up())
    assert not figure.xpath("//a[starts-with(@href, 'data:')]")


def test_a_summary_of_statsmodels_is_a_table(study):
    frame = pandas.concat([researchers.made_up()] * 2)
    summary = OLS(frame["persons"], add_constant(frame["year"])).fit().summary()
    html = study.own_table("fit", summary, title=study.say("{country}")).block.html(study._wording)
    assert '<th scope="row">R-squared:</th>' in html
    assert "Date:" not in html


def test_no_number_is_typed_into_its_words(study):
    with pytest.raises(UnboundNumber):
        study.own_table("own", researchers.made_up(), title=study.say("In 2022, 15 persons"))


@dataclass(frozen=True)
class Slope:
    """A chart that a notebook defines."""

    results: tuple = ()


def test_a_chart_that_a_notebook_defines_is_refused(study):
    with pytest.raises(WorkbenchError, match="own_figure"):
        study.figure("slope", Slope(), title=study.say("{country}"), subtitle=study.say("{country}"))


def test_what_is_no_figure_is_refused(study):
    with pytest.raises(WorkbenchError, match="expected"):
        study.own_figure("own", "lines", title=study.say("{country}"), alternative=study.say("{country}"))


def test_a_drawing_that_was_altered_in_the_file_is_refused(study):
    said = copy.deepcopy(described(lines(study)))
    said["described"]["drawing"] = said["described"]["drawing"].replace("<path", "<script>alert(1)</script><path", 1)
    with pytest.raises(MalformedFile):
        block_of(said).html(study._wording)
