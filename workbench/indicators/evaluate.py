"""Evaluation of a declared indicator: its formula, applied to the observations that it names."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy
import pandas

from workbench.data.observations import Columns
from workbench.data.text_columns import with_text
from workbench.declarations.codelists import code_list, members
from workbench.declarations.indicators import (
    Concentration,
    Count,
    CountSource,
    Difference,
    Dissimilarity,
    Gain,
    Indicators,
    KnownShare,
    MonthShares,
    Quality,
    Ratio,
    Share,
)
from workbench.indicators import contributions, formulas, mix, seasons
from workbench.model.errors import InvalidDeclaration
from workbench.model.periods import months_to, periods_of, shift, year_of, year_to
from workbench.model.types import TOTALS

Observe = Callable[[str, Mapping], Columns]
"""Gives the observations of a dataset for filters: ``observe("demo_gind", {"geo": "LT", "time": "2022"})``."""

Choose = Callable[[str, tuple[CountSource, ...], Mapping], CountSource]
"""Says which of the datasets that publish an indicator, with a breakdown, is read: all its series come from one."""

EU27 = "EU27_2020"
EVERY, UNKNOWN = "*", "UNK"


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
    observe : callable
        Where observations come from; the evaluator itself touches no file.
    choose : callable
        Which dataset is read where several publish the same.
    scope : Scope
        What is evaluated at once. It changes no result.
    """

    indicators: Indicators
    observe: Observe
    choose: Choose
    scope: Scope = Scope()
    _known: dict = field(default_factory=dict, init=False, repr=False, compare=False)
    _whole: dict = field(default_factory=dict, init=False, repr=False, compare=False)
    _mixes: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def results(
        self, indicator: str, geo: Sequence[str], time: Sequence[str], breakdown: Mapping | None = None
    ) -> pandas.DataFrame:
        """Results of an indicator, one row for each country, code of the breakdown and time.

        Parameters
        ----------
        indicator : str
            A declared id, or one with a suffix of the declared derivations.
        geo, time : sequence of str
            Reporting countries or aggregates, and periods.
        breakdown : mapping, optional
            Dimension to code, codes, or ``"*"`` for every single one; the total over each dimension that is not named.

        Returns
        -------
        DataFrame
            With the columns of `workbench.model.types.RESULT_COLUMNS`.
        """
        # A study asks for the same again and again, by itself and for what is derived from it.
        asked = (indicator, tuple(geo), tuple(time), repr(breakdown or {}))
        if asked not in self._known:
            self._known[asked] = self._evaluated(indicator, geo, time, breakdown or {})
        # A copy only once it is written to: pandas copies on write.
        return self._known[asked].copy(deep=False)

    def _evaluated(self, indicator: str, geo, time, breakdown) -> pandas.DataFrame:
        base, suffix = self.indicators.split(indicator)
        if suffix:
            unit = self.indicators.unit(indicator)
            return _DERIVED[suffix](self, indicator, base, unit, list(geo), list(time), breakdown)
        if self.scope.holds(geo, time) and self._is_small(base, breakdown):
            return self._part_of_scope(base, geo, time, breakdown)
        return self._base(base, geo, time, breakdown)

    def _is_small(self, indicator: str, breakdown: Mapping) -> bool:
        """Whether an indicator is computed from a few named codes, place by place."""
        declared = self.indicators.declared(indicator)
        if isinstance(declared, Concentration | Dissimilarity | KnownShare | MonthShares | Quality):
            return False
        counts = map(self.indicators.declared, self.indicators.counts(indicator))
        added_up = [codes for count in counts for source in count.sources for codes in source.over.values()]
        return not any(EVERY in codes for codes in (*added_up, *breakdown.values()))

    def _part_of_scope(self, indicator: str, geo, time, breakdown) -> pandas.DataFrame:
        key = indicator, repr(breakdown)
        if key not in self._whole:
            self._whole[key] = _Whole.of(self._base(indicator, self.scope.geo, self.scope.time, breakdown), self.scope)
        return self._whole[key].part(geo, time)

    def _base(self, indicator: str, geo, time, breakdown) -> pandas.DataFrame:
        declared = self.indicators.declared(indicator)
        match declared:
            case Count():
                counts = self._count(indicator, declared, geo, time, breakdown)
                return formulas.not_applicable_before(declared.since, counts) if declared.since else counts
            case Difference():
                minuend, subtrahend = self._terms(declared, geo, time, breakdown)
                return formulas.difference(minuend, subtrahend, indicator, declared.unit)
            case Gain():
                stocks = self.results(declared.of, geo, time, breakdown)
                a_year_on = self.results(declared.of, geo, [shift(year, 1) for year in time], breakdown)
                return formulas.gained(stocks, a_year_on, indicator, declared.unit)
            case Ratio():
                return self._ratio(indicator, declared, geo, time, breakdown)
            case Share():
                return self._share(indicator, declared, geo, time, breakdown)
            case Concentration() | Dissimilarity():
                return self._of_the_mix(indicator, declared, geo, time)
            case KnownShare():
                parts, totals = (
                    self.results(declared.of, geo, time, {declared.over: code}) for code in (EVERY, TOTALS[0])
                )
                return mix.known_share(parts, totals, indicator, declared.unit)
            case MonthShares():
                return self._month_shares(indicator, declared, geo, time)
            case Quality():
                raise InvalidDeclaration(
                    f"{indicator} measures the data, not a country",
                    expected="an indicator that is computed from observations",
                    hint="take it from study.quality",
                )

    def _count(self, indicator: str, declared: Count, geo, time, breakdown) -> pandas.DataFrame:
        source = self.choose(indicator, declared.sources, breakdown)
        added_up = {dimension: codes for dimension, codes in source.over.items() if dimension not in breakdown}
        years = {period: year for year in time for period in periods_of(year, source.year)}
        filters = {**source.where, **added_up, **breakdown, "geo": geo, "time": list(years)}
        observations = self.observe(source.dataset, filters)
        if added_up and not len(observations["value"]):
            # A vintage that has none of the codes has no sum of them either: a gap for each place and period.
            totals = self.observe(source.dataset, {**filters, **dict.fromkeys(added_up, TOTALS[0])})
            observations = formulas.without_values(totals)
        without_zeros = [dimension for dimension in source.zeros_left_out if dimension in filters]
        if without_zeros:
            all_codes = {axis: _all_codes(axis, source.over.get(axis, ())) for axis in without_zeros}
            everything = {**filters, **all_codes}
            reported = observations if everything == filters else self.observe(source.dataset, everything)
            asked_for = [axis for axis in without_zeros if axis not in source.where]
            observations = formulas.with_zeros(observations, reported, asked_for)
        counts = formulas.count(observations, indicator, declared.unit, fixed={*source.where, *added_up} - {*breakdown})
        if not added_up and list(years) == list(time):
            return counts
        if any(EVERY in codes for codes in added_up.values()):
            counts = formulas.zeros_for_certain(counts)
        of_years = formulas.added(with_text(counts, time=counts["time"].map(years)))
        if source.year != "last month":
            return of_years
        # From one December to the next the series may break in any month.
        months = {month: year for year in time for month in periods_of(year, "sum of months")}
        of_months = self._count(indicator, declared, geo, [*months], breakdown)
        of_months = with_text(of_months, time=of_months["time"].map(months))
        return formulas.broken(of_years, of_months, ("geo", "breakdown", "time"))

    def _terms(self, declared: Difference, geo, time, breakdown) -> list[pandas.DataFrame]:
        """Minuend and subtrahend, from two datasets that were published together where any were."""
        terms = declared.minuend, declared.subtrahend
        if not declared.published_together:
            return [self.results(term, geo, time, breakdown) for term in terms]
        pair = self._published_together(terms, declared.published_together, breakdown)
        counts = [_only(self.indicators.declared(term), [dataset]) for term, dataset in zip(terms, pair)]
        return [self._count(term, count, geo, time, breakdown) for term, count in zip(terms, counts)]

    def _published_together(self, terms, pairs: Sequence[tuple[str, str]], breakdown) -> tuple[str, str]:
        """The first of some pairs of datasets of which each has its term; the last that is left where none has both."""
        chosen = []
        for term, datasets in zip(terms, zip(*pairs)):
            source = self.choose(term, _only(self.indicators.declared(term), datasets).sources, breakdown)
            chosen.append(datasets.index(source.dataset))
        # No pair before the later of the two has both.
        return (
            pairs[chosen[0]]
            if len({*chosen}) == 1
            else self._published_together(terms, pairs[max(chosen) :], breakdown)
        )

    def _ratio(self, indicator: str, declared: Ratio, geo, time, breakdown) -> pandas.DataFrame:
        numerator = self.results(declared.numerator, geo, time, breakdown)
        if declared.denominator_of == "period":
            denominator = self.results(declared.denominator, geo, time)
            return formulas.ratio(numerator, denominator, indicator, declared.unit, declared.per)
        denominator = self.results(declared.denominator, geo, list(dict.fromkeys(period[:4] for period in time)))
        of_years = with_text(numerator, year=[time[:4] for time in numerator["time"]])
        denominator = denominator.drop(columns="time").assign(year=denominator["time"])
        return formulas.ratio(of_years, denominator, indicator, declared.unit, declared.per, on=("geo", "year"))

    def _share(self, indicator: str, declared: Share, geo, time, breakdown) -> pandas.DataFrame:
        if declared.part == declared.of:
            return self._share_total(indicator, declared.of, declared.unit, geo, time, breakdown)
        if isinstance(declared.part, str):
            part = self.results(declared.part, geo, time, breakdown)
            whole = self.results(declared.of, geo, time, breakdown)
            return formulas.share(part, whole, indicator, declared.unit, ("geo", "breakdown", "time"))
        whole = self.results(declared.of, geo, time)
        if declared.excluding:
            whole = formulas.less(whole, [self.results(declared.of, geo, time, declared.excluding)])
        part = self.results(declared.of, geo, time, declared.part)
        # The part is what the indicator is defined by, no breakdown of it.
        return with_text(formulas.share(part, whole, indicator, declared.unit), breakdown="")

    def _of_the_mix(self, indicator: str, declared: Concentration | Dissimilarity, geo, time) -> pandas.DataFrame:
        def shares(places):
            return self._shares_of_known(declared.of, tuple(places), tuple(time), declared.over)

        match declared.formula:
            case "dissimilarity":
                return mix.dissimilarity(shares(geo), shares([EU27]), indicator, declared.unit)
            case "herfindahl-hirschman":
                return mix.herfindahl_hirschman(shares(geo), indicator, declared.unit)
            case "share of the five largest":
                return mix.share_of_the_largest(shares(geo), indicator, declared.unit)

    def _shares_of_known(self, indicator: str, geo: tuple, time: tuple, over: str) -> pandas.DataFrame:
        """The mix that several indicators are functions of; computed once for all that are asked for together."""
        key = indicator, geo, time, over
        if key not in self._mixes:
            parts, total, unknown = (
                self.results(indicator, geo, time, {over: code}) for code in (EVERY, TOTALS[0], UNKNOWN)
            )
            self._mixes[key] = mix.shares_of_known(parts, total, unknown)
        return self._mixes[key]

    def whole(self, indicator: str, geo: Sequence[str], time: Sequence[str], over: str) -> pandas.DataFrame:
        """The totals over a dimension, read from where its parts are read; added up where that vintage publishes none."""
        published = self.results(indicator, geo, time, {over: TOTALS[0]})
        if published["value"].notna().all():
            return published
        return formulas.or_added(published, self.results(indicator, geo, time, {over: (EVERY, UNKNOWN)}))

    def _month_shares(self, indicator: str, declared: MonthShares, geo, time) -> pandas.DataFrame:
        of_each = [(year, self.results(declared.of, geo, months_to(year, declared.years))) for year in time]
        return pandas.concat(
            [seasons.month_shares(counts, year, indicator, declared.unit) for year, counts in of_each],
            ignore_index=True,
        )

    def _change(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        return formulas.change(*self._now_and_before(base, geo, time, breakdown), indicator, unit)

    def _change_pp(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        return formulas.change_in_points(*self._now_and_before(base, geo, time, breakdown), indicator, unit)

    def _now_and_before(self, base, geo, time, breakdown) -> tuple[pandas.DataFrame, pandas.DataFrame]:
        before = [shift(period, -1) for period in time]
        both = self.results(base, geo, list(dict.fromkeys([*time, *before])), breakdown)
        return both[both["time"].isin(time)], both[both["time"].isin(before)]

    def _change_on_year(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        spans = {period: year_to(period) for period in time}
        needed = sorted({period for span in spans.values() for period in span})
        series = self.results(base, geo, needed, breakdown)
        changes = [formulas.change_on_year(series, span, indicator, unit) for span in spans.values()]
        return pandas.concat(changes, ignore_index=True)

    def _of_members(self, base, geo, time, breakdown) -> pandas.DataFrame:
        """The indicator for every Member State: never for an aggregate, which is not a member."""
        return self.results(base, members(EU27, year_of(time[0])), time, breakdown)

    def _rank(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        ranked = formulas.rank(self._of_members(base, geo, time, breakdown), indicator, unit)
        own = ranked[ranked["geo"].isin(geo)]
        return self._with_others(own, indicator, base, unit, geo, time, breakdown)

    def _ranked(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        return formulas.number_ranked(self._of_members(base, geo, time, breakdown), indicator, EU27, unit)

    def _share_eu(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        # The union's own published figure, not a sum over members: a member may be missing.
        union = self.results(base, [EU27], time, breakdown)
        parts = self.results(base, self._members_among(geo, time), time, breakdown)
        shares = formulas.share(parts, union, indicator, unit, ("time", "breakdown"))
        return self._with_others(shares, indicator, base, unit, geo, time, breakdown)

    def _sum(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        return formulas.sum_of_available(self._of_members(base, geo, time, breakdown), indicator, EU27, unit)

    def _share_sum(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        whole = self._sum(f"{base}_sum_eu27", base, self.indicators.unit(base), geo, time, breakdown)
        parts = self.results(base, self._members_among(geo, time), time, breakdown)
        shares = formulas.share(parts, whole, indicator, unit, ("time", "breakdown"))
        return self._with_others(shares, indicator, base, unit, geo, time, breakdown)

    def _of_change_eu(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        union = self._now_and_before(base, [EU27], time, breakdown)
        parts = self._now_and_before(base, self._members_among(geo, time), time, breakdown)
        made = contributions.of_change(parts, union, indicator, unit)
        return self._with_others(made, indicator, base, unit, geo, time, breakdown)

    def _share_members(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        # A sum over the members, so missing where one of them is.
        of_members = self._of_members(base, geo, time, breakdown)
        together = formulas.added(with_text(of_members, geo=EU27))
        parts = of_members[of_members["geo"].isin(geo)]
        shares = formulas.share(parts, together, indicator, unit, ("time", "breakdown"))
        return self._with_others(shares, indicator, base, unit, geo, time, breakdown)

    def _less_eu(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        union = self.results(base, [EU27], time, breakdown)
        return formulas.difference(
            self.results(base, geo, time, breakdown), union, indicator, unit, ("breakdown", "time")
        )

    def _members_among(self, geo, time) -> list[str]:
        return [code for code in geo if code in members(EU27, year_of(time[0]))]

    def _with_others(self, of_members, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        """The Member States among the countries, and what one that is none has instead of a place among them."""
        others = [code for code in geo if code not in self._members_among(geo, time)]
        if not others:
            return of_members.reset_index(drop=True)
        results = self.results(base, others, time, breakdown)
        return pandas.concat([of_members, formulas.not_applicable(results, indicator, unit)], ignore_index=True)

    def _share_total(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        return formulas.share(self.results(base, geo, time, breakdown), self.results(base, geo, time), indicator, unit)


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


def _only(count: Count, datasets: Sequence[str]) -> Count:
    """A count from some of its datasets."""
    return count.model_copy(update={"sources": tuple(source for source in count.sources if source.dataset in datasets)})


def _positions(whole: Sequence[str], part: Sequence[str]) -> numpy.ndarray:
    """Where each of the whole stands in the part; −1 where it does not."""
    position = {name: index for index, name in reversed(list(enumerate(part)))}
    return numpy.array([position.get(name, -1) for name in whole])


def _all_codes(dimension: str, added_up: tuple[str, ...]) -> tuple[str, ...]:
    """What stands for every code of a dimension, unknown among them where there can be; what is added up, if that is all."""
    if EVERY in added_up:
        return added_up
    return (EVERY, UNKNOWN) if UNKNOWN in code_list(dimension).codes else (EVERY,)


_DERIVED = {
    "_change_pct": Evaluator._change,
    "_change_on_year_pct": Evaluator._change_on_year,
    "_change_pp": Evaluator._change_pp,
    "_rank_eu27": Evaluator._rank,
    "_ranked_eu27": Evaluator._ranked,
    "_share_eu27_pct": Evaluator._share_eu,
    "_sum_eu27": Evaluator._sum,
    "_share_sum_eu27_pct": Evaluator._share_sum,
    "_of_change_eu27_pct": Evaluator._of_change_eu,
    "_share_members_pct": Evaluator._share_members,
    "_share_pct": Evaluator._share_total,
    "_less_eu27_pp": Evaluator._less_eu,
}
