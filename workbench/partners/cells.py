"""What a single cell of a table holds: a whole number or a mark, or something that no figure is."""

import re
from dataclasses import dataclass

from workbench.model.types import message

MARKS = {":": "", "c": "c"}
"""What may stand in the place of a number, and its flag of confidentiality."""

_MOST_DIGITS = 9
_GROUPED = re.compile(r"[+]?\d{1,3}([\s.,'’\u00a0\u202f]\d{3})+([.,]\d+)?")
_MONTH = re.compile(r"\d{4}-\d\d")

SEPARATED = message("A number written as text, with spaces, dots or commas: write digits alone.")
DATE = message("A date, not a number: format the cell as a number and write the figure again.")
NEGATIVE = message("A negative number: a count is 0 or more.")
FRACTION = message("A number with decimals: a count is a whole number.")
TOO_LARGE = message("A number larger than any count can be.")
NO_NUMBER = message("Neither a whole number nor one of the marks “:” and “c”.")


class WrongCell(Exception):
    """A text that is no figure; its argument is the message that says why."""


@dataclass(frozen=True)
class Figure:
    """A number, or the mark in its place."""

    value: int | None
    mark: str = ""


def figure_in(text: str) -> Figure:
    """The figure that a cell holds.

    >>> figure_in("12"), figure_in(":")
    (Figure(value=12, mark=''), Figure(value=None, mark=':'))

    Raises
    ------
    WrongCell
        If it is no whole number from 0 on, and no mark.
    """
    if text in MARKS:
        return Figure(None, text)
    if text.isascii() and text.isdecimal():
        if len(text.lstrip("0")) > _MOST_DIGITS:
            raise WrongCell(TOO_LARGE)
        return Figure(int(text))
    raise WrongCell(_why_none(text))


def _why_none(text: str) -> str:
    if _MONTH.fullmatch(text):
        return DATE
    if _GROUPED.fullmatch(text):
        return SEPARATED
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return NO_NUMBER
    return NEGATIVE if number < 0 else TOO_LARGE if number >= 10**_MOST_DIGITS else FRACTION
