"""papermill: a run's notebook is executed, stripped of what differs from run to run, and its record is read."""

import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError

from workbench.declarations.editions import RunLimits
from workbench.execution.kernels.papermill_engine import LEFT_BEHIND, PEAK_MEMORY, StoppedKernel, WarmEngine
from workbench.execution.notebook_checks import check_record, check_written
from workbench.execution.recorded import Recorded, record_of
from workbench.model.errors import FailedRun
from workbench.model.paths import Project
from workbench.model.types import Run
from workbench.presentation.wording import SOURCE_LANGUAGE
from workbench.resolving.parameters import EDITION_OF_RUN
from workbench.study.shown import ONLY_DESCRIBED

KERNEL = "python3"
KERNEL_ARGUMENTS = ["--IPKernelApp.log_level=ERROR"]
"""A kernel on this machine need not warn that its connection is not encrypted."""

_ENGINE = "warm"
_NOTHING_WRITTEN = "the files in outputs/ for this run; nothing of this run was written"

# Installed, the package is found by its entry point; in a checkout that is only on the path it is not.
papermill_engines.register(_ENGINE, WarmEngine)


@dataclass(frozen=True)
class Execution:
    """An executed notebook with its record, the same for the same inputs; the peak memory of its kernel; and the
    processes that it left behind."""

    recorded: Recorded
    peak_memory: int
    left_behind: tuple[str, ...]


def execute(project: Project, run: Run, limits: RunLimits, connections: Path, progress: bool = False) -> Execution:
    """Execute the notebook of a run.

    Parameters
    ----------
    project : Project
        Where the notebook is; the working directory of its kernel.
    run : Run
        The run; its parameters have been checked.
    limits : RunLimits
        The time and memory that it may take.
    connections : Path
        The folder of the kernel's connection file.
    progress : bool
        Whether to show a bar of the cells on standard error.

    Raises
    ------
    RefusedRun, UnboundNumber
        If the notebook as written is not fit for the run; no cell has run then.
    FailedRun
        If a cell fails, or the notebook belongs to another run. Nothing is left behind.
    """
    source = project.notebook(run.study)
    check_written(project, run)
    connections.mkdir(parents=True, exist_ok=True)
    try:
        notebook = papermill.execute_notebook(
            str(source),
            None,
            parameters=notebook_parameters(run),
            engine_name=_ENGINE,
            kernel_name=KERNEL,
            language="python",  # else a notebook that names no kernel is refused
            progress_bar={"desc": str(run), "leave": False, "file": sys.stderr} if progress else False,
            request_save_on_cell_execute=False,
            autosave_cell_every=0,
            extra_arguments=KERNEL_ARGUMENTS,
            limits=limits,
            folder=project.root,
            connections=connections,
            environment={ONLY_DESCRIBED: "1"} | ({} if run.is_of_its_year else {EDITION_OF_RUN: run.edition}),
        )
    except PapermillExecutionError as error:
        raise _failed(source, run, error) from None
    except StoppedKernel as stop:
        raise _stopped(source, run, stop) from None
    except (TimeoutError, RuntimeError, nbformat.ValidationError) as error:
        raise _stopped(source, run, StoppedKernel(None, f"{type(error).__name__}: {error}")) from error
    peak_memory, left_behind = notebook.metadata.papermill[PEAK_MEMORY], tuple(notebook.metadata.papermill[LEFT_BEHIND])
    cleaned = without_traces(notebook)
    record = record_of(cleaned.cells)
    if (cell := _left_early(cleaned)) is not None:
        raise FailedRun(
            f"{run} ended before its notebook did: SystemExit",
            where=f"{source.name}, cell {cell.id}, the last that ran",
            unchanged=_NOTHING_WRITTEN,
            hint="do not call sys.exit() in a cell: figures and tables show by themselves what data is missing",
        )
    if record is None:
        raise FailedRun(
            f"{run} left no record of what it published",
            where=source.name,
            expected="a last cell that shows study.provenance()",
            unchanged=_NOTHING_WRITTEN,
            hint="add it to the notebook",
        )
    check_record(run, record, source.name)
    return Execution(Recorded(cleaned, record), peak_memory, left_behind)


def notebook_parameters(run: Run) -> dict:
    """The parameters that papermill injects: those of every run, and the study's own; no cell depends on the language."""
    own = {name: list(value) if isinstance(value, tuple) else value for name, value in run.parameters.items()}
    return {"country": run.country, "year": run.year, "language": SOURCE_LANGUAGE, **own}


def parameterised(project: Project, run: Run) -> NotebookNode:
    """The notebook of a run as it is executed, with the cell of its parameters."""
    notebook = papermill.iorw.load_notebook_node(str(project.notebook(run.study)))
    return _with_own_names(
        papermill.parameterize.parameterize_notebook(
            notebook, notebook_parameters(run), kernel_name=KERNEL, language="python"
        )
    )


def without_traces(notebook: NotebookNode) -> NotebookNode:
    """Remove what depends on the day, the folder or the process, so that the same inputs give the same bytes."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            # Standard error has warnings with paths of this machine: they are for the researcher, not for the reader.
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    return _with_own_names(notebook)


def _with_own_names(notebook: NotebookNode) -> NotebookNode:
    """The cell of the parameters has a random name otherwise."""
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
    return notebook


def _left_early(notebook: NotebookNode) -> NotebookNode | None:
    """The cell that left the notebook by ``sys.exit``, which papermill takes for its proper end."""
    for cell in notebook.cells:
        if any(output.get("ename") == "SystemExit" for output in cell.get("outputs", [])):
            return cell
    return None


def _stopped(source: Path, run: Run, stop: StoppedKernel) -> FailedRun:
    return FailedRun(
        f"{run} stopped: {stop.reason}",
        where=f"{source.name}, cell {stop.cell}" if stop.cell else source.name,
        unchanged=_NOTHING_WRITTEN,
        hint=f"run it alone: workbench run {run.study} --country {run.country} --year {run.year}",
    )


def _failed(source: Path, run: Run, error: PapermillExecutionError) -> FailedRun:
    cells = nbformat.read(source, as_version=4).cells
    name = next((cell.id for cell in cells if cell.source.strip() == error.source.strip()), "injected-parameters")
    return FailedRun(
        f"{run} failed: {error.ename}: {error.evalue}",
        where=f"{source.name}, cell {name} (number {error.exec_count})",
        found=error.source.strip().splitlines()[0] + " …",
        unchanged=_NOTHING_WRITTEN,
        hint="open the notebook in JupyterLab with these parameters and run it down to that cell",
    )
