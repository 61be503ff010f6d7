"""The fork server: a process with one thread that has imported the scientific stack, and forks kernels on request.

It starts no event loop, opens no messaging socket and runs no notebook code, so that a fork of it is as good as a fresh
kernel. What a notebook imports besides, as libraries for statistics, is named in the request, and imported before its
kernel is forked: an owner has another server for such notebooks. It talks to the process that started it, its owner, over one socket, and ends when that socket closes. Its
kernels end with it: the system kills them, however the server ended. Processes that a kernel leaves behind become
children of the server, in a session of their own or not; they are ended with the kernel and reported by name.

Linux only: elsewhere forking is not safe with the libraries of the stack, and the ordinary kernel is used.
"""

import contextlib
import ctypes
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
from collections.abc import MutableMapping
from functools import cache
from pathlib import Path
from typing import NoReturn

from workbench.execution.prctl import adopt_orphans
from workbench.execution.preload import gc_paused, import_all
from workbench.execution.private_interfaces import forget_exit_functions, run_exit_functions
from workbench.execution.processes import GRACE, end_family

REQUEST_SIZE = 1 << 20
"""Size in bytes of the longest request, which holds an environment."""

STACK = ("ipykernel.kernelapp", "ipykernel.debugger", "numpy", "pandas", "workbench.study")
"""What every kernel uses."""

_PR_SET_PDEATHSIG = 1
_MOST_NAMED = 20


_COMMON_INSTRUCTIONS = {
    "OPENBLAS_CORETYPE": "Haswell",
    "MKL_CBWR": "AVX2",
    # As numpy calls them before and since 2.4; those that it does not know it passes over.
    "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL X86_V4 AVX512_ICL AVX512_SPR",
}
"""AVX2, which processors have had since 2013, and not the AVX-512 that only some have: by it sums are added in another order,
so that estimates differ from the seventh digit on, and the same inputs do not make the same bytes."""


def set_stack_environment(environment: MutableMapping[str, str]) -> None:
    """Set what the stack reads when it is imported: no threads of its own, the instructions that processors have in common,
    the drawing backend of Jupyter."""
    if _has_avx2():
        environment.update(_COMMON_INSTRUCTIONS)
    for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM"):
        environment[f"{library}_NUM_THREADS"] = "1"
    environment["JE_ARROW_MALLOC_CONF"] = "background_thread:false"
    environment["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    environment.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")


@cache
def _has_avx2() -> bool:
    """Whether the processor has these instructions, as far as the system says so."""
    with contextlib.suppress(OSError):
        return " avx2 " in Path("/proc/cpuinfo").read_text()
    return False


def import_stack() -> None:
    """Import what every kernel uses."""
    with gc_paused():
        for name in STACK:
            importlib.import_module(name)


def threads() -> int:
    """How many threads this process has."""
    return len(os.listdir("/proc/self/task"))


def serve(control: socket.socket) -> None:
    """Fork a kernel for each request and report its end; once the owner is gone, end what is left and return."""
    adopt_orphans()
    awake, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    kernels: set[int] = set()
    while True:
        ready, _, _ = select.select([control.fileno(), awake], [], [])
        if awake in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(awake, 4096)
            _report_ends(control, kernels)
        if control.fileno() in ready:
            request = _received(control)
            if not request:
                end_family()
                return
            asked = json.loads(request)
            import_all(asked["modules"])
            _fork(control, (awake, wake), kernels, asked)


def _received(control: socket.socket) -> bytes:
    # An owner that ended with something unread in its socket is as gone as any other.
    with contextlib.suppress(OSError):
        return control.recv(REQUEST_SIZE)
    return b""


def _fork(control: socket.socket, pipe: tuple[int, int], kernels: set[int], request: dict) -> None:
    if threads() != 1:
        _send(control, {"refused": f"the fork server has {threads()} threads"})
        return
    server = os.getpid()
    pid = os.fork()
    if pid == 0:
        control.close()
        signal.set_wakeup_fd(-1)
        for end in pipe:
            os.close(end)
        _become_kernel(server, request)
    kernels.add(pid)
    _send(control, {"forked": pid})


def _report_ends(control: socket.socket, kernels: set[int]) -> None:
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
            # Running kernels keep their children, so that every other child was left behind by this kernel.
            "left_behind": end_family(spared=kernels, grace=GRACE)[:_MOST_NAMED],
        }
        _send(control, end)


def _send(control: socket.socket, message: dict) -> None:
    # The owner may be gone by now; the server then ends when it next looks at the socket.
    with contextlib.suppress(OSError):
        control.send(json.dumps(message).encode())


def _become_kernel(server: int, request: dict) -> NoReturn:
    """Become the requested kernel; never return."""
    code = 1
    try:
        os.setsid()
        _die_with(server)
        adopt_orphans()
        for number in (signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(request["environment"])
        time.tzset()
        os.chdir(request["folder"] or ".")
        _import_from_folder()
        _open_streams()
        _reseed()
        code = _run_kernel([*request["arguments"], f"--IPKernelApp.parent_handle={server}"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException as error:  # noqa: BLE001 – nothing may leave the forked process
        sys.__excepthook__(type(error), error, error.__traceback__)
    finally:
        os._exit(code)


def _die_with(server: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:  # it died before that was set
        os._exit(1)


def _import_from_folder() -> None:
    """Let the notebook import modules beside it, as IPython does when it starts; the server itself must not import them."""
    if not os.environ.get("PYTHONSAFEPATH") and "" not in sys.path:
        places = (at for at, path in enumerate(sys.path) if "site-packages" in path or "dist-packages" in path)
        sys.path.insert(next(places, 0), "")


def _open_streams() -> None:
    """Open an empty standard input, and output streams without anything that the server may have had in its buffers."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream = io.TextIOWrapper(open(number, "wb", buffering=0, closefd=False), encoding="utf-8", write_through=True)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _reseed() -> None:
    """Give the kernel a random state that it shares neither with another kernel nor with the server."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def _run_kernel(arguments: list[str]) -> int:
    from ipykernel.kernelapp import IPKernelApp

    # So far it holds the arguments of the server.
    sys.argv = ["ipykernel_launcher", *arguments]
    IPKernelApp.clear_instance()
    forget_exit_functions()
    IPKernelApp.launch_instance(argv=arguments)
    run_exit_functions()
    return 0


def main() -> None:
    """Serve the socket whose file descriptor was inherited: its number is the first argument, and then come the modules to
    import beside the stack."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    import_stack()
    import_all(sys.argv[2:])
    _send(control, {"ready": os.getpid()})
    serve(control)
