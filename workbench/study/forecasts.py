"""What the periods after the reference year may bring: forecasts of a country's series, with their checks, as results.

Imports statsmodels, and is imported by the notebooks that use it alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy

from workbench.indicators.results import Results
from workbench.methods.forecasting.evaluation import ModelScore
from workbench.methods.forecasting.forecast import PLANS, Forecast, Interval, forecast
from workbench.methods.forecasting.models import COMBINATION
from workbench.methods.refusal import Reason, ThinData
from workbench.model.periods import in_a_year, months_of, quarters_of, shift, year_of
from workbench.model.types import BREAK, Result
from workbench.study.estimates import estimate
from workbench.study.fits import fitted
from workbench.study.study import Study

HEADLINE_LEVEL = 0.8
"""Four in five: the interval that sentences state."""

_CODES = {
    "naive": "NAIVE",
    "seasonal naive": "NAIVE_S",
    "exponential smoothing": "ETS",
    "theta": "THETA",
    "SARIMA": "SARIMA",
    "unobserved components": "UC",
    COMBINATION: "AVERAGE",
}
_SOUND_PCT = 65
_WIDEST = 10
"""A range says something of a number where its upper end is at most so many times the lower: of what order it will be."""
_COVERAGES = ("forecast_coverage_80_pct", "forecast_coverage_of_year_pct")


@dataclass(frozen=True)
class Outlook:
    """What a series may bring, or why that cannot be said.

    Attributes
    ----------
    study : Study
        Which publishes it.
    observed : Results
        What it was made from: up to the last period of the reference year, without a gap, and after the last break.
    made : Forecast or None
        The forecast; None where it was refused.
    refusal : Reason or None
        Why.
    """

    study: Study
    observed: Results
    made: Forecast | None
    refusal: Reason | None

    @property
    def indicator(self) -> str:
        """The count that it is of."""
        return self.observed[-1].indicator

    @property
    def last(self) -> Result:
        """The last number that it was made from."""
        return self.observed[-1]

    @cached_property
    def times(self) -> list[str]:
        """The periods that are forecast."""
        return [shift(self.last.time, ahead + 1) for ahead in range(PLANS[in_a_year(self.last.time)].horizon)]

    @cached_property
    def expected(self) -> Results:
        """Each period to come, with its interval at each level; none where it was refused."""
        if self.made is None:
            return Results()
        return Results(
            self._forecast(time, self.made.median[ahead], interval, ahead, self._width(ahead))
            for interval in self.made.intervals
            for ahead, time in enumerate(self.times)
        )

    def _width(self, ahead: int) -> float:
        assert self.made is not None
        interval = self.made.interval(HEADLINE_LEVEL)
        return float(interval.high[ahead] - interval.low[ahead])

    @property
    def least_coverage(self) -> Result:
        """What its intervals of 80 % held in the past: those of single periods, or of their sum where that is told and held less."""
        return min((score for score in self.chosen if score.indicator in _COVERAGES), key=lambda score: score.value)

    @property
    def is_sound(self) -> bool:
        """Whether these held nearly two thirds of what came: then they may be stated as such."""
        return self.made is not None and self.least_coverage.value >= _SOUND_PCT

    @property
    def is_too_wide(self) -> bool:
        """Whether the range that a sentence would state leaves open of what order the number will be."""
        return self.headline is not None and self.headline.high > _WIDEST * max(self.headline.low, 1)

    @property
    def is_told(self) -> bool:
        """Whether a sentence may state it."""
        return self.is_sound and self.headline is not None and not self.is_too_wide

    @property
    def strayed(self) -> Result | None:
        """The number at which the errors of the past forecasts had gone one way for longer than chance lets them; None if they
        never did."""
        checked = self.made.evaluation if self.made else None
        if checked is None or checked.drift is None or checked.drift.crossed < 0:
            return None
        return self.observed[checked.drift.crossed - checked.origins]

    @property
    def came_more(self) -> bool:
        """Whether more came than was forecast, where errors strayed."""
        assert self.made is not None and self.made.evaluation.drift is not None
        drift = self.made.evaluation.drift
        return bool(drift.process[drift.crossed] > 0)

    @property
    def shown(self) -> int:
        """So many periods of what was are shown beside what may come: ten years; five of months or quarters, or the latter would be
        a strip."""
        a_year = in_a_year(self.last.time)
        return 10 if a_year == 1 else 5 * a_year

    @cached_property
    def medians(self) -> Results:
        """Each period to come, with its interval of 80 %."""
        return Results(one for one in self.expected if one.code("level") == "80")

    @cached_property
    def in_the_year(self) -> Result:
        """The number of the reference year, where its periods make one."""
        return self.study.one(self.indicator, geo=self.last.geo, dataset=dict(self.last.sources), **self.last.codes)

    @property
    def at_the_end(self) -> Result:
        """The forecast of the last period, with the interval of 80 %."""
        return self.at(self.times[-1])

    @property
    def of_the_year(self) -> Result | None:
        """The forecast of the year after the reference year: its own, or the sum of its periods where these are the next ones."""
        next_year = str(self.study.year + 1)
        return self.at(next_year) if next_year in self.times else self.total

    @property
    def headline(self) -> Result | None:
        """The forecast that a sentence states: of the year after the reference year, or of a stock at the end of the last period."""
        if self.made is None:
            return None
        return self.at_the_end if self._is_stock_of_months else self.of_the_year

    @property
    def _is_stock_of_months(self) -> bool:
        return self.study.indicators.count(self.indicator).sources[0].year == "last month"

    @property
    def naive_error(self) -> Result:
        """The average error of the naive forecast, the better of the two."""
        assert self.made is not None
        code = _CODES[self.made.evaluation.reference]
        return next(s for s in self.scores if s.indicator == "forecast_error_pct" and s.code("model") == code)

    def at(self, time: str) -> Result:
        """The forecast of a period, with the interval of 80 %."""
        return self.medians.one(time=time)

    @cached_property
    def total(self) -> Result | None:
        """The forecast of the year after the reference year as the sum of its periods, where these are the next ones."""
        next_year = str(self.study.year + 1)
        are_the_year = {year_of(time) for time in self.times} == {int(next_year)}
        if self.made is None or self._is_stock_of_months or not are_the_year:
            return None
        interval = self.made.total_interval(HEADLINE_LEVEL)
        return self._forecast(next_year, self.made.total_median, interval, 0, float(interval.high[0] - interval.low[0]))

    @cached_property
    def later(self) -> Results:
        """What came, as far as the same vintage has it."""
        numbers = self.study.results(
            self.indicator, geo=self.last.geo, time=self.times, dataset=dict(self.last.sources), **self.last.codes
        )
        return Results(number for number in numbers if number.is_available and number.sources == self.last.sources)

    @cached_property
    def scores(self) -> Results:
        """How good each method was in the past, the one that is used first."""
        if self.made is None:
            return Results()
        return Results(score for of in self.made.evaluation.scores for score in self._scores(of))

    @cached_property
    def chosen(self) -> Results:
        """The same of the method that is used alone, and whether its errors went one way."""
        own = Results(score for score in self.scores if score.code("model") == self.model)
        drift = self.made.evaluation.drift if self.made else None
        if drift is None:
            return own
        strayed = self._measure("forecast_drift_pct", 100 * drift.statistic, f"model={self.model}")
        return Results([*own, strayed])

    @property
    def model(self) -> str:
        """The code of the method that is used."""
        return _CODES[self.made.model] if self.made else ""

    def score(self, indicator: str) -> Result:
        """One score of the method that is used."""
        return next(score for score in self.chosen if score.indicator == indicator)

    @cached_property
    def basis(self) -> Result:
        """How many periods it was made from."""
        return self._measure("forecast_basis", len(self.observed))

    @cached_property
    def came(self) -> Result:
        """How many of the periods that are forecast have come."""
        return self._measure("forecast_came", len(self.later))

    @cached_property
    def held(self) -> Result:
        """How many of them lie in the interval of 80 %."""
        inside = [self.at(number.time).low <= number.value <= self.at(number.time).high for number in self.later]
        return self._measure("forecast_held", sum(inside))

    def _scores(self, score: ModelScore) -> list[Result]:
        assert self.made is not None
        checked = self.made.evaluation
        values = {
            "forecast_checks": checked.targets,
            "forecast_error_pct": 100 * score.crps / checked.average,
            "forecast_skill_pct": 100 * score.skill,
            "forecast_mase": score.mase,
            "forecast_coverage_80_pct": 100 * score.coverage_80,
            "forecast_coverage_95_pct": 100 * score.coverage_95,
        }
        if self.total:
            values["forecast_coverage_of_year_pct"] = 100 * score.coverage_total_80
        code = _CODES[score.model]
        return [self._measure(indicator, value, f"model={code}") for indicator, value in values.items()]

    def _measure(self, indicator: str, value: float, *codes: str) -> Result:
        measured = [f"measured={self.indicator}", *codes, *(f"{d}={c}" for d, c in self.last.codes.items())]
        return estimate(
            self.study,
            indicator,
            self.observed,
            value,
            geo=self.last.geo,
            time=self.last.time,
            breakdown=";".join(sorted(measured)),
            flags="",
        )

    def _forecast(self, time: str, median: float, interval: Interval, ahead: int, width: float) -> Result:
        low, high = float(interval.low[ahead]), float(interval.high[ahead])
        codes = [f"level={interval.level * 100:.0f}", *(f"{d}={c}" for d, c in self.last.codes.items())]
        return estimate(
            self.study,
            f"{self.indicator}_forecast",
            self.observed,
            round(median / _step(median, width)) * _step(median, width),
            math.floor(low / _step(low, width)) * _step(low, width),
            math.ceil(high / _step(high, width)) * _step(high, width),
            geo=self.last.geo,
            time=time,
            breakdown=";".join(sorted(codes)),
            flags="f",
        )


def outlook(study: Study, indicator: str, times: Sequence[str], geo: str | None = None, **codes: str) -> Outlook | None:
    """Look ahead from the last period of the reference year that a series has.

    What is newer in the same vintages is set against the forecast and never part of it. Of several datasets or vintages that
    have the newest period, the one with the longest series is taken; none are joined.

    Parameters
    ----------
    study : Study
        Whose country and reference year.
    indicator : str
        A count.
    times : sequence of str
        Years, quarters or months, the last of them the last of the reference year.
    geo : str, optional
        Another place than the country.
    **codes
        As for `Study.results`.

    Returns
    -------
    Outlook or None
        None if there is no number in the reference year, or the year before of annual series: too old to look ahead from.
    """
    every = _every_series(study, indicator, times, geo, codes)
    newest = max((series[-1].time for series in every), default="")
    if not newest or year_of(newest) < study.year - (in_a_year(newest) == 1):
        return None
    observed = max((one for one in every if one[-1].time == newest), key=len)
    unbroken = _after_last_break(observed)
    try:
        counts = numpy.array([result.value for result in unbroken])
        return Outlook(study, unbroken, fitted(study, forecast, counts, in_a_year(newest)), None)
    except ThinData as refused:
        is_cut = len(unbroken) < len(observed) and refused.reason is Reason.TOO_SHORT
        return Outlook(study, unbroken, None, Reason.BROKEN if is_cut else refused.reason)


def _every_series(
    study: Study, indicator: str, times: Sequence[str], geo: str | None, codes: dict[str, str]
) -> list[Results]:
    """The numbers up to the last one without a gap, as each dataset or vintage has them."""
    if geo:
        every = [study.results(indicator, geo=geo, time=times, **codes)]
    else:
        every = study.series(indicator, time=times, **codes)
    runs = [_last_run(series) for series in every]
    return [run for run in runs if run]


def _last_run(series: Sequence[Result]) -> Results:
    """The last numbers of a series that follow on one another."""
    there = [result.is_available for result in series]
    if not any(there):
        return Results()
    end = len(there) - there[::-1].index(True)
    start = next((at + 1 for at in range(end - 1, -1, -1) if not there[at]), 0)
    return Results(series[at] for at in range(start, end))


def _after_last_break(series: Results) -> Results:
    start = max((at for at, result in enumerate(series) if BREAK in result.flags), default=0)
    return Results(series[at] for at in range(start, len(series)))


def any_made(every: Sequence[Outlook | None]) -> bool:
    """Whether there is a forecast of any series."""
    return any(ahead and ahead.made for ahead in every)


def quarters_to(year: int, first: int) -> list[str]:
    """The quarters from those of one year to those of another."""
    return [quarter for of in range(first, year + 1) for quarter in quarters_of(of)]


def months_from(year: int, first: int) -> list[str]:
    """The months from those of one year to those of another."""
    return [month for of in range(first, year + 1) for month in months_of(of)]


def _step(number: float, width: float) -> float:
    """What a number is rounded to: two of its digits, and finer where the interval is narrower than they tell."""
    least = min(size for size in (number, width) if size > 0) if max(number, width) > 0 else 1
    return max(1.0, 10.0 ** (math.floor(math.log10(least)) - 1))
