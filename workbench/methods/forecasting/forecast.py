"""A forecast of counts: the next periods, each with its intervals, and how good the same method was in the past."""

from dataclasses import dataclass

import numpy
from numpy.typing import ArrayLike, NDArray

from workbench.methods.forecasting.evaluation import LEVELS, Evaluation, central, evaluate, total_quantiles
from workbench.methods.forecasting.law import Law, average
from workbench.methods.forecasting.models import COMBINATION, COMBINED, MODELS
from workbench.methods.forecasting.scales import SCALES, scale_of
from workbench.methods.refusal import Reason, ThinData

_WIDEST = {"first": 20, "last": 100}
"""So many times its lower end may the upper end of the interval of 80 % be, in the first and the last period."""


@dataclass(frozen=True)
class Interval:
    """A central prediction interval.

    Attributes
    ----------
    level : float
        Its probability.
    low, high : ndarray, shape (h,)
        Its ends, never below zero.
    """

    level: float
    low: NDArray
    high: NDArray


@dataclass(frozen=True)
class Forecast:
    """The next periods of a series of counts. `forecast` makes it, with its evaluation; without one there is none.

    Attributes
    ----------
    median : ndarray, shape (h,)
        As likely too high as too low.
    intervals : tuple of Interval
        At the levels of `workbench.methods.forecasting.evaluation.LEVELS`.
    total_median : float
        Of the sum of the periods: for flows, of a whole year, say. Of a stock it means nothing.
    total_intervals : tuple of Interval
        Likewise, each end an array of one.
    model : str
        The one that is used: the best by its past CRPS.
    scale : str
        On which it works; one of `workbench.methods.forecasting.scales.SCALES`.
    observations : int
        Periods that it was made from.
    evaluation : Evaluation
        How good it and the others were.
    """

    median: NDArray
    intervals: tuple[Interval, ...]
    total_median: float
    total_intervals: tuple[Interval, ...]
    model: str
    scale: str
    observations: int
    evaluation: Evaluation

    def __post_init__(self) -> None:
        if not isinstance(self.evaluation, Evaluation) or not self.evaluation.targets:
            raise ThinData(
                "a forecast that was never checked is none",
                Reason.TOO_SHORT,
                expected="an evaluation with periods that have come",
                found=repr(self.evaluation),
            )

    def interval(self, level: float) -> Interval:
        """The interval of a level."""
        return next(interval for interval in self.intervals if interval.level == level)

    def total_interval(self, level: float) -> Interval:
        """The interval of the sum of the periods."""
        return next(interval for interval in self.total_intervals if interval.level == level)


@dataclass(frozen=True)
class Plan:
    """How a series with so many periods in a year is forecast and checked.

    Attributes
    ----------
    horizon : int
        Periods ahead.
    least : int
        Periods without which there is no forecast.
    first : int
        Periods that the earliest forecast of the check is made from, at least.
    origins, refit_every : int
        As for `workbench.methods.forecasting.evaluation.evaluate`.
    """

    horizon: int
    least: int
    first: int
    origins: int
    refit_every: int


PLANS = {
    1: Plan(horizon=3, least=10, first=6, origins=10, refit_every=2),
    4: Plan(horizon=4, least=16, first=10, origins=20, refit_every=4),
    12: Plan(horizon=12, least=30, first=16, origins=36, refit_every=12),
}
"""By periods in a year."""

_SEASONS = 3
"""Years that the earliest forecast of the check must be made from, for a season to be told from chance."""


