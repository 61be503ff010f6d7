"""The formulas: observations become counts, and counts become ratios, shares, changes and ranks.

Every function takes and gives results: DataFrames with the columns of `workbench.model.words.RESULT_COLUMNS`, one row a
number. A missing part makes the whole missing; flags of all parts are kept; bounds follow from rounding.
"""

from collections.abc import Collection, Sequence

import numpy
import pandas

from workbench.indicators.intervals import difference_bounds, rank_bounds, ratio_bounds, rounding_bounds
from workbench.model.words import NOT_AVAILABLE, RESULT_COLUMNS, TOTALS

MINIMUM_DENOMINATOR = 30
"""Shares and changes on fewer persons are withheld: rounding and chance would swamp them."""

WITHHELD = "u"
"""The flag of a number that is withheld for its low reliability."""

NOT_APPLICABLE = "z"
"""The flag of a number that cannot be: the rank of a country among those it does not belong to."""

_NOT_BROKEN_DOWN = {"freq", "unit", "geo", "time"}


def count(observations: pandas.DataFrame, indicator: str, unit: str, fixed: Collection[str] = ()) -> pandas.DataFrame:
    """Results that are observations as published.

    Parameters
    ----------
    observations : DataFrame
        As `workbench.data.observations.select` gives them.
    indicator, unit : str
        Id and unit of the results.
    fixed : collection of str
        Dimensions that the indicator itself fixes: they are no breakdown.
    """
    dimensions = list(observations.columns[: observations.columns.get_loc("time")])
    broken_down = sorted(set(dimensions) - _NOT_BROKEN_DOWN - set(fixed))
    low, high = rounding_bounds(observations["value"], observations["rounding_base"])
    return pandas.DataFrame(
        {
            "indicator": indicator,
            "geo": observations["geo"],
            "breakdown": [_breakdown(broken_down, codes) for codes in _rows(observations, broken_down)],
            "time": observations["time"],
            "value": observations["value"],
            "low": low,
            "high": high,
            "unit": unit,
            "flags": [_flags(*pair) for pair in _rows(observations, ["obs_status", "conf_status"])],
            "dataset": observations["dataset"],
            "vintage": observations["vintage"],
        },
        columns=RESULT_COLUMNS,
    )


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
    return _withhold(_divided(pairs, indicator, unit, per), pairs["value_below"])


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
    return _withhold(within, pairs["value_below"])


def difference(minuends: pandas.DataFrame, subtrahends: pandas.DataFrame, indicator: str, unit: str) -> pandas.DataFrame:
    """Each minuend less the subtrahend with the same keys: signed, unlike what is left of a whole."""
    pairs = _paired(minuends, subtrahends, ("geo", "breakdown", "time"))
    (low, high), (low_below, high_below) = _bounds(pairs), _bounds(pairs, "_below")
    return pairs.assign(
        indicator=indicator,
        value=pairs["value"] - pairs["value_below"],
        low=low - high_below,
        high=high - low_below,
        unit=unit,
        flags=[_flags(*both) for both in _rows(pairs, ["flags", "flags_below"])],
        **_joined(pairs),
    )[list(RESULT_COLUMNS)]


def periods_of(time: str, year: str | None) -> list[str]:
    """The periods that a year is made of; a shorter period is itself.

    >>> periods_of("2022", "sum of quarters"), periods_of("2022", "last month"), periods_of("2022-05", "sum of months")
    (['2022-Q1', '2022-Q2', '2022-Q3', '2022-Q4'], ['2022-12'], ['2022-05'])
    """
    if year is None or "-" in time:
        return [time]
    return {
        "sum of quarters": [f"{time}-Q{quarter}" for quarter in range(1, 5)],
        "sum of months": [f"{time}-{month:02d}" for month in range(1, 13)],
        "last month": [f"{time}-12"],
    }[year]


def with_zeros(counts: pandas.DataFrame, reported: pandas.DataFrame) -> pandas.DataFrame:
    """Counts where a code that is absent, of a country and time with others reported, is the zero that it stands for.

    Parameters
    ----------
    counts : DataFrame
        Results that are observations.
    reported : DataFrame
        The observations of every code, of the same countries and times.
    """
    there = reported.loc[reported["value"].notna(), ["geo", "time"]]
    is_reported = pandas.MultiIndex.from_frame(counts[["geo", "time"]]).isin(pandas.MultiIndex.from_frame(there))
    zero = is_reported & (counts["flags"] == NOT_AVAILABLE).to_numpy()
    low, high = rounding_bounds(0.0, reported["rounding_base"].iloc[0] if len(reported) else 1)
    counts.loc[zero, ["value", "low", "high"]] = [0.0, float(low), float(high)]
    counts.loc[zero, "flags"] = ""
    return counts


