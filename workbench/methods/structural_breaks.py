"""Structural breaks: how many there are in the mean or in a regression, when, and how sure one can be of that."""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, gamma

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import log_ndtr

from workbench.methods.recursive_residuals import recursive_residuals
from workbench.methods.refusal import Reason, ThinData
from workbench.methods.x11_filters import Array

TRIM = 0.15
"""The least part of a series that lies between breaks, and before the first and after the last."""


@dataclass(frozen=True)
class Partition:
    """The best cuts of a series into regimes, for one number of breaks.

    Attributes
    ----------
    breaks : tuple of int
        How many observations lie before each break: the position, from 0, of the first observation of the next regime.
    rss : float
        Residual sum of squares.
    bic : float
        Bayesian information criterion, the lower the better.
    """

    breaks: tuple[int, ...]
    rss: float
    bic: float


@dataclass(frozen=True)
class Breaks:
    """The breaks of a series.

    Attributes
    ----------
    partitions : tuple of Partition
        The best for each number of breaks, from none.
    chosen : Partition
        That of the lowest BIC.
    low, high : tuple of int
        Confidence intervals of its breaks, counted as `Partition.breaks`.
    coefficients : array, shape (breaks + 1, k)
        Of the regression in each regime: the mean where nothing else is fitted.
    """

    partitions: tuple[Partition, ...]
    chosen: Partition
    low: tuple[int, ...]
    high: tuple[int, ...]
    coefficients: NDArray[np.float64]


def structural_breaks(
    y: Array, x: Array | None = None, *, least: int | None = None, most: int | None = None, lags: int = 0
) -> Breaks:
    """Find the breaks of a mean or a linear regression, their number by BIC, and their confidence intervals.

    Every way to cut the series is weighed: the residual sum of squares of each segment is computed, and dynamic programming
    finds the best cuts for each number of breaks. It is presumed that regimes are long, that
    disturbances have no trend in their mean, and (for BIC) that they are independent; with ``lags`` the intervals allow
    for autocorrelation, the choice of the number does not.

    Parameters
    ----------
    y : array, shape (n,)
        The series.
    x : array, shape (n, k), optional
        Regressors, the constant among them; a constant alone where left out, so that means shift.
    least : int, optional
        The fewest observations of a regime; 15 % of all where left out.
    most : int, optional
        The most breaks that are looked for; what fits, less two, where left out.
    lags : int
        Lags of Newey and West's estimate of the variance within each regime, for the intervals.

    Raises
    ------
    ThinData
        If regimes would have no more observations than coefficients, there are gaps, or the series is constant.

    References
    ----------
    Bai, J. and Perron, P. (2003), Computation and analysis of multiple structural change models, Journal of Applied
    Econometrics 18(1), 1–22. Zeileis, A., Kleiber, C., Krämer, W. and Hornik, K. (2003), Testing and dating of structural
    changes in practice, Computational Statistics & Data Analysis 44, 109–123. Intervals: Bai, J. (1997), Estimation of a
    change point in multiple regression models, Review of Economics and Statistics 79(4), 551–563.
    """
    y, x = _regression(y, x)
    n, k = x.shape
    least = int(n * TRIM) if least is None else least
    if least <= k or n < 2 * least:
        raise ThinData(
            "Breaks are not looked for in so short a series",
            Reason.TOO_SHORT,
            expected=f"regimes of more than {k} observations, two of them",
            found=f"{n} observations, regimes of {least}",
        )
    most = max(1, ceil(n / least) - 2) if most is None else most
    partitions = _partitions(_segment_costs(y, x, least), k, least, most)
    chosen = min(partitions, key=lambda partition: partition.bic)
    low, high = _intervals(y, x, chosen.breaks, lags)
    coefficients = np.array([_fit(y[part], x[part])[0] for part in _regimes(chosen.breaks, n)])
    return Breaks(partitions, chosen, low, high, coefficients)


