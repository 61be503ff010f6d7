"""Regression of counts that vary more than a Poisson distribution allows: the negative binomial distribution NB2."""

from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from workbench.methods.overdispersion import theta
from workbench.methods.refusal import Reason, ThinData
from workbench.methods.regressors import independent

_TOLERANCE = 1e-10
_MOST_ROUNDS = 100


@dataclass(frozen=True, eq=False)
class NegativeBinomialFit:
    """A negative binomial regression with Var(y) = μ + μ²/θ.

    Attributes
    ----------
    coefficients, standard_errors : arrays of shape (k,)
        Of the columns; NaN where one is a combination of those before it.
    theta, theta_standard_error : float
    expected : array of shape (n,)
        The mean μ of each observation.
    log_likelihood : float
    """

    coefficients: NDArray[np.float64]
    standard_errors: NDArray[np.float64]
    theta: float
    theta_standard_error: float
    expected: NDArray[np.float64]
    log_likelihood: float


def negative_binomial(y: ArrayLike, columns: ArrayLike) -> NegativeBinomialFit:
    """Fit E(y) = exp(columns·β), Var(y) = μ + μ²/θ by maximum likelihood.

    Fits the coefficients for a given θ, then θ for the given means, until neither changes (Venables and Ripley 2002,
    "Modern Applied Statistics with S", section 7.4; Hilbe 2011, "Negative Binomial Regression").

    Parameters
    ----------
    y : array of shape (n,)
        Counts.
    columns : array of shape (n, k)
        The regressors, with a column of ones for the constant.

    Raises
    ------
    ThinData
        If the counts vary no more than a Poisson distribution, or if the fit does not settle.
    """
    y, columns = np.asarray(y, dtype=float), np.asarray(columns, dtype=float)
    kept = independent(columns)
    family = sm.families.Poisson()
    shape, before = np.inf, np.inf
    for _ in range(_MOST_ROUNDS):
        fit = sm.GLM(y, columns[:, kept], family=family).fit(tol=1e-12)
        shape, error = theta(y, fit.fittedvalues)
        family = sm.families.NegativeBinomial(alpha=1 / shape)
        if abs(before - shape) < _TOLERANCE * shape:
            break
        before = shape
    else:
        raise ThinData(
            "The negative binomial regression does not settle",
            Reason.NOT_CONVERGED,
            expected=f"a shape that stays within {_MOST_ROUNDS} rounds",
            found=f"{before:.6g}, then {shape:.6g}",
        )
    coefficients, errors = np.full(len(kept), np.nan), np.full(len(kept), np.nan)
    coefficients[kept], errors[kept] = fit.params, fit.bse
    expected = np.asarray(fit.fittedvalues)
    likelihood = float(stats.nbinom.logpmf(y, shape, shape / (shape + expected)).sum())
    return NegativeBinomialFit(coefficients, errors, shape, error, expected, likelihood)
