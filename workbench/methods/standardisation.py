"""Rates of populations whose mixes differ, made comparable: directly, indirectly, and where strata are small.

A stratum is a citizenship, or one by age and sex; all arrays are by the strata, in one order. Events are counts among trials:
positive among all decisions.
"""

import math
from dataclasses import dataclass

import numpy
from numpy.typing import ArrayLike, NDArray
from scipy import special

from workbench.methods.proportions import LEVEL, combined, fay_feuer, wilson
from workbench.methods.refusal import Reason, ThinData
from workbench.methods.rounding import Bounds, Range, ratio_bounds, weighted_mean_bounds

LEAST_COVERAGE = 0.8
"""A mix of which less could be used is another one."""

RARE = 0.1
"""Of events in fewer trials than this part, counts are Poisson as nearly as makes no difference."""


@dataclass(frozen=True)
class Standardised:
    """A directly standardised rate.

    Attributes
    ----------
    value, low, high : float
        The rate, and what chance leaves open of it.
    coverage : float
        The part of the standard's mix whose strata have a rate in the population.
    """

    value: float
    low: float
    high: float
    coverage: float


@dataclass(frozen=True)
class Shrunken:
    """Rates drawn towards those of a standard, the more the fewer trials stand behind them.

    Attributes
    ----------
    rates, low, high : ndarray
        Of each stratum, and its credible interval; without one where the standard has no rate.
    strength : float
        So many trials count as much as the standard does: none where strata differ from it as they like, infinite where
        they differ no more than chance makes them.
    """

    rates: NDArray
    low: NDArray
    high: NDArray
    strength: float


def weighted_rate(rates: ArrayLike, weights: ArrayLike) -> float:
    """The mean of rates, weighted with a mix; NaN where a rate that has a weight is not known, or nothing has a weight.

    The rates of a population by the mix of a standard are its directly standardised rate; the rates of a standard by the mix
    of a population are the rate that is expected of it, by indirect standardisation.

    References
    ----------
    J. L. Fleiss, B. Levin and M. C. Paik, *Statistical Methods for Rates and Proportions*, 3rd ed., 2003, chapter 19.
    """
    rates, weights = _floats(rates, weights)
    has_weight = weights > 0
    with numpy.errstate(invalid="ignore"):
        return float((rates[has_weight] * weights[has_weight]).sum() / numpy.float64(weights[has_weight].sum()))


def weighted_rate_bounds(events: Bounds, trials: Bounds, weights: Bounds) -> tuple[float, float]:
    """The bounds of a weighted rate whose events, trials and weights are all rounded: exact where the three are not of one
    another, and certain in any case. No rate is above one.
    """
    low, high = ratio_bounds(events, trials)
    return weighted_mean_bounds((numpy.minimum(low, 1.0), numpy.minimum(high, 1.0)), weights)


def observed_less_expected(counts: "Range | NDArray") -> "Range | NDArray":
    """The crude rate less the one expected, as a formula for `workbench.methods.rounding.formula_bounds`: both are of the same
    trials.

    The counts are events, trials and the rates of the standard, one after the other.
    """
    size = len(counts.low if isinstance(counts, Range) else counts) // 3
    events, trials, rates = (counts[at * size : (at + 1) * size] for at in range(3))
    return (events.sum() - (trials * rates).sum()) / trials.sum()


def direct(
    events: ArrayLike,
    trials: ArrayLike,
    standard: ArrayLike,
    *,
    fewest: float = 1,
    least_coverage: float = LEAST_COVERAGE,
    level: float = LEVEL,
) -> Standardised:
    """The rate that a population would have if its mix were that of a standard.

    Strata in which the population has fewer trials than ``fewest`` are left out of both, and said by the coverage. The interval
    is that of Fay and Feuer where events are rare, else that of independent proportions
    (`workbench.methods.proportions.combined`).

    Parameters
    ----------
    events, trials : array_like
        Of the population.
    standard : array_like
        Trials of the standard: its mix.

    Raises
    ------
    ThinData
        If less of the standard's mix could be used than ``least_coverage``.
    """
    x, n, w = _floats(events, trials, standard)
    is_used = n >= max(fewest, 1)
    coverage = float(w[is_used].sum() / w.sum()) if w.sum() > 0 else 0.0
    if coverage < least_coverage or coverage == 0:
        raise ThinData(
            "too little of the standard's mix has rates in the population",
            Reason.TOO_FEW,
            expected=f"{least_coverage:.0%} in strata of at least {fewest:g} trials",
            found=f"{coverage:.0%}",
        )
    x, n, w = x[is_used], n[is_used], w[is_used] / w[is_used].sum()
    is_rare = x.sum() < RARE * n.sum()
    low, high = fay_feuer(x, w / n, level) if is_rare else combined(x, n, w, level)
    return Standardised(weighted_rate(x / n, w), low, high, coverage)


