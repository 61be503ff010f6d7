"""Consulates that are new in the figures, or no longer in them, whatever their names are spelt like."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workbench.declarations.codelists import name_as_read
from workbench.model.types import Result
from workbench.study import Results, Study, largest_over_years, new_and_gone


def applications(consulate: str, partner: str, time: str, value: float) -> Result:
    place = f"consulate={consulate};partner={partner}"
    return Result(
        "visas_applied", "LT", place, time, value, value, value, "applications", "", "schengen_visas", "2025-06-01"
    )


def names(results: Results) -> list[str]:
    return [result.code("consulate") for result in results]


@pytest.mark.parametrize(
    ("before", "now", "partner"),
    [
        ("KIEV", "KYIV", "UA"), ("LVOV", "LVIV", "UA"), ("NUR-SULTAN", "ASTANA", "KZ"), ("ALGER", "ALGIERS", "DZ"),
        ("NEW YORK", "NEW YORK, NY", "US"), ("SAN JUAN. PR", "SAN JUAN, PR", "US"), ("VINNITSYA", "VYNNYTSIA", "UA"),
    ],
)  # fmt: skip
def test_another_spelling_is_not_another_consulate(before, now, partner):
    results = [applications(before, partner, "2021", 10), applications(now, partner, "2022", 12)]
    assert new_and_gone(results, "2021", "2022") == ((), ())


@pytest.mark.parametrize(
    ("before", "now", "partner"),
    [("GRODNO", "BREST", "BY"), ("SHANGHAI", "SHENYANG", "CN"), ("ALMATY", "ASTANA", "KZ")],
)
def test_another_town_of_the_country_is_another_consulate(before, now, partner):
    new, gone = new_and_gone(
        [applications(before, partner, "2021", 10), applications(now, partner, "2022", 12)], "2021", "2022"
    )
    assert names(new) == [now] and names(gone) == [before]


def test_a_name_of_another_country_is_another_consulate_and_no_application_is_none():
    results = [
        applications("TRIPOLI", "LY", "2021", 5), applications("TRIPOLI", "LB", "2022", 7),
        applications("CAIRO", "EG", "2021", 5), applications("CAIRO", "EG", "2022", 0),
    ]  # fmt: skip
    new, gone = new_and_gone(results, "2021", "2022")
    assert names(new) == ["TRIPOLI"] and names(gone) == ["CAIRO", "TRIPOLI"]


def test_lithuania_opened_in_singapore_and_closed_in_grodno():
    study = Study.open("visas", country="LT", year=2023)

    def between(before: int, now: int) -> tuple[list[str], list[str]]:
        years = [str(before), str(now)]
        held = [
            {r.code(axis) for r in study.results("visas_applied", time=years, **{axis: study.every}) if r.value > 0}
            for axis in ("consulate", "partner")
        ]
        places = {"consulate": sorted(held[0]), "partner": sorted(held[1])}
        new, gone = new_and_gone(study.results("visas_applied", time=years, **places), *years)
        return names(new), names(gone)

    new, gone = between(2022, 2023)
    assert "SINGAPORE" in new and "ST. PETERSBURG" in gone
    assert "GRODNO" in between(2019, 2022)[1]


def test_the_largest_over_years_stand_in_order_of_their_sums():
    parts = [applications("X", partner, time, value) for partner, values in {"BY": (1, 9), "RU": (6, 6), "UA": (0, 0)}.items()
             for time, value in zip(("2021", "2022"), values)]  # fmt: skip
    assert [part.code("partner") for part in largest_over_years(parts, "partner", 5)] == ["RU", "RU", "BY", "BY"]


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("NEW YORK, NY", "New York, NY"), ("NEW ORLEANS, LA", "New Orleans, LA"), ("SAN JUAN. PR", "San Juan. PR"),
        ("ST. PETERSBURG", "St. Petersburg"), ("N'DJAMENA", "N'Djamena"), ("SANA'A", "Sana'a"), ("LA PAZ", "La Paz"),
        ("DAR ES SALAAM", "Dar es Salaam"), ("FRANKFURT/MAIN", "Frankfurt/Main"), ("Minsk", "Minsk"), ("MALMÖ", "Malmö"),
    ],
)  # fmt: skip
def test_a_name_in_capitals_is_read_as_a_name(printed, read):
    assert name_as_read(printed) == read


@given(some.text("ABCDEFGHIJKLMNOPQRSTUVWXYZÖÉ'/-.,() ", min_size=1))
def test_only_the_case_of_a_name_changes(printed):
    assert name_as_read(printed).upper() == " ".join(printed.split()) or not printed.isupper()
