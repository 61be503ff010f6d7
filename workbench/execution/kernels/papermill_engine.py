"""The papermill engine ``warm``: kernels of the warm provisioner, started and ended without waiting, and watched.

``papermill --engine warm`` uses it too. A kernel that dies, or goes over the run's limit of time or memory, stops the run
at once, and the error says in which cell and why.

papermill imports this module by its entry point: whoever imports it must import papermill before.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
import uuid
from multiprocessing import parent_process
from multiprocessing.util import Finalize
from pathlib import Path
from queue import Empty

import psutil
import zmq
from jupyter_client import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine

from workbench.declarations.editions import RunLimits
from workbench.execution.kernels.output_limit import OutputLimit
from workbench.execution.kernels.provisioner import WarmProvisioner
from workbench.execution.processes import memory_below

PEAK_MEMORY = "peak_memory"
"""In papermill's part of the notebook's metadata: the most memory that the kernel took with all that it started, in bytes."""

LEFT_BEHIND = "left_behind"
"""Likewise: the processes that the notebook left behind, and that were ended with its kernel; their command lines."""

_LOOK_EVERY = 0.1
_LOOKS_AT_FAMILY = 3
"""Every so many looks the processes that the kernel started are looked at too: all of the system must be asked for that."""

_RECONNECT_EVERY = 5
"""Milliseconds: a kernel listens so soon that ZeroMQ, by itself, would try again long after."""

_READY_WITHIN = 60
_MEGABYTE = 1 << 20


class StoppedKernel(Exception):
    """A kernel that ended before its notebook did."""

    def __init__(self, cell: str | None, reason: str):
        super().__init__(reason)
        self.cell, self.reason = cell, reason


class WarmEngine(NBClientEngine):
    """Executes a notebook in a warm kernel."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man,
        kernel_name,
        *,
        limits: RunLimits | None = None,
        folder=None,
        connections: Path | None = None,
        **options,
    ):
        """Execute a notebook.

        Parameters
        ----------
        nb_man, kernel_name, **options
            What papermill gives an engine.
        limits : RunLimits, optional
            Of the run as a whole.
        folder : path, optional
            Where the kernel works; unlike papermill's ``cwd`` it leaves this process where it is.
        connections : Path, optional
            Where the kernel's connection is written down; in Jupyter's own folder by default.
        """
        known = ("extra_arguments", "log_output", "stdout_file", "stderr_file")
        _have_place_for_ipython()
        client = _Client(
            nb_man,
            kernel_name=kernel_name,
            limits=limits,
            connections=connections,
            record_timing=False,
            shell_timeout_interval=1,
            **{name: value for name, value in options.items() if name in known and value is not None},
        )
        try:
            return client.execute(**{"cwd": str(folder)} if folder else {})
        finally:
            nb_man.nb.metadata.papermill[PEAK_MEMORY] = client.peak_memory
            nb_man.nb.metadata.papermill[LEFT_BEHIND] = client.left_behind
            nb_man.nb.metadata.papermill["cpu_seconds"] = client.cpu_seconds


def _have_place_for_ipython() -> None:
    """Where there is no home, or one that cannot be written, IPython has a folder that ends with this process."""
    if "IPYTHONDIR" in os.environ:
        return
    with contextlib.suppress(OSError, RuntimeError):
        place = Path.home() / ".ipython"
        place.mkdir(exist_ok=True)
        if os.access(place, os.W_OK):
            return
    own = tempfile.mkdtemp(prefix=f"workbench-ipython-{os.getpid()}-")
    os.environ["IPYTHONDIR"] = own
    Finalize(None, shutil.rmtree, [own, True], exitpriority=0)


def _edition() -> int:
    """The process at whose end no kernel of this one lives any more: the one that makes the edition, or this one."""
    parent = parent_process()
    return parent.pid if parent else os.getpid()


