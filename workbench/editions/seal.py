"""The end of an edition: it is sealed as an archive, and the site lists it."""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from filelock import FileLock
from msgspec import structs

from workbench.archiving import seal
from workbench.archiving.seal import SCRATCH
from workbench.declarations.editions import Edition, edition_file, read_edition
from workbench.editions.archive_contents import edition_contents
from workbench.editions.plan import plan, resolve_here
from workbench.editions.run_times import write_run_times
from workbench.editions.sealed_files import mark_sealed
from workbench.editions.verification import verify_all
from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import RunLog
from workbench.model.errors import FailedRun
from workbench.model.paths import Project
from workbench.model.types import Sealed
from workbench.page.status import SEALED
from workbench.site.build import write_site


def finish(
    project: Project, edition: Edition, rendered: list[RunFiles], is_complete: bool, status: str = SEALED
) -> tuple[Sealed | None, list[FailedRun]]:
    """Seal an edition if it is complete, and write the site of all that is in ``outputs/``.

    Sealed as a draft, it has an archive of its own; its pages in ``outputs/`` stay as they are.

    Returns
    -------
    Sealed or None, list of FailedRun
        The archive; or why there is none, if the inputs of the edition have changed since they were read.
    """
    with exclusive(project):
        sealed, changes = None, []
        if is_complete:
            # First the contents are read, then compared with what the runs read.
            contents = edition_contents(project, edition, rendered, status)
            changes = list(_changed_meanwhile(project, edition))
            if not changes:
                sealed = seal(contents, project.archives_of(edition.name), verify_all)
                for files in rendered if status == SEALED else ():
                    mark_sealed(files, edition.languages)
                if sealed.is_new:
                    write_run_times(project, sealed, rendered)
        write_site(project)
    return sealed, changes


def _changed_meanwhile(project: Project, edition: Edition) -> Iterator[FailedRun]:
    """Inputs that have changed since the runs read them, so that the archive would not hold what made its studies."""
    declared = read_edition(project, edition.name)
    if structs.replace(declared, countries=edition.countries, languages=edition.languages) != edition:
        yield _refusal(f"edition {edition.name}", [f"{edition_file(project, edition.name).name} changed"])
    by_reasons = defaultdict(list)
    for one in plan(project, edition, resolve_here):
        if not one.is_up_to_date:
            by_reasons[one.all_reasons].append(str(one.run))
    for reasons, runs in by_reasons.items():
        yield _refusal(", ".join(runs), reasons)


def _refusal(what: str, reasons: Iterable[str]) -> FailedRun:
    return FailedRun(
        f"{what}: inputs changed while the edition was made, and the archive would not hold what made the studies",
        found="; ".join(reasons),
        unchanged="the edition was not sealed",
        hint="make the edition again: the same command makes again what depends on them",
    )


@contextmanager
def exclusive(project: Project) -> Iterator[None]:
    """Be the only process that seals or writes the site, and clear away what a killed one left behind."""
    run_log = RunLog(project)
    run_log.folder.mkdir(parents=True, exist_ok=True)
    with FileLock(run_log.lock):
        outputs = project.outputs
        for folder in (
            outputs,
            project.archives,
            project.restricted / "archive",
            outputs / "countries",
            outputs / "indicators",
        ):
            for path in (*folder.glob(".*.tmp"), *folder.glob(f"{SCRATCH}*")):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        yield
