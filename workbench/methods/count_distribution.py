"""Counts with a mean and a variance: Poisson where they are equal, negative binomial where the variance is larger.

With mean μ and variance v > μ the negative binomial has size ``r = μ² / (v - μ)`` and probability ``r / (r + μ)``. Elementwise on
arrays, in `scipy.special` alone. Reference: Hilbe (2011), Negative Binomial Regression, 2nd ed., ch. 8 (NB2 and its Poisson limit).
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, gammaln, ndtri, pdtr, xlogy

# Below this surplus of the variance, relative to the mean, a count is as good as Poisson, and r too large to compute with.
POISSON_BELOW = 1e-9
# What a chance of exactly 0 or 1 becomes before it is turned into a normal deviate.
SMALLEST_CHANCE = 1e-15


def at_most(counts: ArrayLike, mean: ArrayLike, variance: ArrayLike) -> np.ndarray:
    """The probability of at most so many: ``P(Y <= counts)``; 0 below zero.

    Parameters
    ----------
    counts, mean, variance : array_like
        Broadcast together. A variance below the mean is taken for the mean.
    """
    counts, mean, variance = np.broadcast_arrays(np.floor(counts), np.asarray(mean, float), np.asarray(variance, float))
    size, is_poisson = _size(mean, variance)
    with np.errstate(invalid="ignore"):
        known = np.where(counts < 0, 0, counts)
        negative_binomial = betainc(size, known + 1, size / (size + mean))
        chance = np.where(is_poisson, pdtr(known, mean), negative_binomial)
    return np.where(counts < 0, 0.0, chance)


def probabilities(counts: ArrayLike, mean: float, variance: float) -> np.ndarray:
    """The probability of each count."""
    counts = np.asarray(counts, float)
    size, is_poisson = _size(np.asarray(mean, float), np.asarray(variance, float))
    if is_poisson:
        return np.exp(xlogy(counts, mean) - mean - gammaln(counts + 1))
    chance = size / (size + mean)
    coefficient = gammaln(counts + size) - gammaln(size) - gammaln(counts + 1)
    return np.exp(coefficient + size * np.log(chance) + xlogy(counts, 1 - chance))


def quantile(level: float, mean: ArrayLike, variance: ArrayLike) -> np.ndarray:
    """The smallest count that is not exceeded with at least this probability; nan where the mean is nan.

    Parameters
    ----------
    level : float
        Between 0 and 1.
    mean, variance : array_like
        Broadcast together.
    """
    mean, variance = np.broadcast_arrays(np.asarray(mean, float), np.asarray(variance, float))
    is_known = ~np.isnan(mean)
    mean, variance = np.where(is_known, mean, 0.0), np.where(is_known, variance, 0.0)
    below, above = np.full(mean.shape, -1.0), np.ceil(mean + 2)
    while (too_low := at_most(above, mean, variance) < level).any():
        below, above = np.where(too_low, above, below), np.where(too_low, 2 * above, above)
    while ((above - below) > 1).any():
        middle = np.floor((below + above) / 2)
        is_enough = at_most(middle, mean, variance) >= level
        below, above = np.where(is_enough, below, middle), np.where(is_enough, middle, above)
    return np.where(is_known, above, np.nan)


def normal_deviates(counts: ArrayLike, mean: ArrayLike, variance: ArrayLike) -> np.ndarray:
    """Counts as deviates that are about standard normal where their distribution is the true one.

    ``Φ⁻¹(P(Y < y) + P(Y = y) / 2)``: the quantile residual of Dunn & Smyth (1996), Journal of Computational and Graphical
    Statistics 5, 236-244, with the middle of each step in place of a random point of it, so that it is the same each time. Of
    small counts it varies less than a normal value does, which makes a chart of it the more cautious.
    """
    counts = np.asarray(counts, float)
    middle = (at_most(counts - 1, mean, variance) + at_most(counts, mean, variance)) / 2
    return np.where(np.isnan(counts), np.nan, ndtri(np.clip(middle, SMALLEST_CHANCE, 1 - SMALLEST_CHANCE)))


def _size(mean: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    with np.errstate(divide="ignore", invalid="ignore"):
        surplus = variance - mean
        is_poisson = ~(surplus > POISSON_BELOW * mean)
        return np.where(is_poisson, 1.0, mean**2 / np.where(is_poisson, 1.0, surplus)), is_poisson
