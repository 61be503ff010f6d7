"""A kernel that stays: it runs the cells of a notebook one by one, and again from one of them on.

Before a cell the kernel keeps a checkpoint, by `workbench.study.checkpoint`; a cell that runs again starts from its own.
"""

import math
import os
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import papermill  # noqa: F401 – first, for it imports the engine
from jupyter_core.utils import ensure_async
from msgspec import structs
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from papermill.engines import NotebookExecutionManager

from workbench.declarations.editions import RunLimits
from workbench.execution.kernels.output_limit import OutputLimit
from workbench.execution.kernels.papermill_engine import StoppedKernel, WarmClient, ensure_ipython_folder
from workbench.model.record import RECORD_TYPE, Record

_CHECKPOINTS = "__import__('workbench.study.checkpoint', fromlist=['of_this_kernel']).of_this_kernel()"


@dataclass(frozen=True)
class CellError:
    """Why a cell failed: the name and the text of the error, and its traceback, in which lines are coloured."""

    name: str
    text: str
    traceback: str = ""


class KeptKernel:
    """A warm kernel for one notebook. Make it with `KeptKernel.started`, and `end` it.

    Attributes
    ----------
    is_alive : bool
        Whether it can run cells; one that took too much memory has been ended.
    """

    def __init__(self, client: WarmClient):
        self._client = client
        self._outputs: dict[int, OutputLimit] = {}
        self.is_alive = True

    @classmethod
    async def started(
        cls,
        name: str,
        arguments: list[str],
        modules: tuple[str, ...],
        limits: RunLimits,
        folder: Path,
        connections: Path,
        **environment: str,
    ) -> "KeptKernel":
        """Start a kernel.

        Parameters
        ----------
        name, arguments
            Of the kernelspec, and of the kernel itself.
        modules : tuple of str
            What the notebook imports.
        limits : RunLimits
            The memory that it may take, and what its cells may print; it may take any time.
        folder : Path
            Its working directory.
        connections : Path
            The folder of its connection file.
        **environment
            Variables beside those of this process.
        """
        ensure_ipython_folder()
        client = WarmClient(
            NotebookExecutionManager(
                NotebookNode(cells=[], metadata=NotebookNode()), progress_bar=False, autosave_cell_every=0
            ),
            kernel_name=name,
            modules=modules,
            limits=structs.replace(limits, seconds=math.inf),
            connections=connections,
            record_timing=False,
            shell_timeout_interval=1,
            extra_arguments=list(arguments),
        )
        client.reset_execution_trackers()
        client.km = client.create_kernel_manager()
        await client.async_start_new_kernel(env={**os.environ, **environment}, cwd=str(folder))
        await client.async_start_new_kernel_client()
        return cls(client)

    async def run(self, before: list[NotebookNode], cell: NotebookNode) -> CellError | None:
        """Keep a checkpoint and run a cell, which gets its outputs; the error if it failed.

        Parameters
        ----------
        before : list of NotebookNode
            The cells of code that have run.
        cell : NotebookNode
            The next one.
        """
        position = len(before)
        self._client.nb.cells[: position + 1] = [*before, cell]
        try:
            await self._asked(f"{_CHECKPOINTS}.keep({position})")
            self._outputs[position] = deepcopy(self._client.printed)
            await self._client.async_execute_cell(cell, position)
        except CellExecutionError as error:
            return CellError(error.ename, error.evalue, error.traceback)
        except (DeadKernelError, StoppedKernel):
            self.is_alive = False
            return CellError("StoppedKernel", self._client.stop_in(cell).reason)
        return None

    async def restore(self, position: int) -> None:
        """Make everything what it was before the cell of code at a position ran."""
        await self._asked(f"{_CHECKPOINTS}.restore({position})")
        self._client.printed = deepcopy(self._outputs[position])
        for below in range(position, len(self._client.nb.cells)):
            self._client.clear_display_id_mapping(below)

    async def record(self) -> Record | None:
        """The record of what was published so far, if a study is open and has one."""
        try:
            data = await self._asked(f"{_CHECKPOINTS}.record()")
        except RuntimeError:
            return None
        return Record.from_json(data[RECORD_TYPE]) if RECORD_TYPE in data else None

    async def interrupt(self) -> None:
        """Interrupt the cell that is running."""
        if self._client.km:
            await ensure_async(self._client.km.interrupt_kernel())

    async def kill(self) -> None:
        """End it while a cell runs, which fails by that."""
        await self._client.end_kernel()

    async def end(self) -> None:
        """End the kernel, with what it started."""
        self.is_alive = False
        if self._client.km:
            await self._client.clean_up_kernel()

    async def _asked(self, expression: str) -> dict:
        """The value of an expression, by its media types; nothing is shown or kept by the notebook.

        Raises
        ------
        RuntimeError
            If it has none.
        """
        assert self._client.kc is not None, "the kernel has been started"
        asked = self._client.kc.execute("", silent=True, store_history=False, user_expressions={"asked": expression})
        content = await self._client.reply(asked)
        answer = content.get("user_expressions", {}).get("asked", {})
        if answer.get("status") != "ok":
            raise RuntimeError(f"{answer.get('ename')}: {answer.get('evalue')}")
        return answer["data"]
