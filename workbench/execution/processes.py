"""Processes below this one: those that have lost their parent are kept in sight, and all are ended, with a name for each."""

import contextlib
import ctypes
import multiprocessing.resource_tracker
import os
import shutil
import sys
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import psutil

from workbench.model.errors import WorkbenchError

try:
    import resource
except ImportError:  # not on Windows
    resource = None

_PR_SET_CHILD_SUBREAPER = 36
_ENDED_WITHIN = 5
_LOOK_EVERY = 0.01
_LONGEST_NAME = 80
_OPEN_FILES, _FEWEST_OPEN_FILES = 4096, 256

GRACE = 0.2
"""Seconds in which what a kernel leaves behind may end by itself, as helpers of libraries do that notice its end."""


def adopt_orphans() -> None:
    """Become the parent of every process below this one that loses its own: none gets out of sight, on Linux.

    Neither another session nor a double fork helps it. Elsewhere the system gives orphans to its first process.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_family(but: Collection[int] = (), grace: float = 0) -> list[str]:
    """End all processes below this one, and those that they start meanwhile, until there are none.

    Parameters
    ----------
    but : collection of int
        Children that are spared, with all that is below them.
    grace : float
        Seconds in which they may end by themselves.

    Returns
    -------
    list of str
        What did not: command lines.
    """
    return _end(lambda: _family(but), grace)


def family_of(pid: int) -> list[psutil.Process]:
    """The processes below one."""
    with contextlib.suppress(psutil.Error):
        return list(filter(_is_running, psutil.Process(pid).children(recursive=True)))
    return []


def end_those(processes: list[psutil.Process], grace: float) -> list[str]:
    """End some processes, as `end_family` does."""
    return _end(lambda: list(filter(_is_running, processes)), grace)


def end_own_family() -> None:
    """End all that this process has started, save what tidies up after multiprocessing and ends with this process."""
    end_family(but=[multiprocessing.resource_tracker._resource_tracker._pid])


def memory_below(pid: int) -> int:
    """The memory of the processes below one, in bytes: what several of them share counts once in all, where the system tells."""
    return sum(map(_memory, family_of(pid)))


def need_open_files() -> None:
    """Let this process, and what it starts, open as many files as the system allows it.

    Raises
    ------
    WorkbenchError
        If those are too few for a kernel and its sockets.
    """
    if resource is None:
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
            hint=f"ulimit -n {_OPEN_FILES}, in a shell that may",
        )


def clear_of_dead_processes(paths: Iterable[Path]) -> None:
    """Remove files and folders with the number of a process in their names, ``workbench-…-<number>-…``, if it is no more."""
    for left in paths:
        number = next(filter(str.isdecimal, left.name.split("-")), None)
        if number and not psutil.pid_exists(int(number)):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _family(but: Collection[int]) -> list[psutil.Process]:
    children = [child for child in psutil.Process().children() if child.pid not in but]
    return [process for child in children for process in (*filter(_is_running, [child]), *family_of(child.pid))]


def _end(family: Callable[[], list[psutil.Process]], grace: float) -> list[str]:
    end = time.monotonic() + grace
    while time.monotonic() < end and family():
        time.sleep(_LOOK_EVERY)
    names, end = {}, time.monotonic() + _ENDED_WITHIN
    while (those := family()) and time.monotonic() < end:
        for process in those:
            with contextlib.suppress(psutil.Error):
                names.setdefault(process.pid, _name(process))
                process.kill()
        psutil.wait_procs(those, timeout=_LOOK_EVERY)
    return sorted(names.values())


def _is_running(process: psutil.Process) -> bool:
    """Whether it still works; one that has ended and waits for its parent to hear of it does not, if that is another."""
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
        told = process.memory_full_info()
    except psutil.Error:
        return 0
    return getattr(told, "pss", told.rss)
