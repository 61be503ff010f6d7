"""Which of several series of the same numbers is shown, as datasets or vintages have them."""

from collections.abc import Sequence

from workbench.indicators.results import Results
from workbench.model.types import WITHHELD, Result


def first_with_last_period(every_series: Sequence[Results]) -> Results:
    """The first of some series that has a number in the last period; the first of all, where none has."""
    return next((series for series in every_series if series[-1].is_available), every_series[0])


def says_the_same(newer: Results, longer: Results, with_flags: bool = False) -> bool:
    """Whether another series has the number of each period that a newer one has a number of.

    Parameters
    ----------
    newer, longer : Results
        Of the same places and periods, in the same order.
    with_flags : bool
        Whether it must have the flags, too: one that has lost a break would hide it.
    """
    pairs = [(new, other) for new, other in zip(newer, longer, strict=True) if new.is_available]
    return all(new.value == other.value and (new.flags == other.flags or not with_flags) for new, other in pairs)


def with_both_ends(first: Result, second: Result) -> Result:
    """A change over the year, of the dataset that has both its ends: the second where the first lacks one.

    Not where the first has both but was recounted in between (flag ``u``): the second would hide that.
    """
    return second if second.is_available and not first.is_available and WITHHELD not in first.flags else first
