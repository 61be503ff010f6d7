"""Whether numbers that were written and read back, or computed twice, are the same up to a relative tolerance."""

import math

from workbench.model.types import Result


def are_close(one: float, other: float, tolerance: float) -> bool:
    """Whether two numbers are the same; two that are not available are."""
    return math.isclose(one, other, rel_tol=tolerance) or (math.isnan(one) and math.isnan(other))


def say_the_same(one: Result, other: Result, tolerance: float) -> bool:
    """Whether two results have the same value and bounds, in the same unit and with the same flags."""
    numbers = ((one.value, other.value), (one.low, other.low), (one.high, other.high))
    return (one.unit, one.flags) == (other.unit, other.flags) and all(are_close(*pair, tolerance) for pair in numbers)
