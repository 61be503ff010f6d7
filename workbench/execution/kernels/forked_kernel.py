"""The owner's side of the fork servers, which are started when first needed; their kernels look like a ``Popen``.

One has imported what every kernel uses; another one also what some notebooks import besides. So no notebook has in its
kernel what others import, and none waits for what it imports itself.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

import workbench
from workbench.execution.kernels import fork_server

_READY_WITHIN = 60
_FORKED_WITHIN = 10
# What the interpreter and the stack read when they start: a kernel that needs other values cannot be forked.
_READ_AT_START = ("PYTHON", "LD_", "MPL", "MATPLOTLIB", "LC_", "LANG")
_ENDED_WITH_SERVER = {"code": -9, "peak_memory": 0, "cpu_seconds": 0.0, "left_behind": []}
_PACKAGE = Path(workbench.__file__).parent
# A file in the working directory must not pass for a library: -P leaves it out, and the package's folder comes last.
_START_SERVER = (
    f"import sys; sys.path.append({str(_PACKAGE.parent)!r}); from {fork_server.__name__} import main; main()"
)


class NoFork(Exception):
    """A kernel cannot be forked here or now; the ordinary one is used."""


class ForkedKernel:
    """A forked kernel, with what `jupyter_client` asks of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, server: "ForkServer", pid: int):
        self._server, self.pid = server, pid
        self.returncode: int | None = None
        self.peak_memory = 0
        self.cpu_seconds = 0.0
        self.left_behind: list[str] = []

    def poll(self) -> int | None:
        """The exit code, if it has ended; negative for the signal that ended it."""
        if self.returncode is None and (end := self._server.end_of(self.pid)):
            self.returncode, self.peak_memory, self.cpu_seconds = end["code"], end["peak_memory"], end["cpu_seconds"]
            self.left_behind = end["left_behind"]
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended."""
        began = time.monotonic()
        while (code := self.poll()) is None:
            if timeout is not None and time.monotonic() > began + timeout:
                raise subprocess.TimeoutExpired("kernel", timeout)
            time.sleep(0.005)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ServerProcess(Protocol):
    """What is asked of the process of a fork server."""

    pid: int

    def poll(self) -> int | None: ...
    def wait(self) -> int | None: ...
    def kill(self) -> None: ...


class ForkServer:
    """A fork server and the socket to it; several threads may use it.

    Parameters
    ----------
    start : callable
        Starts the process, given its end of the socket and its environment: `start_new` or `fork_from_here`.
    is_ready : bool
        Whether the process has imported the stack when it starts.
    """

    def __init__(self, start: Callable[[socket.socket, dict[str, str]], ServerProcess], is_ready: bool = False):
        self._is_ready = is_ready
        self._lock = threading.Lock()
        self._ends: dict[int, dict] = {}
        self._answers: list[dict] = []
        self._modified = _package_modified()
        self._environment = dict(os.environ)
        fork_server.set_stack_environment(self._environment)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = start(theirs, self._environment)
        self.is_alive = True

    @property
    def pid(self) -> int:
        return self._process.pid

    def fork(
        self, arguments: list[str], environment: dict[str, str], folder: str | None, modules: Sequence[str] = ()
    ) -> ForkedKernel:
        """Fork a kernel, which has imported the stack and some modules.

        Raises
        ------
        NoFork
            If the environment asks for another start, or the server cannot fork or has ended.
        """
        if _at_start(environment) != _at_start(self._environment):
            raise NoFork("the kernel's environment differs in what is read at the start")
        request = {"arguments": arguments, "environment": environment, "folder": folder, "modules": list(modules)}
        with self._lock:
            self._await_ready()
            try:
                self._control.send(json.dumps(request).encode())
            except OSError:
                self._lose()
            answer = self._answer(_READY_WITHIN if modules else _FORKED_WITHIN)
        if "refused" in answer:
            raise NoFork(answer["refused"])
        return ForkedKernel(self, answer["forked"])

    def end_of(self, pid: int) -> dict | None:
        """What the server reported of a kernel that has ended, if it has; all kernels end with their server."""
        with self._lock:
            self._receive(block=0)
            end = self._ends.pop(pid, None)
            return end if end or self.is_alive else _ENDED_WITH_SERVER

    def is_usable(self) -> bool:
        """Whether it is alive and has imported the package as it is now."""
        return self.is_alive and self._process.poll() is None and self._modified == _package_modified()

    def close(self) -> None:
        """End it with all its kernels and what they left behind."""
        with self._lock:
            self._receive(block=0)
            if not self._is_ready and not self._answers:  # it is still importing, and has no kernel
                self._process.kill()
            self._control.close()
        self.is_alive = False
        self._process.wait()

    def _await_ready(self) -> None:
        if not self._is_ready:
            self._answer(_READY_WITHIN)
            self._is_ready = True

    def _answer(self, within: float) -> dict:
        end = time.monotonic() + within
        while not self._answers:
            if not self.is_alive:
                raise NoFork("the fork server has ended")
            if time.monotonic() > end:
                self._lose()
                raise NoFork("the fork server does not answer")
            self._receive(block=end - time.monotonic())
        return self._answers.pop(0)

    def _receive(self, block: float) -> None:
        """Read the messages of the server; wait for the first one at most so many seconds."""
        while self.is_alive:
            self._control.settimeout(max(block, 0))
            try:
                received = self._control.recv(fork_server.REQUEST_SIZE)
            except (BlockingIOError, TimeoutError):
                return
            except OSError:
                received = b""
            if not received:
                self._lose()
                return
            message = json.loads(received)
            if "ended" in message:
                self._ends[message["ended"]] = message
            else:
                self._answers.append(message)
            block = 0

    def _lose(self) -> None:
        self.is_alive = False
        self._process.kill()
        self._process.wait()


def start_new(theirs: socket.socket, environment: dict[str, str], modules: Sequence[str] = ()) -> ServerProcess:
    """Start a fork server as a new process, which imports the stack and some modules."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _START_SERVER, str(theirs.fileno()), *modules],
        env=environment,
        stdin=subprocess.DEVNULL,
        pass_fds=[theirs.fileno()],
        start_new_session=True,  # the terminal's Ctrl-C is for its owner to handle
    )


