"""The contents of an edition's archive: the studies together with all that made them."""

import json
import platform
import subprocess
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import workbench
from workbench.archiving import ArchivedFile, ArchivedRun, Author, DataSource, EditionContents
from workbench.archiving.contents import README
from workbench.data.snapshots import SUFFIX, Snapshot, SnapshotStore
from workbench.declarations.datasets import read_dataset
from workbench.declarations.editions import Edition, edition_file, pinned_vintages
from workbench.declarations.indicators import read_indicators
from workbench.declarations.queries import answer_files, disseminated, read_query_in
from workbench.declarations.reviews import review_path, reviews_of
from workbench.declarations.site import read_site_declaration
from workbench.declarations.studies import read_sidecar
from workbench.editions.archive_index import Studies, archive_indexes
from workbench.editions.archive_readme import archive_readme
from workbench.editions.sealed_files import archived_html, archived_notebook
from workbench.execution.browser import browser_version
from workbench.execution.fingerprint import LOCK, commentaries, reasons_on_file, translation_digests
from workbench.execution.run_files import RunFiles
from workbench.model.digests import CODE_FOLDER, code_digest, code_files
from workbench.model.paths import Project
from workbench.model.record import About
from workbench.page.status import DRAFT, SEALED
from workbench.presentation import spreadsheet
from workbench.resolving.vintage_selection import considered
from workbench.site.inventory import pages_of

CODE, CODE_VERSION = "code", "code/version.json"
"""Folders and files of an archive: the package as it made the edition, and what is known of it."""

_OF_DRAFTS = f"-{DRAFT}"
_MEDIA_TYPES = {
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".csv": "text/csv",
    ".yaml": "application/yaml",
    SUFFIX: "application/vnd.apache.parquet",
    ".json": "application/json",
    ".xlsx": spreadsheet.MEDIA_TYPE,
    ".lock": "text/plain",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".py": "text/x-python",
    ".po": "text/x-gettext-translation",
    ".j2": "text/plain",
    ".css": "text/css",
    ".js": "text/javascript",
}


def edition_contents(
    project: Project, edition: Edition, rendered: list[RunFiles], status: str = SEALED
) -> EditionContents:
    """Collect an edition for its archive, with pages and notebooks as they are once it is sealed, or sealed as a draft.

    No study is kept in memory: each is read when it is written into the archive. Declarations and notebooks are read
    now, so that they can be compared afterwards with what the runs used. Each snapshot is checked once more.
    """
    collector = _Collector(project, edition, status)
    studies = [(run_files, pages_of(run_files.notebook)) for run_files in rendered]
    read = [_snapshots_of(project, pages) for _, pages in studies]
    deciding = _deciding_snapshots(project, edition)
    common = collector.put_common_inputs(rendered)
    collector.put_code()
    collector.put_studies_as_written()
    collector.put_snapshots(set().union(*read, *deciding.values()))
    collector.put_what_readers_find_first(studies)
    runs = [
        collector.put_run(run_files, pages, common, deciding[run_files.run.study] | snapshots)
        for (run_files, pages), snapshots in zip(studies, read)
    ]
    return EditionContents(
        name=archive_name(edition.name, status),
        declaration=collector.path_of(edition_file(project, edition.name)),
        title=collector.title,
        description=f"{collector.title}: studies of {', '.join(edition.countries)} "
        f"in {', '.join(edition.languages)}, with the notebooks, parameters, snapshots and versions that made them.",
        years=tuple(sorted({run.year for run in runs})),
        date_published=str(edition.released),
        licence_url=edition.licence,
        publisher=edition.publisher,
        publisher_url=read_site_declaration(project).address,
        software_version=workbench.__version__,
        software_commit=code_commit(),
        files=tuple(collector.files.values()),
        runs=tuple(runs),
        authors=tuple(Author(author.name, author.identifier) for author in edition.authors),
        corrections=tuple(
            f"{correction.date}: {correction.told_in(edition.languages[0])}" for correction in edition.corrections
        ),
        is_draft=status == DRAFT,
    )


