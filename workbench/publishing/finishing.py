"""The end of an edition: the archive is sealed, the studies say so, and the catalogue lists them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from workbench.archiving import seal
from workbench.archiving.seal import SCRATCH
from workbench.declarations.editions import Edition
from workbench.model.paths import Project, write_whole
from workbench.model.words import Sealed
from workbench.publishing.catalogue import write_catalogue
from workbench.publishing.contents import edition_contents
from workbench.rendering.journal import Journal, Made, RunState
from workbench.rendering.rendered import RenderedRun
from workbench.rendering.status import sealed_notebook, sealed_page


def finish(project: Project, edition: Edition, rendered: list[RenderedRun], is_complete: bool) -> Sealed | None:
    """Seal an edition, if it is complete, and write the catalogue of all that stands in ``outputs/``."""
    with alone(project):
        sealed = None
        if is_complete:
            sealed = seal(edition_contents(project, edition, rendered), project.archives)
            for made in rendered:
                _say_sealed(project, made)
        write_catalogue(project)
    return sealed


@contextmanager
def alone(project: Project) -> Iterator[None]:
    """Be the only process that seals or writes the catalogue, and clear away what one left that was killed."""
    journal = Journal(project)
    journal.folder.mkdir(parents=True, exist_ok=True)
    with FileLock(journal.lock):
        outputs = project.outputs
        for folder in (outputs, project.archives, outputs / "countries", outputs / "indicators"):
            for left in (*folder.glob(".*.tmp"), *folder.glob(f"{SCRATCH}*")):
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield


def _say_sealed(project: Project, made: RenderedRun) -> None:
    """Only once the archive is there do a page and a notebook in ``outputs/`` say that they are sealed."""
    journal, run = Journal(project), made.run
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
