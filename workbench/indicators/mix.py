"""What a mix of citizenships, or of any other parts, is like: how concentrated it is, and how far from another.

A share is one of what is known: of the sum of the published parts. Bounds hold the truth for any counts that round to the
published ones, and the published sum. A part too small to be published is at most half the rounding base: what the named
parts leave of the published total may be made of such, or of more of each named one than it is rounded to.
"""

from collections.abc import Callable, Sequence

import numpy
import pandas
from numpy.typing import NDArray

from workbench.data.text_columns import with_text
from workbench.indicators.formulas import MINIMUM_DENOMINATOR, joined_flags, joined_sources, rows_of, share, withheld
from workbench.model.types import NOT_AVAILABLE, NUMBER_COLUMNS, RESULT_COLUMNS

# The methods load scipy, which most indicators do without: they are imported where they are used.

MINIMUM_COVERAGE = 0.8
"""A mix of parts that are less of the published total is withheld: the others may be of any kind."""

_LARGEST = 5
_SHARES = ["share", "lowest", "highest"]
_KEYS = ["geo", "time"]
_ORIGIN = ["flags", "dataset", "vintage"]


def shares_of_known(parts: pandas.DataFrame, totals: pandas.DataFrame, unknown: pandas.DataFrame) -> pandas.DataFrame:
    """Each part that is there as a share (0 to 1) of all the parts that are there.

    Zeros and parts that round to zero are no parts; a country and time without any part keeps a row, without a share.

    Parameters
    ----------
    parts : DataFrame
        Results of every single code.
    totals, unknown : DataFrame
        Results of all, and of those whose code is not known, from the same vintage. Where no total is published, parts that
        round to zero are taken as none, as in every sum over codes.

    Returns
    -------
    DataFrame
        A row for each part: ``share`` with its bounds ``lowest`` and ``highest``; ``unseen``, the most that a part which
        is not there can be; ``is_thin``, whether the parts are too few persons, or too little of the total, to be a mix;
        flags, dataset and vintage of the total as ``flags_total`` and so on.
    """
    there = parts[parts["value"] > 0]
    pairs = _wholes(there, totals, unknown).merge(
        there[[*_KEYS, "breakdown", *NUMBER_COLUMNS, *_ORIGIN]], on=_KEYS, how="left"
    )
    others = pairs["known_low"] - pairs["low"]
    return pairs.assign(
        share=pairs["value"] / pairs["known"],
        lowest=pairs["low"] / pairs["most"],
        highest=pairs["high"] / numpy.maximum(pairs["fewest"], pairs["high"] + others),
        flags=pairs["flags"].astype(object).fillna(""),
    )


def _wholes(there: pandas.DataFrame, totals: pandas.DataFrame, unknown: pandas.DataFrame) -> pandas.DataFrame:
    """What the parts of each country and time are parts of: their sum, and the fewest and most that it can be in truth."""
    at = pandas.MultiIndex.from_frame(totals[_KEYS])
    known = there.groupby(_KEYS)[list(NUMBER_COLUMNS)].sum().reindex(at)
    half = (there["high"] - there["value"]).groupby([there["geo"], there["time"]]).max().reindex(at)
    total = totals.set_index(_KEYS)
    beside = unknown.set_index(_KEYS)[list(NUMBER_COLUMNS)].reindex(at).fillna(0.0)
    # The sum that is published lies between them too, even where it is not what the total says.
    least, greatest = total["low"] - beside["high"], total["high"] - beside["low"]
    fewest = numpy.minimum(known["value"], numpy.fmax(known["low"], least))
    most = numpy.fmax(known["value"], greatest.fillna(known["high"]))
    # Where nothing is rounded, all that the parts leave may be of one kind.
    unseen = half.where(half > 0, most - known["low"]) / fewest
    wholes = {
        "known": known["value"], "known_low": known["low"], "fewest": fewest, "most": most,
        "unseen": unseen.clip(upper=1).fillna(0.0),
        "is_thin": (known["value"] < MINIMUM_DENOMINATOR) | (known["value"] < MINIMUM_COVERAGE * total["value"]),
        "flags_total": total["flags"].astype(object).where(total["value"].notna(), ""),
        "dataset_total": total["dataset"], "vintage_total": total["vintage"],
    }  # fmt: skip
    return pandas.DataFrame(wholes, index=at).reset_index()


def known_share(parts: pandas.DataFrame, totals: pandas.DataFrame, indicator: str, unit: str) -> pandas.DataFrame:
    """The sum of the known parts in per cent of the published total: the coverage of a mix."""
    sums = parts[parts["value"] > 0].groupby(_KEYS)[list(NUMBER_COLUMNS)].sum()
    sums = sums.reindex(pandas.MultiIndex.from_frame(totals[_KEYS]))
    missing = sums["value"].isna().map({True: NOT_AVAILABLE, False: ""})
    together = totals.assign(**{name: sums[name].to_numpy() for name in NUMBER_COLUMNS})
    return share(with_text(together, breakdown="", flags=missing.tolist()), totals, indicator, unit)


