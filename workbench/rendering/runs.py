"""One run, from parameters to the files that a reader gets."""

from dataclasses import dataclass
from pathlib import Path

import nbformat

from workbench.model.paths import Project, write_whole
from workbench.model.results_csv import results_csv
from workbench.model.words import Run
from workbench.rendering.notebooks import execute
from workbench.rendering.page import html_page
from workbench.study.record import Record


@dataclass(frozen=True)
class RenderedRun:
    """A run that was made: its record, and its three files."""

    run: Run
    record: Record
    html: Path
    notebook: Path
    results: Path


def render(project: Project, run: Run, progress: bool = False) -> RenderedRun:
    """Execute a run and write its study, executed notebook and results below ``outputs/<year>/<country>/``.

    Everything is made before anything is written, and each file is written whole.

    Raises
    ------
    FailedRun
        If the notebook stops with an error; no file is written or changed then.
    """
    notebook, record = execute(project, run, progress)
    page = html_page(notebook)
    folder = project.outputs / str(run.year) / run.country
    return RenderedRun(
        run,
        record,
        html=write_whole(folder / f"{run.study}.{run.language}.html", page),
        notebook=write_whole(folder / f"{run.study}.{run.language}.ipynb", nbformat.writes(notebook) + "\n"),
        results=write_whole(folder / f"{run.study}.results.csv", results_csv(record.results)),
    )