@dataclass
class _Collector:
    """Puts files into the archive of an edition; each method says which."""

    project: Project
    edition: Edition
    status: str
    files: dict[str, ArchivedFile] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.edition.title.format(year=self.edition.name) + (" – draft" if self.status == DRAFT else "")

    def path_of(self, file: Path) -> str:
        """The path in the archive of a file of the project."""
        return file.relative_to(self.project.root).as_posix()

    def put(
        self,
        path: str,
        content: bytes | Callable[[], bytes],
        title: str,
        language: str | None = None,
        data: DataSource | None = None,
    ) -> str:
        self.files[path] = ArchivedFile(path, content, title, _MEDIA_TYPES[Path(path).suffix], language, data)
        return path

    def put_file(self, file: Path, title: str) -> str:
        """A file of the project, as it is now."""
        return self.put(self.path_of(file), file.read_bytes(), title)

    def put_common_inputs(self, rendered: Iterable[RunFiles]) -> list[str]:
        """What all studies depend on."""
        params = self.project.params
        declared = [
            edition_file(self.project, self.edition.name),
            *(params / f"{name}.yaml" for name in ("indicators", "countries", "events", "site")),
            *sorted((params / "datasets").glob("*.yaml")),
        ]
        is_printed = any(one.printed(language).is_file() for one in rendered for language in self.edition.languages)
        return [
            *(self.put_file(file, f"Declaration {file.stem}") for file in declared),
            self.put_file(self.project.root / LOCK, "Environment lock"),
            self.put(CODE_VERSION, code_version(is_printed), "Version of the code"),
        ]

    def put_code(self) -> None:
        """The package with its templates, tables and translations, without the starter snapshots."""
        for path in (*code_files(), *CODE_FOLDER.rglob("*.po")):
            place = path.relative_to(CODE_FOLDER).as_posix()
            self.put(f"{CODE}/workbench/{place}", path.read_bytes(), f"Code of the workbench: {place}")

    def put_studies_as_written(self) -> None:
        for study in self.edition.studies:
            self.put_file(self.project.notebook(study), f"Notebook {study}, as written")
            self.put_file(self.project.sidecar(study), f"Sidecar of {study}")
            self._put_answers(study)

    def _put_answers(self, study: str) -> None:
        """What Member States answered to a query, as it may leave the network."""
        if self.project.is_query(study):
            query = read_query_in(self.project, self.edition.name)
            for path in answer_files(self.project, study):
                self.put(self.path_of(path), disseminated(path, query), f"Answer of {path.stem}")

    def put_snapshots(self, snapshots: Iterable[Snapshot]) -> None:
        for snapshot in snapshots:
            title, data = f"{snapshot.card.title}, vintage {snapshot.id.vintage}", _data_source(self.project, snapshot)
            self.put(_address(snapshot), snapshot.content, title, data=data)
            self.put(_card_address(snapshot), snapshot.card_path.read_bytes(), f"Card of {snapshot.id}", data=data)

    def put_what_readers_find_first(self, studies: Studies) -> None:
        """The home pages, what reviewers said and were answered, and how to check the archive."""
        indexes = archive_indexes(studies, self.edition, self.status, read_indicators(self.project))
        for name, page in indexes.items():
            self.put(name, page.encode(), f"Studies of the edition {self.edition.name}")
        has_reviews = self._put_reviews({(files.run.study, files.run.country) for files, _ in studies})
        readme = archive_readme(self.edition, self.title, min(indexes, key=len), has_reviews)
        self.put(README, readme.encode(), "About this archive")

    def _put_reviews(self, runs: Collection[tuple[str, str]]) -> bool:
        """Who approved what, and when; whether anybody reviewed anything."""
        reviews = [
            review
            for review in reviews_of(self.project, self.edition.name)
            if (review.reviewed.study, review.reviewed.country) in runs
        ]
        for review in reviews:
            path, verdict = review_path(self.project, review), review.verdict.replace("_", " ")
            title = f"Review of {review.reviewed} by {review.reviewer}, {review.modified:%Y-%m-%d}: {verdict}"
            self.put(f"reviews/{path.name}", path.read_bytes(), title)
        return bool(reviews)

    def put_run(
        self, run_files: RunFiles, pages: Mapping[str, About], common: Iterable[str], snapshots: Iterable[Snapshot]
    ) -> ArchivedRun:
        """What a run read besides what is there, and what it made."""
        run, title = run_files.run, _title(pages[self.edition.languages[0]])
        sidecar = read_sidecar(self.project, run.study)
        said = [
            self.put_file(file, f"Commentary on {run.country} {run.year}")
            for file in commentaries(self.project, sidecar, run)
        ]
        said += [
            self.put_file(file, f"Reasons on file: {file.stem}") for file in reasons_on_file(self.project, sidecar)
        ]
        said += [
            self.path_of(path) for path in answer_files(self.project, run.study) if self.project.is_query(run.study)
        ]
        read = [address(snapshot) for snapshot in snapshots for address in (_address, _card_address)]
        outputs = [
            self._put_output(
                run_files.notebook,
                partial(archived_notebook, run_files, self.edition.languages, self.status),
                f"{title}: executed notebook, with its record",
            ),
            self._put_output(run_files.results, run_files.results.read_bytes, f"{title}: results"),
        ]
        for language in self.edition.languages:
            outputs += self._put_pages(run_files, language, _title(pages[language]))
        return ArchivedRun(
            study=run.study,
            title=title,
            country=run.country,
            year=run.year,
            notebook=self.path_of(self.project.notebook(run.study)),
            inputs=(self.path_of(self.project.sidecar(run.study)), *common, *said, *read),
            outputs=tuple(outputs),
        )

    def _put_pages(self, run_files: RunFiles, language: str, title: str) -> Iterator[str]:
        html, method, workbook, _ = run_files.page(language)
        for page, of_page in ((html, title), (method, f"{title}: method and data")):
            yield self._put_output(page, partial(archived_html, page, language, self.status), of_page, language)
        yield self._put_output(workbook, workbook.read_bytes, f"{title}: results as a spreadsheet", language)
        if (pdf := run_files.printed(language)).is_file():
            yield self._put_output(pdf, pdf.read_bytes, f"{title}: to print", language)

    def _put_output(self, file: Path, content: Callable[[], bytes], title: str, language: str | None = None) -> str:
        """A file of a run, whose folder is named after its country."""
        return self.put(f"studies/{file.parent.name}/{file.name}", content, title, language)


