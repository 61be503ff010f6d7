"""The scale on which counts are forecast, so that an interval never falls below zero and grows with the count."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

from workbench.methods.refusal import Reason, ThinData


@dataclass(frozen=True)
class Scale:
    """A monotonic transformation of counts from zero on.

    Attributes
    ----------
    to : callable
        From counts to the scale.
    back : callable
        From the scale to counts; what lies below the scale of zero is zero.
    slope : callable
        Derivative of ``to``.
    """

    to: Callable[[NDArray], NDArray]
    back: Callable[[NDArray], NDArray]
    slope: Callable[[NDArray], NDArray]


def _square(root: NDArray) -> NDArray:
    return numpy.maximum(numpy.maximum(root, 0.0) ** 2 - 3 / 8, 0.0)


def _less_one(logarithm: NDArray) -> NDArray:
    # Beyond e^50 no count is; a variance that an optimiser let go must not overflow.
    return numpy.maximum(numpy.expm1(numpy.minimum(logarithm, 50.0)), 0.0)


SCALES: Mapping[str, Scale] = {
    # Changes in proportion: what is usual of numbers of persons far from zero.
    "logarithm": Scale(numpy.log1p, _less_one, lambda count: 1 / (1 + count)),
    # Changes as those of independent counts, of which the variance is the mean: F. J. Anscombe, Biometrika 35 (1948).
    "square root": Scale(
        lambda count: numpy.sqrt(count + 3 / 8), _square, lambda count: 0.5 / numpy.sqrt(count + 3 / 8)
    ),
}


def scale_of(counts: NDArray, cycle: int = 1) -> str:
    """The scale on which the changes over a season are most even: the more likely of the two, as of Box and Cox.

    The likelihood of independent normal changes on the scale, with the Jacobian of the transformation, so that the two can be
    compared.

    Parameters
    ----------
    counts : ndarray, shape (n,)
        At least ``cycle + 3`` counts, none below zero.
    cycle : int
        Periods in a season.

    Raises
    ------
    ThinData
        If a count is below zero, or nothing ever changes.

    References
    ----------
    G. E. P. Box and D. R. Cox, An Analysis of Transformations, Journal of the Royal Statistical Society B 26 (1964), section 3.
    """
    if counts.min() < 0:
        raise ThinData("no scale for what is no count", Reason.TOO_FEW, expected="0 or more", found=f"{counts.min():g}")

    def likelihood(scale: Scale) -> float:
        changes = scale.to(counts)[cycle:] - scale.to(counts)[:-cycle]
        if not changes.any():
            raise ThinData("no scale for what never changes", Reason.CONSTANT, expected="a change", found="none")
        jacobian = numpy.log(scale.slope(counts[cycle:])).sum()
        return float(-len(changes) / 2 * numpy.log((changes**2).mean()) + jacobian)

    return max(SCALES, key=lambda name: likelihood(SCALES[name]))
