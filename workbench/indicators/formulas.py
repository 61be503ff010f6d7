"""The formulas: observations become counts, and counts become ratios, shares, changes and ranks.

Observations come column by column. Results are DataFrames with the columns of `workbench.model.types.RESULT_COLUMNS`, one
row a number. A missing part makes the whole missing; flags of all parts are kept; bounds follow from rounding.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import compress
from typing import Any

import numpy
import pandas
from numpy.typing import ArrayLike

from workbench.data.observations import Columns, Parts
from workbench.data.text_columns import text_column, with_text
from workbench.methods.rounding import difference_bounds, rank_bounds, ratio_bounds, rounding_bounds
from workbench.model.periods import shift
from workbench.model.types import (
    BREAK,
    CARRIED_OVER,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    NOT_BROKEN_DOWN,
    NUMBER_COLUMNS,
    OTHER,
    RESULT_COLUMNS,
    TOTALS,
    WITHHELD,
)

MINIMUM_DENOMINATOR = 30
"""Shares and changes on fewer persons are withheld: rounding and chance would swamp them."""

COUNTED = ("persons", "permits", "refusals", "detections", "attempts", "decisions", "visas", "applications")
"""The units of what is counted, one by one."""

_SEEN = 0.01
"""The share of a whole that a drawing cannot hide."""

_NOT_BROKEN_DOWN = {"freq", "unit", "geo", "time"}


def count(observations: Columns, indicator: str, unit: str, fixed: Collection[str] = ()) -> pandas.DataFrame:
    """Results that are observations as published.

    Parameters
    ----------
    observations : mapping of str to array
        As `workbench.data.observations.select_columns` gives them.
    indicator, unit : str
        Id and unit of the results.
    fixed : collection of str
        Dimensions that the indicator itself fixes: they are not a breakdown.
    """
    names = list(observations)
    broken_down = sorted(set(names[: names.index("time")]) - _NOT_BROKEN_DOWN - set(fixed))
    low, high = _bounds_of(observations)
    breakdowns = _each_once(lambda codes: _breakdown(broken_down, codes), rows_of(observations, broken_down))
    flags = _each_once(lambda pair: joined_flags(*pair), rows_of(observations, ["obs_status", "conf_status"]))
    named = {"indicator": indicator, "breakdown": breakdowns, "unit": unit, "flags": flags, "low": low, "high": high}
    return results_of({**observations, **named}, len(low))


def ratio(
    numerators: pandas.DataFrame,
    denominators: pandas.DataFrame,
    indicator: str,
    unit: str,
    per: float,
    on: Sequence[str] = ("geo", "time"),
) -> pandas.DataFrame:
    """Ratio of each numerator to the denominator with the same keys, × ``per``; withheld on a tiny denominator."""
    pairs = _paired(numerators, denominators, on)
    return withhold(_divided(pairs, indicator, unit, per), pairs["value_below"])


def share(
    parts: pandas.DataFrame,
    wholes: pandas.DataFrame,
    indicator: str,
    unit: str = "%",
    on: Sequence[str] = ("geo", "time"),
) -> pandas.DataFrame:
    """Share of each part in the whole with the same keys, in per cent; withheld on a tiny whole."""
    pairs = _paired(parts, wholes, on)
    shares = _divided(pairs, indicator, unit, 100)
    # Rounded by themselves, a part may be published larger than its whole.
    within = shares.assign(value=shares["value"].clip(upper=100), high=shares["high"].clip(upper=100))
    return withhold(within, pairs["value_below"])


def difference(
    minuends: pandas.DataFrame,
    subtrahends: pandas.DataFrame,
    indicator: str,
    unit: str,
    on: Sequence[str] = ("geo", "breakdown", "time"),
) -> pandas.DataFrame:
    """Each minuend less the subtrahend with the same keys: signed, unlike what is left of a whole."""
    pairs = _paired(minuends, subtrahends, on)
    differences = {
        "value": pairs["value"] - pairs["value_below"],
        "low": pairs["low"] - pairs["high_below"],
        "high": pairs["high"] - pairs["low_below"],
    }
    return _named({**pairs, **differences}, indicator, unit)


def gap(
    rates: pandas.DataFrame, references: pandas.DataFrame, dimensions: Collection[str], indicator: str, unit: str
) -> pandas.DataFrame:
    """Each rate less that of the group of reference: of the same country, time and codes but those of ``dimensions``."""

    def besides(results: pandas.DataFrame) -> pandas.DataFrame:
        pairs = [[pair for pair in codes.split(";") if pair] for codes in results["breakdown"]]
        others = [";".join(pair for pair in own if pair.split("=")[0] not in dimensions) for own in pairs]
        return with_text(results, besides=others)

    gaps = difference(besides(rates), besides(references), indicator, unit, ("geo", "besides", "time"))
    # Two that are equal must not be told apart by what floats leave of a difference.
    return gaps.round(dict.fromkeys(NUMBER_COLUMNS, 9))


def gained(stocks: pandas.DataFrame, a_period_on: pandas.DataFrame, indicator: str, unit: str) -> pandas.DataFrame:
    """What a stock gains from each time to the next, which is a period later; negative where it shrinks.

    Withheld where the series breaks in between: what a census corrects is not a gain. A break at the beginning lies before it.
    A stock that did not apply at the beginning was nought.
    """
    at_the_end = with_text(a_period_on, time=[shift(time, -1) for time in a_period_on["time"]])
    gains = difference(at_the_end, without_break(_nought_where_not_applicable(stocks)), indicator, unit)
    return withheld(gains, at_the_end["flags"].str.contains(BREAK) & gains["value"].notna().to_numpy())


def _nought_where_not_applicable(stocks: pandas.DataFrame) -> pandas.DataFrame:
    not_there = (stocks["value"].isna() & stocks["flags"].str.contains(NOT_APPLICABLE)).to_numpy()
    noughts = {name: numpy.where(not_there, 0.0, stocks[name]) for name in NUMBER_COLUMNS}
    flags = ["" if is_nought else flag for is_nought, flag in zip(not_there, stocks["flags"])]
    return with_text(stocks.assign(**noughts), flags=flags)


def _bounds_of(observations: Columns) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Those of sums, which know their own; else what the rounding of each observation allows."""
    if "low" in observations:
        return observations["low"], observations["high"]
    return rounding_bounds(observations["value"], observations["rounding_base"])


