"""The files of a run: each is written whole, and the state of the run last; it says that they are complete."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from workbench.editions.pages import Page
from workbench.execution.fingerprint import wording_stamp
from workbench.execution.recorded import Recorded
from workbench.execution.run_files import METADATA, RunFiles
from workbench.execution.run_log import DISPLAY, FileState, PageState, RunLog, RunState
from workbench.execution.task import Task
from workbench.execution.worded_blocks import keep_worded_blocks
from workbench.model.paths import Project, write_whole
from workbench.model.results_csv import results_csv
from workbench.page.shown_notebook import BlocksHtml, displayed
from workbench.page.status import DRAFT


def write_run(
    project: Project,
    task: Task,
    recorded: Recorded,
    pages: Mapping[str, Page],
    display: BlocksHtml | None,
    is_fit: bool,
) -> None:
    """Write what was made of a run.

    Parameters
    ----------
    project, task
        What was to be made.
    recorded : Recorded
        What the run left behind.
    pages : mapping
        Language to page.
    display : mapping or None
        The blocks as the notebook displays them; None where it displays them already.
    is_fit : bool
        Whether an edition may include the run.
    """
    files, run_log = RunFiles(project, task.run), RunLog(project)
    before = run_log.state(task.run) if task.is_executed else None
    for language, page in pages.items():
        write_whole(files.html(language), page.html.page)
        write_whole(files.method(language), page.html.method)
        write_whole(files.spreadsheet(language), page.workbook)
        write_whole(files.picture(language), page.picture)
        if page.pdf:
            write_whole(files.printed(language), page.pdf)
        else:
            # One that was printed of another state of the page.
            files.printed(language).unlink(missing_ok=True)
    write_whole(files.notebook, _notebook(task, recorded, pages, display))
    if not task.is_executed:
        write_whole(files.results, results_csv(recorded.record.results, recorded.record.is_made_up))
    _keep_blocks(run_log, task, recorded, pages)
    state = RunState(
        inputs=dict(task.inputs),
        selection=task.selection,
        parameters=dict(task.run.parameters),
        vintages=dict(task.run.vintages),
        gaps=before.gaps if before else {one.id: list(one.lacks) for one in recorded.exhibits if one.lacks},
        files=_states(files.record),
        pages={**(before.pages if before else {}), **_page_states(files, task, pages)},
        is_fit=is_fit,
    )
    state.write(run_log.state_path(task.run))


def _notebook(task: Task, recorded: Recorded, pages: Mapping[str, Page], display: BlocksHtml | None) -> str:
    """The executed notebook, which says for the site what each of its pages is about."""
    notebook = recorded.notebook if display is None else displayed(recorded.notebook, display)
    before = notebook.metadata.get(METADATA, {}).get("pages", {}) if task.is_executed else {}
    made = {language: {**page.study.as_json(), "status": DRAFT} for language, page in pages.items()}
    said: dict[str, object] = {"pages": {**before, **made}}
    if not task.run.is_of_its_year:
        # Of its year, the edition pins them.
        said["vintages"] = dict(task.run.vintages)
    metadata = NotebookNode(notebook.metadata, **{METADATA: said})
    return nbformat.v4.writes(NotebookNode(notebook, metadata=metadata)) + "\n"


def _keep_blocks(run_log: RunLog, task: Task, recorded: Recorded, pages: Mapping[str, Page]) -> None:
    for language, page in pages.items():
        # What is not translated must be noticed again.
        if not page.untranslated:
            by_digest = {recorded.places[place]: html for place, html in page.blocks.items()}
            keep_worded_blocks(run_log, task.run, language, wording_stamp(task.pages[language]), by_digest)


def _page_states(files: RunFiles, task: Task, pages: Mapping[str, Page]) -> dict[str, PageState]:
    states = {
        language: PageState(dict(task.pages[language]), _states(_files(files, language, page)), not page.untranslated)
        for language, page in pages.items()
    }
    return {**states, DISPLAY: PageState(dict(task.pages[DISPLAY]), {})} if DISPLAY in task.pages else states


def _files(files: RunFiles, language: str, page: Page) -> tuple[Path, ...]:
    return (*files.page(language), files.printed(language)) if page.pdf else files.page(language)


def _states(paths: Iterable[Path]) -> dict[str, FileState]:
    return {path.name: FileState.of(path) for path in paths}
