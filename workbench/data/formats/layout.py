"""Tables and workbooks that are not SDMX, read by their declared layout."""

import datetime
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas

from workbench.data.formats.cell_parsers import grouped_number, period
from workbench.data.formats.cells import MEASURED, interpreted, uneven
from workbench.data.formats.headings import fits, named_in, positions
from workbench.data.formats.sheets import Rows, Sheet, read_sheets
from workbench.data.formats.text import malformed, no_observation, place
from workbench.data.formats.unknown import Unknown, unknown_texts
from workbench.declarations.codelists import code_list, from_iso2, from_iso3, plain
from workbench.declarations.labels import Labels
from workbench.declarations.layouts import ColumnLayout, Layout
from workbench.model.counted import counted
from workbench.model.errors import MalformedFile, UnknownCode, near

_MEASURE = "measure"
_FLAGS = "obs_status"
_HINT = "correct the layout in params/datasets/, or import the sheet and file that it was written for"
_MOST_TITLES = 100
"""Rows above the headings."""
_TOTAL = re.compile(r"\b(sub)?total\b", re.IGNORECASE)

_Positions = dict[tuple[str, ...], list[int]]
"""The spellings of a column to where it is; to no position where the file does not have it."""


@dataclass(frozen=True)
class _Table:
    """The table of a sheet.

    Attributes
    ----------
    where : str
        The file and, where there are several, the sheet; for errors.
    headings : list of str
        As in the file.
    at : dict
        The spellings of a column to its position. Values that the table does not have are not in it.
    rows : DataFrame
        The observations, with a column for each heading, by position; the index is the row in the file.
    besides : list of str
        All other texts: the name of the sheet, titles, totals and notes.
    """

    form: Layout
    where: str
    sheet: str
    headings: list[str]
    at: dict[tuple[str, ...], int]
    rows: pandas.DataFrame
    besides: list[str]

    def cells(self, position: int) -> pandas.Series:
        """A column; errors name its heading."""
        return self.rows[position].rename(self.headings[position])


def read_layout(path: Path, layout: Layout, time: str | None = None, labels: Labels | None = None) -> pandas.DataFrame:
    """Read a table or workbook.

    Parameters
    ----------
    path : Path
        CSV (comma, semicolon or tab; plain or gzip; UTF-8 or Windows-1252) or a workbook (xlsx, xlsb, xls, ods).
    layout : Layout
        What its columns mean. The heading row is the first that has all named columns, below at most a hundred titles.
    time : str, optional
        The period of a file that does not name it.
    labels : mapping, optional
        The codes of labels that no code list has, from `workbench.declarations.labels.read_labels`.

    Returns
    -------
    DataFrame
        Columns of text: the dimensions, then ``time``, ``value``, ``obs_status``, ``conf_status``. Each row is an
        observation; an empty cell of a value, without a flag, is not. The index is the row in the file.

    Raises
    ------
    MalformedFile
        If a named column is missing, the period is unknown or another than ``time``, or a value is not a number.
    UnknownCode
        If a cell does not hold a code or label of its dimension, naming the nearest.
    """
    tables = _tables(layout, read_sheets(path), path.name)
    time_of_file = _time_of_file(tables, time, path.name)
    unknown: list[Unknown] = []
    frame = pandas.concat([_observations(table, time_of_file, labels or {}, unknown) for table in tables])
    if frame.empty:
        raise no_observation(path.name)
    if unknown:
        raise unknown_texts(_together(unknown))
    if time and time_of_file is None:
        _check_time(frame["time"], period(time), path.name)
    frame["conf_status"] = ""
    return frame[[*frame.columns.drop(list(MEASURED)), *MEASURED]]


def _tables(layout: Layout, sheets: list[Sheet], file: str) -> list[_Table]:
    """The tables that have the headings of the first form that any has."""
    for form in layout.forms:
        found = [
            (sheet, *heading)
            for sheet in sheets
            if form.sheet is None or sheet.is_text or fits(sheet.name, [form.sheet])
            if (heading := _headings(sheet.rows[:_MOST_TITLES], form))
        ]
        if len(found) > 1 and not any(where.sheet for where in form.dimensions.values()):
            raise malformed(
                "several sheets of this workbook have the headings of the layout",
                where=file,
                expected="one such sheet, or the name of one under sheet in the layout",
                found=", ".join(sheet.name for sheet, *_ in found),
                hint=_HINT,
            )
        if found:
            return [_table(form, *heading, file) for heading in found]
    raise _no_headings(layout, sheets, file)