def sums_of(observed: Parts) -> Columns:
    """Sums of the observations that there are, with ``low`` and ``high``, for dimensions by which zeros are left out.

    What is not there is zero, and zeros are exact, as in `zeros_for_certain`. A sum without any part is a gap, which
    `with_zeros` fills where others are reported; one over a part whose value is withheld has none.
    """
    size = len(observed.sums["value"])
    low, high = rounding_bounds(observed.parts["value"], observed.sums["rounding_base"][:1])
    value = observed.parts["value"]
    values = {"value": value, "low": low, "high": numpy.where(value == 0, 0.0, high)}
    is_there = observed.parts["obs_status"] != NOT_AVAILABLE
    at = observed.at[is_there]
    has_sum = (numpy.bincount(at, minlength=size) > 0) & (observed.sums["obs_status"] == NOT_AVAILABLE)
    sums = {
        name: numpy.where(has_sum, numpy.bincount(at, column[is_there], size), numpy.nan)
        for name, column in values.items()
    }
    obs_status = numpy.where(has_sum, "", observed.sums["obs_status"])
    flags = {"obs_status": obs_status, "conf_status": observed.sums["conf_status"].copy()}
    for name, of_sums in flags.items():
        for part in numpy.flatnonzero(observed.parts[name] != "").tolist():
            if name == "conf_status" or is_there[part]:
                of_sums[observed.at[part]] = joined_flags(of_sums[observed.at[part]], observed.parts[name][part])
    return {**observed.sums, **sums, **flags}


