"""Key findings: the number at large, the year that is told, what is left out, how far each departs from the years before."""

import pytest

from both_languages import EN
from made_up_results import made_up, said, series
from workbench.model.errors import FalseStatement
from workbench.model.sentence import Period
from workbench.model.types import Result
from workbench.study import Study
from workbench.study.claims import Extreme
from workbench.study.defining import departure
from workbench.study.finding import Finding
from workbench.study.findings import finding_with_departure


def applicants(value: float | None = 5, time: str = "2022") -> Result:
    return made_up(value, time, indicator="asylum_applicants")


def open_study() -> Study:
    return Study.open("temporary_protection", country="LT", year=2022)


def test_the_number_at_large_is_one_that_the_sentence_states():
    rank, ranked = made_up(20), made_up(27)
    assert Finding(said("rank", ranked, rank), rank).number is rank
    assert Finding(said("rank", rank), Extreme(rank)).number is rank
    with pytest.raises(FalseStatement, match="not in its sentence"):
        Finding(said("rank", rank), ranked)


def test_a_finding_that_cannot_be_made_is_left_out_and_told_once_as_missing():
    study, missing, there = open_study(), applicants(None), said("there", applicants())
    shown = study.findings(
        Finding(there, applicants()),
        Finding(said("absent", missing), None),
        Finding(said("x", missing), missing),
    )
    html = shown.block.html(EN)
    assert html.count("<li>") == 1 and "absent" not in html
    assert [gap.what for gap in shown.block.gaps(EN)] == ["Asylum applicants (Lithuania, 2022)"]
    assert study.provenance().record.findings == (there,)


def test_a_number_is_at_large_once():
    findings = [Finding(said(text, applicants()), applicants()) for text in ("a", "b")]
    shown = open_study().findings(*findings)
    assert [finding.sentence for finding in shown.block.made] == [findings[0].sentence]
    assert shown.block.html(EN).count('class="at-large"') == 1


def test_what_is_said_without_a_number_at_large_is_said_once_for_each_text():
    words = [said("a", applicants()), said("a", applicants()), said("b", applicants())]
    shown = open_study().findings(*(Finding(sentence, None) for sentence in words))
    assert [finding.sentence for finding in shown.block.made] == words[1:]


def test_a_finding_of_another_year_says_so_and_why():
    study, of_2019 = open_study(), applicants(time="2019")
    for sentence in (said("told", of_2019), said("told", of_2019, Period("2019"))):
        with pytest.raises(FalseStatement, match="another year"):
            study.findings(Finding(sentence, of_2019))
    because = said("The figures end there.")
    shown = study.findings(Finding(said("told", of_2019, Period("2019")), of_2019, because=because))
    assert "The figures end there." in shown.block.html(EN)


def test_the_first_day_of_the_next_year_is_the_end_of_this_one():
    on_the_first = applicants(time="2023")
    finding = Finding(said("on the first day of", on_the_first, Period("2023")), on_the_first)
    assert [one.number for one in open_study().findings(finding).block.made] == [on_the_first]


def test_a_study_that_says_more_is_named_where_the_edition_has_it_and_not_even_read_elsewhere(project, monkeypatch):
    project.sidecar("visas").unlink()
    monkeypatch.chdir(project.root)
    study, finding = Study.open("brief", country="LT", year=2022), Finding(said("told", applicants()), applicants())
    shown = study.year_in_sentences((finding, "asylum_applications"), (finding, "visas")).block.html(EN)
    assert (
        shown.count("<li>") == 2 and shown.count('<p class="more">') == shown.count("asylum_applications.en.html") == 1
    )


def test_a_finding_departs_as_its_trend_does_and_without_one_from_nothing():
    number, trend = made_up(3940, "2020"), series(315, 415, 405, 645, 545, 3940)
    sentence = said("made up", number)
    finding, departs = finding_with_departure(sentence, number, trend)
    assert finding.trend == trend and departs == departure(trend) > 2
    assert finding_with_departure(sentence, number)[1] == 1
