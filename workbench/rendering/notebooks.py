"""papermill: a run's notebook is executed, cleaned of what differs from run to run, and its record taken out."""

import sys
import tempfile
from pathlib import Path

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from workbench.model.errors import FailedRun
from workbench.model.paths import Project
from workbench.model.words import Run
from workbench.study.record import RECORD_TYPE, Record

KERNEL = "python3"
METADATA = "migration_workbench"
_NOTHING_WRITTEN = "what stood in outputs/ for this run before; nothing of this run was written"


def execute(project: Project, run: Run, progress: bool) -> tuple[NotebookNode, Record]:
    """Execute the notebook of a run.

    Parameters
    ----------
    project : Project
        Where the notebook is, and where its kernel works.
    run : Run
        Its parameters have been checked.
    progress : bool
        Whether to show a bar of the cells on standard error.

    Returns
    -------
    NotebookNode, Record
        The executed notebook, the same for the same inputs; and what it read and published.

    Raises
    ------
    FailedRun
        With the notebook, the cell and the error. Nothing is left behind.
    """
    source = project.notebook(run.study)
    with tempfile.TemporaryDirectory(prefix="workbench-run-") as folder:
        executed = Path(folder) / source.name
        try:
            papermill.execute_notebook(
                str(source),
                str(executed),
                parameters=notebook_parameters(run),
                kernel_name=KERNEL,
                cwd=str(project.root),
                progress_bar={"desc": str(run), "leave": False, "file": sys.stderr} if progress else False,
                autosave_cell_every=0,
                # A kernel of this machine's own loopback need not warn that its connection is not encrypted.
                extra_arguments=["--IPKernelApp.log_level=ERROR"],
            )
        except PapermillExecutionError as error:
            raise _failed(source, run, error) from None
        except (TimeoutError, RuntimeError, nbformat.ValidationError) as error:
            raise _stopped(source, run, error, executed) from error
        notebook = nbformat.read(executed, as_version=4)
    cleaned = _without_traces(notebook)
    record = record_in(cleaned)
    if record is None:
        raise FailedRun(
            f"{run} left no record of what it published",
            where=source.name,
            expected="a last cell that shows study.provenance()",
            remedy="add it to the notebook",
        )
    return cleaned, record


def notebook_parameters(run: Run) -> dict:
    """The parameters that papermill injects: those of every run, and the study's own."""
    own = {name: list(value) if isinstance(value, tuple) else value for name, value in run.parameters.items()}
    return {"country": run.country, "year": run.year, "language": run.language, **own}


def _without_traces(notebook: NotebookNode) -> NotebookNode:
    """Take out what tells of the day, the folder or the process, so that the same inputs give the same bytes."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
        if cell.cell_type == "code":
            # Standard error holds warnings with the machine's paths; it is for the researcher, not for the reader.
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    return notebook


def record_in(notebook: NotebookNode) -> Record | None:
    """The record that an executed notebook carries, if it does."""
    for cell in reversed(notebook.cells):
        for output in cell.get("outputs", []):
            if RECORD_TYPE in output.get("data", {}):
                return Record.from_json(output["data"][RECORD_TYPE])
    return None


def _stopped(source: Path, run: Run, error: Exception, executed: Path) -> FailedRun:
    """A kernel that died reports no cell: the last one that papermill noted as begun is the one."""
    cells = nbformat.read(executed, as_version=4).cells if executed.is_file() else []
    begun = [cell.id for cell in cells if cell.metadata.get("papermill", {}).get("start_time")]
    return FailedRun(
        f"{run} stopped: {type(error).__name__}",
        where=f"{source.name}, cell {begun[-1]}" if begun else source.name,
        found=str(error),
        untouched=_NOTHING_WRITTEN,
        remedy=f"run it alone: workbench run {run.study} --country {run.country} --year {run.year}",
    )


def _failed(source: Path, run: Run, error: PapermillExecutionError) -> FailedRun:
    cells = nbformat.read(source, as_version=4).cells
    name = next((cell.id for cell in cells if cell.source.strip() == error.source.strip()), "injected-parameters")
    return FailedRun(
        f"{run} failed: {error.ename}: {error.evalue}",
        where=f"{source.name}, cell {name} (number {error.exec_count})",
        found=error.source.strip().splitlines()[0] + " …",
        untouched=_NOTHING_WRITTEN,
        remedy="open the notebook in JupyterLab with these parameters and run it down to that cell",
    )
