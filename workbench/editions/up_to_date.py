"""An edition with nothing to do: everything is as it was when it was sealed and the site was written."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import to_builtins

from workbench.declarations.editions import Edition
from workbench.editions.plan import PlannedRun
from workbench.execution.run_log import RunLog
from workbench.model.digests import digest_of, file_digest
from workbench.model.paths import Project, write_whole
from workbench.model.types import Sealed

_NOT_PUBLISHED = {".journal", "snapshots", "reviews", "comparisons"}


def archive_up_to_date(project: Project, edition: Edition, planned: list[PlannedRun], is_draft: bool) -> Sealed | None:
    """The archive of an edition, or that of its draft, if nothing has changed since it was sealed."""
    if not all(one.is_up_to_date for one in planned):
        return None
    try:
        noted = json.loads(_path(project, edition, is_draft).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if noted.get("state") != _state(project, edition, planned):
        return None
    return Sealed(project.archives_of(edition.name) / noted["archive"], is_new=False)


def note_archive(project: Project, edition: Edition, planned: list[PlannedRun], sealed: Sealed, is_draft: bool) -> None:
    """Note the state of an edition that has just been sealed."""
    noted = {"archive": sealed.path.name, "state": _state(project, edition, planned)}
    write_whole(_path(project, edition, is_draft), json.dumps(noted, indent=1) + "\n")


def _path(project: Project, edition: Edition, is_draft: bool) -> Path:
    return RunLog(project).folder / "editions" / f"{edition.name}{'-draft' if is_draft else ''}.json"


def _state(project: Project, edition: Edition, planned: list[PlannedRun]) -> str:
    """The digest of all that the archive and the site are made from, and of what is in ``outputs/``."""
    reviews = sorted((project.params / "reviews" / edition.name).glob("*.json"))
    declared = [*sorted(project.params.rglob("*.yaml")), *reviews, project.root / "requirements.lock"]
    return digest_of(
        to_builtins(edition),
        [
            [str(one.run), sorted(one.inputs.items()), [sorted(page.inputs.items()) for page in one.pages]]
            for one in planned
        ],
        [[str(path.relative_to(project.root)), file_digest(path)] for path in declared],
        list(_published_files(project.outputs, project.outputs)),
    )


def _published_files(folder: Path, top: Path) -> Iterator[tuple[str, int, int]]:
    """Each file that is published, with its size and time of modification."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir():
            if folder != top or entry.name not in _NOT_PUBLISHED:
                yield from _published_files(Path(entry.path), top)
        else:
            status = entry.stat()
            yield os.path.relpath(entry.path, top), status.st_size, status.st_mtime_ns
