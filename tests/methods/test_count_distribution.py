"""Counts with a mean and a variance, against the distributions of scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workbench.methods.count_distribution import at_most, normal_deviates, probabilities, quantile

means = st.floats(0.01, 5000)


@given(means, st.floats(1.01, 300), st.integers(0, 20000))
def test_more_varied_counts_are_negative_binomial(mean, dispersion, count):
    size = mean / (dispersion - 1)
    reference = stats.nbinom(size, size / (size + mean))
    assert at_most(count, mean, dispersion * mean) == pytest.approx(reference.cdf(count), abs=1e-8)
    assert probabilities(count, mean, dispersion * mean) == pytest.approx(reference.pmf(count), abs=1e-8)


@given(means, st.integers(0, 6000))
def test_counts_that_vary_no_more_than_their_mean_are_poisson(mean, count):
    assert at_most(count, mean, mean) == pytest.approx(stats.poisson(mean).cdf(count), abs=1e-9)
    assert at_most(count, mean, mean * (1 + 1e-7)) == pytest.approx(stats.poisson(mean).cdf(count), abs=1e-3)


@given(means, st.floats(1, 300), st.floats(0.001, 0.999))
def test_quantile_is_the_smallest_count_that_is_enough(mean, dispersion, level):
    found = quantile(level, mean, dispersion * mean)
    assert at_most(found, mean, dispersion * mean) >= level
    assert at_most(found - 1, mean, dispersion * mean) < level


def test_what_is_unknown_has_no_quantile():
    assert np.isnan(quantile(0.5, [np.nan, 3.0], [np.nan, 3.0])).tolist() == [True, False]


def test_deviates_of_the_true_distribution_are_about_standard_normal():
    counts = np.random.default_rng(1996).negative_binomial(8, 0.1, 20000)
    deviates = normal_deviates(counts, 72, 720)
    assert np.mean(deviates) == pytest.approx(0, abs=0.02)
    assert np.std(deviates) == pytest.approx(1, abs=0.02)
    # Of small counts they vary less: a chart of them alarms no more often than it says.
    assert np.std(normal_deviates(np.random.default_rng(1).poisson(0.3, 20000), 0.3, 0.3)) < 1
