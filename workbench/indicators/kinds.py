"""The kinds of formula: how each is computed from observations, or from the results of the indicators that it names."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import singledispatch
from typing import TYPE_CHECKING

import numpy
import pandas
from msgspec import structs

from workbench.data.observations import EVERY, Columns
from workbench.data.text_columns import with_text
from workbench.declarations.codelists import NAMED, code_list
from workbench.declarations.indicators import (
    Count,
    CountSource,
    Difference,
    Dissimilarity,
    Estimate,
    ExpectedRate,
    Formula,
    GainOverThePeriod,
    GainOverTheYear,
    GroupGap,
    HerfindahlHirschman,
    KnownShare,
    MonthShares,
    NumberOfParts,
    Quality,
    Ratio,
    Share,
    ShareOfTheFiveLargest,
)
from workbench.indicators import formulas, mix, seasons
from workbench.indicators.asked import EU27, Asked, Breakdown
from workbench.model.errors import InvalidDeclaration
from workbench.model.periods import months_to, periods_of, shift
from workbench.model.types import TOTALS, UNKNOWN

if TYPE_CHECKING:
    from workbench.indicators.evaluate import Evaluator


@singledispatch
def compute(declared: Formula, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    """Compute an indicator by its formula. Each kind of formula registers a function.

    Parameters
    ----------
    declared : Formula
        The declaration of the indicator.
    evaluator : Evaluator
        Gives the results of the indicators that the formula names.
    asked : Asked
        The indicator, with its places, times and breakdown.
    """
    raise NotImplementedError(f"no function computes the formula {declared.formula}")


@compute.register(Count)
def _count(declared: Count, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    counts = _counted(declared, evaluator, asked)
    return formulas.not_applicable_before(declared.since, counts) if declared.since else counts


@compute.register(Difference)
def _difference(declared: Difference, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    minuend, subtrahend = _terms(declared, evaluator, asked)
    return formulas.difference(minuend, subtrahend, asked.indicator, declared.unit)


@compute.register(GroupGap)
def _group_gap(declared: GroupGap, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    rates = evaluator.of(declared.of, asked)
    of_reference = evaluator.of(declared.of, replace(asked, breakdown={**asked.breakdown, **declared.less}))
    return formulas.gap(rates, of_reference, declared.less, asked.indicator, declared.unit)


@compute.register(GainOverThePeriod)
def _gain_over_period(declared: GainOverThePeriod, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    before = evaluator.of(declared.of, replace(asked, time=[shift(period, -1) for period in asked.time]))
    stocks = evaluator.of(declared.of, asked)
    gains = formulas.gained(before, stocks, asked.indicator, declared.unit)
    return with_text(gains, time=[shift(period, 1) for period in gains["time"]])


@compute.register(GainOverTheYear)
def _gain_over_year(declared: GainOverTheYear, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    stocks = evaluator.of(declared.of, asked)
    a_year_on = evaluator.of(declared.of, replace(asked, time=[shift(year, 1) for year in asked.time]))
    return formulas.gained(stocks, a_year_on, asked.indicator, declared.unit)


@compute.register(Ratio)
def _ratio(declared: Ratio, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    numerator = evaluator.of(declared.numerator, asked)
    if declared.denominator_of == "period":
        denominator = evaluator.results(declared.denominator, asked.geo, asked.time)
        return formulas.ratio(numerator, denominator, asked.indicator, declared.unit, declared.per)
    years = list(dict.fromkeys(period[:4] for period in asked.time))
    denominator = evaluator.results(declared.denominator, asked.geo, years)
    of_years = with_text(numerator, year=[time[:4] for time in numerator["time"]])
    denominator = denominator.drop(columns="time").assign(year=denominator["time"])
    return formulas.ratio(of_years, denominator, asked.indicator, declared.unit, declared.per, on=("geo", "year"))


@compute.register(Share)
def _share(declared: Share, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    if declared.part == declared.of:
        part, whole = evaluator.of(declared.of, asked), evaluator.results(declared.of, asked.geo, asked.time)
        return formulas.share(part, whole, asked.indicator, declared.unit)
    if isinstance(declared.part, str):
        part, whole = evaluator.of(declared.part, asked), evaluator.of(declared.of, asked)
        return formulas.share(part, whole, asked.indicator, declared.unit, ("geo", "breakdown", "time"))
    whole = evaluator.results(declared.of, asked.geo, asked.time)
    if declared.excluding:
        whole = formulas.less(whole, [evaluator.of(declared.of, replace(asked, breakdown=declared.excluding))])
    part = evaluator.of(declared.of, replace(asked, breakdown=declared.part))
    # The part defines the indicator; it is not a breakdown.
    return with_text(formulas.share(part, whole, asked.indicator, declared.unit), breakdown="")


@compute.register(HerfindahlHirschman)
def _herfindahl_hirschman(declared: HerfindahlHirschman, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    shares = evaluator.mix(declared.of, asked.geo, asked.time, declared.over)
    return mix.herfindahl_hirschman(shares, asked.indicator, declared.unit)


@compute.register(ShareOfTheFiveLargest)
def _share_of_five(declared: ShareOfTheFiveLargest, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    shares = evaluator.mix(declared.of, asked.geo, asked.time, declared.over)
    return mix.share_of_the_largest(shares, asked.indicator, declared.unit)


@compute.register(Dissimilarity)
def _dissimilarity(declared: Dissimilarity, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    own, union = (evaluator.mix(declared.of, geo, asked.time, declared.over) for geo in (asked.geo, [EU27]))
    return mix.dissimilarity(own, union, asked.indicator, declared.unit)


@compute.register(KnownShare)
def _known_share(declared: KnownShare, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    parts, totals = (
        evaluator.of(declared.of, replace(asked, breakdown={declared.over: code})) for code in (EVERY, TOTALS[0])
    )
    return mix.known_share(parts, totals, asked.indicator, declared.unit)


@compute.register(ExpectedRate)
def _expected_rate(declared: ExpectedRate, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    by_code = {declared.over: EVERY}
    own = evaluator.results(declared.of, asked.geo, asked.time, by_code)
    part, whole = (evaluator.results(term, [declared.standard], asked.time, by_code) for term in declared.terms)
    return mix.expected_rate(own, part, whole, asked.indicator, declared.unit)


@compute.register(NumberOfParts)
def _number_of_parts(declared: NumberOfParts, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    parts = evaluator.of(declared.of, replace(asked, breakdown={declared.over: EVERY}))
    return mix.number_of_parts(parts, asked.indicator, declared.unit)


@compute.register(MonthShares)
def _month_shares(declared: MonthShares, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    months = {year: months_to(year, declared.years) for year in asked.time}
    of_each = {year: evaluator.results(declared.of, asked.geo, of_year) for year, of_year in months.items()}
    return pandas.concat(
        [seasons.month_shares(counts, year, asked.indicator, declared.unit) for year, counts in of_each.items()],
        ignore_index=True,
    )


@compute.register(Quality)
def _quality(declared: Quality, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    raise InvalidDeclaration(
        f"{asked.indicator} measures the data, not a country",
        expected="an indicator that is computed from observations",
        hint="take it from study.quality",
    )


@compute.register(Estimate)
def _estimated(declared: Estimate, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    raise not_evaluated(asked.indicator)


def not_evaluated(indicator: str) -> InvalidDeclaration:
    """The error that says that an indicator is estimated by a method."""
    return InvalidDeclaration(
        f"{indicator} is estimated by a method, and no formula evaluates it",
        expected="an indicator that is computed from observations",
        hint="take it from the module of workbench.study that estimates it",
    )


def _counted(declared: Count, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    """Observations of the dataset that is chosen for a count: as they are, or added up over codes and to years."""
    source = evaluator.choose(asked.indicator, declared.sources, asked.breakdown)
    if source.whole not in asked.geo:
        return _counted_from(source, declared, evaluator, asked)
    places = [geo for geo in asked.geo if geo != source.whole]
    of_each = [_counted_from(source, declared, evaluator, replace(asked, geo=places))] if places else []
    together = _counted_from(source, declared, evaluator, replace(asked, geo=[EVERY]))
    return pandas.concat([*of_each, together], ignore_index=True)


def _counted_from(source: CountSource, declared: Count, evaluator: "Evaluator", asked: Asked) -> pandas.DataFrame:
    """Of one dataset, for places; or, where every place is asked for, for the whole that they are together."""
    added_up = {axis: codes for axis, codes in source.over.items() if axis not in asked.breakdown}
    if asked.geo == [EVERY]:
        added_up["geo"] = (EVERY,)
    # Every code, of which those that are not there are zero: only what is there is added up.
    sparse = [axis for axis, codes in added_up.items() if EVERY in codes and axis in (*source.zeros_left_out, "geo")]
    years = _years_of_periods(source, declared, asked)
    filters = {**source.where, **added_up, **asked.breakdown, "geo": asked.geo, "time": list(years)}
    observations = _observed(source, evaluator, filters, sparse)
    if added_up and not len(observations["value"]):
        # A vintage without any of the codes has no sum either: a gap for each place and period.
        total = {**filters, **{axis: TOTALS[0] for axis in added_up if axis not in sparse}}
        observations = formulas.without_values(_observed(source, evaluator, total, sparse))
    observations = _with_zeros(source, evaluator, filters, sparse, observations)
    fixed = {*source.where, *added_up} - {*asked.breakdown}
    counts = formulas.count(observations, asked.indicator, declared.unit, fixed=fixed)
    is_as_asked = list(years) == list(asked.time)
    if not added_up and is_as_asked:
        return counts
    if any(EVERY in codes for codes in added_up.values()):
        counts = formulas.zeros_for_certain(counts)
    of_years = formulas.added(with_text(counts, time=counts["time"].map(years)))
    is_of_last_month = source.year == "last month" and not is_as_asked
    return _broken_by_month(declared, evaluator, asked, of_years) if is_of_last_month else of_years


def _observed(source: CountSource, evaluator: "Evaluator", filters: Mapping, sparse: Collection[str]) -> Columns:
    """Observations; sums of them over the dimensions of which only what is there is read."""
    if not sparse:
        return evaluator.observe(source.dataset, filters)
    sums = formulas.sums_of(evaluator.observe_parts(source.dataset, filters, sparse))
    return _in_place(source, sums)


def _in_place(source: CountSource, sums: Columns) -> Columns:
    """Sums with their place, which is the whole where places are added up too."""
    return sums if "geo" in sums else {"geo": numpy.full(len(sums["value"]), source.whole, dtype=object), **sums}


def _with_zeros(
    source: CountSource, evaluator: "Evaluator", filters: Mapping, sparse: Collection[str], observations: Columns
) -> Columns:
    """Observations with the zeros that the dataset leaves out, of what is reported."""
    left_out = [axis for axis in source.zeros_left_out if axis in filters]
    if not left_out:
        return observations
    everything = {**filters, **{axis: _all_codes(axis, source.over.get(axis, ())) for axis in left_out}}
    over_all = {*left_out, *sparse}
    of_any_code = evaluator.observe_parts(source.dataset, everything, over_all)
    reported = _in_place(source, formulas.reported_by(of_any_code))
    beside = [axis for axis in _dimensions(observations) if axis not in (*over_all, "geo")]
    if sparse:
        observations = formulas.of_reported(observations, reported, beside)
    codes = {axis: of_any_code.codes[axis] for axis in left_out if axis not in (*source.where, *sparse)}
    return formulas.with_zeros(observations, reported, codes, beside)


def _dimensions(observations: Columns) -> list[str]:
    names = list(observations)
    return names[: names.index("time")]


def _years_of_periods(source: CountSource, declared: Count, asked: Asked) -> dict[str, str]:
    """Each period that is counted, with what was asked for: itself, or the year that it is a part of."""
    pairs = [(period, year) for year in asked.time for period in _counted_of(year, source, declared.since)]
    years = dict(pairs)
    if len(years) < len({*pairs}):
        raise InvalidDeclaration(
            f"{asked.indicator} is asked for of a year and of a part of it at once",
            expected="years, or their months or quarters",
            found=", ".join(asked.time),
            hint="ask for each by itself: the part would be missing from the year",
        )
    return years


def _counted_of(time: str, source: CountSource, since: str | None) -> list[str]:
    """The periods that a year is made of; of the first year those in which there was anything to count."""
    periods = periods_of(time, source.year)
    return [period for period in periods if period == time or not since or period >= since] or periods


def _broken_by_month(
    declared: Count, evaluator: "Evaluator", asked: Asked, of_years: pandas.DataFrame
) -> pandas.DataFrame:
    """Years that are the last of their months: from one December to the next the series may break in any month."""
    months = {month: year for year in asked.time for month in periods_of(year, "sum of months")}
    of_months = _counted(declared, evaluator, replace(asked, time=list(months)))
    of_months = with_text(of_months, time=of_months["time"].map(months))
    return formulas.broken(of_years, of_months, ("geo", "breakdown", "time"))


def _all_codes(dimension: str, added_up: tuple[str, ...]) -> tuple[str, ...]:
    """Every code of a dimension, unknown among them where there can be; the codes that are added up, if those are all."""
    if EVERY in added_up:
        return added_up
    has_unknown = dimension not in NAMED and UNKNOWN in code_list(dimension).codes
    return (EVERY, UNKNOWN) if has_unknown else (EVERY,)


def _terms(declared: Difference, evaluator: "Evaluator", asked: Asked) -> list[pandas.DataFrame]:
    """Minuend and subtrahend, from two datasets that were published together where any were."""
    if not declared.published_together:
        return [evaluator.of(term, asked) for term in declared.terms]
    counts = [evaluator.indicators.count(term) for term in declared.terms]
    pair = _published_together(declared, counts, evaluator, asked.breakdown)
    return [
        _counted(_only(count, [dataset]), evaluator, replace(asked, indicator=term))
        for term, count, dataset in zip(declared.terms, counts, pair)
    ]


def _published_together(
    declared: Difference, counts: Sequence[Count], evaluator: "Evaluator", breakdown: Breakdown
) -> tuple[str, str]:
    """The first of the pairs of datasets of which each has its term; the last that is left where none has both."""
    pairs = declared.published_together
    while True:
        chosen = []
        for term, count, datasets in zip(declared.terms, counts, zip(*pairs)):
            source = evaluator.choose(term, _only(count, datasets).sources, breakdown)
            chosen.append(datasets.index(source.dataset))
        if len({*chosen}) == 1:
            return pairs[chosen[0]]
        # No pair before the later of the two has both.
        pairs = pairs[max(chosen) :]


def _only(count: Count, datasets: Sequence[str]) -> Count:
    """A count from some of its datasets."""
    sources: tuple[CountSource, ...] = tuple(source for source in count.sources if source.dataset in datasets)
    return structs.replace(count, sources=sources)
