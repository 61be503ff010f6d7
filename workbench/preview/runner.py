"""The process that runs the cells of a study: once, and again those that a save changes, in a kernel that stays.

It is told that the notebook was saved, and tells which cell it runs, and what became of the notebook.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from workbench.declarations.editions import run_limits
from workbench.execution.kernels.forked_kernel import close_fork_servers, warm_up
from workbench.execution.preload import imported_by, imported_in
from workbench.model.errors import WorkbenchError
from workbench.model.paths import Project
from workbench.model.types import Run
from workbench.preview.cells import code_cells, first_changed, is_same
from workbench.preview.child import Message, Parent, be_child
from workbench.preview.errors import error_message

_STOPS_WITHIN = 2
_READS, _READ_EVERY = 5, 0.1


@dataclass
class Progress:
    """What has run of a notebook.

    Attributes
    ----------
    ran : list of NotebookNode
        The cells of code that have run, with their outputs.
    running, failed : NotebookNode or None
        The next one, while it runs or if it failed.
    is_stopped : bool
        Whether the cell that runs was interrupted, because another one should.
    """

    ran: list[NotebookNode] = field(default_factory=list)
    running: NotebookNode | None = None
    failed: NotebookNode | None = None
    is_stopped: bool = False

    def must_stop(self, written: list[NotebookNode]) -> bool:
        """Whether the cell that runs is not the one that should, by the notebook as it is written now."""
        if self.running is None:
            return False
        return first_changed([*self.ran, self.running], written) <= len(self.ran)

    def has_failed_as(self, written: list[NotebookNode]) -> bool:
        """Whether the next cell that is written is the one that failed."""
        position = len(self.ran)
        return self.failed is not None and position < len(written) and is_same(self.failed, written[position])


class Runner:
    """Runs the notebook of a run.

    Parameters
    ----------
    settings : dict
        ``root``, ``study``, ``given`` and ``others``: the parameters, and ``connections``: the folder of the kernels'
        connection files.
    tell : callable
        Called with what becomes of the run.
    """

    def __init__(self, settings: Message, tell: Callable[[Message], None]):
        self._project, self._settings, self._tell = Project(Path(settings["root"])), settings, tell
        self._run: Run | None = None
        self._kernel: Any = None
        self._progress = Progress()
        self._error: Any = None
        self._written: NotebookNode = NotebookNode(cells=[])
        self._is_saved, self._must_start_anew = asyncio.Event(), False

    async def open(self) -> None:
        """Check the parameters, by the declarations and data as they are now, and run all cells."""
        from workbench.resolving.parameters import language_of, resolve, together

        project, study = self._project, self._settings["study"]
        try:
            given = together(project, study, self._settings["given"], self._settings["others"])
            self._run, language = resolve(project, study, given), language_of(project, study, given)
        except WorkbenchError as error:
            self._tell({"refused": error_message(error)})
            return
        run = {**vars(self._run), "parameters": dict(self._run.parameters), "vintages": dict(self._run.vintages)}
        self._tell({"run": run, "language": language})
        self._must_start_anew = True
        if self._progress.running is not None:
            await self._stop_cell()
        await self.save()

    async def save(self) -> None:
        """Read the notebook, which was saved; interrupt the cell that runs if it was changed, or one before it was."""
        if self._run is None:
            return
        try:
            self._written = await _read_whole(self._project, self._run)
        except (WorkbenchError, OSError) as error:
            self._tell({"unreadable": error_message(error)})
            return
        self._is_saved.set()
        if self._progress.must_stop(code_cells(self._written)):
            await self._stop_cell()

    async def live(self) -> None:
        """Run what must run after each save, until cancelled."""
        try:
            while True:
                await self._is_saved.wait()
                await self._catch_up()
        finally:
            if self._kernel:
                await self._kernel.end()

    async def _catch_up(self) -> None:
        progress = self._progress
        while True:
            self._is_saved.clear()
            if self._must_start_anew:
                await self._forget()
            written = code_cells(self._written)
            await self._go_back(first_changed(progress.ran, written), written)
            if progress.has_failed_as(written) or len(progress.ran) == len(written):
                break
            await self._run_next(written)
        await self._report()

    async def _forget(self) -> None:
        """Forget what has run, and the kernel in which it did."""
        self._must_start_anew = False
        if self._kernel:
            await self._kernel.end()
        self._kernel, self._progress.failed = None, None
        self._progress.ran.clear()

    async def _go_back(self, position: int, written: list[NotebookNode]) -> None:
        """Make everything what it was before the cell at a position ran, unless that is where it stands."""
        progress = self._progress
        has_moved = position < len(progress.ran)
        if not has_moved and progress.has_failed_as(written):
            return
        if not (self._kernel and self._kernel.is_alive):
            await self._start_kernel()
        elif has_moved or progress.failed is not None:
            await self._kernel.restore(position)
            del progress.ran[position:]
        progress.failed = self._error = None

    @property
    def _opened(self) -> Run:
        assert self._run is not None, "cells run once the parameters have been checked"
        return self._run

    async def _start_kernel(self) -> None:
        from workbench.execution.kernels.kept_kernel import KeptKernel
        from workbench.execution.notebook import KERNEL, KERNEL_ARGUMENTS
        from workbench.study.shown import ONLY_DESCRIBED

        await self._forget()
        limits = run_limits(self._project, self._opened.edition)
        connections = Path(self._settings["connections"])
        self._kernel = await KeptKernel.started(
            KERNEL,
            KERNEL_ARGUMENTS,
            imported_in(code_cells(self._written)),
            limits,
            self._project.root,
            connections,
            **{ONLY_DESCRIBED: "1"},
        )

    async def _run_next(self, written: list[NotebookNode]) -> None:
        progress, number = self._progress, len(self._progress.ran)
        self._tell({"running": number + 1, "of": len(written)})
        cell = NotebookNode(written[number], outputs=[])
        progress.running = cell
        error = await self._kernel.run(progress.ran, cell)
        was_stopped, progress.is_stopped, progress.running = progress.is_stopped, False, None
        if was_stopped and self._kernel.is_alive:
            await self._kernel.restore(number)
        elif error and not was_stopped:
            progress.failed, self._error = cell, error
        elif not error:
            progress.ran.append(cell)

    async def _stop_cell(self) -> None:
        """Interrupt the cell that runs; end the kernel if it goes on all the same."""
        stopped, self._progress.is_stopped = self._progress.running, True
        await self._kernel.interrupt()
        for _ in range(int(_STOPS_WITHIN / _READ_EVERY)):
            await asyncio.sleep(_READ_EVERY)
            if self._progress.running is not stopped:
                return
        await self._kernel.kill()

    async def _report(self) -> None:
        """Tell what became of the notebook: up to the cell that failed, if one did."""
        from workbench.execution.notebook import without_traces
        from workbench.execution.recorded import record_of

        progress, failure = self._progress, None
        ran = {cell["id"]: cell for cell in progress.ran}
        if progress.failed is not None:
            if self._kernel.is_alive:
                await self._kernel.restore(len(progress.ran))
            ran[progress.failed["id"]] = progress.failed
            failure = {"cell": progress.failed["id"], **asdict(self._error)}
        cells = [ran.get(cell["id"], cell) if cell["cell_type"] == "code" else cell for cell in self._written.cells]
        notebook = without_traces(NotebookNode(self._written, cells=cells, metadata={**self._written.metadata}))
        record = record_of(notebook.cells) if not failure else None
        is_recorded = record is not None
        if record is None and self._kernel.is_alive:
            record = await self._kernel.record()
        self._tell(
            {
                "notebook": notebook,
                "record": record.as_json() if record else None,
                "is_recorded": is_recorded,
                "failure": failure,
            }
        )


async def _read_whole(project: Project, run: Run) -> NotebookNode:
    """The notebook as it is executed; read again if an editor is writing it just now."""
    from workbench.declarations.notebooks import read_notebook
    from workbench.execution.notebook import parameterised

    for left in reversed(range(_READS)):
        try:
            read_notebook(project.notebook(run.study))
            return parameterised(project, run)
        except (WorkbenchError, ValueError, OSError):
            if not left:
                raise
            await asyncio.sleep(_READ_EVERY)
    raise AssertionError("the last try returns or raises")


async def _live(parent: Parent) -> None:
    messages = parent.messages()
    settings = await anext(messages)
    # While the fork server imports its libraries on one core, the rest is imported on another.
    warm_up(imported_by(Project(Path(settings["root"])).notebook(settings["study"])))
    runner = Runner(settings, parent.tell)
    tasks = [asyncio.ensure_future(runner.live()), asyncio.ensure_future(_pass_on(messages, runner))]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)


async def _pass_on(messages: AsyncIterator[Message], runner: Runner) -> None:
    await runner.open()
    async for message in messages:
        await (runner.open() if message["changed"] == "declarations" else runner.save())


def main() -> None:
    """Run cells, until there is nobody to tell about it."""
    try:
        be_child(_live)
    finally:
        close_fork_servers()
