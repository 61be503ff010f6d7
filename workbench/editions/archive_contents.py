"""The contents of an edition's archive: the studies together with all that made them."""

import json
import subprocess
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import workbench
from workbench.archiving import ArchivedFile, ArchivedRun, EditionContents
from workbench.data.snapshots import SUFFIX, Snapshot, SnapshotStore
from workbench.declarations.editions import Edition, edition_file
from workbench.editions.archive_index import archive_indexes
from workbench.editions.sealed_files import sealed_html, sealed_notebook
from workbench.execution.fingerprint import LOCK, translation_digests
from workbench.execution.run_files import RunFiles
from workbench.model.digests import code_digest
from workbench.model.paths import Project
from workbench.model.record import About
from workbench.presentation import spreadsheet
from workbench.site.inventory import pages_of

_CODE_VERSION = "code/version.json"
_MEDIA_TYPES = {
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".csv": "text/csv",
    ".yaml": "application/yaml",
    SUFFIX: "application/vnd.apache.parquet",
    ".json": "application/json",
    ".xlsx": spreadsheet.MEDIA_TYPE,
    ".lock": "text/plain",
}


def edition_contents(project: Project, edition: Edition, rendered: list[RunFiles]) -> EditionContents:
    """Collect an edition for its archive, with pages and notebooks as they are once it is sealed.

    No study is kept in memory: each is read when it is written into the archive. Declarations and notebooks are read
    now, so that they can be compared afterwards with what the runs used. Each snapshot is checked once more.
    """
    files: dict[str, ArchivedFile] = {}

    def put(path: str, content: bytes | Callable[[], bytes], title: str, language: str | None = None) -> str:
        files[path] = ArchivedFile(path, content, title, _MEDIA_TYPES[Path(path).suffix], language)
        return path

    common = [put(path, content, title) for path, content, title in _common_inputs(project, edition)]
    studies = [(run_files, pages_of(run_files.notebook)) for run_files in rendered]
    snapshots = {str(s.id): s for _, pages in studies for s in _snapshots_of(project, pages)}
    for snapshot in snapshots.values():
        put(_address(snapshot), snapshot.content, f"{snapshot.card.title}, vintage {snapshot.id.vintage}")
        put(_card_address(snapshot), snapshot.card_path.read_bytes(), f"Card of {snapshot.id}")
    for name, page in archive_indexes(studies, edition.languages).items():
        put(name, page.encode(), f"Studies of the edition {edition.name}")
    runs = []
    for run_files, pages in studies:
        run, title = run_files.run, _title(pages[edition.languages[0]])
        folder = f"studies/{run.country}"
        notebook = put(
            f"notebooks/{run.study}.ipynb",
            project.notebook(run.study).read_bytes(),
            f"Notebook {run.study}, as written",
        )
        sidecar = put(
            f"params/studies/{run.study}.yaml", project.sidecar(run.study).read_bytes(), f"Sidecar of {run.study}"
        )
        read = [address(s) for s in _snapshots_of(project, pages) for address in (_address, _card_address)]
        outputs = [
            put(
                f"{folder}/{run_files.notebook.name}",
                partial(sealed_notebook, run_files, edition.languages),
                f"{title}: executed notebook, with its record",
            ),
            put(f"{folder}/{run_files.results.name}", run_files.results.read_bytes, f"{title}: results"),
        ]
        for language in edition.languages:
            named, (html, workbook) = _title(pages[language]), run_files.page(language)
            outputs += [
                put(f"{folder}/{html.name}", partial(sealed_html, run_files, language), named, language),
                put(f"{folder}/{workbook.name}", workbook.read_bytes, f"{named}: results as a spreadsheet", language),
            ]
        runs.append(
            ArchivedRun(
                study=run.study,
                title=title,
                country=run.country,
                year=run.year,
                notebook=notebook,
                inputs=(sidecar, *common, *read),
                outputs=tuple(outputs),
            )
        )
    edition_title = edition.title.format(year=edition.name)
    return EditionContents(
        name=edition.name,
        title=edition_title,
        description=f"{edition_title}: studies of {', '.join(edition.countries)} "
        f"in {', '.join(edition.languages)}, with the notebooks, parameters, snapshots and versions that made them.",
        years=tuple(sorted({run.year for run in runs})),
        date_published=str(edition.released),
        licence_url=edition.licence,
        publisher=edition.publisher,
        software_version=workbench.__version__,
        software_commit=code_commit(),
        files=tuple(files.values()),
        runs=tuple(runs),
    )


def _common_inputs(project: Project, edition: Edition) -> list[tuple[str, bytes, str]]:
    declared = [
        edition_file(project, edition.name),
        project.params / "indicators.yaml",
        project.params / "countries.yaml",
    ]
    declared += sorted((project.params / "datasets").glob("*.yaml"))
    parameters = [
        (path.relative_to(project.root).as_posix(), path.read_bytes(), f"Declaration {path.stem}") for path in declared
    ]
    lock = project.root / LOCK
    return [
        *parameters,
        (LOCK, lock.read_bytes(), "Environment lock"),
        (_CODE_VERSION, code_version(), "Version of the code"),
    ]


def code_version() -> bytes:
    """Version, digests and commit of the package: the digests tell two states of the code apart without git."""
    about = {
        "name": "migration-workbench",
        "version": workbench.__version__,
        "sha256": code_digest(),
        "translations": translation_digests(),
        "commit": code_commit(),
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


def _snapshots_of(project: Project, pages: Mapping[str, About]) -> list[Snapshot]:
    """The snapshots that a run read, which each of its pages names."""
    store, page = SnapshotStore.of(project), next(iter(pages.values()))
    return [store.open(source.dataset, source.vintage) for source in page.sources]


def _address(snapshot: Snapshot) -> str:
    return f"snapshots/{snapshot.id}{SUFFIX}"


def _card_address(snapshot: Snapshot) -> str:
    return f"snapshots/{snapshot.id}.yaml"
