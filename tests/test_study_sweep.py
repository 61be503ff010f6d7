"""The notebook for every reporting country of a year and for the extremes: no error, and gaps shown as gaps."""

import json
import math

import pytest
from conftest import ROOT

from workbench.declarations.codelists import code_list, members
from workbench.study import Results, Study

NOTEBOOK = json.loads((ROOT / "notebooks" / "asylum_applications.ipynb").read_text(encoding="utf-8"))
CODE = ["".join(cell["source"]) for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]
EVERY_COUNTRY = [(country, 2022) for country in (*members("EU27_2020", 2022), "CH", "IS", "LI", "NO")]
# Tiny counts, years without first-time applicants or ages, a country that has left, one outside the Union.
EXTREMES = [("LI", 2010), ("EE", 2008), ("UK", 2019), ("LT", 2024), ("ME", 2022)]


def run_in_this_process(country: str, year: int, language: str) -> Results:
    """Run the notebook's code without a kernel, and give what it published."""
    parameters, *cells = CODE
    names = {}
    exec(parameters, names)  # noqa: S102 – the notebook is our own
    names |= {"country": country, "year": year, "language": language}
    for cell in cells:
        exec(cell, names)  # noqa: S102
    return Results(names["study"].provenance().record.results)


@pytest.mark.parametrize(("country", "year"), EVERY_COUNTRY + EXTREMES)
def test_a_study_of_any_country_holds_together(country, year):
    language = "en" if year % 2 else "lt"
    published = run_in_this_process(country, year, language)
    places = code_list("geo").codes
    for result in published:
        assert result.geo in places
        if result.is_available:
            assert result.low <= result.value <= result.high or (result.unit == "%" and result.value == 100)
        else:
            assert result.flags and math.isnan(result.low)
    total = published.one(indicator="asylum_applicants", geo=country, breakdown="", time=str(year))
    of_year = [r for r in published if r.indicator == "asylum_applicants" and r.time == str(year)]
    parts = [r for r in of_year if r.breakdown.startswith("citizen=")]
    named = sum(part.value for part in parts if part.code("citizen") != "OTHER")
    # Each part may be rounded up by half the base, and so may none be left for the rest.
    assert named <= total.value + 2.5 * (len(parts) + 1)
    shares = [r.value for r in published if r.indicator == "asylum_applicants_share_pct" and r.is_available]
    assert not shares or sum(shares) == pytest.approx(100, abs=2.5 * (len(shares) + 1) / total.value * 100)


def test_years_that_lack_first_time_applicants_show_the_gap():
    published = run_in_this_process("LT", 2024, "en")
    first_time = [r for r in published if r.indicator == "first_time_applicants" and r.geo == "LT"]
    assert first_time and all(r.flags == "x" and not r.is_available for r in first_time)
    assert published.one(indicator="asylum_applicants", geo="LT", time="2024", breakdown="").vintage == "2025-03-31"


def test_one_series_never_mixes_vintages():
    published = run_in_this_process("LT", 2022, "en")
    assert {r.vintage for r in published if r.dataset == "migr_asyappctza"} == {"2024-01-18"}


def test_an_aggregate_is_never_ranked_among_the_members():
    study = Study.open("asylum_applications", country="LT", year=2022)
    ranks = study.results("asylum_applicants_rank_eu27", geo=study.member_states)
    assert len(ranks) == 27 and {r.geo for r in ranks} == set(members("EU27_2020", 2022))
    assert study.one("asylum_applicants_rank_eu27", geo="EU27_2020").flags == "z"
