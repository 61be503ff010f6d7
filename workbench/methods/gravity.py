"""The gravity model of migration: flows by the size of both ends and by what lies between them, estimated by PPML."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from workbench.methods.clusters import fewest_clusters, sandwich
from workbench.methods.fixed_effects import Effects
from workbench.methods.refusal import Reason, ThinData
from workbench.methods.regressors import independent
from workbench.methods.separation import separated

_TOLERANCE = 1e-12
_MOST_ITERATIONS = 200
_PERFECT = 1e-10


@dataclass(frozen=True, eq=False)
class PoissonFit:
    """A Poisson regression with effects of groups.

    Attributes
    ----------
    coefficients : array of shape (k,)
        Of the regressors; NaN where one is a combination of those before it, or of the effects, and says nothing of its own.
    covariance : array of shape (k, k)
        Of the coefficients, robust to what the clusters say; NaN with the coefficient.
    degrees_of_freedom : float
        Of Student's t for the coefficients: the fewest clusters less one; infinite without clusters.
    expected : array of shape (n,)
        The mean of each observation, in the unit of y; 0 for a separated one.
    separated : array of shape (n,)
        Observations of zero that were predicted perfectly and left out.
    deviance : float
    """

    coefficients: NDArray[np.float64]
    covariance: NDArray[np.float64]
    degrees_of_freedom: float
    expected: NDArray[np.float64]
    separated: NDArray[np.bool_]
    deviance: float

    @property
    def standard_errors(self) -> NDArray[np.float64]:
        """Of the coefficients."""
        return np.sqrt(np.diag(self.covariance))

    def interval(self, level: float = 0.95) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lower and upper bounds of the coefficients, at a confidence level between 0 and 1."""
        reach = special.stdtrit(self.degrees_of_freedom, (1 + level) / 2) * self.standard_errors
        return self.coefficients - reach, self.coefficients + reach


def ppml(
    y: ArrayLike, x: ArrayLike, effects: Sequence[ArrayLike] = (), clusters: Sequence[ArrayLike] = ()
) -> PoissonFit:
    """Fit E(y) = exp(x·β + effects) by Poisson pseudo maximum likelihood.

    Consistent for any distribution of counts or amounts with that mean, zeros included, where a regression of logarithms is
    not if the spread depends on x (Santos Silva and Tenreyro 2006, "The log of gravity", Review of Economics and Statistics
    88(4)). With effects of origin and of destination the expected values of each origin, and of each destination, add up to
    what was observed. Iteratively reweighted least squares with the effects absorbed, after observations that are separated
    were left out (Correia, Guimarães and Zylkin 2020, "Fast Poisson estimation with high-dimensional fixed effects", Stata
    Journal 20(1)).

    Parameters
    ----------
    y : array of shape (n,)
        Counts or amounts, none negative or missing.
    x : array of shape (n, k)
        Regressors, such as the logarithm of the distance. No constant: it is among the effects.
    effects : sequence of arrays of shape (n,)
        Labels of the groups that have an effect of their own: origins, destinations, pairs. Without any there is a constant.
    clusters : sequence of arrays of shape (n,)
        Labels of observations that belong together, one or more kinds; see `workbench.methods.clusters.sandwich`. Without
        any, standard errors are robust to the distribution alone.

    Raises
    ------
    ThinData
        If y is zero throughout, if there are as many effects as observations, or if the fit does not converge.
    ValueError
        If a value is missing or a count negative.
    """
    y, x = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    if not (np.isfinite(y).all() and np.isfinite(x).all() and (y >= 0).all()):
        raise ValueError("a Poisson regression needs finite values, and counts that are not negative")
    if not (y > 0).any():
        raise ThinData(
            "There is nothing to explain",
            Reason.CONSTANT,
            expected="at least one count above zero",
            found=f"{len(y)} zeros",
        )
    groups = Effects.of(effects, len(y))
    left_out = separated(y, x, groups)
    kept = ~left_out
    solution = _solved(y[kept], x[kept], groups.among(kept))
    deviance = _deviance(y[kept], solution.expected)
    if deviance < _PERFECT * y.sum():
        raise ThinData(
            "The gravity model is right about every observation, for it has as many effects as there are observations",
            Reason.TOO_FEW,
            expected="more observations than regressors and effects",
            found=f"{kept.sum()} observations, after {left_out.sum()} that are separated",
        )
    own_clusters = [np.asarray(labels)[kept] for labels in clusters]
    scores = solution.within * (y[kept] - solution.expected)[:, None]
    coefficients, covariance = np.full(x.shape[1], np.nan), np.full((x.shape[1], x.shape[1]), np.nan)
    coefficients[solution.identified] = solution.coefficients
    covariance[np.ix_(solution.identified, solution.identified)] = sandwich(solution.bread, scores, own_clusters)
    expected = np.zeros(len(y))
    expected[kept] = solution.expected
    return PoissonFit(
        coefficients,
        covariance,
        fewest_clusters(own_clusters) - 1 if clusters else np.inf,
        expected,
        left_out,
        deviance,
    )


@dataclass(frozen=True, eq=False)
class _Solution:
    """The last weighted regression: of which regressors, what was left of them, and what it found."""

    identified: NDArray[np.bool_]
    within: NDArray[np.float64]
    bread: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    expected: NDArray[np.float64]


def _solved(y: NDArray[np.float64], x: NDArray[np.float64], effects: Effects) -> _Solution:
    """Reweight and regress until the deviance stays."""
    identified = independent(effects.absorbed(x, np.ones(len(y))), np.linalg.norm(x, axis=0))
    expected = (y + y.mean()) / 2
    predictor, deviance = np.log(expected), np.inf
    for _ in range(_MOST_ITERATIONS):
        working = predictor + y / expected - 1
        left = effects.absorbed(np.column_stack([working, x[:, identified]]), expected)
        within = left[:, 1:]
        bread = np.linalg.inv(within.T @ (expected[:, None] * within))
        coefficients = bread @ (within.T @ (expected * left[:, 0]))
        predictor = working - (left[:, 0] - within @ coefficients)
        expected = np.exp(predictor)
        before, deviance = deviance, _deviance(y, expected)
        if abs(before - deviance) < _TOLERANCE * (1 + deviance):
            return _Solution(identified, within, bread, coefficients, expected)
    raise ThinData(
        "The gravity model does not settle",
        Reason.NOT_CONVERGED,
        expected=f"a deviance that stays within {_MOST_ITERATIONS} iterations",
        found=f"{before:.6g}, then {deviance:.6g}",
    )


def _deviance(y: NDArray[np.float64], expected: NDArray[np.float64]) -> float:
    return float(2 * (special.xlogy(y, y / expected) - (y - expected)).sum())
