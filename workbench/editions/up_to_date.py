"""An edition to which nothing is to do: all of it is as it was when it was sealed and the catalogue was written."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.declarations.editions import Edition
from workbench.editions.plan import PlannedRun
from workbench.execution.fingerprint import digest_of, file_digest
from workbench.execution.run_log import RunLog
from workbench.model.paths import Project, write_whole
from workbench.model.types import Sealed

_NOT_PUBLISHED = {".journal", "snapshots"}


@dataclass(frozen=True)
class UpToDate:
    """An edition that was sealed before, and stands as it did."""

    sealed: Sealed

    @classmethod
    def of(cls, project: Project, edition: Edition, planned: list[PlannedRun]) -> UpToDate | None:
        """The edition as it was sealed, if nothing was changed since; else none, and it must be looked at."""
        if not all(one.is_up_to_date for one in planned):
            return None
        try:
            said = json.loads(_path(project, edition).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if said.get("state") != _state(project, edition, planned):
            return None
        return cls(Sealed(project.archives / said["archive"], is_new=False))

    @staticmethod
    def note(project: Project, edition: Edition, planned: list[PlannedRun], sealed: Sealed) -> None:
        """Note how an edition stands that was sealed now."""
        said = {"archive": sealed.path.name, "state": _state(project, edition, planned)}
        write_whole(_path(project, edition), json.dumps(said, indent=1) + "\n")


def _path(project: Project, edition: Edition) -> Path:
    return RunLog(project).folder / "editions" / f"{edition.year}.json"


def _state(project: Project, edition: Edition, planned: list[PlannedRun]) -> str:
    """All that the archive and the catalogue are made from, and all that stands in ``outputs/``."""
    declared = [*sorted(project.params.rglob("*.yaml")), project.root / "requirements.lock"]
    return digest_of(
        edition.model_dump(mode="json"),
        [[str(one.run), sorted(one.inputs.items())] for one in planned],
        [[str(path.relative_to(project.root)), file_digest(path)] for path in declared],
        list(_standing(project.outputs, project.outputs)),
    )


def _standing(folder: Path, top: Path) -> Iterator[tuple[str, int, int]]:
    """Each file that is published, with its size and time of change."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir():
            if folder != top or entry.name not in _NOT_PUBLISHED:
                yield from _standing(Path(entry.path), top)
        else:
            status = entry.stat()
            yield os.path.relpath(entry.path, top), status.st_size, status.st_mtime_ns
