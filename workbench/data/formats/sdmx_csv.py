"""SDMX-CSV as Eurostat and others serve it.

The header of version 1.0 is ``DATAFLOW,LAST UPDATE,<dimensions>,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS``; that of
2.0 begins with ``STRUCTURE,STRUCTURE_ID,ACTION`` and may have a column of labels after each column of codes. Cells hold codes,
labels, or both (``LT:Lithuania``), as the download was asked for.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.data.formats.cells import cells_of_line, check_columns, separator_of
from workbench.data.formats.csv_file import CsvFile
from workbench.data.formats.text import malformed, place, read_heading
from workbench.model.errors import MalformedFile

_LEADING = (
    "DATAFLOW", "LAST UPDATE", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "KEY", "SERIES_KEY", "OBS_KEY",
)  # fmt: skip
MULTIPLIER = "UNIT_MULT"
_ABOUT = {
    "DATAFLOW": "dataset",
    "STRUCTURE_ID": "dataset",
    "LAST UPDATE": "last_update",
    "ACTION": "action",
    MULTIPLIER: "unit_multiplier",
}
IGNORED = {
    "BASE_PER", "COLLECTION", "COMMENT_OBS", "COMMENT_TS", "DECIMALS", "EMBARGO_DATE", "OBS_COM", "OBS_COMMENT",
    "OBS_PRE_BREAK", "PRE_BREAK_VALUE", "TIME_FORMAT", "TITLE",
}  # fmt: skip
"""Attributes of other SDMX sources that do not change the meaning of a value."""
COLUMNS = {
    "TIME_PERIOD": "time",
    "OBS_VALUE": "value",
    "OBS_FLAG": "obs_status",
    "OBS_STATUS": "obs_status",
    "CONF_STATUS": "conf_status",
}
"""Concepts of SDMX to the columns that they become."""


@dataclass(frozen=True)
class Columns:
    """The positions of the columns of a table of observations, and their headings."""

    about: dict[str, int]
    positions: dict[str, int]
    headings: dict[str, str]


def open_sdmx_csv(path: Path) -> CsvFile:
    """Read the header of an SDMX-CSV file.

    Raises
    ------
    MalformedFile
        If it is not SDMX-CSV, or has an unknown column.
    """
    heading = read_heading(path)
    separator = separator_of(heading)
    names = [_name(text) for text in cells_of_line(heading, separator)]
    columns = columns_of(names, path.name)
    return CsvFile(path, len(names), columns.about, columns.positions, columns.headings, separator=separator)


def columns_of(names: Sequence[str], file: str) -> Columns:
    """Tell the columns of a table of observations by their names.

    Parameters
    ----------
    names : sequence of str
        As in SDMX-CSV and in its order: leading columns, dimensions, ``TIME_PERIOD``, ``OBS_VALUE``, flags.
    file : str
        Its name, for errors.

    Raises
    ------
    MalformedFile
        If they are not in that order, one is not known, or two are the same.
    """
    observed = _observed(names, file)
    about = [at for at, name in enumerate(names) if name in _ABOUT]
    check_columns([column_of_concept(names[at]) for at in observed], file)
    _refuse_twice([_ABOUT[names[at]] for at in about], names, file)
    positions = {column_of_concept(names[at]): at for at in observed}
    leading = {_ABOUT[names[at]]: at for at in about}
    return Columns(leading, positions, {column: names[at] for column, at in (leading | positions).items()})


def column_of_concept(name: str) -> str:
    """The column of a table that a concept of SDMX becomes: a dimension, or one of those of every table."""
    return COLUMNS.get(name, name.lower())


def _name(text: str) -> str:
    """The concept in a cell of the header: before the label in ``geo: Place``, and the brackets of 2.0 in ``NOTE[]``."""
    return text.partition(":")[0].partition("[")[0].strip()


def _refuse_twice(leading: list[str], names: Sequence[str], file: str) -> None:
    if len(set(leading)) < len(leading):
        raise malformed(
            "two leading columns of this file say the same",
            where=place(file, 1),
            expected="each once",
            found=",".join(names)[:200],
        )


def _observed(names: Sequence[str], file: str) -> list[int]:
    """The positions of the dimensions, time, value and flags: without leading columns, and without labels beside codes."""

    def refused(what: str, expected: str, found: str) -> MalformedFile:
        return malformed(what, where=place(file, 1), expected=expected, found=found[:200])

    for needed in ("TIME_PERIOD", "OBS_VALUE"):
        if needed not in names:
            raise refused(
                f"this file has no column {needed}", f"{needed} in the header", ",".join(names) or "an empty row"
            )
    time, value = names.index("TIME_PERIOD"), names.index("OBS_VALUE")
    begin = sum(1 for _ in itertools.takewhile(_LEADING.__contains__, names))
    # If there are labels beside codes, every column has them, also between time and value.
    step = value - time
    if step not in (1, 2) or (time - begin) % step:
        raise refused("the columns are not in SDMX-CSV's order", "dimensions, TIME_PERIOD, OBS_VALUE", ",".join(names))
    for name in names[value + step :: step]:
        # An attribute that might change the meaning of a value is not ignored.
        if name not in {*COLUMNS, *IGNORED, MULTIPLIER}:
            raise refused(f"the column {name[:80]} is not known", f"{', '.join(COLUMNS)} from OBS_VALUE on", name)
    return [at for at in range(begin, len(names), step) if names[at] not in {*IGNORED, MULTIPLIER}]
