"""The study's numbers against published figures, and against ones worked out from the snapshots by hand."""

import csv

import pytest

from conftest import ROOT, SHARED, shared
from workbench.declarations.indicators import read_indicators
from workbench.declarations.studies import read_sidecar
from workbench.model.paths import Project
from workbench.study import Study

PROJECT = Project(ROOT)
INDICATORS = read_indicators(PROJECT)
STUDIES = sorted(notebook.stem for notebook in PROJECT.notebooks.glob("*.ipynb"))
IN_NO_SNAPSHOT = {("emigration", "2010")}
"""Published figures whose dataset (migr_emi2) or year is in no starter snapshot: the study shows a gap there."""


def published_facts() -> list[dict]:
    """The published figures; none where the folder is missing."""
    file = SHARED / "facts.csv"
    return list(csv.DictReader(file.open(encoding="utf-8"))) if file.exists() else []


def study_that_reads(indicator: str, year: int) -> Study:
    """The first study that declares the first of the datasets that an indicator takes, for Lithuania and a year."""
    first, *_ = INDICATORS.datasets(indicator)
    name = next(name for name in STUDIES if first in read_sidecar(PROJECT, name).datasets)
    return Study.open(name, country="LT", year=year)


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.open("asylum_applications", country="LT", year=2022)


@pytest.mark.parametrize(
    "fact", published_facts(), ids=lambda fact: f"{fact['indicator']}-{fact['geo']}-{fact['time']}"
)
def test_a_published_figure_is_reproduced(fact):
    breakdown = dict(part.split("=") for part in fact["breakdown"].split(";") if part)
    study = study_that_reads(fact["indicator"], int(fact["time"][:4]))
    result = study.one(fact["indicator"], geo=fact["geo"], time=fact["time"], **breakdown)
    if (fact["indicator"], fact["time"]) in IN_NO_SNAPSHOT:
        assert not result.is_available and result.flags == "x"
        return
    assert result.value == pytest.approx(float(fact["value"]), abs=float(fact["tolerance"]))
    assert result.low <= float(fact["value"]) + float(fact["tolerance"])


def test_all_published_figures_are_compared():
    shared("facts.csv")
    assert len(published_facts()) == 18


def test_the_rate_is_persons_over_population():
    study = Study.open("asylum_applications", country="LT", year=2022)
    rate = study.one("asylum_applicants_per_million")
    assert rate.value == pytest.approx(1025 / 2_805_998 * 1e6)
    assert (rate.low, rate.high) == pytest.approx((1022.5 / 2_805_998 * 1e6, 1027.5 / 2_805_998 * 1e6))
    assert (rate.dataset, rate.vintage) == ("migr_asyappctza+demo_gind", "2024-01-18+2025-03-27")


def test_the_rank_counts_member_states_alone(study):
    per_state = study.results("asylum_applicants_per_million", geo=study.member_states)
    higher = [result for result in per_state if result.value > study.one("asylum_applicants_per_million").value]
    assert study.one("asylum_applicants_per_million_rank_eu27").value == len(higher) + 1 == 21
    assert study.one("asylum_applicants_per_million_ranked_eu27").value == 27


def test_shares_of_age_and_sex(study):
    # Lithuania 2022: 205 under 18 of 1,025 with known age, 690 men of 1,025 with known sex.
    assert study.one("applicants_minor_share_pct").value == pytest.approx(
        study.one("asylum_applicants", age="Y_LT18").value / 1025 * 100
    )
    assert study.one("applicants_male_share_pct").value == pytest.approx(690 / 1025 * 100)


def test_a_change_looks_back_a_year(study):
    change = study.one("asylum_applicants_change_pct")
    assert change.value == pytest.approx((1025 / 3940 - 1) * 100)
    assert change.low <= change.value <= change.high


def test_the_share_of_the_union_is_of_its_published_total(study):
    assert study.one("asylum_applicants_share_eu27_pct").value == pytest.approx(1025 / 955_940 * 100)


def test_a_country_outside_the_union_has_no_place_in_it():
    study = Study.open("asylum_applications", country="NO", year=2022)
    assert study.one("asylum_applicants_rank_eu27").flags == "z"
    assert study.one("asylum_applicants_share_eu27_pct").flags == "z"
