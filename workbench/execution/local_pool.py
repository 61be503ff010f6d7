"""Runs on all cores of this machine: workers of `concurrent.futures`, forked from a server with everything imported."""

import atexit
import multiprocessing
import multiprocessing.forkserver
import multiprocessing.resource_tracker
import multiprocessing.util
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from itertools import islice
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Self, TypeVar

from workbench.execution.kernels.fork_server import set_stack_environment
from workbench.execution.kernels.forked_kernel import close_fork_servers, start_fork_servers
from workbench.execution.prctl import adopt_orphans
from workbench.execution.private_interfaces import (
    kill_forkserver,
    multiprocessing_folder,
    name_multiprocessing_files,
    pool_processes,
    stop_forkserver,
)
from workbench.execution.processes import end_own_family, need_open_files
from workbench.execution.task import Outcome, Task
from workbench.model.errors import WorkbenchError
from workbench.model.types import Run

T = TypeVar("T")

_SERVER, _SEMAPHORE = "workbench-server-", "mp-workbench-"
_SAFE_PATH = "PYTHONSAFEPATH"
_KILLED_WITHIN = 1
_ATTEMPTS_ALONE = 2
"""How often a run is tried by itself after the worker that may have been making it was killed."""


def cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LocalPool:
    """Workers of this machine, until the context ends. Where processes can be forked safely, workers are forked from a
    server; elsewhere each imports everything anew.

    Parameters
    ----------
    number : int
        How many workers; each has one kernel at a time.
    preload : str
        The module that the server imports before workers are forked from it.
    perform : callable
        Makes the run of a task, in a worker; a failure is reported in its outcome, and nothing is raised.
    """

    def __init__(self, number: int, preload: str, perform: Callable[[Task], Outcome]):
        need_open_files()
        self._number, self._preload, self._perform = number, preload, perform
        self._begun: dict[Future[Outcome], Task] = {}
        self._context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
        self._pool = self._new_pool()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind and not issubclass(kind, Exception):
            self.kill()
        else:
            self._pool.shutdown(wait=True, cancel_futures=kind is not None)

    def kill(self) -> list[Run]:
        """End the workers at once, and return the runs that they were making."""
        making = [task.run for future, task in self._begun.items() if not future.done()][: self._number]
        workers = pool_processes(self._pool)
        if self._context.get_start_method() == "forkserver":
            _stop_server(at_once=True)
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.join(_KILLED_WITHIN)
        self._pool.shutdown(wait=False, cancel_futures=True)
        return making

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call a function in a worker, which has imported what this process has not."""
        return self.map(function, [arguments])[0]

    def map(self, function: Callable[..., T], arguments: Sequence[tuple]) -> list[T]:
        """Call a function with each of some arguments, in their order; once more if a worker is killed."""
        try:
            return self._mapped(function, arguments)
        except BrokenProcessPool:
            self._reopen()
        try:
            return self._mapped(function, arguments)
        except BrokenProcessPool:
            raise _killed("the edition stopped: a worker was killed twice") from None

    def _mapped(self, function: Callable[..., T], arguments: Sequence[tuple]) -> list[T]:
        return [future.result() for future in [self._pool.submit(function, *one) for one in arguments]]

    def perform(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Make runs and report each as it ends. Only a few are submitted at a time, however many there are.

        When a worker is killed the runs of the others are lost with it; those that were begun are tried again, each by
        itself, which shows the run that kills its worker.
        """
        waiting = iter(tasks)
        while True:
            begun = self._begun = {}
            try:
                yield from self._until_done(waiting, begun)
                return
            except BrokenProcessPool:
                self._reopen()
            for task in begun.values():
                yield self._performed_alone(task)

    def _until_done(self, waiting: Iterator[Task], begun: dict[Future[Outcome], Task]) -> Iterator[Outcome]:
        self._begin_some(waiting, begun)
        while begun:
            done, _ = wait(begun, return_when=FIRST_COMPLETED)
            for future in done:
                outcome = future.result()
                del begun[future]
                yield outcome
            self._begin_some(waiting, begun)

    def _begin_some(self, waiting: Iterator[Task], begun: dict[Future[Outcome], Task]) -> None:
        for task in islice(waiting, 2 * self._number - len(begun)):
            try:
                begun[self._pool.submit(self._perform, task)] = task
            except BrokenProcessPool:
                begun[Future()] = task
                raise

    def _performed_alone(self, task: Task) -> Outcome:
        for _ in range(_ATTEMPTS_ALONE):
            try:
                return self._pool.submit(self._perform, task).result()
            except BrokenProcessPool:
                self._reopen()
        what = f"{task.run} stopped: its worker was killed, {_ATTEMPTS_ALONE} times while it ran by itself"
        return Outcome(task.run, str(_killed(what, "the files in outputs/ for this run")))

    def _reopen(self) -> None:
        # A broken pool ends its workers, but may miss one that was just being started, and would wait for it forever.
        for process in pool_processes(self._pool):
            process.kill()
        self._pool.shutdown(wait=True)
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        if self._context.get_start_method() == "forkserver":
            _start_server(self._preload)
        safe_path = os.environ.get(_SAFE_PATH)
        return ProcessPoolExecutor(
            self._number, mp_context=self._context, initializer=_begin_worker, initargs=(safe_path,)
        )


