"""The run log: what became of each run, and the state of its files. It decides what need not be run again.

It is kept in ``outputs/.journal/`` and is neither published nor archived. Each run has a state file, written whole
after the files of the run; each event is a line that is appended to the log.
"""

import datetime
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from workbench.model.paths import Project, write_whole
from workbench.model.types import Run

_LOG = "runs.jsonl"
FINISHED, FAILED, INTERRUPTED = "finished", "failed", "interrupted"

DISPLAY = "notebook"
"""Stands among the languages of a run for its executed notebook, as JupyterLab displays it: in English."""


@dataclass(frozen=True)
class FileState:
    """A file that a run wrote: its digest; its size and time of modification tell whether it must be read again."""

    sha256: str
    size: int
    changed: int

    @classmethod
    def of(cls, path: Path) -> "FileState":
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        status = path.stat()
        return cls(sha256, status.st_size, status.st_mtime_ns)

    def matches(self, path: Path) -> bool:
        """Whether a file is still the one that was written; it is read only if it was copied or touched."""
        try:
            status = path.stat()
        except OSError:
            return False
        if (status.st_size, status.st_mtime_ns) == (self.size, self.changed):
            return True
        return status.st_size == self.size and FileState.of(path).sha256 == self.sha256


@dataclass(frozen=True)
class PageState:
    """A page as it was last made; also the notebook as it is displayed, which has no files of its own.

    Attributes
    ----------
    inputs : dict
        What it depended on, to digests.
    files : dict
        Name of each file to its state.
    is_fit : bool
        Whether an edition may include it.
    """

    inputs: dict[str, str]
    files: dict[str, FileState]
    is_fit: bool = True


@dataclass(frozen=True)
class RunState:
    """A run as it was last made.

    Attributes
    ----------
    inputs : dict
        What its record depended on, to digests.
    selection : str
        Digest of what decided its parameters and vintages.
    parameters, vintages : dict
        What was selected by that.
    gaps : dict
        Figures and tables that lack data, to the commands that would get it.
    files : dict
        Name of each file without a language to its state.
    pages : dict
        Each language that it was worded in, and `DISPLAY`, to the page.
    is_fit : bool
        Whether an edition may include it; if not, it is a draft and will be made again for an edition.
    """

    inputs: dict[str, str]
    selection: str
    parameters: dict
    vintages: dict[str, str]
    gaps: dict[str, list[str]]
    files: dict[str, FileState]
    pages: dict[str, PageState]
    is_fit: bool = True

    @classmethod
    def read(cls, path: Path) -> "RunState | None":
        """Read a state back; None if there is none, or another version wrote it."""
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            pages = {
                name: PageState(**{**page, "files": _file_states(page["files"])})
                for name, page in fields["pages"].items()
            }
            return cls(**{**fields, "files": _file_states(fields["files"]), "pages": pages})
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def write(self, path: Path) -> None:
        write_whole(path, json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n")


def _file_states(files: dict[str, dict]) -> dict[str, FileState]:
    return {name: FileState(**state) for name, state in files.items()}


class RunLog:
    """The run log of a project."""

    def __init__(self, project: Project):
        self._project = project
        self.folder = project.journal
        self.log = self.folder / _LOG
        self.connections = self.folder / "connections"
        self.connections_elsewhere = self.folder / "connections-elsewhere"
        self.lock = self.folder / "lock"

    def folder_of(self, run: Run) -> Path:
        """Where what holds text of a run is noted: that of a restricted query stays out of what is published."""
        return self._project.made_of(run.edition) / self.folder.name

    def state_path(self, run: Run) -> Path:
        """The state file of a run."""
        return self.folder / "runs" / run.edition / run.country / f"{run.study}.json"

    def state(self, run: Run) -> RunState | None:
        """The state of a run as it was last made."""
        return RunState.read(self.state_path(run))

    def note_success(self, run: Run, seconds: float, peak_memory: int, left_behind: Sequence[str] = ()) -> None:
        """Note that a run was made, what it took, and the processes that it left behind."""
        left = {"left_behind": list(left_behind)} if left_behind else {}
        self._note(run, FINISHED, seconds=round(seconds, 2), peak_memory_mb=peak_memory >> 20, **left)

    def note_interrupted(self, run: Run, is_made: bool = False) -> None:
        """Note that a run was being made when everything was stopped, and whether it was finished all the same."""
        self._note(run, FINISHED if is_made else INTERRUPTED)

    def note_failure(self, run: Run, reason: str) -> None:
        """Note that a run was not made, and why."""
        self._note(run, FAILED, reason=reason)

    def _note(self, run: Run, outcome: str, **more: object) -> None:
        """Append one line, written at once; the reason of a failure may quote text of the run."""
        entry = {
            "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds"),
            "run": str(run),
            "outcome": outcome,
            **more,
        }
        log = self.folder_of(run) / _LOG
        log.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, (json.dumps(entry, ensure_ascii=False) + "\n").encode())
        finally:
            os.close(descriptor)

    def entries(self) -> list[dict]:
        """All entries, the oldest first, also those of restricted queries, without any line that was cut off."""
        logs = (self.log, self._project.restricted / self.folder.name / _LOG)
        lines = [line for log in logs if log.is_file() for line in log.read_text(encoding="utf-8").splitlines()]
        return sorted(filter(None, map(_entry, lines)), key=lambda entry: entry["at"])


def _entry(line: str) -> dict | None:
    try:
        return json.loads(line)
    except ValueError:
        return None
