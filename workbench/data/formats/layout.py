"""Tables and workbooks that are no SDMX, read as their declared layout says."""

import csv
import datetime
import io
import re
from collections.abc import Callable
from pathlib import Path

import pandas

from workbench.data.formats.cells import MEASURED, understood
from workbench.data.formats.meanings import period
from workbench.data.formats.text import blocks, malformed, place
from workbench.declarations.codelists import code_list, from_iso2, from_iso3
from workbench.declarations.layouts import Column, Layout
from workbench.model.errors import MalformedFile, UnknownCode, near

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MEASURE = "measure"
_WHOLE = re.compile(r"-?\d+\.0")


def read_layout(path: Path, layout: Layout, time: str | None = None) -> pandas.DataFrame:
    """Read a table or workbook.

    Parameters
    ----------
    path : Path
        CSV (comma, semicolon or tab; plain or gzip; UTF-8 or Windows-1252) or a workbook (xlsx, xls, ods).
    layout : Layout
        What its columns mean. The heading row is the first that has all named columns: titles above do not matter.
    time : str, optional
        The period, for a file that does not say it.

    Returns
    -------
    DataFrame
        Columns of text: the dimensions, then ``time``, ``value``, ``obs_status``, ``conf_status``. A row an observation; an
        empty cell of a value is none. The index is the row in the file.

    Raises
    ------
    MalformedFile
        If a named column is not there, or the period is not known.
    UnknownCode
        If a cell holds no code or label of its dimension, naming the near ones.
    """
    rows = _table(path, layout)
    if layout.time_columns:
        long = _periods_below_each_other(rows, layout, path.name)
    else:
        long = _values_below_each_other(rows, layout)
        long["time"] = rows[layout.time].reindex(long.index) if layout.time else _given(time, path.name)
    frame = pandas.DataFrame(index=long.index)
    for dimension, column in layout.dimensions.items():
        frame[dimension] = _codes(long, dimension, column, path.name)
    if _MEASURE in long:
        frame[_MEASURE] = long[_MEASURE]
    frame["time"], frame["value"] = long["time"], long["value"]
    frame["obs_status"] = frame["conf_status"] = ""
    kept = frame[frame["value"].str.strip() != ""]
    return kept[[*kept.columns.drop(list(MEASURED)), *MEASURED]]


def _table(path: Path, layout: Layout) -> pandas.DataFrame:
    """The cells below the heading row, as text; the index is the row in the file."""
    with path.open("rb") as file:
        is_workbook = file.read(4).startswith(_WORKBOOKS)
    cells = _of_workbook(path, layout) if is_workbook else _of_text(path)
    wanted = layout.named_columns
    for number, row in enumerate(cells):
        headings = [" ".join(cell.split()) for cell in row]
        if set(wanted) <= set(headings):
            width = len(headings)
            below = {begin: line for begin, line in enumerate(cells[number + 1 :], start=number + 2) if any(line)}
            frame = pandas.DataFrame.from_dict(below, orient="index", columns=headings, dtype=str)
            assert frame.shape[1] == width
            return _without_what_follows(frame, wanted)
    best = max(cells[:50], key=lambda row: len(set(wanted) & {" ".join(cell.split()) for cell in row}), default=[])
    missing = [name for name in wanted if name not in {" ".join(cell.split()) for cell in best}]
    raise malformed(
        "no row of this file has the headings that the layout names",
        where=path.name,
        expected=", ".join(wanted),
        found=f"without {', '.join(missing)}; {near(missing[0], [cell for cell in best if cell])}"
        if best
        else "nothing",
        remedy="correct the layout in params/datasets/, or take the sheet and file that it was written for",
    )


def _without_what_follows(frame: pandas.DataFrame, wanted: list[str]) -> pandas.DataFrame:
    """Rows to the first one that has nothing in any named column but the first: notes stand below a table."""
    others = [name for name in wanted[1:] if name in frame.columns]
    is_note = (frame[others] == "").all(axis=1) if others else pandas.Series(False, index=frame.index)
    return frame[~is_note.cummax()]


