"""Whether places that stood low catch up with those that stood high."""

from dataclasses import dataclass

import numpy
from numpy.typing import ArrayLike
from scipy import special

from workbench.methods.refusal import Reason, ThinData

FEWEST = 8


@dataclass(frozen=True)
class Convergence:
    """The slope of changes on where places stood at first.

    Attributes
    ----------
    slope, low, high : float
        Change for each unit that a place stood higher at first; negative where places come closer.
    places : int
        So many were compared.
    """

    slope: float
    low: float
    high: float
    places: int


def beta(first: ArrayLike, last: ArrayLike, level: float = 0.95) -> Convergence:
    """Beta convergence: the change of each place from the first to the last period, regressed on the first.

    Ordinary least squares with standard errors that hold under unequal variances (HC3, by Student's t). Numbers that are
    uncertain at first regress to the mean by themselves: a negative slope with a scatter that does not fall
    (`workbench.methods.dispersion.sigma`) is no convergence.

    Parameters
    ----------
    first, last : array_like
        Of each place, in the same unit: logarithms where growth is meant. A place that lacks one is left out.

    Raises
    ------
    ThinData
        If fewer than `FEWEST` places have both, or all stood at one level at first.

    References
    ----------
    R. J. Barro and X. Sala-i-Martin, *Journal of Political Economy* 100 (1992) 223–251; J. G. MacKinnon and H. White,
    *Journal of Econometrics* 29 (1985) 305–325, for HC3; on regression to the mean, M. Friedman, *Journal of Economic
    Literature* 30 (1992) 2129–2132.
    """
    x, y = numpy.asarray(first, dtype=float), numpy.asarray(last, dtype=float)
    both = ~numpy.isnan(x) & ~numpy.isnan(y)
    x, y = x[both], y[both]
    if len(x) < FEWEST:
        raise ThinData("a slope takes places", Reason.TOO_FEW, expected=f"at least {FEWEST}", found=f"{len(x)}")
    if numpy.ptp(x) == 0:
        raise ThinData(
            "all places stood at one level at first", Reason.CONSTANT, expected="levels that differ", found=f"{x[0]:g}"
        )
    distance, change = x - x.mean(), y - x
    squares = (distance**2).sum()
    slope = (distance * change).sum() / squares
    residuals = change - change.mean() - slope * distance
    leverage = 1 / len(x) + distance**2 / squares
    error = numpy.sqrt(((distance * residuals / (1 - leverage)) ** 2).sum()) / squares
    half = special.stdtrit(len(x) - 2, (1 + level) / 2) * error
    return Convergence(float(slope), float(slope - half), float(slope + half), len(x))
