"""Runs on all cores of this machine: processes of `concurrent.futures`, forked from one that has imported everything."""

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
from contextlib import contextmanager, suppress
from functools import cache
from itertools import islice

from workbench.execution.kernels.fork_server import bound_environment
from workbench.execution.kernels.forked_kernel import close_fork_server, start_fork_server
from workbench.execution.processes import adopt_orphans, end_own_family, need_open_files
from workbench.execution.task import Outcome, Task
from workbench.model.errors import WorkbenchError
from workbench.model.types import Run

_SERVER, _SEMAPHORE = "workbench-server-", "mp-workbench-"
_SAFE_PATH = "PYTHONSAFEPATH"
_KILLED_WITHIN = 1
_ATTEMPTS_ALONE = 2
"""How often a run is tried by itself after a worker that may have been making it was killed."""


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LocalPool:
    """Workers of this machine. Where processes can be forked from a warm server they are, else each imports anew.

    Parameters
    ----------
    number : int
        How many; each has a kernel at a time.
    preloaded : str
        The module that the server imports before any worker is forked from it.
    perform : callable
        Makes the run of a task, in a worker; it tells of a failure in its outcome, and raises nothing.
    """

    def __init__(self, number: int, preloaded: str, perform: Callable[[Task], Outcome]):
        need_open_files()
        self._number, self._preload, self._perform = number, preloaded, perform
        self._pool: ProcessPoolExecutor | None = None
        self._begun: dict[Future, Task] = {}
        self._context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")

    def __enter__(self):
        self._open()
        return self

    def __exit__(self, kind, *_):
        if kind and not issubclass(kind, Exception):
            self.kill()
        else:
            self._pool.shutdown(wait=True, cancel_futures=kind is not None)

    def kill(self) -> list[Run]:
        """End the workers at once, and with them what they are making; say what that is."""
        making = [task.run for future, task in self._begun.items() if not future.done()][: self._number]
        workers = list((self._pool._processes or {}).values())
        if self._context.get_start_method() == "forkserver":
            _stop_server(at_once=True)
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.join(_KILLED_WITHIN)
        self._pool.shutdown(wait=False, cancel_futures=True)
        return making

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
                    raise _killed("the edition stopped: a worker was killed twice") from None
                self._reopen()

    def perform(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Make runs and tell of each as it ends. Few are waiting at a time, however many there are.

        A killed worker takes the others' runs with it; those that were begun are tried again, each alone, so that one
        which kills its worker is known.
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
        what = f"{task.run} stopped: its worker was killed, {_ATTEMPTS_ALONE} times with no other run beside it"
        return Outcome(task.run, str(_killed(what, "the files in outputs/ for this run")))

    def _reopen(self) -> None:
        # A broken pool ends its workers, but may miss one that was being started just then, and would wait for it forever.
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        self._pool.shutdown(wait=True)
        self._open()

    def _open(self) -> None:
        if self._context.get_start_method() == "forkserver":
            _start_server(self._preload)
        given = [os.environ.get(_SAFE_PATH)]
        self._pool = ProcessPoolExecutor(self._number, mp_context=self._context, initializer=_begin, initargs=given)


def _start_server(preloaded: str) -> None:
    """Start the server that workers are forked from, if it does not run.

    Ctrl-C is this process's to answer: it comes to nothing in the server, from its first moment on. What is started looks
    for no module in the working directory, where a ``yaml.py`` may lie, and has no threads of its own for linear algebra.
    """
    _keep_server_files()
    with _environment() as environment:
        environment[_SAFE_PATH] = "1"
        # It clears away what a killed process leaves, and need not complain of it.
        environment["PYTHONWARNINGS"] = ",".join(
            filter(None, [environment.get("PYTHONWARNINGS"), "ignore:resource_tracker:UserWarning"])
        )
        multiprocessing.resource_tracker.ensure_running()
    multiprocessing.forkserver.set_forkserver_preload([preloaded])
    with _environment() as environment, _without_interrupts():
        bound_environment(environment)
        environment[_SAFE_PATH] = "1"
        multiprocessing.forkserver.ensure_running()


@cache
def _keep_server_files() -> None:
    """Name files by this process, so that the next edition clears them away, should this be killed.

    They are the folder of the server's socket, and semaphores. The server ends before this process does, and leaves
    nothing. What is set here has no public name in multiprocessing.
    """
    config = multiprocessing.current_process()._config
    config["tempdir"] = tempfile.mkdtemp(prefix=f"{_SERVER}{os.getpid()}-")
    config["semprefix"] = f"/{_SEMAPHORE}{os.getpid()}"
    atexit.register(_stop_server)


def _stop_server(at_once: bool = False) -> None:
    server = multiprocessing.forkserver._forkserver
    if at_once and server._forkserver_pid:
        os.kill(server._forkserver_pid, signal.SIGKILL)
    with suppress(ChildProcessError):  # somebody has waited for it before
        server._stop()
    shutil.rmtree(multiprocessing.current_process()._config["tempdir"], ignore_errors=True)
    _keep_server_files.cache_clear()


@contextmanager
def _environment() -> Iterator[MutableMapping[str, str]]:
    """The environment of what is started in here; this process's own is afterwards as it was."""
    before = dict(os.environ)
    try:
        yield os.environ
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """What is started in here hears no SIGINT; one that comes meanwhile reaches this process afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(safe_path: str | None) -> None:
    """Begin as a worker: fork the zygote first, for then there is one thread; end when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is the parent's to answer
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    os.environ.pop(_SAFE_PATH, None)
    if safe_path:
        os.environ[_SAFE_PATH] = safe_path
    adopt_orphans()
    start_fork_server()
    multiprocessing.util.Finalize(None, _end_all_below, exitpriority=100)
    threading.Thread(target=_end_with, args=[multiprocessing.parent_process()], daemon=True).start()


def _end_all_below() -> None:
    close_fork_server()
    end_own_family()


def _end_with(parent) -> None:
    parent.join()
    os._exit(1)


def _killed(what: str, unchanged: str | None = None) -> WorkbenchError:
    hint = "look at the memory of the machine, or run with --workers 1"
    return WorkbenchError(what, unchanged=unchanged, hint=hint)
