"""The gravity model of migration: flows by the size of both ends and by what lies between them, estimated by PPML."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.methods.clusters import fewest_clusters, sandwich
from workbench.methods.fixed_effects import Effects
from workbench.methods.log_linear import Coefficients, solved
from workbench.methods.refusal import Reason, ThinData
from workbench.methods.separation import separated

_PERFECT = 1e-10


@dataclass(frozen=True, eq=False)
class PoissonFit(Coefficients):
    """A Poisson regression with effects of groups; its covariance is robust to what the clusters say.

    Attributes
    ----------
    expected : array of shape (n,)
        The mean of each observation, in the unit of y; 0 for a separated one.
    separated : array of shape (n,)
        Observations of zero that were predicted perfectly and left out.
    deviance : float
    """

    expected: NDArray[np.float64]
    separated: NDArray[np.bool_]
    deviance: float


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
    solution = solved(y[kept], x[kept], groups.among(kept))
    if solution.deviance < _PERFECT * y.sum():
        raise ThinData(
            "The gravity model is right about every observation, for it has as many effects as there are observations",
            Reason.TOO_FEW,
            expected="more observations than regressors and effects",
            found=f"{kept.sum()} observations, after {left_out.sum()} that are separated",
        )
    own_clusters = [np.asarray(labels)[kept] for labels in clusters]
    coefficients, covariance = solution.whole(sandwich(solution.bread, solution.scores, own_clusters))
    expected = np.zeros(len(y))
    expected[kept] = solution.expected
    return PoissonFit(
        coefficients,
        covariance,
        fewest_clusters(own_clusters) - 1 if clusters else np.inf,
        expected,
        left_out,
        solution.deviance,
    )
