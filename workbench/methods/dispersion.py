"""How concentrated a mix is, how far two are apart, and how widely a number scatters between places."""

import math
from dataclasses import dataclass

import numpy
from numpy.typing import ArrayLike, NDArray
from scipy import special

from workbench.methods.refusal import Reason, ThinData

FEWEST = 5
"""Places of which a jackknife can be made."""

_NOTHING = 1e-12


def herfindahl_hirschman(shares: ArrayLike) -> float:
    """The sum of the squared shares: 1 for one part, 1/n for n parts of one size.

    References
    ----------
    S. A. Rhoades, "The Herfindahl-Hirschman Index", *Federal Reserve Bulletin* 79 (1993) 188–189.
    """
    return float((_floats(shares) ** 2).sum())


def share_of_the_largest(shares: ArrayLike, most: int) -> float:
    """The share of so many largest parts together; parts of one size may stand for each other."""
    return float(numpy.sort(_floats(shares))[::-1][:most].sum())


def dissimilarity(shares: ArrayLike, others: ArrayLike) -> float:
    """Half the sum of the differences of shares: the part that would have to be of another kind for two mixes to be alike.

    References
    ----------
    O. D. Duncan and B. Duncan, *American Sociological Review* 20 (1955) 210–217.
    """
    return float(numpy.abs(_floats(shares) - _floats(others)).sum() / 2)


@dataclass(frozen=True)
class Dispersion:
    """How widely a number scatters, and the confidence interval of that, as if the places were drawn from many of their kind.

    Attributes
    ----------
    value, low, high : float
        ``high`` is infinite where the data set no upper limit.
    """

    value: float
    low: float
    high: float


def theil(amounts: ArrayLike, persons: ArrayLike, level: float = 0.95) -> Dispersion:
    """Theil's T, in nats: how unevenly an amount is shared over persons; nought where each place has the same per person.

    The sum over places of the share s in the amount, times the logarithm of s over the share in persons. The interval is that of
    the jackknife on the scale of logarithms, by Student's t; with few places, it holds the truth a little less often than it says.

    Parameters
    ----------
    amounts, persons : array_like
        Of each place, not negative, persons above nought. Grants and decisions, for one.

    Raises
    ------
    ThinData
        If there are fewer than `FEWEST` places, or nothing is shared.

    References
    ----------
    H. Theil, *Economics and Information Theory*, 1967, chapter 4; B. Efron and R. J. Tibshirani, *An Introduction to the
    Bootstrap*, 1993, chapter 11, for the jackknife.
    """
    a, p = _floats(amounts), _floats(persons)
    n = len(a)
    if n < FEWEST or not (without := a.sum() - a).all():
        raise ThinData(
            "how unevenly an amount is shared is told of places",
            Reason.TOO_FEW,
            expected=f"at least {FEWEST}, more than one of which has some",
            found=f"{n}, with {numpy.count_nonzero(a)} that have some",
        )
    value = float(_entropy(a / a.sum(), p / p.sum()).sum())
    others = ~numpy.eye(n, dtype=bool)
    left_out = numpy.array(
        [_entropy(a[kept] / all_of, p[kept] / p[kept].sum()).sum() for kept, all_of in zip(others, without)]
    )
    if left_out.min() < _NOTHING:
        return Dispersion(max(value, 0.0), 0.0, numpy.inf)
    logarithms = numpy.log(left_out)
    error = math.sqrt((n - 1) / n * ((logarithms - logarithms.mean()) ** 2).sum())
    factor = math.exp(float(special.stdtrit(n - 1, (1 + level) / 2)) * error)
    return Dispersion(value, value / factor, value * factor)


def _entropy(shares: NDArray, others: NDArray) -> NDArray:
    """s ln(s/p), which is nought where s is."""
    return special.rel_entr(shares, others)


def coefficient_of_variation(values: ArrayLike, level: float = 0.95) -> Dispersion:
    """The relative scatter of positive numbers, with Vangel's interval, which takes them for normal.

    Accurate for coefficients up to about a third; above, the interval is approximate.

    Raises
    ------
    ThinData
        If there are fewer than three numbers, or their mean is not above nought.

    References
    ----------
    M. G. Vangel, "Confidence Intervals for a Normal Coefficient of Variation", *The American Statistician* 50 (1996) 21–26:
    the modified method of McKay (1932).
    """
    x = _floats(values)
    n, mean = len(x), x.mean() if len(x) else 0.0
    if n < 3 or not mean > 0:
        raise ThinData(
            "a coefficient of variation is of positive numbers",
            Reason.TOO_FEW,
            expected="at least three, with a mean above nought",
            found=f"{n}, with a mean of {mean:g}",
        )
    value = float(x.std(ddof=1) / mean)
    tails = numpy.array([(1 - level) / 2, (1 + level) / 2])
    high_u, low_u = special.chdtri(n - 1, tails)  # of the upper tail: the larger quantile first
    limits = [_vangel(value, n, float(quantile)) for quantile in (high_u, low_u)]
    return Dispersion(value, *limits)


def _vangel(value: float, n: int, quantile: float) -> float:
    below = ((quantile + 2) / n - 1) * value**2 + quantile / (n - 1)
    return value / below**0.5 if below > 0 else numpy.inf


def sigma(values: ArrayLike) -> NDArray:
    """The standard deviation between places, period by period: sigma convergence is its falling.

    Parameters
    ----------
    values : array_like
        Of shape (periods, places). A place that lacks a period is left out of all of them, or the field would change.

    Raises
    ------
    ThinData
        If fewer than three places have every period.

    References
    ----------
    R. J. Barro and X. Sala-i-Martin, "Convergence", *Journal of Political Economy* 100 (1992) 223–251.
    """
    x = _floats(values)
    whole = x[:, ~numpy.isnan(x).any(axis=0)]
    if whole.shape[1] < 3:
        raise ThinData(
            "places are compared over the same periods",
            Reason.TOO_FEW,
            expected="at least three with every period",
            found=f"{whole.shape[1]}",
        )
    return whole.std(axis=1, ddof=1)


def _floats(values: ArrayLike) -> NDArray:
    return numpy.asarray(values, dtype=float)
