"""Funnel plots: how far the rates of large and small places may lie from a target by chance alone, and which lie farther."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy
from numpy.typing import ArrayLike, NDArray
from scipy import special

from workbench.methods.refusal import Reason, ThinData
from workbench.methods.rounding import Bounds

LEVELS = (0.95, 0.998)
"""Two and three standard deviations, as control charts have them."""

FEWEST = 5


@dataclass(frozen=True)
class Overdispersion:
    """How much more places scatter about a target than chance makes them.

    Attributes
    ----------
    ratio : float
        The mean square of their winsorised z-scores, φ: 1 where it is chance alone.
    between : float
        The standard deviation between places, τ, in the unit of the rate; nought where φ does not tell of any.
    """

    ratio: float
    between: float


def binomial_limits(target: ArrayLike, trials: ArrayLike, level: float) -> Bounds:
    """Exact limits of a proportion about a target, interpolated so that they are smooth in the number of trials.

    A place of so many trials lies outside of either with a probability of half of 1 − level, if its rate is the target.

    References
    ----------
    D. J. Spiegelhalter, "Funnel Plots for Comparing Institutional Performance", *Statistics in Medicine* 24 (2005) 1185–1202,
    appendix A.1.1.
    """
    n, rate = numpy.asarray(trials, dtype=float), numpy.asarray(target, dtype=float)
    low, high = (_binomial_quantile(p, n, rate) / n for p in ((1 - level) / 2, (1 + level) / 2))
    return numpy.clip(low, 0, 1), numpy.clip(high, 0, 1)


def overdispersion(values: ArrayLike, target: float, errors: ArrayLike, winsorised: float = 0.1) -> Overdispersion:
    """The scatter of places about a target beyond chance, with the most extreme tenth on either side drawn in.

    φ is a ratio that multiplies the variance of each place; τ² is the variance between places that is added to it (DerSimonian
    and Laird), nought where the number of places times φ is less than their number less one.

    Parameters
    ----------
    values, errors : array_like
        Of each place, its rate or ratio, and the standard deviation that chance gives it about the target.
    winsorised : float
        The part of the z-scores on either side that is set to the nearest one within, so that outliers do not hide themselves.

    Raises
    ------
    ThinData
        If there are fewer than `FEWEST` places.

    References
    ----------
    Spiegelhalter (2005), section 3.2 and appendix A.3; D. J. Spiegelhalter, *Quality and Safety in Health Care* 14 (2005)
    347–351.
    """
    chance = numpy.asarray(errors, dtype=float)
    if len(chance) < FEWEST:
        raise ThinData("scatter is of places", Reason.TOO_FEW, expected=f"at least {FEWEST}", found=f"{len(chance)}")
    scores = (numpy.asarray(values, dtype=float) - target) / chance
    scores = numpy.clip(scores, *numpy.quantile(scores, [winsorised, 1 - winsorised]))
    ratio, weights = float((scores**2).mean()), chance**-2
    surplus = len(chance) * ratio - (len(chance) - 1)
    between2 = surplus / (weights.sum() - (weights**2).sum() / weights.sum())
    return Overdispersion(ratio, float(max(between2, 0.0) ** 0.5))


def widened_limits(target: float, errors: ArrayLike, between: float, level: float) -> Bounds:
    """Limits that allow places a scatter of their own: the variance of chance and that between places together.

    By the normal distribution, and not below nought.

    References
    ----------
    Spiegelhalter (2005), appendix A.3: the additive random effects model.
    """
    half = special.ndtri((1 + level) / 2) * numpy.sqrt(numpy.asarray(errors, dtype=float) ** 2 + between**2)
    return numpy.maximum(target - half, 0.0), target + half


def is_outside(rates: ArrayLike, limits: Bounds) -> NDArray:
    """−1 below the limits, 1 above them, 0 within or on them."""
    rates = numpy.asarray(rates, dtype=float)
    return numpy.where(rates < limits[0], -1, numpy.where(rates > limits[1], 1, 0))


def _binomial_quantile(p: float, n: NDArray, target: NDArray) -> NDArray:
    """The least number r with a probability of at least p to have no more, less the part of its own that is not needed."""
    return _interpolated(p, lambda r: _binomial_cdf(r, n, target), special.bdtrik(p, n, target))


def _binomial_cdf(r: NDArray, n: NDArray, target: NDArray) -> NDArray:
    within = special.betaincc(numpy.clip(r, 0, n - 1) + 1, n - numpy.clip(r, 0, n - 1), target)
    return numpy.where(r < 0, 0.0, numpy.where(r >= n, 1.0, within))


def _interpolated(p: float, cdf: Callable[[NDArray], NDArray], near: NDArray) -> NDArray:
    # The inverse in continuous numbers is not below r − 1, nor where nothing may happen a number at all.
    r = numpy.maximum(numpy.ceil(numpy.nan_to_num(near, nan=0.0)) - 1, 0)
    r = numpy.where(cdf(r) < p, r + 1, r)
    at, before = cdf(r), cdf(r - 1)
    return r - (at - p) / (at - before)
