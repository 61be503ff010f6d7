"""The page of what the cells left behind, as far as they came, and what is wrong with it."""

import base64
from collections.abc import Collection, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from workbench.declarations.indicators import read_indicators
from workbench.declarations.queries import texts_of
from workbench.editions.pages import edition_note, laid_out, published_in
from workbench.execution.notebook_checks import check_record, check_written
from workbench.execution.recorded import OutputPlace, Recorded
from workbench.model.errors import FailedRun, WorkbenchError
from workbench.model.paths import Project
from workbench.model.record import About, Record
from workbench.model.results_csv import results_csv
from workbench.model.types import Run
from workbench.page.exporter import TEMPLATES, forget_templates
from workbench.page.html import StudyHtml, address_of_method
from workbench.page.number_check import check_numbers
from workbench.page.shown_notebook import cell_named
from workbench.presentation.about import about
from workbench.presentation.wording import Wording, catalogue_file, translations
from workbench.preview.child import Message
from workbench.preview.document import bare, beside, live
from workbench.preview.drawn import Drawn
from workbench.preview.errors import NOT_MADE, error_html, error_message, failing_line, parsed_error, words

_AT_MOST = 20
_NO_BLOCK = nbformat.v4.new_output("display_data", data={"text/html": ""})


class PageMaker:
    """Makes the pages of a run.

    Parameters
    ----------
    project, run
        What is shown.
    settings : dict
        ``language``, and ``nonce``: see `workbench.preview.document.live`.
    """

    def __init__(self, project: Project, run: Run, settings: Message):
        self.settings = settings
        self._project, self._run = project, run
        self._language, self._nonce = settings["language"], settings["nonce"]
        self._drawn, self._files = Drawn(), dict[Path, int]()
        self._last_record: Record | None = None

    def made(self, ran: Message | None) -> Message:
        """The page of what ran, bare before anything ran, and what is wrong with it; or why it cannot be made."""
        self._forget_what_changed()
        try:
            wording = Wording(
                self._language, read_indicators(self._project), texts_of(self._project, self._run.study, self._language)
            )
            return self._made(ran, wording) if ran else self._bare(wording)
        except Exception as error:  # noqa: BLE001 – whatever it is, the researcher sees it on the page and goes on
            return {"html": None, "error": error_message(error)}

    def _made(self, ran: Message, wording: Wording) -> Message:
        notebook, failure = nbformat.from_dict(ran["notebook"]), ran["failure"]
        record = Record.from_json(ran["record"]) if ran["record"] else self._last_record
        if record is None:
            return self._bare(wording, _failure_html(wording, notebook, failure))
        self._last_record = record
        blocks, broken = self._blocks(Recorded(notebook, record), wording)
        notebook = _without(notebook, broken)
        if failure:
            notebook = _up_to_failure(notebook, blocks, wording, failure)
        recorded = Recorded(notebook, record)
        study = about(record, edition_note(self._project, self._run, wording.language), wording)
        made, workbook = laid_out(recorded, blocks, study, wording, published_in(self._project, self._run))
        errors = [] if failure else list(self._errors(ran, made, study, record))
        notices = [error_html(wording.text, wording.text("No edition would publish this page"), one) for one in errors]
        notices += _untranslated_html(wording)
        return {
            "html": live(made.page, self._nonce, wording.text),
            "beside": {
                address_of_method(study.study, study.language): _sent(beside(made.method, study).encode()),
                f"{study.study}.results.csv": _sent(results_csv(record.results, study.is_made_up).encode()),
                f"{study.study}.{study.language}.xlsx": _sent(workbook),
            },
            "words": words(wording.text),
            "notices": "".join(notices),
            "is_whole": not failure and not errors and not broken,
        }

    def _bare(self, wording: Wording, notices: str = "") -> Message:
        html = live(bare(self._language, str(self._run)), self._nonce, wording.text)
        return {"html": html, "beside": {}, "words": words(wording.text), "notices": notices, "is_whole": False}

    def _blocks(self, recorded: Recorded, wording: Wording) -> tuple[dict[OutputPlace, str], dict[OutputPlace, str]]:
        """The HTML of the blocks, and that of those which cannot be shown: why."""
        self._drawn.begin(wording)
        html, broken = dict[OutputPlace, str](), dict[OutputPlace, str]()
        for place, block in recorded.shown.items():
            try:
                with cell_named(recorded.record, place[0], self._language):
                    html[place] = self._drawn.html(block, recorded.places[place], wording)
            except WorkbenchError as error:
                broken[place] = error_html(wording.text, wording.text("This cannot be shown"), error_message(error))
        return html | broken, broken

    def _errors(self, ran: Message, made: StudyHtml, study: About, record: Record) -> Iterator[Message]:
        """What `workbench run` would refuse or warn of."""
        notebook = self._project.notebook(self._run.study).name
        if not ran["is_recorded"]:
            yield error_message(
                FailedRun(
                    "the notebook leaves no record of what it publishes",
                    where=notebook,
                    expected="a last cell that shows study.provenance()",
                    hint="add it to the notebook",
                )
            )
        checks = (
            lambda: check_written(self._project, self._run, [self._language]),
            lambda: check_record(self._run, record, notebook),
            lambda: check_numbers(made.page, made.method, study, record.results),
        )
        for check in checks:
            try:
                check()
            except WorkbenchError as error:
                yield error_message(error)

    def _forget_what_changed(self) -> None:
        """Have templates and translations read again where their files were changed."""
        if self._has_changed(catalogue_file(self._language)):
            translations.cache_clear()
        if self._has_changed(*TEMPLATES.rglob("*.j2")):
            forget_templates()

    def _has_changed(self, *files: Path) -> bool:
        now = {path: path.stat().st_mtime_ns for path in files if path.is_file()}
        has_changed = any(self._files.get(path) != modified for path, modified in now.items())
        self._files |= now
        return has_changed


