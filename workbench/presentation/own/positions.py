"""What the positions along an axis mean to a reader: categories, days, periods, or numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryFormatter
from matplotlib.dates import AutoDateFormatter, ConciseDateFormatter, DateFormatter, num2date
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter

from workbench.presentation.own.dates import iso


def words_along(axis: Axis, positions: Sequence[float], with_bars: bool) -> list[Any]:
    """The words for positions along an axis; the positions themselves where it has numbers, or does not name all of them.

    Parameters
    ----------
    axis : matplotlib Axis
        Of the panel in which they are drawn.
    positions : sequence of float
        In the axis's own numbers.
    with_bars : bool
        Whether bars stand along it: several of a category stand beside each other, around the tick that names it.
    """
    formatter = axis.get_major_formatter()
    if isinstance(formatter, DateFormatter | AutoDateFormatter | ConciseDateFormatter):
        return [iso(num2date(position).replace(tzinfo=None)) if np.isfinite(position) else "" for position in positions]
    # pandas draws periods by their number in a frequency.
    if type(formatter).__name__ == "TimeSeries_DateFormatter":
        return [_period(position, formatter.freq) for position in positions]  # type: ignore[attr-defined]
    names = _named_ticks(axis)
    reach = 0.49 if with_bars or isinstance(formatter, StrCategoryFormatter) else 1e-9
    words = [_nearest(names, position, reach) for position in positions]
    return list(positions) if None in words else words


def _period(position: float, frequency: Any) -> str:
    import pandas as pd

    return str(pd.Period(ordinal=round(position), freq=frequency))


def _named_ticks(axis: Axis) -> dict[float, str]:
    """The ticks that were given names, by their positions."""
    formatter = axis.get_major_formatter()
    is_named = isinstance(formatter, StrCategoryFormatter | FixedFormatter) or (
        isinstance(formatter, FuncFormatter) and isinstance(axis.get_major_locator(), FixedLocator)
    )
    places = list(axis.get_majorticklocs()) if is_named else []
    # seaborn gives numbers as names.
    names = map(str, formatter.format_ticks(places))
    return {float(place): name for place, name in zip(places, names) if name}


def _nearest(names: dict[float, str], position: float, reach: float) -> str | None:
    nearest = min(names, key=lambda place: abs(place - position), default=np.inf)
    return names[nearest] if abs(nearest - position) <= reach else None