def _headings(rows: Rows, form: Layout) -> tuple[int, list[str], _Positions] | None:
    """Where the headings are, and what: of the first row that fits and those that follow, what names the most columns.

    Headings may stand in two rows, one of which may look like all of them.
    """
    columns, required, values = form.columns, form.required_columns, form.value_columns.values()
    best: tuple[int, list[str], _Positions] | None = None
    most, until = 0, len(rows)
    for number, row in enumerate(rows):
        if number > until:
            break
        for headings in (row, _joined(rows[number - 1], row) if number else []):
            if sum(map(bool, headings)) < len(required):
                continue
            at = dict(zip(columns, positions(headings, columns), strict=True))
            has_values = form.time_columns or any(at[spellings] for spellings in values)
            named = sum(map(bool, at.values()))
            if has_values and all(at[spellings] for spellings in required) and named > most:
                best, most, until = (number, [" ".join(one.split()) for one in headings], at), named, number + 1
    return best


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    """Headings in two rows: one above stands for the columns to its right too, down to the next."""
    joined, above = [], ""
    for position, below in enumerate(lower):
        own = upper[position] if position < len(upper) else ""
        above = own or above
        joined.append(f"{above} {below}" if below else own)
    return joined


def _no_headings(layout: Layout, sheets: list[Sheet], file: str) -> MalformedFile:
    """The error that names what is missing from the row that is nearest to one of the layouts."""
    missing, form, row = min(
        (
            ([names[0] for names, found in zip(columns, positions(row, columns)) if not found], form, row)
            for form in layout.forms
            for columns in [form.columns]
            for sheet in sheets
            if form.sheet is None or sheet.is_text or fits(sheet.name, [form.sheet])
            for row in sheet.rows[:50]
        ),
        key=lambda tried: len(tried[0]) / len(tried[1].columns),
        default=([names[0] for names in layout.columns], layout, []),
    )
    names = ", ".join(sheet.name for sheet in sheets if sheet.name)
    return malformed(
        "no row of this file has the headings of the layout",
        where=file,
        expected=", ".join(names[0] for names in form.columns) + (f", on the sheet {form.sheet}" if form.sheet else ""),
        found=f"without {', '.join(missing)}; {near(missing[0], filter(None, row))}"
        if missing and any(row)
        else f"the sheets {names or 'of an empty file'}",
        hint=_HINT,
    )


def _table(form: Layout, sheet: Sheet, number: int, headings: list[str], at: _Positions, file: str) -> _Table:
    is_one_of_several = not sheet.is_text and any(column.sheet for column in form.dimensions.values())
    where = f"{file}, sheet {sheet.name}" if is_one_of_several else file
    _check_headings(form, headings, at, place(where, number + 1))
    first = {spellings: found[0] for spellings, found in at.items() if found}
    below = {row: cells for row, cells in enumerate(sheet.rows[number + 1 :], start=number + 2) if any(cells)}
    if sheet.is_text:
        below = {row: _even(cells, len(headings), row, file) for row, cells in below.items()}
    rows = pandas.DataFrame.from_dict(below, orient="index", columns=range(len(headings)), dtype=str)
    is_observation = _are_observations(rows, form, headings, first, where)
    titles = [cell for row in sheet.rows[:number] for cell in row if cell]
    others = [cell for row in rows[~is_observation].itertuples(index=False) for cell in row if cell]
    return _Table(form, where, sheet.name, headings, first, rows[is_observation], [sheet.name, *titles, *others])


def _check_headings(form: Layout, headings: list[str], at: _Positions, where: str) -> None:
    """Refuse a column that is there twice, and one that may be a value which seems to be missing."""
    periods = [heading for heading in headings if _period_of(heading, form)]
    twice = [headings[found[0]] for found in at.values() if len(found) > 1]
    repeated = sorted({*twice, *(heading for heading in periods if periods.count(heading) > 1)})
    if repeated:
        raise malformed(
            "two columns of this file have the same heading",
            where=where,
            expected="each heading once",
            found=", ".join(repeated),
            hint=_HINT,
        )
    missing = [spellings[0] for spellings, found in at.items() if not found]
    named = {position for found in at.values() for position in found}
    strange = [
        heading
        for position, heading in enumerate(headings)
        if heading and position not in named and not fits(heading, form.other_columns)
    ]
    if missing and strange:
        raise malformed(
            "a column that the layout names is missing, and the file has one that it does not name",
            where=where,
            expected=", ".join(missing),
            found=", ".join(strange)[:1_000],
            hint="name the column in the layout in params/datasets/: under values if it is that one, otherwise under "
            "other_columns",
        )


def _even(cells: list[str], width: int, row: int, file: str) -> list[str]:
    """A row of a text table as wide as the header; a note may be narrower, and what is beyond must be empty."""
    if any(cells[width:]) or (len(cells) < width and sum(map(bool, cells)) > 1):
        raise uneven(file, row, width, counted(len(cells), "cell"))
    return cells[:width] + [""] * (width - len(cells))


