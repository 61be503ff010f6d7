from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench.methods.expectation import expectation, variance_of_logarithm
from workbench.methods.gravity import ppml

CANADA = pd.read_csv(Path(__file__).parent / "data" / "canadian_migration.csv")
ENDS = [CANADA.origin, CANADA.destination]
DISTANCE = np.log(CANADA[["distance"]].to_numpy())


def test_the_ratio_is_of_what_was_observed_to_what_is_expected():
    fit = ppml(CANADA.migrants, DISTANCE, ENDS)
    found = expectation(CANADA.migrants, DISTANCE, ENDS, fit)
    assert found.expected == pytest.approx(fit.expected)
    assert found.ratio == pytest.approx(CANADA.migrants / fit.expected)
    assert (found.ratio_low < found.ratio).all()
    assert (found.ratio < found.ratio_high).all()
    assert (found.expected_low < found.expected).all()


def test_the_variance_is_hc3_of_the_mean_alone():
    """With a constant alone: log μ is the log mean, the leverage 1/n, and HC3 by hand."""
    y = np.array([1.0, 4, 7, 12])
    variance, leverage = variance_of_logarithm(y, np.ones((4, 1)), np.full(4, 6.0))
    assert leverage == pytest.approx(np.full(4, 1 / 4))
    assert variance == pytest.approx(np.full(4, (((y - 6) / (3 / 4)) ** 2).sum() / 24**2))


def test_a_count_that_alone_decides_an_effect_has_no_expectation():
    y = np.array([5.0, 3, 8, 2, 7, 4, 9])
    origin, x = ["a", "a", "b", "b", "b", "b", "alone"], np.array([[1.0], [2], [1], [3], [2], [5], [4]])
    found = expectation(y, x, [origin], ppml(y, x, [origin]))
    assert np.isnan(found.ratio).tolist() == [False] * 6 + [True]


def test_a_separated_zero_has_no_expectation_and_any_other_zero_an_upper_bound():
    y = np.array([0.0, 0, 0, 6, 3, 8, 5, 2])
    origin, x = ["none", "none", "a", "a", "a", "b", "b", "b"], np.arange(8.0)[:, None] % 3
    found = expectation(y, x, [origin], ppml(y, x, [origin]))
    assert np.isnan(found.expected[:2]).all()
    assert (found.ratio[2], found.ratio_low[2]) == (0, 0)
    assert found.ratio_high[2] > 0


def test_the_intervals_cover_what_they_claim_to():
    """Flows of 30 origins to 10 destinations that scatter about the model by a third: means, and the pairs' own ratios."""
    rng = np.random.default_rng(1885)  # Ravenstein, "The laws of migration"
    origin, destination = (end.ravel() for end in np.meshgrid(np.arange(30), np.arange(10), indexing="ij"))
    of_mean, of_ratio = [], []
    for _ in range(12):
        x = rng.normal(size=(300, 1))
        effects = rng.normal(size=30)[origin] + rng.normal(size=10)[destination]
        mean = np.exp(3 + effects - 0.7 * x[:, 0])
        own = mean * rng.gamma(9, 1 / 9, 300)
        y = rng.poisson(own).astype(float)
        found = expectation(y, x, [origin, destination], ppml(y, x, [origin, destination]))
        known = np.isfinite(found.expected)
        of_mean.append(((found.expected_low <= mean) & (mean <= found.expected_high))[known].mean())
        of_ratio.append(((found.ratio_low <= own / mean) & (own / mean <= found.ratio_high))[known].mean())
    assert np.mean(of_mean) == pytest.approx(0.95, abs=0.02)
    assert np.mean(of_ratio) == pytest.approx(0.95, abs=0.02)