def _of_workbook(path: Path, layout: Layout) -> list[list[str]]:
    try:
        frame = pandas.read_excel(
            path, sheet_name=layout.sheet or 0, header=None, dtype=object, engine="calamine", na_filter=False
        )
    except Exception as error:
        raise malformed(
            "this workbook cannot be read",
            where=place(path.name),
            expected=f"a workbook with the sheet {layout.sheet}" if layout.sheet else "a workbook",
            found=str(error),
            remedy="download it again; look at the names of its sheets",
        ) from error
    return [[_cell_text(cell) for cell in row] for row in frame.itertuples(index=False, name=None)]


def _cell_text(cell) -> str:
    if isinstance(cell, datetime.datetime | datetime.date):
        return cell.strftime("%Y-%m")
    text = str(cell).strip()
    return text.removesuffix(".0") if _WHOLE.fullmatch(text) else text


def _of_text(path: Path) -> list[list[str]]:
    text = b"".join(blocks(path)).decode()
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    width = len(rows[0]) if rows else 0
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            what = "this row has not as many cells as the header"
            raise malformed(what, where=place(path.name, number), expected=f"{width} cells", found=f"{len(row)} cells")
    return rows


def _values_below_each_other(rows: pandas.DataFrame, layout: Layout) -> pandas.DataFrame:
    parts = []
    for column, measure in layout.values.items():
        part = rows.assign(value=rows[column])
        parts.append(part.assign(**{_MEASURE: measure}) if len(layout.values) > 1 else part)
    return pandas.concat(parts)


def _periods_below_each_other(rows: pandas.DataFrame, layout: Layout, file: str) -> pandas.DataFrame:
    times = {heading: _month(heading, layout.time_columns) for heading in rows.columns}
    if not any(times.values()):
        raise malformed(
            "no column of this file is a period",
            where=file,
            expected=f"headings such as {datetime.date(2009, 1, 1).strftime(layout.time_columns).upper()}",
            found=", ".join(map(str, rows.columns))[:200],
        )
    return pandas.concat([rows.assign(time=time, value=rows[heading]) for heading, time in times.items() if time])


def _month(heading: str, form: str) -> str | None:
    try:
        return datetime.datetime.strptime(heading.title(), form).strftime("%Y-%m")
    except ValueError:
        return None


def _given(time: str | None, file: str) -> str:
    if time is None:
        raise malformed(
            "this file does not say of which period it is",
            where=file,
            expected="--time, such as --time 2023",
            found="nothing",
            remedy="name the period of the file",
        )
    return period(time)


def _codes(long: pandas.DataFrame, dimension: str, column: Column, file: str) -> pandas.Series:
    if column.always is not None:
        return pandas.Series(column.always, index=long.index)
    cells = long[column.column].str.strip()
    texts = cells.unique().tolist()

    def where(text: str) -> str:
        return place(file, int(cells.index[(cells == text).argmax()]), column.column)

    meanings = understood(texts, _meaning(dimension, column), where)
    return cells.map(dict(zip(texts, meanings)))


def _meaning(dimension: str, column: Column) -> Callable[[str], str]:
    read = {
        "iso2": from_iso2,
        "iso3": from_iso3,
        "labels": code_list(dimension).code_of_label if column.codes == "labels" else None,
        "names": str,
        "provider": lambda text: code_list(dimension).code(text).code,
    }[column.codes]

    def meaning(text: str) -> str:
        if text in column.also:
            return column.also[text]
        if not text:
            raise MalformedFile("this cell is empty", expected=f"a code of {dimension}", found="nothing")
        try:
            return read(text)
        except UnknownCode as error:
            raise UnknownCode(
                error.what,
                expected=error.expected,
                found=text,
                remedy=f"a code of the provider's own is a line under also, at {dimension}, in the dataset's layout",
            ) from None

    return meaning