def reported_by(observed: Parts) -> Columns:
    """The sums of which any part is reported: with the number of these for a value, and none where there is none."""
    has_value = ~numpy.isnan(observed.parts["value"])
    number = numpy.bincount(observed.at[has_value], minlength=len(observed.sums["value"]))
    return {**observed.sums, "value": numpy.where(number > 0, number, numpy.nan)}


def of_reported(sums: Columns, reported: Columns, beside: Sequence[str] = ()) -> Columns:
    """Sums without those of a country and time that reports none of the codes, for what is not there is not zero then.

    What was carried over says so already.
    """
    is_gap = ~_among(sums, _with_value(reported, "geo", "time", *beside)) & (sums["obs_status"] != CARRIED_OVER)
    status = sums["obs_status"].copy()
    status[is_gap] = [joined_flags(flag, NOT_AVAILABLE) for flag in status[is_gap]]
    return {
        **sums,
        **{name: numpy.where(is_gap, numpy.nan, sums[name]) for name in NUMBER_COLUMNS},
        "obs_status": status,
    }


def with_zeros(
    observations: Columns, reported: Columns, codes: Mapping[str, Collection[str]], beside: Sequence[str] = ()
) -> Columns:
    """Observations where a code that is absent, of a country and time with others reported, is the zero it stands for.

    A total is no such code, unless that country and time has it beside (decisions in all on one citizenship, for another
    one), nor is one that the vintage has for no country at all: it may be a cut without that code.

    Parameters
    ----------
    observations : mapping of str to array
        As `workbench.data.observations.select_columns` gives them.
    reported : mapping of str to array
        With a value where the country and time has one of any code.
    codes : mapping
        Each dimension by which zeros are left out, to the single codes that the vintage has.
    beside : sequence of str
        Dimensions by which they are not: what is measured, for one. The others that are reported have the same codes of these.
    """
    zero = _among(observations, _with_value(reported, "geo", "time", *beside))
    zero &= observations["obs_status"] == NOT_AVAILABLE
    for dimension, known in codes.items():
        held = _with_value(observations, "geo", "time", dimension)
        is_known = numpy.isin(observations[dimension].astype(str), numpy.array(list(known), dtype=str))
        zero &= is_known | _among(observations, held)
    numbers = [name for name in NUMBER_COLUMNS if name in observations]
    return {
        **observations,
        **{name: numpy.where(zero, 0.0, observations[name]) for name in numbers},
        "obs_status": numpy.where(zero, "", observations["obs_status"]),
    }


def without_values(observations: Columns) -> Columns:
    """The places and times of observations, each a gap."""
    size = len(observations["value"])
    nothing = {"value": numpy.full(size, numpy.nan)}
    flags = {"obs_status": NOT_AVAILABLE, "conf_status": ""}
    return {**observations, **nothing, **{name: numpy.full(size, flag, dtype=object) for name, flag in flags.items()}}


def _with_value(observations: Columns, *columns: str) -> Columns:
    """Some columns of the observations that have a value."""
    has_value = ~numpy.isnan(observations["value"])
    return {name: observations[name][has_value] for name in columns}


def _among(rows: Columns, others: Columns) -> numpy.ndarray:
    """Whether each row has the texts of one of the others, in the columns that these have."""
    size = len(rows["value"])
    number = numpy.zeros(size + len(next(iter(others.values()))), dtype=int)
    for name, texts in others.items():
        codes, distinct = pandas.factorize(numpy.concatenate([rows[name], texts]))
        number = number * len(distinct) + codes
    return numpy.isin(number[:size], number[size:])


def zeros_for_certain(counts: pandas.DataFrame) -> pandas.DataFrame:
    """Counts whose zeros are taken as exact: for a sum over every code of a dimension.

    Most of two hundred citizenships stand at zero in most countries; if each were given the half of the rounding base that
    it may hide, the sum would have no upper bound worth showing.
    """
    return counts.assign(high=counts["high"].mask(counts["value"] == 0, 0.0))


