"""Interrupted time series: how far the level and the slope of a series change at a date known beforehand."""

from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm

from workbench.methods.refusal import Reason, ThinData
from workbench.methods.x11_filters import Array


@dataclass(frozen=True)
class Effect:
    """An estimate with its standard error and interval.

    Attributes
    ----------
    value, error, low, high : float
        95 % confidence interval; for counts all are of the logarithm.
    p_value : float
    """

    value: float
    error: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True)
class Interruption:
    """What changes at the date.

    Attributes
    ----------
    level : Effect
        The step at the date, beside what the slope before would have led to.
    slope : Effect or None
        The change of the slope, per period; None where only a step was asked for.
    trend : Effect
        The slope before, per period.
    autocorrelation : float
        Of the residuals at one period: of the raw ones for Newey–West and counts, estimated for Prais–Winsten.
    dispersion : float
        Variance of the residuals; of counts relative to their mean.
    expected : array, shape (n,)
        The series as it would have gone on without the interruption.
    """

    level: Effect
    slope: Effect | None
    trend: Effect
    autocorrelation: float
    dispersion: float
    expected: Array


def interrupted(
    y: Array,
    at: int,
    *,
    slope: bool = True,
    harmonics: int = 0,
    period: int = 12,
    lags: int | None = None,
    prais_winsten: bool = False,
) -> Interruption:
    """Estimate the step and the change of slope of a series at a known date, by segmented regression.

    y_t = β₀ + β₁ t + β₂ after_t + β₃ (t − at) after_t + season + e_t. Presumed: the line before would have gone on, nothing
    else happened at the date, and the date was not chosen by looking at the series. Errors may be autocorrelated: standard
    errors are Newey and West's, or the regression is by Prais and Winsten's generalised least squares with errors AR(1).

    Parameters
    ----------
    y : array, shape (n,)
        Consecutive periods, none missing.
    at : int
        The first of them after the interruption, from 0.
    slope : bool
        Whether the slope may change too.
    harmonics : int
        Pairs of sine and cosine for the season; none by default.
    period : int
        Periods in a year.
    lags : int, optional
        Of Newey and West; the integer part of 4 (n / 100)^(2/9) where left out.
    prais_winsten : bool
        Whether to estimate by generalised least squares instead.

    Raises
    ------
    ThinData
        If there are fewer than eight periods on either side, no more periods than coefficients and ten, gaps, or a constant.

    References
    ----------
    Wagner, A. K. et al. (2002), Segmented regression analysis of interrupted time series studies in medication use research,
    Journal of Clinical Pharmacy and Therapeutics 27, 299–309. Newey, W. K. and West, K. D. (1987), Econometrica 55(3),
    703–708. Prais, S. J. and Winsten, C. B. (1954), Cowles Commission Discussion Paper 383.
    """
    y, x = _checked(y, at, slope, harmonics, period)
    if prais_winsten:
        fitted, rho = _prais_winsten(y, x)
    else:
        lags = int(4 * (len(y) / 100) ** (2 / 9)) if lags is None else lags
        fitted = sm.OLS(y, x).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True)
        rho = _autocorrelation(fitted.resid)
    return _interruption(fitted, slope, rho, float(fitted.scale), _without_interruption(x, slope) @ fitted.params)


def interrupted_counts(
    counts: Array, at: int, *, exposure: Array | None = None, slope: bool = False, harmonics: int = 0, period: int = 12
) -> Interruption:
    """The same for counts: a log-linear regression whose step and slopes multiply, with variance beyond Poisson's.

    Parameters
    ----------
    counts : array, shape (n,)
        Consecutive periods, none missing, none negative.
    exposure : array, shape (n,), optional
        What counts are per: the population of each period.
    at, slope, harmonics, period
        As in `interrupted`; effects are of the logarithm of the count.

    Raises
    ------
    ThinData
        As `interrupted`.

    References
    ----------
    Lopez Bernal, J., Cummins, S. and Gasparrini, A. (2017), Interrupted time series regression for the evaluation of public
    health interventions: a tutorial, International Journal of Epidemiology 46(1), 348–355.
    """
    y, x = _checked(counts, at, slope, harmonics, period)
    offset = None if exposure is None else np.log(np.asarray(exposure, dtype=float))
    fitted = sm.GLM(y, x, family=sm.families.Poisson(), offset=offset).fit(scale="X2")
    expected = np.exp(_without_interruption(x, slope) @ fitted.params + (0 if offset is None else offset))
    return _interruption(fitted, slope, _autocorrelation(fitted.resid_deviance), float(fitted.scale), expected)