def _are_observations(
    rows: pandas.DataFrame, form: Layout, headings: list[str], at: dict[tuple[str, ...], int], where: str
) -> pandas.Series:
    """Which rows are neither notes, which have a text in the first column alone, nor totals."""
    named = [at[spellings] for spellings in form.columns if spellings in at]
    are = pandas.Series(True, index=rows.index)
    if len(named) > 1:
        are &= (rows[named[1:]] != "").any(axis=1)
    keys = [at[spellings] for spellings in form.key_columns.values()]
    for position in keys if form.totals else ():
        are &= ~rows[position].map(lambda text: fits(text, form.totals))
    if form.totals_without:
        is_total = rows[at[form.totals_without]] == ""
        others = [position for position in keys if position != at[form.totals_without]]
        incomplete = rows.index[is_total & (rows[others] != "").all(axis=1) & are]
        if len(others) > 1 and len(incomplete):
            raise malformed(
                "this row is neither a total nor an observation",
                where=place(where, int(incomplete[0]), headings[at[form.totals_without]]),
                expected="a text, or nothing in the other columns of dimensions",
                found=", ".join(rows.loc[incomplete[0], others]),
                hint="complete the cell, or use the file as the provider publishes it",
            )
        are &= ~is_total
    return are


def _time_of_file(tables: list[_Table], time: str | None, file: str) -> str | None:
    """The period of a file that has no column of it: as the file says or, if it does not, as is given."""
    form = tables[0].form
    if form.time or form.time_columns:
        return None
    said = {
        found: text
        for table in tables
        for text in table.besides
        for pattern in form.time_in
        if (found := _period_in(text, pattern))
    }
    given = period(time) if time else None
    if given in said or (given and not said):
        return given
    if len(said) == 1 and not given:
        return next(iter(said))
    if not said:
        raise malformed(
            "this file does not name its period",
            where=file,
            expected="--time, such as --time 2023",
            found="nothing",
            hint="name the period of the file",
        )
    raise malformed(
        "this file is of another period than was given" if given else "this file names several periods",
        where=file,
        expected=f"{given}, as --time says" if given else "one period, or --time, such as --time 2023",
        found="; ".join(f"{found} in {text[:60]!r}" for found, text in said.items()),
        hint="give the period of the file",
    )


def _period_in(text: str, pattern: str) -> str | None:
    try:
        return period((named_in(text, pattern) or "").upper())
    except MalformedFile:
        return None


def _check_time(times: pandas.Series, given: str, file: str) -> None:
    """Refuse a file that names its periods itself if they are not the one given."""
    found = sorted(set(times))
    if found != [given]:
        raise malformed(
            "this file is of other periods than was given",
            where=file,
            expected=f"{given}, as --time says",
            found=f"{found[0]} to {found[-1]}" if len(found) > 1 else found[0],
            hint="leave out --time: this file names its periods",
        )


def _observations(table: _Table, time: str | None, labels: Labels, unknown: list[Unknown]) -> pandas.DataFrame:
    """The observations of a table; texts that no code list has are added to ``unknown``."""
    form = table.form
    if form.time_columns:
        values = _periods_below_each_other(table, form.time_columns)
    else:
        values = _values_below_each_other(table)
        values["time"] = table.rows[table.at[form.time]].reindex(values.index) if form.time else time
    values = values[(values["value"] != "") | (values[_FLAGS] != "")]
    used = table.rows.loc[table.rows.index.isin(values.index)]
    codes = pandas.DataFrame(index=used.index)
    for dimension, where in form.dimensions.items():
        if where.column:
            cells = used[table.at[where.column]].rename(table.headings[table.at[where.column]])
            parse = _parser(dimension, where, labels.get(dimension, {}))
            codes[dimension] = _codes_of(cells, dimension, table.where, parse, unknown)
        else:
            codes[dimension] = where.always or _code_of_sheet(dimension, where, table)
    return codes.loc[values.index].assign(**{column: values[column].array for column in values.columns})


def _values_below_each_other(table: _Table) -> pandas.DataFrame:
    form = table.form
    parts = []
    for measure, spellings in form.value_columns.items():
        if spellings in table.at:
            flags = next((form.flags[name] for name in spellings if name in form.flags), None)
            part = _values(table, table.at[spellings], table.at[(flags,)] if flags else None)
            parts.append(part.assign(**{_MEASURE: measure}) if len(form.value_columns) > 1 else part)
    return pandas.concat(parts)


def _periods_below_each_other(table: _Table, form: str) -> pandas.DataFrame:
    times = {position: time for position, name in enumerate(table.headings) if (time := _period_of(name, table.form))}
    if not times:
        raise malformed(
            "no column of this file is a period",
            where=table.where,
            expected=f"headings such as {datetime.date(2009, 1, 1).strftime(form).upper()}",
            found=", ".join(table.headings)[:200],
            hint=_HINT,
        )
    return pandas.concat([_values(table, position).assign(time=time) for position, time in times.items()])


