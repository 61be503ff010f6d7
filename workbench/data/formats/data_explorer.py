"""CSV of Eurostat's old Data Explorer: files made for reading, in which statistical offices keep older vintages.

The header is ``TIME,GEO,<dimensions>,Value,Flag and Footnotes``; where codes were asked for, ``GEO_LABEL`` is beside ``GEO``.
Cells hold labels or codes, and numbers in groups of three or ``:`` for none; the encoding is Windows-1252.
"""

import re
from pathlib import Path

from workbench.data.formats.cells import cells_of_line, check_columns, separator_of
from workbench.data.formats.csv_file import CsvFile
from workbench.data.formats.text import malformed, place, read_heading

_TIME, _VALUE, _FLAGS = "TIME", "Value", "Flag and Footnotes"
_CELLS = re.compile(rb"[,;\t]")
_COLUMNS = {_TIME: "time", _VALUE: "value", _FLAGS: "obs_status"}
_LABEL = "_LABEL"


def is_data_explorer(begin: bytes) -> bool:
    """Whether a file with this beginning has such a header."""
    cells = {cell.strip(b' "\r').decode(errors="replace") for cell in _CELLS.split(begin.partition(b"\n")[0])}
    return {_TIME, _VALUE} <= cells


def open_data_explorer(path: Path) -> CsvFile:
    """Read the header of a file of the Data Explorer.

    Raises
    ------
    MalformedFile
        If an unknown column follows the value, or two have the same name.
    """
    heading = read_heading(path)
    names = _names(heading)
    for name in names[names.index(_VALUE) + 1 :]:
        if name != _FLAGS:
            known = f"{_FLAGS}, or nothing, after {_VALUE}"
            raise malformed(f"the column {name} is not known", where=place(path.name, 1), expected=known, found=name)
    observed = [at for at, name in enumerate(names) if not _is_label(name, names)]
    positions = {_column(names[at]): at for at in observed}
    check_columns([_column(names[at]) for at in observed], path.name)
    headings = {column: names[at] for column, at in positions.items()}
    form = "CSV of the old Data Explorer"
    return CsvFile(path, len(names), {}, positions, headings, True, separator_of(heading), form)


def _is_label(name: str, names: list[str]) -> bool:
    return name.endswith(_LABEL) and name.removesuffix(_LABEL) in names


def _column(name: str) -> str:
    return _COLUMNS.get(name, name.lower())


def _names(heading: bytes) -> list[str]:
    return [name.strip() for name in cells_of_line(heading, separator_of(heading))]