def forecast(counts: ArrayLike, in_a_year: int, seed: int = 0) -> Forecast:
    """Forecast counts by whichever of several models, or the average of four, did best in the past.

    The models (see `workbench.methods.forecasting.models`) work on the logarithm or the square root of the counts, whichever
    makes their changes more even. Each is tried from the last origins of the series, with what was known then; the one with
    the lowest CRPS makes the forecast, its standard deviations widened where past errors were larger than it had said. A season
    is looked for where the earliest of these forecasts would have had three years of it.

    Parameters
    ----------
    counts : array_like, shape (n,)
        Persons or the like in consecutive periods, oldest first; none below zero, none missing.
    in_a_year : int
        1, 4 or 12.
    seed : int
        Of the paths by which the sum of the periods is reckoned.

    Returns
    -------
    Forecast
        Of the next 3 years, 4 quarters or 12 months.

    Raises
    ------
    ThinData
        If the series is too short (10 years, 16 quarters, 30 months), has gaps, is so still that there is nothing to learn, or
        has swung so widely that the upper end of the interval of 80 % would be more than twenty times the lower one in the first
        period, or a hundred times in the last.
    """
    counts = numpy.asarray(counts, dtype=float)
    plan = PLANS[in_a_year]
    _refuse(counts, plan, in_a_year)
    origins = min(plan.origins, len(counts) - plan.first)
    cycle = in_a_year if len(counts) - origins >= _SEASONS * in_a_year else 1
    scale_name = scale_of(counts, 1)
    scale = SCALES[scale_name]
    evaluation = evaluate(counts, scale, cycle, plan.horizon, origins, plan.refit_every, seed)
    model = evaluation.best.model
    law = _law(model, scale.to(counts), cycle, plan.horizon).widened(dict(evaluation.widening)[model])
    intervals = tuple(Interval(level, *scale.back(law.quantiles(central(level))).T) for level in LEVELS)
    _refuse_wide(intervals)
    return Forecast(
        median=scale.back(law.mean),
        intervals=intervals,
        total_median=float(total_quantiles(law, scale, [0.5], seed)[0]),
        total_intervals=tuple(
            Interval(level, *total_quantiles(law, scale, central(level), seed)[:, None]) for level in LEVELS
        ),
        model=model,
        scale=scale_name,
        observations=len(counts),
        evaluation=evaluation,
    )


def _refuse(counts: NDArray, plan: Plan, in_a_year: int) -> None:
    if len(counts) < plan.least:
        raise ThinData(
            "no forecast from so short a series",
            Reason.TOO_SHORT,
            expected=f"at least {plan.least} periods, of {in_a_year} in a year",
            found=str(len(counts)),
        )
    if not numpy.isfinite(counts).all():
        raise ThinData(
            "no forecast across gaps",
            Reason.GAPS,
            expected="a count in every period",
            found=f"{int((~numpy.isfinite(counts)).sum())} without one",
        )
    # What moves in fewer than half of the periods before the first forecast of the check has no error to scale by.
    changes = numpy.diff(counts[: max(plan.first, len(counts) - plan.origins)])
    if (changes != 0).mean() < 0.5:
        raise ThinData(
            "no forecast from a series that hardly moves",
            Reason.CONSTANT,
            expected="a change in at least half of the periods",
            found=f"in {int((changes != 0).sum())} of {len(changes)}",
        )


def _law(model: str, series: NDArray, cycle: int, horizon: int) -> Law:
    if model == COMBINATION:
        return average([_law(name, series, cycle, horizon) for name in COMBINED])
    return MODELS[model](series, cycle)(series, horizon)


def _refuse_wide(intervals: tuple[Interval, ...]) -> None:
    """An interval of which the upper end is many times the lower one helps nobody."""
    eighty = next(interval for interval in intervals if interval.level == 0.8)
    for (which, most), at in zip(_WIDEST.items(), (0, -1)):
        low, high = float(eighty.low[at]), float(eighty.high[at])
        if high > most * max(low, 1.0):
            raise ThinData(
                "no forecast from a series that has swung so widely that anything may come",
                Reason.TOO_UNCERTAIN,
                expected=f"an interval of 80 % in the {which} period whose upper end is at most {most} times the lower one",
                found=f"{low:.0f} to {high:.0f}",
            )
