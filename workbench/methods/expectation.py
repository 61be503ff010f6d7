"""What a gravity model leads one to expect of each pair, how much more or less there was, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from workbench.methods.fixed_effects import Effects
from workbench.methods.gravity import PoissonFit

_MOST_LEVERAGE = 0.9


@dataclass(frozen=True, eq=False)
class Expectation:
    """What is expected of each observation, and what was observed as a ratio to it.

    NaN where an observation is separated, and where it has so much weight in an effect of its own groups that the model
    expects of it little but what it is (a leverage above 0.9).

    Attributes
    ----------
    expected, expected_low, expected_high : arrays of shape (n,)
        The mean that the model gives, in the unit of y, and its confidence interval.
    ratio, ratio_low, ratio_high : arrays of shape (n,)
        Observed by expected, and its confidence interval.
    """

    expected: NDArray[np.float64]
    expected_low: NDArray[np.float64]
    expected_high: NDArray[np.float64]
    ratio: NDArray[np.float64]
    ratio_low: NDArray[np.float64]
    ratio_high: NDArray[np.float64]


def expectation(
    y: ArrayLike, x: ArrayLike, effects: Sequence[ArrayLike], fit: PoissonFit, level: float = 0.95
) -> Expectation:
    """Compare counts with a fitted gravity model.

    The interval of the expected count is normal in its logarithm: exp(log μ ± z √Var(log μ)). That of the ratio adds what
    chance does to the count itself, 1/(y + ½) by the delta method. It says how well the ratio is known; how far pairs
    usually lie from the model is said by the quantiles of all ratios.

    Parameters
    ----------
    y, x, effects
        As `workbench.methods.gravity.ppml` was given them.
    fit : PoissonFit
        What it returned.
    level : float
        Of confidence, between 0 and 1.
    """
    y, x, kept = np.asarray(y, dtype=float), np.asarray(x, dtype=float), ~fit.separated
    columns = np.column_stack([x[kept], Effects.of(effects, len(y)).among(kept).dummies().toarray()])
    mean, observed = fit.expected[kept], y[kept]
    variance, leverage = variance_of_logarithm(observed, columns, mean)
    z = special.ndtri((1 + level) / 2)
    of_mean = np.exp(z * np.sqrt(variance))
    of_ratio = np.exp(z * np.sqrt(variance + 1 / (observed + 0.5)))
    ratio = observed / mean
    lowest = np.where(observed > 0, (observed + 0.5) / mean / of_ratio, 0)
    highest = (observed + 0.5) / mean * of_ratio
    found = np.full((6, len(y)), np.nan)
    found[:, kept] = np.where(
        leverage <= _MOST_LEVERAGE,
        [mean, mean / of_mean, mean * of_mean, ratio, np.minimum(lowest, ratio), highest],
        np.nan,
    )
    return Expectation(*found)


def variance_of_logarithm(
    y: NDArray[np.float64], columns: NDArray[np.float64], mean: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The variance of log μ of each observation of a Poisson regression, robust to the distribution; and its leverage.

    HC3: each residual is divided by one less its leverage, as if the observation had been left out (MacKinnon and White 1985,
    "Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample properties", Journal of
    Econometrics 29). The leverage is between 0 and 1: how much of its own mean a count decides.

    Parameters
    ----------
    y, mean : arrays of shape (n,)
        The counts, and their positive means.
    columns : array of shape (n, k)
        All regressors, with dummies of the groups; columns may be combinations of others.
    """
    # To unit length, or the least of the groups would pass for combinations of others.
    columns = columns / np.sqrt((columns**2).T @ mean)
    bread = np.linalg.pinv(columns.T @ (columns * mean[:, None]), rcond=1e-10, hermitian=True)
    reached = columns @ bread
    leverage = ((reached * columns).sum(axis=1) * mean).clip(0, 1)
    scores = columns * ((y - mean) / np.maximum(1 - leverage, 1 - _MOST_LEVERAGE))[:, None]
    return ((reached @ (scores.T @ scores)) * reached).sum(axis=1).clip(0), leverage
