"""Counts that vary more than a Poisson distribution allows: whether they do, and by how much."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats

from workbench.methods.refusal import Reason, ThinData

_RANGE = (1e-4, 1e7)


@dataclass(frozen=True)
class Overdispersion:
    """A test of equal mean and variance.

    Attributes
    ----------
    alpha : float
        Estimate in Var(y) = μ + α μ^power; 0 for a Poisson distribution.
    statistic : float
        Standard normal if α is 0.
    p_value : float
        One-sided, against α > 0.
    """

    alpha: float
    statistic: float
    p_value: float


def overdispersion(y: ArrayLike, mean: ArrayLike, power: int = 2) -> Overdispersion:
    """Test whether counts vary more than a Poisson regression says.

    Regresses ((y − μ)² − y) / μ on μ^(power − 1), without a constant (Cameron and Trivedi 1990, "Regression-based tests for
    overdispersion in the Poisson model", Journal of Econometrics 46). Power 2 tests against the negative binomial
    distribution NB2, power 1 against a variance in proportion to the mean.

    Parameters
    ----------
    y, mean : arrays of shape (n,)
        The counts, and their positive means as a Poisson regression estimates them.

    Raises
    ------
    ThinData
        If there are fewer than three counts.
    """
    y, mean = np.asarray(y, dtype=float), np.asarray(mean, dtype=float)
    if len(y) < 3:
        raise ThinData(
            "Whether the counts are overdispersed cannot be tested",
            Reason.TOO_SHORT,
            expected="at least three counts",
            found=str(len(y)),
        )
    excess, shape = ((y - mean) ** 2 - y) / mean, mean ** (power - 1)
    alpha = (shape @ excess) / (shape @ shape)
    variance = ((excess - alpha * shape) ** 2).sum() / (len(y) - 1)
    statistic = alpha * np.sqrt(shape @ shape / variance)
    return Overdispersion(float(alpha), float(statistic), float(stats.norm.sf(statistic)))


def theta(y: ArrayLike, mean: ArrayLike) -> tuple[float, float]:
    """The shape θ of a negative binomial distribution with given means, by maximum likelihood, and its standard error.

    Var(y) = μ + μ²/θ: the smaller θ, the more the counts scatter. The standard error is from the observed information at
    the means given (Venables and Ripley 2002, "Modern Applied Statistics with S", section 7.4).

    Parameters
    ----------
    y, mean : arrays of shape (n,)
        The counts, and their positive means.

    Raises
    ------
    ThinData
        If the counts scatter no more than a Poisson distribution: θ is infinite then.
    """
    y, mean = np.asarray(y, dtype=float), np.asarray(mean, dtype=float)
    low, high = np.log(_RANGE)
    if _score(_RANGE[1], y, mean) >= 0 or _score(_RANGE[0], y, mean) <= 0:
        raise ThinData(
            "There is no shape of a negative binomial distribution to estimate",
            Reason.CONSTANT,
            expected="counts that vary more than a Poisson distribution allows",
            found=f"a shape outside {_RANGE[0]:g} to {_RANGE[1]:g}",
        )
    shape = float(np.exp(optimize.brentq(lambda log: _score(np.exp(log), y, mean), low, high, xtol=1e-13)))
    return shape, float(1 / np.sqrt(_information(shape, y, mean)))


def _score(shape: float, y: NDArray[np.float64], mean: NDArray[np.float64]) -> float:
    """The derivative of the log likelihood by θ."""
    terms = special.digamma(shape + y) - special.digamma(shape) - np.log1p(mean / shape) + (mean - y) / (mean + shape)
    return float(terms.sum())


def _information(shape: float, y: NDArray[np.float64], mean: NDArray[np.float64]) -> float:
    """Less the second derivative of the log likelihood by θ."""
    terms = (
        special.polygamma(1, shape)
        - special.polygamma(1, shape + y)
        - 1 / shape
        + 2 / (mean + shape)
        - (y + shape) / (mean + shape) ** 2
    )
    return float(terms.sum())
