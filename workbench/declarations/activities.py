"""``params/activities/register.yaml``: what the register of the contact point's activities holds, column by column.

A row is an activity with the institution that took part; each further institution has a row of its own with the same number.
"""

import datetime
from typing import Annotated, Literal

from msgspec import Meta

from workbench.declarations.codelists import code_list
from workbench.declarations.models import DatasetName, Declaration, LanguageName, Unfit
from workbench.declarations.yaml_files import read_yaml
from workbench.model.errors import UnknownCode
from workbench.model.paths import Project

ColumnType = Literal["number", "day", "code", "codes", "text", "mark"]

LISTS = {"kind": "activity", "area": "area", "partners": "geo", "funding": "funding", "institution": "institution"}
"""The columns of codes, and the code list of each."""

_TYPES: dict[str, ColumnType] = {
    "number": "number",
    "from": "day",
    "to": "day",
    "kind": "code",
    "area": "code",
    "title_en": "text",
    "title_lt": "text",
    "days": "number",
    "partners": "codes",
    "funding": "code",
    "output_en": "text",
    "output_lt": "text",
    "institution": "code",
    "women": "number",
    "men": "number",
    "sex_not_recorded": "number",
    "participants": "number",
    "made_up": "mark",
}
_OF_INSTITUTIONS = ("institution", "women", "men", "sex_not_recorded", "participants")


class Column(Declaration):
    """A column of the register.

    Attributes
    ----------
    type : str
        What its cells hold: a whole ``number``, a ``day`` (2025-03-04), a ``code``, several ``codes`` with commas between
        them, ``text``, or a ``mark``: yes or nothing.
    means : str
        What is written into it.
    codes : tuple of str
        The codes of its list that may be used; all, where none is named.
    required : bool
        Whether its cells must be filled in.
    """

    type: ColumnType
    means: str
    codes: tuple[str, ...] = ()
    required: bool = True


class Register(Declaration):
    """The schema of the register.

    Attributes
    ----------
    country : str
        The country of the contact point.
    dataset : str
        What an accepted register becomes a vintage of.
    licence : str
        What may be done with it; it stands on its card.
    """

    country: str
    dataset: DatasetName
    licence: str
    columns: dict[str, Column]

    def __post_init__(self) -> None:
        found = {name: column.type for name, column in self.columns.items()}
        if found != _TYPES:
            raise Unfit(", ".join(f"{name}: {kind}" for name, kind in _TYPES.items()), str(found), ("columns",))
        for name, column in self.columns.items():
            for code in column.codes:
                try:
                    code_list(LISTS[name]).code(code)
                except (KeyError, UnknownCode):
                    expected = f"codes of a list; {code} is none of {name}"
                    raise Unfit(expected, code, ("columns", name, "codes")) from None

    def codes(self, name: str) -> list[str]:
        """The codes that a column may hold."""
        listed = code_list(LISTS[name]).codes.values()
        if name == "partners":
            return [code.code for code in listed if code.kind == "country" and code.code != self.country]
        return list(self.columns[name].codes) or [code.code for code in listed if code.code != "TOTAL"]

    def is_of_institutions(self, name: str) -> bool:
        """Whether each row of an activity has its own entry in a column; the other columns are told once."""
        return name in _OF_INSTITUTIONS


class Activity(Declaration):
    """An activity in words and days, as the card of a register has it; its numbers are observations.

    Attributes
    ----------
    first, last : datetime.date
        Its days; the year of the first is the one that it counts in.
    title, output : dict
        Language to text; an output may be missing.
    """

    number: int
    first: datetime.date
    last: datetime.date
    kind: str
    area: str
    title: Annotated[dict[LanguageName, str], Meta(min_length=1)]
    days: int
    partners: tuple[str, ...] = ()
    funding: str
    output: dict[LanguageName, str] = {}

    @property
    def year(self) -> int:
        """The year that it counts in."""
        return self.first.year

    @property
    def code(self) -> str:
        """Its number, as the dimension ``entry`` has it."""
        return str(self.number)


def read_register(project: Project) -> Register:
    """Read the schema of the register.

    Raises
    ------
    InvalidDeclaration
        If there is none, or it does not say what it must.
    """
    return read_yaml(project.params / "activities" / "register.yaml", Register)
