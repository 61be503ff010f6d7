"""What rounding explains: two figures that are rounded may differ, and yet be of the same persons."""

from workbench.model.types import Result


def explained_by_rounding(one: Result, other: Result) -> bool:
    """Whether two numbers may be the same before they were rounded: what each leaves open overlaps with the other.

    Of a number that is not there nothing is explained.
    """
    return one.low <= other.high and other.low <= one.high
