"""The vintage that breaks the reference year down by citizenship."""

from workbench.study import Study, with_citizenships


def test_it_is_the_one_that_the_run_reads_by_citizenship_or_the_oldest():
    study = Study.open("migration_and_population", country="LT", year=2022)
    where = with_citizenships(study, "migr_imm1ctz", "immigration")
    assert where == {"dataset": "migr_imm1ctz", "vintage": study.vintage("migr_imm1ctz", by="citizen")}
    assert study.one("immigration", citizen="NAT", **where).is_available


def test_where_none_has_the_year_the_oldest_tells_of_the_years_before():
    study = Study.open("migration_and_population", country="LT", year=2024)
    where = with_citizenships(study, "migr_imm1ctz", "immigration")
    assert where["vintage"] == study.vintages("migr_imm1ctz")[0]
    assert not study.one("immigration", citizen="NAT", **where).is_available
