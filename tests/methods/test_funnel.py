"""Funnel limits: by brute force, by statsmodels, and by how many places lie outside when nothing but chance is at work."""

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from workbench.methods.funnel import (
    binomial_limits,
    is_outside,
    overdispersion,
    widened_limits,
)
from workbench.methods.refusal import ThinData


def binomial_errors(target, trials):
    return numpy.sqrt(target * (1 - target) / trials)


def by_brute_force(p, cdf):
    """Spiegelhalter's appendix A.1, word by word: the smallest r with P(R ≤ r) ≥ p, less the interpolation."""
    r = next(r for r in range(10_000) if cdf(r) >= p)
    return r - (cdf(r) - p) / (cdf(r) - cdf(r - 1))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.floats(0.02, 0.98), st.sampled_from([0.8, 0.95, 0.998]))
def test_exact_limits_are_those_of_the_definition(trials, target, level):
    low, high = binomial_limits(target, trials, level)
    expected = [
        by_brute_force(p, lambda r: stats.binom.cdf(r, trials, target)) / trials
        for p in ((1 - level) / 2, (1 + level) / 2)
    ]
    assert (low, high) == pytest.approx([min(max(limit, 0), 1) for limit in expected], abs=1e-7)


def test_a_funnel_narrows_with_the_number_of_trials():
    low, high = binomial_limits(0.4, numpy.arange(30, 3000), 0.95)
    half = 1.96 * numpy.sqrt(0.24 / 2999)
    assert (high - low)[0] > 3 * (high - low)[-1]
    assert (low[-1], high[-1]) == pytest.approx((0.4 - half, 0.4 + half), abs=5e-4)


def test_by_chance_alone_few_places_lie_outside():
    chance = numpy.random.default_rng(1185)
    trials = chance.integers(100, 2000, 20_000)
    rates = chance.binomial(trials, 0.5) / trials
    for level, within in ((0.95, 4e-3), (0.998, 8e-4)):
        outside = is_outside(rates, binomial_limits(0.5, trials, level))
        # Half of 1 − level on either side, as nearly as whole counts allow.
        assert (outside == 1).mean() == pytest.approx((1 - level) / 2, abs=within)
        assert (outside == -1).mean() == pytest.approx((1 - level) / 2, abs=within)
    # Each place may have a target of its own.
    assert binomial_limits(numpy.array([0.5, 0.1]), numpy.array([200, 40]), 0.95)[0] == pytest.approx(
        [
            binomial_limits(0.5, 200, 0.95)[0],
            binomial_limits(0.1, 40, 0.95)[0],
        ]
    )
    found = overdispersion(rates[:300], 0.5, binomial_errors(0.5, trials[:300]))
    assert found.ratio < 1.05 and found.between < 0.01


def test_the_scatter_between_places_is_found_in_simulation():
    chance = numpy.random.default_rng(2005)
    trials = chance.integers(200, 3000, 3000)
    own = numpy.clip(chance.normal(0.5, 0.1, 3000), 0, 1)
    events = chance.binomial(trials, own)
    errors = binomial_errors(0.5, trials)
    found = overdispersion(events / trials, 0.5, errors, winsorised=0.0)
    assert found.between == pytest.approx(0.1, rel=0.05) and found.ratio > 10
    outside = is_outside(events / trials, widened_limits(0.5, errors, found.between, 0.95))
    assert (outside != 0).mean() == pytest.approx(0.05, abs=0.012)
    # Winsorising keeps those that are far away from widening the limits that would show them.
    events[:100] = 0
    drawn_in, as_it_is = (overdispersion(events / trials, 0.5, errors, winsorised=part) for part in (0.1, 0.0))
    assert drawn_in.between < as_it_is.between


def test_the_variance_between_places_is_dersimonian_and_lairds():
    """With the weighted mean as target and nothing winsorised: as statsmodels has it for one variance within."""
    events, trials = numpy.array([30, 80, 10, 120, 60, 44]), numpy.array([100, 150, 90, 300, 100, 130])
    target = events.sum() / trials.sum()
    errors = binomial_errors(target, trials)
    other = combine_effects(events / trials, errors**2, method_re="dl")
    found = overdispersion(events / trials, target, errors, winsorised=0.0)
    assert (found.between**2, found.ratio) == pytest.approx((other.tau2, other.q / 6))


def test_few_places_tell_nothing_of_their_scatter():
    with pytest.raises(ThinData):
        overdispersion([0.1, 0.2, 0.3, 0.4], 0.25, [0.1] * 4)
