"""Whether the Member States come closer to one another."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

from workbench.indicators.asked import EU27
from workbench.indicators.results import Results
from workbench.methods.convergence import beta
from workbench.methods.dispersion import coefficient_of_variation, sigma, theil
from workbench.methods.refusal import ThinData
from workbench.model.types import Result
from workbench.study.estimates import estimate
from workbench.study.reader import Reader

FEWEST_STATES = 15
"""Of fewer, the scatter is that of a few."""

FARTHEST_OFF = 5.0
"""A State of which rounding leaves a rate open by more percentage points, either way, is left out: it would blur the others."""

TEN_POINTS = 10


@dataclass(frozen=True)
class Scatter:
    """How far apart the Member States are: of those whose rate is known in every year.

    Attributes
    ----------
    deviations, variations, inequalities : Results
        In each year: the standard deviation of the rates, the same by their mean, and Theil's index of events over trials.
    caught_up : Result
        By how much a State whose rate stood ten percentage points lower in the first year came closer until the last.
    """

    deviations: Results
    variations: Results
    inequalities: Results
    caught_up: Result

    @property
    def by_year(self) -> Results:
        """All that is told of the years."""
        return self.deviations + self.variations + self.inequalities

    @property
    def came_closer(self) -> bool:
        """Whether the standard deviation fell, whatever rounding hides, and those that stood low caught up."""
        return self.deviations[-1].high < self.deviations[0].low and self.caught_up.low > 0


def scatter_between_members(study: Reader, rates: Results, events: Results, trials: Results) -> Scatter | None:
    """How far apart the Member States are in each year, and whether those that stood low caught up.

    Parameters
    ----------
    study : Reader
        The study that publishes it.
    rates : Results
        Of the Member States over the years: of one indicator, in per cent.
    events, trials : Results
        The counts that the rates are made of.

    Returns
    -------
    Scatter or None
        None where too few States have every year.
    """
    known = _by_state(rate for rate in rates if rate.is_reliable and _off(rate) <= FARTHEST_OFF)
    years = sorted({year for of_state in known.values() for year in of_state})
    places = [geo for geo, of_state in known.items() if len(of_state) == len(years)]
    if len(places) < FEWEST_STATES or len(years) < 2:
        return None

    def table(held: dict[str, dict[str, Result]], number: Callable[[Result], float]) -> NDArray:
        """Of shape (years, places)."""
        return numpy.array([[number(held[geo][year]) for geo in places] for year in years])

    values, off = table(known, _value), table(known, _off)
    counts = [table(_by_state(of), _value) for of in (events, trials)]
    try:
        scattered = [(100 * one.value, 100 * one.low, 100 * one.high) for one in map(coefficient_of_variation, values)]
        uneven = [(one.value, one.low, one.high) for one in map(theil, *counts)]
        slope = beta(values[0], values[-1])
        of_rates = _deviations(values, off)
    except ThinData:
        return None

    def told(suffix: str, numbers: tuple[float, ...], year: str) -> Result:
        return estimate(study, f"{rates[0].indicator}{suffix}", rates[:1], *numbers, geo=EU27, time=year, flags="")

    def by_year(suffix: str, made: Iterable[tuple[float, ...]]) -> Results:
        return Results(told(suffix, numbers, year) for numbers, year in zip(made, years, strict=True))

    return Scatter(
        deviations=by_year("_between_members_pp", of_rates),
        variations=by_year("_between_members_cv_pct", scattered),
        inequalities=by_year("_between_members_theil", uneven),
        caught_up=told(
            "_caught_up_pp", tuple(-TEN_POINTS * number for number in (slope.slope, slope.high, slope.low)), years[-1]
        ),
    )


def _by_state(results: Iterable[Result]) -> dict[str, dict[str, Result]]:
    held: dict[str, dict[str, Result]] = {}
    for result in results:
        held.setdefault(result.geo, {})[result.time] = result
    return held


def _value(result: Result) -> float:
    return result.value


def _off(result: Result) -> float:
    return max(result.high - result.value, result.value - result.low)


def _deviations(values: NDArray, off: NDArray) -> list[tuple[float, float, float]]:
    """Each with its bounds: a deviation moves no more than the root of what is rounded away of each value."""
    moved = numpy.sqrt((off**2).sum(axis=1) / (values.shape[1] - 1))
    return [(value, max(value - by, 0.0), value + by) for value, by in zip(sigma(values).tolist(), moved.tolist())]
