"""Whether a series has a season at all: a series without one is not adjusted for it."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from workbench.methods.x11 import PERIOD, x11
from workbench.methods.x11_filters import Array


@dataclass(frozen=True)
class Seasonality:
    """What tests say of the season of a series.

    Attributes
    ----------
    stable_f, stable_p : float
        Do the months differ? One-way analysis of variance of season and irregular.
    kruskal_wallis, kruskal_wallis_p : float
        The same of their ranks.
    friedman, friedman_p : float
        The same of their ranks within each whole calendar year.
    moving_f, moving_p : float
        Does the season change from year to year? Two-way analysis of variance of the distances from one.
    qs, qs_p : float
        Do months resemble the same month one and two years before, more than others?
    combined : float
        Lothian and Morry's T: below 1 where the season is clear beside its own movement.
    identifiable : bool
        Whether there is a season that can be told from chance.
    """

    stable_f: float
    stable_p: float
    kruskal_wallis: float
    kruskal_wallis_p: float
    friedman: float
    friedman_p: float
    moving_f: float
    moving_p: float
    qs: float
    qs_p: float
    combined: float
    identifiable: bool


def seasonality(counts: Array, *, first: int = 0) -> Seasonality:
    """Test monthly counts for an identifiable season.

    The tests look at what X-11 leaves when the trend is taken out (table D 8). There is an identifiable season where months
    differ (F at 0.1 %, Kruskal–Wallis at 1 %) and the season does not move too much beside that (combined test). Friedman's
    test and QS are told beside it: QS misses a smooth season under noise, and needs no trend taken out.

    Parameters
    ----------
    counts : array, shape (n,)
        Consecutive months, none missing.
    first : int
        Month of the first of them, 0 for January.

    Raises
    ------
    ThinData
        As `workbench.methods.x11.x11`.

    References
    ----------
    Lothian, J. and Morry, M. (1978), A test for the presence of identifiable seasonality when using the X-11-ARIMA program,
    Statistics Canada. Higginson, J. (1975), An F test for the presence of moving seasonality when using Census Method II.
    Ladiray and Quenneville (2001), section 4.3.2. QS: Maravall, A. (2011), Seasonality tests and automatic model
    identification in TRAMO-SEATS, Bank of Spain.
    """
    counts = np.asarray(counts, dtype=float)
    ratios = x11(counts, first=first).ratios
    months = [ratios[month::PERIOD] for month in range(PERIOD)]
    stable = stats.f_oneway(*months)
    ranks = stats.kruskal(*months)
    years = whole_years(ratios, first)
    within_years = stats.friedmanchisquare(*years.T)
    moving_f, moving_p = moving_seasonality(years)
    of_level, of_movement = 7 / stable.statistic, 3 * moving_f / stable.statistic
    combined = float(np.sqrt((of_level + of_movement) / 2))
    alike, alike_p = qs(counts)
    certain = stable.pvalue < 0.001 and ranks.pvalue < 0.01
    steady = combined < 1 and of_level < 1 and of_movement < 1
    return Seasonality(
        stable_f=float(stable.statistic),
        stable_p=float(stable.pvalue),
        kruskal_wallis=float(ranks.statistic),
        kruskal_wallis_p=float(ranks.pvalue),
        friedman=float(within_years.statistic),
        friedman_p=float(within_years.pvalue),
        moving_f=moving_f,
        moving_p=moving_p,
        qs=alike,
        qs_p=alike_p,
        combined=combined,
        identifiable=bool(certain and steady),
    )


def whole_years(values: Array, first: int) -> Array:
    """The whole calendar years of a monthly series, a row each.

    Parameters
    ----------
    values : array, shape (n,)
    first : int
        Month of the first value, 0 for January.

    Returns
    -------
    array, shape (years, 12)
    """
    january = -first % PERIOD
    return values[january : january + (len(values) - january) // PERIOD * PERIOD].reshape(-1, PERIOD)


def moving_seasonality(years: Array) -> tuple[float, float]:
    """F statistic and p value of whether the season differs between years.

    A two-way analysis of variance, months by years without replication, of the distances of season and irregular from one.

    Parameters
    ----------
    years : array, shape (years, 12)
        Season and irregular together, as factors around one.
    """
    away = np.abs(years - 1)
    n, months = away.shape
    of_years = months * np.sum((away.mean(axis=1) - away.mean()) ** 2)
    left = away - away.mean(axis=1, keepdims=True) - away.mean(axis=0) + away.mean()
    freedom = (n - 1) * (months - 1)
    statistic = (of_years / (n - 1)) / (np.sum(left**2) / freedom)
    return float(statistic), float(stats.f.sf(statistic, n - 1, freedom))


def qs(counts: Array) -> tuple[float, float]:
    """QS statistic and p value: positive autocorrelation of monthly changes at one and two years.

    The square roots of counts are differenced: that levels the variance of counts, and takes zeros.

    Parameters
    ----------
    counts : array, shape (n,)
    """
    changes = np.diff(np.sqrt(np.maximum(counts, 0)))
    changes = changes - changes.mean()
    n = len(changes)
    once, twice = (changes[lag:] @ changes[:-lag] / (changes @ changes) for lag in (PERIOD, 2 * PERIOD))
    if once <= 0:
        return 0.0, 1.0
    statistic = n * (n + 2) * (once**2 / (n - PERIOD) + max(twice, 0) ** 2 / (n - 2 * PERIOD))
    return float(statistic), float(stats.chi2.sf(statistic, 2))