class _Client(PapermillNotebookClient):
    """Papermill's client with a kernel that is ready, watched and ended without idle waiting."""

    kernel_manager_class = AsyncKernelManager

    def __init__(self, nb_man, *, limits: RunLimits | None, connections: Path | None, **options):
        super().__init__(nb_man, **options)
        self._limits, self._connections = limits, connections
        self._shown = OutputLimit(limits.output_kb if limits else None)
        self._began = time.monotonic()
        self._over: str | None = None
        self._kernel: psutil.Process | None = None
        self._looks, self._memory_below = 0, 0
        self.peak_memory, self.cpu_seconds = 0, 0.0
        self.left_behind: list[str] = []

    def create_kernel_manager(self):
        manager = super().create_kernel_manager()
        manager.kernel_id = str(uuid.uuid4())
        manager.provisioner = WarmProvisioner(
            kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager
        )
        if sys.platform == "linux":
            # A socket without a file, of a name that no other kernel has: nothing collides and nothing stays behind.
            manager.transport, manager.ip = "ipc", f"@workbench-{manager.kernel_id}"
        if self._connections:
            manager.connection_file = str(self._connections / f"{_edition()}-{manager.kernel_id}.json")
        return manager

    async def async_start_new_kernel_client(self):
        self._process = self.km.provisioner.process
        self._kernel = psutil.Process(self._process.pid)
        self.kc = self.km.client()
        self.kc.context.setsockopt(zmq.RECONNECT_IVL, _RECONNECT_EVERY)
        self.kc.start_channels(stdin=False, hb=False)
        self.kc.allow_stdin = False
        try:
            await self._await_ready()
        except BaseException:
            await self._async_cleanup_kernel()
            raise
        return self.kc

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    async def _await_ready(self) -> None:
        """Ask until answer and broadcast both come: then the kernel works, and is heard on all channels."""
        end = time.monotonic() + _READY_WITHIN
        while time.monotonic() < end:
            asked = self.kc.kernel_info()
            while await self._message(self.kc.shell_channel, asked) is None:
                if not await self.km.is_alive():
                    raise StoppedKernel(None, f"the kernel did not start: {self._end()}")
                if time.monotonic() > end:
                    break
            while (broadcast := await self._message(self.kc.iopub_channel, asked)) is not None:
                if broadcast["content"].get("execution_state") == "idle":
                    return
        raise StoppedKernel(None, f"the kernel did not answer within {_READY_WITHIN} seconds")

    async def _message(self, channel, asked: str) -> dict | None:
        """The next message about what was asked; none if it is quiet for a while."""
        try:
            while True:
                message = await channel.get_msg(timeout=_LOOK_EVERY)
                if message["parent_header"].get("msg_id") == asked:
                    return message
        except Empty:
            return None

    def execute_cell(self, cell, cell_index, **options):
        try:
            return super().execute_cell(cell, cell_index, **options)
        except DeadKernelError:
            raise StoppedKernel(cell.get("id"), self._over or self._end()) from None

    def process_message(self, msg, cell, cell_index):
        within = self._shown.cut(msg, cell_index)
        return super().process_message(within, cell, cell_index) if within else None

    async def _async_poll_kernel_alive(self) -> None:
        """Look at the kernel while a cell runs; end what is over a limit, and the cell with its kernel."""
        while await self.km.is_alive():
            self._over = self._over or self._limit_passed()
            if self._over:
                await self.km.provisioner.kill()
            await asyncio.sleep(_LOOK_EVERY)
        self.task_poll_for_reply.cancel()

    def _limit_passed(self) -> str | None:
        memory = self._memory()
        self.peak_memory = max(self.peak_memory, memory)
        if self._limits and memory > self._limits.memory_mb * _MEGABYTE:
            return f"it took {memory // _MEGABYTE} MB of memory, more than the limit of {self._limits.memory_mb:g} MB"
        if self._limits and time.monotonic() - self._began > self._limits.seconds:
            return f"it ran for longer than the limit of {self._limits.seconds:g} seconds"
        return None

    def _memory(self) -> int:
        if self._looks % _LOOKS_AT_FAMILY == 0:
            self._memory_below = memory_below(self._kernel.pid)
        self._looks += 1
        try:
            return self._kernel.memory_info().rss + self._memory_below
        except psutil.Error:
            return 0

    def _end(self) -> str:
        code = self._process.poll()
        if code is None or code >= 0:
            return f"the kernel ended with {code}"
        name = signal.Signals(-code).name
        hint = ", as the system does when memory runs out" if name == "SIGKILL" else ""
        return f"the kernel was ended by {name}{hint}"

    async def _async_cleanup_kernel(self) -> None:
        """End the kernel at once: all that it made has been received, and it holds nothing that outlives it."""
        provisioner = self.km.provisioner
        if provisioner and provisioner.has_process:
            self.peak_memory = max(self.peak_memory, self._memory() if self._kernel else 0)
            await provisioner.kill()
            await provisioner.wait()
            self.peak_memory = max(self.peak_memory, getattr(self._process, "peak_memory", 0))
            self.cpu_seconds = getattr(self._process, "cpu_seconds", 0.0)
            self.left_behind = getattr(self._process, "left_behind", [])
        await super()._async_cleanup_kernel()

    _cleanup_kernel = run_sync(_async_cleanup_kernel)
