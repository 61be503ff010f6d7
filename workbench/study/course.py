"""How a stock by months has moved: its season, where its course breaks, and months in which it leapt.

Import what is here by its module: the methods load scipy, which few studies need.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.declarations.events import Event
from workbench.indicators.results import Results
from workbench.methods.outlying_steps import outlying_steps
from workbench.methods.refusal import Reason, ThinData
from workbench.methods.seasonality import seasonality
from workbench.methods.structural_breaks import autoregressive_breaks
from workbench.methods.x11 import x11
from workbench.methods.x11_filters import Array
from workbench.model.periods import number_in_year
from workbench.model.types import BREAK, Result
from workbench.study.estimates import estimate
from workbench.study.fits import fitted
from workbench.study.reader import Reader

FEWEST_MONTHS = 60
"""Five years: two regimes of two years, and room between them; X-11 asks for as many."""

SHORTEST_REGIME = 24
LEAST_MEDIAN = 60
"""Of a smaller stock, rounding to five moves the number by more than four per cent, and is taken for steps."""

WIDEST_MATCH = 18
"""An interval of more months would hold some event or other wherever it lay."""


NOTHING = Results()


@dataclass(frozen=True)
class CourseBreak:
    """A month with which another course begins.

    Attributes
    ----------
    month, earliest, latest : str
        The month that is most likely, and the 95 % confidence interval.
    before, after : Result
        The mean of the regime that ends, and of that which begins.
    events : tuple of Event
        What went on within the interval; empty where the interval is too wide to tell.
    is_dated : bool
        Whether the interval is narrow enough to say what it falls together with.
    is_flagged : bool
        Whether the provider marks a break in the series within the interval.
    """

    month: str
    earliest: str
    latest: str
    before: Result
    after: Result
    events: tuple[Event, ...]
    is_dated: bool
    is_flagged: bool

    @property
    def is_of_counting(self) -> bool:
        """Whether what is counted changed within the interval."""
        return self.is_flagged or any(event.counting for event in self.events)


@dataclass(frozen=True)
class Leap:
    """A month at whose end the number had moved out of proportion.

    Attributes
    ----------
    before, after : Result
        The number at the end of the month before, and of the month.
    events : tuple of Event
        As of `CourseBreak`, of the month.
    is_undone : bool
        Whether the next month leapt back: then it may lie in the reporting.
    """

    before: Result
    after: Result
    events: tuple[Event, ...]
    is_undone: bool


@dataclass(frozen=True)
class Course:
    """How a stock has moved.

    Attributes
    ----------
    months : Results
        The months that are looked at: those without a gap, up to the last.
    refusal : Reason or None
        Why nothing is said of them.
    breaks : tuple of CourseBreak
    regime_means : Results
        For each month the mean of its regime; empty without a break.
    leaps : tuple of Leap
    """

    months: Results
    refusal: Reason | None = None
    breaks: tuple[CourseBreak, ...] = ()
    regime_means: Results = NOTHING
    leaps: tuple[Leap, ...] = ()


def unbroken_months(series: Sequence[Result]) -> Results:
    """The months without a gap that end with the last that has a number."""
    known = [position for position, result in enumerate(series) if result.is_available]
    if not known:
        return Results()
    first = last = known[-1]
    while first > 0 and series[first - 1].is_available:
        first -= 1
    return Results(series[first : last + 1])


def course(study: Reader, series: Sequence[Result]) -> Course:
    """Look for breaks and leaps in a stock by months.

    The logarithm of each month is regressed on that of the month before, in regimes of two years or more; see
    `workbench.methods.structural_breaks.autoregressive_breaks` and `workbench.methods.outlying_steps.outlying_steps`.

    Parameters
    ----------
    study : Reader
        For whose country and record it is.
    series : sequence of Result
        ``pending_applicants`` of one country, month after month.
    """
    months = unbroken_months(series)
    values = np.array([result.value for result in months])
    if len(months) < FEWEST_MONTHS:
        return Course(months, Reason.TOO_SHORT)
    if np.median(values) < LEAST_MEDIAN:
        return Course(months, Reason.TOO_FEW)
    # A zero stands for up to two.
    logarithms = np.log(np.maximum(values, 2.5))
    try:
        found = fitted(study, autoregressive_breaks, logarithms, SHORTEST_REGIME)
        leaping = fitted(study, outlying_steps, logarithms, found.chosen.breaks)
    except ThinData as refused:
        return Course(months, refused.reason)
    means = _regime_means(study, months, found.chosen.breaks)
    breaks = tuple(
        _break(study, months, means, at, low, high) for at, low, high in zip(found.chosen.breaks, found.low, found.high)
    )
    leaps = tuple(_leap(study, months, int(at), set(leaping.at.tolist())) for at in leaping.at)
    return Course(months, None, breaks, means if breaks else NOTHING, leaps)


def _regime_means(study: Reader, months: Results, breaks: tuple[int, ...]) -> Results:
    means = []
    for first, after in zip((0, *breaks), (*breaks, len(months))):
        regime = months[first:after]
        value, low, high = (
            float(np.mean([getattr(result, bound) for result in regime])) for bound in ("value", "low", "high")
        )
        means += [
            estimate(
                study, "pending_applicants_regime_mean", regime, value, low, high, geo=result.geo, time=result.time
            )
            for result in regime
        ]
    return Results(means)


def _break(study: Reader, months: Results, means: Results, at: int, low: int, high: int) -> CourseBreak:
    earliest, latest = months[max(low, 1)], months[min(high, len(months) - 1)]
    is_dated = high - low <= WIDEST_MATCH
    within = [result for result in months if earliest.time <= result.time <= latest.time]
    return CourseBreak(
        month=months[at].time,
        earliest=earliest.time,
        latest=latest.time,
        before=means[at - 1],
        after=means[at],
        events=_events(study, means[at - 1], means[at], earliest.time, latest.time) if is_dated else (),
        is_dated=is_dated,
        is_flagged=any(BREAK in result.flags for result in within),
    )


def _leap(study: Reader, months: Results, at: int, leaping: set[int]) -> Leap:
    before, after = months[at - 1], months[at]
    goes_back = at + 1 in leaping and (months[at + 1].value - after.value) * (after.value - before.value) < 0
    return Leap(before, after, _events(study, before, after, after.time, after.time), goes_back)


def _events(study: Reader, before: Result, after: Result, first: str, last: str) -> tuple[Event, ...]:
    (dataset, _), *_ = before.sources
    return study.events.going_on(study.country, dataset, first, last, "more" if after.value > before.value else "fewer")


@dataclass(frozen=True)
class Season:
    """Whether a series by months has a season.

    Attributes
    ----------
    months : Results
        The months that are looked at.
    refusal : Reason or None
        Why nothing is said of them.
    is_identifiable : bool
        Whether there is a season that can be told from chance.
    adjusted : Results
        The months without it; empty where there is none.
    """

    months: Results
    refusal: Reason | None = None
    is_identifiable: bool = False
    adjusted: Results = NOTHING


def season_of(study: Reader, series: Sequence[Result]) -> Season:
    """Test a series by months for a season, and take it out where there is one.

    Parameters
    ----------
    study : Reader
        For whose country and record it is.
    series : sequence of Result
        A count of one country, month after month.
    """
    months = unbroken_months(series)
    if len(months) < FEWEST_MONTHS:
        return Season(months, Reason.TOO_SHORT)
    values = np.array([result.value for result in months])
    if np.median(values) < LEAST_MEDIAN:
        return Season(months, Reason.TOO_FEW)
    first = number_in_year(months[0].time) - 1
    try:
        if not seasonality(values, first=first).identifiable:
            return Season(months)
        parts = x11(values, first=first)
    except ThinData as refused:
        return Season(months, refused.reason)
    return Season(months, None, True, _adjusted(study, months, parts.adjusted))


def _adjusted(study: Reader, months: Results, adjusted: Array) -> Results:
    """Adjusted counts, each with the bounds of the rounding of its month; never below zero."""
    made = []
    for month, value in zip(months, np.maximum(adjusted, 0)):
        scale = value / month.value if month.value else 1.0
        low, high = max(0.0, value - scale * (month.value - month.low)), value + scale * (month.high - month.value)
        made.append(
            estimate(
                study,
                f"{month.indicator}_seasonally_adjusted",
                [month],
                float(value),
                float(low),
                float(high),
                geo=month.geo,
                time=month.time,
                breakdown=month.breakdown,
            )
        )
    return Results(made)
