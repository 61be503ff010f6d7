"""The CUSUM test: whether cumulated errors stray further than chance lets them."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from workbench.methods.recursive_residuals import recursive_residuals
from workbench.methods.refusal import Reason, ThinData
from workbench.methods.x11_filters import Array

_SLOPE = 0.9478982
"""Of the boundary that 95 of 100 stable series stay within."""


@dataclass(frozen=True)
class Cusum:
    """A cumulated sum of errors, and how far it may stray.

    Attributes
    ----------
    process : array, shape (m,)
        The sum after each observation, in standard deviations by the root of n.
    boundary : array, shape (m,)
        What it stays below, in absolute value, in 95 of 100 stable series.
    statistic : float
        Its largest distance from zero, relative to the boundary: at 1 it is reached.
    p_value : float
    crossed : int
        The first observation, from 0, beyond the boundary; −1 if there is none.
    """

    process: Array
    boundary: Array
    statistic: float
    p_value: float
    crossed: int


def recursive_cusum(y: Array, x: Array) -> Cusum:
    """Cumulate recursive residuals: forecasts of each observation from those before it, whose errors drift after a break.

    Parameters
    ----------
    y : array, shape (n,)
    x : array, shape (n, k)
        Regressors, the constant among them; the process has an entry for each observation that has a forecast. Without any
        (k = 0), ``y`` are the errors of forecasts that were made by other means.

    Raises
    ------
    ThinData
        If there are no more observations than twice the coefficients, gaps, or nothing but one value.

    References
    ----------
    Brown, R. L., Durbin, J. and Evans, J. M. (1975), Techniques for testing the constancy of regression relationships over
    time, Journal of the Royal Statistical Society B 37(2), 149–192. p value: Zeileis, A. et al. (2002), Journal of
    Statistical Software 7(2), appendix.
    """
    y, x = _checked(y, x)
    errors = recursive_residuals(y, x)
    skipped = int(np.isnan(errors).sum())
    errors = errors[skipped:]
    m = len(errors)
    process = np.cumsum(errors) / (np.std(errors, ddof=1) * np.sqrt(m))
    widening = 1 + 2 * np.arange(1, m + 1) / m
    boundary = _SLOPE * widening
    statistic = float(np.abs(process / boundary).max())
    crossed = _first_beyond(process, boundary)
    return Cusum(
        process, boundary, statistic, _brownian_p_value(_SLOPE * statistic), crossed + skipped if crossed >= 0 else -1
    )


def _brownian_p_value(statistic: float) -> float:
    """The chance that a Brownian motion leaves a linear boundary of this slope."""
    if statistic < 0.3:
        return 1 - 0.1465 * statistic
    crossings = (
        1
        - ndtr(3 * statistic)
        + np.exp(-4 * statistic**2) * (ndtr(statistic) + ndtr(5 * statistic) - 1)
        - np.exp(-16 * statistic**2) * (1 - ndtr(statistic))
    )
    return float(2 * crossings)


def _first_beyond(process: Array, boundary: Array) -> int:
    beyond = np.flatnonzero(np.abs(process) > boundary)
    return int(beyond[0]) if len(beyond) else -1


def _checked(y: Array, x: Array) -> tuple[Array, Array]:
    y, x = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    if len(y) <= 2 * x.shape[1] + 1:
        raise ThinData(
            "Errors are not cumulated over so short a series",
            Reason.TOO_SHORT,
            expected=f"more than {2 * x.shape[1] + 1} observations",
            found=f"{len(y)}",
        )
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise ThinData(
            "Errors are not cumulated over gaps",
            Reason.GAPS,
            expected="a number for each period",
            found=f"{(~np.isfinite(y)).sum()} without",
        )
    if np.ptp(y) == 0:
        raise ThinData(
            "A constant series has no errors", Reason.CONSTANT, expected="different values", found="one value"
        )
    return y, x
