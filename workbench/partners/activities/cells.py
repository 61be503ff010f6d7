"""A cell of the register: what it holds by the type of its column, or why it holds no such thing."""

import datetime
import re
from dataclasses import dataclass

from workbench.declarations.activities import LISTS, Register
from workbench.declarations.codelists import code_list
from workbench.model.errors import near
from workbench.partners.personal_data import personal_data

_MOST_DIGITS = 5
_LONGEST_TEXT = 200
_LONGEST_SHOWN = 60
_YES = "yes"

Value = str | int | datetime.date | tuple[str, ...] | None


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a cell, a row or the whole register.

    Attributes
    ----------
    row : int
        As the file counts them, from 1 on; 0 where it is about the whole register.
    column : str
        Its heading; empty where it is about the whole row.
    """

    row: int
    column: str
    what: str
    expected: str
    found: str = ""

    def __str__(self) -> str:
        where = ", ".join(filter(None, (f"row {self.row}" if self.row else "", self.column)))
        found = f"; found: {self.found[:_LONGEST_SHOWN]}" if self.found else ""
        return f"{where + ': ' if where else ''}{self.what}; expected: {self.expected}{found}"


class WrongCell(Exception):
    """A text that a column does not hold: what is wrong, what was expected, what was found."""

    def __init__(self, what: str, expected: str, found: str = ""):
        super().__init__(what)
        self.what, self.expected, self.found = what, expected, found

    def at(self, row: int, column: str) -> Wrong:
        """The same with its place."""
        return Wrong(row, column, self.what, self.expected, self.found)


def value_of(register: Register, name: str, text: str, year: int) -> Value:
    """What a cell holds; nothing where it is empty.

    Parameters
    ----------
    year : int
        The year of its activity: what is a birth date depends on it.

    Raises
    ------
    WrongCell
        If the column does not hold such a thing; or if it may tell who a person is, whatever the column holds.
    """
    if not text:
        return None
    try:
        value = _typed(register, name, text)
    except WrongCell:
        refuse_personal_data(text, year)
        raise
    if register.columns[name].type == "text":
        refuse_personal_data(text, year)
    return value


def refuse_personal_data(text: str, year: int) -> None:
    """Refuse what looks like a name, an e-mail address, a telephone number, a date of birth or a personal code.

    Raises
    ------
    WrongCell
        Which does not repeat it.
    """
    if found := personal_data(text, str(year)):
        what, said = found
        raise WrongCell(what.format(**said).rstrip("."), "nothing from which a person can be known")


def _typed(register: Register, name: str, text: str) -> Value:
    match register.columns[name].type:
        case "number":
            return _number(text)
        case "day":
            return _day(text)
        case "code":
            return _code(register, name, text)
        case "codes":
            return tuple(_code(register, name, one) for one in re.split(r"[\s,;]+", text.strip(" ,;")))
        case "mark":
            return _mark(text)
    if len(text) > _LONGEST_TEXT:
        raise WrongCell("a text that is too long", f"at most {_LONGEST_TEXT} characters", f"{len(text)}")
    return text


def _number(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text.lstrip("0")) <= _MOST_DIGITS:
        return int(text)
    raise WrongCell("not a whole number", "digits alone, from 0 on", text)


def _day(text: str) -> datetime.date:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise WrongCell("not a day", "year, month and day, as 2025-03-04", text)


def _code(register: Register, name: str, text: str) -> str:
    codes = register.codes(name)
    if text in codes:
        return text
    meant = code_list(LISTS[name]).meant_by(text)
    expected = f"{meant.code}, the code of {text}" if meant and meant.code in codes else near(text, codes)
    raise WrongCell("not a code of this column", expected, text)


def _mark(text: str) -> str:
    if text.casefold() == _YES:
        return _YES
    raise WrongCell("not the mark", f"{_YES}, or an empty cell", text)
