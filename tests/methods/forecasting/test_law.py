"""Normal laws of several periods together, and their average."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.methods.forecasting.law import Law, average, from_responses

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)


def some_law(seed: int) -> Law:
    draws = numpy.random.default_rng(seed).normal(size=(4, 9))
    return Law(draws[:, 0], draws @ draws.T)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_quantiles_of_the_average_are_the_average_of_the_quantiles(first, second):
    one, other = some_law(first), some_law(second)
    expected = (one.quantiles(LEVELS) + other.quantiles(LEVELS)) / 2
    assert average([one, other]).quantiles(LEVELS) == pytest.approx(expected)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_average_is_a_distribution(first, second):
    values = numpy.linalg.eigvalsh(average([some_law(first), some_law(second)]).covariance)
    assert values.min() > -1e-9


def test_paths_have_the_mean_and_covariance_of_the_law():
    law = some_law(3)
    paths = law.paths(40_000, seed=1)
    assert paths.mean(axis=0) == pytest.approx(law.mean)
    assert numpy.cov(paths.T) == pytest.approx(law.covariance, abs=0.03 * law.covariance.max())


def test_paths_are_those_of_their_seed():
    law = some_law(3)
    assert law.paths(10, 7).tobytes() == law.paths(10, 7).tobytes() != law.paths(10, 8).tobytes()


def test_the_sum_of_a_random_walk_is_as_uncertain_as_its_formula():
    """var(Σ y_h) = σ² Σ_j (n − j + 1)²."""
    law = from_responses(numpy.zeros(4), numpy.ones(4), 2.0)
    assert law.covariance.sum() == pytest.approx(4 * (16 + 9 + 4 + 1))