def archive_name(edition: str, status: str) -> str:
    """What the archive of an edition is called, before its revision: that of a draft is counted apart."""
    return f"{edition}{_OF_DRAFTS}" if status == DRAFT else edition


def edition_and_status(archive: str) -> tuple[str, str]:
    """The edition that an archive of that name holds, and the status of its pages."""
    edition = archive.removesuffix(_OF_DRAFTS)
    return edition, DRAFT if edition != archive else SEALED


def code_version(is_printed: bool) -> bytes:
    """Version, digests and commit of the package, which tell two states of the code apart without git; and what the lock of
    the environment does not say: the Python, and the browser if a brief is printed."""
    about = {
        "name": "migration-workbench",
        "version": workbench.__version__,
        "sha256": code_digest(),
        "translations": translation_digests(),
        "commit": code_commit(),
        "python": platform.python_version(),
        "browser": browser_version() if is_printed else None,
    }
    return (json.dumps(about, indent=1) + "\n").encode()


def code_commit() -> str | None:
    """The commit of the checkout, if the package lies in one and nothing in it was changed."""
    checkout = Path(workbench.__file__).parents[1]
    if not (checkout / ".git").exists():  # an installed package may lie below a checkout of something else
        return None

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=checkout, capture_output=True, text=True, check=True).stdout.strip()

    try:
        return None if git("status", "--porcelain") else git("rev-parse", "HEAD")
    except (OSError, subprocess.CalledProcessError):
        return None


def _title(page: About) -> str:
    return f"{page.title}, {page.scope}"


def _snapshots_of(project: Project, pages: Mapping[str, About]) -> set[Snapshot]:
    """The snapshots that a run read, which each of its pages names."""
    store, page = SnapshotStore.of(project), next(iter(pages.values()))
    return {store.open(source.dataset, source.vintage) for source in page.sources}


def _data_source(project: Project, snapshot: Snapshot) -> DataSource:
    provider, card = read_dataset(project, snapshot.id.dataset).provider, snapshot.card
    return DataSource(provider, card.licence, card.vintage, card.source_url)


def _deciding_snapshots(project: Project, edition: Edition) -> dict[str, set[Snapshot]]:
    """Each study of an edition to the snapshots without which its runs might choose others; see `considered`."""
    pinned = pinned_vintages(project, edition.name)
    return {study: considered(project, read_sidecar(project, study), pinned) for study in edition.studies}


def _address(snapshot: Snapshot) -> str:
    return f"snapshots/{snapshot.id}{SUFFIX}"


def _card_address(snapshot: Snapshot) -> str:
    return f"snapshots/{snapshot.id}.yaml"
