"""Nowcasting: what a first figure is likely to become, by what became of earlier ones."""

from dataclasses import dataclass

import numpy
from numpy.typing import ArrayLike, NDArray

from workbench.methods.refusal import Reason, ThinData

_FEWEST = 10


@dataclass(frozen=True)
class Revisions:
    """What became of figures of one age: of all that were in an earlier release and in a later one.

    Attributes
    ----------
    age : int
        Of the figures in the earlier release: whole years since the end of their period.
    figures : int
        How many there are.
    revised : int
        How many of them changed.
    mean, median : float
        Revision in per cent of the earlier figure.
    low, high : float
        Ends of the interval that holds the middle 80 % of the revisions, in per cent.
    """

    age: int
    figures: int
    revised: int
    mean: float
    median: float
    low: float
    high: float

    def applied_to(self, figure: float) -> tuple[float, float, float]:
        """What a figure of this age is likely to become: median, and the ends of the interval of 80 %.

        As earlier figures were revised, so will this one: an assumption, which a change of source or method undoes.
        """
        median, low, high = (figure * (1 + revision / 100) for revision in (self.median, self.low, self.high))
        return median, low, high


def revisions_of_age(earlier: ArrayLike, later: ArrayLike, age: ArrayLike, of_age: int, least: float = 30) -> Revisions:
    """How figures of one age were revised: from pairs of the same figure in two releases, the triangle of revisions unrolled.

    ``r = 100 (later − earlier) / earlier``; the interval is that of the quantiles at 10 and 90 % (of type 6, so that few figures
    give a wide one), without a model of their distribution.

    Parameters
    ----------
    earlier, later : array_like, shape (n,)
        The same figures in two releases; NaN where one has none.
    age : array_like, shape (n,)
        Whole years from the end of each period to the earlier release.
    of_age : int
        Which of them.
    least : float
        Figures below it are left out: a revision by five of twenty persons is no 25 per cent of anything.

    Raises
    ------
    ThinData
        If fewer than ten figures are left.

    References
    ----------
    R. McKenzie and M. Gamba, Interpreting the results of Revision Analyses, OECD 2008; European Statistical System Handbook
    for Quality and Metadata Reports, 2021, indicator A6.
    """
    earlier, later = numpy.asarray(earlier, dtype=float), numpy.asarray(later, dtype=float)
    is_pair = numpy.isfinite(earlier) & numpy.isfinite(later) & (earlier >= least) & (numpy.asarray(age) == of_age)
    if is_pair.sum() < _FEWEST:
        raise ThinData(
            f"no saying what becomes of figures of age {of_age}",
            Reason.TOO_FEW,
            expected=f"at least {_FEWEST} that were released twice",
            found=str(int(is_pair.sum())),
        )
    percent = 100 * (later - earlier)[is_pair] / earlier[is_pair]
    low, high = numpy.quantile(percent, (0.1, 0.9), method="weibull")
    return Revisions(
        age=of_age,
        figures=int(is_pair.sum()),
        revised=int((percent != 0).sum()),
        mean=float(percent.mean()),
        median=float(numpy.median(percent)),
        low=float(low),
        high=float(high),
    )


@dataclass(frozen=True)
class ChainLadder:
    """A run-off triangle completed.

    Attributes
    ----------
    factors : ndarray, shape (n − 1,)
        From each age to the next.
    final : ndarray, shape (n,)
        What each period is expected to become.
    error : ndarray, shape (n,)
        Standard error of prediction of each.
    total_error : float
        Of their sum, in which the errors of the factors are shared.
    """

    factors: NDArray
    final: NDArray
    error: NDArray
    total_error: float


def chain_ladder(triangle: ArrayLike) -> ChainLadder:
    """Complete a triangle of figures by period and age, each age from the one before by a common factor, with standard errors.

    ``f_k = Σ C_{i,k+1} / Σ C_{i,k}`` over the periods that have both; no distribution is assumed.

    Parameters
    ----------
    triangle : array_like, shape (n, n)
        Row by period, oldest first; column by age. NaN below the second diagonal, where nothing has come yet.

    Raises
    ------
    ThinData
        If there are fewer than four periods, or the triangle is not one.

    References
    ----------
    T. Mack, Distribution-free Calculation of the Standard Error of Chain Ladder Reserve Estimates, ASTIN Bulletin 23 (1993),
    213–225, theorem 3 and its corollary.
    """
    figures = numpy.array(triangle, dtype=float)
    n = len(figures)
    is_known = numpy.add.outer(numpy.arange(n), numpy.arange(n)) < n
    if n < 4 or figures.shape != (n, n) or not (numpy.isfinite(figures) == is_known).all():
        raise ThinData(
            "no chain ladder on what is no triangle",
            Reason.TOO_FEW,
            expected="at least 4 periods, each with one age fewer than the one before",
            found=f"{numpy.isfinite(figures).sum()} figures of {figures.shape}",
        )
    # Of the periods with the next age: their sum at this one, the factor, and its variance.
    both = [figures[: n - age - 1, age : age + 2] for age in range(n - 1)]
    sums = numpy.array([pair[:, 0].sum() for pair in both])
    factors = numpy.array([pair[:, 1].sum() for pair in both]) / sums
    spread = [_spread(pair, factor) for pair, factor in zip(both[:-1], factors, strict=False)]
    variance = numpy.array([*spread, min(spread[-1] ** 2 / spread[-2], *spread[-2:])])
    for age in range(1, n):
        figures[n - age :, age] = figures[n - age :, age - 1] * factors[age - 1]
    final, relative = figures[:, -1], variance / factors**2
    error, shared = numpy.zeros(n), numpy.zeros(n)
    for period in range(1, n):
        ages = slice(n - 1 - period, n - 1)
        error[period] = final[period] ** 2 * (relative[ages] * (1 / figures[period, ages] + 1 / sums[ages])).sum()
        shared[period] = final[period] * final[period + 1 :].sum() * (2 * relative[ages] / sums[ages]).sum()
    return ChainLadder(factors, final, numpy.sqrt(error), float(numpy.sqrt((error + shared).sum())))


def _spread(pair: NDArray, factor: float) -> float:
    return float((pair[:, 0] * (pair[:, 1] / pair[:, 0] - factor) ** 2).sum() / (len(pair) - 1))