def expected_rate(
    own: pandas.DataFrame, part: pandas.DataFrame, whole: pandas.DataFrame, indicator: str, unit: str
) -> pandas.DataFrame:
    """What the rate of each country and time would be, in per cent, if each of its codes had the rate of a standard.

    Parameters
    ----------
    own : DataFrame
        Of each country, what rates are of, code by code: the weights.
    part, whole : DataFrame
        Of the standard, code by code: its rate is the one in the other.

    References
    ----------
    Indirect standardisation: J. L. Fleiss, B. Levin and M. C. Paik, *Statistical Methods for Rates and Proportions*, 2003.
    """
    keys = ["breakdown", "time"]
    held = own[own["value"] > 0]
    at = pandas.MultiIndex.from_frame(held[keys])
    above, below = (frame.set_index(keys)[list(NUMBER_COLUMNS)].reindex(at) for frame in (part, whole))
    parts, wholes, weights = (of.to_numpy(float).T for of in (above, below, held[list(NUMBER_COLUMNS)]))
    rows: dict[tuple, list[int]] = {key: [] for key in rows_of(own, _KEYS)}
    for row, key in enumerate(rows_of(held, _KEYS)):
        rows[key].append(row)
    numbers = [_expected(parts[:, of_one], wholes[:, of_one], weights[:, of_one]) for of_one in rows.values()]
    places = own.groupby(_KEYS, sort=False).first().reset_index()
    flags = [NOT_AVAILABLE if numpy.isnan(value) else "" for value, _, _ in numbers]
    expected = places.assign(**dict(zip(NUMBER_COLUMNS, numpy.transpose(numbers))))
    # A bound that is reached may differ from the value by the last digit of a float.
    expected["low"] = expected[["low", "value"]].min(axis=1, skipna=False)
    expected["high"] = expected[["high", "value"]].max(axis=1, skipna=False)
    named = with_text(expected, indicator=indicator, unit=unit, breakdown="", flags=flags)
    is_thin = [weights[0, of_one].sum() < MINIMUM_DENOMINATOR for of_one in rows.values()]
    return withheld(named, is_thin)[list(RESULT_COLUMNS)]


def _expected(parts: NDArray, wholes: NDArray, weights: NDArray) -> tuple[float, float, float]:
    """Value and bounds, in per cent, from rows of values, lowest and highest ones, a column for each code."""
    from workbench.methods.standardisation import weighted_rate, weighted_rate_bounds

    # A rate that is not known leaves the whole open.
    rates = numpy.divide(parts[0], wholes[0], out=numpy.full(parts.shape[1], numpy.nan), where=wholes[0] > 0)
    value = weighted_rate(numpy.minimum(rates, 1.0), weights[0])
    low, high = weighted_rate_bounds(tuple(parts[1:]), tuple(wholes[1:]), tuple(weights[1:]))
    return value * 100, low * 100, high * 100


def number_of_parts(parts: pandas.DataFrame, indicator: str, unit: str) -> pandas.DataFrame:
    """How many parts of each country and time hold anything; missing where none is known."""
    groups = parts.groupby(_KEYS, sort=False)
    firsts = groups.first().reset_index()
    known = (parts["value"] > 0).groupby([parts["geo"], parts["time"]], sort=False).sum().to_numpy(float)
    number = numpy.where(groups["value"].count().to_numpy() > 0, known, numpy.nan)
    flags = ["" if is_known else NOT_AVAILABLE for is_known in ~numpy.isnan(number)]
    numbers = firsts.assign(**dict.fromkeys(NUMBER_COLUMNS, number))
    return with_text(numbers, indicator=indicator, unit=unit, breakdown="", flags=flags)[list(RESULT_COLUMNS)]


def herfindahl_hirschman(mix: pandas.DataFrame, indicator: str, unit: str) -> pandas.DataFrame:
    """The sum of the squared shares, as `workbench.methods.dispersion.herfindahl_hirschman` has it."""
    from workbench.methods import dispersion

    def of(parts: pandas.DataFrame) -> tuple[float, float, float]:
        unseen = parts["unseen"].iloc[0]
        rest = max(0.0, 1 - parts["lowest"].sum()) * unseen
        # The sum of squares of shares is at most the largest of them.
        most = min(dispersion.herfindahl_hirschman(parts["highest"]) + rest, max(parts["highest"].max(), unseen))
        return dispersion.herfindahl_hirschman(parts["share"]), dispersion.herfindahl_hirschman(parts["lowest"]), most

    return _of_each_mix(mix, of, indicator, unit, 1.0)


