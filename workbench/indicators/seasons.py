"""How the year goes: which months have more and which have fewer."""

import numpy
import pandas

from workbench.indicators.formulas import MINIMUM_DENOMINATOR, joined_flags
from workbench.model.types import NOT_AVAILABLE, RESULT_COLUMNS, WITHHELD

MINIMUM_YEARS = 3
"""An average over fewer full years would show those years and no season."""

_MONTHS = [f"{month:02d}" for month in range(1, 13)]


def month_shares(counts: pandas.DataFrame, time: str, indicator: str, unit: str) -> pandas.DataFrame:
    """The share of each month of the calendar in its year, averaged over the full years, in per cent.

    Each year weighs the same, however many it counts, so that one of a crisis does not make the season. A year that lacks
    a month, or counts fewer than `MINIMUM_DENOMINATOR`, is left out; with fewer than `MINIMUM_YEARS` nothing is averaged.
    Plain on purpose: a model of trend and season needs longer series without breaks than most countries have.

    Parameters
    ----------
    counts : DataFrame
        Results of the months of some years, up to the year ``time``.
    """
    rows = []
    for geo, of_geo in counts.groupby("geo", sort=False):
        shares = [_of_year(year) for _, year in of_geo.groupby(of_geo["time"].str[:4]) if _is_full(year)]
        there = len(shares) >= MINIMUM_YEARS
        average = numpy.mean(shares, axis=0) if there else numpy.full((12, 3), numpy.nan)
        missing = "" if there else WITHHELD if of_geo["value"].notna().any() else NOT_AVAILABLE
        used = of_geo[of_geo["value"].notna()] if missing != NOT_AVAILABLE else of_geo
        common = {
            "indicator": indicator, "geo": geo, "time": time, "unit": unit, "flags": joined_flags(*used["flags"], missing),
            "dataset": of_geo["dataset"].iloc[0], "vintage": of_geo["vintage"].iloc[0],
        }  # fmt: skip
        for month, (value, low, high) in zip(_MONTHS, average):
            rows.append(common | {"breakdown": f"month={month}", "value": value, "low": low, "high": high})
    return pandas.DataFrame(rows, columns=RESULT_COLUMNS)


def _is_full(year: pandas.DataFrame) -> bool:
    return len(year) == 12 and year["value"].sum(skipna=False) >= MINIMUM_DENOMINATOR


def _of_year(year: pandas.DataFrame) -> numpy.ndarray:
    """Share and bounds of each month: lowest where it is lowest itself and all others are highest."""
    value, low, high = (year.sort_values("time")[column].to_numpy(float) for column in ("value", "low", "high"))
    return 100 * numpy.column_stack([
        value / value.sum(), low / (low + high.sum() - high), high / (high + low.sum() - low),
    ])  # fmt: skip
