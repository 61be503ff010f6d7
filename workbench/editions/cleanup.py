"""What a killed process may leave behind, and is cleared away before the same is done again."""

import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from workbench.execution.processes import clear_of_dead_processes
from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import RunLog
from workbench.model.paths import Project
from workbench.model.types import Run

_CONNECTED_WITHIN = 60
"""Seconds in which a kernel has read its connection; the file is of no use afterwards."""


def clean_up(project: Project, runs: Iterable[Run]) -> None:
    """Clear away files of runs that were being written, connections of kernels that are no more, and what a
    killed process had in the system's temporary folders."""
    journal = RunLog(project)
    for run in runs:
        state = journal.state_path(run.study, run.country, run.year, run.language)
        for path in (*RunFiles(project, run).files, state):
            for left in path.parent.glob(f".{path.name}.*.tmp"):
                left.unlink(missing_ok=True)
    clear_of_dead_processes(journal.connections.glob("[0-9]*-*.json"))
    clear_of_dead_processes(Path(tempfile.gettempdir()).glob("workbench-*-[0-9]*-*"))
    clear_of_dead_processes(Path("/dev/shm").glob("sem.mp-workbench-[0-9]*-*"))
    for connection in journal.connections_elsewhere.glob("*.json"):
        if time.time() - _changed(connection) > _CONNECTED_WITHIN:
            connection.unlink(missing_ok=True)


def clear_own_connections(project: Project) -> None:
    """Clear away the connections of this process's workers: they have ended, one way or another."""
    for connection in RunLog(project).connections.glob(f"{os.getpid()}-*.json"):
        connection.unlink(missing_ok=True)


def _changed(connection: Path) -> float:
    try:
        return connection.stat().st_mtime
    except FileNotFoundError:
        return time.time()
