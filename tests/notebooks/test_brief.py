"""The brief: which sentences it tells, in which order, and what it says to be careful about and to wait for."""

import pytest

from both_languages import EN, LT, text_of
from notebook_code import executed
from workbench.presentation.blocks import parts_of
from workbench.presentation.brief import Points
from workbench.presentation.figure import Figure

pytestmark = pytest.mark.slow

STUDY = "brief"

THIN = [("HR", 2008), ("BE", 2008), ("LI", 2012), ("ME", 2022)]
MANY = [("LT", 2022), ("LT", 2024), ("DE", 2022), ("MT", 2022), ("CH", 2022), ("EE", 2020), ("LT", 2016)]


def points_of(run, cell):
    """The sentences of the lists that a cell shows."""
    blocks = parts_of(run.shown[cell].block) if cell in run.shown else ()
    return [point.sentence for block in blocks if isinstance(block, Points) for point in block.points]


def said(run, cell, wording=EN):
    return [text_of(sentence, wording) for sentence in points_of(run, cell)]


def test_lithuania_in_the_year_in_which_many_fled_from_ukraine():
    run = executed(STUDY, "LT", 2022)
    assert run.findings() == [
        (
            "At the end of 2022, 65,110 citizens of Ukraine had temporary protection in Lithuania: 23.2 for every thousand "
            "inhabitants."
        ),
        "On the first day of 2023, 98,373 residents of Lithuania were foreign citizens: 3.4% of the population.",
        "In 2022, 1,025 persons applied for asylum in Lithuania: 74% fewer than in 2021.",
        "Of the 735 first-instance decisions on asylum applications in 2022, 39–44% were positive; in the EU-27, 49.1% were.",
        "In 2022, 87,367 persons immigrated to Lithuania and 15,270 emigrated: 72,097 more came than left.",
    ]
    in_lithuanian = said(run, "sentences", LT)[2].replace("\N{NO-BREAK SPACE}", " ")
    assert in_lithuanian == "2022 m. Lietuvoje prieglobsčio prašytojų buvo 1 025 – 74 % mažiau negu 2021 m."


@pytest.mark.parametrize(("country", "year"), [*THIN, *MANY])
def test_there_are_fewer_sentences_rather_than_empty_ones(country, year):
    run = executed(STUDY, country, year)
    told = points_of(run, "sentences")
    assert len(told) <= 5 and all(sentence.is_complete and sentence.results for sentence in told)
    assert len({text_of(sentence) for sentence in told}) == len(told)
    assert "Not available:" not in run.shown["sentences"].block.html(EN)
    assert (country, year) in THIN or len(told) == 5


def test_the_table_says_of_whom_and_of_when_it_is():
    """A rate of all under temporary protection stands on a page that tells of citizens of Ukraine."""
    shown = executed(STUDY, "LT", 2022).shown["neighbours"].block.html(EN)
    assert "Temporary protection is here that of all citizenships, not of citizens of Ukraine alone." in shown
    assert "Foreign citizens are those on the first day of 2023." in shown
    assert "emporary protection" not in executed(STUDY, "LT", 2016).shown["neighbours"].block.html(EN)


@pytest.mark.parametrize(("country", "year"), MANY)
def test_what_departs_most_from_the_years_before_is_told_first(country, year):
    names = executed(STUDY, country, year).names
    far = {id(finding): departs for finding, departs in names["of_somebody"]}
    told = [far[id(finding)] for finding in names["first_five"]]
    out_of_the_ordinary = [departs for departs in told if departs >= 2]
    assert told[: len(out_of_the_ordinary)] == sorted(out_of_the_ordinary, reverse=True)
    left_out = [departs for key, departs in far.items() if key not in map(id, names["first_five"])]
    assert all(departs < 2 for departs in left_out) or min(told) >= max(left_out)


@pytest.mark.parametrize(("country", "year"), [*THIN, *MANY])
def test_the_figure_shows_the_first_sentence_that_has_enough_years(country, year):
    run = executed(STUDY, country, year)
    figures = [block for block in run.recorded.blocks if isinstance(block, Figure)]
    assert len(figures) <= 1
    for figure in figures:
        assert figure.chart.results[0].indicator in {f.number.indicator for f in run.names["first_five"]}
        assert figure.title.is_complete and figure.chart.results[-1] in figure.title.results
        assert len([result for result in figure.chart.results if result.is_available]) >= 4


def test_the_highest_year_is_told_where_there_is_one():
    assert (
        executed(STUDY, "LT", 2016).titles()[0]
        == "Asylum applicants: 430 in 2016; the highest since 2008 was 645 in 2012"
    )


def test_a_break_is_minded_first_then_another_definition():
    cautions = said(executed(STUDY, "DE", 2022), "cautions")
    assert len(cautions) == 3
    assert "the series breaks in 2023" in cautions[0] and "definition of its own" in cautions[1]


@pytest.mark.parametrize(("country", "year"), MANY)
def test_three_things_are_to_be_minded_of_what_is_told(country, year):
    run = executed(STUDY, country, year)
    assert len(said(run, "cautions")) == 3
    told = {result.indicator for sentence in points_of(run, "sentences") for result in sentence.results}
    if "temporary_protection_beneficiaries" not in told:
        assert not any("temporary protection" in caution.lower() for caution in said(run, "cautions"))


def test_data_are_due_by_the_law_and_not_by_the_clock():
    assert said(executed(STUDY, "LT", 2016), "next-data") == [
        "By the end of February 2018: First-instance decisions.",
        "By the end of March 2018: Asylum applicants; Found to be illegally present.",
        "By the end of June 2018: First residence permits.",
        "By the end of December 2018: Net migration.",
    ]


@pytest.mark.parametrize(("country", "year"), [*THIN, *MANY])
def test_the_table_has_no_row_and_no_column_without_a_number(country, year):
    compared = executed(STUDY, country, year).names["compared"]
    if any(result.is_available for result in compared):
        for by in ("indicator", "geo"):
            there = {getattr(result, by) for result in compared if result.is_available}
            assert there == {getattr(result, by) for result in compared}


def test_without_a_commentary_there_is_no_section_of_it():
    assert executed(STUDY, "LT", 2022).shown["commentary"].block.html(EN) == ""
