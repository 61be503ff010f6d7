"""The contents of ``outputs/``: the studies that were rendered and the archives that were sealed.

The pages, feeds and metadata of the site are made from this and nothing else: a study is listed because its files are
there.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from workbench.execution.run_files import METADATA
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
    """

    status: str

    @property
    def key(self) -> tuple[int, str, str]:
        """Year, country and study: the same in each language."""
        return self.year, self.country, self.study

    @property
    def folder(self) -> str:
        return f"{self.year}/{self.country}"

    @property
    def html(self) -> str:
        """The address below ``outputs/``, as of the following."""
        return f"{self.folder}/{self.study}.{self.language}.html"

    @property
    def notebook(self) -> str:
        return f"{self.folder}/{self.study}.{self.language}.ipynb"

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
    year: int
    revision: int
    size: int

    @property
    def href(self) -> str:
        return f"archive/{self.name}.zip"


@dataclass(frozen=True)
class Site:
    """All studies and archives; studies by year (newest first), country, study and language."""

    folder: Path
    pages: tuple[StudyPage, ...]
    archives: tuple[SealedArchive, ...]

    def results(self, page: StudyPage) -> list[Result]:
        """The published numbers of a study, which are the same in each language."""
        return read_results_csv((self.folder / page.results_csv).read_text(encoding="utf-8"))


def read_site(project: Project) -> Site:
    """Read the contents of ``outputs/``."""
    pages = [
        page for path in project.outputs.glob("[0-9]*/*/*.ipynb") if path.with_suffix(".html").is_file()
        for page in _study_page(path)
    ]  # fmt: skip
    pages.sort(key=lambda page: (-page.year, page.country, page.study, page.language))
    archives = [_archive(path) for path in project.archives.glob("*-r*.zip")]
    archives.sort(key=lambda archive: (-archive.year, -archive.revision))
    return Site(project.outputs, tuple(pages), tuple(archives))


def grouped(things: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Things by their key, in the order in which keys first occur."""
    groups: dict[K, list[T]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return dict(groups)


def _study_page(notebook: Path) -> list[StudyPage]:
    """The study that an executed notebook describes; none for any other notebook."""
    about = json.loads(notebook.read_text(encoding="utf-8"))["metadata"].get(METADATA)
    return [StudyPage.from_json(about)] if about else []


def _archive(path: Path) -> SealedArchive:
    year, _, revision = path.stem.rpartition("-r")
    return SealedArchive(path.stem, int(year), int(revision), path.stat().st_size)
