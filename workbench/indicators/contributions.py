"""What one part made of the change of a whole: the Member State behind a change of the Union's total."""

import numpy
import pandas

from workbench.indicators.formulas import change_in_points, withheld
from workbench.methods.rounding import signed_ratio_bounds

HALF = 50.0


def of_change(
    parts: tuple[pandas.DataFrame, pandas.DataFrame],
    whole: tuple[pandas.DataFrame, pandas.DataFrame],
    indicator: str,
    unit: str = "%",
) -> pandas.DataFrame:
    """The change of each part on the period before, in per cent of the change of the whole.

    Negative where a part moved the other way, and above a hundred where others did. Withheld where rounding leaves open
    whether the whole changed at all.

    Parameters
    ----------
    parts, whole : tuple of DataFrame
        Results of the periods, and of the periods before them; the whole has one row a period and breakdown.
    indicator, unit : str
        Id and unit of what comes out.
    """
    on = ("time", "breakdown")
    changes = change_in_points(*parts, indicator, unit)
    of_whole = change_in_points(*whole, indicator, unit).set_index(list(on))
    of_whole = of_whole.reindex(pandas.MultiIndex.from_frame(changes[list(on)]))
    low, high = signed_ratio_bounds(_bounds(changes), _bounds(of_whole))
    with numpy.errstate(divide="ignore", invalid="ignore"):
        value = changes["value"].to_numpy() / of_whole["value"].to_numpy()
    made = changes.assign(value=value * 100, low=low * 100, high=high * 100)
    is_open = numpy.isinf(made["low"].to_numpy()) | numpy.isinf(made["high"].to_numpy()) | ~numpy.isfinite(value)
    return withheld(made, is_open & changes["value"].notna().to_numpy() & of_whole["value"].notna().to_numpy())


def drivers(contributions: pandas.DataFrame) -> pandas.DataFrame:
    """Of each period, the one part that certainly made more than half of the change, if no other may have done so too.

    Where parts move against each other, several may each make more than half of the little that is left: none is named.
    """
    found = []
    for _, of_period in contributions.groupby("time", sort=False):
        perhaps = of_period[of_period["high"] > HALF]
        found.append(perhaps[perhaps["low"] > HALF] if len(perhaps) == 1 else perhaps.head(0))
    return pandas.concat(found, ignore_index=True) if found else contributions


def _bounds(frame: pandas.DataFrame) -> tuple[numpy.ndarray, numpy.ndarray]:
    return frame["low"].to_numpy(float), frame["high"].to_numpy(float)
