"""What rounding allows: the lowest and highest true value behind a published one.

A value published to the nearest multiple of a base lies within half a base of the truth. Functions of such values are
bounded by taking each argument at the end that makes the function lowest or highest (interval arithmetic; Moore,
Kearfott and Cloud, *Introduction to Interval Analysis*, SIAM 2009). The bounds are certain, not a confidence interval.
"""

import numpy
from numpy.typing import ArrayLike, NDArray

Bounds = tuple[NDArray, NDArray]


def rounding_bounds(value: ArrayLike, base: ArrayLike) -> Bounds:
    """Bounds of values published to the nearest multiple of ``base``; a base of 1 is exact. None is negative in truth, unless
    it is published so.

    A count is whole, so that nothing is lost to the nearest one; of a rate, a base of 0.1 leaves half a tenth on either side.
    """
    value, base = numpy.asarray(value, dtype=float), numpy.asarray(base, dtype=float)
    half = numpy.where(base == 1, 0.0, base / 2)
    return numpy.maximum(value - half, numpy.minimum(value, 0.0)), value + half


def ratio_bounds(numerator: Bounds, denominator: Bounds) -> Bounds:
    """Bounds of a ratio of two non-negative quantities; without bound where the denominator may be zero."""
    with numpy.errstate(divide="ignore", invalid="ignore"):
        low = numpy.asarray(numerator[0] / denominator[1])
        high = numpy.where(denominator[0] > 0, numerator[1] / denominator[0], numpy.inf)
    return low, numpy.where(numpy.isnan(numerator[1]) | numpy.isnan(denominator[0]), numpy.nan, high)


def signed_ratio_bounds(numerator: Bounds, denominator: Bounds) -> Bounds:
    """Bounds of a ratio of two quantities of any sign; without bound where the denominator may be zero."""
    with numpy.errstate(divide="ignore", invalid="ignore"):
        corners = numpy.array([above / below for above in numerator for below in denominator])
    may_be_zero = (denominator[0] <= 0) & (denominator[1] >= 0)
    return numpy.where(may_be_zero, -numpy.inf, corners.min(axis=0)), numpy.where(
        may_be_zero, numpy.inf, corners.max(axis=0)
    )


def difference_bounds(minuend: Bounds, subtrahends: list[Bounds]) -> Bounds:
    """Bounds of a count less other counts that it includes; not below zero."""
    low = minuend[0] - sum(bounds[1] for bounds in subtrahends)
    high = minuend[1] - sum(bounds[0] for bounds in subtrahends)
    return numpy.maximum(low, 0.0), numpy.maximum(high, 0.0)


def rank_bounds(bounds: Bounds) -> Bounds:
    """Best and worst rank (1 = highest) that each of some quantities can have within their bounds."""
    low, high = (numpy.asarray(bound, dtype=float) for bound in bounds)
    surely_above = (low[None, :] > high[:, None]).sum(axis=1)
    perhaps_above = (high[None, :] > low[:, None]).sum(axis=1) - (high > low)
    return 1.0 + surely_above, 1.0 + perhaps_above
