"""``params/commentary/<country>/<year>.<language>.md``: what an editor says of a year, in one language."""

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

from workbench.declarations.models import Declaration, Unfit, Words
from workbench.declarations.structuring import structured
from workbench.declarations.yaml_files import explained, parsed
from workbench.model.errors import InvalidDeclaration
from workbench.model.names import LANGUAGE
from workbench.model.paths import Project

_FRONT_MATTER = re.compile(r"---\n(.*?\n)---\n(.*)", re.DOTALL)


class BoundNumber(Declaration):
    """The result that a ``{name}`` in the text stands for: of the country and year, unless it says otherwise."""

    indicator: str
    geo: str | None = None
    time: str | None = None
    breakdown: dict[str, str] = {}


class Heading(Declaration):
    """What stands between the lines ``---`` at the top: who wrote it, when, and the results that its numbers are bound to."""

    author: Words
    date: datetime.date
    numbers: dict[str, BoundNumber] = {}


@dataclass(frozen=True)
class CommentaryFile:
    """A commentary as it was written.

    Attributes
    ----------
    path : Path
        Where it is.
    heading : Heading
        What stands at its top.
    text : str
        What stands below.
    first_line : int
        The line of the file in which the text begins.
    """

    path: Path
    heading: Heading
    text: str
    first_line: int

    @property
    def language(self) -> str:
        """The language that it is written in."""
        return self.path.stem.split(".")[1]

    def place(self, position: int) -> str:
        """Where a position of the text is: file, line and column."""
        before = self.text[:position]
        column = position - (before.rfind("\n") + 1) + 1
        return f"{self.path}, line {self.first_line + before.count(chr(10))}, column {column}"


def commentary_files(project: Project, country: str, year: int) -> list[Path]:
    """Where the commentaries on a country and year are, by language.

    Raises
    ------
    InvalidName
        If a file is not named after a language: nothing would show it.
    """
    paths = sorted((project.params / "commentary" / country).glob(f"{year}.*.md"))
    for path in paths:
        hint = f"name the file {year}.<language>.md"
        LANGUAGE.checked(path.name.removeprefix(f"{year}.").removesuffix(".md"), where=str(path), hint=hint)
    return paths


def read_commentary(path: Path) -> CommentaryFile:
    """Read a commentary.

    Raises
    ------
    InvalidDeclaration
        If it does not begin with front matter, or that does not say what it must.
    """
    parts = _FRONT_MATTER.fullmatch(path.read_text(encoding="utf-8"))
    if not parts:
        raise InvalidDeclaration(
            "a commentary has no front matter",
            where=f"{path}, line 1",
            expected="author, date and numbers between two lines ---, and the text below them",
            hint="begin as params/commentary/README.md shows",
        )
    said, text = parts.groups()
    try:
        heading = structured(parsed(said, path, "the front matter", line=2), Heading)
    except Unfit as unfit:
        raise explained(unfit, path) from None
    return CommentaryFile(path, heading, text, first_line=said.count("\n") + 3)