def added(counts: pandas.DataFrame) -> pandas.DataFrame:
    """Counts of the same key added up, and their bounds; a sum over a missing part is missing."""
    groups: dict[tuple, int] = {}
    keys = rows_of(counts, ["geo", "breakdown", "time"])
    number = numpy.array([groups.setdefault(key, len(groups)) for key in keys], dtype=int)
    firsts = counts.iloc[numpy.unique(number, return_index=True)[1]].reset_index(drop=True)
    flags = [""] * len(groups)
    for at, flag in zip(number.tolist(), counts["flags"].tolist()):
        flags[at] += flag
    sums = {name: numpy.bincount(number, counts[name], len(groups)) for name in NUMBER_COLUMNS}
    return with_text(firsts.assign(**sums), flags=map(joined_flags, flags))


def or_added(published: pandas.DataFrame, parts: pandas.DataFrame) -> pandas.DataFrame:
    """Totals as published; where there is none, the sum of the parts of the same country and time."""
    keys = ["geo", "breakdown", "time"]
    sums = added(with_text(parts, breakdown="")).set_index(keys).reindex(pandas.MultiIndex.from_frame(published[keys]))
    is_added = published["value"].isna().to_numpy() & sums["value"].notna().to_numpy()
    columns = ["value", "low", "high", "flags"]
    return published.assign(
        **{name: numpy.where(is_added, sums[name].to_numpy(), published[name].to_numpy()) for name in columns}
    ).astype({"value": float, "low": float, "high": float})


def less(wholes: pandas.DataFrame, parts: Sequence[pandas.DataFrame], breakdown: str = "") -> pandas.DataFrame:
    """A whole less some of its parts; countries and times in the order of the wholes."""
    left = wholes.reset_index(drop=True)
    keys = pandas.MultiIndex.from_frame(left[["geo", "time"]])
    aligned = [part.set_index(["geo", "time"]).reindex(keys).reset_index() for part in parts]
    low, high = difference_bounds(_bounds(left), [_bounds(part) for part in aligned])
    flags = zip(left["flags"], *(part["flags"].fillna(NOT_AVAILABLE) for part in aligned))
    rest = left.assign(value=(left["value"] - sum(part["value"] for part in aligned)).clip(lower=0), low=low, high=high)
    return with_text(rest, breakdown=breakdown, flags=[joined_flags(*of_all) for of_all in flags])


def largest(parts: pandas.DataFrame, total: pandas.DataFrame, dimension: str, most: int) -> pandas.DataFrame:
    """The largest parts of one country and time, then ``OTHER``: what is left of the total.

    Parts are taken from the total rather than added up to it, for rounded parts do not add up. Parts of the same size
    stand in the order of their codes. Parts that are zero or missing are not named.
    """
    named = parts[parts["value"] > 0].sort_values(["value", "breakdown"], ascending=[False, True], kind="stable")
    named = named.head(most)
    if len(named) == 0 or len(total) == 0:
        return named.reset_index(drop=True)
    return pandas.concat([named, rest(named, total, dimension)], ignore_index=True)


def rest(parts: pandas.DataFrame, wholes: pandas.DataFrame, dimension: str) -> pandas.DataFrame:
    """What is left of each whole when its parts are taken away, as the code ``OTHER`` of the dimension they are parts by.

    Missing where a part is missing: its size cannot be inferred from the rest.
    """
    return _left(parts, wholes, dimension, OTHER)


def not_broken_down(parts: pandas.DataFrame, wholes: pandas.DataFrame, dimension: str) -> pandas.DataFrame:
    """The difference between a whole and the parts that should add up to it, as the code ``NOT_BROKEN_DOWN`` of their dimension.

    Only where rounding cannot be all there is to it, or where it is a hundredth of the whole or more, which a reader sees: a
    breakdown may lack decisions or persons of which the code is not known.
    """
    left = _left(parts, wholes, dimension, NOT_BROKEN_DOWN)
    seen = left["value"] >= _SEEN * wholes["value"].to_numpy()
    return left[(left["value"] > 0) & (seen | (left["low"] > 0))].reset_index(drop=True)


