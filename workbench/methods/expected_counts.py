"""What a count is expected to be from its own past, and between which bounds: quasi-Poisson regression on a moving window.

For each period a log-linear model with trend and season is fitted to the years before it, without the newest half year, so that a
rise that has begun does not hide itself; past outliers weigh less; counts vary more than a Poisson count does. All periods are
fitted in one pass of iteratively reweighted least squares over stacked arrays: a board fits thousands of windows.

References
----------
Farrington, Andrews, Beale & Catchpole (1996), Journal of the Royal Statistical Society A 159, 547-563; Noufaily, Enki, Farrington,
Garthwaite, Andrews & Charlett (2013), Statistics in Medicine 32, 1206-1222; Salmon, Schumacher & Höhle (2016), Journal of
Statistical Software 70(10), section 3 (the R package `surveillance`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from workbench.methods.count_distribution import normal_deviates, quantile
from workbench.methods.refusal import Reason, ThinData

# The years of the past that are looked at, and the fewest with which a period is judged.
YEARS = 5
FEWEST_YEARS = 3
# Into how many parts the year is divided; the period that is judged is in the middle of one. Steps instead of waves, as Noufaily
# et al. have: on a steep season they are rough, which widens the band, and does no worse on the history of detections.
SEASONS = 4
# A past count whose standardised residual is above this weighs less (Noufaily et al. 2013, section 3.3).
OUTLYING = 2.58
# With fewer on average in the past, or with a season without any, neither season nor trend is fitted.
SMALL = 5.0
# A trend is kept where it differs from none at this level (Farrington et al. 1996, section 3.3).
TREND_LEVEL = 0.05
# How many times the weights are found anew. Farrington et al. find them once, and with the trend; several times, and without,
# the bands after a crisis are much narrower, and on the history of detections and decisions there are fewer false alarms.
REWEIGHTINGS = 4
ITERATIONS = 25
# Beyond this the logarithm of a fitted count is not followed: a season that has nearly no counts drifts to minus infinity.
WIDEST = 25.0


@dataclass(frozen=True, eq=False)
class ExpectedCounts:
    """What each period was expected to hold, from what had been before it; nan where the past is too short.

    All arrays have the shape (n,) of the counts.

    Attributes
    ----------
    mean : numpy.ndarray
        The expected count.
    variance : numpy.ndarray
        That of a new count about it: ``φ μ`` for how counts vary, and the squared standard error of the mean itself.
    dispersion : numpy.ndarray
        φ: how many times more than Poisson counts the past varied; 1 at least.
    lower, upper : numpy.ndarray
        The bounds: less than ``lower``, and more than ``upper``, come with a probability of ``alpha`` at most each. Exact
        quantiles of the negative binomial distribution with that mean and variance, so that they hold for small counts too.
    alpha : float
        The probability beyond either bound.
    """

    mean: np.ndarray
    variance: np.ndarray
    dispersion: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    alpha: float

    def deviates(self, counts: ArrayLike) -> np.ndarray:
        """Counts as deviates from what was expected, about standard normal; see `count_distribution.normal_deviates`."""
        return normal_deviates(counts, self.mean, self.variance)


def expected_counts(counts: ArrayLike, per_year: int, *, alpha: float = 0.005) -> ExpectedCounts:
    """The expected count of each period, and its bounds, from the periods before it alone.

    Parameters
    ----------
    counts : array_like, shape (n,)
        Counts of equal periods in the order of time; nan where one is missing.
    per_year : int
        Periods in a year: 12 or 4.
    alpha : float
        The probability beyond either bound, if nothing has changed.

    Returns
    -------
    ExpectedCounts
        nan for periods with less than three years before them (the newest half year not counted in).

    Raises
    ------
    ThinData
        If no period has enough before it.

    Notes
    -----
    ``log μ = a + b t + season``, with four seasons, the one about the judged period first; variance ``φ μ``. The trend is left
    out where it does not differ from none, or would expect more than was ever counted. Counts below five on average have
    neither season nor trend: their mean has the gamma distribution that N/φ counts leave of it (reference prior, Jeffreys), and
    the bounds are those of the negative binomial distribution that follows exactly.
    """
    counts = np.asarray(counts, float)
    window = YEARS * per_year
    gap = per_year // 2
    back = np.arange(window, gap, -1)
    past = _past(counts, back)
    weights = np.where(np.isnan(past), 0.0, 1.0)
    past = np.where(np.isnan(past), 0.0, past)
    known = weights.sum(axis=1)
    is_judged = known >= FEWEST_YEARS * per_year - gap
    if not is_judged.any():
        raise ThinData(
            "too short a past to say what is expected",
            Reason.TOO_SHORT if len(counts) < FEWEST_YEARS * per_year + 1 else Reason.GAPS,
            expected=f"a period with {FEWEST_YEARS} years before it",
            found=f"{int((~np.isnan(counts)).sum())} periods, of which {int(known.max(initial=0))} stand before one of them",
        )
    seasons = _seasons(back, per_year)
    is_small = _is_small(past, weights, seasons)
    mean, error, dispersion = (np.full(len(counts), np.nan) for _ in range(3))
    for where, fit in ((is_judged & is_small, _level), (is_judged & ~is_small, _trend_and_season)):
        if where.any():
            mean[where], error[where], dispersion[where] = fit(past[where], weights[where], seasons, -back / per_year)
    variance = dispersion * mean + error**2
    lower, upper = (quantile(level, mean, variance) for level in (alpha, 1 - alpha))
    return ExpectedCounts(mean, variance, dispersion, lower, upper, alpha)


def two_thirds_bound(mean: ArrayLike, error: ArrayLike, dispersion: ArrayLike, alpha: float) -> np.ndarray:
    """The upper bound of Farrington et al. (1996): normal on the scale of the power 2/3, on which counts are least skewed.

    ``(μ^{2/3} + z √(4/9 μ^{1/3} (φ + s²/μ)))^{3/2}``, with s the standard error of μ. Close to the negative binomial quantile for
    large counts; too low for small ones, which is why `expected_counts` does not use it.
    """
    mean, error, dispersion = (np.asarray(values, float) for values in (mean, error, dispersion))
    spread = np.sqrt(4 / 9 * np.cbrt(mean) * (dispersion + error**2 / mean))
    return np.maximum(0, np.cbrt(mean) ** 2 + ndtri(1 - alpha) * spread) ** 1.5


def outlier_weights(residuals: np.ndarray, known: np.ndarray, outlying: float = OUTLYING) -> np.ndarray:
    """Weights of past counts: in proportion to ``1 / s²`` where a standardised residual s is outlying, equal elsewhere.

    They add up to the number of known counts (Farrington et al. 1996, section 3.5).

    Parameters
    ----------
    residuals : numpy.ndarray, shape (windows, periods)
    known : numpy.ndarray, shape (windows, periods)
        1 for what is known, 0 for what is missing.
    """
    with np.errstate(divide="ignore"):
        weights = known * np.where(residuals > outlying, 1 / residuals**2, 1.0)
    return weights * (known.sum(axis=-1) / weights.sum(axis=-1))[..., None]


def _past(counts: np.ndarray, back: np.ndarray) -> np.ndarray:
    """For each period, the counts so many periods back; nan before the first."""
    at = np.arange(len(counts))[:, None] - back
    return np.where(at >= 0, counts[np.maximum(at, 0)], np.nan)


def _seasons(back: np.ndarray, per_year: int) -> np.ndarray:
    """The season of periods so many back: 0 is that about the judged period, which is three months wide."""
    width = per_year // SEASONS
    return ((-back + width // 2) % per_year) // width


def _is_small(past: np.ndarray, weights: np.ndarray, seasons: np.ndarray) -> np.ndarray:
    totals = np.stack([(past * weights)[:, seasons == season].sum(axis=1) for season in range(SEASONS)])
    return (totals.sum(axis=0) < SMALL * weights.sum(axis=1)) | (totals.min(axis=0) == 0)


def _level(past: np.ndarray, known: np.ndarray, *_: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, its standard error and dispersion of small counts about one level."""
    number, weights = known.sum(axis=1), known
    for _again in range(REWEIGHTINGS):
        mean = np.maximum((weights * past).sum(axis=1) / number, 0.5 / number)
        dispersion = np.maximum(1, (weights * (past - mean[:, None]) ** 2).sum(axis=1) / mean / (number - 1))
        weights = outlier_weights(_anscombe(past, mean[:, None], dispersion[:, None], 1 / number[:, None]), known)
    mean = ((weights * past).sum(axis=1) + dispersion / 2) / number
    return mean, np.sqrt(dispersion * mean / number), dispersion


