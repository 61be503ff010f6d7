"""Single steps of a series that are out of proportion to all others: shocks, which may end in no new regime."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from workbench.methods.refusal import Reason, ThinData
from workbench.methods.x11_filters import Array

FEWEST = 24
"""Of fewer steps none is told to be out of proportion."""


@dataclass(frozen=True)
class OutlyingSteps:
    """The steps that are out of proportion.

    Attributes
    ----------
    at : array of int
        Positions of the values that they lead to.
    distances : array
        How far each lies from what was to be expected of the value before, in robust standard deviations.
    threshold : float
        What a distance must exceed.
    """

    at: NDArray[np.intp]
    distances: Array
    threshold: float


def outlying_steps(y: Array, breaks: tuple[int, ...] = (), *, alpha: float = 0.01) -> OutlyingSteps:
    """Find the steps of a series that its own autoregression does not lead one to expect.

    y_t = c + φ y_{t−1} + e_t is fitted, to each regime by itself where breaks are given; a step is out of proportion where
    |e_t|, and the step y_t − y_{t−1} itself, exceed Φ⁻¹(1 − α / 2n) robust standard deviations (1.4826 times the median
    distance from the median), so that a normal series of n steps has any with a probability of no more than α.

    Parameters
    ----------
    y : array, shape (n,)
        Regular observations; logarithms where changes are relative.
    breaks : tuple of int
        Positions of the first step of each further regime, as `structural_breaks.autoregressive_breaks` finds them.
    alpha : float
        Chance of a false one among all.

    Raises
    ------
    ThinData
        If there are fewer than 24 steps, gaps, or more than half of the steps are as expected to the last digit.

    References
    ----------
    Fox, A. J. (1972), Outliers in time series, Journal of the Royal Statistical Society B 34(3), 350–363 (type II). Chen, C.
    and Liu, L.-M. (1993), Joint estimation of model parameters and outlier effects in time series, Journal of the American
    Statistical Association 88(421), 284–297.
    """
    y = np.asarray(y, dtype=float)
    if len(y) <= FEWEST:
        raise ThinData(
            "No step is told to be out of proportion to so few others",
            Reason.TOO_SHORT,
            expected=f"more than {FEWEST} values",
            found=f"{len(y)}",
        )
    if not np.isfinite(y).all():
        raise ThinData(
            "Steps over gaps are not compared with others",
            Reason.GAPS,
            expected="a number for each period",
            found=f"{(~np.isfinite(y)).sum()} without",
        )
    errors = np.empty(len(y) - 1)
    starts = (1, *breaks, len(y))
    for first, after in pairwise(starts):
        before, value = y[first - 1 : after - 1], y[first:after]
        slope, constant = np.polyfit(before, value, 1) if np.ptp(before) > 0 else (0.0, value.mean())
        errors[first - 1 : after - 1] = value - constant - slope * before
    by_rule, by_themselves = (_robust_distances(of) for of in (errors, np.diff(y)))
    if by_rule is None or by_themselves is None:
        raise ThinData(
            "Steps are not measured by a series that hardly moves",
            Reason.CONSTANT,
            expected="steps of different sizes",
            found="more than half of them alike",
        )
    threshold = float(-ndtri(alpha / (2 * len(errors))))
    at = np.flatnonzero(np.minimum(np.abs(by_rule), np.abs(by_themselves)) > threshold)
    return OutlyingSteps(at + 1, by_rule[at], threshold)


def _robust_distances(of: Array) -> Array | None:
    """Distances from the median in robust standard deviations; None where more than half are alike."""
    distances = of - np.median(of)
    deviation = 1.4826 * float(np.median(np.abs(distances)))
    return distances / deviation if deviation else None