def added(counts: pandas.DataFrame) -> pandas.DataFrame:
    """Counts of the same key added up; a sum over a missing part is missing.

    The bounds are those of the parts that are there: a zero adds nothing to them, or a sum over all the citizenships that
    nobody has would have no upper bound worth showing.
    """
    zero = counts["value"] == 0
    counts = counts.assign(low=counts["low"].mask(zero, 0.0), high=counts["high"].mask(zero, 0.0))
    groups = counts.groupby(["geo", "breakdown", "time"], sort=False)
    sums = groups[["value", "low", "high"]].agg(lambda part: part.sum(skipna=False))
    return groups.agg(
        indicator=("indicator", "first"),
        unit=("unit", "first"),
        flags=("flags", lambda part: _flags(*part)),
        dataset=("dataset", "first"),
        vintage=("vintage", "first"),
    ).join(sums).reset_index()[list(RESULT_COLUMNS)]  # fmt: skip


def shares_of_known(parts: pandas.DataFrame, totals: pandas.DataFrame, unknown: pandas.DataFrame) -> pandas.DataFrame:
    """Each part that is there as a share (0 to 1) of the total less what is unknown; totals with no part stay, without.

    The total is the published one, not a sum of rounded parts. Zeros and parts that round to zero are no parts.
    """
    known = totals.reset_index(drop=True)
    beside = unknown.set_index(["geo", "time"])[["value", "low", "high"]].reindex(
        pandas.MultiIndex.from_frame(known[["geo", "time"]])
    )
    beside = beside.fillna(0.0).reset_index(drop=True)
    known = known.assign(
        value=known["value"] - beside["value"],
        low=(known["low"] - beside["high"]).clip(lower=0),
        high=known["high"] - beside["low"],
    )
    pairs = known.merge(parts[parts["value"] > 0], on=["geo", "time"], how="left", suffixes=("_known", "")).fillna(
        {"flags": ""}
    )
    with numpy.errstate(divide="ignore", invalid="ignore"):
        return pairs.assign(
            share=pairs["value"] / pairs["value_known"],
            lowest=pairs["low"] / pairs["high_known"],
            highest=(pairs["high"] / pairs["low_known"]).clip(upper=1),
        )


def concentration(mix: pandas.DataFrame, indicator: str, unit: str, formula: str) -> pandas.DataFrame:
    """How concentrated a mix of shares is: the sum of their squares, or the share of the five largest in per cent.

    Parts too small to be published leave the upper bound open by what remains: each is at most half the rounding base.

    References
    ----------
    S. A. Rhoades, "The Herfindahl-Hirschman Index", *Federal Reserve Bulletin* 79 (1993) 188–189.
    """

    def of(group: pandas.DataFrame) -> tuple[float, float, float]:
        share, low, high = (group[column].sort_values(ascending=False) for column in ("share", "lowest", "highest"))
        if formula == "share of the five largest":
            return tuple(min(100.0, part.head(5).sum() * 100) for part in (share, low, high))
        rest = max(0.0, 1 - low.sum()) * float((high - low).min())
        return (share**2).sum(), (low**2).sum(), min(1.0, (high**2).sum() + rest)

    return _of_each_mix(mix, of, indicator, unit)


def dissimilarity(mix: pandas.DataFrame, standard: pandas.DataFrame, indicator: str, unit: str) -> pandas.DataFrame:
    """Half the sum of the differences between the shares of a mix and those of a standard of the same time, in per cent:
    the part that would have to be of another kind for the two to be alike.

    References
    ----------
    O. D. Duncan and B. Duncan, "A Methodological Analysis of Segregation Indexes", *American Sociological Review* 20
    (1955) 210–217.
    """
    there = {time: group.set_index("breakdown") for time, group in standard.groupby("time") if group["share"].notna().any()}

    def of(group: pandas.DataFrame) -> tuple[float, float, float]:
        time = group["time"].iloc[0]
        if time not in there:
            return (numpy.nan,) * 3
        columns = ["share", "lowest", "highest"]
        both = group.set_index("breakdown")[columns].join(there[time][columns], how="outer", rsuffix="_eu").fillna(0.0)
        apart = (both["share"] - both["share_eu"]).abs().sum() * 50
        least = (both["lowest"] - both["highest_eu"]).clip(lower=0) + (both["lowest_eu"] - both["highest"]).clip(lower=0)
        most = numpy.maximum(both["highest"] - both["lowest_eu"], both["highest_eu"] - both["lowest"])
        return min(apart, 100.0), least.sum() * 50, min(most.sum() * 50, 100.0)

    return _of_each_mix(mix, of, indicator, unit)


