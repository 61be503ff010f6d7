"""The provisioner ``warm``: Jupyter's own local provisioner, whose Python kernels are forked from a fork server.

JupyterLab, plain papermill and whatever else starts kernels by `jupyter_client` use it when the kernelspec's metadata
or the environment names it: ``JUPYTER_DEFAULT_PROVISIONER_NAME=warm``.
"""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from workbench.execution.kernels.fork_server import set_stack_environment
from workbench.execution.kernels.forked_kernel import ForkedKernel, NoFork, fork_kernel
from workbench.execution.preload import imported_by
from workbench.execution.processes import GRACE, end_those, family_of

_LAUNCHER = ["-m", "ipykernel_launcher"]
_NOTEBOOK = "JPY_SESSION_NAME"
_POLL = 0.005


class WarmProvisioner(LocalProvisioner):
    """Forks a kernel from the fork server where it can, and starts the ordinary one where it cannot."""

    modules: tuple[str, ...] = ()
    """What the notebook imports, if it is known; JupyterLab names only the notebook."""

    peak_memory, cpu_seconds = 0, 0.0
    left_behind: list[str] = []
    """What a kernel took, known once it has ended, and the processes that it left behind, which were ended."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        environment = dict(kwargs.get("env") or os.environ)
        set_stack_environment(environment)
        try:
            kernel = self._forked(cmd, environment, kwargs)
        except NoFork as reason:
            self.log.debug("The kernel is not forked: %s", reason)
            return await super().launch_kernel(cmd, **kwargs | {"env": environment})
        # jupyter_client asks of a process only what this has.
        self.process = kernel  # type: ignore[assignment]
        self.pid = self.pgid = kernel.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    def _forked(self, cmd: list[str], environment: dict[str, str], kwargs: dict) -> ForkedKernel:
        interpreter, *arguments = cmd
        if not _is_this_interpreter(interpreter) or arguments[:2] != _LAUNCHER:
            raise NoFork("it is not the Python kernel of this interpreter")
        if kwargs.get("independent") or any(kwargs.get(stream) for stream in ("stdin", "stdout", "stderr")):
            raise NoFork("it is to outlive this process, or to have streams of its own")
        modules = self.modules or imported_by(Path(environment.get(_NOTEBOOK, "")))
        return fork_kernel(arguments[2:], environment, kwargs.get("cwd"), modules)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel but not its group: what it leaves behind is reported, and ended by its server or here."""
        if isinstance(self.process, subprocess.Popen):
            family = family_of(self.process.pid)
            self.process.kill()
            self.process.wait()
            self.left_behind = end_those(family, GRACE)
        elif self.process:
            self.process.kill()

    async def wait(self) -> int | None:
        """Wait for the end of the kernel and notice it at once: the ordinary provisioner looks ten times a second."""
        while self.process and self.process.poll() is None:
            await asyncio.sleep(_POLL)
        if isinstance(self.process, ForkedKernel):
            self.peak_memory, self.cpu_seconds = self.process.peak_memory, self.process.cpu_seconds
            self.left_behind = self.process.left_behind
        return await super().wait()


def _is_this_interpreter(interpreter: str) -> bool:
    return os.path.abspath(interpreter) == os.path.abspath(sys.executable)
