"""Descendants of this process: all can be ended, and reported by name."""

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import psutil

from workbench.execution.private_interfaces import resource_tracker_pid
from workbench.model.errors import WorkbenchError

if sys.platform != "win32":
    import resource

_ENDED_WITHIN = 5
_LOOK_EVERY = 0.01
_LONGEST_NAME = 80
_OPEN_FILES, _FEWEST_OPEN_FILES = 4096, 256

GRACE = 1.0
"""Seconds for processes that a kernel leaves behind to end by themselves, as helpers of libraries do."""


def end_family(spared: Collection[int] = (), grace: float = 0) -> list[str]:
    """End all descendants of this process, and those that they start meanwhile, until there are none.

    Parameters
    ----------
    spared : collection of int
        Children that are not ended, nor their descendants.
    grace : float
        Seconds for them to end by themselves.

    Returns
    -------
    list of str
        The command lines of those that did not.
    """
    return _end(lambda: _family(spared), grace)


def family_of(pid: int) -> list[psutil.Process]:
    """The descendants of a process."""
    with contextlib.suppress(psutil.Error):
        return list(filter(_is_running, psutil.Process(pid).children(recursive=True)))
    return []


def end_those(processes: list[psutil.Process], grace: float) -> list[str]:
    """End some processes, as `end_family` does."""
    return _end(lambda: list(filter(_is_running, processes)), grace)


def end_own_family() -> None:
    """End all descendants of this process, except the one that clears up after multiprocessing at the end."""
    tracker = resource_tracker_pid()
    end_family(spared=[tracker] if tracker else [])


def memory_below(pid: int) -> int:
    """The memory of the descendants of a process, in bytes; shared memory counts once, where the system reports it."""
    return sum(map(_memory, family_of(pid)))


def need_open_files() -> None:
    """Let this process and its descendants open as many files as the system allows.

    Raises
    ------
    WorkbenchError
        If that is too few for a kernel and its sockets.
    """
    if sys.platform == "win32":
        return
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if resource.RLIM_INFINITY in (allowed, most):
        return
    wanted = min(most, _OPEN_FILES)
    if allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    if most < _FEWEST_OPEN_FILES:
        raise WorkbenchError(
            "this process may not open as many files as kernels and their sockets need",
            expected=f"at least {_FEWEST_OPEN_FILES}",
            found=f"at most {most}",
            unchanged="nothing was run",
            hint=f"ulimit -n {_OPEN_FILES}, in a shell that is allowed to",
        )


def clear_of_dead_processes(paths: Iterable[Path]) -> None:
    """Remove files and folders named after a process that has ended: ``workbench-…-<process id>-…``."""
    for path in paths:
        pid = next(filter(str.isdecimal, path.name.split("-")), None)
        if pid and not psutil.pid_exists(int(pid)):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def temporary_folder(purpose: str) -> tempfile.TemporaryDirectory:
    """A folder in the system's temporary one, named after this process: what is left behind, if it is killed, is cleared away by
    `clear_temporary_folders`. Where a file in it is still open, some systems cannot remove it at once."""
    return tempfile.TemporaryDirectory(prefix=f"workbench-{purpose}-{os.getpid()}-", ignore_cleanup_errors=True)


def clear_temporary_folders() -> None:
    """Clear away what killed processes had in the system's temporary folder."""
    clear_of_dead_processes(Path(tempfile.gettempdir()).glob("workbench-*-[0-9]*-*"))


def _family(spared: Collection[int]) -> list[psutil.Process]:
    children = [child for child in psutil.Process().children() if child.pid not in spared]
    return [process for child in children for process in (*filter(_is_running, [child]), *family_of(child.pid))]


def _end(family: Callable[[], list[psutil.Process]], grace: float) -> list[str]:
    end = time.monotonic() + grace
    while time.monotonic() < end and family():
        time.sleep(_LOOK_EVERY)
    names: dict[int, str] = {}
    end = time.monotonic() + _ENDED_WITHIN
    while (those := family()) and time.monotonic() < end:
        for process in those:
            with contextlib.suppress(psutil.Error):
                names.setdefault(process.pid, _name(process))
                process.kill()
        psutil.wait_procs(those, timeout=_LOOK_EVERY)
    return sorted(names.values())


def _is_running(process: psutil.Process) -> bool:
    """Whether it is running; one that has ended is not, although it stays listed until its parent has waited for it."""
    try:
        if process.status() != psutil.STATUS_ZOMBIE:
            return True
        with contextlib.suppress(psutil.TimeoutExpired):
            process.wait(timeout=0)
    except psutil.Error:
        pass
    return False


def _name(process: psutil.Process) -> str:
    command = process.cmdline()
    if command == psutil.Process(os.getpid()).cmdline():
        return "a fork of the kernel"
    name = " ".join(command) or process.name()
    return name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…"


def _memory(process: psutil.Process) -> int:
    try:
        memory = process.memory_full_info()
    except psutil.Error:
        return 0
    return getattr(memory, "pss", memory.rss)
