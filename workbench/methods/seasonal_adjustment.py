"""Seasonal adjustment by local regression: STL, and MSTL for a series of more than one season."""

from collections.abc import Sequence

import numpy as np
from statsmodels.tsa.seasonal import MSTL, STL

from workbench.methods.refusal import Reason, ThinData
from workbench.methods.x11 import Decomposition
from workbench.methods.x11_filters import Array


def stl(values: Array, period: int = 12, *, seasonal: int = 7, robust: bool = True) -> Decomposition:
    """Take a series apart into trend, season and irregular by local regression; the components add up.

    Other than X-11 it takes any period, zeros and negative values; other than X-11 its season does not grow with the series.

    Parameters
    ----------
    values : array, shape (n,)
        Regular observations, none missing.
    period : int
        Observations in a year.
    seasonal : int
        How many years a seasonal value is a local regression of; odd, at least 7.
    robust : bool
        Whether extremes are weighted down.

    Raises
    ------
    ThinData
        If there are fewer than three years, gaps, or nothing but one value.

    References
    ----------
    Cleveland, R. B., Cleveland, W. S., McRae, J. E. and Terpenning, I. (1990), STL: a seasonal-trend decomposition procedure
    based on loess, Journal of Official Statistics 6(1), 3–73.
    """
    values = _regular(values, period)
    fitted = STL(values, period=period, seasonal=seasonal, robust=robust).fit()
    return Decomposition(
        adjusted=values - fitted.seasonal,
        trend=fitted.trend,
        seasonal=fitted.seasonal,
        irregular=fitted.resid,
        ratios=values - fitted.trend,
    )


def mstl(values: Array, periods: Sequence[int]) -> Decomposition:
    """STL of a series that has several seasons, as days have a week and a year; the seasons are returned as their sum.

    Parameters
    ----------
    values : array, shape (n,)
        Regular observations, none missing.
    periods : sequence of int
        Observations in each season.

    Raises
    ------
    ThinData
        As `stl`, of the longest season.

    References
    ----------
    Bandara, K., Hyndman, R. J. and Bergmeir, C. (2021), MSTL: a seasonal-trend decomposition algorithm for time series with
    multiple seasonal patterns, arXiv:2107.13462.
    """
    values = _regular(values, max(periods))
    fitted = MSTL(values, periods=tuple(sorted(periods))).fit()
    seasonal = np.asarray(fitted.seasonal).reshape(len(values), -1).sum(axis=1)
    return Decomposition(
        adjusted=values - seasonal,
        trend=np.asarray(fitted.trend),
        seasonal=seasonal,
        irregular=np.asarray(fitted.resid),
        ratios=values - np.asarray(fitted.trend),
    )


def _regular(values: Array, period: int) -> Array:
    values = np.asarray(values, dtype=float)
    if len(values) < 3 * period:
        raise ThinData(
            "A season is not looked for in so short a series",
            Reason.TOO_SHORT,
            expected=f"{3 * period} observations",
            found=f"{len(values)}",
        )
    if not np.isfinite(values).all():
        raise ThinData(
            "A series with gaps is not taken apart",
            Reason.GAPS,
            expected="a number for each period",
            found=f"{(~np.isfinite(values)).sum()} periods without",
        )
    if np.ptp(values) == 0:
        raise ThinData(
            "A series of one value has no season", Reason.CONSTANT, expected="different values", found=f"{values[0]}"
        )
    return values