def standardised_ratio(
    events: float, expected: float, trials: float, level: float = LEVEL
) -> tuple[float, float, float]:
    """Observed events by those expected, with its interval; what is expected is taken as known.

    Events are a part of the trials (Wilson). Chance is that of trials which are all alike: where strata differ it is less, so that
    the interval is rather too wide.

    References
    ----------
    N. E. Breslow and N. E. Day, *Statistical Methods in Cancer Research II*, IARC 1987, section 2.3.
    """
    low, high = (bound * trials for bound in wilson(events, trials, level))
    return events / expected, float(low) / expected, float(high) / expected


def shrunken(events: ArrayLike, trials: ArrayLike, rates: ArrayLike, level: float = LEVEL) -> Shrunken:
    """Empirical Bayes: the rate of each stratum is drawn towards that of a standard, and is the standard's where none is.

    The rates of the population are taken to scatter about those of the standard, R, by a beta distribution of mean R and
    strength m, of which binomial events are observed. They are then of a beta distribution again, of mean
    (events + mR) / (trials + m) and strength trials + m, whose quantiles are the interval. The strength is estimated by moments:
    the chi-square of events against R exceeds the number of strata by Σ(n − 1) / (m + 1).

    Parameters
    ----------
    events, trials : array_like
        Of the population.
    rates : array_like
        Of the standard; NaN where it has none, and then the population's own is taken.

    Raises
    ------
    ThinData
        If fewer than three strata have two trials and a rate of the standard between nought and one.

    References
    ----------
    J. C. Kleinman, "Proportions with Extraneous Variance", *JASA* 68 (1973) 46–54; B. P. Carlin and T. A. Louis, *Bayes and
    Empirical Bayes Methods for Data Analysis*, 2000, section 3.3.
    """
    x, n, r = _floats(events, trials, rates)
    tells = (n >= 2) & (r > 0) & (r < 1)
    if tells.sum() < 3:
        raise ThinData(
            "the scatter about a standard is told by strata",
            Reason.TOO_FEW,
            expected="at least 3 with two trials, and a rate of the standard that is neither 0 nor 1",
            found=f"{tells.sum()}",
        )
    told, of, by = x[tells], n[tells], r[tells]
    surplus = ((told - of * by) ** 2 / (of * by * (1 - by))).sum() - tells.sum()
    within = surplus / (of - 1).sum()
    strength = math.inf if within <= 0 else max(1 / within - 1, 0.0)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        own = x / n
        drawn = r if math.isinf(strength) else (x + strength * r) / (n + strength)
    drawn = numpy.where(n > 0, drawn, r)
    low, high = (_beta_quantile(drawn, n + strength, tail) for tail in ((1 - level) / 2, (1 + level) / 2))
    return Shrunken(numpy.where(numpy.isnan(r), own, drawn), low, high, strength)


def _beta_quantile(mean: NDArray, strength: NDArray, probability: float) -> NDArray:
    """Of a beta distribution; of one that holds no variance, its mean."""
    varies = (mean > 0) & (mean < 1) & numpy.isfinite(strength) & (strength > 0)
    of = numpy.where(varies, mean, 0.5), numpy.where(varies, strength, 1.0)
    return numpy.where(varies, special.betaincinv(of[0] * of[1], (1 - of[0]) * of[1], probability), mean)


def without_each(rates: ArrayLike, weights: ArrayLike) -> NDArray:
    """The weighted rate without each stratum in turn: how far a result hangs on a single one; NaN where nothing is left."""
    rates, weights = _floats(rates, weights)
    others = ~numpy.eye(len(rates), dtype=bool)
    return numpy.array([weighted_rate(rates[kept], weights[kept]) for kept in others])


def _floats(*arrays: ArrayLike) -> list[NDArray]:
    return [numpy.asarray(array, dtype=float) for array in arrays]
