"""What lies behind a rate: the mix of citizenships that is decided on, and how often each of them is granted protection.

By Eurostat's count or by UNHCR's, each under its own names; the two are never mixed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeGuard

import numpy
import pandas
from numpy.typing import NDArray

from workbench.indicators.asked import EU27
from workbench.indicators.formulas import MINIMUM_DENOMINATOR
from workbench.indicators.results import Results
from workbench.methods.decomposition import (
    Components,
    against_standard,
    effect_of_mix,
    effect_of_rates,
    kitagawa,
    stratum_by_mix,
    stratum_by_mix_of_standard,
    stratum_by_rates,
    stratum_by_rates_of_standard,
)
from workbench.methods.funnel import LEVELS, binomial_limits, is_outside, overdispersion, widened_limits
from workbench.methods.refusal import ThinData
from workbench.methods.rounding import Bounds, formula_bounds, ratio_bounds, weighted_mean_bounds
from workbench.methods.standardisation import (
    direct,
    observed_less_expected,
    shrunken,
    standardised_ratio,
    weighted_rate,
    without_each,
)
from workbench.model.types import CARRIED_OVER, OTHER, UNKNOWN, Result
from workbench.study.estimates import estimate
from workbench.study.reader import Reader

FEW = MINIMUM_DENOMINATOR
"""A citizenship of fewer decisions has no rate that could be compared."""

FEWEST_DECISIONS = 100
"""A place of fewer is compared with no other: one family more or less would move it."""

NAMED = 6
"""So many citizenships are named one by one."""

MOST_BOXES = 1
"""Bounds are certain after the first box; of a hundred citizenships they are hardly narrower after more."""

WIDE = 10.0
"""A component that rounding leaves open by so many percentage points is not told."""


@dataclass(frozen=True)
class Counted:
    """The indicators of one provider: what is granted, of which decisions by citizenship and in all, the rate, and what is
    estimated of it."""

    events: str
    trials: str
    decisions: str
    rate: str
    expected: str
    standardised: str
    of_members: str | None = None


EUROSTAT = Counted(
    "first_instance_positive",
    "first_instance_decisions",
    "first_instance_decisions_over_citizenships",
    "recognition_rate_over_citizenships_pct",
    "expected_recognition_rate_pct",
    "standardised_recognition_rate_pct",
)
UNHCR = Counted(
    "unhcr_decisions_protection",
    "unhcr_decisions_on_substance",
    "unhcr_decisions_on_substance",
    "unhcr_protection_rate_pct",
    "unhcr_expected_protection_rate_pct",
    "unhcr_standardised_protection_rate_pct",
    "unhcr_protection_rate_members_pct",
)


@dataclass(frozen=True)
class Mix:
    """Decisions by citizenship, of one place and year.

    Attributes
    ----------
    counted : Counted
        By whose count.
    geo, time : str
        Of which place and year.
    strata : DataFrame
        By citizenship, of those with decisions: ``events`` and ``trials``, each with ``_low`` and ``_high``.
    results : Results
        What it was made of, as far as it holds anything.
    """

    counted: Counted
    geo: str
    time: str
    strata: pandas.DataFrame
    results: Results

    @property
    def events(self) -> NDArray:
        return self.strata["events"].to_numpy(float)

    @property
    def trials(self) -> NDArray:
        return self.strata["trials"].to_numpy(float)

    @property
    def decisions(self) -> float:
        return float(self.trials.sum())

    @property
    def rate(self) -> float:
        return float(self.events.sum()) / self.decisions

    @property
    def rates(self) -> NDArray:
        """Events by trials; NaN without any."""
        return numpy.divide(
            self.events, self.trials, out=numpy.full(len(self.trials), numpy.nan), where=self.trials > 0
        )

    @property
    def source(self) -> dict[str, str]:
        """Dataset and vintage, for what is asked beside it."""
        return {"dataset": self.results[0].dataset, "vintage": self.results[0].vintage}

    def bounds(self, column: str) -> Bounds:
        return self.strata[f"{column}_low"].to_numpy(float), self.strata[f"{column}_high"].to_numpy(float)

    def one_and_others(self, at: int) -> list[Bounds]:
        """Bounds of events and trials of one citizenship, and then of all the others together."""
        bounds = [self.bounds(column) for column in ("events", "trials")]
        one = [(low[[at]], high[[at]]) for low, high in bounds]
        others = [(low.sum() - own_low, high.sum() - own_high) for (low, high), (own_low, own_high) in zip(bounds, one)]
        return [*one, *others]

    @property
    def rate_bounds(self) -> Bounds:
        """Of the rate of each citizenship: it is never above one."""
        low, high = ratio_bounds(self.bounds("events"), self.bounds("trials"))
        return numpy.minimum(low, 1.0), numpy.minimum(high, 1.0)

    def by(self, citizenships: Sequence[str] | pandas.Index) -> "Mix":
        """By these citizenships, in this order; nought where there is none."""
        return Mix(self.counted, self.geo, self.time, self.strata.reindex(citizenships).fillna(0.0), self.results)

    def estimate(
        self,
        study: Reader,
        indicator: str,
        value: float,
        bounds: tuple[float, float] | None = None,
        breakdown: str = "",
    ) -> Result:
        """An estimate made of it."""
        low, high = bounds or (value, value)
        first = {result.indicator: result for result in self.results}
        # A bound that is reached may differ from the value by the last digit of a float.
        ends = min(low, value), max(high, value)
        return estimate(
            study, indicator, first.values(), value, *ends, geo=self.geo, time=self.time, breakdown=breakdown, flags=""
        )


def mixes(
    study: Reader, counted: Counted, geo: Sequence[str], time: str, where: Mapping[str, str] | None = None
) -> dict[str, Mix]:
    """Decisions by citizenship of each place that has any in a year.

    Parameters
    ----------
    study : Reader
        The study that reads them.
    counted : Counted
        By whose count.
    geo : sequence of str
        Places.
    time : str
        A year.
    where : mapping, optional
        Dataset and vintage.
    """
    citizenships = [study.every] if counted is EUROSTAT else [study.every, UNKNOWN]
    found = study.results(counted.events, counted.trials, geo=geo, time=time, citizen=citizenships, **(where or {}))
    held: dict[str, list[Result]] = {place: [] for place in geo}
    for result in found:
        # A year that repeats the one before was not counted.
        if result.is_available and result.value > 0 and CARRIED_OVER not in result.flags:
            held[result.geo].append(result)
    # A rate of nought is one: events may be missing, decisions not.
    return {
        place: _mix(counted, place, time, results)
        for place, results in held.items()
        if any(result.indicator == counted.trials for result in results)
    }


def _mix(counted: Counted, geo: str, time: str, results: list[Result]) -> Mix:
    """What rounds to nought is taken as nought, as in every sum over citizenships."""
    names = {counted.events: "events", counted.trials: "trials"}
    columns: dict[str, dict[str, float]] = {
        f"{name}{end}": {} for name in names.values() for end in ("", "_low", "_high")
    }
    for result in results:
        for end, value in zip(("", "_low", "_high"), (result.value, result.low, result.high)):
            columns[names[result.indicator] + end][result.code("citizen")] = value
    strata = pandas.DataFrame(columns).fillna(0.0).sort_index()
    return Mix(counted, geo, time, strata[strata["trials"] > 0], Results(results))


def members_together(of_members: Mapping[str, Mix]) -> Mix | None:
    """The Member States as one, where nobody publishes their sum."""
    if not of_members:
        return None
    first, *_ = of_members.values()
    strata = pandas.concat([mix.strata for mix in of_members.values()]).groupby(level=0).sum()
    return Mix(first.counted, EU27, first.time, strata, first.results)


# The gap to the Union


@dataclass(frozen=True)
class Gap:
    """What the difference of a country's rate from that of the Union is made of.

    Attributes
    ----------
    observed, union : Result
        The two rates.
    expected : Result
        The rate that the country would have with the Union's rate for each citizenship.
    standardised, by_chance : Result or None
        The rate that it would have with the Union's mix, with what rounding and what chance leave open of it; None where too little
        of that has a rate here.
    covered : Result
        How much of the Union's mix has one.
    by_mix, by_rates : Result
        The two components of the gap.
    per_100 : Result
        Grants for a hundred expected.
    contributions : Results
        Both components by citizenship: those that make most of the gap by their rates, and the others together.
    grants, grants_expected : Results
        By citizenship.
    likely : Results
        The rate of each citizenship that is named, drawn towards the Union's the more the fewer decisions it is of; none where the
        citizenships are too few, or too much like the Union's, to tell how far rates lie apart.
    without : Result
        Grants for a hundred expected, without the citizenship that moves them most.
    """

    observed: Result
    union: Result
    expected: Result
    standardised: Result | None
    by_chance: Result | None
    covered: Result
    by_mix: Result
    by_rates: Result
    per_100: Result
    contributions: Results
    grants: Results
    grants_expected: Results
    likely: Results
    without: Result


def gap_to_union(study: Reader, own: Mix, union: Mix) -> Gap:
    """Decompose the gap of a country to the Union, by indirect standardisation.

    The mix of a small country has few of the Union's citizenships; the Union has nearly all of the country's.
    """
    counted, trials = own.counted, own.bounds("trials")
    standard, bounds = _standard(own, union)
    expected, ends = weighted_rate(standard, own.trials), weighted_mean_bounds(bounds, trials)
    of_union = _rate_of_union(study, union)
    less_union = (ends[0] * 100 - of_union.high, ends[1] * 100 - of_union.low)
    by_mix = own.estimate(study, f"{counted.rate}_gap_by_mix_pp", expected * 100 - of_union.value, less_union)
    less_expected = formula_bounds(observed_less_expected, _box(own.bounds("events"), trials, bounds), MOST_BOXES)
    by_rates = own.estimate(
        study, f"{counted.rate}_gap_by_rates_pp", (own.rate - expected) * 100, _times_100(less_expected)
    )
    every = own.strata.index.union(union.strata.index)
    here, there = own.by(every), union.by(every)
    components = against_standard(here.events, here.trials, there.events, there.trials)
    contributions = _contributions(
        study, here, components, (by_rates, by_mix), partial(_gap_of_one, here, there, of_union)
    )
    grants = zip(own.strata.index, standard * own.trials, bounds[0] * trials[0], bounds[1] * trials[1])
    standardised, by_chance = _directly(study, own, union)
    return Gap(
        observed=study.one(counted.rate, geo=own.geo, time=own.time, **own.source),
        union=of_union,
        expected=own.estimate(study, counted.expected, expected * 100, _times_100(ends)),
        standardised=standardised,
        by_chance=by_chance,
        covered=own.estimate(study, f"{counted.trials}_mix_covered_pct", _covered(own, union) * 100),
        by_mix=by_mix,
        by_rates=by_rates,
        per_100=_per_100(study, own, standard, f"{counted.events}_per_100_expected"),
        contributions=contributions,
        grants=study.results(
            counted.events, geo=own.geo, time=own.time, citizen=own.strata.index.tolist(), **own.source
        ),
        grants_expected=Results(
            own.estimate(study, f"{counted.events}_at_eu_rates", number, (low, high), f"citizen={code}")
            for code, number, low, high in grants
        ),
        likely=_likely(study, own, union, [one.code("citizen") for one in contributions]),
        without=_without_one(study, own, standard),
    )


def _gap_of_one(own: Mix, union: Mix, of_union: Result, at: int) -> Sequence[tuple[float, float]]:
    """What rounding allows for the two components of one citizenship."""
    _, rates = _standard(own, union)
    rate, crude = (
        (rates[0][[at]], rates[1][[at]]),
        (numpy.array([of_union.low]) / 100, numpy.array([of_union.high]) / 100),
    )
    (events, trials, _, others), (_, standard_trials, _, standard_others) = (
        own.one_and_others(at),
        union.one_and_others(at),
    )
    by_rates = _box(events, trials, others, rate)
    by_mix = _box(trials, others, standard_trials, standard_others, rate, crude)
    return (
        formula_bounds(stratum_by_rates_of_standard, by_rates, MOST_BOXES),
        formula_bounds(stratum_by_mix_of_standard, by_mix, MOST_BOXES),
    )


def _standard(own: Mix, union: Mix) -> tuple[NDArray, Bounds]:
    """The Union's rate of each citizenship that the country has; its own, where the Union has none."""
    there = union.by(own.strata.index)
    has_none = there.trials == 0
    low, high = (numpy.where(has_none, mine, theirs) for mine, theirs in zip(own.rate_bounds, there.rate_bounds))
    return numpy.where(has_none, own.rates, there.rates), (low, high)


