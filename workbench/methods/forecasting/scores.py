"""How good a forecast was, once it is known what came.

Scores are in the unit of the series unless said otherwise, and lower is better. All take arrays of any shape, and broadcast.
"""

import numpy
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

_ROOT_OF_PI = numpy.sqrt(numpy.pi)


def pinball(observed: ArrayLike, quantile: ArrayLike, level: ArrayLike) -> NDArray:
    """Quantile (pinball) loss of a forecast quantile: ``(y − q) τ`` where the observation is above, ``(q − y)(1 − τ)`` below.

    Parameters
    ----------
    observed, quantile : array_like
        What came, and the quantile that was forecast.
    level : array_like
        Its probability τ, between 0 and 1.

    References
    ----------
    R. Koenker and G. Bassett, Regression Quantiles, Econometrica 46 (1978), 33–50.
    """
    above, level = numpy.asarray(observed, dtype=float) - quantile, numpy.asarray(level, dtype=float)
    return numpy.maximum(level * above, (level - 1) * above)


def crps_normal(observed: ArrayLike, mean: ArrayLike = 0.0, sd: ArrayLike = 1.0) -> NDArray:
    """Continuous ranked probability score of a normal forecast, in closed form.

    ``σ [z (2 Φ(z) − 1) + 2 φ(z) − 1/√π]`` with ``z = (y − μ)/σ``; 0.2336950 for the standard normal at 0.

    References
    ----------
    T. Gneiting and A. E. Raftery, Strictly Proper Scoring Rules, Prediction, and Estimation, JASA 102 (2007), equation (5)
    of Gneiting et al., Monthly Weather Review 133 (2005).
    """
    mean, sd = numpy.asarray(mean, dtype=float), numpy.asarray(sd, dtype=float)
    z = (numpy.asarray(observed, dtype=float) - mean) / sd
    density = numpy.exp(-(z**2) / 2) / numpy.sqrt(2 * numpy.pi)
    return sd * (z * (2 * ndtr(z) - 1) + 2 * density - 1 / _ROOT_OF_PI)


def crps_sample(observed: ArrayLike, sample: ArrayLike) -> NDArray:
    """Continuous ranked probability score of the distribution that a sample is: ``E|X − y| − ½ E|X − X′|``.

    Parameters
    ----------
    observed : array_like, shape (...)
    sample : array_like, shape (..., n)
        Draws that weigh the same, or the quantiles at the levels ``(i − ½)/n`` of a distribution.

    References
    ----------
    T. Gneiting and A. E. Raftery, JASA 102 (2007), equation (21); evaluated on the sorted sample.
    """
    ordered = numpy.sort(numpy.asarray(sample, dtype=float), axis=-1)
    n = ordered.shape[-1]
    # Over all pairs, |X − X′| adds each value as often as others lie below it, less as often as they lie above.
    of_rank = (2 * numpy.arange(1, n + 1) - n - 1) / n**2
    distance = numpy.abs(ordered - numpy.asarray(observed, dtype=float)[..., None]).mean(axis=-1)
    return distance - (ordered * of_rank).sum(axis=-1)


def coverage(observed: ArrayLike, low: ArrayLike, high: ArrayLike) -> float:
    """Share of the observations, those that are NaN left out, which lie in their interval, ends included; NaN without any."""
    observed = numpy.asarray(observed, dtype=float)
    inside = ((observed >= low) & (observed <= high))[~numpy.isnan(observed)]
    return float(inside.mean()) if inside.size else float("nan")


def mase(errors: ArrayLike, history: ArrayLike, cycle: int = 1) -> float:
    """Mean absolute scaled error: the mean absolute error, in units of that of the (seasonal) naive forecast in-sample.

    Parameters
    ----------
    errors : array_like
        Observed less forecast; NaN where nothing is known yet.
    history : array_like, shape (n,)
        The observations before the first forecast.
    cycle : int
        Periods in a season: 12 of months, 4 of quarters; 1 without a season.

    Returns
    -------
    float
        Below 1: smaller errors than those of the naive forecast one step (or one season) ahead. Infinite where the history
        never changes.

    References
    ----------
    R. J. Hyndman and A. B. Koehler, Another look at measures of forecast accuracy, International Journal of Forecasting 22
    (2006), 679–688.
    """
    history = numpy.asarray(history, dtype=float)
    naive = numpy.abs(history[cycle:] - history[:-cycle]).mean()
    error = float(numpy.nanmean(numpy.abs(errors)))
    return error / float(naive) if naive else float("inf")


def skill(score: float, reference: float) -> float:
    """Part of the score of a reference forecast that is saved: ``1 − score/reference``; 0 is as good, below 0 worse.

    References
    ----------
    A. H. Murphy, Skill Scores Based on the Mean Square Error, Monthly Weather Review 116 (1988), 2417–2424.
    """
    return 1 - score / reference if reference else float("nan")