def fork_from_here(theirs: socket.socket, environment: dict[str, str]) -> ServerProcess:
    """Fork a fork server from this process, which has imported the stack and has one thread."""
    pid = os.fork()
    if pid:
        return ChildProcess(pid)
    try:
        number = theirs.fileno()
        os.closerange(3, number)
        os.closerange(number + 1, os.sysconf("SC_OPEN_MAX"))
        os.setsid()
        fork_server.serve(theirs)
    finally:
        os._exit(0)


class ChildProcess:
    """A process that was forked from this one, as a `ServerProcess`."""

    def __init__(self, pid: int):
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self._reap(os.WNOHANG)

    def wait(self) -> int | None:
        return self._reap(0)

    def kill(self) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)

    def _reap(self, options: int) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, options)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode


_current: dict[bool, ForkServer] = {}
"""Those of this process, by whether they import what only some notebooks do."""

_choosing = threading.Lock()


def fork_kernel(
    arguments: list[str], environment: dict[str, str], folder: str | None, modules: Sequence[str] = ()
) -> ForkedKernel:
    """Fork a kernel, which has imported some modules.

    Raises
    ------
    NoFork
        Where that cannot be done.
    """
    besides = _besides(modules)
    return current_fork_server(besides).fork(arguments, environment, folder, besides)


def current_fork_server(modules: Sequence[str] = ()) -> ForkServer:
    """The fork server of this process for kernels that import some modules beside the stack, started now if there is none or
    it is out of date.

    Raises
    ------
    NoFork
        Where kernels cannot be forked.
    """
    if sys.platform != "linux":
        raise NoFork("kernels are forked on Linux only")
    with _choosing:
        has_more = bool(modules)
        if has_more in _current and not _current[has_more].is_usable():
            _current.pop(has_more).close()
        if has_more not in _current:
            _current[has_more] = ForkServer(partial(start_new, modules=modules))
        return _current[has_more]


def warm_up(modules: Sequence[str] = ()) -> None:
    """Start the fork server now, for a kernel that will soon be needed; do nothing where kernels cannot be forked."""
    with contextlib.suppress(NoFork):
        current_fork_server(_besides(modules))


def start_fork_servers() -> None:
    """Fork the servers from this process where that is safe: before any thread, loop or socket. Else they are started later."""
    if (
        sys.platform == "linux"
        and fork_server.threads() == 1
        and all(name in sys.modules for name in fork_server.STACK)
    ):
        for has_more in (False, True):
            _current[has_more] = ForkServer(fork_from_here, is_ready=True)


def close_fork_servers() -> None:
    """End the fork servers of this process, if there are any."""
    while _current:
        _current.popitem()[1].close()


def _besides(modules: Sequence[str]) -> list[str]:
    return [name for name in modules if name not in fork_server.STACK]


def _forget_in_child() -> None:
    """A fork server belongs to the process that started it, not to forks of that process."""
    global _choosing
    _choosing = threading.Lock()
    _current.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)


def _at_start(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(_READ_AT_START)}


def _package_modified() -> int:
    """When a module of the package was last modified: a server that imported it earlier is out of date."""
    return max(path.stat().st_mtime_ns for path in _PACKAGE.rglob("*.py"))
