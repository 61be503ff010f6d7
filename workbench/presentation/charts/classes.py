"""Classes of values: the limits between them, at round numbers."""

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal

from workbench.model.types import Result
from workbench.presentation.wording import Wording

_NEAR = 0.3
"""How far a limit may be from its quantile, of the size of a class."""


def shown_decimal(wording: Wording, result: Result) -> Decimal:
    """A value as the reader sees it: in the digits that are known, so that it is never in another class than what is shown."""
    return Decimal(str(result.value)).quantize(Decimal(1).scaleb(-wording.known_decimals(result)))


def class_limits(values: Iterable[Decimal], most: int = 5) -> tuple[Decimal, ...]:
    """The limits between classes of about as many countries each: near quantiles, in the widest gaps there, at round numbers.

    Neighbours that are all but the same are not parted where a wider gap is near. A value that is a limit belongs to the class above it. Quantiles were among the best of seven methods in Brewer and Pickle,
    "Evaluation of Methods for Classifying Epidemiological Data on Choropleth Maps in Series", *Annals of the Association of
    American Geographers* 92 (2002) 662–681. Each limit is the roundest number between the two values that it separates, so
    that rounding moves no country to another class. Equal values are never separated, whatever that does to the sizes.

    Parameters
    ----------
    values : iterable of Decimal
        One for each country.
    most : int
        The largest number of classes.

    Returns
    -------
    tuple of Decimal
        Ascending, one fewer than there are classes.
    """
    ordered = sorted(values)
    # A gap after the i-th value, where the next one is another.
    gaps = [i for i in range(1, len(ordered)) if ordered[i - 1] < ordered[i]]
    classes = min(most, len(gaps) + 1)
    wanted = [len(ordered) * part / classes for part in range(1, classes)]
    reach = len(ordered) / classes * _NEAR
    taken = {
        max(
            [gap for gap in gaps if abs(gap - place) <= reach] or [min(gaps, key=lambda gap: abs(gap - place))],
            key=lambda gap: (ordered[gap] - ordered[gap - 1], -abs(gap - place)),
        )
        for place in wanted
    }
    return tuple(roundest(ordered[gap - 1], ordered[gap]) for gap in sorted(taken))


def roundest(above: Decimal, highest: Decimal) -> Decimal:
    """The number with the fewest digits that is greater than one and no greater than the other: a multiple of the largest
    of …, 100, 50, 20, 10, 5, … that has one there, and of these the nearest to the middle."""
    exponent = max(above.adjusted(), highest.adjusted()) + 1
    while True:
        for digit in (5, 2, 1):
            step = digit * Decimal(1).scaleb(exponent)
            first, last = (int((end / step).to_integral_value(ROUND_FLOOR)) for end in (above, highest))
            if first < last:
                middle = int(((above + highest) / 2 / step).to_integral_value())
                return (step * min(max(middle, first + 1), last)).normalize()
        exponent -= 1
