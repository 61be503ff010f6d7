"""Measures in proportion: the Union's own number is there where any table has it."""

import pytest

from workbench.study import Study, in_proportion, protected_in_proportion


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.open("annual_overview", country="LT", year=2022)


@pytest.mark.parametrize("indicator", ["first_permits_per_1000", "crude_net_migration_per_1000"])
def test_what_the_newest_data_lack_of_the_union_is_of_a_table_that_has_it(study, indicator):
    newest = study.one(indicator)
    own, union = in_proportion(study, indicator, places=["LT", study.eu27])
    assert not study.one(indicator, geo=study.eu27).is_available and union.is_available
    assert own == newest and union.dataset.startswith("tps")


def test_what_the_run_reads_stays_as_it_is(study):
    places = ["LT", "LV", study.eu27]
    read = study.results("recognition_rate_pct", geo=places)
    assert in_proportion(study, "recognition_rate_pct", places=places) == read
    nowhere = in_proportion(study, "valid_permits_per_1000", places=places)
    assert [result.is_available for result in nowhere] == [True, True, False]


def test_all_under_temporary_protection_are_told_where_the_union_is_known_else_citizens_of_ukraine(study):
    own, union = protected_in_proportion(study, ["LT", study.eu27])
    assert own.is_available and union.is_available and own.breakdown == union.breakdown == ""
    later = Study.open("annual_overview", country="LT", year=2024)
    assert {result.breakdown for result in protected_in_proportion(later, ["LT", later.eu27])} <= {"", "citizen=UA"}
