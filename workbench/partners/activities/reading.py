"""A register as it was written: its activities with who took part, and all that is wrong with it."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.data.formats.plain_workbook import read_plain_workbook
from workbench.data.formats.sheets import WORKBOOKS, Sheet, read_sheets
from workbench.data.formats.text import malformed
from workbench.declarations.activities import Activity, Register, read_register
from workbench.model.errors import near
from workbench.model.paths import Project
from workbench.partners.activities.cells import Wrong, WrongCell, refuse_personal_data, value_of

_LARGEST_FILE = 5 << 20
_MOST_ROWS = 20_000
_SHEET = "activities"
_HEADING_ROW = 1
_EMPTY = "an empty cell"


@dataclass(frozen=True)
class Group:
    """The persons who took part from an institution."""

    institution: str
    women: int
    men: int
    sex_not_recorded: int

    @property
    def participants(self) -> int:
        """All of them."""
        return self.women + self.men + self.sex_not_recorded


@dataclass(frozen=True)
class Entry:
    """An activity, and who took part."""

    activity: Activity
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class RegisterReading:
    """What a file holds.

    Attributes
    ----------
    entries : list of Entry
        In the order of their days; complete only where nothing is wrong.
    is_made_up : bool
        Whether the register says of itself that it is.
    wrong : list of Wrong
        By row.
    """

    path: Path
    register: Register
    entries: list[Entry]
    is_made_up: bool
    wrong: list[Wrong]


def read_activities(project: Project, path: Path) -> RegisterReading:
    """Read a register, a text table or a workbook, and check it.

    Raises
    ------
    MalformedFile
        If it is no table that could be read, or has a formula, a macro or the like.
    InvalidDeclaration
        If the schema does not say what it must.
    """
    register = read_register(project)
    sheet = _sheet(path)
    reader = _Reader(register, sheet)
    wrong = list(reader.headings())
    entries = [] if wrong else list(reader.entries(wrong))
    if not wrong and not entries:
        wrong.append(Wrong(0, "", "the register is empty", "a row for each activity", "headings alone"))
    marks = {} if wrong else reader.made_up
    wrong += _mixed(marks)
    wrong.sort(key=lambda one: one.row)
    entries.sort(key=lambda entry: (entry.activity.first, entry.activity.number))
    return RegisterReading(path, register, entries, any(marks.values()), wrong)


def _sheet(path: Path) -> Sheet:
    if path.stat().st_size > _LARGEST_FILE:
        most, found = f"at most {_LARGEST_FILE >> 20} MiB", f"{path.stat().st_size >> 20} MiB"
        raise malformed("this is no register of activities", where=path.name, expected=most, found=found, hint=_TO_DO)
    with path.open("rb") as file:
        is_workbook = file.read(4).startswith(WORKBOOKS)
    sheet = _sheet_of_workbook(path) if is_workbook else read_sheets(path)[0]
    if len(sheet.rows) > _MOST_ROWS:
        most, found = f"at most {_MOST_ROWS:,} rows", f"{len(sheet.rows):,}"
        raise malformed("this is no register of activities", where=path.name, expected=most, found=found, hint=_TO_DO)
    return sheet


_TO_DO = "keep the table of activities alone, as CSV UTF-8 or as a workbook with one sheet"


def _sheet_of_workbook(path: Path) -> Sheet:
    workbook = read_plain_workbook(path, has_days=True)
    for foreign in workbook.foreign:
        where = ", ".join(filter(None, (path.name, foreign.sheet, foreign.cell)))
        raise malformed(
            "the register holds more than values", where=where, expected="values alone", found=foreign.kind, hint=_TO_DO
        )
    filled = [sheet for sheet in workbook.sheets if any(map(any, sheet.rows))]
    named = [sheet for sheet in filled if sheet.name == _SHEET] or filled
    if len(named) != 1:
        found = ", ".join(sheet.name for sheet in filled)[:200] or "none"
        raise malformed(
            "it is not clear which sheet is the register",
            where=path.name,
            expected=f"one sheet, or one named {_SHEET}",
            found=found,
            hint=_TO_DO,
        )
    return named[0]


def _mixed(marks: Mapping[int, bool]) -> Iterator[Wrong]:
    """What is made up stands in a register of its own."""
    if len(set(marks.values())) > 1:
        for row, is_made_up in marks.items():
            if not is_made_up:
                yield Wrong(
                    row, "made_up", "a row that is not made up, among others that are", "yes in all rows, or in none"
                )


class _Reader:
    """Reads the table, by its schema."""

    def __init__(self, register: Register, sheet: Sheet):
        self._register = register
        cells = [[" ".join(cell.split()) for cell in row] for row in sheet.rows]
        self._headings = cells[0] if cells else []
        self._rows = [(number, row) for number, row in enumerate(cells[1:], start=_HEADING_ROW + 1) if any(row)]
        self.made_up: dict[int, bool] = {}

    def headings(self) -> Iterator[Wrong]:
        """What is wrong with the headings: without them no cell has a meaning."""
        expected = list(self._register.columns)
        for heading in dict.fromkeys(filter(None, self._headings)):
            if self._headings.count(heading) > 1:
                yield Wrong(_HEADING_ROW, heading, "a column that is there twice", "each column once")
            if heading not in expected:
                yield Wrong(_HEADING_ROW, heading[:40], "an unknown column", near(heading[:40], expected))
        for name, column in self._register.columns.items():
            if name not in self._headings and column.required:
                yield Wrong(_HEADING_ROW, name, "a column that is missing", column.means)

    def entries(self, wrong: list[Wrong]) -> Iterator[Entry]:
        """Each activity with its institutions; what is wrong is added to the list."""
        known: dict[int, tuple[int, dict[str, Any]]] = {}
        groups: dict[int, dict[str, Group]] = {}
        for row, cells in self._rows:
            values, found = self._values(row, cells)
            number = values.get("number")
            self.made_up[row] = bool(values.get("made_up"))
            if number is None:
                wrong += found
                continue
            if number in known:
                found = [one for one in found if one.what != _EMPTY or self._register.is_of_institutions(one.column)]
                found += self._contradictions(row, values, *known[number])
            else:
                known[number] = (row, values)
                found += [] if found else _wrong_days(row, values)
            group = None if found else _group(row, values, groups.setdefault(number, {}), found)
            wrong += found
            if group:
                groups[number][group.institution] = group
        if not wrong:
            for number, (_, values) in known.items():
                yield Entry(_activity(values), tuple(groups[number].values()))

    def _values(self, row: int, cells: list[str]) -> tuple[dict[str, Any], list[Wrong]]:
        """What the cells of a row hold, and what is wrong with them."""
        texts = dict(zip(self._headings, cells))
        year = int(first[:4]) if (first := texts.get("from", ""))[:4].isdecimal() else datetime.MAXYEAR
        values: dict[str, Any] = {}
        outside = [text for at, text in enumerate(cells) if text and not "".join(self._headings[at : at + 1])]
        wrong = [_outside(row, text, year) for text in outside]
        for name, column in self._register.columns.items():
            text = texts.get(name, "")
            try:
                values[name] = value_of(self._register, name, text, year)
            except WrongCell as error:
                wrong.append(error.at(row, name))
            if not text and column.required:
                wrong.append(Wrong(row, name, _EMPTY, column.means))
        return values, wrong

    def _contradictions(
        self, row: int, values: dict[str, Any], first_row: int, first: dict[str, Any]
    ) -> Iterator[Wrong]:
        """What a further row of an activity says otherwise than its first row."""
        for name, value in values.items():
            is_told_once = name != "made_up" and not self._register.is_of_institutions(name)
            if is_told_once and value is not None and name in first and value != first[name]:
                what, expected = "not what the first row of the activity says", f"as row {first_row}, or an empty cell"
                yield Wrong(row, name, what, expected, str(value))


def _outside(row: int, text: str, year: int) -> Wrong:
    try:
        refuse_personal_data(text, year)
    except WrongCell as error:
        return error.at(row, "")
    return Wrong(row, "", "a cell in a column without a heading", "nothing beside the table", text)


def _wrong_days(row: int, values: dict[str, Any]) -> list[Wrong]:
    """What is wrong with the days of an activity, and with texts that are there in one language."""
    first, last, days = values["from"], values["to"], values["days"]
    if last < first:
        return [Wrong(row, "to", "a last day before the first", f"{first} or later", str(last))]
    span = (last - first).days + 1
    if not 1 <= days <= span:
        return [Wrong(row, "days", "days that are not between the first and the last", f"1 to {span}", str(days))]
    if len({bool(values[name]) for name in ("output_en", "output_lt")}) > 1:
        name = "output_lt" if values["output_en"] else "output_en"
        return [Wrong(row, name, "an output in one language only", "the output in both languages, or in none")]
    return []


def _group(row: int, values: dict[str, Any], there: dict[str, Group], wrong: list[Wrong]) -> Group | None:
    """Who took part from an institution; None where that is wrong, which is added to the list."""
    group = Group(values["institution"], values["women"], values["men"], values["sex_not_recorded"] or 0)
    participants = values["participants"]
    if group.institution in there:
        wrong.append(Wrong(row, "institution", "an institution that is there twice", "one row", group.institution))
    elif participants != group.participants:
        by_sex = f"{group.women} + {group.men} + {group.sex_not_recorded} = {group.participants}"
        wrong.append(Wrong(row, "participants", "not the sum by sex", by_sex, str(participants)))
    elif not participants:
        wrong.append(Wrong(row, "participants", "nobody took part", "1 or more, or no row", "0"))
    return None if wrong else group


def _activity(values: dict[str, Any]) -> Activity:
    def in_languages(what: str) -> dict[str, str]:
        named = {name.removeprefix(f"{what}_"): text for name, text in values.items() if name.startswith(f"{what}_")}
        return {language: text for language, text in named.items() if text}

    return Activity(
        number=values["number"],
        first=values["from"],
        last=values["to"],
        kind=values["kind"],
        area=values["area"],
        title=in_languages("title"),
        days=values["days"],
        partners=tuple(sorted(set(values["partners"] or ()))),
        funding=values["funding"],
        output=in_languages("output"),
    )
