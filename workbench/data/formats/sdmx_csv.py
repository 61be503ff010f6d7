"""SDMX-CSV as Eurostat serves it.

The header of version 1.0 is ``DATAFLOW,LAST UPDATE,<dimensions>,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS``; that of
2.0 begins with ``STRUCTURE,STRUCTURE_ID`` and may have a column of labels after each column of codes. Cells hold codes,
labels, or both (``LT:Lithuania``), as the download was asked for.
"""

import itertools
from pathlib import Path

from workbench.data.formats.cells import cells_of_line, check_columns
from workbench.data.formats.csv_file import CsvFile
from workbench.data.formats.text import malformed, place
from workbench.model.errors import MalformedFile

_LEADING = ("DATAFLOW", "LAST UPDATE", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME")
_MULTIPLIER = "UNIT_MULT"
_ABOUT = {
    "DATAFLOW": "dataset",
    "STRUCTURE_ID": "dataset",
    "LAST UPDATE": "last_update",
    _MULTIPLIER: "unit_multiplier",
}
# Attributes of other SDMX sources that do not change the meaning of a value.
_IGNORED = {
    "ACTION", "BASE_PER", "COLLECTION", "COMMENT_OBS", "COMMENT_TS", "DECIMALS", "EMBARGO_DATE", "OBS_COM", "OBS_COMMENT",
    "OBS_PRE_BREAK", "PRE_BREAK_VALUE", "TIME_FORMAT", "TITLE",
}  # fmt: skip
_COLUMNS = {
    "TIME_PERIOD": "time",
    "OBS_VALUE": "value",
    "OBS_FLAG": "obs_status",
    "OBS_STATUS": "obs_status",
    "CONF_STATUS": "conf_status",
}


def open_sdmx_csv(path: Path, heading: bytes) -> CsvFile:
    """Read the header of an SDMX-CSV file.

    Raises
    ------
    MalformedFile
        If it is not SDMX-CSV, or has an unknown column.
    """
    names = [text.partition(":")[0].strip() for text in cells_of_line(heading, ",")]
    observed = _positions(names, path.name)
    check_columns([_column(names[at]) for at in observed], path.name)
    about = {_ABOUT[name]: at for at, name in enumerate(names) if name in _ABOUT}
    positions = {_column(names[at]): at for at in observed}
    headings = {column: names[at] for column, at in (about | positions).items()}
    return CsvFile(path, len(names), about, positions, headings)


def _column(name: str) -> str:
    return _COLUMNS.get(name, name.lower())


def _positions(names: list[str], file: str) -> list[int]:
    """The positions of the dimensions, time, value and flags: without leading columns, and without labels beside codes."""

    def refused(what: str, expected: str, found: str) -> MalformedFile:
        return malformed(what, where=place(file, 1), expected=expected, found=found)

    for needed in ("TIME_PERIOD", "OBS_VALUE"):
        if needed not in names:
            raise refused(f"this file has no column {needed}", f"{needed} in the header", ",".join(names)[:200])
    time, value = names.index("TIME_PERIOD"), names.index("OBS_VALUE")
    begin = sum(1 for _ in itertools.takewhile(_LEADING.__contains__, names))
    # If there are labels beside codes, every column has them, also between time and value.
    step = value - time
    if step not in (1, 2) or (time - begin) % step:
        raise refused("the columns are not in SDMX-CSV's order", "dimensions, TIME_PERIOD, OBS_VALUE", ",".join(names))
    for name in names[value + step :: step]:
        # An attribute that might change the meaning of a value is not ignored.
        if name not in {*_COLUMNS, *_IGNORED, _MULTIPLIER}:
            raise refused(f"the column {name} is not known", f"{', '.join(_COLUMNS)} from OBS_VALUE on", name)
    return [at for at in range(begin, len(names), step) if names[at] not in {*_IGNORED, _MULTIPLIER}]