def _sent(file: bytes) -> str:
    """A file as a message can hold it."""
    return base64.b64encode(file).decode()


def _without(notebook: NotebookNode, broken: Collection[OutputPlace]) -> NotebookNode:
    """The notebook whose broken blocks are none of the study's: neither numbered nor in its spreadsheet."""
    cells = [
        NotebookNode(
            cell,
            outputs=[
                _NO_BLOCK if (cell.id, number) in broken else output for number, output in enumerate(cell.outputs)
            ],
        )
        if cell.cell_type == "code"
        else cell
        for cell in notebook.cells
    ]
    return NotebookNode(notebook, cells=cells)


def _up_to_failure(
    notebook: NotebookNode, blocks: dict[OutputPlace, str], wording: Wording, failure: Message
) -> NotebookNode:
    """The notebook up to the cell that failed, which shows what it printed, and the error; that is added to the blocks."""
    end = next(position for position, cell in enumerate(notebook.cells) if cell.id == failure["cell"])
    failed = notebook.cells[end]
    printed = [output for output in failed.outputs if output.output_type == "stream"]
    blocks[failed.id, len(printed)] = _failure_html(wording, notebook, failure)
    cells = [*notebook.cells[:end], NotebookNode(failed, outputs=[*printed, _NO_BLOCK])]
    return NotebookNode(notebook, cells=cells)


def _failure_html(wording: Wording, notebook: NotebookNode, failure: Message | None) -> str:
    """The error of the cell that failed."""
    if failure is None:
        error = {"what": "no study is open", "hint": "study = Study.open(…), as in the other notebooks"}
        return error_html(wording.text, wording.text(NOT_MADE), error)
    source = next(cell.source for cell in notebook.cells if cell.get("id") == failure["cell"])
    error = parsed_error(f"{failure['name']}: {failure['text']}")
    title = wording.text("The cell {name} failed; what follows it is not shown").format(name=failure["cell"])
    return error_html(wording.text, title, error, source, failing_line(failure["traceback"]) or 0)


def _untranslated_html(wording: Wording) -> list[str]:
    """A notice of the texts that are not translated."""
    texts = sorted(text for text in wording.untranslated if any(map(str.isalpha, text)))
    if not texts:
        return []
    more = [f"… {len(texts) - _AT_MOST} more"] if len(texts) > _AT_MOST else []
    found = {
        "what": "\n".join([*texts[:_AT_MOST], *more]),
        "hint": "run workbench messages, and translate what it lists",
    }
    return [error_html(wording.text, wording.text("Not translated"), found, is_urgent=False)]
