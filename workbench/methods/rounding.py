"""What rounding allows: the lowest and highest true value behind a published one.

A value published to the nearest multiple of a base lies within half a base of the truth. Functions of such values are
bounded by taking each argument at the end that makes the function lowest or highest (interval arithmetic; Moore,
Kearfott and Cloud, *Introduction to Interval Analysis*, SIAM 2009). The bounds are certain, not a confidence interval.
"""

import heapq
from collections.abc import Callable

import numpy
from numpy.typing import ArrayLike, NDArray

Bounds = tuple[NDArray, NDArray]

_CLOSE = 1e-9


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


def weighted_mean_bounds(values: Bounds, weights: Bounds) -> tuple[float, float]:
    """The exact bounds of a weighted mean whose values and weights each lie within their own.

    The highest mean gives its highest weight to each value above it, and its lowest to the others: of values in order, that
    is one of as many switches as there are values.

    Parameters
    ----------
    values, weights : Bounds
        Of shape (n,); weights are not negative, and not all nought. NaN among values with a weight makes both bounds NaN.

    References
    ----------
    W. M. Dong and F. S. Wong, *Fuzzy Sets and Systems* 21 (1987) 183–199; N. N. Karnik and J. M. Mendel, *Information
    Sciences* 132 (2001) 195–220.
    """
    # Nothing is 0 × NaN: what has no weight needs no value.
    has_weight = weights[1] > 0
    low, high = (numpy.asarray(bound, dtype=float)[has_weight] for bound in values)
    least, most = (numpy.asarray(bound, dtype=float)[has_weight] for bound in weights)
    return -_highest_mean(-low, least, most), _highest_mean(high, least, most)


def _highest_mean(values: NDArray, least: NDArray, most: NDArray) -> float:
    if not len(values) or numpy.isnan(values).any():
        return numpy.nan
    order = numpy.argsort(-values, kind="stable")
    values, least, most = values[order], least[order], most[order]
    extra = most - least
    with numpy.errstate(divide="ignore", invalid="ignore"):
        means = ((least * values).sum() + numpy.cumsum(extra * values)) / (least.sum() + numpy.cumsum(extra))
    return float(numpy.nanmax(means))


# Any formula


class Range:
    """Values that each lie between two bounds, with those of their slopes in every argument of a formula.

    Arithmetic with it is that of intervals, and of their derivatives forward: what a formula makes of it bounds the formula,
    and how it moves with each argument.

    Attributes
    ----------
    low, high : ndarray
        Of shape (k,), or () for one value.
    slopes : tuple of ndarray
        Lowest and highest derivative in each of n arguments, of shape (k, n) or (n,).
    """

    __array_ufunc__ = None  # an array by a Range leaves the work to the Range

    def __init__(self, low: ArrayLike, high: ArrayLike, slopes: tuple[ArrayLike, ArrayLike] = (0.0, 0.0)) -> None:
        self.low, self.high = numpy.asarray(low, dtype=float), numpy.asarray(high, dtype=float)
        self.slopes = (numpy.asarray(slopes[0], dtype=float), numpy.asarray(slopes[1], dtype=float))

    @classmethod
    def of(cls, low: NDArray, high: NDArray) -> "Range":
        """The arguments of a formula themselves: each moves with itself alone."""
        return cls(low, high, (numpy.eye(len(low)), numpy.eye(len(low))))

    def __getitem__(self, at: slice | int) -> "Range":
        return Range(self.low[at], self.high[at], (self.slopes[0][at], self.slopes[1][at]))

    def sum(self) -> "Range":
        if not self.low.ndim:
            return self
        return Range(self.low.sum(), self.high.sum(), (self.slopes[0].sum(axis=0), self.slopes[1].sum(axis=0)))

    def __add__(self, other: "Range | ArrayLike") -> "Range":
        other = _range(other)
        slopes = (self.slopes[0] + other.slopes[0], self.slopes[1] + other.slopes[1])
        return Range(self.low + other.low, self.high + other.high, slopes)

    def __neg__(self) -> "Range":
        return Range(-self.high, -self.low, (-self.slopes[1], -self.slopes[0]))

    def __sub__(self, other: "Range | ArrayLike") -> "Range":
        return self + -_range(other)

    def __rsub__(self, other: ArrayLike) -> "Range":
        return -self + other

    def __mul__(self, other: "Range | ArrayLike") -> "Range":
        other = _range(other)
        own = _product(self.slopes, (other.low[..., None], other.high[..., None]))
        others = _product(other.slopes, (self.low[..., None], self.high[..., None]))
        low, high = _product((self.low, self.high), (other.low, other.high))
        return Range(low, high, (own[0] + others[0], own[1] + others[1]))

    def __truediv__(self, other: "Range | ArrayLike") -> "Range":
        other = _range(other)
        if (other.low <= 0).any():
            raise ValueError("a formula divides by what may be nought")
        # (u / v)′ = (u′ − (u / v) v′) / v: taken so, for the quotient is known better than u and v apart.
        inverse = (1 / other.high, 1 / other.low)
        low, high = _product((self.low, self.high), inverse)
        moved = _product(other.slopes, (low[..., None], high[..., None]))
        left = (self.slopes[0] - moved[1], self.slopes[1] - moved[0])
        return Range(low, high, _product(left, (inverse[0][..., None], inverse[1][..., None])))

    __radd__ = __add__
    __rmul__ = __mul__

    def __rtruediv__(self, other: ArrayLike) -> "Range":
        return _range(other) / self


