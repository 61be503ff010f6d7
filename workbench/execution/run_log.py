"""The journal: what became of each run, and the state of its files. It decides what need not be run again.

It lies below ``outputs/.journal/`` and is no part of what is published or archived. A state is a file a run, written
whole after the run's files; the log is appended to, a line an event.
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

FINISHED, FAILED, INTERRUPTED = "finished", "failed", "interrupted"


@dataclass(frozen=True)
class Made:
    """A file that a run made: its digest, and size and time of change, by which it is known without being read."""

    sha256: str
    size: int
    changed: int

    @classmethod
    def of(cls, path: Path) -> "Made":
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        status = path.stat()
        return cls(sha256, status.st_size, status.st_mtime_ns)

    def is_still(self, path: Path) -> bool:
        """Whether a file is the one that was made; it is read only if it was copied or touched."""
        try:
            status = path.stat()
        except OSError:
            return False
        if (status.st_size, status.st_mtime_ns) == (self.size, self.changed):
            return True
        return status.st_size == self.size and Made.of(path).sha256 == self.sha256


@dataclass(frozen=True)
class RunState:
    """A run as it was made.

    Attributes
    ----------
    inputs : dict
        What it depended on, to digests.
    choice : str
        Digest of what decided its parameters and vintages; and these.
    results : str
        Digest of its results and of the headlines of its findings, the same in each language.
    gaps : dict
        Figures and tables that lack something, to the commands that would get it.
    files : dict
        Name to what was made.
    is_fit : bool
        Whether an edition may hold it; else it is a draft, and made anew for an edition.
    """

    inputs: dict[str, str]
    selection: str
    parameters: dict
    vintages: dict[str, str]
    results: str
    gaps: dict[str, list[str]]
    files: dict[str, Made]
    is_fit: bool = True

    @classmethod
    def read(cls, path: Path) -> "RunState | None":
        """Read a state back; none if there is none, or none that this version wrote."""
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            return cls(**{**said, "files": {name: Made(**made) for name, made in said["files"].items()}})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, path: Path) -> None:
        write_whole(path, json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n")


class RunLog:
    """The journal of a project."""

    def __init__(self, project: Project):
        self.folder = project.outputs / ".journal"
        self.log = self.folder / "runs.jsonl"
        self.connections = self.folder / "connections"
        self.connections_elsewhere = self.folder / "connections-elsewhere"
        self.lock = self.folder / "lock"

    def state_path(self, study: str, country: str, year: int, language: str) -> Path:
        """Where the state of a run is kept."""
        return self.folder / "runs" / str(year) / country / f"{study}.{language}.json"

    def state(self, run: Run) -> RunState | None:
        """The state of a run as it was made last."""
        return RunState.read(self.state_path(run.study, run.country, run.year, run.language))

    def note_success(self, run: Run, seconds: float, peak_memory: int, left_behind: Sequence[str] = ()) -> None:
        """Note that a run was made, what it took, and the processes that it left behind."""
        left = {"left_behind": list(left_behind)} if left_behind else {}
        self._note(run, FINISHED, seconds=round(seconds, 2), peak_memory_mb=peak_memory >> 20, **left)

    def note_interrupted(self, run: Run, is_made: bool = False) -> None:
        """Note that a run was being made when all was stopped; it may have been made by then, and not have told what it took."""
        self._note(run, FINISHED if is_made else INTERRUPTED)

    def note_failure(self, run: Run, reason: str) -> None:
        """Note that a run was not made, and why."""
        self._note(run, FAILED, reason=reason)

    def _note(self, run: Run, outcome: str, **more) -> None:
        """Append one line, written at once."""
        said = {
            "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds"),
            "run": str(run),
            "outcome": outcome,
            **more,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, (json.dumps(said, ensure_ascii=False) + "\n").encode())
        finally:
            os.close(descriptor)

    def entries(self) -> list[dict]:
        """All that was noted, oldest first; a line that was cut off is left out."""
        if not self.log.is_file():
            return []
        return list(filter(None, map(_entry, self.log.read_text(encoding="utf-8").splitlines())))


def _entry(line: str) -> dict | None:
    try:
        return json.loads(line)
    except ValueError:
        return None
