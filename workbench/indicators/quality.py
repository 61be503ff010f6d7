"""Measures of the data themselves: timeliness, completeness, flags, rounding, revisions, parts against totals.

Every function takes series of results, the headline figures of one place in one vintage, and gives results: DataFrames with
the columns of `workbench.model.types.RESULT_COLUMNS`. What was measured stands in the breakdown: ``measured=immigration``.

References
----------
Eurostat, *European Statistical System Handbook for Quality and Metadata Reports*, re-edition 2021.
"""

import datetime
from collections.abc import Collection, Sequence

import numpy
import pandas
from numpy.typing import ArrayLike

from workbench.data.text_columns import with_text
from workbench.indicators import formulas
from workbench.model.periods import days_of, year_of
from workbench.model.types import NOT_APPLICABLE, NOT_AVAILABLE, NUMBER_COLUMNS, RESULT_COLUMNS

WHOLE_BREAKDOWN = 90.0
"""Parts that make up less of a total, in per cent, are a breakdown of which a part is missing: no incoherence of the two."""


def last_day(time: str, reference_day: str | None = None) -> datetime.date:
    """The last day of a period, or the day of its year that the figure is of.

    >>> str(last_day("2022-Q3")), str(last_day("2024-02")), str(last_day("2024", "01-01"))
    ('2022-09-30', '2024-02-29', '2024-01-01')
    """
    if reference_day:
        return datetime.date.fromisoformat(f"{year_of(time)}-{reference_day}")
    return days_of(time)[1]


def lag(series: pandas.DataFrame, reference_day: str | None = None) -> pandas.DataFrame:
    """Days from the end of the last period that has a value to the day of the vintage; filed under that period."""
    there = series[series["value"].notna()]
    if there.empty:
        return _missing(series.tail(1), "lag_days", "days")
    last = there.tail(1)
    vintage = datetime.date.fromisoformat(last["vintage"].iloc[0][:10])
    return _measured(last, "lag_days", "days", (vintage - last_day(last["time"].iloc[0], reference_day)).days)


def completeness(series: pandas.DataFrame) -> pandas.DataFrame:
    """The share of the periods that have a value, in per cent; filed under the last period."""
    return _measured(series.tail(1), "completeness_pct", "%", 100 * series["value"].notna().mean())


def completeness_by_year(series: pandas.DataFrame) -> pandas.DataFrame:
    """The share of the periods of each year that have a value, in per cent."""
    of_year = with_text(series, time=[time[:4] for time in series["time"]])
    shares = of_year["value"].notna().groupby(of_year["time"]).mean()
    years = of_year.drop_duplicates("time")
    return _measured(years, "completeness_of_year_pct", "%", 100 * shares.loc[years["time"]].to_numpy())


def flag_counts(series: pandas.DataFrame, flags: Sequence[str], recorded: Collection[str]) -> pandas.DataFrame:
    """How many values carry each flag; not available for a flag that the file never carries, which may not be recorded."""
    carried = "".join(series.loc[series["value"].notna(), "flags"])
    counts = [carried.count(flag) if flag in recorded else numpy.nan for flag in flags]
    last = series.tail(1)
    of_each = last.loc[last.index.repeat(len(flags))].reset_index(drop=True)
    return _measured(of_each, "flagged_values", "values", counts, [f"obs_status={flag}" for flag in flags])


def rounding(value: pandas.DataFrame, base: float) -> pandas.DataFrame:
    """The rounding base, and the width of the rounding interval in per cent of the value; none for a zero."""
    # A column of what is divided: nothing is divided by zero.
    width = 100 * (value["high"] - value["low"]) / value["value"].where(value["value"] != 0)
    interval = _measured(value, "rounding_interval_pct", "%", width)
    interval.loc[(value["value"] == 0).to_numpy(), "flags"] = NOT_APPLICABLE
    return pandas.concat([_measured(value, "rounding_base", "persons", base), interval], ignore_index=True)


