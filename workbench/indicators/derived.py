"""What is derived from any indicator by a suffix: its change, its rank among the Member States, its share of the EU-27."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas

from workbench.data.text_columns import with_text
from workbench.declarations.codelists import members, visa_issuing_states
from workbench.indicators import contributions, formulas
from workbench.indicators.asked import EU27, SCHENGEN, Breakdown
from workbench.model.periods import shift, year_of, year_to

if TYPE_CHECKING:
    from workbench.indicators.evaluate import Evaluator


@dataclass(frozen=True)
class Derived:
    """An indicator that is derived from ``base``, with its place, time and breakdown; see `workbench.indicators.asked.Asked`."""

    evaluator: "Evaluator"
    indicator: str
    base: str
    unit: str
    geo: Sequence[str]
    time: Sequence[str]
    breakdown: Breakdown

    def change(self) -> pandas.DataFrame:
        return formulas.change(*self._now_and_before(self.geo), self.indicator, self.unit)

    def change_in_points(self) -> pandas.DataFrame:
        return formulas.change_in_points(*self._now_and_before(self.geo), self.indicator, self.unit)

    def change_on_year(self) -> pandas.DataFrame:
        spans = {period: year_to(period) for period in self.time}
        needed = sorted({period for span in spans.values() for period in span})
        series = self._of_base(self.geo, needed)
        changes = [formulas.change_on_year(series, span, self.indicator, self.unit) for span in spans.values()]
        return pandas.concat(changes, ignore_index=True)

    def rank(self) -> pandas.DataFrame:
        return self._rank_in(EU27)

    def rank_in_schengen(self) -> pandas.DataFrame:
        return self._rank_in(SCHENGEN)

    def number_ranked(self) -> pandas.DataFrame:
        return self._number_ranked_in(EU27)

    def number_ranked_in_schengen(self) -> pandas.DataFrame:
        return self._number_ranked_in(SCHENGEN)

    def share_of_union(self) -> pandas.DataFrame:
        # The Union's own published figure, not a sum over members: a member may be missing.
        return self._with_others(self._share_in(self._of_base([EU27]), self._of_base(self._members_asked)), EU27)

    def sum_of_members(self) -> pandas.DataFrame:
        return formulas.sum_of_available(self._of_base(self._states_of(EU27)), self.indicator, EU27, self.unit)

    def share_of_sum(self) -> pandas.DataFrame:
        of_members, unit = self._of_base(self._states_of(EU27)), self.evaluator.indicators.unit(self.base)
        whole = formulas.sum_of_available(of_members, f"{self.base}_sum_eu27", EU27, unit)
        return self._with_others(self._share_in(whole, self._of_base(self._members_asked)), EU27)

    def share_of_members(self) -> pandas.DataFrame:
        # A sum over the members, so missing where one of them is.
        of_members = self._of_base(self._states_of(EU27))
        whole = formulas.added(with_text(of_members, geo=EU27))
        return self._with_others(self._share_in(whole, of_members[of_members["geo"].isin(self.geo)]), EU27)

    def part_of_change(self) -> pandas.DataFrame:
        parts, union = self._now_and_before(self._members_asked), self._now_and_before([EU27])
        return self._with_others(contributions.of_change(parts, union, self.indicator, self.unit), EU27)

    def share_of_total(self) -> pandas.DataFrame:
        total = self.evaluator.results(self.base, self.geo, self.time)
        return formulas.share(self._of_base(self.geo), total, self.indicator, self.unit)

    def less_union(self) -> pandas.DataFrame:
        return self._less(EU27)

    def less_schengen(self) -> pandas.DataFrame:
        return self._less(SCHENGEN)

    def share_of_schengen(self) -> pandas.DataFrame:
        return self._share_in(self._of_base([SCHENGEN]), self._of_base(self.geo))

    def in_per_cent_of_2019(self) -> pandas.DataFrame:
        """The last year before the pandemic, which years after it are compared with."""
        base = self._of_base(self.geo, ["2019"])
        of_each_time = [with_text(base, time=time) for time in self.time]
        own, base = self._of_base(self.geo), pandas.concat(of_each_time, ignore_index=True)
        return formulas.ratio(own, base, self.indicator, self.unit, 100, on=("geo", "breakdown", "time"))

    def _of_base(self, geo: Sequence[str], time: Sequence[str] = ()) -> pandas.DataFrame:
        return self.evaluator.results(self.base, geo, time or self.time, self.breakdown)

    def _now_and_before(self, geo: Sequence[str]) -> tuple[pandas.DataFrame, pandas.DataFrame]:
        before = [shift(period, -1) for period in self.time]
        both = self._of_base(geo, list(dict.fromkeys([*self.time, *before])))
        return both[both["time"].isin(self.time)], both[both["time"].isin(before)]

    def _share_in(self, whole: pandas.DataFrame, parts: pandas.DataFrame) -> pandas.DataFrame:
        return formulas.share(parts, whole, self.indicator, self.unit, ("time", "breakdown"))

    def _rank_in(self, aggregate: str) -> pandas.DataFrame:
        ranked = formulas.rank(self._comparable(aggregate), self.indicator, self.unit)
        return self._with_others(ranked[ranked["geo"].isin(self.geo)], aggregate)

    def _number_ranked_in(self, aggregate: str) -> pandas.DataFrame:
        return formulas.number_ranked(self._comparable(aggregate), self.indicator, aggregate, self.unit)

    def _less(self, aggregate: str) -> pandas.DataFrame:
        own, whole = self._of_base(self.geo), self._of_base([aggregate])
        return formulas.difference(own, whole, self.indicator, self.unit, ("breakdown", "time"))

    def _comparable(self, aggregate: str) -> pandas.DataFrame:
        """The numbers of the States of an aggregate that can be ranked: of a sample, those that are reliable."""
        of_states = self._of_base(self._states_of(aggregate))
        return formulas.only_reliable(of_states) if self.evaluator.indicators.is_of_a_sample(self.base) else of_states

    def _states_of(self, aggregate: str) -> list[str]:
        """The States of an aggregate, never an aggregate themselves: of the Union, or those that issue Schengen visas. Of one
        that does not issue them yet there are none, and it is not ranked."""
        years = list(map(year_of, self.time))
        return list(visa_issuing_states(max(years)) if aggregate == SCHENGEN else members(aggregate, years[0]))

    @property
    def _members_asked(self) -> list[str]:
        return [code for code in self.geo if code in self._states_of(EU27)]

    def _with_others(self, of_states: pandas.DataFrame, aggregate: str) -> pandas.DataFrame:
        """The States among the countries; and for one that is none of the aggregate, that this does not apply to it."""
        others = [code for code in self.geo if code not in self._states_of(aggregate)]
        if not others:
            return of_states.reset_index(drop=True)
        not_applicable = formulas.not_applicable(self._of_base(others), self.indicator, self.unit)
        return pandas.concat([of_states, not_applicable], ignore_index=True)


DERIVED: Mapping[str, Callable[[Derived], pandas.DataFrame]] = {
    "_change_pct": Derived.change,
    "_change_on_year_pct": Derived.change_on_year,
    "_change_pp": Derived.change_in_points,
    "_rank_eu27": Derived.rank,
    "_ranked_eu27": Derived.number_ranked,
    "_share_eu27_pct": Derived.share_of_union,
    "_sum_eu27": Derived.sum_of_members,
    "_share_sum_eu27_pct": Derived.share_of_sum,
    "_of_change_eu27_pct": Derived.part_of_change,
    "_share_members_pct": Derived.share_of_members,
    "_share_pct": Derived.share_of_total,
    "_less_eu27_pp": Derived.less_union,
    "_rank_schengen": Derived.rank_in_schengen,
    "_ranked_schengen": Derived.number_ranked_in_schengen,
    "_share_schengen_pct": Derived.share_of_schengen,
    "_less_schengen_pp": Derived.less_schengen,
    "_of_2019_pct": Derived.in_per_cent_of_2019,
}
"""How each suffix is computed."""
