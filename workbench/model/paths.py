"""Where things are in a project, and how files are written so that none is ever incomplete."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workbench.model.errors import WorkbenchError
from workbench.model.names import is_restricted

STARTER_SNAPSHOTS = Path(__file__).parents[1] / "data" / "starter"


@dataclass(frozen=True)
class Project:
    """A folder with ``notebooks/``, ``params/`` and ``outputs/``."""

    root: Path

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def params(self) -> Path:
        return self.root / "params"

    @property
    def outputs(self) -> Path:
        return self.root / "outputs"

    @property
    def archives(self) -> Path:
        return self.outputs / "archive"

    @property
    def snapshots(self) -> Path:
        """The user's own snapshots; the starter snapshots are in the package."""
        return self.outputs / "snapshots"

    @property
    def journal(self) -> Path:
        """What the workbench notes for itself; neither published nor archived."""
        return self.outputs / ".journal"

    @property
    def fits(self) -> Path:
        """What was fitted to data, kept so that it need not be fitted again; see `workbench.study.fits`."""
        return self.journal / "fits"

    @property
    def queries(self) -> Path:
        return self.params / "queries"

    @property
    def restricted(self) -> Path:
        """What is for the network or the team alone: of queries that are not for wider dissemination, and the calendar."""
        return self.root / "restricted"

    def made_of(self, edition: str) -> Path:
        """Where the pages of an edition are, each in a folder of its own."""
        return self.restricted if is_restricted(edition) else self.outputs

    def archives_of(self, edition: str) -> Path:
        """Where the archives of an edition are."""
        return self.restricted / "archive" if is_restricted(edition) else self.archives

    def is_query(self, study: str) -> bool:
        """Whether a study is an ad-hoc query."""
        return (self.queries / f"{study}.yaml").is_file()

    def notebook(self, study: str) -> Path:
        folder = self.notebooks / "queries" if self.is_query(study) else self.notebooks
        return folder / f"{study}.ipynb"

    def sidecar(self, study: str) -> Path:
        """What a study declares of itself; of a query, its declaration."""
        folder = self.queries if self.is_query(study) else self.params / "studies"
        return folder / f"{study}.yaml"


def find_project(start: Path | None = None) -> Project:
    """Find the project that a folder belongs to.

    Parameters
    ----------
    start : Path, optional
        Where to begin; the working directory by default. A notebook opened in JupyterLab starts in ``notebooks/``,
        papermill wherever it was called. If neither this folder nor one above it is a project, the checkout of this package is.

    Raises
    ------
    WorkbenchError
        If there is no project, or its ``outputs`` is not a folder.
    """
    start = (start or Path.cwd()).resolve()
    checkout = Path(__file__).resolve().parents[2]
    for folder in (start, *start.parents, checkout):
        # The archive of a query has no studies.
        has_declarations = any((folder / "params" / kind).is_dir() for kind in ("studies", "queries"))
        if (folder / "notebooks").is_dir() and has_declarations:
            return _with_outputs(Project(folder))
    raise WorkbenchError(
        "no workbench project here",
        expected="a folder with notebooks/ and params/studies/, at or above the working directory",
        found=f"none at or above {start}",
        hint="change into your clone of the workbench",
    )


def _with_outputs(project: Project) -> Project:
    """Refuse a project whose outputs cannot be written, before any work is done."""
    outputs = project.outputs
    if os.path.lexists(outputs) and not outputs.is_dir():
        raise WorkbenchError(
            "outputs is not a folder",
            where=str(outputs),
            found="a link that leads nowhere" if outputs.is_symlink() else "a file",
            unchanged="nothing was run and nothing was written",
            hint="remove it, or make it a folder or a link to one",
        )
    return project


def write_whole(path: Path, content: bytes | str) -> Path:
    """Write a file so that a reader sees the old one or the new one, never part of one."""
    with whole_file(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)
    return path


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write piece by piece, which readers see only once it is complete.

    The content goes to a temporary file in the same folder, which is then renamed; on an error it is removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