def confidence_intervals(
    y: Array, breaks: tuple[int, ...], x: Array | None = None, *, level: float = 0.95, lags: int = 0
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The confidence intervals of given breaks, as `structural_breaks` has them of those that it chooses.

    Parameters
    ----------
    y, x, lags
        As in `structural_breaks`.
    breaks : tuple of int
        As `Partition.breaks`.
    level : float
        Confidence level.

    Returns
    -------
    tuple, tuple
        Low and high ends.
    """
    return _intervals(*_regression(y, x), breaks, lags, level)


def _regression(y: Array, x: Array | None) -> tuple[Array, Array]:
    y = np.asarray(y, dtype=float)
    x = np.ones((len(y), 1)) if x is None else np.asarray(x, dtype=float)
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise ThinData(
            "Breaks are not looked for in a series with gaps",
            Reason.GAPS,
            expected="a number for each period",
            found=f"{(~np.isfinite(y)).sum()} without",
        )
    if len(y) == 0 or np.ptp(y) == 0:
        raise ThinData(
            "A constant series has no breaks", Reason.CONSTANT, expected="different values", found="one value"
        )
    return y, x


# The cuts


def _segment_costs(y: Array, x: Array, least: int) -> Array:
    """The residual sum of squares of each segment, by its first observation and that after its last; inf if too short."""
    n = len(y)
    costs = np.full((n + 1, n + 1), np.inf)
    products, moments = x[:, :, None] * x[:, None, :], x * y[:, None]
    for first in range(n - least + 1):
        # The sums of squares and products from here on: the regression of each segment that is long enough, all at once.
        squares, products_so_far, moments_so_far = (
            np.cumsum(of[first:], axis=0)[least - 1 :] for of in (y**2, products, moments)
        )
        inverses = 1 / products_so_far if x.shape[1] == 1 else np.linalg.pinv(products_so_far, hermitian=True)
        explained = np.einsum("si,sij,sj->s", moments_so_far, inverses, moments_so_far)
        costs[first, first + least :] = np.maximum(squares - explained, 0)
    return costs


def _partitions(costs: Array, k: int, least: int, most: int) -> tuple[Partition, ...]:
    n = len(costs) - 1
    best, came_from = costs[0], []
    found = [_partition((), best[n], n, k)]
    for number in range(1, most + 1):
        if n < (number + 1) * least:
            break
        # Each way to put the last break is weighed for each end of the series up to there.
        through = best[:, None] + costs
        came_from.append(through.argmin(axis=0))
        best = through.min(axis=0)
        breaks, end = [], n
        for earlier in reversed(came_from):
            end = int(earlier[end])
            breaks.append(end)
        found.append(_partition(tuple(reversed(breaks)), best[n], n, k))
    return tuple(found)


def _partition(breaks: tuple[int, ...], rss: float, n: int, k: int) -> Partition:
    parameters = (k + 1) * (len(breaks) + 1)
    bic = n * (np.log(max(rss, np.finfo(float).tiny)) + 1 - np.log(n) + np.log(2 * np.pi)) + np.log(n) * parameters
    return Partition(breaks, float(rss), float(bic))


def _regimes(breaks: tuple[int, ...], n: int) -> list[slice]:
    ends = (0, *breaks, n)
    return [slice(first, after) for first, after in pairwise(ends)]


# Their confidence intervals


def _fit(y: Array, x: Array) -> tuple[Array, Array]:
    coefficients: Array = np.asarray(np.linalg.lstsq(x, y, rcond=None)[0], dtype=float)
    return coefficients, y - x @ coefficients


def _long_run(residuals: Array, x: Array, lags: int) -> Array:
    """The variance of the scores: of the residuals alone, or by Newey and West with Bartlett's weights."""
    moment = x.T @ x / len(x)
    if not lags:
        return residuals @ residuals / len(residuals) * moment
    scores = x * residuals[:, None]
    variance = scores.T @ scores
    for lag in range(1, min(lags, len(scores) - 1) + 1):
        along = scores[lag:].T @ scores[:-lag]
        variance = variance + (1 - lag / (lags + 1)) * (along + along.T)
    return variance / len(scores)


def _intervals(
    y: Array, x: Array, breaks: tuple[int, ...], lags: int, level: float = 0.95
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    regimes = [(part, *_fit(y[part], x[part])) for part in _regimes(breaks, len(y))]
    low, high = [], []
    for position, (before, after) in zip(breaks, pairwise(regimes)):
        (part, coefficients, residuals), (next_part, next_coefficients, next_residuals) = before, after
        shift = next_coefficients - coefficients
        size, next_size = (float(shift @ (x[of].T @ x[of] / len(x[of])) @ shift) for of in (part, next_part))
        noise, next_noise = (
            float(shift @ _long_run(left, x[of], lags) @ shift) / of_size
            for left, of, of_size in ((residuals, part, size), (next_residuals, next_part, next_size))
        )
        if noise <= 0 or next_noise <= 0:
            # A regime without any noise leaves no doubt on its side.
            low.append(position)
            high.append(position)
            continue
        steps = size / noise
        # What is distributed is the estimate less the true date, so that each tail bounds the date on the other side.
        early, late = (
            break_date_quantile(probability, next_size / size, next_noise / noise) / steps
            for probability in ((1 - level) / 2, (1 + level) / 2)
        )
        low.append(max(0, position - int(np.ceil(late))))
        high.append(min(len(y), position - int(np.floor(early))))
    return tuple(low), tuple(high)


def break_date_quantile(probability: float, xi: float, phi: float) -> float:
    """Quantile of where a two-sided Brownian motion with drift has its maximum: the limit of an estimated break date.

    Parameters
    ----------
    probability : float
        Between 0 and 1.
    xi : float
        Size of the shift after the break, by that before it.
    phi : float
        Variance after the break, by that before it.

    References
    ----------
    Bai (1997), appendix B; for equal regimes the quantile of 97.5 % is 11.0 (Yao 1987).
    """
    return float(brentq(lambda at: _maximum_before(at, xi, phi * xi) - probability, -1e4, 1e4, xtol=1e-9))


def _maximum_before(at: float, xi: float, phi: float) -> float:
    """Bai's distribution function, with φ = ξ (φ₂/φ₁)²; sums of exponentials are formed in logarithms."""
    s = abs(at)
    root = np.sqrt(s)
    if at < 0:
        ratio = xi / phi
        return float(
            -root * np.exp(-s / 8) / np.sqrt(2 * np.pi)
            - phi
            / xi
            * (phi + 2 * xi)
            / (phi + xi)
            * np.exp(ratio * (1 + ratio) * s / 2 + log_ndtr(-(0.5 + ratio) * root))
            + (s / 2 - 2 + (phi + 2 * xi) ** 2 / ((phi + xi) * xi)) * np.exp(log_ndtr(-root / 2))
        )
    scale = xi**2 / phi
    return float(
        1
        + xi * root / np.sqrt(phi) * np.exp(-scale * s / 8) / np.sqrt(2 * np.pi)
        + xi
        / phi
        * (2 * phi + xi)
        / (phi + xi)
        * np.exp((phi + xi) * s / 2 + log_ndtr(-(phi + xi / 2) / np.sqrt(phi) * root))
        - ((2 * phi + xi) ** 2 / ((phi + xi) * phi) - 2 + scale * s / 2) * np.exp(log_ndtr(-np.sqrt(scale) * root / 2))
    )


# Whether there is a break at all


@dataclass(frozen=True)
class SupF:
    """Whether a regression is the same throughout.

    Attributes
    ----------
    statistic : float
        The largest of the F statistics (times k) of a break at each observation.
    at : int
        Where that is, counted as `Partition.breaks`.
    p_value : float
        The chance of as large a statistic without a break.
    """

    statistic: float
    at: int
    p_value: float


def sup_f(y: Array, x: Array | None = None) -> SupF:
    """Test a mean or a linear regression for a break at an unknown date.

    At each observation that leaves 15 % on either side, (RSS₀ − RSS₁) / (RSS₁ / (n − 2k)); the largest counts. Disturbances
    are presumed independent and of one variance: see `bootstrapped_sup_f` for series with autocorrelation.

    Parameters
    ----------
    y : array, shape (n,)
    x : array, shape (n, k), optional
        As in `structural_breaks`.

    Raises
    ------
    ThinData
        As `structural_breaks`.

    References
    ----------
    Andrews, D. W. K. (1993), Tests for parameter instability and structural change with unknown change point, Econometrica
    61(4), 821–856. The p value by the tail of a squared tied-down Bessel process: DeLong, D. M. (1981), Communications in
    Statistics A 10(21), 2197–2213; Estrella, A. (2003), Econometric Theory 19(6), 1128–1143. It is close where it
    is below 0.3, and somewhat too low above.
    """
    y, x = _regression(y, x)
    n, k = x.shape
    least = int(n * TRIM)
    if least <= k:
        raise ThinData(
            "A break is not tested for in so short a series",
            Reason.TOO_SHORT,
            expected=f"{ceil((k + 1) / TRIM)} observations",
            found=f"{n}",
        )
    # The sums of squares of the observations up to each, and from each on, are those of recursive residuals.
    before = np.cumsum(np.nan_to_num(recursive_residuals(y, x)) ** 2)
    after = np.cumsum(np.nan_to_num(recursive_residuals(y[::-1], x[::-1])) ** 2)[::-1]
    cuts = np.arange(least, n - least + 1)
    broken = before[cuts - 1] + after[cuts]
    statistics = (before[-1] - broken) / (np.maximum(broken, np.finfo(float).tiny) / (n - 2 * k))
    largest = int(statistics.argmax())
    return SupF(float(statistics[largest]), int(cuts[largest]), sup_f_p_value(float(statistics[largest]), k))


def sup_f_p_value(statistic: float, k: int, trim: float = TRIM) -> float:
    """The chance that the supremum of k squared tied-down Bessel processes is as large as a statistic.

    Parameters
    ----------
    statistic : float
    k : int
        How many coefficients may break.
    trim : float
        The part that is left out at each end.
    """
    if statistic <= k:
        return 1.0
    span = 2 * np.log((1 - trim) / trim)
    density = (statistic / 2) ** (k / 2) * np.exp(-statistic / 2) / gamma(k / 2)
    return float(min(1.0, density * ((1 - k / statistic) * span + 2 / statistic)))


def bootstrapped_sup_f(
    y: Array,
    given: tuple[int, ...] = (),
    *,
    least: int | None = None,
    order: int = 1,
    replications: int = 999,
    seed: int = 0,
) -> SupF:
    """Test the mean of an autocorrelated series for one more break, its p value by simulating the series without it.

    An autoregression is fitted to the distances from the means of the given regimes; series are made of those means, the
    autoregression and its residuals drawn anew, and their largest F statistics compared with that of the series. A series
    that wanders widely is then not taken for one that breaks: near a random walk hardly a break passes, and in a normal
    series without autocorrelation as many as by `sup_f`.

    Parameters
    ----------
    y : array, shape (n,)
    given : tuple of int
        Breaks that are taken for granted, counted as `Partition.breaks`.
    least : int, optional
        The fewest observations of a regime; 15 % of all where left out.
    order : int
        Lags of the autoregression.
    replications : int
    seed : int
        Of the residuals that are drawn.

    Raises
    ------
    ThinData
        As `structural_breaks`, and if no regime has room for a break.

    References
    ----------
    Diebold, F. X. and Chen, C. (1996), Testing structural stability with endogenous breakpoint: a size comparison of analytic
    and bootstrap procedures, Journal of Econometrics 70(1), 221–241. One more break beside l: Bai and Perron (2003), section
    5.3.
    """
    y, _ = _regression(y, None)
    n = len(y)
    least = int(n * TRIM) if least is None else least
    regimes = _regimes(given, n)
    if least < 2 or all(part.stop - part.start < 2 * least for part in regimes):
        raise ThinData(
            "A break is not tested for in so short a series",
            Reason.TOO_SHORT,
            expected=f"a regime of {2 * max(least, 2)} observations",
            found=f"{max(part.stop - part.start for part in regimes)}",
        )
    means = np.concatenate([np.full(part.stop - part.start, y[part].mean()) for part in regimes])
    statistic, at = _largest_f(y[None, :], regimes, least)
    made = means + _autoregressive(y - means, order, replications, seed)
    simulated, _ = _largest_f(made, regimes, least)
    p_value = (1 + np.sum(simulated >= statistic[0])) / (replications + 1)
    return SupF(float(statistic[0]), int(at[0]), float(p_value))


def _autoregressive(distances: Array, order: int, replications: int, seed: int) -> Array:
    """Series with the autocorrelation of one, made of its residuals drawn anew; a row each."""
    n = len(distances)
    lagged = np.column_stack([np.ones(n - order), *(distances[order - lag : n - lag] for lag in range(1, order + 1))])
    coefficients, residuals = _fit(distances[order:], lagged)
    made = np.empty((replications, n))
    made[:, :order] = distances[:order]
    made[:, order:] = np.random.default_rng(seed).choice(residuals - residuals.mean(), (replications, n - order))
    for t in range(order, n):
        made[:, t] += coefficients[0] + made[:, t - order : t][:, ::-1] @ coefficients[1:]
    return made


def _largest_f(series: Array, regimes: list[slice], least: int) -> tuple[Array, Array]:
    """For each row the sup F statistic of one more break in a mean within one of the regimes, and where that would be."""
    n = series.shape[1]
    total = np.zeros(len(series))
    explained, at = np.zeros(len(series)), np.zeros(len(series), dtype=int)
    for part in regimes:
        centred = series[:, part] - series[:, part].mean(axis=1, keepdims=True)
        total += np.sum(centred**2, axis=1)
        length = part.stop - part.start
        cuts = np.arange(least, length - least + 1)
        if len(cuts) == 0:
            continue
        by_cut = np.cumsum(centred, axis=1)[:, cuts - 1] ** 2 * length / (cuts * (length - cuts))
        better = by_cut.max(axis=1) > explained
        at = np.where(better, part.start + cuts[by_cut.argmax(axis=1)], at)
        explained = np.maximum(explained, by_cut.max(axis=1))
    left = np.maximum(total - explained, np.finfo(float).tiny)
    return explained / (left / (n - len(regimes) - 1)), at


def significant_breaks(
    y: Array,
    *,
    least: int | None = None,
    most: int | None = None,
    lags: int = 0,
    order: int = 1,
    alpha: float = 0.05,
    replications: int = 999,
    seed: int = 0,
) -> Breaks:
    """The breaks of the mean of an autocorrelated series: as many as pass a test, one after the other.

    The dates are those of `structural_breaks`. Their number is not by BIC, which takes the waves of an autocorrelated series
    for regimes, but by `bootstrapped_sup_f`: one more is accepted as long as it would be met in fewer than one in twenty
    series that have the breaks accepted so far, and the same autocorrelation.

    Parameters
    ----------
    y, least, most, lags
        As in `structural_breaks`.
    order, replications, seed
        As in `bootstrapped_sup_f`.
    alpha : float
        Level of each test.

    Raises
    ------
    ThinData
        As `structural_breaks`.
    """
    found = structural_breaks(y, least=least, most=most, lags=lags)
    y, x = _regression(y, None)
    accepted = found.partitions[0]
    for more in found.partitions[1:]:
        try:
            test = bootstrapped_sup_f(
                y, accepted.breaks, least=least, order=order, replications=replications, seed=seed
            )
        except ThinData:
            break
        if test.p_value >= alpha:
            break
        accepted = more
    low, high = _intervals(y, x, accepted.breaks, lags)
    means = np.array([_fit(y[part], x[part])[0] for part in _regimes(accepted.breaks, len(y))])
    return Breaks(found.partitions, accepted, low, high, means)


def autoregressive_breaks(
    y: Array, least: int | None = None, most: int | None = None, *, replications: int = 999, seed: int = 0
) -> Breaks:
    """The breaks of how each value follows from the one before: y_t = c + φ y_{t−1} + e_t, with another c and φ in each regime.

    This suits stocks, which wander: a regime is one way of wandering, with its own level c / (1 − φ) to which it returns.
    Breaks are reported only if their sup F statistic is met in fewer than one in twenty series made of one autoregression
    and its residuals drawn anew, for its tail is a longer one where φ is close to one; their number is by BIC.

    Parameters
    ----------
    y : array, shape (n,)
        Regular observations; logarithms where changes are relative.
    least, most : int, optional
        As in `structural_breaks`.
    replications, seed : int
        As in `bootstrapped_sup_f`.

    Returns
    -------
    Breaks
        Counted in observations of ``y``: a break at b says that the step from b − 1 to b is the first of a new regime.

    Raises
    ------
    ThinData
        As `structural_breaks`.

    References
    ----------
    Hansen, B. E. (2001), The new econometrics of structural change: dating breaks in U.S. labor productivity, Journal of
    Economic Perspectives 15(4), 117–128; the seat-belt example of Zeileis et al. (2003); Diebold and Chen (1996).
    """
    y, _ = _regression(y, None)
    x = np.column_stack([np.ones(len(y) - 1), y[:-1]])
    found = structural_breaks(y[1:], x, least=least, most=most)
    partitions = tuple(_one_later(partition) for partition in found.partitions)
    if not found.chosen.breaks or _stability_p_value(y, replications, seed) >= 0.05:
        return Breaks(partitions, partitions[0], (), (), np.array([_fit(y[1:], x)[0]]))
    low, high = (tuple(position + 1 for position in ends) for ends in (found.low, found.high))
    return Breaks(partitions, _one_later(found.chosen), low, high, found.coefficients)


def _one_later(partition: Partition) -> Partition:
    return Partition(tuple(at + 1 for at in partition.breaks), partition.rss, partition.bic)


def _stability_p_value(y: Array, replications: int, seed: int) -> float:
    simulated = _largest_f_of_autoregressions(_autoregressive(y, 1, replications, seed))
    observed = _largest_f_of_autoregressions(y[None, :])[0]
    return float((1 + np.sum(simulated >= observed)) / (replications + 1))


def _largest_f_of_autoregressions(series: Array) -> Array:
    """For each row the sup F statistic of a break in its regression on the value before."""
    centred = series - series.mean(axis=1, keepdims=True)
    before, after = centred[:, :-1], centred[:, 1:]
    n = after.shape[1]
    least = int(n * TRIM)
    cuts = np.arange(least, n - least + 1)
    sums = [np.cumsum(of, axis=1) for of in (before, after, before**2, before * after, after**2)]
    whole = _rss_on_one([of[:, -1:] for of in sums], np.array([n]))
    first = _rss_on_one([of[:, cuts - 1] for of in sums], cuts)
    second = _rss_on_one([of[:, -1:] - of[:, cuts - 1] for of in sums], n - cuts)
    broken = np.maximum(first + second, np.finfo(float).tiny)
    return ((whole - broken) / (broken / (n - 4))).max(axis=1)


def _rss_on_one(sums: list[Array], count: Array) -> Array:
    """Residual sums of squares of y on a constant and x, from the sums of x, y, x², xy and y²."""
    x, y, xx, xy, yy = sums
    spread = np.maximum(xx - x**2 / count, np.finfo(float).tiny)
    return yy - y**2 / count - (xy - x * y / count) ** 2 / spread
