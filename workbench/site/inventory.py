"""The contents of ``outputs/``: the studies that were rendered and the archives that were sealed.

The pages, feeds and metadata of the site are made from this and nothing else: a study is listed because its files are
there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from workbench.execution.run_files import METADATA, read_json
from workbench.model.encoding import decoded
from workbench.model.errors import WorkbenchError
from workbench.model.names import EDITION, edition_age, is_restricted, query_of
from workbench.model.paths import Project
from workbench.model.record import BLOCK_TYPE, SENTENCES, About
from workbench.model.results_csv import read_results_csv
from workbench.model.sentence import Sentence
from workbench.model.types import Result
from workbench.page.status import SEALED

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
    def printed(self) -> str:
        """A brief's two sheets, as PDF."""
        return f"{self.folder}/{self.study}.{self.language}.pdf"

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
    """All studies and archives; studies by edition (newest first), country, study and language. The sealed ad-hoc ``queries``
    that are for wider dissemination, the newest first; what is restricted is not in the folder."""

    folder: Path
    pages: tuple[StudyPage, ...]
    archives: tuple[SealedArchive, ...]
    queries: tuple[StudyPage, ...] = ()

    def results(self, page: StudyPage) -> list[Result]:
        """The published numbers of a study, which are the same in each language."""
        return read_results_csv((self.folder / page.results_csv).read_text(encoding="utf-8"))

    def figures(self, page: StudyPage) -> list[tuple[str, Sentence]]:
        """The figures of a study by their ids in the page, each with the sentence that stands above it."""
        notebook = self.folder / page.notebook
        if notebook not in self._figures:
            self._figures[notebook] = list(_figures(read_json(notebook))) if notebook.is_file() else []
        return self._figures[notebook]

    @cached_property
    def _figures(self) -> dict[Path, list[tuple[str, Sentence]]]:
        """What was read of them: it is the same in each language."""
        return {}


def read_site(project: Project) -> Site:
    """Read the contents of ``outputs/``."""
    notebooks = sorted(project.outputs.glob("*/*/*.ipynb"))
    pages = [page for one in notebooks if EDITION.allow(_edition_of(one)) for page in _pages_there(one)]
    queries = [
        page
        for one in notebooks
        if query_of(_edition_of(one)) and not is_restricted(_edition_of(one))
        for page in _pages_there(one)
        if page.status == SEALED and page.edition
    ]
    queries.sort(key=lambda page: page.edition.released if page.edition else "", reverse=True)
    pages.sort(key=lambda page: (edition_age(page.in_edition), page.country, page.study, page.language))
    # One that was sealed as a draft, 2022-draft-r1, is not of the catalogue.
    archives = [one for path in project.archives.glob("*-r*.zip") if EDITION.allow((one := _archive(path)).in_edition)]
    archives.sort(key=lambda archive: (edition_age(archive.in_edition), -archive.revision))
    return Site(project.outputs, tuple(pages), tuple(archives), tuple(queries))


def _pages_there(notebook: Path) -> list[StudyPage]:
    """The pages of an executed notebook whose files are there; what is made up is for those alone who try things out."""
    return [
        page
        for language, page in pages_of(notebook).items()
        if notebook.with_suffix(f".{language}.html").is_file() and not page.is_made_up
    ]


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


def _figures(notebook: dict) -> Iterator[tuple[str, Sentence]]:
    """The figures that an executed notebook describes; of the descriptions only the titles are read."""
    outputs = (output for cell in notebook["cells"] for output in cell.get("outputs", []))
    for description in (output["data"][BLOCK_TYPE] for output in outputs if BLOCK_TYPE in output.get("data", {})):
        # Of a draft, what a cell shows may say that it is a block, and be none.
        for figure in _within(description.get("described", {})):
            titles = [_sentence(figure[title], description["results"]) for title in ("title", "subtitle")]
            # A headline about a number that is not there says nothing, and then what is measured is the title.
            if said := next((title for title in titles if title.is_complete), None):
                yield f"figure-{figure['name']}", said


def _within(described: dict) -> Iterator[dict]:
    """The figures that a block is, or that stand in it side by side."""
    if described.get("type") == "Figure":
        yield described
    if described.get("type") == "Blocks":
        for part in described["parts"]:
            yield from _within(part)


def _sentence(described: dict, results: list) -> Sentence:
    return decoded({"described": described, "results": results}, {one.__name__: one for one in SENTENCES})


def _edition_of(notebook: Path) -> str:
    return notebook.parents[1].name


def _archive(path: Path) -> SealedArchive:
    edition, _, revision = path.stem.rpartition("-r")
    return SealedArchive(path.stem, edition, int(revision), path.stat().st_size)