def _left(parts: pandas.DataFrame, wholes: pandas.DataFrame, dimension: str, code: str) -> pandas.DataFrame:
    """What is left of wholes, as a code of the dimension that their parts are by; what else they are broken down by stays."""
    left = less(wholes, [group for _, group in parts.groupby("breakdown", sort=False)])
    of_the_whole = [
        [pair for pair in own.split(";") if pair and not pair.startswith(f"{dimension}=")]
        for own in wholes["breakdown"]
    ]
    return with_text(left, breakdown=[";".join(sorted([f"{dimension}={code}", *pairs])) for pairs in of_the_whole])


def change(results: pandas.DataFrame, before: pandas.DataFrame, indicator: str, unit: str = "%") -> pandas.DataFrame:
    """Change of each result on the period before, in per cent.

    Withheld where the period before counts fewer than `MINIMUM_DENOMINATOR` persons.
    """
    a_period_on = with_text(before, time=[shift(time, 1) for time in before["time"]])
    return _relative_change(results, a_period_on, indicator, unit)


def change_on_year(series: pandas.DataFrame, span: Sequence[str], indicator: str, unit: str = "%") -> pandas.DataFrame:
    """Change of the last period of ``span`` on its first, in per cent; a break anywhere after the first is its break too.

    Parameters
    ----------
    series : DataFrame
        Results of all periods of the span.
    span : sequence of str
        As `workbench.model.periods.year_to` gives it.
    """
    first, *later = span
    now, before = series[series["time"] == later[-1]], series[series["time"] == first]
    changes = _relative_change(now, with_text(before, time=later[-1]), indicator, unit)
    return broken(changes, series[series["time"].isin(later)], ("geo", "breakdown"))


def broken(results: pandas.DataFrame, series: pandas.DataFrame, on: Sequence[str]) -> pandas.DataFrame:
    """The results, flagged as the first after a break where any of the series with the same keys is."""
    breaks = set(rows_of(series[series["flags"].str.contains(BREAK)], on))
    flags = [
        joined_flags(flags, BREAK) if key in breaks else flags
        for key, flags in zip(rows_of(results, on), results["flags"])
    ]
    return with_text(results, flags=flags)


def without_break(results: pandas.DataFrame) -> pandas.DataFrame:
    """What a change begins with: a break before its first period is not a break within it."""
    return with_text(results, flags=[flags.replace(BREAK, "") for flags in results["flags"]])


def _relative_change(now: pandas.DataFrame, before: pandas.DataFrame, indicator: str, unit: str) -> pandas.DataFrame:
    pairs = _paired(now, without_break(before), ("geo", "breakdown", "time"))
    changes = _divided(pairs, indicator, unit, 100)
    changes = changes.assign(**{name: changes[name] - 100 for name in NUMBER_COLUMNS})
    return withhold(changes, numpy.where(numpy.isin(pairs["unit"], COUNTED), pairs["value_below"], numpy.nan))


def change_in_points(
    results: pandas.DataFrame, before: pandas.DataFrame, indicator: str, unit: str = "percentage points"
) -> pandas.DataFrame:
    """Change of each share on the period before, in percentage points: a change in per cent of a per cent misleads."""
    a_period_on = with_text(before, time=[shift(time, 1) for time in before["time"]])
    return difference(results, without_break(a_period_on), indicator, unit)


def rank(results: pandas.DataFrame, indicator: str, unit: str = "rank") -> pandas.DataFrame:
    """Rank of each country at each time among those given (1 = highest; equal values share the better rank).

    A country without a value has no rank and does not count.
    """
    values, (lowest, highest) = results["value"].to_numpy(), _bounds(results)
    ranks, low, high = numpy.full((3, len(results)), numpy.nan)
    compared: dict[tuple, list[int]] = {}
    for at, (key, value) in enumerate(zip(rows_of(results, ["time", "breakdown"]), values)):
        if not numpy.isnan(value):
            compared.setdefault(key, []).append(at)
    for there in compared.values():
        ranks[there] = 1 + (values[there] > values[there][:, None]).sum(axis=1)
        low[there], high[there] = rank_bounds((lowest[there], highest[there]))
    return with_text(results.assign(value=ranks, low=low, high=high), indicator=indicator, unit=unit)