def _of_each_mix(mix: pandas.DataFrame, of, indicator: str, unit: str) -> pandas.DataFrame:
    rows = []
    for (geo, time), group in mix.groupby(["geo", "time"], sort=False):
        there = group["share"].notna().any()
        value, low, high = of(group[group["share"].notna()]) if there else (numpy.nan,) * 3
        first = group.iloc[0]
        flags = _flags(first["flags_known"], *group["flags"]) if there else _flags(first["flags_known"], NOT_AVAILABLE)
        source = {"dataset": first["dataset_known"], "vintage": first["vintage_known"]}
        numbers = {"value": value, "low": low, "high": high, "persons": first["value_known"]}
        rows.append({"geo": geo, "time": time, "flags": flags, **numbers, **source})
    results = pandas.DataFrame(rows).assign(indicator=indicator, breakdown="", unit=unit)
    return _withhold(results, results["persons"])[list(RESULT_COLUMNS)]


def less(wholes: pandas.DataFrame, parts: Sequence[pandas.DataFrame], breakdown: str = "") -> pandas.DataFrame:
    """What is left of a whole when parts of it are taken away; countries and times in the order of the wholes."""
    left = wholes.reset_index(drop=True)
    keys = pandas.MultiIndex.from_frame(left[["geo", "time"]])
    aligned = [part.set_index(["geo", "time"]).reindex(keys).reset_index() for part in parts]
    low, high = difference_bounds(_bounds(left), [_bounds(part) for part in aligned])
    return left.assign(
        breakdown=breakdown,
        value=(left["value"] - sum(part["value"] for part in aligned)).clip(lower=0),
        low=low,
        high=high,
        flags=[
            _flags(*flags) for flags in zip(left["flags"], *(part["flags"].fillna(NOT_AVAILABLE) for part in aligned))
        ],
    )


def largest(parts: pandas.DataFrame, total: pandas.DataFrame, dimension: str, most: int) -> pandas.DataFrame:
    """The largest parts of one country and time, then ``OTHER``: what is left of the total.

    Parts are taken from the total rather than added up to it, for rounded parts do not add up. Parts of the same size
    stand in the order of their codes. Parts that are zero or missing are not named.
    """
    named = parts[parts["value"] > 0].sort_values(["value", "breakdown"], ascending=[False, True], kind="stable")
    named = named.head(most)
    if len(named) == 0 or len(total) == 0:
        return named.reset_index(drop=True)
    other = less(total, [named.iloc[[row]] for row in range(len(named))], f"{dimension}=OTHER")
    return pandas.concat([named, other], ignore_index=True)


def change(results: pandas.DataFrame, before: pandas.DataFrame, indicator: str, unit: str = "%") -> pandas.DataFrame:
    """Change of each result on the period before, in per cent.

    Withheld where the period before counts fewer than `MINIMUM_DENOMINATOR` persons.
    """
    a_period_on = before.assign(time=[shifted(time, 1) for time in before["time"]])
    pairs = _paired(results, a_period_on, ("geo", "breakdown", "time"))
    changes = _divided(pairs, indicator, unit, 100)
    changes[["value", "low", "high"]] -= 100
    return _withhold(changes, pairs["value_below"].where(pairs["unit"] == "persons"))


def rank(results: pandas.DataFrame, indicator: str, unit: str = "rank") -> pandas.DataFrame:
    """Rank of each country at each time among those given (1 = highest; equal values share the better rank).

    A country without a value has no rank and does not count.
    """
    ranked = results.assign(indicator=indicator, unit=unit)
    for _, group in ranked.groupby(["time", "breakdown"], sort=False):
        there = group[group["value"].notna()]
        low, high = rank_bounds(_bounds(there))
        ranked.loc[there.index, "value"] = there["value"].rank(ascending=False, method="min")
        ranked.loc[there.index, "low"] = low
        ranked.loc[there.index, "high"] = high
    return ranked


def not_applicable(results: pandas.DataFrame, indicator: str, unit: str) -> pandas.DataFrame:
    """The places of results that an indicator cannot have: without a value, and flagged so."""
    nothing = {"value": numpy.nan, "low": numpy.nan, "high": numpy.nan, "flags": NOT_APPLICABLE}
    return results.assign(indicator=indicator, unit=unit, **nothing)


