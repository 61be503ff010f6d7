"""SDMX-CSV as Eurostat's dissemination API serves it.

Two headers are met: that of SDMX-CSV 1.0 (``DATAFLOW,LAST UPDATE,…``), and that of 2.0 (``STRUCTURE,STRUCTURE_ID,…``) with or
without a column of labels after each column of codes. Cells hold codes, labels, or both (``LT:Lithuania``), as the
download was asked for. Source: SDMX-CSV 1.0 and 2.0 field guides; Eurostat, API – detailed guidelines – SDMX-CSV.
"""

import gzip
import io
import math
import re

import pandas

from workbench.data.formats.table import DataTable, malformed, tidy
from workbench.declarations.codelists import code_list
from workbench.model.errors import UnknownCode

_FIRST = ("DATAFLOW", "STRUCTURE")
_ABOUT = {"DATAFLOW", "LAST UPDATE", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION"}
_TIME, _VALUE = "TIME_PERIOD", "OBS_VALUE"
_FLAGS, _CONFIDENTIALITY = ("OBS_FLAG", "OBS_STATUS"), "CONF_STATUS"
_DATAFLOW = re.compile(r"(?:[A-Z0-9_]+:)?([A-Za-z0-9_]+)(?:\$[A-Za-z0-9_]+)?(?:\([\d.]+\))?")
_CODE = r"[A-Z0-9][A-Z0-9_.\-]*"
_CODE_AND_LABEL = rf"({_CODE}):.*"
_CODE_OF_COLUMN = re.compile(r"([A-Za-z_ ]+?)(?::.*)?")


def is_sdmx_csv(header: str) -> bool:
    """Whether a header line is one of SDMX-CSV."""
    return header.split(",", maxsplit=1)[0].strip('" ') in _FIRST


def read_sdmx_csv(text: str, name: str) -> DataTable:
    """Read SDMX-CSV text; ``name`` is the file's, for errors. See `workbench.data.formats.read_table`."""
    cells = _cells(text, name)
    cells.columns = [_CODE_OF_COLUMN.sub(r"\1", column) for column in cells.columns]
    for needed in (_TIME, _VALUE):
        if needed not in cells:
            raise malformed(name, f"has no column {needed}", row=1, expected=needed, found=", ".join(cells.columns))
    dataset = _dataset(cells)
    dimensions = _dimensions(cells)
    coded = pandas.DataFrame(
        {dimension.lower(): _codes(name, dimension.lower(), cells[dimension]) for dimension in dimensions},
        index=cells.index,
    )
    none = pandas.Series("", index=cells.index)
    flag = next((cells[column] for column in _FLAGS if column in cells), none)
    coded = coded.assign(time=cells[_TIME], value=cells[_VALUE], flag=flag, conf=cells.get(_CONFIDENTIALITY, none))
    names = tuple(dimension.lower() for dimension in dimensions)
    return DataTable(dataset, _last_update(cells), names, tidy(name, coded, names))


def write_sdmx_csv(table: DataTable, agency: str, dataset: str) -> bytes:
    """Write the normal form of a snapshot: SDMX-CSV 1.0 with codes, sorted, as gzip without a time stamp.

    The same observations give the same bytes.
    """
    keys = [*table.dimensions, "time"]
    frame = table.frame.sort_values(keys, kind="stable")
    columns = {
        "DATAFLOW": f"{agency.upper()}:{dataset.upper()}(1.0)",
        "LAST UPDATE": table.last_update or "",
        **{dimension: frame[dimension] for dimension in table.dimensions},
        _TIME: frame["time"],
        _VALUE: [_number(value) for value in frame["value"]],
        "OBS_FLAG": frame["obs_status"],
        _CONFIDENTIALITY: frame["conf_status"],
    }
    text = pandas.DataFrame(columns, index=frame.index).to_csv(index=False, lineterminator="\n")
    return gzip.compress(text.encode(), mtime=0)


def _cells(text: str, name: str) -> pandas.DataFrame:
    """All cells as text; the index is the row in the file."""
    try:
        # NA is Namibia, never a missing value.
        cells = pandas.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, na_filter=False, index_col=False)
    except pandas.errors.ParserError as error:
        raise malformed(
            name, "has rows of unequal length", found=str(error), expected="as many cells as the header"
        ) from None
    cells.index += 2
    short = cells.iloc[:, -1].isna()
    if short.any():
        raise malformed(
            name, "has rows of unequal length", row=int(cells.index[short][0]), expected=f"{len(cells.columns)} cells"
        )
    if cells.empty:
        raise malformed(name, "has a header and no observations", remedy="check the filter of the download")
    return cells


def _dataset(cells: pandas.DataFrame) -> str | None:
    column = "STRUCTURE_ID" if "STRUCTURE_ID" in cells else "DATAFLOW"
    match = _DATAFLOW.match(cells[column].iloc[0]) if column in cells else None
    return match.group(1).lower() if match else None


def _last_update(cells: pandas.DataFrame) -> str | None:
    return (cells["LAST UPDATE"].iloc[0] or None) if "LAST UPDATE" in cells else None


def _dimensions(cells: pandas.DataFrame) -> list[str]:
    """The columns of codes before time: in SDMX-CSV 2.0 a label column, if any, follows each of them."""
    before = [column for column in cells.columns[: cells.columns.get_loc(_TIME)] if column not in _ABOUT]
    labelled = "STRUCTURE_NAME" in cells
    return before[::2] if labelled else before


def _codes(name: str, dimension: str, cells: pandas.Series) -> pandas.Series:
    """Codes of a column, whichever of codes, labels or both it holds; decided by all of its distinct cells."""
    distinct = pandas.Series(cells.unique()).str.strip()
    if distinct.str.fullmatch(_CODE).all():
        return cells.str.strip()
    if distinct.str.fullmatch(_CODE_AND_LABEL).all():
        return cells.str.strip().str.replace(_CODE_AND_LABEL, r"\1", regex=True)
    known = code_list(dimension)
    codes = {}
    for cell in cells.unique():
        try:
            codes[cell] = known.code_of_label(cell)
        except UnknownCode as error:
            row = int(cells.index[(cells == cell).to_numpy()][0])
            raise UnknownCode(
                error.what,
                where=f"{name}, row {row}, column {dimension}",
                expected=error.expected,
                found=repr(cell),
                untouched="nothing was stored",
                remedy=error.remedy,
            ) from None
    return cells.map(codes)


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
