"""The number at the end of a month, told of the year that it ends."""

from workbench.study import Study, told_of_the_year


def test_the_number_of_the_last_month_is_told_as_that_of_the_year_and_no_other_is():
    study = Study.open("temporary_protection", country="MT", year=2022)
    december, november = (study.one("temporary_protection_beneficiaries", time=f"2022-{month}") for month in (12, 11))
    assert told_of_the_year(study, december).time == "2022"
    assert told_of_the_year(study, december).value == december.value
    assert told_of_the_year(study, november) == november
