"""Measures in proportion to populations and totals, of a country, those beside it and the Union: the rows of a table."""

from collections.abc import Sequence

from workbench.indicators.results import Results
from workbench.study.reader import Reader

TABLES_WITH_THE_UNION = {
    "first_permits_per_1000": ("tps00170",),
    "crude_net_migration_per_1000": ("tps00176", "tps00177"),
}
"""The datasets that have a number of the Union, of measures whose newest datasets have none."""

POPULATION = "demo_gind"


def in_proportion(study: Reader, *indicators: str, places: Sequence[str]) -> Results:
    """Some measures of some places, the Union the last of them; its own, where the newest data lack it, from a table that has it."""
    return sum((_with_the_union(study, indicator, places) for indicator in indicators), Results())


def _with_the_union(study: Reader, indicator: str, places: Sequence[str]) -> Results:
    *of_countries, of_union = study.results(indicator, geo=places)
    tables = TABLES_WITH_THE_UNION.get(indicator)
    if tables and not of_union.is_available:
        of_union = study.one(indicator, geo=of_union.geo, dataset=[*tables, POPULATION])
    return Results([*of_countries, of_union])


def protected_in_proportion(study: Reader, places: Sequence[str]) -> Results:
    """Beneficiaries of temporary protection: of all citizenships, where those of the country and the Union are known, else of
    Ukraine."""
    of_all = study.results("temporary_protection_per_1000", geo=places)
    is_known = of_all[0].is_available and of_all[-1].is_available
    return of_all if is_known else study.results("temporary_protection_per_1000", geo=places, citizen="UA")
