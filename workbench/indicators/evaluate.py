"""Evaluation of a declared indicator: its formula, applied to the observations that it names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas

from workbench.declarations.codelists import members
from workbench.declarations.indicators import (
    Concentration,
    Count,
    CountSource,
    Difference,
    Dissimilarity,
    Indicators,
    Ratio,
    Share,
)
from workbench.indicators import formulas

Observe = Callable[[str, Mapping], pandas.DataFrame]
"""Gives the observations of a dataset for filters: ``observe("demo_gind", {"geo": "LT", "time": "2022"})``."""

Choose = Callable[[str, tuple[CountSource, ...], Mapping], CountSource]
"""Says which of the datasets that publish an indicator, with a breakdown, is read: all its series come from one."""

EU27 = "EU27_2020"
EVERY, UNKNOWN = "*", "UNK"


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
    """

    indicators: Indicators
    observe: Observe
    choose: Choose

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
            With the columns of `workbench.model.words.RESULT_COLUMNS`.
        """
        base, suffix = self.indicators.split(indicator)
        if not suffix:
            return self._base(base, geo, time, breakdown or {})
        unit = self.indicators.unit(indicator)
        return _DERIVED[suffix](self, indicator, base, unit, list(geo), list(time), breakdown or {})

    def _base(self, indicator: str, geo, time, breakdown) -> pandas.DataFrame:
        declared = self.indicators.declared(indicator)
        match declared:
            case Count():
                return self._count(indicator, declared, geo, time, breakdown)
            case Difference():
                minuend = self.results(declared.minuend, geo, time, breakdown)
                subtrahend = self.results(declared.subtrahend, geo, time, breakdown)
                return formulas.difference(minuend, subtrahend, indicator, declared.unit)
            case Ratio():
                return self._ratio(indicator, declared, geo, time, breakdown)
            case Share():
                return self._share(indicator, declared, geo, time, breakdown)
            case Concentration() | Dissimilarity():
                return self._of_the_mix(indicator, declared, geo, time)

    def _count(self, indicator: str, declared: Count, geo, time, breakdown) -> pandas.DataFrame:
        source = self.choose(indicator, declared.sources, breakdown)
        added_up = {dimension: codes for dimension, codes in source.over.items() if dimension not in breakdown}
        years = {period: year for year in time for period in formulas.periods_of(year, source.year)}
        filters = {**source.where, **added_up, **breakdown, "geo": geo, "time": list(years)}
        observations = self.observe(source.dataset, filters)
        counts = formulas.count(observations, indicator, declared.unit, fixed={*source.where, *added_up} - {*breakdown})
        without_zeros = [dimension for dimension in source.zeros_left_out if dimension in filters]
        if without_zeros:
            all_codes = {dimension: source.over.get(dimension, (EVERY, UNKNOWN)) for dimension in without_zeros}
            reported = self.observe(source.dataset, {**filters, **all_codes})
            counts = formulas.with_zeros(counts, reported)
        if not added_up and list(years) == list(time):
            return counts
        return formulas.added(counts.assign(time=counts["time"].map(years)))

    def _ratio(self, indicator: str, declared: Ratio, geo, time, breakdown) -> pandas.DataFrame:
        numerator = self.results(declared.numerator, geo, time, breakdown)
        if declared.denominator_of == "period":
            denominator = self.results(declared.denominator, geo, time)
            return formulas.ratio(numerator, denominator, indicator, declared.unit, declared.per)
        denominator = self.results(declared.denominator, geo, list(dict.fromkeys(period[:4] for period in time)))
        of_years = numerator.assign(year=numerator["time"].str[:4])
        denominator = denominator.drop(columns="time").assign(year=denominator["time"])
        return formulas.ratio(of_years, denominator, indicator, declared.unit, declared.per, on=("geo", "year"))

    def _share(self, indicator: str, declared: Share, geo, time, breakdown) -> pandas.DataFrame:
        if isinstance(declared.part, str):
            part = self.results(declared.part, geo, time, breakdown)
            whole = self.results(declared.of, geo, time, breakdown)
            return formulas.share(part, whole, indicator, declared.unit, ("geo", "breakdown", "time"))
        whole = self.results(declared.of, geo, time)
        if declared.excluding:
            whole = formulas.less(whole, [self.results(declared.of, geo, time, declared.excluding)])
        part = self.results(declared.of, geo, time, declared.part)
        # The part is what the indicator is defined by, no breakdown of it.
        return formulas.share(part, whole, indicator, declared.unit).assign(breakdown="")

    def _of_the_mix(self, indicator: str, declared: Concentration | Dissimilarity, geo, time) -> pandas.DataFrame:
        def mix(places):
            parts = self.results(declared.of, places, time, {declared.over: EVERY})
            unknown = self.results(declared.of, places, time, {declared.over: UNKNOWN})
            return formulas.shares_of_known(parts, self.results(declared.of, places, time), unknown)

        if isinstance(declared, Dissimilarity):
            return formulas.dissimilarity(mix(geo), mix([EU27]), indicator, declared.unit)
        return formulas.concentration(mix(geo), indicator, declared.unit, declared.formula)

    def _change(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        now = self.results(base, geo, time, breakdown)
        before = self.results(base, geo, [formulas.shifted(period, -1) for period in time], breakdown)
        return formulas.change(now, before, indicator, unit)

    def _of_members(self, base, geo, time, breakdown) -> pandas.DataFrame:
        """The indicator for every Member State: never for an aggregate, which is no member."""
        return self.results(base, members(EU27, int(time[0][:4])), time, breakdown)

    def _rank(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        ranked = formulas.rank(self._of_members(base, geo, time, breakdown), indicator, unit)
        others = self._not_applicable(indicator, base, unit, geo, time, breakdown)
        return pandas.concat([ranked[ranked["geo"].isin(geo)], others], ignore_index=True)

    def _ranked(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        return formulas.number_ranked(self._of_members(base, geo, time, breakdown), indicator, EU27, unit)

    def _share_eu(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        # The union's own published figure, not a sum over members: a member may be missing.
        union = self.results(base, [EU27], time, breakdown)
        parts = self.results(base, self._members_among(geo, time), time, breakdown)
        shares = formulas.share(parts, union, indicator, unit, ("time", "breakdown"))
        others = self._not_applicable(indicator, base, unit, geo, time, breakdown)
        return pandas.concat([shares, others], ignore_index=True)

    def _members_among(self, geo, time) -> list[str]:
        return [code for code in geo if code in members(EU27, int(time[0][:4]))]

    def _not_applicable(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        """What a country that is no Member State has instead of a place among them."""
        others = [code for code in geo if code not in self._members_among(geo, time)]
        results = self.results(base, others, time, breakdown)
        return formulas.not_applicable(results, indicator, unit)

    def _share_total(self, indicator, base, unit, geo, time, breakdown) -> pandas.DataFrame:
        return formulas.share(self.results(base, geo, time, breakdown), self.results(base, geo, time), indicator, unit)


_DERIVED = {
    "_change_pct": Evaluator._change,
    "_rank_eu27": Evaluator._rank,
    "_ranked_eu27": Evaluator._ranked,
    "_share_eu27_pct": Evaluator._share_eu,
    "_share_pct": Evaluator._share_total,
}
