"""CSV of Eurostat's old Data Explorer: files made for reading, in which statistical offices keep older vintages.

The header is ``TIME,GEO,<dimensions>,Value,Flag and Footnotes``; where codes were asked for, ``GEO_LABEL`` is beside ``GEO``.
Cells hold labels or codes, and numbers in groups of three or ``:`` for none; the encoding is Windows-1252.
"""

from pathlib import Path

from workbench.data.formats.cells import cells_of_line, check_columns
from workbench.data.formats.csv_file import CsvFile
from workbench.data.formats.text import malformed, place

_TIME, _VALUE, _FLAGS = "TIME", "Value", "Flag and Footnotes"
_COLUMNS = {_TIME: "time", _VALUE: "value", _FLAGS: "obs_status"}
_LABEL = "_LABEL"


def is_data_explorer(heading: bytes) -> bool:
    """Whether a line is the header of such a file."""
    return {_TIME, _VALUE} <= set(_names(heading))


def open_data_explorer(path: Path, heading: bytes) -> CsvFile:
    """Read the header of a file of the Data Explorer.

    Raises
    ------
    MalformedFile
        If an unknown column follows the value, or two have the same name.
    """
    names = _names(heading)
    for name in names[names.index(_VALUE) + 1 :]:
        if name != _FLAGS:
            known = f"{_FLAGS}, or nothing, after {_VALUE}"
            raise malformed(f"the column {name} is not known", where=place(path.name, 1), expected=known, found=name)
    observed = [at for at, name in enumerate(names) if not _is_label(name, names)]
    positions = {_column(names[at]): at for at in observed}
    check_columns([_column(names[at]) for at in observed], path.name)
    headings = {column: names[at] for column, at in positions.items()}
    return CsvFile(path, len(names), {}, positions, headings, groups_thousands=True)


def _is_label(name: str, names: list[str]) -> bool:
    return name.endswith(_LABEL) and name.removesuffix(_LABEL) in names


def _column(name: str) -> str:
    return _COLUMNS.get(name, name.lower())


def _names(heading: bytes) -> list[str]:
    return [name.strip() for name in cells_of_line(heading, ",")]
