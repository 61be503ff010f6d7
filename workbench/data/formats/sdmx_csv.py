"""SDMX-CSV as Eurostat serves it.

The header of version 1.0 is ``DATAFLOW,LAST UPDATE,<dimensions>,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS``; that of
2.0 begins with ``STRUCTURE,STRUCTURE_ID`` and may have a column of labels after each column of codes. Cells hold codes,
labels, or both (``LT:Lithuania``), as the download was asked for.
"""

import gzip
import io
import itertools
import re
from collections.abc import Callable

import numpy
import pandas

from workbench.data.formats.cells import MEASURED, Cells, blank, read_cells, refuse_repeated, understood
from workbench.data.formats.table import DataTable, observations
from workbench.data.formats.text import malformed, place
from workbench.model.errors import MalformedFile

_LEADING = ("DATAFLOW", "LAST UPDATE", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME")
_COLUMNS = {
    "TIME_PERIOD": "time",
    "OBS_VALUE": "value",
    "OBS_FLAG": "obs_status",
    "OBS_STATUS": "obs_status",
    "CONF_STATUS": "conf_status",
}
_DATAFLOW = re.compile(r"(?:[\w.]+:)?(\w+)(?:\$\w+)?(?:\([0-9.]+\))?(?::.*)?")


def read_sdmx_csv(content: bytes, file: str) -> DataTable:
    """Read the content of an SDMX-CSV file; ``file`` is its name. See `workbench.data.formats.read_table`."""
    headings, cells = read_cells(content, file, ",")
    names = [heading.partition(":")[0].strip() for heading in headings]
    positions = _positions(names, file)
    refuse_repeated([_column(names[position]) for position in positions], file)
    columns = {_column(names[position]): cells[position] for position in positions}
    for absent in set(MEASURED) - set(columns):
        columns[absent] = blank(len(cells))
    dimensions = [column for column in columns if column not in MEASURED]
    frame = pandas.DataFrame({column: columns[column] for column in (*dimensions, *MEASURED)}, index=cells.index)
    known = Cells(file, frame, {_column(names[position]): names[position] for position in positions})
    leading = {name: cells[position] for position, name in enumerate(names) if name in _LEADING}
    return DataTable(
        dataset=_only(leading, "STRUCTURE_ID" if "STRUCTURE_ID" in names else "DATAFLOW", _dataset, file),
        last_update=_only(leading, "LAST UPDATE", str, file),
        dimensions=known.dimensions,
        frame=observations(known),
    )


def _column(name: str) -> str:
    return _COLUMNS.get(name, name.lower())


def _positions(names: list[str], file: str) -> list[int]:
    """Where the dimensions, time, value and flags stand: not what leads, nor labels beside codes."""

    def refused(what: str, expected: str, found: str) -> MalformedFile:
        return malformed(what, where=place(file, 1), expected=expected, found=found)

    for needed in ("TIME_PERIOD", "OBS_VALUE"):
        if needed not in names:
            raise refused(f"this file has no column {needed}", f"{needed} in the header", ",".join(names)[:200])
    time, value = names.index("TIME_PERIOD"), names.index("OBS_VALUE")
    begin = sum(1 for _ in itertools.takewhile(_LEADING.__contains__, names))
    # Where labels stand beside codes, they do so in every column: one stands between time and value too.
    step = value - time
    if step not in (1, 2) or (time - begin) % step:
        raise refused("the columns are not in SDMX-CSV's order", "dimensions, TIME_PERIOD, OBS_VALUE", ",".join(names))
    for name in names[value + step :: step]:
        # UNIT_MULT and the like would change what a value means: they are not passed over.
        if name not in _COLUMNS:
            raise refused(f"the column {name} is not known", f"{', '.join(_COLUMNS)} from OBS_VALUE on", name)
    return list(range(begin, len(names), step))


def _dataset(text: str) -> str:
    """The code in ``ESTAT:MIGR_EIPRE$DEFAULTVIEW(1.0)``, in lower case."""
    found = _DATAFLOW.fullmatch(text)
    if text and not found:
        raise MalformedFile(
            f"{text!r} names no dataset", expected="a dataset such as ESTAT:MIGR_EIPRE(1.0)", found=text
        )
    return found.group(1).lower() if found else ""


def _only(leading: dict[str, pandas.Series], name: str, meaning: Callable[[str], str], file: str) -> str | None:
    """What every row says in a leading column; None if it is empty or not there."""
    if name not in leading:
        return None
    cells = leading[name]
    said = understood(cells.array, meaning, lambda position: place(file, cells.index[position], name))
    first = said[cells.cat.codes.iloc[0]]
    if any(said != first):
        position = int((said != first)[cells.cat.codes].argmax())
        raise malformed(
            "the rows of this file are of more than one download",
            where=place(file, cells.index[position], name),
            expected=f"{first or 'nothing'}, as in row {cells.index[0]}",
            found=said[cells.cat.codes.iloc[position]] or "nothing",
            remedy="import each download on its own: two vintages never mix",
        )
    return first or None


def write_table(table: DataTable, agency: str, dataset: str) -> bytes:
    """Write the normal form in which a snapshot is stored.

    Parameters
    ----------
    table : DataTable
        As read from any format.
    agency, dataset : str
        What the DATAFLOW column says: ``ESTAT:<DATASET>(1.0)``.

    Returns
    -------
    bytes
        Gzip of SDMX-CSV 1.0 with codes, in UTF-8: rows sorted by the dimensions and time, whole numbers without a decimal
        point, others by the fewest digits that give the same number. `workbench.data.formats.read_table` reads the same
        table from it.
    """
    frame = table.frame.sort_values([*table.dimensions, "time"], kind="stable")
    columns = {
        "DATAFLOW": f"{agency.upper()}:{dataset.upper()}(1.0)",
        "LAST UPDATE": table.last_update or "",
        **{dimension: frame[dimension] for dimension in table.dimensions},
        "TIME_PERIOD": frame["time"],
        "OBS_VALUE": _texts(frame["value"]),
        "OBS_FLAG": frame["obs_status"],
        "CONF_STATUS": frame["conf_status"].str.upper(),
    }
    text = pandas.DataFrame(columns, index=frame.index).to_csv(index=False, lineterminator="\n")
    packed = io.BytesIO()
    # No name, no time: and GzipFile, unlike gzip.compress, writes no operating system either.
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as file:
        file.write(text.encode())
    return packed.getvalue()


def _texts(values: pandas.Series) -> numpy.ndarray:
    distinct, codes = numpy.unique(values, return_inverse=True)
    return numpy.array([_text(float(value)) for value in distinct], dtype=object)[codes]


def _text(value: float) -> str:
    if numpy.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() else repr(value)
