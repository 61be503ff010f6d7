"""Tests of seasonality against SAS's printed ones, and how often they err on made-up series."""

import numpy as np
import pytest
from published import column
from scipy import stats

from workbench.methods.seasonality import moving_seasonality, qs, seasonality, whole_years

AIRLINE = column("airline_x11.csv", "passengers")


def test_the_airline_passengers_have_the_season_that_sas_finds():
    # SAS/ETS User's Guide, the X12 procedure, output "Table D8A": of the series with a year of forecasts, which these lack.
    found = seasonality(AIRLINE, first=8)
    assert found.stable_f == pytest.approx(190.9544, rel=0.01)
    assert found.kruskal_wallis == pytest.approx(131.9546, rel=0.001)
    assert found.moving_f == pytest.approx(3.370317, rel=0.03)
    assert found.combined**2 == pytest.approx(0.04, abs=0.005)
    assert found.identifiable


def test_whole_years_begin_in_january():
    years = whole_years(np.arange(30.0), first=8)
    assert years.shape == (2, 12)
    assert years[0, 0] == 4


def test_moving_seasonality_is_an_analysis_of_variance_without_replication():
    rng = np.random.default_rng(0)
    years = 1 + rng.normal(0, 0.1, (9, 12))
    away = np.abs(years - 1)
    # Two columns only: the F test of years is then the paired comparison of their ranks' means.
    statistic, p_value = moving_seasonality(years[:2])
    paired = stats.ttest_rel(away[0], away[1])
    assert statistic == pytest.approx(paired.statistic**2)
    assert p_value == pytest.approx(paired.pvalue)


def walks(count: int, deviation: float, season: float):
    rng = np.random.default_rng(7)
    wave = np.sin(2 * np.pi * np.arange(180) / 12)
    for _ in range(count):
        yield rng.poisson(100 * np.exp(season * wave + np.cumsum(rng.normal(0, deviation, 180)))) + 1.0


def test_wandering_series_without_a_season_are_left_alone():
    assert sum(seasonality(counts).identifiable for counts in walks(40, 0.1, 0.0)) <= 2


def test_a_season_of_a_fifth_is_found():
    assert sum(seasonality(counts).identifiable for counts in walks(15, 0.05, 0.2)) >= 14


def test_qs_sees_no_likeness_where_there_is_none():
    rng = np.random.default_rng(2)
    p_values = [qs(rng.poisson(50, 144))[1] for _ in range(200)]
    assert np.mean(np.array(p_values) < 0.01) < 0.05
    assert qs(AIRLINE)[1] < 1e-20
