"""Files that a killed process may leave behind are cleared away before the same is done again."""

import contextlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

from workbench.execution.processes import clear_of_dead_processes, clear_temporary_folders
from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import RunLog
from workbench.model.paths import Project
from workbench.model.types import Run

_CONNECTED_WITHIN = 60
"""Seconds in which a kernel has read its connection file, which is of no use afterwards."""

_WRITTEN_WITHIN = 600
"""Seconds in which a fit has been written; a temporary file that is older was left behind."""

_MOST_FITS, _MOST_BYTES_OF_FITS = 10_000, 256 << 20


def clean_up(project: Project, runs: Iterable[Run]) -> None:
    """Clear away partly written files of runs, connection files of kernels that have ended, fits that were not used for
    long, and what a killed process had in the system's temporary folders."""
    run_log = RunLog(project)
    for run in runs:
        for folder in (RunFiles(project, run).folder, run_log.state_path(run).parent):
            for temporary in folder.glob(f".{run.study}.*.tmp"):
                temporary.unlink(missing_ok=True)
    clear_of_dead_processes(run_log.connections.glob("[0-9]*-*.json"))
    clear_temporary_folders()
    clear_of_dead_processes(Path("/dev/shm").glob("sem.mp-workbench-[0-9]*-*"))
    for connection in run_log.connections_elsewhere.glob("*.json"):
        if time.time() - _modified(connection) > _CONNECTED_WITHIN:
            connection.unlink(missing_ok=True)
    _clear_fits(project.fits)


def clear_own_connections(project: Project) -> None:
    """Clear away the connection files of kernels that this process and its workers started; they have all ended."""
    for connection in RunLog(project).connections.glob(f"{os.getpid()}-*.json"):
        connection.unlink(missing_ok=True)


def _clear_fits(folder: Path) -> None:
    """Keep the fits that were used last, up to a number and size; whoever needs another makes it again."""
    for temporary in folder.glob(".*.tmp"):
        if time.time() - _modified(temporary) > _WRITTEN_WITHIN:
            temporary.unlink(missing_ok=True)
    size = 0
    for number, fit in enumerate(sorted(folder.glob("*.json"), key=_modified, reverse=True)):
        with contextlib.suppress(FileNotFoundError):
            size += fit.stat().st_size
        if number >= _MOST_FITS or size > _MOST_BYTES_OF_FITS:
            fit.unlink(missing_ok=True)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()
