"""A question is understood by codes, labels, groups and ranges; what cannot be is refused, and the nearest is named."""

import pytest

from conftest import ROOT
from workbench.exploring.question import read_question
from workbench.model.errors import WorkbenchError
from workbench.model.paths import Project

PROJECT = Project(ROOT)


def asked(name: str, *selection: str):
    return read_question(PROJECT, name, selection)


def test_labels_in_any_language_groups_and_ranges_are_understood_as_codes():
    by_name = asked("first_time_applicants", "citizen=Baltarusija,russia", "geo=baltic,Lenkija", "time=2015-2017,2020")
    by_code = asked("first_time_applicants", "citizen=BY,RU", "geo=EE,LV,LT,PL", "time=2015,2016,2017,2020")
    assert (by_name.geo, by_name.time, by_name.breakdown) == (by_code.geo, by_code.time, by_code.breakdown)


def test_a_code_is_read_in_small_letters_and_eu27_is_one_place():
    assert asked("asylum_applicants", "geo=lt,eu27").geo == ("LT", "EU27_2020")


def test_a_place_that_no_snapshot_reports_is_told_those_that_one_does():
    with pytest.raises(WorkbenchError) as refused:
        asked("turned_back_at_border", "geo=LV")
    assert "LT (Lithuania)" in str(refused.value) and "citizen" not in str(refused.value)


def test_members_are_the_member_states_and_neighbours_those_of_the_home_country():
    assert len(asked("population", "geo=members").geo) == 27
    assert set(asked("population", "geo=neighbours").geo) == {"LV", "PL", "EE"}


def test_ranges_of_months_go_over_the_year():
    months = asked("first_time_applicants", "time=2025-11..2026-02").time
    assert months == ("2025-11", "2025-12", "2026-01", "2026-02")


def test_without_place_and_period_it_is_of_the_home_country_and_the_last_ten_years():
    question = asked("asylum_applicants")
    assert question.geo == ("LT",)
    assert len(question.time) == 10 and question.time == tuple(sorted(question.time))


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("asylum_aplicants", "asylum_applicants"),
        ("asylum_applicants citzen=BY", "citizen"),
        ("asylum_applicants citizen=Belorus", "Belarus (BY)"),
        ("asylum_applicants citizen", "DIMENSION=CODES"),
        ("asylum_applicants geo=LT geo=LV", "geo is given twice"),
        ("asylum_applicants geo=ZZ", "baltic"),
        ("asylum_applicants geo=BY", "citizen=BY"),
        ("asylum_applicants age=Y99", "Y_GE65"),
        ("asylum_applicants time=2050", "2026-09-15"),
        ("asylum_applicants time=20x5", "2015-2024"),
        ("asylum_applicants time=2024-2015", "the earlier first"),
        ("asylum_applicants time=1000-2020", "too many periods"),
        ("population time=2022-03", "years"),
        ("first_time_applicants applicant=SSEQ", "by its definition"),
        ("migr_asydcfsta citizen=UA dezision=TOTAL", "decision"),
        ("asylum_applicants dataset=migr_acq", "migr_asyappctzm"),
        ("asylum_applicants vintage=2020-01-01", "2024-01-18"),
        ("asylum_applicants vintage=new", "2024-01-18"),
        ("months_to_clear", "near"),
    ],
)
def test_what_cannot_be_is_refused_and_the_nearest_is_named(question, named):
    with pytest.raises(WorkbenchError) as refused:
        asked(*question.split())
    assert named in str(refused.value)


def test_of_a_dataset_what_has_no_total_must_be_named():
    with pytest.raises(WorkbenchError, match="no total of consulate, measure") as refused:
        asked("schengen_visas", "time=2022")
    assert "measure=" in str(refused.value)