def share_of_the_largest(mix: pandas.DataFrame, indicator: str, unit: str) -> pandas.DataFrame:
    """The share of the five largest parts together, in per cent; parts of one size may stand for each other."""
    from workbench.methods import dispersion

    def of(parts: pandas.DataFrame) -> tuple[float, float, float]:
        # What is not there may be larger than a part that is.
        possible = pandas.concat([parts["highest"], parts["unseen"].head(1).repeat(_LARGEST)])
        value, low, high = (
            dispersion.share_of_the_largest(of, _LARGEST) * 100 for of in (parts["share"], parts["lowest"], possible)
        )
        return value, low, high

    return _of_each_mix(mix, of, indicator, unit, 100.0)


def dissimilarity(mix: pandas.DataFrame, standard: pandas.DataFrame, indicator: str, unit: str) -> pandas.DataFrame:
    """How far a mix is from that of a standard of the same time, in per cent: `workbench.methods.dispersion.dissimilarity`.

    What is in no named part counts by half: it may or may not be of a kind that the other has more of.
    """
    from workbench.methods import dispersion

    there = standard[standard["share"].notna()]
    standards = dict(tuple(there.groupby("time")))
    thin = set(there.loc[there["is_thin"], "time"])

    def of(parts: pandas.DataFrame) -> tuple[float, float, float]:
        other = standards.get(parts["time"].iloc[0])
        if other is None:
            return (numpy.nan,) * 3
        own, others = _side_by_side(parts, other)
        apart = dispersion.dissimilarity(own["share"], others["share"])
        # In truth both sides add to 1: what one has more of is what the other has more of, and the remainder is common.
        more = (own["lowest"] - others["highest"]).clip(lower=0).sum()
        fewer = (others["lowest"] - own["highest"]).clip(lower=0).sum()
        common = numpy.minimum(own["lowest"], others["lowest"]).sum()
        return apart * 100, max(more, fewer) * 100, (1 - common) * 100

    sources = {time: _sources(other) for time, other in standards.items()}
    mix = mix.assign(is_thin=mix["is_thin"] | mix["time"].isin(thin))
    return _of_each_mix(mix, of, indicator, unit, 100.0, lambda time: sources.get(time, ()))


def _side_by_side(parts: pandas.DataFrame, other: pandas.DataFrame) -> tuple[pandas.DataFrame, pandas.DataFrame]:
    """The shares of two mixes, by all parts that either has; one that a mix has not is zero, or too small to be seen."""
    names = parts["breakdown"].tolist() + other.loc[~other["breakdown"].isin(parts["breakdown"]), "breakdown"].tolist()

    def of(mix: pandas.DataFrame) -> pandas.DataFrame:
        shares = mix.set_index("breakdown")[_SHARES].reindex(names)
        return shares.fillna({"share": 0.0, "lowest": 0.0, "highest": mix["unseen"].iloc[0]})

    return of(parts), of(other)


def _sources(rows: pandas.DataFrame) -> list[tuple[str, str]]:
    """Datasets and vintages of the totals and of the parts."""
    columns = (["dataset_total", "vintage_total"], ["dataset", "vintage"])
    return [pair for pair_of in columns for pair in rows[pair_of].drop_duplicates().itertuples(index=False, name=None)]


def _of_each_mix(
    mix: pandas.DataFrame,
    of: Callable[[pandas.DataFrame], tuple[float, float, float]],
    indicator: str,
    unit: str,
    most: float,
    beside: Callable[[str], Sequence[tuple[str, str]]] = lambda time: (),
) -> pandas.DataFrame:
    """A result for each country and time: value and bounds of its parts, no value beyond its bounds or ``most``."""
    rows = []
    for (geo, time), group in mix.groupby(["geo", "time"], sort=False):
        parts, first = group[group["share"].notna()], group.iloc[0]
        value, low, high = of(parts) if len(parts) else (numpy.nan,) * 3
        high = min(high, most)
        dataset, vintage = joined_sources([*_sources(group), *beside(time)])
        missing = NOT_AVAILABLE if numpy.isnan(value) else ""
        rows.append({
            "indicator": indicator, "geo": geo, "breakdown": "", "time": time,
            "value": min(max(value, low), high), "low": low, "high": high, "unit": unit,
            "flags": joined_flags(first["flags_total"], *group["flags"], missing),
            "dataset": dataset, "vintage": vintage, "is_thin": first["is_thin"],
        })  # fmt: skip
    results = pandas.DataFrame(rows, columns=[*RESULT_COLUMNS, "is_thin"]).astype({"is_thin": bool})
    return withheld(results, results["is_thin"])[list(RESULT_COLUMNS)]