def _range(value: "Range | ArrayLike") -> Range:
    return value if isinstance(value, Range) else Range(value, value, (numpy.zeros(1), numpy.zeros(1)))


def _product(one: Bounds, other: Bounds) -> Bounds:
    corners = numpy.stack(numpy.broadcast_arrays(*(a * b for a in one for b in other)))
    return corners.min(axis=0), corners.max(axis=0)


def formula_bounds(formula: Callable, arguments: Bounds, most_boxes: int = 60) -> tuple[float, float]:
    """The lowest and highest value of a formula whose arguments each lie within bounds of their own.

    Where an argument can only raise or only lower the formula within the box, it is set to the end that counts: most formulas
    of rounded counts are at an end in every argument, and bounded exactly by one step. Else the box is halved along the
    argument that matters most, and boxes are left out that cannot hold a better value than one already found. After
    ``most_boxes`` the bounds are those that are proved: certain, and wider than the exact ones by what is still open. What
    floating point loses is not counted.

    Parameters
    ----------
    formula : callable
        Takes the arguments as one vector, and returns one number by ``+ − × ÷``, slices and ``sum``.
    arguments : Bounds
        Of shape (n,). What is divided by is above nought throughout.

    Raises
    ------
    ValueError
        If the formula divides by what may be nought.

    References
    ----------
    R. E. Moore, R. B. Kearfott and M. J. Cloud, *Introduction to Interval Analysis*, SIAM 2009, sections 6.4 and 11; E. Hansen
    and G. W. Walster, *Global Optimization Using Interval Analysis*, 2004: the monotonicity test.
    """
    low, high = (numpy.asarray(bound, dtype=float) for bound in arguments)
    if (low == high).all():
        return (_at(formula, low),) * 2
    return _lowest(formula, low, high, most_boxes), -_lowest(lambda x: -formula(x), low, high, most_boxes)


def _lowest(formula: Callable, low: NDArray, high: NDArray, most_boxes: int) -> float:
    least, box = _narrowed(formula, low, high)
    best = _value_within(formula, *box)
    boxes = [(least, 0, *box)]
    for number in range(1, most_boxes, 2):
        least, _, low, high = heapq.heappop(boxes)
        if best - least <= _CLOSE * (1 + abs(best)):
            return least
        slopes = formula(Range.of(low, high)).slopes
        along = numpy.argmax(numpy.maximum(-slopes[0], slopes[1]) * (high - low))
        for end in (0, 1):
            ends = (low.copy(), high.copy())
            ends[1 - end][along] = (low[along] + high[along]) / 2
            least, box = _narrowed(formula, *ends)
            best = min(best, _value_within(formula, *box))
            heapq.heappush(boxes, (least, number + end, *box))
    return boxes[0][0]


def _narrowed(formula: Callable, low: NDArray, high: NDArray) -> tuple[float, Bounds]:
    """A lower bound of the formula within a box, and the part of the box that holds its lowest value."""
    while True:
        found = formula(Range.of(low, high))
        rises, falls = (found.slopes[0] >= 0) & (low < high), (found.slopes[1] <= 0) & (low < high)
        if not (rises | falls).any():
            break
        low, high = numpy.where(falls & ~rises, high, low), numpy.where(rises, low, high)
    middle, half = (low + high) / 2, (high - low) / 2
    steepest = numpy.maximum(-found.slopes[0], found.slopes[1])
    # The mean value theorem bounds narrow boxes better than arithmetic does.
    from_the_middle = _at(formula, middle) - float((steepest * half).sum())
    return max(float(found.low), from_the_middle), (low, high)


def _value_within(formula: Callable, low: NDArray, high: NDArray) -> float:
    """A low value that the formula takes in a box: at the corner towards which it falls from the middle."""
    middle = (low + high) / 2
    slopes = formula(Range.of(middle, middle)).slopes[0]
    return min(_at(formula, middle), _at(formula, numpy.where(slopes > 0, low, high)))


def _at(formula: Callable, point: NDArray) -> float:
    return float(formula(Range.of(point, point)).low)
