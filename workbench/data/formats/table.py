"""A table of observations as read from any format, and the checks that all formats share."""

import re
from dataclasses import dataclass

import pandas

from workbench.model.errors import MalformedFile

_PERIOD = re.compile(r"(\d{4})(?:-?(Q[1-4])|-?M?(0[1-9]|1[0-2]))?")
# OBS_STATUS as published since the flags were parted from CONF_STATUS on 27 January 2025; s and z are older names.
_STATUS_SINCE_2025 = str.maketrans({"s": "i", "z": "m"})
_KNOWN_STATUS = set("bdefimnpru")
_CONFIDENTIAL = "c"


@dataclass(frozen=True)
class DataTable:
    """Observations of one dataset.

    Attributes
    ----------
    dataset : str or None
        The provider's code in lower case, where the file says it.
    last_update : str or None
        As the file says it.
    dimensions : tuple of str
        In lower case, in the order of the file; time is none of them.
    frame : DataFrame
        One row an observation: a column of codes for each dimension; ``time`` (``2023``, ``2023-Q4``, ``2023-11``);
        ``value`` (float64, NaN where there is none); ``obs_status`` and ``conf_status`` (letters, perhaps none).
    """

    dataset: str | None
    last_update: str | None
    dimensions: tuple[str, ...]
    frame: pandas.DataFrame


def malformed(name: str, what: str, *, row: int | None = None, column: str | None = None, **details) -> MalformedFile:
    """An error about a file: which, and where in it. Rows are counted from 1 with the header."""
    places = [f"row {row}" if row else "", f"column {column}" if column else ""]
    where = ", ".join([name, *filter(None, places)])
    return MalformedFile(f"{name} {what}", where=where, untouched="nothing was stored", **details)


def tidy(name: str, cells: pandas.DataFrame, dimensions: tuple[str, ...]) -> pandas.DataFrame:
    """Turn text cells into observations.

    Parameters
    ----------
    name : str
        Of the file, for errors.
    cells : DataFrame
        Text columns: the dimensions, ``time``, ``value``, ``flag`` (all letters together), ``conf``; its index is the
        row in the file.
    dimensions : tuple of str
        Names of the dimensions.
    """
    frame = cells[list(dimensions)].copy()
    frame["time"] = _periods(name, cells["time"])
    frame["value"] = _values(name, cells["value"])
    frame["obs_status"], frame["conf_status"] = _flags(name, cells["flag"], cells["conf"])
    _refuse_duplicates(name, frame, dimensions)
    return frame.reset_index(drop=True)


def _periods(name: str, times: pandas.Series) -> pandas.Series:
    normal = {}
    for time in times.unique():
        match = _PERIOD.fullmatch(time.strip())
        if not match:
            raise malformed(
                name,
                "has a period that is none",
                row=_first(times, times == time),
                column="TIME_PERIOD",
                expected="a year, quarter or month such as 2023, 2023-Q4, 2023-11",
                found=repr(time),
            )
        normal[time] = "-".join(filter(None, match.groups()))
    return times.map(normal)


def _values(name: str, texts: pandas.Series) -> pandas.Series:
    # Spreadsheets part thousands with commas or blanks; statistics' own files never do.
    plain = texts.str.replace(r"(?<=\d)[,\u00a0\u202f ](?=\d{3}(?:\D|$))", "", regex=True).str.strip()
    numbers = pandas.to_numeric(plain.where(~plain.isin(["", ":"])), errors="coerce")
    wrong = numbers.isna() & ~plain.isin(["", ":"])
    if wrong.any():
        raise malformed(
            name,
            "has a value that is no number",
            row=_first(texts, wrong),
            column="OBS_VALUE",
            expected="a number, or an empty cell",
            found=repr(texts[wrong].iloc[0]),
        )
    return numbers.astype("float64")


def _flags(name: str, flags: pandas.Series, confidential: pandas.Series) -> tuple[pandas.Series, pandas.Series]:
    """Part the letters into OBS_STATUS and CONF_STATUS, under their names of 2025."""
    status, conf = {}, {}
    for flag in flags.unique():
        letters = flag.strip().lower().translate(_STATUS_SINCE_2025)
        unknown = set(letters) - _KNOWN_STATUS - {_CONFIDENTIAL}
        if unknown:
            raise malformed(
                name,
                "has a flag that is none",
                row=_first(flags, flags == flag),
                column="OBS_FLAG",
                expected=f"letters of {''.join(sorted(_KNOWN_STATUS))}c",
                found=repr(flag),
            )
        status[flag] = letters.replace(_CONFIDENTIAL, "")
        conf[flag] = _CONFIDENTIAL if _CONFIDENTIAL in letters else ""
    declared = confidential.str.strip().str.lower().where(confidential.str.strip().str.lower() == _CONFIDENTIAL, "")
    from_flags = flags.map(conf)
    return flags.map(status), declared.where(declared != "", from_flags)


def _refuse_duplicates(name: str, frame: pandas.DataFrame, dimensions: tuple[str, ...]) -> None:
    keys = [*dimensions, "time"]
    again = frame.duplicated(keys)
    if not again.any():
        return
    second = again.idxmax()
    key = frame.loc[second, keys]
    same = (frame[keys] == key).all(axis=1)
    raise malformed(
        name,
        "has two observations of one key",
        row=second,
        expected="one observation for each combination of codes and time",
        found=f"{', '.join(key)} stands in row {same.idxmax()} already",
    )


def _first(texts: pandas.Series, where: pandas.Series) -> int:
    return int(texts.index[where.to_numpy()][0])
