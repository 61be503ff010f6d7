"""Control charts: CUSUM and EWMA of counts and of standardised values, with limits from their average run length.

A chart is made for small shifts that last: CUSUM and EWMA add up what single periods do not show. References: Page (1954),
Biometrika 41, 100-115; Lucas (1985), Technometrics 27, 129-144; Lucas & Saccucci (1990), Technometrics 32, 1-12; Hawkins & Olwell
(1998), Cumulative Sum Charts and Charting for Quality Improvement.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from workbench.methods.refusal import Reason, ThinData
from workbench.methods.run_lengths import count_cusum_arl, normal_cusum_arl, normal_ewma_arl

# Widths of limits are found to this part of a standard deviation.
PRECISION = 1e-6


def poisson_reference_value(mean: float, shifted: float) -> float:
    """The reference value k of a Poisson CUSUM that notices a shift of the mean soonest.

    ``k = (μ₁ - μ₀) / (ln μ₁ - ln μ₀)``: Lucas (1985), equation 3. Between the two means.
    """
    _refuse_no_shift(mean, shifted)
    return (shifted - mean) / (math.log(shifted) - math.log(mean))


def negative_binomial_reference_value(mean: float, shifted: float, size: float) -> float:
    """The reference value k of a negative binomial CUSUM with a fixed size r (variance ``μ + μ²/r``).

    ``k = r ln((r + μ₁) / (r + μ₀)) / ln(μ₁ (r + μ₀) / (μ₀ (r + μ₁)))``: the log-likelihood ratio of Hawkins & Olwell (1998),
    section 5.4; towards that of the Poisson CUSUM as r grows.
    """
    _refuse_no_shift(mean, shifted)
    return (
        size
        * math.log((size + shifted) / (size + mean))
        / math.log(shifted * (size + mean) / (mean * (size + shifted)))
    )


class CountCusum(NamedTuple):
    """A CUSUM of counts: k and h in parts of a count; see `run_lengths.count_cusum_arl`."""

    k: int
    h: int
    parts: int


def count_cusum(mean: float, k: float, arl: float, *, variance: float | None = None, parts: int = 4) -> CountCusum:
    """The CUSUM of counts with the smallest decision interval that keeps an average run length in control.

    Parameters
    ----------
    mean, variance : float
        Of the counts in control; without a variance they are Poisson.
    k : float
        Reference value; it is rounded to parts of a count.
    arl : float
        The average run length in control that it shall have at least, in periods.
    parts : int
        Into how many parts a count is divided.
    """
    whole = max(1, round(k * parts))

    def in_control(h: int) -> float:
        return count_cusum_arl(mean, whole, h, variance=variance, parts=parts)

    high = 1
    while in_control(high) < arl:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if in_control(middle) >= arl else (middle, high)
    return CountCusum(whole, high, parts)


def decision_interval(k: float, arl: float) -> float:
    """The decision interval h of a one-sided CUSUM of standard normal values with an average run length in control."""
    return _width(lambda h: normal_cusum_arl(k, h), arl)


def ewma_width(smoothing: float, arl: float) -> float:
    """The width L of the limits of a two-sided EWMA of standard normal values with an average run length in control."""
    return _width(lambda width: normal_ewma_arl(smoothing, width), arl)


def cusum(values: ArrayLike, k: float, h: float) -> np.ndarray:
    """The path of an upper CUSUM, which starts anew after each alarm.

    Parameters
    ----------
    values : array_like, shape (n,)
        Counts or standardised values in the order of time. What is missing (nan) leaves the path where it is.
    k, h : float
        Reference value and decision interval: ``S = max(0, S + value - k)``; at ``S >= h`` the chart alarms.

    Returns
    -------
    numpy.ndarray, shape (n,)
        The path; an alarm is where it reaches h.
    """
    path, level = [], 0.0
    for value in np.asarray(values, float):
        level = max(0.0, level + (0.0 if np.isnan(value) else value - k))
        path.append(level)
        level = 0.0 if level >= h else level
    return np.array(path)


def ewma(values: ArrayLike, smoothing: float) -> np.ndarray:
    """The path of an EWMA of standardised values that starts at zero: ``Z = λ value + (1 - λ) Z``.

    What is missing (nan) leaves the path where it is.
    """
    path, level = [], 0.0
    for value in np.asarray(values, float):
        level += 0.0 if np.isnan(value) else smoothing * (value - level)
        path.append(level)
    return np.array(path)


def _width(arl_of: Callable[[float], float], arl: float) -> float:
    low, high = 0.0, 1.0
    while arl_of(high) < arl:
        low, high = high, 2 * high
    while high - low > PRECISION:
        middle = (low + high) / 2
        low, high = (low, middle) if arl_of(middle) >= arl else (middle, high)
    return high


def _refuse_no_shift(mean: float, shifted: float) -> None:
    if not 0 < mean < shifted:
        raise ThinData(
            "a CUSUM has no reference value for a shift that is none",
            Reason.CONSTANT,
            expected="a mean above zero, and a shifted one above it",
            found=f"{mean:g} and {shifted:g}",
        )
