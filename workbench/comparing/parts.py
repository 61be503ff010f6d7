"""A difference is taken apart: what the data, the method and the period contribute, which add up to it.

There are two ways from the old method on the old data to the new on the new: the data change first, or the method does. On each,
a change contributes the step that it makes, and over both ways the mean of its steps: the Shapley value of two factors, which
leaves no residual and treats both alike (A. F. Shorrocks (2013), Decomposition procedures for distributional analysis: a unified
framework based on the Shapley value, Journal of Economic Inequality 11, 99–126, https://doi.org/10.1007/s10888-011-9214-z).
Where editions are of different years, both ways lead over the old year, and the step to the new year is the last.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

DATA, METHOD, PERIOD = "data", "method", "period"

DATA_FIRST, METHOD_FIRST = "data first", "method first"

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Corners(Generic[T]):
    """A number by the old and the new method, on the old and the new data.

    Attributes
    ----------
    before : T
        Old method, old data.
    old_on_new, new_on_old : T or None
        Old method on new data, and the reverse; None where that run is not there.
    new : T
        New method, new data, of the reference year of ``before``.
    after : T
        The same of its own reference year.
    """

    before: T
    old_on_new: T | None
    new_on_old: T | None
    new: T
    after: T

    def map(self, measure: Callable[[T], U]) -> "Corners[U]":
        """The corners, measured; those that are not there stay so."""
        return Corners(
            measure(self.before),
            None if self.old_on_new is None else measure(self.old_on_new),
            None if self.new_on_old is None else measure(self.new_on_old),
            measure(self.new),
            measure(self.after),
        )


@dataclass(frozen=True)
class Parts:
    """What a difference consists of, in its unit: their sum is the difference.

    Attributes
    ----------
    orders : tuple of str
        The ways of which they are the mean: `DATA_FIRST`, `METHOD_FIRST`, or both.
    """

    data: float
    method: float
    period: float
    orders: tuple[str, ...]

    def of(self, what: str) -> float:
        """One of them: of `DATA`, `METHOD` or `PERIOD`."""
        return {DATA: self.data, METHOD: self.method, PERIOD: self.period}[what]

    @property
    def causes(self) -> tuple[str, ...]:
        """Those that contribute anything worth telling: at least a thousandth of the largest."""
        sizes = {what: abs(self.of(what)) for what in (DATA, METHOD, PERIOD)}
        return tuple(what for what, size in sizes.items() if size and size >= max(sizes.values()) / 1000)


def parts(corners: Corners[float]) -> Parts | None:
    """Take the difference of two numbers apart; None where neither way is known.

    >>> parts(Corners(100, 110, 103, 115, 115))
    Parts(data=11.0, method=4.0, period=0, orders=('data first', 'method first'))
    """
    steps: dict[str, tuple[float, float]] = {}
    if corners.old_on_new is not None:
        steps[DATA_FIRST] = corners.old_on_new - corners.before, corners.new - corners.old_on_new
    if corners.new_on_old is not None:
        steps[METHOD_FIRST] = corners.new - corners.new_on_old, corners.new_on_old - corners.before
    if not steps:
        return None
    data, method = (sum(of_way) / len(steps) for of_way in zip(*steps.values()))
    return Parts(data, method, corners.after - corners.new, tuple(steps))
