"""The keeper's side of the zygote: it is started when first needed, and a kernel forked from it looks like a ``Popen``."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import workbench
from workbench.execution.kernels import fork_server

_READY_WITHIN = 60
_FORKED_WITHIN = 10
# What the interpreter and the stack read when they start: a kernel that wants it otherwise cannot be forked.
_READ_AT_START = ("PYTHON", "LD_", "MPL", "MATPLOTLIB", "LC_", "LANG")
_ENDED_WITH_ZYGOTE = {"code": -9, "peak_memory": 0, "cpu_seconds": 0.0, "left_behind": []}
_PACKAGE = Path(workbench.__file__).parent
# What lies in the working directory must not pass for a library: it is not looked at, and the package's folder looked at last.
_BE_ZYGOTE = f"import sys; sys.path.append({str(_PACKAGE.parent)!r}); from {fork_server.__name__} import main; main()"


class NoFork(Exception):
    """A kernel cannot be forked here or now; the ordinary one serves."""


class ForkedKernel:
    """A kernel that the zygote forked; what `jupyter_client` asks of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, keeper: "ForkServer", pid: int):
        self._keeper, self.pid = keeper, pid
        self.returncode: int | None = None
        self.peak_memory = 0
        self.cpu_seconds = 0.0
        self.left_behind: list[str] = []

    def poll(self) -> int | None:
        """The exit code, if it has ended; negative for the signal that ended it."""
        if self.returncode is None and (end := self._keeper.end_of(self.pid)):
            self.returncode, self.peak_memory, self.cpu_seconds = end["code"], end["peak_memory"], end["cpu_seconds"]
            self.left_behind = end["left_behind"]
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended."""
        end = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if end and time.monotonic() > end:
                raise subprocess.TimeoutExpired("kernel", timeout)
            time.sleep(0.005)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkServer:
    """A zygote and the socket to it; several threads may ask."""

    _is_ready = False

    def __init__(self):
        self._lock = threading.Lock()
        self._ends: dict[int, dict] = {}
        self._forked: list[dict] = []
        self._state = _state_of_package()
        self.environment = dict(os.environ)
        fork_server.bound_environment(self.environment)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = self._start(theirs)
        self.is_alive = True

    def _start(self, theirs: socket.socket) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", _BE_ZYGOTE, str(theirs.fileno())],
            env=self.environment, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()],
            start_new_session=True,  # the terminal's Ctrl-C is the keeper's to answer
        )  # fmt: skip

    def fork(self, arguments: list[str], environment: dict[str, str], folder: str | None) -> ForkedKernel:
        """Fork a kernel.

        Raises
        ------
        NoFork
            If the environment asks for another start, or the zygote cannot fork or is no more.
        """
        if _at_start(environment) != _at_start(self.environment):
            raise NoFork("the kernel's environment differs in what is read at the start")
        request = {"arguments": arguments, "environment": environment, "folder": folder}
        with self._lock:
            self._await_ready()
            try:
                self._control.send(json.dumps(request).encode())
            except OSError:
                self._lose()
            answer = self._next(_FORKED_WITHIN)
        if "refused" in answer:
            raise NoFork(answer["refused"])
        return ForkedKernel(self, answer["forked"])

    def end_of(self, pid: int) -> dict | None:
        """What the zygote said of a kernel that has ended, if it has. With the zygote all its kernels have."""
        with self._lock:
            self._take_in(block=0)
            end = self._ends.pop(pid, None)
            return end if end or self.is_alive else _ENDED_WITH_ZYGOTE

    def is_usable(self) -> bool:
        """Whether it lives, belongs to this process, and has imported the package as it now stands."""
        return self.is_alive and self._process.poll() is None and self._state == _state_of_package()

    def close(self) -> None:
        """End it and all its kernels, and what they left behind."""
        with self._lock:
            self._take_in(block=0)
            if not self._is_ready and not self._forked:  # it still imports, and has no kernel
                self._process.kill()
            self._control.close()
        self.is_alive = False
        self._process.wait()

    def _await_ready(self) -> None:
        if not self._is_ready:
            self._next(_READY_WITHIN)
            self._is_ready = True

    def _next(self, within: float) -> dict:
        end = time.monotonic() + within
        while not self._forked:
            if not self.is_alive:
                raise NoFork("the zygote has ended")
            if time.monotonic() > end:
                self._lose()
                raise NoFork("the zygote does not answer")
            self._take_in(block=end - time.monotonic())
        return self._forked.pop(0)

    def _take_in(self, block: float) -> None:
        """Read what the zygote has said; wait for it at most so long."""
        while self.is_alive:
            self._control.settimeout(max(block, 0))
            try:
                said = self._control.recv(fork_server.REQUEST_SIZE)
            except (BlockingIOError, TimeoutError):
                return
            except OSError:
                said = b""
            if not said:
                self._lose()
                return
            message = json.loads(said)
            if "ended" in message:
                self._ends[message["ended"]] = message
            else:
                self._forked.append(message)
            block = 0

    def _lose(self) -> None:
        self.is_alive = False
        self._process.kill()
        self._process.wait()


class ForkedForkServer(ForkServer):
    """A zygote forked from this process, which has imported the stack and has one thread: it need not import it again."""

    _is_ready = True

    def _start(self, theirs: socket.socket) -> "ChildProcess":
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
    """What `Zygote` asks of a process, for one that was forked."""

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


_current: ForkServer | None = None
_choosing = threading.Lock()


def current_fork_server() -> ForkServer:
    """The zygote of this process, started now if there is none or it is out of date.

    Raises
    ------
    NoFork
        Where the system is not one to fork kernels on.
    """
    global _current
    if sys.platform != "linux":
        raise NoFork("kernels are forked on Linux alone")
    with _choosing:
        if _current and not _current.is_usable():
            _current.close()
            _current = None
        if _current is None:
            _current = ForkServer()
        return _current


def warm_up() -> None:
    """Start the zygote now, for a kernel that will soon be wanted; where there is none, do nothing."""
    with contextlib.suppress(NoFork):
        current_fork_server()


def start_fork_server() -> None:
    """Fork the zygote from this process if that is safe: before any thread, loop or socket; a fresh one serves else."""
    global _current
    if (
        sys.platform == "linux"
        and fork_server.threads() == 1
        and all(name in sys.modules for name in fork_server.STACK)
    ):
        _current = ForkedForkServer()


def close_fork_server() -> None:
    """End the zygote of this process, if there is one."""
    global _current
    if _current:
        _current.close()
        _current = None


def _forget_in_child() -> None:
    """A zygote belongs to the process that started it, and not to what is forked from that."""
    global _current, _choosing
    _current, _choosing = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)


def _at_start(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(_READ_AT_START)}


def _state_of_package() -> float:
    """When a module of the package was changed last: a zygote that imported it before is out of date."""
    return max(path.stat().st_mtime_ns for path in _PACKAGE.rglob("*.py"))