def _rate_of_union(study: Reader, union: Mix) -> Result:
    counted = union.counted
    if counted.of_members is None:
        return study.one(counted.rate, geo=EU27, time=union.time, **union.source)
    (low,), (high,) = ratio_bounds(_summed(union, "events"), _summed(union, "trials"))
    return union.estimate(study, counted.of_members, union.rate * 100, _times_100((low, min(high, 1.0))))


def _summed(mix: Mix, column: str) -> Bounds:
    low, high = mix.bounds(column)
    return low.sum(keepdims=True), high.sum(keepdims=True)


def _box(*parts: Bounds) -> Bounds:
    """The bounds of several arrays, one after the other."""
    return numpy.concatenate([low for low, _ in parts]), numpy.concatenate([high for _, high in parts])


def _covered(own: Mix, union: Mix) -> float:
    """The part of the Union's mix of which the country has rates."""
    enough = own.strata.index[own.trials >= FEW]
    return float(union.by(enough).trials.sum()) / union.decisions


def _directly(study: Reader, own: Mix, union: Mix) -> tuple[Result, Result] | tuple[None, None]:
    """The rate with the Union's mix: with what rounding leaves open of it, and with what chance does."""
    here = own.by(union.strata.index)
    try:
        found = direct(here.events, here.trials, union.trials, fewest=FEW)
    except ThinData:
        return None, None
    enough = own.strata.index[own.trials >= FEW]
    ends = weighted_mean_bounds(own.by(enough).rate_bounds, union.by(enough).bounds("trials"))
    name, value = own.counted.standardised, found.value * 100
    return (
        own.estimate(study, name, value, _times_100(ends)),
        own.estimate(study, f"{name}_by_chance", value, _times_100((found.low, found.high))),
    )


