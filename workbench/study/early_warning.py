"""The early-warning board: which series left the band in which their own past would have them, and how often that was false."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from workbench.indicators.results import Results
from workbench.methods.control_charts import cusum, decision_interval, ewma, ewma_width
from workbench.methods.expected_counts import ExpectedCounts, expected_counts
from workbench.methods.proportions import clopper_pearson, garwood
from workbench.methods.refusal import ThinData
from workbench.methods.run_lengths import ewma_limit
from workbench.methods.surveillance import TrackRecord, injected, quiet_periods, real_rises, track_record
from workbench.model.periods import in_a_year
from workbench.model.types import OTHER, Result
from workbench.study.availability import from_first_available
from workbench.study.estimates import estimate
from workbench.study.reader import Reader

LEVEL = 99
"""The band holds a period with this probability, in per cent, if nothing has changed: half of the rest lies beyond either bound."""

RUN_LENGTH = 500
"""Of the CUSUM and the EWMA: the mean number of periods until a false alarm, if a series only followed its pattern."""

HALF_A_DEVIATION = 0.5
"""The reference value of the CUSUM: it is made for a lasting shift by one standard deviation."""

SMOOTHING = 0.25

_SCALE = 2


@dataclass(frozen=True)
class Watched:
    """A series on the board: what it held in its last period, what was expected of it, and how the chart did before.

    Attributes
    ----------
    observed : Results
        The series, from its first number to its last in the reference year.
    expected : Results
        For each of its periods with enough history: what was expected from what had been before, with the band.
    alarms : tuple of str
        The periods that stood above the band, whatever rounding hides.
    last : Results
        The row on the board: the last number, what was expected, how far it is from that, in how many periods of the year the
        series stood above its band, and how near the sum of its deviations is to a slow rise.
    record : Results
        The row on how the chart did: quiet periods and false alarms, rises and delay.
    charts : dict
        How this chart and two others did on the same history: ``BAND``, ``CUSUM`` and ``EWMA``.
    is_below : bool
        Whether the last number lies below the band.
    """

    observed: Results
    expected: Results
    alarms: tuple[str, ...]
    last: Results
    record: Results
    charts: dict[str, TrackRecord]
    is_below: bool

    @property
    def number(self) -> Result:
        """The last number."""
        return self.observed[-1]

    @property
    def usual(self) -> Result:
        """What was expected of the last period, with its band."""
        return self.expected[-1]

    @property
    def is_above(self) -> bool:
        """Whether the last number lies above the band."""
        return self.number.time in self.alarms

    @property
    def since(self) -> str:
        """The first period of those without a break up to the last one that stood above the band."""
        not_above = [at for at, result in enumerate(self.observed) if result.time not in self.alarms]
        return self.observed[max(not_above, default=-1) + 1].time

    @property
    def of_the_year(self) -> tuple[str, ...]:
        """The periods of the reference year that stood above the band."""
        return tuple(time for time in self.alarms if time[:4] == self.number.time[:4])

    @property
    def first_alarm(self) -> tuple[Result, Result]:
        """The number of the first of these, and what was expected of it."""
        return self.observed.one(time=self.of_the_year[0]), self.expected.one(time=self.of_the_year[0])

    @property
    def to_tell(self) -> tuple[Result, Result]:
        """A number and what was expected of it: of the first alarm of the year, where that did not last; else the last."""
        return self.first_alarm if self.of_the_year and not self.is_above else (self.number, self.usual)

    @property
    def drawn(self) -> tuple[Results, Results, tuple[str, ...]]:
        """What to draw of it: the numbers, what was expected of them, and the alarms, of at most six years.

        They begin after the last period before the reference year whose band reached beyond twice all that the year holds:
        it would set the scale, and the year would lie on the floor of the figure.
        """
        year = self.number.time[:4]
        most = _SCALE * max(
            *(result.value for result in self.observed if result.time >= year and result.is_available),
            *(band.high for band in self.expected if band.time >= year),
        )
        earliest = str(int(year) - 5)
        too_wide = [band.time for band in self.expected if band.time < year and band.high > most]

        def is_drawn(time: str) -> bool:
            return time >= earliest and time > max(too_wide, default="")

        observed, expected = (Results(r for r in of if is_drawn(r.time)) for of in (self.observed, self.expected))
        return observed, expected, tuple(filter(is_drawn, self.alarms))

    @property
    def number_of_alarms(self) -> Result:
        """How many these are."""
        return next(result for result in self.last if result.indicator.endswith("_alarms_in_year"))

    @property
    def margin(self) -> float:
        """How far the last number is from what was expected: 100 at the edge of the band, negative below."""
        return next(result.value for result in self.last if result.indicator.endswith("_margin_pct"))


@dataclass(frozen=True)
class Board:
    """The series of one kind that are watched, the farthest above its band first.

    Attributes
    ----------
    watched : tuple of Watched
        Those with enough history and a number of the reference year.
    thin : tuple of Results
        Those with a number of the reference year, but too short a history.
    """

    watched: tuple[Watched, ...]
    thin: tuple[Results, ...]

    @property
    def has_citizenships(self) -> bool:
        """Whether any of those watched is of a citizenship."""
        return any("citizen" in each.number.codes for each in self.watched)

    @property
    def begins(self) -> str:
        """The first period that those with too short a history have; empty without such."""
        return min((series[0].time for series in self.thin), default="")

    @cached_property
    def above(self) -> tuple[Watched, ...]:
        """Those above their band."""
        return tuple(each for each in self.watched if each.is_above)

    @cached_property
    def earlier(self) -> tuple[Watched, ...]:
        """Those that stood above their band in the year, but do so no longer: those with most alarms first."""
        found = (each for each in self.watched if each.of_the_year and not each.is_above)
        return tuple(sorted(found, key=lambda each: -len(each.of_the_year)))

    @cached_property
    def foremost(self) -> Watched:
        """The series to look at first."""
        return (*self.above, *self.earlier, *self.watched)[0]

    @cached_property
    def below(self) -> tuple[Watched, ...]:
        """Those below their band, the farthest first."""
        return tuple(each for each in reversed(self.watched) if each.is_below)

    @cached_property
    def last(self) -> Results:
        """The board as a table: a row for each series."""
        return Results(result for each in self.watched for result in each.last)

    @cached_property
    def record(self) -> Results:
        """How the chart did before, a row for each series."""
        return Results(result for each in self.watched for result in each.record)


def early_warning_board(study: Reader, results: Iterable[Result]) -> Board:
    """Judge the last number of each series in the reference year by the years before it.

    Parameters
    ----------
    study : Reader
        Whose reference year it is.
    results : iterable of Result
        Counts of months or quarters, of one or several series: of one indicator, place and breakdown each. Series that have no
        number in the reference year are left out.
    """
    watched, thin = [], []
    for series in _series(results):
        observed = _until_the_last_number(series)
        if not observed or observed[-1].time[:4] != str(study.year):
            continue
        expected = _expected(observed)
        if expected is None:
            thin.append(observed)
        else:
            watched.append(_watch(study, observed, expected))
    return Board(tuple(sorted(watched, key=lambda each: -each.margin)), tuple(thin))


def charts_compared(study: Reader, board: Board) -> Results:
    """How three charts did on the history of all series of a board together: a row for each chart.

    Of one kind of series, for months and quarters have other rates of alarms; and of the vintage that most of them are of.
    """
    if not board.watched:
        return Results()
    ((vintage, _),) = Counter(each.number.vintage for each in board.watched).most_common(1)
    watched = [each for each in board.watched if each.number.vintage == vintage]
    basis = [each.number for each in watched]
    per_year = in_a_year(basis[0].time)
    found = []
    for chart in ("BAND", "CUSUM", "EWMA"):
        records = [each.charts[chart] for each in watched]
        quiet, rises = sum(record.quiet for record in records), sum(record.rises for record in records)
        false_alarms, noticed = (sum(getattr(r, name) for r in records) for name in ("false_alarms", "noticed"))
        delays = [delay * 12 / per_year for record in records for delay in record.delays]
        told = {
            "_chart_false_alarms": _rate(false_alarms, quiet / per_year),
            "_chart_noticed_pct": _share(noticed, rises),
            "_chart_delay": (float(np.mean(delays)),) if delays else (),
        }
        found += [
            estimate(study, basis[0].indicator + suffix, basis, *numbers, breakdown=f"chart={chart}", flags="")
            for suffix, numbers in told.items()
            if numbers
        ]
    return Results(found)


def _rate(events: int, years: float) -> tuple[float, ...]:
    """Events a year, with the exact interval; nothing of no years."""
    low, high = garwood(events)
    return (events / years, float(low) / years, float(high) / years) if years else ()


def _share(events: int, of: int) -> tuple[float, ...]:
    """Events in per cent, with the exact interval; nothing of none."""
    low, high = clopper_pearson(events, of)
    return (100 * events / of, 100 * float(low), 100 * float(high)) if of else ()


def largest_citizenships(by_year: Iterable[Result], year: int, most: int = 8) -> list[str]:
    """The citizenships to watch: those that are largest in the reference year, and those that were in the years before it.

    A citizenship of which few came lately, and many before, is watched as well: it may come back.

    Parameters
    ----------
    by_year : iterable of Result
        Counts by ``citizen`` of some years.
    year : int
        The reference year.
    most : int
        How many of either.
    """
    now: dict[str, float] = {}
    before: dict[str, float] = {}
    for result in by_year:
        if result.is_available and result.value > 0 and result.code("citizen") != OTHER:
            held = now if result.time[:4] == str(year) else before
            held[result.code("citizen")] = held.get(result.code("citizen"), 0.0) + result.value
    named = [code for held in (now, before) for code in sorted(held, key=lambda code: (-held[code], code))[:most]]
    return list(dict.fromkeys(named))


def _series(results: Iterable[Result]) -> list[list[Result]]:
    found: dict[tuple[str, str, str], list[Result]] = {}
    for result in results:
        found.setdefault((result.indicator, result.geo, result.breakdown), []).append(result)
    return [sorted(series, key=lambda result: result.time) for series in found.values()]


def _until_the_last_number(series: Sequence[Result]) -> Results:
    begun = from_first_available(Results(series))
    last = max((at for at, result in enumerate(begun) if result.is_available), default=-1)
    return Results(begun[: last + 1])


def _expected(observed: Results) -> ExpectedCounts | None:
    """What is expected of each period; None where the last one has too short a past."""
    values = [result.value for result in observed]
    try:
        expected = expected_counts(values, in_a_year(observed[-1].time), alpha=(1 - LEVEL / 100) / 2)
    except ThinData:
        return None
    return None if np.isnan(expected.mean[-1]) else expected


def _watch(study: Reader, observed: Results, expected: ExpectedCounts) -> Watched:
    """The last number beside what was expected of it. It is an alarm where it lies above the band whatever rounding hides."""
    last, per_year = observed[-1], in_a_year(observed[-1].time)
    value, low, high = (np.array([getattr(result, end) for result in observed]) for end in ("value", "low", "high"))
    sums = cusum(expected.deviates(value), HALF_A_DEVIATION, _decision_interval())
    averages = ewma(expected.deviates(value), SMOOTHING)
    alarms = {
        "BAND": low > expected.upper,
        "CUSUM": sums >= _decision_interval(),
        "EWMA": averages > ewma_limit(SMOOTHING, _ewma_width()),
    }
    is_judged = ~np.isnan(expected.mean) & ~np.isnan(value)
    rises = real_rises(value, per_year)
    charts = {name: track_record(given, is_judged, rises, per_year) for name, given in alarms.items()}
    doubled = injected(low, expected, expected.mean, quiet_periods(is_judged, rises), per_year // 4)
    alarmed = [observed[at] for at in np.flatnonzero(alarms["BAND"])]
    bands = Results(_band(study, observed[at], expected, int(at)) for at in np.flatnonzero(is_judged))
    return Watched(
        observed=observed,
        expected=bands,
        alarms=tuple(result.time for result in alarmed),
        last=Results((
            last,
            bands[-1],
            _distance(study, last, expected),
            _about_last(study, last, "_alarms_in_year", sum(result.time[:4] == last.time[:4] for result in alarmed)),
            _about_last(study, last, "_slow_rise_pct", 100 * float(sums[-1]) / _decision_interval()),
        )),
        record=_record(study, last, charts["BAND"], doubled.noticed_pct),
        charts=charts,
        is_below=bool(high[-1] < expected.lower[-1]),
    )  # fmt: skip


@cache
def _decision_interval() -> float:
    return decision_interval(HALF_A_DEVIATION, RUN_LENGTH)


@cache
def _ewma_width() -> float:
    # Of a chart with two limits, of which one alone is watched.
    return ewma_width(SMOOTHING, RUN_LENGTH / 2)


def _band(study: Reader, result: Result, expected: ExpectedCounts, at: int) -> Result:
    """What was expected of a period, with its band, which holds the expected number by its make for all but tiny ones."""
    mean = float(expected.mean[at])
    return estimate(
        study,
        f"{result.indicator}_expected",
        [result],
        mean,
        min(mean, float(expected.lower[at])),
        max(mean, float(expected.upper[at])),
        geo=result.geo,
        time=result.time,
        breakdown=";".join(sorted(filter(None, [*result.breakdown.split(";"), f"level={LEVEL}"]))),
        flags="",
    )


def _distance(study: Reader, result: Result, expected: ExpectedCounts) -> Result:
    """How far a number is from what was expected, in per cent of the distance to the first that lies beyond the band."""
    mean = float(expected.mean[-1])
    first_above, first_below = float(expected.upper[-1]) + 1, float(expected.lower[-1]) - 1

    def distance(number: float) -> float:
        return 100 * (number - mean) / (first_above - mean if number >= mean else mean - first_below)

    ends = (distance(number) for number in (result.value, result.low, result.high))
    return _about_last(study, result, "_margin_pct", *ends)


def _record(study: Reader, last: Result, record: TrackRecord, doubling_noticed: float) -> Results:
    """How the band did before: its false alarms, real rises and its delay; and how surely it notices a doubling. What there was
    no occasion for is left out."""
    delay = float(np.mean(record.delays)) * 12 / in_a_year(last.time) if record.delays else np.nan
    return Results(
        _about_last(study, last, suffix, value)
        for suffix, value in (
            ("_quiet_periods", record.quiet),
            ("_false_alarms", record.false_alarms),
            ("_real_rises", record.rises),
            ("_rises_noticed", record.noticed),
            ("_alarm_delay", delay),
            ("_doubling_noticed_pct", doubling_noticed),
        )
        if not np.isnan(value)
    )


def _about_last(study: Reader, last: Result, suffix: str, value: float, *ends: float) -> Result:
    """An estimate on a series, at its last period."""
    return estimate(
        study,
        last.indicator + suffix,
        [last],
        value,
        *ends,
        geo=last.geo,
        time=last.time,
        breakdown=last.breakdown,
        flags="",
    )
