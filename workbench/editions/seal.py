"""The end of an edition: the archive is sealed, the studies say so, and the catalogue lists them."""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from workbench.archiving import seal
from workbench.archiving.seal import SCRATCH
from workbench.declarations.editions import Edition, edition_file, read_edition
from workbench.editions.archive_contents import edition_contents
from workbench.editions.plan import plan, resolve_here
from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import Made, RunLog, RunState
from workbench.model.errors import FailedRun
from workbench.model.paths import Project, write_whole
from workbench.model.types import Sealed
from workbench.page.status import sealed_notebook, sealed_page
from workbench.site.build import write_catalogue


def finish(
    project: Project, edition: Edition, rendered: list[RunFiles], is_complete: bool
) -> tuple[Sealed | None, list[FailedRun]]:
    """Seal an edition, if it is complete, and write the catalogue of all that stands in ``outputs/``.

    Returns
    -------
    Sealed or None, list of FailedRun
        The archive; or why there is none, if what made the edition is not what would be archived.
    """
    with alone(project):
        sealed, complaints = None, []
        if is_complete:
            contents = edition_contents(project, edition, rendered)
            complaints = list(_changed_meanwhile(project, edition))
            if not complaints:
                sealed = seal(contents, project.archives)
                for made in rendered:
                    _say_sealed(project, made)
        write_catalogue(project)
    return sealed, complaints


def _changed_meanwhile(project: Project, edition: Edition) -> Iterator[FailedRun]:
    """What was changed since it was read for the runs, and so would stand in the archive beside what it did not make."""
    declared = read_edition(project, edition.year)
    if declared.model_copy(update={"countries": edition.countries, "languages": edition.languages}) != edition:
        yield _refusal(f"edition {edition.year}", [f"{edition_file(project, edition.year).name} changed"])
    by_reasons = defaultdict(list)
    for one in plan(project, edition, resolve_here):
        if not one.is_up_to_date:
            by_reasons[one.reasons].append(str(one.run))
    for reasons, runs in by_reasons.items():
        yield _refusal(", ".join(runs), reasons)


def _refusal(what: str, reasons: Iterable[str]) -> FailedRun:
    return FailedRun(
        f"{what}: changed since it was read for the edition: what made the studies is not what would be archived",
        found="; ".join(reasons),
        unchanged="the edition was not sealed",
        hint="make the edition again: the same command makes anew what depends on it",
    )


@contextmanager
def alone(project: Project) -> Iterator[None]:
    """Be the only process that seals or writes the catalogue, and clear away what one left that was killed."""
    journal = RunLog(project)
    journal.folder.mkdir(parents=True, exist_ok=True)
    with FileLock(journal.lock):
        outputs = project.outputs
        for folder in (outputs, project.archives, outputs / "countries", outputs / "indicators"):
            for left in (*folder.glob(".*.tmp"), *folder.glob(f"{SCRATCH}*")):
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield


def _say_sealed(project: Project, made: RunFiles) -> None:
    """Only once the archive is there do a page and a notebook in ``outputs/`` say that they are sealed."""
    journal, run = RunLog(project), made.run
    path = journal.state_path(run.study, run.country, run.year, run.language)
    files = {
        made.html: write_changed(made.html, sealed_page(made)),
        made.notebook: write_changed(made.notebook, sealed_notebook(made)),
    }
    state = RunState.read(path)
    if state and any(files.values()):
        replace(state, files=state.files | {path.name: Made.of(path) for path in files}).write(path)


def write_changed(path: Path, content: bytes) -> bool:
    """Write a file whole, unless it holds that already; say whether it was written."""
    if path.read_bytes() == content:
        return False
    write_whole(path, content)
    return True