def _likely(study: Reader, own: Mix, union: Mix, named: Sequence[str]) -> Results:
    """The rates of some citizenships, drawn towards the Union's."""
    there = union.by(own.strata.index)
    try:
        found = shrunken(own.events, own.trials, there.rates)
    except ThinData:
        return Results()
    if numpy.isinf(found.strength):
        return Results()
    told = zip(own.strata.index, found.rates * 100, found.low * 100, found.high * 100)
    return Results(
        own.estimate(study, f"{own.counted.rate}_likely", rate, (low, high), f"citizen={code}")
        for code, rate, low, high in told
        if code in named and not numpy.isnan(low)
    )


def _per_100(study: Reader, own: Mix, standard: NDArray, indicator: str, breakdown: str = "") -> Result:
    """Grants for a hundred expected, with what chance leaves open of them; without a value where hardly any is expected."""
    expected = float((standard * own.trials).sum())
    if expected < 1:
        return own.estimate(study, indicator, numpy.nan, breakdown=breakdown)
    value, low, high = standardised_ratio(float(own.events.sum()), expected, own.decisions)
    return own.estimate(study, indicator, value * 100, (low * 100, high * 100), breakdown=breakdown)


def _without_one(study: Reader, own: Mix, standard: NDArray) -> Result:
    """Grants for a hundred expected, without the citizenship that moves them most."""
    indicator = f"{own.counted.events}_per_100_expected_without"
    if len(own.trials) < 2:
        return own.estimate(study, indicator, numpy.nan)
    ratios = without_each(own.rates, own.trials) / without_each(standard, own.trials)
    whole = own.rate / weighted_rate(standard, own.trials)
    moved = int(numpy.nanargmax(numpy.abs(ratios - whole)))
    code = own.strata.index[moved]
    others = own.by(own.strata.index.drop(code))
    return _per_100(study, others, numpy.delete(standard, moved), indicator, f"citizen={code}")


