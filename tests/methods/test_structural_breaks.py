"""Breaks against strucchange's published output, brute force, and simulation."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published import autoregression, column
from statsmodels.datasets import nile

from workbench.methods.recursive_residuals import recursive_residuals
from workbench.methods.refusal import Reason, ThinData
from workbench.methods.structural_breaks import (
    autoregressive_breaks,
    bootstrapped_sup_f,
    break_date_quantile,
    confidence_intervals,
    significant_breaks,
    structural_breaks,
    sup_f,
    sup_f_p_value,
)

NILE = nile.load_pandas().data["volume"].to_numpy()


def seatbelts() -> tuple[np.ndarray, np.ndarray]:
    """The seasonal autoregression of Zeileis et al. (2003): the month before, and the same month of the year before."""
    deaths = np.log10(column("uk_driver_deaths.csv", "killed_or_seriously_injured"))
    return deaths[12:], np.column_stack([np.ones(180), deaths[11:-1], deaths[:-12]])


# Published: strucchange's reference output (its file tests/Examples/strucchange-Ex.Rout.save)


def test_the_nile_breaks_once_in_1898():
    found = structural_breaks(NILE)
    assert [partition.breaks for partition in found.partitions] == [
        (),
        (28,),
        (28, 83),
        (28, 68, 83),
        (28, 45, 68, 83),
        (15, 30, 45, 68, 83),
    ]
    assert [round(partition.rss) for partition in found.partitions] == [
        2835157,
        1597457,
        1552924,
        1538097,
        1507888,
        1659994,
    ]
    assert [round(partition.bic, 2) for partition in found.partitions[:2]] == [1318.24, 1270.08]
    assert [round(partition.bic) for partition in found.partitions[2:]] == [1276, 1285, 1292, 1311]
    assert found.chosen.breaks == (28,)
    assert (found.low, found.high) == ((25,), (32,))


def test_a_constant_nile_is_rejected_as_published():
    test = sup_f(NILE)
    assert round(test.statistic, 2) == 75.93
    assert test.at == 28
    # R prints 2.22e-16, its distance of one from the next number: the value is below what one less a probability can tell.
    assert 0 < test.p_value < 5e-16


def test_the_seat_belt_regression_breaks_with_the_oil_crisis_and_the_law():
    y, x = seatbelts()
    found = structural_breaks(y, x, least=18, most=8)
    assert [partition.breaks for partition in found.partitions[1:4]] == [(46,), (46, 157), (46, 70, 157)]
    assert found.partitions[8].breaks == (18, 46, 70, 89, 107, 125, 144, 162)
    assert [round(partition.rss, 4) for partition in found.partitions] == [
        0.3297,
        0.2967,
        0.2676,
        0.2438,
        0.2395,
        0.2317,
        0.2258,
        0.2244,
        0.2231,
    ]
    assert [round(partition.bic, 4) for partition in found.partitions[:4]] == [
        -602.8611,
        -601.0539,
        -598.9042,
        -594.8774,
    ]
    assert found.chosen.breaks == ()
    assert confidence_intervals(y, (46, 157), x) == ((33, 144), (56, 171))


@pytest.mark.parametrize(
    "k, critical", [(1, (7.12, 8.68, 12.16)), (2, (5.00, 5.86, 7.78)), (3, (4.09, 4.71, 6.02)), (5, (3.26, 3.66, 4.53))]
)
def test_p_values_at_the_critical_values_of_andrews(k, critical):
    # Andrews, D. W. K. (2003), Econometrica 71(1), 395–397, as F statistics in Stock and Watson, table 15.5.
    for value, p_value in zip(critical, (0.10, 0.05, 0.01)):
        assert sup_f_p_value(k * value, k) == pytest.approx(p_value, rel=0.12)


def test_quantiles_of_a_break_date_are_those_of_yao():
    # Yao, Y.-C. (1987), Annals of Statistics 15, table 1, as quoted by Bai (1997): 7.7 and 11.0.
    assert break_date_quantile(0.95, 1, 1) == pytest.approx(7.687, abs=0.001)
    assert break_date_quantile(0.975, 1, 1) == pytest.approx(11.033, abs=0.001)
    assert break_date_quantile(0.025, 1, 1) == pytest.approx(-break_date_quantile(0.975, 1, 1))


# Properties


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-20, 20), min_size=12, max_size=16), st.integers(2, 4), st.integers(1, 2))
def test_no_other_cuts_are_better(values, least, number):
    y = np.array(values, dtype=float)
    if np.ptp(y) == 0:
        return

    def rss(breaks):
        ends = (0, *breaks, len(y))
        return sum(np.sum((y[a:b] - y[a:b].mean()) ** 2) for a, b in pairwise(ends))

    possible = [
        breaks
        for breaks in combinations(range(least, len(y) - least + 1), number)
        if all(b - a >= least for a, b in pairwise(breaks))
    ]
    if not possible:
        return
    found = structural_breaks(y, least=least, most=number).partitions[-1]
    assert len(found.breaks) == number
    assert found.rss == pytest.approx(min(map(rss, possible)), abs=1e-8)
    assert rss(found.breaks) == pytest.approx(found.rss, abs=1e-8)


def test_the_sums_of_squares_are_those_of_recursive_residuals():
    y, x = seatbelts()
    found = structural_breaks(y, x, least=60, most=1).partitions[1]
    at = found.breaks[0]
    parts = (recursive_residuals(y[part], x[part]) for part in (slice(0, at), slice(at, None)))
    assert found.rss == pytest.approx(sum(np.nansum(part**2) for part in parts))


def test_intervals_cover_the_date_nineteen_times_in_twenty():
    rng = np.random.default_rng(1)
    shift = 1.2 * (np.arange(120) >= 60)
    inside = total = 0
    for _ in range(160):
        y = rng.normal(size=120) + shift
        low, high = confidence_intervals(y, structural_breaks(y, most=1).partitions[1].breaks)
        inside += low[0] <= 60 <= high[0]
        total += 1
    assert 0.90 <= inside / total <= 0.99


# Autocorrelation


def test_waves_of_an_autocorrelated_series_are_not_taken_for_breaks():
    rng = np.random.default_rng(2)
    naive = careful = 0
    for seed in range(60):
        y = autoregression(rng, 0.8, 160)
        naive += sup_f(y).p_value < 0.05
        careful += bootstrapped_sup_f(y, replications=99, seed=seed).p_value < 0.05
    assert naive > 45
    assert careful <= 7


def test_a_step_beyond_such_waves_is_found_where_it_is():
    rng = np.random.default_rng(3)
    y = autoregression(rng, 0.5, 160) + 5 * (np.arange(160) >= 90)
    found = significant_breaks(y, lags=6)
    assert len(found.chosen.breaks) == 1
    assert abs(found.chosen.breaks[0] - 90) <= 2
    assert found.low[0] <= 90 <= found.high[0]
    assert found.coefficients.ravel() == pytest.approx([0, 5], abs=0.8)


def test_the_same_seed_gives_the_same_p_value():
    assert bootstrapped_sup_f(NILE, seed=5) == bootstrapped_sup_f(NILE, seed=5)


def test_regimes_of_an_autoregression_are_found_and_seldom_made_up():
    rng = np.random.default_rng(6)
    walks = [autoregression(rng, phi, 160) for phi in (0.7, 0.95, 1.0) for _ in range(12)]
    made_up = [bool(autoregressive_breaks(walk, replications=99).chosen.breaks) for walk in walks]
    assert sum(made_up) <= 4
    y = np.zeros(160)
    for t in range(1, 160):
        y[t] = (0.5 if t < 100 else 2.5) + 0.5 * y[t - 1] + 0.3 * rng.normal()
    found = autoregressive_breaks(y)
    assert found.chosen.breaks == pytest.approx((100,), abs=2)
    assert found.low[0] <= 100 <= found.high[0]


@pytest.mark.parametrize(
    "y, reason",
    [
        (np.arange(5.0), Reason.TOO_SHORT),
        (np.r_[np.arange(40.0), np.nan], Reason.GAPS),
        (np.full(40, 2.0), Reason.CONSTANT),
        (np.array([]), Reason.CONSTANT),
    ],
)
@pytest.mark.parametrize(
    "method", [structural_breaks, sup_f, bootstrapped_sup_f, significant_breaks, autoregressive_breaks]
)
def test_refusals(method, y, reason):
    with pytest.raises(ThinData) as refused:
        method(y)
    assert refused.value.reason is reason