def only_reliable(results: pandas.DataFrame) -> pandas.DataFrame:
    """The results, without the values that are flagged as of low reliability: they are compared with no other."""
    return withheld(results.copy(), results["flags"].str.contains(WITHHELD) & results["value"].notna())


def not_applicable(results: pandas.DataFrame, indicator: str, unit: str) -> pandas.DataFrame:
    """The places of results that an indicator cannot have: without a value, and flagged so."""
    nothing = results.assign(value=numpy.nan, low=numpy.nan, high=numpy.nan)
    return with_text(nothing, indicator=indicator, unit=unit, flags=NOT_APPLICABLE)


def not_applicable_before(since: str, results: pandas.DataFrame) -> pandas.DataFrame:
    """Results whose gaps in the periods before ``since``, a month, do not apply: there was nothing to count. The year of
    that month is not before it."""
    flags = [
        NOT_APPLICABLE if is_missing and time < since[: len(time)] else flag
        for flag, time, is_missing in zip(results["flags"], results["time"], results["value"].isna())
    ]
    return with_text(results, flags=flags)


def number_ranked(results: pandas.DataFrame, indicator: str, geo: str, unit: str) -> pandas.DataFrame:
    """How many of the countries given have a value at each time; filed under the aggregate they belong to."""
    keys = ["time", "breakdown", "dataset", "vintage"]
    rows = rows_of(results, keys)
    counted = Counter(dict.fromkeys(rows, 0))
    counted.update(compress(rows, results["value"].notna()))
    named = {name: [key[place] for key in counted] for place, name in enumerate(keys)}
    numbers = dict.fromkeys(NUMBER_COLUMNS, numpy.array(list(counted.values()), dtype=float))
    return results_of({**named, **numbers, "indicator": indicator, "geo": geo, "unit": unit, "flags": ""}, len(counted))


def sum_of_available(results: pandas.DataFrame, indicator: str, geo: str, unit: str) -> pandas.DataFrame:
    """The sum over the countries given that have a value, filed under the aggregate they belong to; missing if none has.

    Partial where a country is missing: `number_ranked` says over how many it goes.
    """
    groups = results.groupby(["time", "breakdown"], sort=False)
    sums = groups[["value", "low", "high"]].sum(min_count=1)
    there = results["flags"].where(results["value"].notna(), "")
    flags = there.groupby([results["time"], results["breakdown"]], sort=False).agg(lambda part: joined_flags(*part))
    source = groups[["dataset", "vintage"]].first()
    summed = with_text(sums.join(source).assign(flags=flags).reset_index(), indicator=indicator, geo=geo, unit=unit)
    summed.loc[summed["value"].isna(), "flags"] = NOT_AVAILABLE
    return summed[list(RESULT_COLUMNS)]


def _paired(above: pandas.DataFrame, below: pandas.DataFrame, on: Sequence[str]) -> Columns:
    """The columns of ``above``, and of the one row of ``below`` with the same keys, these with names that end in ``_below``."""
    place = {key: at for at, key in enumerate(rows_of(below, list(on)))}
    if len(place) != len(below):
        raise ValueError(f"{', '.join(on)} do not tell the rows below apart")
    # What is not there stands at the end.
    nothing: dict[str, Any] = dict.fromkeys(NUMBER_COLUMNS, numpy.nan) | {
        "flags": NOT_AVAILABLE,
        "dataset": None,
        "vintage": None,
    }
    at = [place.get(key, -1) for key in rows_of(above, list(on))]
    pairs = {name: above[name].to_numpy() for name in RESULT_COLUMNS}
    return pairs | {f"{name}_below": numpy.append(below[name].to_numpy(), none)[at] for name, none in nothing.items()}


