"""Evaluation of a declared indicator: its formula, applied to the observations that it names."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy
import pandas

from workbench.data.observations import EVERY, Columns, Parts
from workbench.declarations.indicators import CountSource, Indicators
from workbench.indicators.asked import Asked, Breakdown
from workbench.indicators.derived import DERIVED, Derived
from workbench.indicators.formulas import or_added
from workbench.indicators.kinds import compute, not_evaluated
from workbench.indicators.mix import shares_of_known
from workbench.model.types import TOTALS, UNKNOWN

Observe = Callable[[str, Mapping], Columns]
"""Gives the observations of a dataset for filters: ``observe("demo_gind", {"geo": "LT", "time": "2022"})``."""

ObserveParts = Callable[[str, Mapping, Collection[str]], Parts]
"""Gives the observations of a dataset for filters that are added up over some of its dimensions."""

Choose = Callable[[str, tuple[CountSource, ...], Mapping], CountSource]
"""Says which of the datasets that publish an indicator, with a breakdown, is read: all its series come from one."""


@dataclass(frozen=True)
class Scope:
    """The places and times that a study asks about, by parts, again and again: what is small is evaluated for all at once."""

    geo: tuple[str, ...] = ()
    time: tuple[str, ...] = ()

    def holds(self, geo: Iterable[str], time: Iterable[str]) -> bool:
        """Whether it holds all of these places and times."""
        return set(geo) <= set(self.geo) and set(time) <= set(self.time)


@dataclass(frozen=True)
class Evaluator:
    """Evaluates indicators, base and derived.

    Parameters
    ----------
    indicators : Indicators
        The declarations.
    observe, observe_parts : callable
        Where observations come from, and those that are added up; the evaluator itself touches no file.
    choose : callable
        Which dataset is read where several publish the same.
    scope : Scope
        What is evaluated at once. It changes no result.
    """

    indicators: Indicators
    observe: Observe
    observe_parts: ObserveParts
    choose: Choose
    scope: Scope = Scope()
    _known: dict = field(default_factory=dict, init=False, repr=False, compare=False)
    _whole: dict = field(default_factory=dict, init=False, repr=False, compare=False)
    _mixes: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def results(
        self, indicator: str, geo: Sequence[str], time: Sequence[str], breakdown: Breakdown | None = None
    ) -> pandas.DataFrame:
        """Results of an indicator, one row for each country, code of the breakdown and time.

        Parameters
        ----------
        indicator : str
            A declared id, or one with a suffix of the declared derivations.
        geo, time : sequence of str
            Reporting countries or aggregates, and periods.
        breakdown : Breakdown, optional
            Dimension to code, codes, or ``"*"`` for every single one; the total over each dimension that is not named.

        Returns
        -------
        DataFrame
            With the columns of `workbench.model.types.RESULT_COLUMNS`.
        """
        # A study asks for the same again and again, by itself and for what is derived from it.
        key = indicator, tuple(geo), tuple(time), repr(breakdown or {})
        if key not in self._known:
            self._known[key] = self._evaluated(Asked(indicator, geo, time, breakdown or {}))
        # A copy only once it is written to: pandas copies on write.
        return self._known[key].copy(deep=False)

    def of(self, indicator: str, asked: Asked) -> pandas.DataFrame:
        """Results of another indicator, for the countries, periods and breakdown that are asked for."""
        return self.results(indicator, asked.geo, asked.time, asked.breakdown)

    def _evaluated(self, asked: Asked) -> pandas.DataFrame:
        base, suffix = self.indicators.split(asked.indicator)
        if suffix and suffix not in DERIVED:
            raise not_evaluated(asked.indicator)
        if suffix:
            unit = self.indicators.unit(asked.indicator)
            return DERIVED[suffix](
                Derived(self, asked.indicator, base, unit, list(asked.geo), list(asked.time), asked.breakdown)
            )
        if self.scope.holds(asked.geo, asked.time) and self._is_small(base, asked.breakdown):
            return self._part_of_scope(asked)
        return self._computed(asked)

    def _computed(self, asked: Asked) -> pandas.DataFrame:
        return compute(self.indicators.declared(asked.indicator), self, asked)

    def _is_small(self, indicator: str, breakdown: Breakdown) -> bool:
        """Whether an indicator is computed from a few named codes, place by place."""
        if self.indicators.declared(indicator).is_costly:
            return False
        counts = map(self.indicators.count, self.indicators.counts(indicator))
        added_up = [codes for count in counts for source in count.sources for codes in source.over.values()]
        return not any(EVERY in codes for codes in (*added_up, *breakdown.values()))

    def _part_of_scope(self, asked: Asked) -> pandas.DataFrame:
        key = asked.indicator, repr(asked.breakdown)
        if key not in self._whole:
            of_scope = self._computed(replace(asked, geo=self.scope.geo, time=self.scope.time))
            self._whole[key] = _Whole.of(of_scope, self.scope)
        return self._whole[key].part(asked.geo, asked.time)

    def mix(self, indicator: str, geo: Sequence[str], time: Sequence[str], over: str) -> pandas.DataFrame:
        """The share of each known code of a dimension, which several indicators are functions of; computed once for them."""
        key = indicator, tuple(geo), tuple(time), over
        if key not in self._mixes:
            parts, total, unknown = (
                self.results(indicator, geo, time, {over: code}) for code in (EVERY, TOTALS[0], UNKNOWN)
            )
            self._mixes[key] = shares_of_known(parts, total, unknown)
        return self._mixes[key]

    def whole(self, indicator: str, geo: Sequence[str], time: Sequence[str], over: str) -> pandas.DataFrame:
        """The totals over a dimension, read from where its parts are read; added up where that vintage publishes none."""
        published = self.results(indicator, geo, time, {over: TOTALS[0]})
        if published["value"].notna().all():
            return published
        return or_added(published, self.results(indicator, geo, time, {over: (EVERY, UNKNOWN)}))


@dataclass(frozen=True)
class _Whole:
    """Results for all of a scope, and where the place, time and code of each row stand in their order."""

    results: pandas.DataFrame
    scope: Scope
    places: numpy.ndarray
    times: numpy.ndarray
    codes: numpy.ndarray

    @classmethod
    def of(cls, results: pandas.DataFrame, scope: Scope) -> "_Whole":
        places = pandas.Index(scope.geo).get_indexer(results["geo"])
        times = pandas.Index(scope.time).get_indexer(results["time"])
        return cls(results, scope, places, times, pandas.factorize(results["breakdown"])[0])

    def part(self, geo: Sequence[str], time: Sequence[str]) -> pandas.DataFrame:
        """The results of some places and times, in their order: code by code, place by place, time by time."""
        by_place, by_time = _positions(self.scope.geo, geo)[self.places], _positions(self.scope.time, time)[self.times]
        (kept,) = numpy.nonzero((by_place >= 0) & (by_time >= 0))
        order = numpy.lexsort((by_time[kept], by_place[kept], self.codes[kept]))
        return self.results.iloc[kept[order]].reset_index(drop=True)


def _positions(whole: Sequence[str], part: Sequence[str]) -> numpy.ndarray:
    """Where each of the whole stands in the part; −1 where it does not."""
    position = {name: index for index, name in reversed(list(enumerate(part)))}
    return numpy.array([position.get(name, -1) for name in whole])
