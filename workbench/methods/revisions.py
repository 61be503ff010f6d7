"""Nowcasting: what a first figure is likely to become, by what became of earlier ones."""

from dataclasses import dataclass

import numpy
from numpy.typing import ArrayLike

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
