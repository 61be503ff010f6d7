"""Indicators, datasets and codes are found by id and by labels in either language, and a study says what it is."""

import pytest

from workbench.model.errors import UnknownCode
from workbench.study import Study


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.open("asylum_applications", country="LT", year=2022, language="en")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("first-time", ("indicator", "first_time_applicants")),
        ("Pirma karta prasantys", ("indicator", "first_time_applicants")),
        ("belarus", ("code", "BY")),
        ("BALTARUSIJA", ("code", "BY")),
        ("GRC", ("code", "EL")),
        ("siaures makedonija", ("code", "MK")),
        ("migr_asyappctza", ("dataset", "migr_asyappctza")),
    ],
)
def test_what_is_meant_stands_first(study, text, first):
    found = study.find(text)
    assert (found[0].kind, found[0].name) == first and first[1] in found.names


def test_what_is_misspelt_is_found_and_what_is_nothing_is_not(study):
    assert study.find("asylum_aplicants")[0].name == "asylum_applicants"
    assert study.find("zzzzqq") == () and repr(study.find("zzzzqq")) == "nothing is called so"


def test_some_of_what_is_found_is_listed_likewise(study):
    found = study.find("population")
    assert found[:2].names == found.names[:2] and len(repr(found[:2]).splitlines()) == 2


def test_all_words_of_a_text_count(study):
    assert "asylum_applicants_per_million" in study.find("applicants million").names
    assert not [entry for entry in study.find("applicants million") if "million" not in entry.label.lower()]


def test_codes_are_those_of_the_dimension_in_both_languages(study):
    (belarus,) = study.codes("citizen", "belar")
    assert (belarus.name, belarus.labels) == ("BY", {"en": "Belarus", "lt": "Baltarusija"})
    assert {"Y_LT18", "UNK"} <= set(study.codes("age").names)
    with pytest.raises(UnknownCode, match="citizen"):
        study.codes("citisen")


def test_each_language_has_a_column_with_its_name(study):
    shown = study.codes("citizen", "belar")._repr_html_()
    assert '<th scope="col">English</th><th scope="col">Lietuvių</th>' in shown
    assert '<td lang="en">Belarus</td><td lang="lt">Baltarusija</td>' in shown


def test_datasets_begin_with_those_that_the_study_reads_and_say_how(study):
    read = [entry for entry in study.datasets if entry.is_read]
    assert {entry.name for entry in read} == set(study.sidecar.datasets) and study.datasets[: len(read)] == tuple(read)
    assert study.datasets["migr_asyappctza"].of == (
        "2024-01-18, 2008 to 2022, by age, applicant, citizen, freq, geo, sex, unit"
    )
    assert study.datasets["migr_asyumactm"].of == "no snapshot: workbench fetch migr_asyumactm"


def test_to_look_for_something_is_not_to_read_it():
    study = Study.open("asylum_applications", country="LT", year=2022)
    _ = repr(study), study.find("first-time"), study.datasets
    assert study._cited() == ()


def test_a_study_says_what_it_is_and_labels_come_in_its_language_first():
    study = Study.open("asylum_applications", country="LV", year=2021, language="lt")
    first, *_ = repr(study).splitlines()
    assert first == "Prieglobsčio prašymai: Latvija, 2021 (Lietuvių)"
    assert study.find("belarus")[0].label == "Baltarusija"
    assert study.find("belarus")._repr_html_().index("Baltarusija") < study.find("belarus")._repr_html_().index(
        "Belarus"
    )


def test_indicators_list_themselves_with_label_and_unit(study):
    assert "asylum_applicants  " in repr(study.indicators) and "Asylum applicants (persons)" in repr(study.indicators)
