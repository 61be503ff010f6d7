"""The moving averages of X-11: centred, Henderson and seasonal, with the weights for the ends of a series."""

from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_NINTHS, _TWENTY_SEVENTHS, _FIFTEENTHS, _SIXTIETHS, _THOUSANDTHS = 9, 27, 15, 60, 1000

SEASONAL_WEIGHTS: dict[int, tuple[tuple[Fraction, ...], ...]] = {
    3: tuple(
        tuple(Fraction(weight, whole) for weight in weights)
        for whole, weights in (
            (_NINTHS, (1, 2, 3, 2, 1)),
            (_TWENTY_SEVENTHS, (3, 7, 10, 7)),
            (_TWENTY_SEVENTHS, (5, 11, 11)),
        )
    ),
    5: tuple(
        tuple(Fraction(weight, whole) for weight in weights)
        for whole, weights in (
            (_FIFTEENTHS, (1, 2, 3, 3, 3, 2, 1)),
            (_SIXTIETHS, (4, 8, 13, 13, 13, 9)),
            (_SIXTIETHS, (4, 11, 15, 15, 15)),
            (_SIXTIETHS, (9, 17, 17, 17)),
        )
    ),
    9: tuple(
        tuple(Fraction(weight, whole) for weight in weights)
        for whole, weights in (
            (_TWENTY_SEVENTHS, (1, 2, 3, 3, 3, 3, 3, 3, 3, 2, 1)),
            (_THOUSANDTHS, (34, 73, 111, 113, 114, 116, 117, 118, 120, 84)),
            (_THOUSANDTHS, (34, 75, 113, 117, 123, 128, 132, 137, 141)),
            (_THOUSANDTHS, (32, 79, 123, 133, 143, 154, 163, 173)),
            (_THOUSANDTHS, (28, 92, 144, 160, 176, 192, 208)),
            (_THOUSANDTHS, (51, 112, 173, 197, 221, 246)),
        )
    ),
}
"""Weights of the 3×3, 3×5 and 3×9 averages, from the middle of a series to its last year.

Reference: Ladiray, D. and Quenneville, B. (2001), Seasonal Adjustment with the X-11 Method, Springer, tables 3.5 to 3.9.
"""


def centred_average(values: Array, period: int) -> Array:
    """The 2 × ``period`` moving average: a year's mean that is centred on a month.

    Parameters
    ----------
    values : array, shape (n,)
        With ``n > period``.
    period : int
        Observations in a year, an even number.

    Returns
    -------
    array, shape (n - period,)
        Half a year is lost at each end.
    """
    weights = np.r_[0.5, np.ones(period - 1), 0.5] / period
    return np.convolve(values, weights, mode="valid")


@cache
def henderson_weights(length: int) -> Array:
    """Weights of the Henderson filter: the smoothest moving average that keeps a cubic trend.

    Parameters
    ----------
    length : int
        Number of terms, odd.

    References
    ----------
    Ladiray, D. and Quenneville, B. (2001), Seasonal Adjustment with the X-11 Method, Springer, section 3.3.3.
    """
    n = (length + 3) / 2
    j = np.arange(-(length // 2), length // 2 + 1)
    weights = 315 * ((n - 1) ** 2 - j**2) * (n**2 - j**2) * ((n + 1) ** 2 - j**2) * (3 * n**2 - 16 - 11 * j**2)
    return weights / (8 * n * (n**2 - 1) * (4 * n**2 - 1) * (4 * n**2 - 9) * (4 * n**2 - 25))


@cache
def musgrave_weights(length: int, terms: int, ratio: float) -> Array:
    """Weights of a Henderson filter that lacks its last terms, as at the end of a series.

    They are those that revise the trend least once the missing months are known, if it is a straight line and the irregular
    component moves ``ratio`` times as much from month to month as the trend.

    Parameters
    ----------
    length : int
        Number of terms of the whole filter, odd.
    terms : int
        How many of its first terms there are.
    ratio : float
        The ratio I/C.

    References
    ----------
    Doherty, M. (2001), The surrogate Henderson filters in X-11, Australian & New Zealand Journal of Statistics 43(4), 385–392.
    """
    whole = henderson_weights(length)
    kept, lost = whole[:terms], whole[terms:]
    slope = 4 / (np.pi * ratio**2)
    middle = (terms + 1) / 2
    lever = np.sum((np.arange(terms + 1, length + 1) - middle) * lost)
    position = np.arange(1, terms + 1) - middle
    tilt = slope * lever / (1 + slope * terms * (terms - 1) * (terms + 1) / 12)
    return kept + lost.sum() / terms + position * tilt


def henderson_trend(values: Array, length: int) -> Array:
    """A series smoothed by a Henderson filter, by Musgrave's weights at its ends.

    Parameters
    ----------
    values : array, shape (n,)
        With ``n >= length``.
    length : int
        9, 13 or 23 terms; the ratio I/C that the ends presume is 1, 3.5 and 4.5, as in X-11.
    """
    half = length // 2
    ratio = {9: 1.0, 13: 3.5, 23: 4.5}[length]
    trend = np.empty_like(values)
    trend[half : len(values) - half] = np.convolve(values, henderson_weights(length), mode="valid")
    for missing in range(1, half + 1):
        weights = musgrave_weights(length, length - missing, ratio)
        trend[half - missing] = weights[::-1] @ values[: len(weights)]
        trend[len(values) - 1 - half + missing] = weights @ values[-len(weights) :]
    return trend


def seasonal_average(values: Array, years: int, period: int) -> Array:
    """Each month smoothed over the years by a 3 × ``years`` moving average.

    Parameters
    ----------
    values : array, shape (n,)
        At least five of each month, or six for ``years = 9``; fewer are averaged.
    years : int
        3, 5 or 9.
    period : int
        Observations in a year.
    """
    smoothed = np.empty_like(values)
    for month in range(period):
        smoothed[month::period] = _over_the_years(values[month::period], years)
    return smoothed


def _over_the_years(values: Array, years: int) -> Array:
    middle, *ends = (np.array([float(weight) for weight in weights]) for weights in SEASONAL_WEIGHTS[years])
    half = len(middle) // 2
    if len(values) < len(middle):
        # Too short for the whole filter: the shorter one, and where even that does not fit, a stable season.
        shorter = {9: 5, 5: 3}
        return _over_the_years(values, shorter[years]) if years in shorter else np.full_like(values, values.mean())
    smoothed = np.empty_like(values)
    smoothed[half : len(values) - half] = np.convolve(values, middle, mode="valid")
    for missing, weights in enumerate(ends, start=1):
        smoothed[half - missing] = weights[::-1] @ values[: len(weights)]
        smoothed[len(values) - 1 - half + missing] = weights @ values[-len(weights) :]
    return smoothed
