"""What small numbers leave open of a proportion, a count and a standardised rate: exact and score intervals.

All take arrays and give their lower and upper limits; at the level 0.95 an interval holds the true parameter in 95 of 100
repetitions. They are about chance, of persons decided on as if drawn from more of their kind, and not about rounding.
"""

import numpy
from numpy.typing import ArrayLike, NDArray
from scipy import special

from workbench.methods.rounding import Bounds

LEVEL = 0.95


def wilson(events: ArrayLike, trials: ArrayLike, level: float = LEVEL) -> Bounds:
    """The score interval of a binomial proportion: all proportions that a two-sided score test would not reject.

    Its mean coverage is the level; that of single proportions lies a little above or below. NaN without trials.

    Parameters
    ----------
    events, trials : array_like
        Counts, 0 ≤ events ≤ trials.

    References
    ----------
    E. B. Wilson, *JASA* 22 (1927) 209–212; R. G. Newcombe, *Statistics in Medicine* 17 (1998) 857–872, method 3.
    """
    x, n = _floats(events, trials)
    z2 = special.ndtri((1 + level) / 2) ** 2
    with numpy.errstate(divide="ignore", invalid="ignore"):
        centre = (x + z2 / 2) / (n + z2)
        half = numpy.sqrt(z2 * (x * (n - x) / n + z2 / 4)) / (n + z2)
    # What is nought or one in exact arithmetic is so here too.
    return numpy.where(x == 0, 0.0 * half, centre - half), numpy.where(x == n, 1 + 0.0 * half, centre + half)


def clopper_pearson(events: ArrayLike, trials: ArrayLike, level: float = LEVEL) -> Bounds:
    """The exact interval of a binomial proportion, by inverting two one-sided binomial tests; it covers at least at its level.

    References
    ----------
    C. J. Clopper and E. S. Pearson, *Biometrika* 26 (1934) 404–413; Newcombe (1998), method 5.
    """
    x, n = _floats(events, trials)
    tail = (1 - level) / 2
    known = numpy.where(n > 0, 1.0, numpy.nan)
    low = special.betaincinv(numpy.maximum(x, 1), numpy.maximum(n - x + 1, 1), tail)
    high = special.betaincinv(x + 1, numpy.maximum(n - x, 1), 1 - tail)
    return known * numpy.where(x == 0, 0.0, low), known * numpy.where(x == n, 1.0, high)


def garwood(events: ArrayLike, level: float = LEVEL) -> Bounds:
    """The exact interval of the mean of a Poisson count; divided by persons or by an expected number, that of a rate or ratio.

    References
    ----------
    F. Garwood, *Biometrika* 28 (1936) 437–442; K. Ulm, *American Journal of Epidemiology* 131 (1990) 373–375, for ratios.
    """
    (x,) = _floats(events)
    tail = (1 - level) / 2
    low = special.gammaincinv(numpy.maximum(x, 1), tail) + 0.0 * x
    return numpy.where(x == 0, 0.0, low), special.gammaincinv(x + 1, 1 - tail)


def fay_feuer(events: ArrayLike, weights: ArrayLike, level: float = LEVEL) -> tuple[float, float]:
    """The gamma interval of a weighted sum of Poisson counts, such as a directly standardised rate of rare events.

    With equal weights it is that of Garwood.

    Parameters
    ----------
    events : array_like
        Counts of each stratum.
    weights : array_like
        Of each stratum, its share in the standard divided by the persons observed in it.

    References
    ----------
    M. P. Fay and E. J. Feuer, *Statistics in Medicine* 16 (1997) 791–801, equations for L(y) and U(y).
    """
    x, w = _floats(events, weights)
    tail, y, v, largest = (1 - level) / 2, (w * x).sum(), (w**2 * x).sum(), w.max()
    low = 0.0 if y == 0 else v / y * special.gammaincinv(y**2 / v, tail)
    y, v = y + largest, v + largest**2
    return float(low), float(v / y * special.gammaincinv(y**2 / v, 1 - tail))


def combined(events: ArrayLike, trials: ArrayLike, weights: ArrayLike, level: float = LEVEL) -> tuple[float, float]:
    """The interval of a weighted sum of independent proportions, from the score interval of each: MOVER.

    Of a directly standardised proportion, the weights are the shares of the strata in the standard; of a difference, 1 and
    −1. Proportions that are not rare need it rather than that of Fay and Feuer, whose counts have no upper end.

    References
    ----------
    G. Y. Zou, W. Huang and X. Zhang, *Computational Statistics and Data Analysis* 53 (2009) 1080–1085; of a difference it
    is method 10 of R. G. Newcombe, *Statistics in Medicine* 17 (1998) 873–890.
    """
    x, n, w = _floats(events, trials, weights)
    rate, (low, high) = x / n, wilson(x, n, level)
    below, above = numpy.where(w > 0, (rate - low, high - rate), (high - rate, rate - low))
    value = (w * rate).sum()
    return float(value - numpy.sqrt(((w * below) ** 2).sum())), float(value + numpy.sqrt(((w * above) ** 2).sum()))


def _floats(*arrays: ArrayLike) -> list[NDArray]:
    return list(numpy.broadcast_arrays(*(numpy.asarray(array, dtype=float) for array in arrays)))
