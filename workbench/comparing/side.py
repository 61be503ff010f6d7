"""One side of a comparison: the files of an edition in a folder, as the payload of an archive has them, and how they are read.

Whoever sealed an archive may have written anything into it: what is no such file as it should be is refused.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from workbench.archiving.reading import yaml_mapping
from workbench.editions.archive_contents import CODE_VERSION
from workbench.execution.recorded import record_of
from workbench.model.encoding import UnknownDescription
from workbench.model.errors import WorkbenchError
from workbench.model.periods import is_period
from workbench.model.record import Record
from workbench.model.results_csv import read_results_csv
from workbench.model.types import Result

RESULTS = ".results.csv"
"""What the name of a file of results ends in."""

StudyKey = tuple[str, str]
"""A study and a country."""

Read = TypeVar("Read")


def understood(path: Path, read: Callable[[str], Read]) -> Read:
    """What is read from the text of a file of a side.

    Raises
    ------
    WorkbenchError
        If it is not what it should be.
    """
    try:
        return read(path.read_text(encoding="utf-8"))
    except Exception as error:  # readers raise errors of their own kinds
        raise WorkbenchError(
            f"{path.name} cannot be read",
            where=f"{path.parent.parent.name}/{path.parent.name}/{path.name} of one of the two",
            found=f"{type(error).__name__}: {error}"[:500],
            unchanged="nothing was written",
            hint="take an intact copy from where it was published",
        ) from error


@dataclass(frozen=True)
class SealedStudy:
    """A study of a country, in the folder of its files."""

    study: str
    country: str
    edition: str
    folder: Path

    @property
    def key(self) -> StudyKey:
        return self.study, self.country

    @cached_property
    def results(self) -> list[Result]:
        """What it publishes."""
        return understood(self._file(RESULTS.removeprefix(".")), _results)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of its pages."""
        pages = (re.fullmatch(rf"{re.escape(self.study)}\.([a-z]{{2,3}})\.html", one.name) for one in self.files)
        return tuple(sorted(page[1] for page in pages if page))

    @property
    def files(self) -> list[Path]:
        return sorted(self.folder.glob(f"{self.study}.*"))

    def pages(self, language: str) -> list[Path]:
        """Its page, and that on its method; older archives have only the first."""
        pages = (self._file(f"{language}.html"), self._file(f"method.{language}.html"))
        return [page for page in pages if page.is_file()]

    @property
    def year(self) -> int:
        """Its reference year."""
        return self.record.year if self.record else int(self.edition)

    @cached_property
    def record(self) -> Record | None:
        """What its run read and published; None if another version described it otherwise."""
        notebook = self._file("ipynb")
        return understood(notebook, _record) if notebook.is_file() else None

    def _file(self, rest: str) -> Path:
        return self.folder / f"{self.study}.{rest}"


@dataclass(frozen=True)
class DeclaredStudy:
    """What a sidecar says of the data of a study: its datasets, and what it depends on beside them."""

    datasets: tuple[str, ...]
    depends_on: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """One of what is compared.

    Attributes
    ----------
    archive : str or None
        The name under which it was sealed; None for the working tree.
    edition : str
        The edition that it is of.
    revision : int or None
        Of an archive.
    digest : str
        Of an archive, that of all that it holds; else empty.
    payload : Path
        The folder of its files, as in the payload of an archive.
    studies : mapping
        Its studies, in the order of their names.
    """

    archive: str | None
    edition: str
    revision: int | None
    digest: str
    payload: Path
    studies: Mapping[StudyKey, SealedStudy]

    @property
    def name(self) -> str:
        """How it is called in files and errors."""
        return self.archive or f"{self.edition}-working-tree"

    @property
    def numbered(self) -> tuple[str, int]:
        """Under which name it was sealed, drafts apart, and as which revision; that of the working tree is 0."""
        return (self.archive or "").rpartition("-r")[0], self.revision or 0

    @cached_property
    def declaration(self) -> dict[str, Any]:
        """How its edition is declared; each of its vintages is a list."""
        return understood(self.payload / "params" / "editions" / f"{self.edition}.yaml", _declaration)

    def sidecar(self, study: str) -> DeclaredStudy:
        """How a study is declared."""
        return understood(self.payload / "params" / "studies" / f"{study}.yaml", _sidecar)

    @cached_property
    def version(self) -> dict[str, str]:
        """What it says of its code, and of the Python that ran it."""
        return understood(self.payload / CODE_VERSION, _version)


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook as it is written."""

    name: str
    is_code: bool
    source: str


def cells_of(notebook: Path) -> list[Cell]:
    """The cells of a notebook.

    Raises
    ------
    WorkbenchError
        If it is none.
    """
    return understood(notebook, _cells)


def _cells(text: str) -> list[Cell]:
    return [
        Cell(str(cell.get("id", place)), cell["cell_type"] == "code", "".join(cell["source"]))
        for place, cell in enumerate(json.loads(text)["cells"])
    ]


def _results(text: str) -> list[Result]:
    results = read_results_csv(text)
    for one in results:
        if not is_period(one.time):
            raise ValueError(f"{one.time!r} is no period")
        _ = one.sources, one.codes
    return results


def _record(notebook: str) -> Record | None:
    try:
        record = record_of(json.loads(notebook)["cells"])
    except UnknownDescription:
        return None
    if record and not (
        isinstance(record.year, int) and all(finding.results is not None for finding in record.findings)
    ):
        raise TypeError("its record is not of a year, or of findings")
    return record


def _declaration(text: str) -> dict[str, Any]:
    """The declaration of an edition; its vintages as lists, its studies as texts, its corrections as day and texts."""
    said = yaml_mapping(text)
    pinned = {
        str(name): [str(one) for one in (vintages if isinstance(vintages, list) else [vintages])]
        for name, vintages in (said.get("vintages") or {}).items()
    }
    corrections = [
        (str(one["date"]), {str(language): str(told) for language, told in one["text"].items()})
        for one in said.get("corrections") or ()
    ]
    return {**said, "vintages": pinned, "studies": [str(one) for one in said["studies"]], "corrections": corrections}


def _sidecar(text: str) -> DeclaredStudy:
    said = yaml_mapping(text)
    return DeclaredStudy(tuple(map(str, said["datasets"])), tuple(map(str, said.get("depends_on") or ())))


def _version(text: str) -> dict[str, str]:
    said = json.loads(text)
    return {"sha256": str(said["sha256"]), **{name: str(one) for name, one in said.items()}}
