"""How far a count by months stands from the course that it had before an event that is declared for the country.

Imports statsmodels, and is imported by the notebooks that use it alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy

from workbench.declarations.events import Event
from workbench.indicators.results import Results
from workbench.methods.interrupted_series import Effect, interrupted
from workbench.methods.refusal import ThinData
from workbench.model.types import BREAK, Result
from workbench.study.course import unbroken_months
from workbench.study.estimates import estimate
from workbench.study.reader import Reader

MONTHS_BEFORE = 60
"""Of the course before the event: of a longer one, the beginning says little of the end."""

YEARS_AFTER = 2
"""An event of longer ago is no news: too much else has happened since."""

PAIRS_OF_THE_SEASON = 2


@dataclass(frozen=True)
class SinceEvent:
    """What changed with an event.

    Attributes
    ----------
    event : Event
    first, last : Result
        The numbers of the month that it began in, and of the last month that is looked at.
    times : Result
        So many times what the course before would have led to was counted in the first month.
    a_month : Result
        By how many per cent more that grew with every month.
    others : tuple of Event
        What else that bears on the numbers went on in these months.
    """

    event: Event
    first: Result
    last: Result
    times: Result
    a_month: Result
    others: tuple[Event, ...]


def since_event(study: Reader, series: Sequence[Result]) -> SinceEvent | None:
    """Set a series beside the course that it had before the newest event that is declared for the country by name.

    The logarithms of five years of months before it, and of those since, are an interrupted series with a season and
    autocorrelated errors; see `workbench.methods.interrupted_series.interrupted`.

    Parameters
    ----------
    study : Reader
        For whose country and record it is.
    series : sequence of Result
        A count, month after month, up to the end of the reference year.

    Returns
    -------
    SinceEvent or None
        None without such an event in the reference year or the two before it, or where the months are too few, have a gap, a
        break or a zero.
    """
    months = unbroken_months(series)
    times = [month.time for month in months]
    if not months:
        return None
    (dataset, _), *_ = months[0].sources
    of_the_country = [
        event
        for event in study.events.going_on(study.country, dataset, times[0], times[-1])
        if study.country in event.places and event.direction and event.first_month in times
    ]
    if not of_the_country:
        return None
    event = of_the_country[-1]
    if study.year - event.first_day.year > YEARS_AFTER:
        return None
    began = times.index(event.first_month)
    start = max(0, began - MONTHS_BEFORE)
    looked_at = Results(months[start:])
    if any(BREAK in month.flags or month.value == 0 for month in looked_at):
        return None
    counts = numpy.array([month.value for month in looked_at])
    try:
        found = interrupted(numpy.log(counts), began - start, harmonics=PAIRS_OF_THE_SEASON)
    except ThinData:
        return None
    first, last = looked_at[began - start], looked_at[-1]

    def told(suffix: str, effect: Effect, scale: float, less: float) -> Result:
        value, low, high = (scale * (math.exp(of) - less) for of in (effect.value, effect.low, effect.high))
        return estimate(
            study,
            f"{first.indicator}{suffix}",
            looked_at,
            value,
            low,
            high,
            geo=first.geo,
            time=last.time,
            breakdown=first.breakdown,
            flags="",
        )

    during = study.events.going_on(study.country, dataset, event.first_month, last.time, event.direction)
    return SinceEvent(
        event=event,
        first=first,
        last=last,
        times=told("_since_event_times", found.level, 1, 0),
        a_month=told("_since_event_pct_a_month", found.slope, 100, 1),
        others=tuple(other for other in during if other != event),
    )
