"""Log-linear regressions of counts with the effects of groups absorbed: what the Poisson and the negative binomial one share."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from workbench.methods.fixed_effects import Effects
from workbench.methods.refusal import Reason, ThinData
from workbench.methods.regressors import independent

_TOLERANCE = 1e-12
_MOST_ITERATIONS = 200


@dataclass(frozen=True, eq=False)
class Coefficients:
    """What a regression says of its regressors.

    Attributes
    ----------
    coefficients : array of shape (k,)
        Of the regressors; NaN where one is a combination of those before it, or of the effects, and says nothing of its own.
    covariance : array of shape (k, k)
        Of the coefficients; NaN with the coefficient.
    degrees_of_freedom : float
        Of Student's t for the coefficients: the fewest clusters less one; infinite without clusters.
    """

    coefficients: NDArray[np.float64]
    covariance: NDArray[np.float64]
    degrees_of_freedom: float

    @property
    def standard_errors(self) -> NDArray[np.float64]:
        """Of the coefficients."""
        return np.sqrt(np.diag(self.covariance))

    def interval(self, level: float = 0.95) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lower and upper bounds of the coefficients, at a confidence level between 0 and 1."""
        reach = special.stdtrit(self.degrees_of_freedom, (1 + level) / 2) * self.standard_errors
        return self.coefficients - reach, self.coefficients + reach


@dataclass(frozen=True, eq=False)
class Solution:
    """The last weighted regression.

    Attributes
    ----------
    identified : array of shape (k,)
        The regressors that say something of their own; what follows is of these alone.
    bread : array
        The inverse of the information.
    scores : array of shape (n, …)
        The derivative of each observation's log likelihood.
    coefficients : array
    expected : array of shape (n,)
    deviance : float
    """

    identified: NDArray[np.bool_]
    bread: NDArray[np.float64]
    scores: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    expected: NDArray[np.float64]
    deviance: float

    def whole(self, covariance: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The coefficients of all regressors and their covariance, NaN where one is not identified."""
        k = len(self.identified)
        coefficients, of_all = np.full(k, np.nan), np.full((k, k), np.nan)
        coefficients[self.identified] = self.coefficients
        of_all[np.ix_(self.identified, self.identified)] = covariance
        return coefficients, of_all


def solved(
    y: NDArray[np.float64],
    x: NDArray[np.float64],
    effects: Effects,
    alpha: float = 0.0,
    start: NDArray[np.float64] | None = None,
) -> Solution:
    """Fit E(y) = μ = exp(x·β + effects), Var(y) = μ + αμ², by iteratively reweighted least squares, until the deviance stays.

    Parameters
    ----------
    y : array of shape (n,)
        Not negative.
    x : array of shape (n, k)
    effects : Effects
        Of the n observations.
    alpha : float
        0 of a Poisson regression.
    start : array of shape (n,), optional
        Means to begin with.

    Raises
    ------
    ThinData
        If the fit does not settle.
    """
    identified = independent(effects.absorbed(x, np.ones(len(y))), np.linalg.norm(x, axis=0))
    expected = (y + y.mean()) / 2 if start is None else start
    predictor, deviance = np.log(expected), np.inf
    for _ in range(_MOST_ITERATIONS):
        working, weights = predictor + y / expected - 1, expected / (1 + alpha * expected)
        left = effects.absorbed(np.column_stack([working, x[:, identified]]), weights)
        within = left[:, 1:]
        bread = np.linalg.inv(within.T @ (weights[:, None] * within))
        coefficients = bread @ (within.T @ (weights * left[:, 0]))
        predictor = working - (left[:, 0] - within @ coefficients)
        expected = np.exp(predictor)
        before, deviance = deviance, _deviance(y, expected, alpha)
        if abs(before - deviance) < _TOLERANCE * (1 + deviance):
            scores = within * ((y - expected) / (1 + alpha * expected))[:, None]
            return Solution(identified, bread, scores, coefficients, expected, deviance)
    raise ThinData(
        "The regression of counts does not settle",
        Reason.NOT_CONVERGED,
        expected=f"a deviance that stays within {_MOST_ITERATIONS} iterations",
        found=f"{before:.6g}, then {deviance:.6g}",
    )


def _deviance(y: NDArray[np.float64], expected: NDArray[np.float64], alpha: float) -> float:
    by_ratio = special.xlogy(y, y / expected)
    if alpha == 0:
        return float(2 * (by_ratio - (y - expected)).sum())
    return float(2 * (by_ratio - (y + 1 / alpha) * np.log((1 + alpha * y) / (1 + alpha * expected))).sum())
