"""What is made of a run: its record, by executing it, and its pages, from that; all of it, before any file is written."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.declarations.editions import run_limits
from workbench.declarations.indicators import read_indicators
from workbench.declarations.notebooks import read_notebook
from workbench.declarations.queries import texts_of
from workbench.editions.pages import NOTHING_KNOWN, Known, Page, edition_note, page_of
from workbench.editions.write_run import write_run
from workbench.execution.fingerprint import OF_THE_SETTING, PRINTED, changed, wording_stamp
from workbench.execution.notebook import execute
from workbench.execution.notebook_checks import check_written
from workbench.execution.recorded import Recorded, read_recorded
from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import DISPLAY, PageState, RunLog
from workbench.execution.stray_output import stray_output
from workbench.execution.task import Task
from workbench.execution.worded_blocks import worded_blocks
from workbench.model.encoding import UnknownDescription
from workbench.model.errors import FailedRun
from workbench.model.paths import Project
from workbench.page.shown_notebook import BlocksHtml, blocks_html, with_text_of
from workbench.presentation.wording import SOURCE_LANGUAGE, Wording


@dataclass(frozen=True)
class Effort:
    """What a run took: seconds, and whether cells ran in them; bytes of memory at its peak; the processes that it left
    behind, which were ended; and why it can only be a draft."""

    seconds: float
    is_executed: bool
    peak_memory: int = 0
    left_behind: tuple[str, ...] = ()
    warnings: tuple[FailedRun, ...] = ()


@dataclass(frozen=True)
class _Made:
    """What was made of a record: the record with the text of the notebook, its pages, how the notebook displays its blocks."""

    recorded: Recorded
    pages: dict[str, Page]
    display: BlocksHtml | None


def render(
    project: Project, task: Task, progress: bool = False, is_elsewhere: bool = False, is_alone: bool = False
) -> Effort:
    """Make the record of a run, unless it is there, and its pages, and write them below ``outputs/<edition>/<country>/``.

    A record that another version of the workbench described is made again.

    Parameters
    ----------
    project, task
        What to make. Pages are made as drafts.
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
        If a page shows a number that no result backs; likewise.
    """
    began, run = time.monotonic(), task.run
    check_written(project, run, task.languages or [SOURCE_LANGUAGE])
    effort, stray = Effort(0.0, is_executed=False), None
    made = _from_record(project, task) if task.is_executed else None
    if made is None:
        task = replace(task, is_executed=False)
        executed = execute(
            project, run, run_limits(project, run.edition), _connections(project, is_elsewhere), progress
        )
        effort = Effort(0.0, True, executed.peak_memory, executed.left_behind)
        stray = stray_output(run, executed.recorded, project.notebook(run.study).name)
        made = _made(project, task, executed.recorded)
    warnings = tuple(filter(None, (stray, *(page.untranslated for page in made.pages.values()))))
    if warnings and not is_alone:
        raise warnings[0]
    write_run(project, task, made.recorded, made.pages, made.display, is_fit=not stray)
    return replace(effort, seconds=time.monotonic() - began, warnings=warnings)


def _connections(project: Project, is_elsewhere: bool) -> Path:
    run_log = RunLog(project)
    return run_log.connections_elsewhere if is_elsewhere else run_log.connections


def _from_record(project: Project, task: Task) -> _Made | None:
    """What is made of the record that is there, if this version can read it."""
    try:
        return _made(project, task, read_recorded(RunFiles(project, task.run)))
    except UnknownDescription:
        return None


def _made(project: Project, task: Task, executed: Recorded) -> _Made:
    run, indicators = task.run, read_indicators(project)
    recorded = Recorded(with_text_of(read_notebook(project.notebook(run.study)), executed.notebook), executed.record)
    wordings = {
        language: Wording(language, indicators, texts_of(project, run.study, language))
        for language in (*task.languages, SOURCE_LANGUAGE)
    }
    pages = {
        language: page_of(
            project,
            run,
            recorded,
            wordings[language],
            edition_note(project, run, language),
            _known(project, task, language),
            is_printed=PRINTED in task.pages[language],
        )
        for language in task.languages
    }
    display = _display(recorded, pages, wordings[SOURCE_LANGUAGE]) if DISPLAY in task.pages else None
    return _Made(recorded, pages, display)


def _known(project: Project, task: Task, language: str) -> Known:
    """What can be taken from the page as it was made before: all but its setting, where nothing else has changed."""
    run_log, inputs = RunLog(project), task.pages[language]
    state = run_log.state(task.run) if task.is_executed else None
    before = state.pages.get(language) if state else None
    if not before or not OF_THE_SETTING.issuperset(changed(before.inputs, inputs)):
        return NOTHING_KNOWN
    return Known(
        worded_blocks(run_log, task.run, language, wording_stamp(inputs)),
        _workbook(RunFiles(project, task.run), language, before),
    )


def _workbook(files: RunFiles, language: str, before: PageState) -> bytes | None:
    path = files.spreadsheet(language)
    return path.read_bytes() if before.files[path.name].matches(path) else None


def _display(recorded: Recorded, pages: Mapping[str, Page], english: Wording) -> BlocksHtml:
    """The blocks as JupyterLab displays them."""
    return pages[SOURCE_LANGUAGE].blocks if SOURCE_LANGUAGE in pages else blocks_html(recorded, english)