def _contributions(
    study: Reader, own: Mix, components: Components, totals: Sequence[Result], bounds: Callable[[int], Sequence[tuple]]
) -> Results:
    """Both components by citizenship: those that move the rate most, in order, and the others together.

    Parameters
    ----------
    totals : sequence of Result
        The two components.
    bounds : callable
        Position of a citizenship → what rounding allows for the two, not in per cent.
    """
    values = numpy.stack([components.rates, components.mix], axis=1) * 100
    codes = own.strata.index.to_numpy()
    named = [at for at in numpy.argsort(-numpy.abs(values).sum(axis=1), kind="stable") if codes[at] != OTHER][:NAMED]
    parts = {at: numpy.array(bounds(at)) * 100 for at in named}
    rows = [(codes[at], values[at], parts[at]) for at in named]
    if len(named) < len(codes):
        wholes = numpy.array([(total.low, total.high) for total in totals])
        # What the named ones leave of the whole: at least, where they make most of it.
        rest = wholes - sum(part[:, ::-1] for part in parts.values())
        rows.append((OTHER, values.sum(axis=0) - values[named].sum(axis=0), rest))
    return Results(
        own.estimate(study, total.indicator, value, tuple(ends), f"citizen={code}")
        for code, both, of_both in rows
        for total, value, ends in zip(totals, both, of_both)
    )


