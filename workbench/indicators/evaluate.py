"""Evaluation of a declared indicator: its formula, applied to the observations that it names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas

from workbench.declarations.codelists import members
from workbench.declarations.indicators import Count, Indicators, Ratio, Share
from workbench.indicators import formulas

Observe = Callable[[str, Mapping], pandas.DataFrame]
"""Gives the observations of a dataset for filters: ``observe("demo_gind", {"geo": "LT", "time": "2022"})``."""

EU27 = "EU27_2020"


@dataclass(frozen=True)
class Evaluator:
    """Evaluates indicators, base and derived.

    Parameters
    ----------
    indicators : Indicators
        The declarations.
    observe : callable
        Where observations come from; the evaluator itself touches no file.
    """

    indicators: Indicators
    observe: Observe

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
        if isinstance(declared, Count):
            filters = {**declared.where, **breakdown, "geo": geo, "time": time}
            observations = self.observe(declared.dataset, filters)
            return formulas.count(observations, indicator, declared.unit, fixed=tuple(declared.where))
        if isinstance(declared, Ratio):
            numerator = self.results(declared.numerator, geo, time, breakdown)
            denominator = self.results(declared.denominator, geo, time)
            return formulas.ratio(numerator, denominator, indicator, declared.unit, declared.per)
        return self._share(indicator, declared, geo, time)

    def _share(self, indicator: str, declared: Share, geo, time) -> pandas.DataFrame:
        whole = self.results(declared.of, geo, time)
        if declared.excluding:
            whole = formulas.less(whole, [self.results(declared.of, geo, time, declared.excluding)])
        part = self.results(declared.of, geo, time, declared.part)
        # The part is what the indicator is defined by, no breakdown of it.
        return formulas.share(part, whole, indicator, declared.unit).assign(breakdown="")

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
