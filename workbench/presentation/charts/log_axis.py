"""Axes on which each step multiplies: for what spans orders of magnitude."""

import math
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from workbench.presentation.wording import Wording

_MARGIN = 1.4
"""How many times less than the lowest value the axis begins, and more than the highest it ends."""


def log_axis(
    axes: Axes,
    wording: Wording,
    which: Literal["x", "y"],
    lowest: float,
    highest: float,
    sign: str = "",
    zero: float = 0.0,
) -> None:
    """An axis from a little below the lowest value to a little above the highest, both above zero; ticks at round numbers, and
    one that says zero where zeros are drawn, if anywhere."""
    low, high = lowest / _MARGIN, highest * _MARGIN
    ticks = [tick for tick in round_numbers(low, high) if tick > zero * 2]
    names = [wording.number(tick, decimals=max(0, -math.floor(math.log10(tick)))) + sign for tick in ticks]
    if zero:
        ticks, names = [zero, *ticks], [wording.number(0) + sign, *names]
    if which == "x":
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xticks(ticks, names)
        axes.set_xlim(low, high)
    else:
        axes.set_yscale("log")
        axes.yaxis.set_minor_locator(NullLocator())
        axes.set_yticks(ticks, names)
        axes.set_ylim(low, high)


def round_numbers(low: float, high: float) -> list[float]:
    """Powers of ten between two numbers; where these are few, their threefold, or twofold and fivefold, too."""
    span = math.log10(high / low)
    digits = (1,) if span > 3 else (1, 3) if span > 1.2 else (1, 2, 5)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [tick for power in powers for digit in digits if low <= (tick := digit * 10.0**power) <= high]
