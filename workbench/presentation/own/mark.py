"""A number that is drawn."""

from dataclasses import dataclass
from math import nan


@dataclass(frozen=True)
class Mark:
    """One number of a series, at its place; what it lacks is not a number.

    Attributes
    ----------
    series : str
        The name of its series.
    x, y : float
        Where it stands, in the numbers of the axes.
    low, high : float
        A range about it.
    value : float
        What its colour stands for.
    """

    series: str
    x: float
    y: float
    low: float = nan
    high: float = nan
    value: float = nan
