"""An editor's commentary: its numbers are bound, none is typed, and errors say file, line and column."""

import pytest

from both_languages import EN, LT
from made_up_results import made_up
from workbench.declarations.commentary import BoundNumber, commentary_files, read_commentary
from workbench.model.errors import InvalidDeclaration, InvalidName, UnboundNumber, UnknownCode, WorkbenchError
from workbench.model.paths import Project
from workbench.presentation.brief import Commentary
from workbench.study.commentary import signed

FRONT_MATTER = """---
author: Made-up Author
date: 2026-11-20
numbers:
  applied: {indicator: asylum_applicants}
  before2: {indicator: asylum_applicants, time: "2021"}
  missing: {indicator: returned}
---
"""
NUMBERS = {
    ("asylum_applicants", None): made_up(1025, indicator="asylum_applicants"),
    ("asylum_applicants", "2021"): made_up(3940, "2021", indicator="asylum_applicants"),
    ("returned", None): made_up(None, indicator="returned"),
}


def resolve(number: BoundNumber):
    return NUMBERS[number.indicator, number.time]


@pytest.fixture
def write(tmp_path):
    def written(text, name="2022.en.md", front_matter=FRONT_MATTER):
        path = tmp_path / "params" / "commentary" / "LT" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(front_matter + text, encoding="utf-8")
        return path

    return written


def test_numbers_are_bound_and_the_text_is_signed_and_dated(write):
    path = write("In 2022, {applied} applied;\nin 2021, {before2} did.\n\nA second paragraph.\n")
    html = Commentary({"en": signed(read_commentary(path), resolve)}).html(EN)
    assert html.count("<p>") == 2 and 'data-result="asylum_applicants|LT||2021|' in html
    assert (
        ">1,025</a>" in html
        and "Made-up Author" in html
        and '<time datetime="2026-11-20">20 November 2026</time>' in html
    )


def test_it_is_shown_in_its_own_language_alone(write):
    said = Commentary({"en": signed(read_commentary(write("{applied} applied.")), resolve)})
    before = set(LT.untranslated)  # by other tests
    assert said.html(LT) == "" and LT.untranslated == before


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("A year of change.\nSome 1,025 applied.\n", "line 10, column 6", "1,025"),
        ("Ten {before2} more, or 12 %.\n", "line 9, column 24", "12 %"),
        ("One.\n\nThen {applied} and {unknown}.", "line 11, column 20", "unknown"),
        ("{missing} were returned.", "line 9, column 1", "missing"),
    ],
)
def test_a_number_that_no_result_backs_is_refused_with_its_place(write, text, place, found):
    with pytest.raises(UnboundNumber) as refusal:
        signed(read_commentary(write(text)), resolve)
    assert str(refusal.value.where).endswith(f"2022.en.md, {place}") and refusal.value.found == found


def test_years_dates_and_legal_acts_may_be_typed(write):
    text = "Since 4 March 2022, by Decision (EU) 2022/382, the EU-27 has done so."
    assert signed(read_commentary(write(text)), resolve).paragraphs[0].message == text


@pytest.mark.parametrize(
    "markup", ["# A heading", "- an item", "<b>bold</b>", "[a link](https://example.org)", "> quoted"]
)
def test_markup_is_refused_and_not_shown_as_it_is(write, markup):
    with pytest.raises(WorkbenchError, match="has markup") as refusal:
        signed(read_commentary(write(f"A sentence.\n\n{markup}\n")), resolve)
    assert "line 11" in refusal.value.where


@pytest.mark.parametrize(("text", "why"), [("\n", "is empty"), ("Long. " * 200, "too long")])
def test_it_must_say_something_and_fit_the_page(write, text, why):
    with pytest.raises(WorkbenchError, match=why):
        signed(read_commentary(write(text)), resolve)


def test_an_error_of_a_number_says_which_of_which_file(write):
    def unknown(number):
        raise UnknownCode("there is no such indicator", found=number.indicator)

    with pytest.raises(UnknownCode) as refusal:
        signed(read_commentary(write("Text.")), unknown)
    assert refusal.value.where.endswith("2022.en.md, numbers.applied")


@pytest.mark.parametrize(
    "front_matter",
    ["", "---\nauthor: Somebody\n---\n", "---\nauthor: A\ndate: 2026-11-20\nnumber: {}\n---\n", "---\na: [\n---\n"],
    ids=["none", "no date", "unknown key", "no YAML"],
)
def test_what_stands_at_the_top_must_be_whole(write, front_matter):
    with pytest.raises(InvalidDeclaration):
        read_commentary(write("Text.", front_matter=front_matter))


def test_files_are_those_of_the_country_and_year_each_named_after_its_language(write, tmp_path):
    write("x", "2022.lt.md"), write("x", "2022.en.md"), write("x", "2021.en.md")
    project = Project(tmp_path)
    assert [path.name for path in commentary_files(project, "LT", 2022)] == ["2022.en.md", "2022.lt.md"]
    assert commentary_files(project, "LV", 2022) == []
    write("x", "2022.english.md")
    with pytest.raises(InvalidName, match="not a name of a language"):
        commentary_files(project, "LT", 2022)