def number_ranked(results: pandas.DataFrame, indicator: str, geo: str, unit: str) -> pandas.DataFrame:
    """How many of the countries given have a value at each time; filed under the aggregate they belong to."""
    numbers = results.groupby(["time", "dataset", "vintage"], sort=False, as_index=False)["value"].count()
    return numbers.assign(
        indicator=indicator, geo=geo, breakdown="", low=numbers["value"], high=numbers["value"], unit=unit, flags=""
    ).astype({"value": float, "low": float, "high": float})[list(RESULT_COLUMNS)]


def shifted(time: str, periods: int) -> str:
    """The year, quarter or month that is so many periods later (or earlier, if negative).

    >>> shifted("2022", 1), shifted("2022-Q4", 1), shifted("2023-01", -1)
    ('2023', '2023-Q1', '2022-12')
    """
    year, _, within = time.partition("-")
    if not within:
        return str(int(year) + periods)
    a_year = 4 if within.startswith("Q") else 12
    index = int(year) * a_year + int(within.removeprefix("Q")) - 1 + periods
    year, number = index // a_year, index % a_year + 1
    return f"{year}-Q{number}" if a_year == 4 else f"{year}-{number:02d}"


def _paired(above: pandas.DataFrame, below: pandas.DataFrame, on: Sequence[str]) -> pandas.DataFrame:
    pairs = above.merge(below, how="left", on=list(on), suffixes=("", "_below"), validate="many_to_one")
    return pairs.fillna({"flags_below": NOT_AVAILABLE})


def _divided(pairs: pandas.DataFrame, indicator: str, unit: str, per: float) -> pandas.DataFrame:
    low, high = ratio_bounds(_bounds(pairs), _bounds(pairs, "_below"))
    with numpy.errstate(divide="ignore", invalid="ignore"):
        value = numpy.where(pairs["value_below"] > 0, pairs["value"] / pairs["value_below"], numpy.nan)
    flags = [_flags(*both) for both in _rows(pairs, ["flags", "flags_below"])]
    return pairs.assign(
        indicator=indicator,
        value=value * per,
        low=numpy.where(numpy.isnan(value), numpy.nan, low * per),
        high=numpy.where(numpy.isnan(value), numpy.nan, high * per),
        unit=unit,
        flags=flags,
        **_joined(pairs),
    )[list(RESULT_COLUMNS)]


def _withhold(results: pandas.DataFrame, persons_below: pandas.Series) -> pandas.DataFrame:
    tiny = (persons_below < MINIMUM_DENOMINATOR).to_numpy()
    results.loc[tiny, ["value", "low", "high"]] = numpy.nan
    results.loc[tiny, "flags"] = [_flags(flags, WITHHELD) for flags in results.loc[tiny, "flags"]]
    return results


def _joined(pairs: pandas.DataFrame) -> dict[str, list[str]]:
    """Both sources of a number, each dataset and vintage once: ``migr_asyappctza+demo_gind``."""
    columns = ["dataset", "vintage", "dataset_below", "vintage_below"]
    # The rows of a column are nearly all alike: each distinct one is joined once.
    of_each = {row: _joined_sources(row) for row in set(_rows(pairs, columns))}
    joined = [of_each[row] for row in _rows(pairs, columns)]
    return {"dataset": [dataset for dataset, _ in joined], "vintage": [vintage for _, vintage in joined]}


def _joined_sources(row: tuple) -> tuple[str, str]:
    sources = {}
    for dataset, vintage in (row[:2], row[2:]):
        if isinstance(dataset, str):
            sources |= dict.fromkeys(zip(dataset.split("+"), vintage.split("+"), strict=True))
    return "+".join(dataset for dataset, _ in sources), "+".join(vintage for _, vintage in sources)


def _bounds(frame: pandas.DataFrame, suffix: str = "") -> tuple[numpy.ndarray, numpy.ndarray]:
    return frame[f"low{suffix}"].to_numpy(float), frame[f"high{suffix}"].to_numpy(float)


def _rows(frame: pandas.DataFrame, columns: list[str]) -> list[tuple]:
    return list(frame[columns].itertuples(index=False, name=None)) if columns else [()] * len(frame)


def _breakdown(dimensions: Sequence[str], codes: Sequence[str]) -> str:
    return ";".join(f"{dimension}={code}" for dimension, code in zip(dimensions, codes) if code not in TOTALS)


def _flags(*flags: str) -> str:
    return "".join(sorted(set("".join(flags))))
