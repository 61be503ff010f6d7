"""Regression of counts that vary more than a Poisson distribution allows: the negative binomial distribution NB2."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from workbench.methods.clusters import fewest_clusters, sandwich
from workbench.methods.fixed_effects import Effects
from workbench.methods.log_linear import Coefficients, solved
from workbench.methods.overdispersion import theta
from workbench.methods.refusal import Reason, ThinData
from workbench.methods.separation import separated

_TOLERANCE = 1e-10
_MOST_ROUNDS = 100


@dataclass(frozen=True, eq=False)
class NegativeBinomialFit(Coefficients):
    """A negative binomial regression with Var(y) = μ + μ²/θ and effects of groups.

    Its covariance is robust to what the clusters say; without any it is that of the likelihood.

    Attributes
    ----------
    theta, theta_standard_error : float
    log_likelihood : float
        Of the observations that are not separated.
    """

    theta: float
    theta_standard_error: float
    log_likelihood: float


def negative_binomial(
    y: ArrayLike, x: ArrayLike, effects: Sequence[ArrayLike] = (), clusters: Sequence[ArrayLike] = ()
) -> NegativeBinomialFit:
    """Fit E(y) = exp(x·β + effects), Var(y) = μ + μ²/θ by maximum likelihood.

    Fits the coefficients for a given θ, then θ for the given means, until neither changes (Venables and Ripley 2002,
    "Modern Applied Statistics with S", section 7.4; Hilbe 2011, "Negative Binomial Regression"). Beside the Poisson one, which
    is led by the largest counts, it weighs pairs of few persons nearly as much as those of many.

    Parameters
    ----------
    y : array of shape (n,)
        Counts.
    x, effects, clusters
        As for `workbench.methods.gravity.ppml`: no constant, which is among the effects.

    Raises
    ------
    ThinData
        If the counts vary no more than a Poisson distribution, or if the fit does not settle.
    """
    y, x = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    groups = Effects.of(effects, len(y))
    kept = ~separated(y, x, groups)
    y, x, groups = y[kept], x[kept], groups.among(kept)
    solution, before = solved(y, x, groups), np.inf
    for _ in range(_MOST_ROUNDS):
        shape, error = theta(y, solution.expected)
        if abs(before - shape) < _TOLERANCE * shape:
            break
        solution, before = solved(y, x, groups, 1 / shape, solution.expected), shape
    else:
        raise ThinData(
            "The negative binomial regression does not settle",
            Reason.NOT_CONVERGED,
            expected=f"a shape that stays within {_MOST_ROUNDS} rounds",
            found=f"{before:.6g}, then {shape:.6g}",
        )
    own_clusters = [np.asarray(labels)[kept] for labels in clusters]
    coefficients, covariance = solution.whole(
        sandwich(solution.bread, solution.scores, own_clusters) if clusters else solution.bread
    )
    return NegativeBinomialFit(
        coefficients,
        covariance,
        fewest_clusters(own_clusters) - 1 if clusters else np.inf,
        shape,
        error,
        _log_likelihood(y, solution.expected, shape),
    )


def _log_likelihood(y: NDArray[np.float64], mean: NDArray[np.float64], shape: float) -> float:
    of_counts = special.gammaln(y + shape) - special.gammaln(shape) - special.gammaln(y + 1)
    return float((of_counts + shape * np.log(shape / (shape + mean)) + special.xlogy(y, mean / (shape + mean))).sum())
