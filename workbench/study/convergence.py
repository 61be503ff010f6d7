"""Whether the Member States come closer to one another."""

import numpy

from workbench.indicators.asked import EU27
from workbench.indicators.results import Results
from workbench.methods.dispersion import sigma
from workbench.methods.refusal import ThinData
from workbench.study.estimates import estimate
from workbench.study.reader import Reader

FEWEST_STATES = 15
"""Of fewer, the scatter is that of a few."""

FARTHEST_OFF = 5.0
"""A State of which rounding leaves a rate open by more percentage points, either way, is left out: it would blur the others."""


def scatter_between_members(study: Reader, rates: Results) -> Results:
    """The standard deviation of a rate between the Member States, in each year; of those whose rate is known in every year.

    Parameters
    ----------
    study : Reader
        The study that publishes it.
    rates : Results
        Of the Member States over the years: of one indicator.

    Returns
    -------
    Results
        None where too few States have every year.
    """
    by_state: dict[str, dict[str, tuple[float, float]]] = {}
    for rate in rates:
        off = max(rate.high - rate.value, rate.value - rate.low)
        if rate.is_reliable and off <= FARTHEST_OFF:
            by_state.setdefault(rate.geo, {})[rate.time] = rate.value, off
    years = sorted({time for held in by_state.values() for time in held})
    whole = [held for held in by_state.values() if len(held) == len(years)]
    if len(whole) < FEWEST_STATES:
        return Results()
    values, off = numpy.moveaxis(numpy.array([[held[year] for year in years] for held in whole]), 2, 0)
    try:
        scatter = sigma(values.T)
    except ThinData:
        return Results()
    # A deviation moves no more than the root of what is rounded away of each.
    moved = numpy.sqrt((off**2).sum(axis=0) / (len(whole) - 1))
    name = f"{rates[0].indicator}_between_members_pp"
    return Results(
        estimate(study, name, rates[:1], value, max(value - by, 0.0), value + by, geo=EU27, time=year, flags="")
        for year, value, by in zip(years, scatter.tolist(), moved.tolist())
    )
