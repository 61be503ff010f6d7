"""Workbooks of Eurostat: those of the Data Browser, and those of the Data Explorer before it.

Each sheet is one slice of the dataset. Above its table stand the dimensions that are the same for the whole sheet; the table
has the codes or labels of the others in its first columns and in the rows of its header. Flags are in a column of their own
beside each value, where there are any (older files may have them after the number), and a legend stands below.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas

from workbench.data.formats.cells import MEASURED, check_columns
from workbench.data.formats.sheets import WORKBOOKS, Rows, Sheet, read_sheets
from workbench.data.formats.table import CellsOfFrame
from workbench.data.formats.text import malformed, no_observation
from workbench.model.errors import near

# What Eurostat calls the dimensions of its datasets on migration, asylum and the labour of foreigners.
_DIMENSIONS = {
    "time frequency": "freq", "frequency": "freq", "unit of measure": "unit", "unit": "unit", "age class": "age",
    "age definition": "agedef", "sex": "sex", "geopolitical entity (reporting)": "geo", "geopolitical entity": "geo",
    "geopolitical entity (partner)": "partner", "country of citizenship": "citizen", "citizenship": "citizen",
    "country of birth": "c_birth", "country of destination": "c_dest", "applicant type": "applicant",
    "asylum applicant": "asyl_app", "asylum applicants": "asyl_app", "type of applicant": "applicant",
    "decision": "decision", "type of decision": "decision", "reason": "reason", "duration": "duration",
    "place of apprehension": "apprehen", "demographic indicator": "indic_de", "time": "time", "time period": "time",
    "international standard classification of education (isced 2011)": "isced11",
}  # fmt: skip
# In the first rows of a sheet.
_BEGINS = re.compile(r"((data )?extracted on|dataset|last updated?|source of data)\b", re.IGNORECASE)
_LEGEND = re.compile(r"(special values?|(available|observation|confidentiality) flags?|footnotes?)\b", re.IGNORECASE)
_LABELS_OR_CODES = re.compile(r"\s*\((labels|codes)\)$", re.IGNORECASE)
_CODE_AFTER_LABEL = re.compile(r".*\S\s*\[([A-Za-z0-9_.\-]+)\]")
_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_DATASET = re.compile(r"\[([A-Za-z0-9_]+?)(__custom_\w+)?\]")
_MOMENT = re.compile(r"[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{2,4}( [0-9:]+)?")
_VALUE_AND_FLAGS = re.compile(r"(:|[-+]?[0-9][0-9.,\s]*?)\s*([a-z]{1,4})", re.IGNORECASE)
_TIME = "TIME"
_NONE = ("", ":")
_HINT = "on the page of the dataset choose Download, and the file format SDMX-CSV"


@dataclass(frozen=True)
class _Slice:
    """The table of a sheet.

    Attributes
    ----------
    fixed : dict
        Dimension to its code or label on the whole sheet.
    above : dict
        Dimension to its code or label of each column.
    beside : dict
        Dimension to the column that has its codes or labels.
    values : dict
        Column of values to the columns of their flags.
    rows : dict
        Row in the file to its cells.
    """

    fixed: dict[str, str]
    above: dict[str, list[str]]
    beside: dict[str, int]
    values: dict[int, list[int]]
    rows: dict[int, list[str]]

    def observations(self) -> Iterator[dict[str, object]]:
        """Each value with its keys; one that is not available is none, unless it has a flag."""
        for number, cells in self.rows.items():
            for column, flags in self.values.items():
                value, flag = _value_and_flags(cells[column])
                flag += "".join(cells[position] for position in flags)
                if value not in _NONE or flag:
                    above = {name: texts[column] for name, texts in self.above.items()}
                    beside = {name: cells[position] for name, position in self.beside.items()}
                    yield {
                        **self.fixed,
                        **above,
                        **beside,
                        "value": value,
                        "obs_status": flag,
                        "conf_status": "",
                        "row": number,
                    }


def is_workbook(begin: bytes) -> bool:
    """Whether a file begins as workbooks do: as a zip archive or an OLE file."""
    return begin.startswith(WORKBOOKS)


def open_eurostat_workbook(path: Path) -> CellsOfFrame:
    """Read a workbook that the Data Browser or the Data Explorer has made.

    Raises
    ------
    MalformedFile
        If no sheet is such a table, the period is nowhere, or a dimension has a name that is not known.
    """
    sheets = read_sheets(path)
    slices = [(sheet, header) for sheet in sheets if (header := _row_of_beside(sheet)) is not None]
    if not slices:
        raise malformed(
            "this workbook is not one of Eurostat's, and its dataset has no layout",
            where=path.name,
            expected="a workbook of the Data Browser, or a layout in params/datasets/ that says what its columns mean",
            found=f"the sheets {', '.join(sheet.name for sheet in sheets)}"[:200],
            hint="declare the dataset with a layout, as the guide on adding a dataset shows",
        )
    read = [_slice(sheet, header, path.name) for sheet, header in slices]
    dimensions = [name for name in (*read[0].fixed, *read[0].beside, *read[0].above) if name != "time"]
    check_columns(dimensions, path.name)
    for (sheet, _), one in zip(slices, read, strict=True):
        _check_dimensions(
            {*one.fixed, *one.beside, *one.above}, {*dimensions, "time"}, f"{path.name}, sheet {sheet.name}"
        )
    observed = [observation for one in read for observation in one.observations()]
    if not observed:
        raise no_observation(path.name)
    frame = pandas.DataFrame(observed).set_index("row")[[*dimensions, *MEASURED]]
    about = _about(sheets)
    form = "workbook of Eurostat"
    return CellsOfFrame(path.name, frame.assign(**about), tuple(about), groups_thousands=True, form=form)


def _row_of_beside(sheet: Sheet) -> int | None:
    """The row that names the dimensions of the first columns: ``GEO (Labels)``, ``TIME``, or ``GEO/TIME`` in older files."""
    if not any(_BEGINS.match(cell) for row in sheet.rows[:12] for cell in row[:1]):
        return None
    for number, row in enumerate(sheet.rows[:100]):
        if row and _is_old(row[0]):
            return number
        named = [cell for cell in row if cell]
        if named and row[0] and all(_LABELS_OR_CODES.search(cell) or cell.upper() == _TIME for cell in named):
            return number
    return None


def _is_old(heading: str) -> bool:
    parts = heading.split("/")
    return len(parts) == 2 and all(map(_NAME.fullmatch, parts))


def _slice(sheet: Sheet, header: int, file: str) -> _Slice:
    rows, named = sheet.rows, sheet.rows[header]
    where = f"{file}, sheet {sheet.name}"
    if _is_old(named[0]):
        beside_name, above_name = named[0].split("/")
        beside, above = {_dimension(beside_name, where): 0}, {_dimension(above_name, where): header}
    else:
        columns = [position for position, cell in enumerate(named) if cell]
        # Codes are taken where labels are beside them.
        columns.sort(key=lambda position: "codes" in named[position].lower())
        beside = {_dimension(named[position], where): position for position in columns}
        begin = header
        while begin and any(rows[begin - 1]):
            begin -= 1
        above = {_dimension(rows[number][0], where): number for number in range(begin, header)}
    first = 1 + max(beside.values())
    lowest = rows[max(above.values())] if above else named
    starts = [position for position in range(first, len(lowest)) if lowest[position]]
    ends = [*starts[1:], len(lowest)]
    return _Slice(
        fixed=_fixed(rows[: min(above.values(), default=header)], where),
        above={name: _carried_on(rows[number], first) for name, number in above.items()},
        beside=beside,
        values={start: list(range(start + 1, end)) for start, end in zip(starts, ends)} if above else {first: []},
        rows=_data_rows(rows, header + 1, sorted(beside.values())),
    )


def _fixed(rows: Rows, where: str) -> dict[str, str]:
    """The dimensions above a table: rows of a name and a code or label, below the last that says where the data are from."""
    begins = [number for number, row in enumerate(rows) if _BEGINS.match(row[0])]
    pairs = [[cell for cell in row if cell] for row in rows[begins[-1] + 1 :]]
    return {_dimension(pair[0], where): _code(pair[1]) for pair in pairs if len(pair) == 2}


def _carried_on(row: list[str], first: int) -> list[str]:
    """The code or label of each column: one stands above the first of the columns that it is of."""
    texts, last = [], ""
    for position, cell in enumerate(row):
        last = (_code(cell) if position >= first else "") or last
        texts.append(last)
    return texts


def _data_rows(rows: Rows, begin: int, beside: list[int]) -> dict[int, list[str]]:
    """The rows until an empty one or the legend; of several columns beside the values, the first may be blank to repeat."""
    found: dict[int, list[str]] = {}
    last = [""] * (max(beside) + 1)
    for number, row in enumerate(rows[begin:], start=begin + 1):
        named = [row[position] for position in range(len(last))]
        if not any(row) or _LEGEND.match(row[0]):
            break
        last = [cell or before for cell, before in zip(named, last)] if len(last) > 1 and named[-1] else named
        found[number] = [*map(_code, last), *row[len(last) :]]
    return found


def _dimension(label: str, where: str) -> str:
    """The name of a dimension that a workbook calls by its code, its label, or both."""
    plain = _LABELS_OR_CODES.sub("", label).strip()
    code = _code(plain)
    name = _DIMENSIONS.get(plain.lower()) or (code.lower() if _NAME.fullmatch(code) else None)
    if name is None:
        raise malformed(
            "a dimension of this workbook is called by a name that is not known",
            where=where,
            expected=near(plain, _DIMENSIONS),
            found=repr(label),
            hint="on the page of the dataset choose to show codes and labels, or the file format SDMX-CSV",
        )
    return name


def _code(text: str) -> str:
    """The code of ``Annual [A]``; any other text as it is."""
    found = _CODE_AFTER_LABEL.fullmatch(text)
    return found[1] if found else text


def _value_and_flags(cell: str) -> tuple[str, str]:
    found = _VALUE_AND_FLAGS.fullmatch(cell)
    return (found[1], found[2].lower()) if found else (cell, "")


def _check_dimensions(found: set[str], expected: set[str], where: str) -> None:
    if "time" not in found or found != expected:
        raise malformed(
            "a sheet of this workbook has other dimensions than the first, or no period",
            where=where,
            expected=", ".join(sorted(expected)),
            found=", ".join(sorted(found)),
            hint=_HINT,
        )


def _about(sheets: list[Sheet]) -> dict[str, str]:
    """The dataset and the moment of its last update, where a sheet says them."""
    said: dict[str, str] = {}
    for row in (row for sheet in sheets for row in sheet.rows[:12] if row):
        text = " ".join(filter(None, row))
        if (found := _DATASET.search(text)) and not text.lower().startswith("data extracted") and "dataset" not in said:
            said["dataset"] = f"ESTAT:{found[1].upper()}(1.0)"
        if text.lower().startswith("last update") and (moment := _MOMENT.search(text)):
            said.setdefault("last_update", moment[0].replace(".", "/"))
    return said