def _checked(y: Array, at: int, slope: bool, harmonics: int, period: int) -> tuple[Array, Array]:
    y = np.asarray(y, dtype=float)
    if not np.isfinite(y).all():
        raise ThinData(
            "An interruption is not estimated from a series with gaps",
            Reason.GAPS,
            expected="a number for each period",
            found=f"{(~np.isfinite(y)).sum()} without",
        )
    x = _design(len(y), at, slope, harmonics, period)
    if min(at, len(y) - at) < 8 or len(y) < x.shape[1] + 10:
        raise ThinData(
            "An interruption is not estimated from so few periods",
            Reason.TOO_SHORT,
            expected=f"8 before, 8 after, {x.shape[1] + 10} in all",
            found=f"{at} before, {len(y) - at} after",
        )
    if np.ptp(y) == 0:
        raise ThinData(
            "A constant series is not interrupted", Reason.CONSTANT, expected="different values", found="one"
        )
    return y, x


def _design(n: int, at: int, slope: bool, harmonics: int, period: int) -> Array:
    """Constant, time, step, season, and last the change of slope."""
    t = np.arange(n)
    after = (t >= at).astype(float)
    angles = [2 * np.pi * pair * (t + 1) / period for pair in range(1, harmonics + 1)]
    waves = [wave(angle) for angle in angles for wave in (np.sin, np.cos)]
    return np.column_stack([np.ones(n), t + 1.0, after, *waves, *([(t - at) * after] if slope else [])])


def _without_interruption(x: Array, slope: bool) -> Array:
    continued = x.copy()
    continued[:, 2] = 0
    if slope:
        continued[:, -1] = 0
    return continued


def _prais_winsten(y: Array, x: Array) -> tuple[sm.regression.linear_model.RegressionResults, float]:
    """Iterated feasible generalised least squares, the first observation kept."""
    rho = 0.0
    for _ in range(100):
        first = np.sqrt(1 - rho**2)
        turned_y = np.r_[first * y[0], y[1:] - rho * y[:-1]]
        turned_x = np.vstack([first * x[0], x[1:] - rho * x[:-1]])
        fitted = sm.OLS(turned_y, turned_x).fit()
        residuals = y - x @ fitted.params
        renewed = float(residuals[1:] @ residuals[:-1] / (residuals[:-1] @ residuals[:-1]))
        if abs(renewed - rho) < 1e-8:
            return fitted, renewed
        rho = min(max(renewed, -0.999), 0.999)
    raise ThinData(
        "The autocorrelation of errors does not settle",
        Reason.NOT_CONVERGED,
        expected="a stable estimate in 100 rounds",
        found=f"{rho:.4f} still moving",
    )


def _autocorrelation(residuals: Array) -> float:
    return float(residuals[1:] @ residuals[:-1] / (residuals @ residuals))


def _interruption(fitted, slope: bool, rho: float, dispersion: float, expected: Array) -> Interruption:  # type: ignore[no-untyped-def]
    intervals = np.asarray(fitted.conf_int())

    def effect(position: int) -> Effect:
        value, error, p_value = (np.asarray(of)[position] for of in (fitted.params, fitted.bse, fitted.pvalues))
        low, high = intervals[position]
        return Effect(float(value), float(error), float(low), float(high), float(p_value))

    return Interruption(effect(2), effect(-1) if slope else None, effect(1), rho, dispersion, expected)
