"""Runs on all cores of this machine: processes of `concurrent.futures`, forked from one that has imported everything."""

import atexit
import multiprocessing
import multiprocessing.forkserver
import multiprocessing.util
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from itertools import islice
from pathlib import Path

import psutil

from workbench.model.errors import WorkbenchError
from workbench.rendering.kernels.forked import close_zygote, fork_zygote
from workbench.rendering.kernels.zygote import bound_environment
from workbench.rendering.tasks import Outcome, Task, perform

_SERVER = "workbench-server-"
_ATTEMPTS_ALONE = 2
"""How often a run is tried by itself after a worker that may have been making it was killed."""


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LocalWorkers:
    """Workers of this machine. Where processes can be forked from a warm server they are, else each imports anew.

    Parameters
    ----------
    number : int
        How many; each has a kernel at a time.
    preloaded : str
        The module that the server imports before any worker is forked from it.
    """

    def __init__(self, number: int, preloaded: str):
        self._number, self._preloaded = number, preloaded
        self._pool: ProcessPoolExecutor | None = None
        self._context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")

    def __enter__(self):
        self._open()
        return self

    def __exit__(self, kind, *_):
        self._pool.shutdown(wait=True, cancel_futures=kind is not None)

    def call(self, function: Callable, *arguments):
        """Call a function in a worker, which has imported what this process has not."""
        (result,) = self.map(function, [arguments])
        return result

    def map(self, function: Callable, arguments: Sequence[tuple]) -> list:
        """Call a function with each of some arguments, in their order; once more if a worker is killed."""
        for is_last in (False, True):
            try:
                return [future.result() for future in [self._pool.submit(function, *one) for one in arguments]]
            except BrokenProcessPool:
                if is_last:
                    raise
                self._reopen()

    def perform(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Make runs and tell of each as it ends. Few are waiting at a time, however many there are.

        A killed worker takes the others' runs with it; those that were begun are tried again, each alone, so that one
        which kills its worker is known.
        """
        waiting = iter(tasks)
        while True:
            begun: dict[Future, Task] = {}
            try:
                yield from self._until_done(waiting, begun)
                return
            except BrokenProcessPool:
                self._reopen()
            for task in begun.values():
                yield self._performed_alone(task)

    def _until_done(self, waiting: Iterator[Task], begun: dict[Future, Task]) -> Iterator[Outcome]:
        self._begin_some(waiting, begun)
        while begun:
            done, _ = wait(begun, return_when=FIRST_COMPLETED)
            for future in done:
                outcome = future.result()
                del begun[future]
                yield outcome
            self._begin_some(waiting, begun)

    def _begin_some(self, waiting: Iterator[Task], begun: dict[Future, Task]) -> None:
        for task in islice(waiting, 2 * self._number - len(begun)):
            try:
                begun[self._pool.submit(perform, task)] = task
            except BrokenProcessPool:
                begun[Future()] = task
                raise

    def _performed_alone(self, task: Task) -> Outcome:
        for _ in range(_ATTEMPTS_ALONE):
            try:
                return self._pool.submit(perform, task).result()
            except BrokenProcessPool:
                self._reopen()
        return Outcome(task.run, _killed(task))

    def _reopen(self) -> None:
        # A broken pool ends its workers, but may miss one that was being started just then, and would wait for it forever.
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        self._pool.shutdown(wait=True)
        self._open()

    def _open(self) -> None:
        if self._context.get_start_method() == "forkserver":
            _keep_server_files()
            with _bound():
                self._context.set_forkserver_preload([self._preloaded])
                multiprocessing.forkserver.ensure_running()
        self._pool = ProcessPoolExecutor(self._number, mp_context=self._context, initializer=_begin)


@cache
def _keep_server_files() -> None:
    """Have the server's socket in a folder that the next edition knows to be of a dead process, should this be killed.

    The server ends before this process does, and leaves nothing. What is set here has no public name in multiprocessing.
    """
    top = Path(tempfile.gettempdir())
    for left in top.glob(f"{_SERVER}*-*"):
        number = left.name.removeprefix(_SERVER).partition("-")[0]
        if number.isdecimal() and not psutil.pid_exists(int(number)):
            shutil.rmtree(left, ignore_errors=True)
    own = tempfile.mkdtemp(prefix=f"{_SERVER}{os.getpid()}-")
    multiprocessing.current_process()._config["tempdir"] = own
    atexit.register(_stop_server, own)


def _stop_server(folder: str) -> None:
    multiprocessing.forkserver._forkserver._stop()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _bound() -> Iterator[None]:
    """What is started in here has no threads of its own for linear algebra; this process stays as it is."""
    before = dict(os.environ)
    bound_environment(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _begin() -> None:
    """Begin as a worker: fork the zygote first, for then there is one thread; end when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is the parent's to answer
    fork_zygote()
    multiprocessing.util.Finalize(None, close_zygote, exitpriority=100)
    threading.Thread(target=_end_with, args=[multiprocessing.parent_process()], daemon=True).start()


def _end_with(parent) -> None:
    parent.join()
    os._exit(1)


def _killed(task: Task) -> str:
    error = WorkbenchError(
        f"{task.run} stopped: its worker was killed, {_ATTEMPTS_ALONE} times with no other run beside it",
        untouched="what stood in outputs/ for this run before",
        remedy="look at the memory of the machine, or run with --workers 1",
    )
    return str(error)
