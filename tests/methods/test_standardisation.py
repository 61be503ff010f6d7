"""Standardised rates: published examples, what holds for any counts, and where they are refused."""

import math

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from workbench.methods.proportions import fay_feuer, garwood
from workbench.methods.refusal import ThinData
from workbench.methods.rounding import rounding_bounds
from workbench.methods.standardisation import (
    direct,
    shrunken,
    standardised_ratio,
    weighted_rate,
    weighted_rate_bounds,
    without_each,
)

FEW = settings(max_examples=60, deadline=None)
STRATA = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60), st.integers(1, 500)), min_size=1, max_size=8)

# Down's syndrome by age of the mother and order of birth, Michigan 1950–1964; ages from under 20 to 40 and over. J. L. Fleiss,
# Statistical Methods for Rates and Proportions, 1981, Table 14.4; per 100 000, by the mean of the five as standard, the rates
# of M. P. Fay and E. J. Feuer (1997), Table I.
CASES = numpy.array([
    [107, 141, 60, 40, 39, 25], [25, 150, 110, 84, 82, 39], [3, 71, 114, 103, 108, 75], [1, 26, 64, 89, 137, 96],
    [0, 8, 63, 112, 262, 295],
])  # fmt: skip
BIRTHS = numpy.array([
    [230061, 329449, 114920, 39487, 14208, 3052], [72202, 326701, 208667, 83228, 28466, 5375],
    [15050, 175702, 207081, 117300, 45026, 8660], [2293, 68800, 132424, 98301, 46075, 9834],
    [327, 30666, 123419, 149919, 104088, 34392],
])  # fmt: skip


def test_directly_standardised_rates_of_downs_syndrome():
    rates = [direct(x, n, BIRTHS.sum(axis=0)).value * 1e5 for x, n in zip(CASES, BIRTHS)]
    assert rates == pytest.approx([92.3, 91.2, 85.1, 92.7, 75.5], abs=0.05)
    # The crude ones rise threefold with the order of birth: by the age of the mothers, for the most part.
    crude = CASES.sum(axis=1) / BIRTHS.sum(axis=1) * 1e5
    assert crude == pytest.approx([56.3, 67.6, 83.3, 115.5, 167.1], abs=0.05)


def test_an_expected_rate_and_the_ratio_to_it():
    expected = weighted_rate(CASES.sum(axis=0) / BIRTHS.sum(axis=0), BIRTHS[4]) * BIRTHS[4].sum()
    ratio, low, high = standardised_ratio(CASES[4].sum(), expected, BIRTHS[4].sum())
    assert low < 1 < high and ratio == pytest.approx(740 / expected)
    # Events so rare are Poisson counts as nearly as makes no difference.
    assert numpy.array([low, high]) * expected == pytest.approx(numpy.array(garwood(740)), rel=3e-3)


def test_the_interval_of_a_rare_standardised_rate_is_that_of_fay_and_feuer():
    """Fay and Feuer (1997), Table I: 92.3 per 100 000 for first births, with the interval by the gamma distribution."""
    standard = BIRTHS.sum(axis=0)
    found = direct(CASES[0], BIRTHS[0], standard)
    weights = standard / standard.sum() / BIRTHS[0]
    assert (found.low, found.high) == pytest.approx(fay_feuer(CASES[0], weights))
    # Of rates that are not rare, it would be a third too wide.
    often = direct([40, 60], [100, 100], [1, 1])
    low, high = fay_feuer([40, 60], [0.005, 0.005])
    assert often.high - often.low < 0.8 * (high - low) and often.low < often.value < often.high


@FEW
@given(STRATA)
def test_by_its_own_mix_a_rate_is_the_crude_one(rows):
    x, more, _ = (numpy.array(column) for column in zip(*rows))
    n = x + more
    found = direct(x, n, n)
    assert found.value == pytest.approx(x.sum() / n.sum())
    assert found.coverage == 1 and found.low <= found.value <= found.high


@FEW
@given(STRATA)
def test_bounds_hold_every_rate_that_rounds_to_the_same_numbers(rows):
    x, more, w = (numpy.array(column) for column in zip(*rows))
    events, trials, weights = (rounding_bounds(5 * numpy.round(of / 5), 5) for of in (x, x + more + 3, w + 3))
    low, high = weighted_rate_bounds(events, trials, weights)
    assert low <= weighted_rate(x / (x + more + 3), w + 3) + 1e-12
    assert weighted_rate(x / (x + more + 3), w + 3) <= min(high, 1.0) + 1e-12


def test_a_rate_that_is_not_known_leaves_the_whole_open_where_it_has_a_weight():
    assert weighted_rate([0.2, numpy.nan], [5, 0]) == pytest.approx(0.2)
    assert math.isnan(weighted_rate([0.2, numpy.nan], [5, 1]))
    assert math.isnan(weighted_rate([], []))


def test_sparse_strata_are_said_and_refused():
    found = direct([20, 1], [40, 2], [900, 100], fewest=30)
    assert (found.value, found.coverage) == pytest.approx((0.5, 0.9))
    with pytest.raises(ThinData) as refused:
        direct([20, 1], [40, 2], [100, 900], fewest=30)
    assert "10%" in str(refused.value)


def test_without_each_stratum_in_turn():
    assert without_each([0.1, 0.5, 0.9], [1, 1, 2]) == pytest.approx([2.3 / 3, 1.9 / 3, 0.3])
    assert numpy.isnan(without_each([0.1], [1])).all()


# Small strata


def test_the_strength_of_the_scatter_is_found_in_simulation():
    """Made by the model itself: rates about those of the standard with strength 20."""
    chance = numpy.random.default_rng(7)
    standard = chance.uniform(0.1, 0.9, 400)
    trials = chance.integers(2, 200, 400)
    own = chance.beta(20 * standard, 20 * (1 - standard))
    events = chance.binomial(trials, own)
    found = shrunken(events, trials, standard)
    assert found.strength == pytest.approx(20, rel=0.25)
    error = numpy.abs(found.rates - own).mean()
    assert error < numpy.abs(events / trials - own).mean() and error < numpy.abs(standard - own).mean()
    # The interval of 95 % holds the true rate of nineteen in twenty strata.
    assert ((found.low <= own) & (own <= found.high)).mean() == pytest.approx(0.95, abs=0.02)
    # As likely as that strength makes them: no other is much likelier.
    likelihood = [
        stats.betabinom.logpmf(events, trials, m * standard, m * (1 - standard)).sum() for m in (5, found.strength, 80)
    ]
    assert max(likelihood) == likelihood[1]


@FEW
@given(STRATA.filter(lambda rows: len(rows) >= 4))
def test_rates_are_drawn_towards_the_standard_and_never_beyond(rows):
    x, more, w = (numpy.array(column) for column in zip(*rows))
    n, standard = x + more + 1, w / 501
    found = shrunken(x, n, standard)
    assert (found.rates >= numpy.minimum(x / n, standard) - 1e-12).all()
    assert (found.rates <= numpy.maximum(x / n, standard) + 1e-12).all()


def test_where_nothing_was_decided_the_standard_speaks_and_without_it_the_population():
    found = shrunken([30, 5, 2, 0, 3], [40, 50, 4, 0, 4], [0.2, 0.5, 0.4, 0.7, numpy.nan])
    assert found.rates[3:] == pytest.approx([0.7, 0.75])
    assert numpy.isnan([found.low[4], found.high[4]]).all()
    with pytest.raises(ThinData):
        shrunken([1, 1], [2, 2], [0.5, 0.5])
