"""Tables and workbooks that are not SDMX, read by their declared layout."""

import datetime
import math
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas

from workbench.data.formats.cell_parsers import grouped_number, period
from workbench.data.formats.cells import MEASURED, interpreted
from workbench.data.formats.sheets import Rows, read_sheets
from workbench.data.formats.text import malformed, no_observation, place
from workbench.data.formats.unknown import Unknown, unknown_texts
from workbench.declarations.codelists import code_list, from_iso2, from_iso3, plain
from workbench.declarations.labels import Labels
from workbench.declarations.layouts import ColumnLayout, Layout
from workbench.model.errors import MalformedFile, UnknownCode, near

_MEASURE = "measure"
_HINT = "correct the layout in params/datasets/, or import the sheet and file that it was written for"


def read_layout(path: Path, layout: Layout, time: str | None = None, labels: Labels | None = None) -> pandas.DataFrame:
    """Read a table or workbook.

    Parameters
    ----------
    path : Path
        CSV (comma, semicolon or tab; plain or gzip; UTF-8 or Windows-1252) or a workbook (xlsx, xls, ods).
    layout : Layout
        What its columns mean. The heading row is the first that has all named columns, whatever titles are above it.
    time : str, optional
        The period of a file that does not name it.
    labels : mapping, optional
        The codes of labels that no code list has, from `workbench.declarations.labels.read_labels`.

    Returns
    -------
    DataFrame
        Columns of text: the dimensions, then ``time``, ``value``, ``obs_status``, ``conf_status``. Each row is an
        observation; an empty cell of a value is not. The index is the row in the file.

    Raises
    ------
    MalformedFile
        If a named column is missing, the period is unknown, a value is not a number, or there are data below the table.
    UnknownCode
        If a cell does not hold a code or label of its dimension, naming the nearest.
    """
    layout, rows = _fitting(layout, read_sheets(path), path.name)
    if layout.time_columns:
        long = _periods_below_each_other(rows, layout, layout.time_columns, path.name)
    else:
        long = _values_below_each_other(rows, layout, path.name)
        long["time"] = rows[layout.time].reindex(long.index) if layout.time else _given(time, path.name)
    long = long[long["value"] != ""]
    if long.empty:
        raise no_observation(path.name)
    frame = _codes(long, layout.dimensions, labels or {}, path.name)
    if _MEASURE in long:
        frame[_MEASURE] = long[_MEASURE]
    frame["time"], frame["value"] = long["time"], long["value"]
    frame["obs_status"] = frame["conf_status"] = ""
    return frame[[*frame.columns.drop(list(MEASURED)), *MEASURED]]


def _fitting(layout: Layout, sheets: dict[str, Rows], file: str) -> tuple[Layout, pandas.DataFrame]:
    """The first layout whose headings the file has, and the table below them; its index is the row in the file."""
    for form in layout.forms:
        found = {
            sheet: number
            for sheet, rows in sheets.items()
            if _may_be_on(sheet, form) and (number := _heading_row(rows, form)) is not None
        }
        if len(found) > 1:
            raise malformed(
                "several sheets of this workbook have the headings of the layout",
                where=file,
                expected="one such sheet, or the name of one under sheet in the layout",
                found=", ".join(found),
                hint=_HINT,
            )
        for sheet, number in found.items():
            return form, _table(sheets[sheet], number, form, file)
    raise _no_headings(layout, sheets, file)


def _may_be_on(sheet: str, layout: Layout) -> bool:
    return layout.sheet in (None, sheet) or not sheet


def _headings(row: list[str]) -> list[str]:
    return [" ".join(cell.split()) for cell in row]


def _heading_row(rows: Rows, layout: Layout) -> int | None:
    wanted = set(layout.named_columns)
    return next((number for number, row in enumerate(rows) if wanted <= set(_headings(row))), None)


def _no_headings(layout: Layout, sheets: dict[str, Rows], file: str) -> MalformedFile:
    """The error that names what is missing from the row that is nearest to one of the layouts."""
    missing, form, row = min(
        (
            ([name for name in form.named_columns if name not in _headings(row)], form, _headings(row))
            for form in layout.forms
            for sheet, rows in sheets.items()
            if _may_be_on(sheet, form)
            for row in rows[:50]
        ),
        key=lambda tried: len(tried[0]) / len(tried[1].named_columns),
        default=(layout.named_columns, layout, []),
    )
    return malformed(
        "no row of this file has the headings of the layout",
        where=file,
        expected=", ".join(form.named_columns) + (f", on the sheet {form.sheet}" if form.sheet else ""),
        found=f"without {', '.join(missing)}; {near(missing[0], filter(None, row))}"
        if row
        else f"the sheets {', '.join(filter(None, sheets)) or 'of an empty file'}",
        hint=_HINT,
    )


def _table(rows: Rows, number: int, layout: Layout, file: str) -> pandas.DataFrame:
    headings = _headings(rows[number])
    read = {*layout.named_columns, *(heading for heading in headings if _period_of(heading, layout))}
    repeated = sorted(heading for heading in read if headings.count(heading) > 1)
    if repeated:
        raise malformed(
            "two columns of this file have the same heading",
            where=place(file, number + 1),
            expected="each heading once",
            found=", ".join(repeated),
            hint=_HINT,
        )
    below = {row: cells for row, cells in enumerate(rows[number + 1 :], start=number + 2) if any(cells)}
    return _to_its_end(pandas.DataFrame.from_dict(below, orient="index", columns=headings, dtype=str), layout, file)


