"""The words: numbers, dates, plural and case in both languages; no figure without a result; complete catalogues."""

import datetime
import math

import pytest
from conftest import ROOT, copy_project

from workbench.declarations.indicators import read_indicators
from workbench.model.errors import UnboundNumber, WorkbenchError
from workbench.model.paths import Project
from workbench.model.words import Result
from workbench.presentation import messages
from workbench.presentation.markdown import translated_markdown
from workbench.presentation.sentences import Period, Place, sentence
from workbench.presentation.wording import Wording, translations

INDICATORS = read_indicators(Project(ROOT))
EN, LT = Wording("en", INDICATORS), Wording("lt", INDICATORS)
NBSP = "\N{NO-BREAK SPACE}"


def result(value, unit="persons", flags="") -> Result:
    """A made-up result."""
    return Result(
        "asylum_applicants", "LT", "", "2022", value, value, value, unit, flags, "migr_asyappctza", "2024-01-18"
    )


def test_numbers_as_each_language_writes_them():
    assert (EN.number(1234567), LT.number(1234567)) == ("1,234,567", f"1{NBSP}234{NBSP}567")
    assert (EN.value(result(74.04, "%")), LT.value(result(74.04, "%"))) == ("74.0%", f"74,0{NBSP}%")
    assert EN.number(-3.25, "%") == "−3.2" and EN.number(-0.01, "%") == "0.0"


def test_a_number_in_a_name_does_not_break_at_the_end_of_a_line():
    assert EN.unit("per 1 000 inhabitants") == f"per 1{NBSP}000 inhabitants"
    assert EN.indicator("immigration_per_1000_change_pct").startswith(f"Immigration per 1{NBSP}000 inhabitants")


def test_dates_as_each_language_writes_them():
    day = datetime.date(2024, 5, 7)
    assert (EN.date(day), LT.date(day)) == ("7 May 2024", "2024 m. gegužės 7 d.")


@pytest.mark.parametrize(
    ("count", "noun"), [(1, "asmuo"), (21, "asmuo"), (22, "asmenys"), (11, "asmenų"), (20, "asmenų"), (905, "asmenys")]
)
def test_lithuanian_plurals(count, noun):
    forms = (
        "In {year}, {count} person applied for asylum in {country:locative} for the first time.",
        "In {year}, {count} persons applied for asylum in {country:locative} for the first time.",
    )
    assert f" {noun}." in LT.plural(*forms, count)


def test_a_place_bends():
    country = {"country": Place("geo", "NL"), "origin": Place("citizen", "GE"), "year": Period("2022")}
    assert str(sentence(EN, "In {country:locative}, {year}", country)) == "In the Netherlands, 2022"
    assert str(sentence(LT, "{country:locative}, {origin:genitive}", country)) == "Nyderlanduose, Sakartvelo"


def test_every_number_in_a_sentence_is_a_result_that_can_be_followed():
    worded = sentence(EN, "There were {applicants}.", {"applicants": result(1025)})
    assert worded.results == (result(1025),) and 'data-result="asylum_applicants|LT||2022|migr_asyappctza|2024-01-18"' in worded.html
    assert "migr_asyappctza" in worded.html and ">1,025</a>" in worded.html


@pytest.mark.parametrize("template", ["There were 1,025.", "About 5 in {eu}", "EU-28 and {n}"])
def test_a_typed_figure_is_refused(template):
    with pytest.raises(UnboundNumber, match="typed"):
        sentence(EN, template, {"n": result(1), "eu": Place("geo", "EU27_2020")})


@pytest.mark.parametrize("template", ["½ of all", "UE-27 and ⅓"])
def test_a_typed_fraction_is_refused_too(template):
    with pytest.raises(UnboundNumber, match="typed"):
        sentence(EN, template, {})


def test_the_union_may_be_named_in_each_of_its_languages():
    for name in ("EU-27", "ES-27", "UE-27", "ΕΕ-27", "ЕС\N{NON-BREAKING HYPHEN}27"):
        assert str(sentence(EN, f"Elsewhere in the {name}", {})).endswith(name)


@pytest.mark.parametrize(
    ("template", "form"),
    [("{country:locativ}", "locativ"), ("{country:abs}", "abs"), ("{n:genitive}", "genitive"), ("{year:abs}", "abs")],
)
def test_an_unknown_form_is_refused(template, form):
    bound = {"country": Place("geo", "NL"), "n": result(1), "year": Period("2022")}
    with pytest.raises(WorkbenchError, match=f"no form '{form}'") as refused:
        sentence(EN, template, bound)
    assert refused.value.where == template and "locative" in refused.value.expected


@pytest.mark.parametrize("bare", [1025, 10.5, "1025"])
def test_a_bare_number_is_refused(bare):
    with pytest.raises(UnboundNumber):
        sentence(EN, "There were {n}.", {"n": bare})


def test_a_missing_number_says_why():
    assert EN.value(result(math.nan, flags="x")) == "[x]"
    assert not sentence(EN, "{n}", {"n": result(math.nan, flags="u")}).is_complete


def test_markup_in_a_label_is_text():
    assert "<script>" not in sentence(EN, "<script>{n}</script>", {"n": result(1)}).html


def test_markdown_is_translated_block_by_block():
    source = "## Key findings\n\nAll panels have one scale; behind each country\nthe rest stands in grey."
    assert translated_markdown(translations("lt"), source).startswith("## Pagrindinės išvados\n\nVisų langelių")


def test_the_catalogues_are_complete_and_hold_nothing_stale():
    assert messages.check(Project(ROOT)) == []


def test_an_untranslated_message_is_noticed(tmp_path):
    project = copy_project(tmp_path / "project")
    notebook = project.notebook("asylum_applications")
    notebook.write_text(notebook.read_text().replace("## Applicants over the years", "## Applicants of note"))
    problems = messages.check(project)
    assert any("untranslated: 'Applicants of note'" in problem for problem in problems)
    assert any("stale: 'Applicants over the years'" in problem for problem in problems)
