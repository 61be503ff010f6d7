"""What cannot be there is an error that says what there is; what could be there and is not is a result, which can say why."""

import pytest

from workbench.model.errors import InvalidDeclaration, UnknownCode
from workbench.study import Study


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.open("asylum_applications", country="LT", year=2022, language="en")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"time": 2050}, "nothing can have been counted in 2050 yet"),
        ({"time": "1900"}, "there are no such statistics of 1900"),
        ({"time": "2022-Q1"}, "asylum_applicants has years or months, and no quarters"),
        ({"time": "2022-13"}, "'2022-13' is not a period"),
        ({"time": ["2021", "last year"]}, "'last year' is not a period"),
    ],
)
def test_a_period_that_cannot_be_is_refused_and_those_that_there_are_named(study, asked, said):
    for ask in (study.results, lambda name, **where: study.total(name, over="citizen", **where)):
        with pytest.raises(UnknownCode, match=said) as refused:
            ask("asylum_applicants", **asked)
        assert "migr_asyappctza 2024-01-18 holds 2008 to 2022" in refused.value.expected


@pytest.mark.parametrize("time", ["2022-05", "2031", "1949"])
def test_observations_refuse_them_too(study, time):
    with pytest.raises(UnknownCode, match=r"2031|1949|no months"):
        study.observations("migr_asyappctza", geo="LT", time=time)


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ({"citizen": "ZZ"}, "ZA"),
        ({"citizen": "Baltarusija"}, "BY is the code of Belarus"),
        ({"geo": "XX"}, "XK"),
        ({"age": "under 18"}, "Y_LT18"),
        ({"citizenship": "BY"}, "citizen"),
    ],
)
def test_a_code_or_dimension_of_no_list_is_refused_with_the_nearest(study, asked, nearest):
    with pytest.raises(UnknownCode) as refused:
        study.results("asylum_applicants", **asked)
    assert nearest in refused.value.expected


def test_an_indicator_that_is_not_declared_is_refused_with_those_that_share_a_word_and_how_to_find_more(study):
    with pytest.raises(InvalidDeclaration) as refused:
        study.results("asylum_decisions")
    assert "asylum_applicants" in refused.value.expected and "_decisions" in refused.value.expected
    assert 'study.find("asylum") or study.find("decisions")' in refused.value.hint
    assert study.find("decisions").names


def test_so_it_is_where_there_is_no_snapshot_at_all(study):
    assert not study.one("unaccompanied_minors", time=2021, age="TOTAL").is_available
    with pytest.raises(UnknownCode, match="'ZZ' is not a code of citizen"):
        study.results("unaccompanied_minors", citizen="ZZ")
    with pytest.raises(UnknownCode, match="2050"):
        study.results("unaccompanied_minors", time=2050)


@pytest.mark.parametrize(
    ("indicator", "asked", "reason"),
    [
        ("asylum_applicants", {"time": 2023}, "Lithuania 2023: migr_asyappctza 2024-01-18 holds 2008 to 2022"),
        ("asylum_applicants", {"time": 2025}, "Lithuania 2025: migr_asyappctza 2024-01-18 holds 2008 to 2022"),
        ("asylum_applicants", {"time": 2007}, "Lithuania 2007: migr_asyappctza 2024-01-18 holds 2008 to 2022"),
        ("asylum_applicants", {"age": "Y99"}, "does not hold Age: 99 years"),
        ("asylum_applicants_per_million", {"geo": "BY"}, "does not hold Country: Belarus"),
        ("asylum_applicants_change_pct", {"time": 2023}, "Lithuania 2023: migr_asyappctza 2024-01-18 holds"),
        ("unaccompanied_minors", {}, "Lithuania 2022: there is no snapshot of migr_asyumactm"),
    ],
)
def test_what_could_be_there_is_a_result_that_says_why_it_is_not(study, indicator, asked, reason):
    result = study.one(indicator, **asked)
    assert not result.is_available and "x" in result.flags
    assert reason in repr(study.why_missing(result))


def test_of_a_monthly_rate_the_denominator_is_that_of_the_year(study):
    result = study.one("pending_applicants_per_million", time="2007-05")
    assert not result.is_available
    assert repr(study.why_missing(result)).splitlines() == [
        "Lithuania 2007-05: migr_asypenctzm 2023-06-26 holds 2008-01 to 2023-05"
    ]


def test_of_what_is_there_nothing_is_said(study):
    assert study.why_missing(study.one("asylum_applicants")) == ()
    assert repr(study.why_missing(study.results("asylum_applicants"))) == "nothing is missing"
