"""Axes on which each step multiplies: for what spans orders of magnitude."""

import math
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from workbench.presentation.wording import Wording


def log_axis(
    axes: Axes, wording: Wording, which: Literal["x", "y"], lowest: float, highest: float, unit: str = "persons"
) -> None:
    """An axis from a little below the lowest value to a little above the highest, both above zero; ticks at round numbers."""
    low, high = lowest / 1.4, highest * 1.4
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    digits = (1,) if math.log10(high / low) > 3 else (1, 2, 5) if math.log10(high / low) < 1.7 else (1, 3)
    ticks = [digit * 10.0**decade for decade in decades for digit in digits if low <= digit * 10.0**decade <= high]
    axis, set_ticks, set_limits = (
        (axes.xaxis, axes.set_xticks, axes.set_xlim) if which == "x" else (axes.yaxis, axes.set_yticks, axes.set_ylim)
    )
    (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    axis.set_minor_locator(NullLocator())
    names = [
        wording.number(tick, decimals=max(0, -math.floor(math.log10(tick)))) + wording.unit_sign(unit) for tick in ticks
    ]
    set_ticks(ticks, names)
    set_limits(low, high)
