"""A country among the others: what is ranked, what is on the map, and what stands in the table behind both."""

from workbench.study import Study, among_countries


def test_a_member_state_is_ranked_among_its_like_and_the_table_holds_all_that_is_drawn():
    study = Study.open("asylum_applications", country="LT", year=2022)
    among = among_countries(study, "asylum_applicants_per_million", "asylum_applicants")
    assert {r.geo for r in among.ranking.results} == set(study.member_states)
    assert {r.geo for r in among.map.results} == set(study.reporting_countries) > set(study.member_states)
    drawn = {*among.ranking.results, *among.map.results, among.ranking.union}
    assert drawn <= {*among.table.results} and {"asylum_applicants"} < {r.indicator for r in among.table.results}


def test_the_table_begins_with_the_highest():
    study = Study.open("asylum_applications", country="LT", year=2022)
    among = among_countries(study, "asylum_applicants_per_million", "asylum_applicants")
    rates = [r.value for r in among.table.results if r.indicator == "asylum_applicants_per_million"]
    assert rates == sorted(rates, reverse=True) and among.table.results[0].geo == "CY"


def test_another_country_stands_beside_the_member_states():
    study = Study.open("asylum_applications", country="CH", year=2022)
    ranked = among_countries(study, "asylum_applicants_per_million").ranking
    assert {r.geo for r in ranked.results} == {*study.member_states, "CH"} and ranked.union.geo == study.eu27


def test_a_measure_that_no_country_has_is_no_column():
    study = Study.open("asylum_applications", country="LT", year=2024)
    shown = among_countries(study, "asylum_applicants_per_million", "first_time_applicants").table.results
    assert {r.indicator for r in shown} == {"asylum_applicants_per_million"}
