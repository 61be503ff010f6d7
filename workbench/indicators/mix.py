"""What a mix of citizenships, or of any other parts, is like: how concentrated it is, and how far from another.

Bounds hold the truth for any counts that round to the published ones. A part too small to be published is at most half
the rounding base: what the named parts leave of the whole may be made of such.
"""

from collections.abc import Callable, Sequence

import numpy
import pandas

from workbench.indicators.formulas import joined_flags, joined_sources, withhold
from workbench.model.words import NOT_AVAILABLE, RESULT_COLUMNS

_LARGEST = 5
_SHARES = ["share", "lowest", "highest"]


def shares_of_known(parts: pandas.DataFrame, totals: pandas.DataFrame, unknown: pandas.DataFrame) -> pandas.DataFrame:
    """Each part that is there as a share (0 to 1) of the total less what is unknown.

    Zeros and parts that round to zero are no parts; a total without any part keeps a row, without a share.

    Parameters
    ----------
    parts : DataFrame
        Results of every single code.
    totals, unknown : DataFrame
        Results of all, and of those whose code is not known, from the same vintage.

    Returns
    -------
    DataFrame
        A row for each part: ``share`` with its bounds ``lowest`` and ``highest``; ``unseen``, the most that a part which
        is not there can be; and the total as ``value_known``, ``flags_known`` and so on.
    """
    keys = ["geo", "time"]
    beside = unknown.set_index(keys)[["value", "low", "high"]].reindex(pandas.MultiIndex.from_frame(totals[keys]))
    beside = beside.fillna(0.0).set_axis(totals.index)
    known = totals.assign(
        value=totals["value"] - beside["value"],
        low=(totals["low"] - beside["high"]).clip(lower=0),
        high=totals["high"] - beside["low"],
    )
    there = parts[parts["value"] > 0]
    pairs = known.merge(there.assign(half=there["high"] - there["value"]), on=keys, how="left", suffixes=("_known", ""))
    half = pairs.groupby(keys)["half"].transform("max")
    with numpy.errstate(divide="ignore", invalid="ignore"):
        return pairs.assign(
            # Rounded by itself, a part may be published larger than its whole.
            share=(pairs["value"] / pairs["value_known"]).clip(upper=1),
            lowest=(pairs["low"] / pairs["high_known"]).clip(upper=1),
            highest=(pairs["high"] / pairs["low_known"]).clip(upper=1),
            unseen=(half / pairs["low_known"]).fillna(0.0).clip(upper=1),
            flags=pairs["flags"].astype(object).fillna(""),
        )


def herfindahl_hirschman(mix: pandas.DataFrame, indicator: str, unit: str) -> pandas.DataFrame:
    """The sum of the squared shares: 1 for one part, 1/n for n parts of one size.

    References
    ----------
    S. A. Rhoades, "The Herfindahl-Hirschman Index", *Federal Reserve Bulletin* 79 (1993) 188–189.
    """

    def of(parts: pandas.DataFrame) -> tuple[float, float, float]:
        unseen = parts["unseen"].iloc[0]
        rest = max(0.0, 1 - parts["lowest"].sum()) * unseen
        # The sum of squares of shares is at most the largest of them.
        most = min((parts["highest"] ** 2).sum() + rest, max(parts["highest"].max(), unseen))
        return (parts["share"] ** 2).sum(), (parts["lowest"] ** 2).sum(), most

    return _of_each_mix(mix, of, indicator, unit, 1.0)


def share_of_the_largest(mix: pandas.DataFrame, indicator: str, unit: str) -> pandas.DataFrame:
    """The share of the five largest parts together, in per cent; parts of one size may stand for each other."""

    def of(parts: pandas.DataFrame) -> tuple[float, float, float]:
        share, low, high = (parts[column].nlargest(_LARGEST).sum() * 100 for column in _SHARES)
        unnamed = max(0, _LARGEST - len(parts)) * parts["unseen"].iloc[0] * 100
        return share, low, high + unnamed

    return _of_each_mix(mix, of, indicator, unit, 100.0)


def dissimilarity(mix: pandas.DataFrame, standard: pandas.DataFrame, indicator: str, unit: str) -> pandas.DataFrame:
    """Half the sum of the differences between the shares of a mix and those of a standard of the same time, in per cent:
    the part that would have to be of another kind for the two to be alike.

    What is in no named part counts by half: it may or may not be of a kind that the other has more of.

    References
    ----------
    O. D. Duncan and B. Duncan, "A Methodological Analysis of Segregation Indexes", *American Sociological Review* 20
    (1955) 210–217.
    """
    there = standard[standard["share"].notna()]
    standards = dict(tuple(there.groupby("time")))

    def of(parts: pandas.DataFrame) -> tuple[float, float, float]:
        other = standards.get(parts["time"].iloc[0])
        if other is None:
            return (numpy.nan,) * 3
        own, others = _side_by_side(parts, other)
        apart = (own["share"] - others["share"]).abs().sum() / 2
        # In truth both sides add to 1: what one has more of is what the other has more of, and the remainder is common.
        more = (own["lowest"] - others["highest"]).clip(lower=0).sum()
        fewer = (others["lowest"] - own["highest"]).clip(lower=0).sum()
        common = numpy.minimum(own["lowest"], others["lowest"]).sum()
        return apart * 100, max(more, fewer) * 100, (1 - common) * 100

    sources = {time: _sources(other) for time, other in standards.items()}
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
    columns = (["dataset_known", "vintage_known"], ["dataset", "vintage"])
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
            "flags": joined_flags(first["flags_known"], *group["flags"], missing),
            "dataset": dataset, "vintage": vintage, "persons": first["value_known"],
        })  # fmt: skip
    results = pandas.DataFrame(rows, columns=[*RESULT_COLUMNS, "persons"])
    return withhold(results, results["persons"])[list(RESULT_COLUMNS)]