# The change on an earlier year


@dataclass(frozen=True)
class Change:
    """What the change of a country's rate since an earlier year is made of.

    Attributes
    ----------
    now, before : Result
        The two rates.
    by_mix, by_rates : Result
        The two components of the change.
    contributions : Results
        Both by citizenship: those that move the rate most, and the others together.
    decisions, by_citizenship : Results
        The decisions of the earlier year and of this one: all of them, and by citizenship.
    """

    now: Result
    before: Result
    by_mix: Result
    by_rates: Result
    contributions: Results
    decisions: Results
    by_citizenship: Results


def change_since(study: Reader, own: Mix, before: Mix) -> Change | None:
    """Decompose the change of a rate between two years, as Kitagawa did.

    Citizenships of fewer decisions than `FEW` in both years stand together. One of fewer in one of them has no rate to
    compare: what it contributes is of the mix. None where those that stand together are more than half of either year: they
    would be compared as if they were one.
    """
    counted = own.counted
    now, then = _pooled(own, before)
    if any(mix.by([OTHER]).decisions > mix.decisions / 2 for mix in (now, then)):
        return None
    components = kitagawa(now.events, now.trials, then.events, then.trials, FEW)
    compared = numpy.minimum(now.trials, then.trials) >= FEW
    box = _box(*(mix.bounds(column) for mix in (now, then) for column in ("events", "trials")))
    totals = [
        now.estimate(
            study,
            f"{counted.rate}_change_by_{name}_pp",
            value.sum() * 100,
            _times_100(formula_bounds(partial(formula, is_compared=compared), box, MOST_BOXES)),
        )
        for name, value, formula in (
            ("rates", components.rates, effect_of_rates),
            ("mix", components.mix, effect_of_mix),
        )
    ]
    contributions = _contributions(study, now, components, totals, partial(_change_of_one, now, then, compared))
    years = [before.time, own.time]
    return Change(
        now=study.one(counted.rate, geo=own.geo, time=own.time, **own.source),
        before=study.one(counted.rate, geo=own.geo, time=before.time, **own.source),
        by_rates=totals[0],
        by_mix=totals[1],
        contributions=contributions,
        decisions=study.results(counted.decisions, geo=own.geo, time=years, **own.source),
        by_citizenship=study.results(counted.trials, geo=own.geo, time=years, citizen=study.every, **own.source),
    )