def revision(older: pandas.DataFrame, newer: pandas.DataFrame) -> pandas.DataFrame:
    """What a newer vintage has more than an older one of the same period, in persons and in per cent of the older."""
    absolute = formulas.difference(newer, older, "revision", "persons")
    relative = formulas.ratio(newer, older, "revision_pct", "%", 100)
    relative[["value", "low", "high"]] -= 100
    found = pandas.concat([absolute, relative], ignore_index=True)
    return with_text(found, breakdown=f"measured={newer['indicator'].iloc[0]}")


def against_total(
    parts: pandas.DataFrame, total: pandas.DataFrame, dimension: str, is_partial: bool = False
) -> pandas.DataFrame:
    """The sum of the parts of one place and period beside the published total, and what rounding does not explain.

    A part that is zero or left out adds nothing, not even to the bounds: so many small parts that round to zero may make up
    for a sum that falls short. What rounding does not explain is not applicable where the breakdown is not whole: where the
    parts make up less than `WHOLE_BREAKDOWN` of the total, or the file is known to leave some out.

    Parameters
    ----------
    parts : DataFrame
        Results of one place and period that do not overlap.
    total : DataFrame
        The result that they are parts of.
    dimension : str
        What the parts are by.
    is_partial : bool
        Whether the file leaves out some of the parts.
    """
    there = parts[parts["value"] > 0]
    frames = [with_text(total, breakdown=""), with_text(there if len(there) else parts.head(1), breakdown="")]
    whole, summed = frames[0], formulas.added(frames[1])
    apart = formulas.difference(summed, whole, "parts_less_total", "persons")
    low, high = apart["low"].iloc[0], apart["high"].iloc[0]
    beyond = apart.assign(value=numpy.nan if numpy.isnan(low) else low if low > 0 else min(high, 0.0))
    beyond = beyond.assign(low=beyond["value"], high=beyond["value"])
    relative = formulas.ratio(beyond, whole, "parts_beyond_rounding_pct", "%", 100)
    relative = relative.assign(low=relative["value"], high=relative["value"])
    covered = formulas.ratio(summed, whole, "parts_coverage_pct", "%", 100)
    if is_partial or covered["value"].iloc[0] < WHOLE_BREAKDOWN:
        relative = formulas.not_applicable(relative, "parts_beyond_rounding_pct", "%")
    named = [
        with_text(summed, indicator="sum_of_parts"),
        with_text(whole, indicator="published_total"),
        covered,
        apart,
        relative,
    ]
    breakdown = f"measured={total['indicator'].iloc[0]};parts={dimension}"
    return with_text(pandas.concat(named, ignore_index=True), breakdown=breakdown)[list(RESULT_COLUMNS)]


def sums(summed: pandas.DataFrame) -> pandas.DataFrame:
    """Sums of parts that no total stands beside, named for what they are."""
    return with_text(summed, indicator="sum_of_parts", breakdown=[f"measured={of}" for of in summed["indicator"]])


def _measured(
    rows: pandas.DataFrame, indicator: str, unit: str, value: ArrayLike, also: Sequence[str] = ()
) -> pandas.DataFrame:
    """Results about some results: exact, without their flags; what is not there is not available."""
    values = numpy.full(len(rows), numpy.asarray(value, dtype=float))
    of_each = zip(rows["indicator"], *([also] if also else []))
    measured = {name: rows[name].to_numpy() for name in ("geo", "time", "dataset", "vintage")} | {
        "indicator": indicator,
        "breakdown": [";".join([f"measured={of}", *more]) for of, *more in of_each],
        **dict.fromkeys(NUMBER_COLUMNS, values),
        "unit": unit,
        "flags": [NOT_AVAILABLE if is_missing else "" for is_missing in numpy.isnan(values)],
    }
    return formulas.results_of(measured, len(rows))


def _missing(rows: pandas.DataFrame, indicator: str, unit: str) -> pandas.DataFrame:
    return _measured(rows, indicator, unit, numpy.nan)