def _period_of(heading: str, form: Layout) -> str | None:
    """The month of a heading, None if it is not a month."""
    if not form.time_columns:
        return None
    try:
        return datetime.datetime.strptime(heading.title(), form.time_columns).strftime("%Y-%m")
    except ValueError:
        return None


def _values(table: _Table, position: int, flags: int | None = None) -> pandas.DataFrame:
    """Numbers as text, without what groups their digits; empty where there is none. And their flags."""
    special = table.form.special_values
    cells = table.cells(position)
    numbers = cells.where(~cells.isin(special.keys()), "")
    frame = pandas.DataFrame({"value": _each_text(numbers, table.where, _number_parser(table.form.decimal))})
    told = table.rows[flags] if flags is not None else ""
    return frame.assign(**{_FLAGS: told + cells.map(lambda text: special.get(text, ""))})


def _number_parser(decimal: str) -> Callable[[str], str]:
    def number(text: str) -> str:
        if decimal == ",":
            # Points group there, and the comma is before decimals.
            text = re.sub(r"(?<=[0-9])\.(?=[0-9]{3})", "", text).replace(",", ".")
        value = grouped_number(text)
        return "" if math.isnan(value) else repr(value).removesuffix(".0")

    return number


def _code_of_sheet(dimension: str, where: ColumnLayout, table: _Table) -> str:
    for pattern, code in where.sheet.items():
        if fits(table.sheet, [pattern]):
            return code
    raise malformed(
        f"the name of a sheet does not say its {dimension}",
        where=table.where,
        expected=", ".join(f"{pattern} ({code})" for pattern, code in where.sheet.items()),
        found=table.sheet or "a table that is no sheet of a workbook",
        hint=f"name the sheet in the layout in params/datasets/, under sheet at {dimension}; or import the whole workbook",
    )


def _codes_of(
    cells: pandas.Series, dimension: str, file: str, parse: Callable[[str], str], unknown: list[Unknown]
) -> pandas.Series:
    """The codes of a dimension; texts that no code list has are added to ``unknown``."""

    def code(text: str) -> str:
        try:
            return parse(text)
        except UnknownCode as error:
            is_here = cells == text
            where = place(file, int(cells.index[is_here.argmax()]), str(cells.name))
            unknown.append(Unknown(dimension, text, error, int(is_here.sum()), where))
            return text

    return _each_text(cells, file, code)


def _together(unknown: Iterable[Unknown]) -> list[Unknown]:
    """Each unknown text once, though it is on several sheets."""
    found: dict[tuple[str, str], Unknown] = {}
    for one in unknown:
        before = found.get((one.dimension, one.text))
        rows = one.rows + (before.rows if before else 0)
        found[one.dimension, one.text] = Unknown(one.dimension, one.text, one.error, rows, (before or one).where)
    return list(found.values())


def _each_text(cells: pandas.Series, file: str, parse: Callable[[str], str]) -> pandas.Series:
    """Each cell parsed: each distinct text once, and an error says where it occurs first."""
    texts = cells.unique().tolist()

    def where(text: str) -> str:
        return place(file, int(cells.index[(cells == text).argmax()]), str(cells.name))

    return cells.map(dict(zip(texts, interpreted(texts, parse, where))))


def _parser(dimension: str, column: ColumnLayout, labels: Mapping[str, str]) -> Callable[[str], str]:
    also = {plain(text).casefold(): code for text, code in column.also.items()}

    def read(text: str) -> str:
        match column.codes:
            case "iso2":
                return from_iso2(text)
            case "iso3":
                return from_iso3(text)
            case "labels":
                return _by_letters(dimension).get(_letters(text)) or code_list(dimension).code_of_label(text)
            case "provider":
                return code_list(dimension).code(text).code
            case "names":
                return _name(text)
            case "capitals":
                return _name(text).upper()

    def parse(text: str) -> str:
        for mark in column.without:
            text = text.removesuffix(mark).rstrip()
        if plain(text).casefold() in also:
            return also[plain(text).casefold()]
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


@cache
def _by_letters(dimension: str) -> dict[str, str]:
    """The letters of each English label to its code: hyphens, points, blanks and accents vary from file to file."""
    codes: dict[str, set[str]] = {}
    for code in code_list(dimension).codes.values():
        for label in (code.labels["en"], *code.other_labels):
            codes.setdefault(_letters(label), set()).add(code.code)
    return {letters: min(found) for letters, found in codes.items() if len(found) == 1}


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text).casefold()))


def _name(text: str) -> str:
    """A name that no list has, on one line."""
    if _TOTAL.search(text):
        raise MalformedFile(
            "this is a total, not a name",
            expected="a name; or nothing in the column that totals leave empty",
            found=repr(text),
            hint="declare totals, or totals_without, in the dataset's layout",
        )
    return " ".join(text.split())
