"""``params/reconciliation/<difference>.yaml``: why two providers' figures differ, as far as anybody knows; and since when it is known.

The name of a file is that of an indicator: the difference of two counts.
"""

import datetime
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from workbench.declarations.models import Checked, Declaration, LanguageName, Unfit, Words
from workbench.declarations.yaml_files import names_in, read_yaml
from workbench.model.names import DIFFERENCE
from workbench.model.paths import Project
from workbench.model.types import Result


def _check_text(text: dict[str, str]) -> None:
    if "en" not in text:
        raise Unfit("the text in English, and in each language that it is known in")
    if any(character.isdigit() for said in text.values() for character in said):
        raise Unfit("a text without numbers: none of them would be bound to a result")


class Reason(Declaration):
    """Why figures differ.

    Attributes
    ----------
    written : datetime.date
        The day on which it was put on file.
    minuend_is : {"lower", "higher", "either"}
        Which way it works: the first of the two counts is ``lower`` for it than the second, or ``higher``, or may be ``either``. It
        explains no difference of the other sign.
    country : str or None
        The country whose figures it explains; those of all without one.
    since, until : int or None
        The first and the last year that it explains.
    text : dict
        Language to text; it states no number, which would be bound to none.
    """

    written: datetime.date
    minuend_is: Literal["lower", "higher", "either"]
    country: str | None = None
    since: int | None = None
    until: int | None = None
    text: Annotated[dict[LanguageName, Words], Checked(_check_text)]

    def explains(self, difference: Result) -> bool:
        """Whether it is about the figures of this country and year, and works the way in which they differ."""
        year = int(difference.time[:4])
        is_in_time = (self.since or year) <= year <= (self.until or year)
        return self.country in (None, difference.geo) and is_in_time and self._works_this_way(difference.value)

    def _works_this_way(self, difference: float) -> bool:
        return {"lower": difference < 0, "higher": difference > 0, "either": True}[self.minuend_is]

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """Language and text of each."""
        return tuple(sorted(self.text.items()))


class Reasons(Declaration):
    """The reasons on file for a difference."""

    difference: str
    reasons: Annotated[tuple[Reason, ...], Meta(min_length=1)]


def reason_files(project: Project) -> list[Path]:
    """The files of all reasons, sorted."""
    folder = project.params / "reconciliation"
    return [folder / f"{name}.yaml" for name in names_in(folder, DIFFERENCE)]


def reasons_for(project: Project, difference: str) -> tuple[Reason, ...]:
    """The reasons on file for a difference; none where there is no file.

    Raises
    ------
    InvalidDeclaration
        If the file does not say what it must.
    """
    path = project.params / "reconciliation" / f"{DIFFERENCE.checked(difference)}.yaml"
    return read_yaml(path, Reasons, difference=difference).reasons if path in reason_files(project) else ()
