"""The preferred series: which dataset and vintage speaks, and that pages and studies say the same."""

import math

import pytest

from conftest import ROOT
from workbench.data.preferred import PreferredSeries, fact
from workbench.declarations.editions import pinned_vintages
from workbench.declarations.indicators import read_indicators
from workbench.model.paths import Project
from workbench.model.types import Result
from workbench.study import Study

INDICATORS = read_indicators(Project(ROOT))
PINNED = {"migr_imm1ctz": "2026-09-15", "migr_imm1ctz by citizen": "2025-06-09", "tps00176": "2024-11-29"}


def immigration(
    dataset: str, vintage: str, value: float = 1.0, breakdown: str = "", indicator: str = "immigration"
) -> Result:
    """A made-up number of immigrants."""
    return Result(indicator, "LT", breakdown, "2017", value, value, value, "persons", "", dataset, vintage)


def preferred(*results: Result) -> tuple[str, str]:
    (first,) = PreferredSeries(INDICATORS, PINNED).of(results).values()
    return first.dataset, first.vintage


def test_datasets_speak_in_the_declared_order():
    assert preferred(immigration("migr_imm8", "2026-01-01"), immigration("tps00176", "2024-11-29")) == (
        "tps00176",
        "2024-11-29",
    )


def test_a_dataset_that_has_no_value_does_not_speak():
    nothing = immigration("migr_imm1ctz", "2026-09-15", math.nan)
    assert preferred(nothing, immigration("tps00176", "2024-11-29")) == ("tps00176", "2024-11-29")


def test_the_pinned_vintage_speaks_before_a_newer_one():
    older, newer = immigration("tps00176", "2024-11-29"), immigration("tps00176", "2026-11-29")
    assert preferred(newer, older) == ("tps00176", "2024-11-29")


def test_of_vintages_that_are_not_pinned_the_newest_speaks():
    older, newer = immigration("migr_imm8", "2023-01-01"), immigration("migr_imm8", "2024-07-05")
    assert preferred(older, newer) == ("migr_imm8", "2024-07-05")


def test_a_breakdown_is_read_from_the_vintage_pinned_for_it():
    of_totals, of_citizens = (immigration("migr_imm1ctz", PINNED[name], 1.0, "citizen=UA") for name in list(PINNED)[:2])
    assert preferred(of_totals, of_citizens) == ("migr_imm1ctz", "2025-06-09")
    of_totals, of_citizens = (immigration("migr_imm1ctz", PINNED[name]) for name in list(PINNED)[:2])
    assert preferred(of_citizens, of_totals) == ("migr_imm1ctz", "2026-09-15")


def test_what_is_derived_of_two_datasets_follows_each_of_them():
    pairs = [("tps00176+tps00177", "2024-11-29+2024-11-29"), ("migr_imm1ctz+migr_emi1ctz", "2026-09-15+2026-09-15")]
    assert preferred(*(immigration(*pair, indicator="net_migration") for pair in pairs)) == pairs[1]


@pytest.mark.parametrize(
    ("study", "indicator"), [("annual_overview", "immigration"), ("annual_overview", "foreign_citizens")]
)
def test_the_studies_read_what_speaks(study, indicator):
    """Of all that the snapshots have of Lithuania in 2022, the number of the study is the preferred one."""
    opened = Study.open(study, country="LT", year=2022)
    everywhere = [
        result
        for dataset in INDICATORS.datasets(indicator)
        for vintage in opened.vintages(dataset)
        for result in opened.results(indicator, dataset=dataset, vintage=vintage)
    ]
    speaks = PreferredSeries(INDICATORS, pinned_vintages(Project(ROOT), 2022)).of(everywhere)
    own = opened.one(indicator)
    assert speaks[fact(own)] == own and len(everywhere) > 1


@pytest.mark.parametrize(("year", "pair"), [(2016, ("tps00176", "tps00177")), (2022, ("migr_imm1ctz", "migr_emi1ctz"))])
def test_immigration_and_emigration_are_of_one_pair_and_make_the_balance(year, pair):
    """In 2016 one of the two newer datasets has the year, and the other has not: both are then of the older pair."""
    study = Study.open("annual_overview", country="EE", year=year)
    flows = [study.one(name) for name in ("immigration", "emigration")]
    assert tuple(flow.dataset for flow in flows) == pair
    assert flows[0].value - flows[1].value == study.one("net_migration").value
