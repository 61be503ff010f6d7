"""A run, from its parameters to the files that a reader gets."""

import datetime
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from workbench.declarations.editions import run_limits
from workbench.declarations.indicators import read_indicators
from workbench.execution.notebook import execute
from workbench.execution.run_files import METADATA, RunFiles
from workbench.execution.run_log import FileState, RunLog, RunState
from workbench.execution.stray_output import stray_output
from workbench.model.errors import FailedRun
from workbench.model.paths import Project, write_whole
from workbench.model.record import Record
from workbench.model.results_csv import results_csv
from workbench.model.types import Result, Run
from workbench.page.citation import citation
from workbench.page.html import html_page
from workbench.page.status import DRAFT
from workbench.page.untranslated import untranslated_texts
from workbench.presentation.spreadsheet import Cover, SheetTable, spreadsheet
from workbench.presentation.wording import Wording


@dataclass(frozen=True)
class Effort:
    """What a run took: seconds, and bytes of memory at its peak; the processes that it left behind, which were ended;
    and why it can only be a draft."""

    seconds: float
    peak_memory: int
    left_behind: tuple[str, ...]
    warnings: tuple[FailedRun, ...] = ()


def render(
    project: Project,
    run: Run,
    inputs: Mapping[str, str],
    selection: str,
    progress: bool = False,
    is_elsewhere: bool = False,
    is_alone: bool = False,
) -> Effort:
    """Execute a run and write its page, executed notebook and results below ``outputs/<year>/<country>/``, as a draft.

    Everything is made before anything is written, and each file is written whole; the state of the run is written last
    and says that the files are complete.

    Parameters
    ----------
    project, run
        What to render.
    inputs : mapping
        What the run depends on, from `workbench.execution.fingerprint.Fingerprints.of` before it runs.
    selection : str
        The digest of what decided its parameters and vintages.
    progress : bool
        Whether to show a progress bar of the cells on standard error.
    is_elsewhere : bool
        Whether this may be another machine than that of the edition, on which its process ids mean nothing.
    is_alone : bool
        Whether the run is made by itself, as a draft: then what no edition would publish is only a warning.

    Raises
    ------
    FailedRun
        If the notebook stops with an error, belongs to another run, shows other output than its blocks, or uses texts
        that are not translated; no file is written or changed then.
    UnboundNumber
        If the page shows a number that no result backs; likewise.
    """
    began, run_log = time.monotonic(), RunLog(project)
    connections = run_log.connections_elsewhere if is_elsewhere else run_log.connections
    executed = execute(project, run, run_limits(project, run.year), connections, progress)
    record, notebook = executed.record, executed.notebook
    wording = Wording(run.language, read_indicators(project))
    workbook, results = _spreadsheet(wording, record), results_csv(record.results)
    notebook.metadata[METADATA] = {**record.about(), "status": DRAFT}
    page = html_page(notebook, record, wording, workbook, results, DRAFT)
    warnings = _unfit_for_an_edition(project, run, notebook, record, wording)
    if warnings and not is_alone:
        raise warnings[0]
    files = RunFiles(project, run)
    write_whole(files.html, page)
    write_whole(files.notebook, nbformat.writes(notebook) + "\n")
    write_whole(files.results, results)
    write_whole(files.spreadsheet, workbook)
    state = RunState(
        inputs=dict(inputs),
        selection=selection,
        parameters=dict(run.parameters),
        vintages=dict(run.vintages),
        results=hashlib.sha256(repr((record.results, record.headlines)).encode()).hexdigest(),
        gaps={exhibit.id: exhibit.lacks for exhibit in record.exhibits if exhibit.lacks},
        files={path.name: FileState.of(path) for path in files.files},
        is_fit=not warnings,
    )
    state.write(run_log.state_path(run))
    return Effort(time.monotonic() - began, executed.peak_memory, executed.left_behind, warnings)


def _unfit_for_an_edition(
    project: Project, run: Run, notebook: NotebookNode, record: Record, wording: Wording
) -> tuple[FailedRun, ...]:
    """The reasons why a run may be looked at but not published."""
    reasons = (
        stray_output(run, notebook, record, project.notebook(run.study).name),
        untranslated_texts(project, run, {*record.untranslated, *wording.untranslated}),
    )
    return tuple(filter(None, reasons))


def _spreadsheet(wording: Wording, record: Record) -> bytes:
    """The results as a spreadsheet: a cover, the notes, and each figure and table on a sheet."""
    by_key: dict[tuple[str, ...], Result] = {result.key: result for result in record.results}
    tables = [
        SheetTable(
            name=exhibit.label.strip("."),
            title=f"{exhibit.label} {exhibit.title}",
            results=tuple(by_key[tuple(key)] for key in exhibit.results),
            rows=exhibit.rows,
            columns=exhibit.columns,
        )
        for exhibit in record.exhibits
    ]
    released = datetime.date.fromisoformat(record.edition.released) if record.edition else None
    edition = [
        (wording.text("Edition"), record.edition.title),
        (wording.text("Publisher"), record.edition.publisher),
        (wording.text("Published"), wording.date(released)),
        (wording.text("Licence"), record.edition.licence),
    ] if record.edition and released else []  # fmt: skip
    sources = [f"{source.provider}, {source.title} ({source.dataset}), {source.vintage}" for source in record.sources]
    cover = Cover(
        title=record.full_title,
        about=(
            (wording.text("Study"), record.summary),
            *edition,
            *((wording.text("Source"), source) for source in sources),
            (wording.text("How to cite"), citation(record)),
        ),
        notes=record.notes,
        issued=released,
    )
    return spreadsheet(wording, cover, tables, record.results)
