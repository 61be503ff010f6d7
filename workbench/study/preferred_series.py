"""Which of several series of the same numbers is shown, as datasets or vintages have them."""

from collections.abc import Sequence

from workbench.indicators.results import Results


def first_with_last_period(every_series: Sequence[Results]) -> Results:
    """The first of some series that has a number in the last period; the first of all, where none has."""
    return next((series for series in every_series if series[-1].is_available), every_series[0])


def says_the_same(newer: Results, longer: Results) -> bool:
    """Whether another series has the number of each period that a newer one has a number of.

    Parameters
    ----------
    newer, longer : Results
        Of the same places and periods, in the same order.
    """
    return all(new.value == old.value for new, old in zip(newer, longer, strict=True) if new.is_available)