def _start_server(preload: str) -> None:
    """Start the server that workers are forked from, unless it is running.

    Ctrl-C is for this process to handle; the server ignores it from its first moment on. The server looks for no module
    in the working directory, where there may be a ``yaml.py``, and has no threads of its own for linear algebra.
    """
    _name_server_files()
    with _environment() as environment:
        environment[_SAFE_PATH] = "1"
        # It clears up after processes that were killed, and need not complain about it.
        environment["PYTHONWARNINGS"] = ",".join(
            filter(None, [environment.get("PYTHONWARNINGS"), "ignore:resource_tracker:UserWarning"])
        )
        multiprocessing.resource_tracker.ensure_running()
    multiprocessing.forkserver.set_forkserver_preload([preload])
    with _environment() as environment, _without_interrupts():
        set_stack_environment(environment)
        environment[_SAFE_PATH] = "1"
        multiprocessing.forkserver.ensure_running()


@cache
def _name_server_files() -> None:
    """Name the folder of the server's socket, and semaphores, after this process.

    The server ends before this process does and leaves nothing; should this process be killed, the next edition knows
    by the names what to clear away.
    """
    folder = tempfile.mkdtemp(prefix=f"{_SERVER}{os.getpid()}-")
    name_multiprocessing_files(folder, semaphores=f"/{_SEMAPHORE}{os.getpid()}")
    atexit.register(_stop_server)


def _stop_server(at_once: bool = False) -> None:
    if at_once:
        kill_forkserver()
    stop_forkserver()
    shutil.rmtree(multiprocessing_folder(), ignore_errors=True)
    _name_server_files.cache_clear()


@contextmanager
def _environment() -> Iterator[MutableMapping[str, str]]:
    """The environment of processes that are started in here; afterwards that of this process is restored."""
    before = dict(os.environ)
    try:
        yield os.environ
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Block SIGINT for processes that are started in here; one that comes meanwhile reaches this process afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker(safe_path: str | None) -> None:
    """Begin as a worker: fork the kernels' fork servers while there is one thread; end when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is for the parent to handle
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    os.environ.pop(_SAFE_PATH, None)
    if safe_path:
        os.environ[_SAFE_PATH] = safe_path
    adopt_orphans()
    start_fork_servers()
    multiprocessing.util.Finalize(None, _end_all_below, exitpriority=100)
    threading.Thread(target=_end_with, args=[multiprocessing.parent_process()], daemon=True).start()


def _end_all_below() -> None:
    close_fork_servers()
    end_own_family()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _killed(what: str, unchanged: str | None = None) -> WorkbenchError:
    hint = "check whether the machine runs out of memory, or run with --workers 1"
    return WorkbenchError(what, unchanged=unchanged, hint=hint)
