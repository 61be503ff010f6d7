"""The zygote: a process of one thread that has imported the scientific stack, and forks kernels when asked.

It starts no loop, opens no messaging socket and runs no code of a notebook, so that a fork of it is as good as a fresh
kernel. It speaks with the process that keeps it over one socket and ends with it: when the socket closes. Its kernels
end with it: the system kills them, however it went. What a kernel leaves behind becomes its child, in a session of its
own or not, and is ended and named with the kernel's end.

Linux only: elsewhere fork is not safe with the libraries of the stack, and the ordinary kernel serves.
"""

import atexit
import contextlib
import ctypes
import gc
import importlib
import io
import json
import os
import random
import select
import signal
import socket
import sys
import time

from workbench.execution.preload import gc_paused, import_libraries_of_notebooks
from workbench.execution.processes import GRACE, adopt_orphans, end_family

REQUEST_SIZE = 1 << 20
"""Bytes of the longest request; it holds an environment."""

STACK = ("ipykernel.kernelapp", "ipykernel.debugger", "pandas", "workbench.study")
"""What every kernel uses; what notebooks import besides is found in them."""

_PR_SET_PDEATHSIG = 1
_MOST_NAMED = 20
_COLLECT_AFTER = 100_000
"""New objects: a kernel lives for seconds and nearly all that it makes is freed without the collector."""


def bound_environment(environment) -> None:
    """Set what the stack reads when it is imported: no threads of its own; Jupyter's way of drawing, as kernels have it."""
    for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM"):
        environment[f"{library}_NUM_THREADS"] = "1"
    environment["JE_ARROW_MALLOC_CONF"] = "background_thread:false"
    environment["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    environment.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")


def import_stack() -> None:
    """Import what notebooks use, once for all kernels."""
    with gc_paused():
        for name in STACK:
            importlib.import_module(name)
        import_libraries_of_notebooks()


def threads() -> int:
    """How many threads this process has."""
    return len(os.listdir("/proc/self/task"))


def serve(control: socket.socket) -> None:
    """Fork a kernel for each request, tell of each end; when the keeper is gone, end what is left and return."""
    adopt_orphans()
    awake, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    kernels: set[int] = set()
    while True:
        ready, _, _ = select.select([control, awake], [], [])
        if awake in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(awake, 4096)
            _tell_of_ends(control, kernels)
        if control in ready:
            request = _received(control)
            if not request:
                end_family()
                return
            _fork(control, (awake, wake), kernels, json.loads(request))


def _received(control: socket.socket) -> bytes:
    # A keeper that has ended with something unread in its socket is gone like any other.
    with contextlib.suppress(OSError):
        return control.recv(REQUEST_SIZE)
    return b""


def _fork(control: socket.socket, pipe: tuple[int, int], kernels: set[int], request: dict) -> None:
    if threads() != 1:
        _send(control, {"refused": f"the zygote has {threads()} threads"})
        return
    zygote = os.getpid()
    pid = os.fork()
    if pid == 0:
        control.close()
        signal.set_wakeup_fd(-1)
        for end in pipe:
            os.close(end)
        _be_kernel(zygote, request)
    kernels.add(pid)
    _send(control, {"forked": pid})


def _tell_of_ends(control: socket.socket, kernels: set[int]) -> None:
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        if pid not in kernels:
            continue
        kernels.remove(pid)
        end = {
            "ended": pid,
            "code": os.waitstatus_to_exitcode(status),
            "peak_memory": usage.ru_maxrss * 1024,
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
            # Kernels that live keep their own: what is no kernel is of this one.
            "left_behind": end_family(but=kernels, grace=GRACE)[:_MOST_NAMED],
        }
        _send(control, end)


def _send(control: socket.socket, message: dict) -> None:
    # The keeper may be gone at this moment; the next look at the socket ends the zygote.
    with contextlib.suppress(OSError):
        control.send(json.dumps(message).encode())


def _be_kernel(zygote: int, request: dict) -> None:
    """Become the kernel that was asked for; never return."""
    code = 1
    try:
        os.setsid()
        _die_with(zygote)
        adopt_orphans()
        for number in (signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(request["environment"])
        time.tzset()
        os.chdir(request["folder"] or ".")
        _look_in_folder()
        _own_streams()
        _reseed()
        gc.set_threshold(_COLLECT_AFTER)
        code = _run_kernel([*request["arguments"], f"--IPKernelApp.parent_handle={zygote}"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException as error:  # noqa: BLE001 – nothing may leave the forked process
        sys.__excepthook__(type(error), error, error.__traceback__)
    finally:
        os._exit(code)


def _die_with(zygote: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != zygote:  # it died before that was set
        os._exit(1)


def _look_in_folder() -> None:
    """Let the notebook import what lies beside it, as IPython does, which would not here: the zygote must not have looked."""
    if not os.environ.get("PYTHONSAFEPATH") and "" not in sys.path:
        places = (at for at, path in enumerate(sys.path) if "site-packages" in path or "dist-packages" in path)
        sys.path.insert(next(places, 0), "")


def _own_streams() -> None:
    """Nothing to read, and streams that hold nothing of what the zygote may have had in its buffers."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream = io.TextIOWrapper(open(number, "wb", buffering=0, closefd=False), encoding="utf-8", write_through=True)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _reseed() -> None:
    """No two kernels share a random state, and none has the zygote's."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def _run_kernel(arguments: list[str]) -> int:
    from ipykernel.kernelapp import IPKernelApp

    # Names that only the zygote's own start has put there.
    sys.argv = ["ipykernel_launcher", *arguments]
    IPKernelApp.clear_instance()
    atexit._clear()
    IPKernelApp.launch_instance(argv=arguments)
    atexit._run_exitfuncs()
    return 0


def main() -> None:
    """Serve the socket that was inherited as the file of that number."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    import_stack()
    _send(control, {"ready": os.getpid()})
    serve(control)