def _change_of_one(now: Mix, then: Mix, compared: NDArray, at: int) -> Sequence[tuple[float, float]]:
    """What rounding allows for the two components of one citizenship."""
    box, is_compared = _box(*now.one_and_others(at), *then.one_and_others(at)), bool(compared[at])
    by_rates = formula_bounds(stratum_by_rates, box, MOST_BOXES) if is_compared else (0.0, 0.0)
    return by_rates, formula_bounds(partial(stratum_by_mix, is_compared=is_compared), box, MOST_BOXES)


def _pooled(own: Mix, before: Mix) -> tuple[Mix, Mix]:
    """Both years by the same strata; those of few decisions in both together."""
    every = own.strata.index.union(before.strata.index)
    both = own.by(every), before.by(every)
    is_few = numpy.maximum(*(mix.trials for mix in both)) < FEW
    names = numpy.where(is_few, OTHER, every)
    return tuple(Mix(mix.counted, mix.geo, mix.time, mix.strata.groupby(names).sum(), mix.results) for mix in both)  # type: ignore[return-value]


# The Member States beside one another


@dataclass(frozen=True)
class Members:
    """Grants for a hundred expected, of the Member States and the country.

    Attributes
    ----------
    observed, expected, ratios : Results
        Of each, its rate, the one expected of it, and grants for a hundred expected.
    grants_expected : Results
        Their number: how much a ratio can be relied on.
    limits : Results
        Of each, within which a ratio is not unusual, at both levels.
    outside : Results
        The ratios outside the wider limits.
    scatter : Result
        How many times as wide as by chance alone the ratios scatter.
    compared, beyond_chance : Result
        How many Member States these are, and how many of them lie where chance alone would put one in twenty.
    """

    observed: Results
    expected: Results
    ratios: Results
    grants_expected: Results
    limits: Results
    outside: Results
    scatter: Result
    compared: Result
    beyond_chance: Result

    @property
    def in_order(self) -> Results:
        """What is told of each State, the lowest ratio first."""
        places = [ratio.geo for ratio in sorted(self.ratios, key=lambda ratio: (ratio.value, ratio.geo))]
        told = self.observed + self.expected + self.ratios + self.grants_expected
        return Results(sorted(told, key=lambda result: places.index(result.geo)))


def members_compared(study: Reader, places: Mapping[str, Mix], union: Mix) -> Members | None:
    """A funnel of the places with enough decisions; None where there are too few of them.

    The limits allow for the scatter that there is between States beyond chance, with the most extreme drawn in.
    """
    found = [(mix, _standard(mix, union)) for mix in places.values() if mix.decisions >= FEWEST_DECISIONS]
    if not found:
        return None
    counted, name = union.counted, f"{union.counted.events}_per_100_expected"
    numbers = numpy.array([(rates * mix.trials).sum() for mix, (rates, _) in found])
    ratios = Results(_per_100(study, mix, rates, name) for mix, (rates, _) in found)
    variances = numpy.array([(mix.trials * rates * (1 - rates)).sum() for mix, (rates, _) in found])
    errors = numpy.sqrt(variances) / numbers * 100
    values = numpy.array([ratio.value for ratio in ratios])
    is_member = numpy.array([mix.geo in study.member_states for mix, _ in found])
    try:
        scatter = overdispersion(values[is_member], 100.0, errors[is_member])
    except ThinData:
        return None
    limits = {level: widened_limits(100.0, errors, scatter.between, level) for level in LEVELS}
    is_far = is_outside(values, limits[max(LEVELS)]) != 0
    rates = numpy.array([weighted_rate(standard, mix.trials) for mix, (standard, _) in found])
    by_chance = binomial_limits(rates, [mix.decisions for mix, _ in found], min(LEVELS))
    is_beyond = is_outside([mix.rate for mix, _ in found], by_chance) != 0
    return Members(
        observed=study.results(counted.rate, geo=[mix.geo for mix, _ in found], time=union.time, **union.source),
        expected=Results(
            mix.estimate(
                study,
                counted.expected,
                weighted_rate(rates, mix.trials) * 100,
                _times_100(weighted_mean_bounds(bounds, mix.bounds("trials"))),
            )
            for mix, (rates, bounds) in found
        ),
        ratios=ratios,
        grants_expected=Results(
            mix.estimate(study, f"{counted.events}_at_eu_rates", number) for (mix, _), number in zip(found, numbers)
        ),
        limits=Results(
            mix.estimate(study, f"{name}_limits", 100.0, (low, high), breakdown=f"level={level * 100:g}")
            for level, (lows, highs) in limits.items()
            for (mix, _), low, high in zip(found, lows, highs)
        ),
        outside=Results(ratio for ratio, is_one in zip(ratios, is_far) if is_one),
        scatter=union.estimate(study, f"{name}_scatter", scatter.ratio**0.5),
        compared=union.estimate(study, f"{name}_compared", is_member.sum()),
        beyond_chance=union.estimate(study, f"{name}_beyond_chance", (is_beyond & is_member).sum()),
    )