def _to_its_end(frame: pandas.DataFrame, layout: Layout, file: str) -> pandas.DataFrame:
    """The rows above totals and notes, which leave ``ends_without`` empty, or all named columns but the first."""
    said = [layout.ends_without] if layout.ends_without else layout.named_columns[1:]
    is_below = (frame[said] == "").all(axis=1).cummax() if said else pandas.Series(False, index=frame.index)
    lost = frame.index[is_below & (frame[layout.key_columns] != "").all(axis=1)]
    if len(lost):
        raise malformed(
            "there is a row of data below the end of the table",
            where=place(file, int(lost[0])),
            expected=f"totals and notes below row {is_below.idxmax()}, which has nothing in {', '.join(said)}",
            found=", ".join(frame.loc[lost[0], layout.key_columns]),
            hint="fill or remove the row above if it is not the end; otherwise use the file as the provider publishes it",
        )
    return frame[~is_below]


def _values_below_each_other(rows: pandas.DataFrame, layout: Layout, file: str) -> pandas.DataFrame:
    parts = []
    for column, measure in layout.values.items():
        part = rows.assign(value=_numbers(rows[column], column, file))
        parts.append(part.assign(**{_MEASURE: measure}) if len(layout.values) > 1 else part)
    return pandas.concat(parts)


def _periods_below_each_other(rows: pandas.DataFrame, layout: Layout, form: str, file: str) -> pandas.DataFrame:
    times = {heading: time for heading in rows.columns if (time := _period_of(heading, layout))}
    if not times:
        raise malformed(
            "no column of this file is a period",
            where=file,
            expected=f"headings such as {datetime.date(2009, 1, 1).strftime(form).upper()}",
            found=", ".join(rows.columns)[:200],
            hint=_HINT,
        )
    keys = rows[layout.key_columns]
    return pandas.concat(
        [keys.assign(time=time, value=_numbers(rows[heading], heading, file)) for heading, time in times.items()]
    )


def _period_of(heading: str, layout: Layout) -> str | None:
    """The month of a heading, None if it is not a month."""
    if not layout.time_columns:
        return None
    try:
        return datetime.datetime.strptime(heading.title(), layout.time_columns).strftime("%Y-%m")
    except ValueError:
        return None


def _given(time: str | None, file: str) -> str:
    if time is None:
        raise malformed(
            "this file does not name its period",
            where=file,
            expected="--time, such as --time 2023",
            found="nothing",
            hint="name the period of the file",
        )
    return period(time)


def _numbers(cells: pandas.Series, column: str, file: str) -> pandas.Series:
    """Numbers as text without spaces or commas between digits; empty where there is none."""
    return _each_text(cells, column, file, _number)


def _number(text: str) -> str:
    value = grouped_number(text)
    return "" if math.isnan(value) else repr(value).removesuffix(".0")


def _codes(
    long: pandas.DataFrame, dimensions: Mapping[str, ColumnLayout], labels: Labels, file: str
) -> pandas.DataFrame:
    """The codes of each dimension; all texts that no code list has are reported together."""
    frame = pandas.DataFrame(index=long.index)
    unknown: list[Unknown] = []
    for dimension, column in dimensions.items():
        if column.column is None:
            frame[dimension] = column.always
        else:
            parse = _parser(dimension, column, labels.get(dimension, {}))
            frame[dimension] = _codes_of(long[column.column], dimension, column.column, file, parse, unknown)
    if unknown:
        raise unknown_texts(unknown)
    return frame


def _codes_of(
    cells: pandas.Series,
    dimension: str,
    column: str,
    file: str,
    parse: Callable[[str], str],
    unknown: list[Unknown],
) -> pandas.Series:
    """The codes of a dimension; texts that no code list has are added to ``unknown``."""

    def code(text: str) -> str:
        try:
            return parse(text)
        except UnknownCode as error:
            is_here = cells == text
            where = place(file, int(cells.index[is_here.argmax()]), column)
            unknown.append(Unknown(dimension, text, error, int(is_here.sum()), where))
            return text

    return _each_text(cells, column, file, code)


def _each_text(cells: pandas.Series, column: str, file: str, parse: Callable[[str], str]) -> pandas.Series:
    """Each cell parsed: each distinct text once, and an error says where it occurs first."""
    texts = cells.unique().tolist()

    def where(text: str) -> str:
        return place(file, int(cells.index[(cells == text).argmax()]), column)

    return cells.map(dict(zip(texts, interpreted(texts, parse, where))))


def _parser(dimension: str, column: ColumnLayout, labels: Mapping[str, str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        match column.codes:
            case "iso2":
                return from_iso2(text)
            case "iso3":
                return from_iso3(text)
            case "labels":
                return code_list(dimension).code_of_label(text)
            case "provider":
                return code_list(dimension).code(text).code
            case "names":
                return text

    def parse(text: str) -> str:
        if text in column.also:
            return column.also[text]
        if plain(text) in labels:
            return labels[plain(text)]
        if not text:
            raise MalformedFile("this cell is empty", expected=f"a code of {dimension}", found="nothing")
        try:
            return read(text)
        except UnknownCode as error:
            raise UnknownCode(
                error.what,
                expected=error.expected,
                found=text,
                hint=f"declare a code of the provider's own under also, at {dimension}, in the dataset's layout; "
                f"a label in params/labels/{dimension}.yaml (label: CODE), or in a file for --labels",
            ) from None

    return parse
