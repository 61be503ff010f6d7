"""The papermill engine ``warm``: kernels of the warm provisioner, started and ended without waiting, and watched.

``papermill --engine warm`` uses it too. A kernel that dies, or exceeds the run's limit of time or memory, stops the run
at once, and the error says in which cell and why.

papermill imports this module by its entry point: whoever imports it must import papermill first.
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
from collections.abc import Mapping
from multiprocessing import parent_process
from multiprocessing.util import Finalize
from pathlib import Path
from queue import Empty
from types import MappingProxyType
from typing import Any

import psutil
import zmq
from jupyter_client import AsyncKernelManager, KernelClient, KernelManager
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_core.utils import run_sync
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager

from workbench.declarations.editions import RunLimits
from workbench.execution.kernels.output_limit import OutputLimit
from workbench.execution.kernels.provisioner import WarmProvisioner
from workbench.execution.preload import imported_in
from workbench.execution.private_interfaces import KernelHooks
from workbench.execution.processes import memory_below

PEAK_MEMORY = "peak_memory"
"""In papermill's part of the notebook's metadata: the peak memory of the kernel and all that it started, in bytes."""

LEFT_BEHIND = "left_behind"
"""Likewise: the command lines of processes that the notebook left behind and that were ended with its kernel."""

_LOOK_EVERY = 0.1
_LOOKS_AT_FAMILY = 3
"""The processes that the kernel started are measured once in so many looks: all processes must be listed for that."""

_RECONNECT_EVERY = 5
"""Milliseconds: a kernel listens long before ZeroMQ would try again by default."""

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
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        limits: RunLimits | None = None,
        folder: Path | None = None,
        connections: Path | None = None,
        environment: Mapping[str, str] = MappingProxyType({}),
        **options: Any,
    ) -> NotebookNode:
        """Execute a notebook.

        Parameters
        ----------
        nb_man, kernel_name, **options
            What papermill gives an engine.
        limits : RunLimits, optional
            Of the whole run.
        folder : Path, optional
            The working directory of the kernel; unlike papermill's ``cwd`` it does not change that of this process.
        connections : Path, optional
            The folder of the kernel's connection file; by default that of Jupyter.
        environment : mapping
            Variables of the kernel beside those of this process.
        """
        known = ("extra_arguments", "log_output", "stdout_file", "stderr_file")
        ensure_ipython_folder()
        client = WarmClient(
            nb_man,
            modules=imported_in(nb_man.nb.cells),
            kernel_name=kernel_name,
            limits=limits,
            connections=connections,
            record_timing=False,
            shell_timeout_interval=1,
            **{name: value for name, value in options.items() if name in known and value is not None},
        )
        try:
            return client.execute(env={**os.environ, **environment}, **{"cwd": str(folder)} if folder else {})
        finally:
            nb_man.nb.metadata.papermill[PEAK_MEMORY] = client.peak_memory
            nb_man.nb.metadata.papermill[LEFT_BEHIND] = client.left_behind
            nb_man.nb.metadata.papermill["cpu_seconds"] = client.cpu_seconds


def ensure_ipython_folder() -> None:
    """Give IPython a temporary folder of this process where there is no home directory, or none that can be written."""
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


def _owner() -> int:
    """The process that no kernel of this one outlives: the one that makes the edition, or this one."""
    parent = parent_process()
    return parent.pid if parent and parent.pid else os.getpid()


class WarmClient(KernelHooks, PapermillNotebookClient):
    """Papermill's client, with a kernel that is started, watched and ended without idle waiting."""

    kernel_manager_class = AsyncKernelManager

    def __init__(
        self,
        nb_man: NotebookExecutionManager,
        *,
        modules: tuple[str, ...],
        limits: RunLimits | None,
        connections: Path | None,
        **options: Any,
    ):
        super().__init__(nb_man, **options)
        self._modules, self._limits, self._connections = modules, limits, connections
        self.printed = OutputLimit(limits.output_kb if limits else None)
        self._began = time.monotonic()
        self._exceeded: str | None = None
        self._kernel: psutil.Process | None = None
        self._looks, self._memory_below = 0, 0
        self.peak_memory, self.cpu_seconds = 0, 0.0
        self.left_behind: list[str] = []

    def create_kernel_manager(self) -> KernelManager:
        manager = super().create_kernel_manager()
        manager.kernel_id = str(uuid.uuid4())
        self._provisioner = WarmProvisioner(
            kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager
        )
        self._provisioner.modules = self._modules
        manager.provisioner = self._provisioner
        if sys.platform == "linux":
            # A socket without a file, with a name of its own: nothing collides and nothing is left behind.
            manager.transport, manager.ip = "ipc", f"@workbench-{manager.kernel_id}"
        if self._connections:
            manager.connection_file = str(self._connections / f"{_owner()}-{manager.kernel_id}.json")
        self._manager = manager
        return manager

    async def async_start_new_kernel_client(self) -> KernelClient:
        process = self._provisioner.process
        assert process is not None, "the kernel has been started"
        self._process, self._kernel = process, psutil.Process(process.pid)
        self.kc = client = self._manager.client()
        client.context.setsockopt(zmq.RECONNECT_IVL, _RECONNECT_EVERY)
        client.start_channels(stdin=False, hb=False)
        client.allow_stdin = False
        try:
            await self._await_ready(client)
        except BaseException:
            await self.clean_up_kernel()
            raise
        return client

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    async def _await_ready(self, client: KernelClient) -> None:
        """Ask until reply and broadcast have both come: then the kernel works and can be heard on all channels."""
        end = time.monotonic() + _READY_WITHIN
        while time.monotonic() < end:
            asked = client.kernel_info()
            while await self._message(client.shell_channel, asked) is None:
                if not self._is_alive():
                    raise StoppedKernel(None, f"the kernel did not start: {self._reason_of_end()}")
                if time.monotonic() > end:
                    break
            while (broadcast := await self._message(client.iopub_channel, asked)) is not None:
                if broadcast["content"].get("execution_state") == "idle":
                    return
        raise StoppedKernel(None, f"the kernel did not answer within {_READY_WITHIN} seconds")

    def _is_alive(self) -> bool:
        return self._process.poll() is None

    async def _message(self, channel: AsyncZMQSocketChannel, asked: str) -> dict | None:
        """The next message about what was asked; none if nothing comes for a while."""
        try:
            while True:
                message = await channel.get_msg(timeout=_LOOK_EVERY)
                if message["parent_header"].get("msg_id") == asked:
                    return message
        except Empty:
            return None

    def execute_cell(self, cell: NotebookNode, cell_index: int, **options: Any) -> NotebookNode:
        try:
            return super().execute_cell(cell, cell_index, **options)
        except DeadKernelError:
            raise self.stop_in(cell) from None

    def stop_in(self, cell: NotebookNode) -> StoppedKernel:
        """Why the kernel ended in a cell."""
        return StoppedKernel(cell.get("id"), self._exceeded or self._reason_of_end())

    async def reply(self, asked: str) -> dict:
        """What the kernel replies to a request.

        Raises
        ------
        StoppedKernel
            If it has ended.
        """
        assert self.kc is not None, "the kernel has been started"
        while (message := await self._message(self.kc.shell_channel, asked)) is None:
            if not self._is_alive():
                raise StoppedKernel(None, self._reason_of_end())
        return message["content"]

    def process_message(self, msg: dict, cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        within = self.printed.cut(msg, cell_index)
        return super().process_message(within, cell, cell_index) if within else None

    async def watch_kernel(self) -> None:
        """Look at the kernel while a cell runs, and end it once it exceeds a limit."""
        while self._is_alive():
            self._exceeded = self._exceeded or self._exceeded_limit()
            if self._exceeded:
                await self._provisioner.kill()
            await asyncio.sleep(_LOOK_EVERY)

    def _exceeded_limit(self) -> str | None:
        memory = self._memory()
        self.peak_memory = max(self.peak_memory, memory)
        if self._limits and memory > self._limits.memory_mb * _MEGABYTE:
            return f"it took {memory // _MEGABYTE} MB of memory, more than the limit of {self._limits.memory_mb:g} MB"
        if self._limits and time.monotonic() - self._began > self._limits.seconds:
            return f"it ran for longer than the limit of {self._limits.seconds:g} seconds"
        return None

    def _memory(self) -> int:
        if self._kernel is None:
            return 0
        if self._looks % _LOOKS_AT_FAMILY == 0:
            self._memory_below = memory_below(self._kernel.pid)
        self._looks += 1
        try:
            return self._kernel.memory_info().rss + self._memory_below
        except psutil.Error:
            return 0

    def _reason_of_end(self) -> str:
        code = self._process.poll()
        if code is None or code >= 0:
            return f"the kernel ended with {code}"
        name = signal.Signals(-code).name
        hint = ", as the system does when memory runs out" if name == "SIGKILL" else ""
        return f"the kernel was ended by {name}{hint}"

    async def end_kernel(self) -> None:
        """End the kernel at once: all its output has been received, and it holds nothing that outlives it."""
        provisioner = self._provisioner
        if provisioner.has_process:
            self.peak_memory = max(self.peak_memory, self._memory())
            await provisioner.kill()
            await provisioner.wait()
            self.peak_memory = max(self.peak_memory, provisioner.peak_memory)
            self.cpu_seconds, self.left_behind = provisioner.cpu_seconds, provisioner.left_behind