# All of it, by the count that can tell it


@dataclass(frozen=True)
class Behind:
    """What lies behind a country's rate.

    Attributes
    ----------
    counted : Counted
        By whose count.
    gap : Gap
        To the Union.
    change : Change or None
        Since the year before, or the last of the three before that was counted.
    members : Members or None
        Beside the other States.
    is_of_many : bool
        Whether there are decisions enough to compare the country with others.
    """

    counted: Counted
    gap: Gap
    change: Change | None
    members: Members | None
    is_of_many: bool


def behind_the_rate(study: Reader, detailed: Mapping[str, str], has_first_instance: bool) -> Behind | None:
    """By Eurostat's count where it has the citizenships of the year, and rounding leaves a component to tell; else by UNHCR's,
    of a country that reports the first instance to it. None where neither does.

    Parameters
    ----------
    detailed : mapping
        Year, dataset and vintage of Eurostat's newest decisions by citizenship.
    has_first_instance : bool
        Whether UNHCR's figures for the country are of that instance.
    """
    places = list(dict.fromkeys([*study.member_states, study.country]))
    if detailed["time"] == str(study.year):
        source = {name: detailed[name] for name in ("dataset", "vintage")}
        found = _behind(study, mixes(study, EUROSTAT, [*places, EU27], str(study.year), source), source)
        if found:
            return found
    if not has_first_instance:
        return None
    return _behind(study, mixes(study, UNHCR, places, str(study.year)), {})


def _is_enough(mix: Mix | None) -> TypeGuard[Mix]:
    """Whether there are decisions that a rate can be of, however they were rounded."""
    return mix is not None and mix.decisions >= FEW and mix.bounds("trials")[0].sum() > 0


def _behind(study: Reader, places: dict[str, Mix], source: Mapping[str, str]) -> Behind | None:
    of_members = {geo: mix for geo, mix in places.items() if geo in study.member_states}
    union, own = places.pop(EU27, None) or members_together(of_members), places.get(study.country)
    if union is None or not _is_enough(own):
        return None
    gap = gap_to_union(study, own, union)
    if gap.by_rates.high - gap.by_rates.low > WIDE:
        return None
    earlier = (
        mixes(study, own.counted, [study.country], str(study.year - ago), source).get(study.country)
        for ago in range(1, 4)
    )
    before = next(filter(_is_enough, earlier), None)
    change = change_since(study, own, before) if before else None
    if change and change.by_rates.high - change.by_rates.low > WIDE:
        change = None
    is_of_many = own.decisions >= FEWEST_DECISIONS
    return Behind(own.counted, gap, change, members_compared(study, places, union), is_of_many)


def _times_100(bounds: tuple[float, float]) -> tuple[float, float]:
    return bounds[0] * 100, bounds[1] * 100
