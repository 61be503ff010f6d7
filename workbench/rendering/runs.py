"""One run, from parameters to the files that a reader gets."""

import datetime
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from workbench.declarations.indicators import read_indicators
from workbench.model.paths import Project, write_whole
from workbench.model.results_csv import results_csv
from workbench.model.words import Run
from workbench.presentation.spreadsheet import Cover, SheetTable, spreadsheet
from workbench.presentation.wording import Wording
from workbench.rendering.citation import citation
from workbench.rendering.notebooks import METADATA, execute
from workbench.rendering.page import html_page
from workbench.study.record import Record

DRAFT, SEALED = "draft", "sealed"


@dataclass(frozen=True)
class RenderedRun:
    """A run that was made: its record, and its files."""

    run: Run
    record: Record
    html: Path
    notebook: Path
    results: Path
    spreadsheet: Path


def render(project: Project, run: Run, progress: bool = False) -> RenderedRun:
    """Execute a run and write its study, executed notebook and results below ``outputs/<year>/<country>/``, as a draft.

    Everything is made before anything is written, and each file is written whole.

    Raises
    ------
    FailedRun
        If the notebook stops with an error; no file is written or changed then.
    UnboundNumber
        If the page shows a number that no result backs; likewise.
    """
    notebook, record = execute(project, run, progress)
    wording = Wording(run.language, read_indicators(project))
    workbook = _spreadsheet(wording, record)
    page = _page(notebook, record, wording, workbook, DRAFT)
    folder = project.outputs / str(run.year) / run.country
    return RenderedRun(
        run,
        record,
        html=write_whole(folder / f"{run.study}.{run.language}.html", page),
        notebook=write_whole(folder / f"{run.study}.{run.language}.ipynb", _written(notebook)),
        results=write_whole(folder / f"{run.study}.results.csv", results_csv(record.results)),
        spreadsheet=write_whole(folder / f"{run.study}.{run.language}.xlsx", workbook),
    )


def sealed_files(project: Project, made: RenderedRun) -> dict[Path, str]:
    """The page and the notebook of a run as they are when its edition is sealed; nothing is written."""
    notebook = nbformat.read(made.notebook, as_version=4)
    wording = Wording(made.run.language, read_indicators(project))
    page = _page(notebook, made.record, wording, made.spreadsheet.read_bytes(), SEALED)
    return {made.html: page, made.notebook: _written(notebook)}


def _page(notebook: NotebookNode, record: Record, wording: Wording, workbook: bytes, status: str) -> str:
    notebook.metadata[METADATA] = {**record.about(), "status": status}
    return html_page(notebook, record, wording, workbook, status)


def _written(notebook: NotebookNode) -> str:
    return nbformat.writes(notebook) + "\n"


def _spreadsheet(wording: Wording, record: Record) -> bytes:
    """The results as a spreadsheet: what the page says of itself, its notes, and each figure and table on a sheet."""
    by_key = {result.key: result for result in record.results}
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
    released = record.edition and datetime.date.fromisoformat(record.edition.released)
    edition = [
        (wording.text("Edition"), record.edition.title),
        (wording.text("Publisher"), record.edition.publisher),
        (wording.text("Published"), wording.date(released)),
        (wording.text("Licence"), record.edition.licence),
    ] if record.edition else []  # fmt: skip
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