def _divided(pairs: Columns, indicator: str, unit: str, per: float) -> pandas.DataFrame:
    low, high = ratio_bounds((pairs["low"], pairs["high"]), (pairs["low_below"], pairs["high_below"]))
    with numpy.errstate(divide="ignore", invalid="ignore"):
        value = numpy.where(pairs["value_below"] > 0, pairs["value"] / pairs["value_below"], numpy.nan)
    divided = {
        "value": value * per,
        "low": numpy.where(numpy.isnan(value), numpy.nan, low * per),
        "high": numpy.where(numpy.isnan(value), numpy.nan, high * per),
    }
    return _named({**pairs, **divided}, indicator, unit)


def _named(pairs: Columns, indicator: str, unit: str) -> pandas.DataFrame:
    """What was computed of pairs, under its own name, with the flags and sources of both."""
    flags = _each_once(lambda both: joined_flags(*both), rows_of(pairs, ["flags", "flags_below"]))
    named = {"indicator": indicator, "unit": unit, "flags": flags, **_joined(pairs)}
    return results_of({**pairs, **named}, len(flags))


def results_of(columns: Mapping, size: int) -> pandas.DataFrame:
    """Results of so many numbers: a column is an array or list of them, or one text for all."""
    index = pandas.RangeIndex(size)
    return pandas.DataFrame({
        name: columns[name] if name in NUMBER_COLUMNS else text_column(columns[name], index) for name in RESULT_COLUMNS
    })  # fmt: skip


def withhold(results: pandas.DataFrame, persons_below: ArrayLike) -> pandas.DataFrame:
    """The results, without those on fewer persons than `MINIMUM_DENOMINATOR`."""
    return withheld(results, numpy.asarray(persons_below, dtype=float) < MINIMUM_DENOMINATOR)


def withheld(results: pandas.DataFrame, which: ArrayLike) -> pandas.DataFrame:
    """The results, some of them without a value and flagged so."""
    which = numpy.asarray(which, dtype=bool)
    if not which.any():
        return results
    results.loc[which, list(NUMBER_COLUMNS)] = numpy.nan
    results.loc[which, "flags"] = [joined_flags(flags, WITHHELD) for flags in results.loc[which, "flags"]]
    return results


def _joined(pairs: Columns) -> dict[str, list[str]]:
    """Both sources of a number, each dataset and vintage once: ``migr_asyappctza+demo_gind``."""
    columns = ["dataset", "vintage", "dataset_below", "vintage_below"]
    # The rows of a column are nearly all alike: each distinct one is joined once.
    of_each = {row: joined_sources((row[:2], row[2:])) for row in set(rows_of(pairs, columns))}
    joined = [of_each[row] for row in rows_of(pairs, columns)]
    return {"dataset": [dataset for dataset, _ in joined], "vintage": [vintage for _, vintage in joined]}


def joined_sources(sources: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Datasets and vintages that a number comes from, each once, joined by ``+``; one that is missing is left out."""
    pairs: dict[tuple[str, str], None] = {}
    for dataset, vintage in sources:
        if isinstance(dataset, str):
            pairs |= dict.fromkeys(zip(dataset.split("+"), vintage.split("+"), strict=True))
    return "+".join(dataset for dataset, _ in pairs), "+".join(vintage for _, vintage in pairs)


def _bounds(frame: pandas.DataFrame) -> tuple[numpy.ndarray, numpy.ndarray]:
    return frame["low"].to_numpy(float), frame["high"].to_numpy(float)


def _each_once(worded: Callable[[tuple], str], rows: list[tuple]) -> list[str]:
    """A text for each row; equal rows are worded once."""
    said = {row: worded(row) for row in set(rows)}
    return [said[row] for row in rows]


def rows_of(frame: pandas.DataFrame | Columns, columns: Sequence[str]) -> list[tuple]:
    """The rows of some columns as tuples."""
    return list(zip(*(frame[column].tolist() for column in columns))) if columns else [()] * len(frame["value"])


def _breakdown(dimensions: Sequence[str], codes: Sequence[str]) -> str:
    return ";".join(f"{dimension}={code}" for dimension, code in zip(dimensions, codes) if code not in TOTALS)


def joined_flags(*flags: str) -> str:
    """All flags, each letter once."""
    return "".join(sorted(set("".join(flags))))
