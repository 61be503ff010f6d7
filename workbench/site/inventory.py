"""The contents of ``outputs/``: the studies that were rendered and the archives that were sealed.

The pages, feeds and metadata of the site are made from this and nothing else: a study is listed because its files are
there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from workbench.execution.run_files import METADATA, read_json
from workbench.model.errors import WorkbenchError
from workbench.model.names import EDITION, edition_age
from workbench.model.paths import Project
from workbench.model.record import About
from workbench.model.results_csv import read_results_csv
from workbench.model.types import Result

T = TypeVar("T")
K = TypeVar("K")


@dataclass(frozen=True)
class StudyPage(About):
    """A study of a country and a year in one language.

    Attributes
    ----------
    status : str
        ``draft`` or ``sealed``.
    in_edition : str
        The edition in whose folder it is: ``2022``, ``latest``.
    vintages : mapping
        Those that its run chose, if its edition is not the one of its year, which pins them.
    """

    status: str
    in_edition: str
    vintages: Mapping[str, str]

    @property
    def key(self) -> tuple[str, str, str]:
        """Edition, country and study: the same in each language."""
        return self.in_edition, self.country, self.study

    @property
    def folder(self) -> str:
        return f"{self.in_edition}/{self.country}"

    @property
    def html(self) -> str:
        """The address below ``outputs/``, as of the following."""
        return f"{self.folder}/{self.study}.{self.language}.html"

    @property
    def notebook(self) -> str:
        return f"{self.folder}/{self.study}.ipynb"

    @property
    def spreadsheet(self) -> str:
        return f"{self.folder}/{self.study}.{self.language}.xlsx"

    @property
    def results_csv(self) -> str:
        return f"{self.folder}/{self.study}.results.csv"


@dataclass(frozen=True)
class SealedArchive:
    """The archive of an edition: ``2022-r1``."""

    name: str
    in_edition: str
    revision: int
    size: int

    @property
    def href(self) -> str:
        return f"archive/{self.name}.zip"


@dataclass(frozen=True)
class Site:
    """All studies and archives; studies by edition (newest first), country, study and language."""

    folder: Path
    pages: tuple[StudyPage, ...]
    archives: tuple[SealedArchive, ...]

    def results(self, page: StudyPage) -> list[Result]:
        """The published numbers of a study, which are the same in each language."""
        return read_results_csv((self.folder / page.results_csv).read_text(encoding="utf-8"))


def read_site(project: Project) -> Site:
    """Read the contents of ``outputs/``."""
    pages = [
        page
        for notebook in sorted(project.outputs.glob("*/*/*.ipynb"))
        if EDITION.allow(_edition_of(notebook))
        for language, page in pages_of(notebook).items()
        if notebook.with_suffix(f".{language}.html").is_file()
    ]
    pages.sort(key=lambda page: (edition_age(page.in_edition), page.country, page.study, page.language))
    archives = [_archive(path) for path in project.archives.glob("*-r*.zip")]
    archives.sort(key=lambda archive: (edition_age(archive.in_edition), -archive.revision))
    return Site(project.outputs, tuple(pages), tuple(archives))


def grouped(things: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Things by their key, in the order in which keys first occur."""
    groups: dict[K, list[T]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return dict(groups)


def pages_of(notebook: Path) -> dict[str, StudyPage]:
    """The pages that an executed notebook says were made of it, by language; none for any other notebook.

    Raises
    ------
    WorkbenchError
        If another version wrote it, or it was changed.
    """
    said = read_json(notebook)["metadata"].get(METADATA, {})
    try:
        of_all = {"in_edition": _edition_of(notebook), "vintages": said.get("vintages", {})}
        return {language: StudyPage.from_json(page | of_all) for language, page in said.get("pages", {}).items()}
    except (AttributeError, KeyError, TypeError) as error:
        raise WorkbenchError(
            "a study cannot be listed: another version of the workbench wrote its notebook, or it was changed",
            where=str(notebook),
            found=f"{type(error).__name__}: {error}",
            unchanged="the pages of the site",
            hint="make the study again, or delete its files",
        ) from None


def _edition_of(notebook: Path) -> str:
    return notebook.parents[1].name


def _archive(path: Path) -> SealedArchive:
    edition, _, revision = path.stem.rpartition("-r")
    return SealedArchive(path.stem, edition, int(revision), path.stat().st_size)
