"""Intervals of small numbers: published tables, independent implementations, and coverage in simulation."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from workbench.methods.proportions import clopper_pearson, combined, fay_feuer, garwood, wilson


# R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872, Table I, methods 3 and 5.
@pytest.mark.parametrize(
    ("events", "trials", "score", "exact"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
        (29, 29, (0.8830, 1.0), (0.8806, 1.0)),
    ],
)
def test_single_proportions_as_newcombe_tabulated_them(events, trials, score, exact):
    assert wilson(events, trials) == pytest.approx(score, abs=5e-5)
    assert clopper_pearson(events, trials) == pytest.approx(exact, abs=5e-5)


# F. Garwood, Biometrika 28 (1936) 437–442, as reprinted in K. Ulm (1990), Table 1.
@pytest.mark.parametrize(
    ("events", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.39)]
)
def test_poisson_counts_as_garwood_tabulated_them(events, low, high):
    assert garwood(events) == pytest.approx((low, high), rel=1e-3)


def test_a_ratio_of_few_events():
    """K. J. Rothman, Modern Epidemiology: five cases where two are expected, 2.5 (0.81–5.83) by the exact Poisson limits."""
    assert numpy.array(garwood(5)) / 2 == pytest.approx((0.8117, 5.834), abs=5e-4)


# Newcombe, Statistics in Medicine 17 (1998) 873–890, Table II, method 10.
@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 20), 0.6791, 1.0)],
)
def test_a_difference_is_combined_as_newcombe_did(one, other, low, high):
    (x, m), (y, n) = one, other
    assert combined([x, y], [m, n], [1, -1]) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.5, 0.999))
def test_the_intervals_of_proportions_are_those_of_statsmodels(events, more, level):
    trials = events + more + 1
    for interval, method in ((wilson, "wilson"), (clopper_pearson, "beta")):
        other = proportion_confint(events, trials, alpha=1 - level, method=method)
        assert interval(events, trials, level) == pytest.approx(other, abs=1e-9)


def test_nothing_was_tried_and_nothing_is_known():
    assert numpy.isnan([*wilson(0, 0), *clopper_pearson(0, 0), *garwood(numpy.nan)]).all()


# Down's syndrome at birth by the age of the mother, fifth and later children, Michigan 1950–1964: Fay and Feuer (1997),
# Table I, from J. L. Fleiss (1981).
DOWNS = numpy.array([0, 8, 63, 112, 262, 295])
LIVE_BIRTHS = numpy.array([327, 30666, 123419, 149919, 104088, 34392])
ALL_BIRTHS = numpy.array([319933, 931318, 786511, 488235, 237863, 61313])


def test_a_standardised_rate_has_the_gamma_interval_of_fay_and_feuer():
    weights = ALL_BIRTHS / ALL_BIRTHS.sum() / LIVE_BIRTHS
    y, v, largest = (weights * DOWNS).sum(), (weights**2 * DOWNS).sum(), weights.max()
    # By the chi-square distribution, as the paper has it.
    low = v / (2 * y) * stats.chi2.ppf(0.025, 2 * y**2 / v)
    shape = (y + largest) ** 2 / (v + largest**2)
    high = (v + largest**2) / (2 * (y + largest)) * stats.chi2.ppf(0.975, 2 * shape)
    assert fay_feuer(DOWNS, weights) == pytest.approx((low, high))
    assert (y * 1e5, low * 1e5, high * 1e5) == pytest.approx((75.529, 67.702, 188.300), abs=1e-3)
    # A stratum without any case, of 327 births, leaves the upper end wide open.
    assert high - y > 10 * (y - low)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.floats(0.1, 10))
def test_with_equal_weights_the_gamma_interval_is_garwoods(counts, weight):
    low, high = garwood(sum(counts))
    expected = (float(low) * weight, float(high) * weight)
    assert fay_feuer(counts, [weight] * len(counts)) == pytest.approx(expected, abs=1e-9)


def coverage(interval, truth, draws) -> float:
    return float(numpy.mean([low <= truth <= high for low, high in map(interval, draws)]))


def test_intervals_cover_at_their_level_in_simulation():
    chance = numpy.random.default_rng(20221231)
    for truth in (0.06, 0.388, 0.9):
        draws = chance.binomial(40, truth, 4000)
        low, high = wilson(draws, 40)
        assert 0.925 < numpy.mean((low <= truth) & (truth <= high)) < 0.98
        low, high = clopper_pearson(draws, 40)
        assert numpy.mean((low <= truth) & (truth <= high)) >= 0.95
    low, high = garwood(chance.poisson(3.5, 4000))
    assert numpy.mean((low <= 3.5) & (high >= 3.5)) >= 0.95
    means, weights = numpy.array([2.0, 9, 4, 30]), numpy.array([0.9, 0.3, 0.2, 0.1])
    draws = chance.poisson(means, (1500, 4))
    assert coverage(lambda counts: fay_feuer(counts, weights), (means * weights).sum(), draws) >= 0.95
    trials, rates, shares = numpy.array([8, 40, 25, 120]), numpy.array([0.9, 0.06, 0.5, 0.3]), numpy.full(4, 0.25)
    draws = chance.binomial(trials, rates, (1500, 4))
    assert 0.93 < coverage(lambda counts: combined(counts, trials, shares), rates.mean(), draws) < 0.985