def _trend_and_season(
    past: np.ndarray, known: np.ndarray, seasons: np.ndarray, years: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, its standard error and dispersion at the judged period, which has season 0 and time 0."""
    season = np.stack([np.ones_like(years)] + [(seasons == each).astype(float) for each in range(1, SEASONS)], axis=1)
    weights = _weights_without_trend(season, past, known)
    logarithm, error, dispersion, trend = _fitted(np.column_stack([season, years]), past, known, weights)
    without_trend = _fitted(season, past, known, weights)
    degrees = known.sum(axis=1) - SEASONS - 1
    has_trend = np.abs(trend) >= stdtrit(degrees, 1 - TREND_LEVEL / 2)
    has_trend &= np.exp(logarithm) <= past.max(axis=1)
    logarithm, error, dispersion = (
        np.where(has_trend, one, other) for one, other in zip((logarithm, error, dispersion), without_trend[:3])
    )
    return np.exp(logarithm), error * np.exp(logarithm), dispersion


def _weights_without_trend(season: np.ndarray, past: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The weights of past counts. By a model without trend: an outbreak at the end of the past would pass for a trend."""
    weights = known
    for _again in range(REWEIGHTINGS):
        _, covariance, fitted = quasi_poisson(season, past, weights)
        dispersion = _dispersion(past, fitted, weights, known.sum(axis=1) - SEASONS)
        leverage = weights * fitted * np.einsum("ni,bij,nj->bn", season, covariance, season)
        weights = outlier_weights(_anscombe(past, fitted, dispersion[:, None], leverage), known)
    return weights


def _fitted(design: np.ndarray, past: np.ndarray, known: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, ...]:
    """The fitted logarithm at the judged period, its standard error, the dispersion, and the last coefficient over its error."""
    coefficients, covariance, fitted = quasi_poisson(design, past, weights)
    dispersion = _dispersion(past, fitted, weights, known.sum(axis=1) - design.shape[1])
    errors = np.sqrt(dispersion[:, None] * np.diagonal(covariance, axis1=1, axis2=2))
    return coefficients[:, 0], errors[:, 0], dispersion, coefficients[:, -1] / errors[:, -1]


def _dispersion(past: np.ndarray, fitted: np.ndarray, weights: np.ndarray, degrees: np.ndarray) -> np.ndarray:
    """Pearson's estimate, 1 at least."""
    return np.maximum(1, (weights * (past - fitted) ** 2 / fitted).sum(axis=1) / degrees)


def quasi_poisson(
    design: np.ndarray, counts: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Poisson regressions with a log link on one design, all at once, by iteratively reweighted least squares.

    Parameters
    ----------
    design : numpy.ndarray, shape (periods, parameters)
    counts, weights : numpy.ndarray, shape (windows, periods)
        What is missing has weight 0.

    Returns
    -------
    coefficients : numpy.ndarray, shape (windows, parameters)
    covariance : numpy.ndarray, shape (windows, parameters, parameters)
        Of the coefficients where the dispersion is 1.
    fitted : numpy.ndarray, shape (windows, periods)

    References
    ----------
    McCullagh & Nelder (1989), Generalized Linear Models, 2nd ed., sections 2.5 and 6.2.
    """
    logarithms = np.log(counts + 0.5)
    for _ in range(ITERATIONS):
        fitted = np.exp(logarithms)
        information = np.einsum("ni,bn,nj->bij", design, weights * fitted, design)
        adjusted = weights * (fitted * logarithms + counts - fitted)
        coefficients = np.linalg.solve(information, (adjusted @ design)[..., None])[..., 0]
        previous, logarithms = logarithms, np.clip(coefficients @ design.T, -WIDEST, WIDEST)
        if np.abs(logarithms - previous).max() < 1e-10:
            break
    fitted = np.exp(logarithms)
    return coefficients, np.linalg.inv(np.einsum("ni,bn,nj->bij", design, weights * fitted, design)), fitted


def _anscombe(counts: np.ndarray, mean: np.ndarray, dispersion: np.ndarray, leverage: np.ndarray) -> np.ndarray:
    """Standardised Anscombe residuals of quasi-Poisson counts (Farrington et al. 1996, section 3.5)."""
    raw = 1.5 * (np.cbrt(counts) ** 2 - np.cbrt(mean) ** 2) / mean ** (1 / 6)
    return raw / np.sqrt(dispersion * np.maximum(1 - leverage, 1e-6))
