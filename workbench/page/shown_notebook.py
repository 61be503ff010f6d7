"""A run's notebook as a page shows it: its text as it is written now, its code as it was executed, its blocks in a language."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from nbformat import NotebookNode, from_dict

from workbench.execution.recorded import OutputPlace, Recorded
from workbench.model.errors import FailedRun, WorkbenchError
from workbench.model.record import Record
from workbench.presentation.markdown import translated_markdown
from workbench.presentation.notebook_style import styled
from workbench.presentation.wording import Wording

BlocksHtml = Mapping[OutputPlace, str]
"""The HTML of the blocks of a study in one language, by their place."""

_INJECTED, _PARAMETERS = "injected-parameters", "parameters"


def blocks_html(
    recorded: Recorded, wording: Wording, known: Mapping[str, str] = MappingProxyType({})
) -> dict[OutputPlace, str]:
    """Word, draw and set the blocks of a study; of those that are ``known`` in the language, the HTML is there by the digests
    of their descriptions.

    Raises
    ------
    FailedRun, WorkbenchError
        If one cannot be shown, with its cell.
    """
    found: dict[OutputPlace, str] = {}
    for place, digest in recorded.places.items():
        if digest in known:
            found[place] = known[digest]
            continue
        with cell_named(recorded.record, place[0], wording.language):
            found[place] = recorded.shown[place].html(wording)
    return found


@contextmanager
def cell_named(record: Record, cell: str, language: str) -> Iterator[None]:
    """Have an error that is raised in here say in which cell the block is that cannot be shown.

    Raises
    ------
    WorkbenchError
        Of the same kind; of another error, a `FailedRun`.
    """
    try:
        yield
    except WorkbenchError as error:
        raise _in_cell(error, f"cell {cell}") from None
    except Exception as error:
        raise FailedRun(
            f"{record.study} {record.country} {record.year} cannot be shown in {language}: "
            f"{type(error).__name__}: {error}",
            where=f"{record.study}.ipynb, cell {cell}",
            unchanged="the files in outputs/ for this page",
            hint="open the notebook in JupyterLab in this language, and run it down to that cell",
        ) from error


def _in_cell(error: WorkbenchError, cell: str) -> WorkbenchError:
    """The same error, which says the cell."""
    where = f"{cell}: {error.where}" if error.where else cell
    return type(error)(
        error.what, expected=error.expected, found=error.found, where=where, unchanged=error.unchanged, hint=error.hint
    )


def with_text_of(written: Mapping[str, Any], executed: NotebookNode) -> NotebookNode:
    """The executed notebook with the Markdown of the one that is written: a word that is changed runs nothing."""
    cells = {cell["id"]: cell for cell in executed["cells"]}
    merged = []
    for cell in written["cells"]:
        executed_cell = cells.get(cell["id"]) if cell["cell_type"] == "code" else None
        merged.append(executed_cell or from_dict(cell))
        if _PARAMETERS in cell.get("metadata", {}).get("tags", []) and _INJECTED in cells:
            merged.append(cells[_INJECTED])
    return NotebookNode(executed, cells=merged)


def displayed(notebook: NotebookNode, blocks: BlocksHtml) -> NotebookNode:
    """The notebook with its blocks as JupyterLab displays them, beside their descriptions; each with its style, for JupyterLab
    may take what is out of sight out of its page."""
    return _with_blocks(notebook, blocks, lambda output, html: {**output["data"], "text/html": styled(html)})


def shown(notebook: NotebookNode, blocks: BlocksHtml, wording: Wording) -> NotebookNode:
    """The notebook with its blocks as HTML alone, and its Markdown in the language."""
    cells = [
        NotebookNode(cell, source=translated_markdown(wording.translations, cell.source))
        if cell.cell_type == "markdown"
        else cell
        for cell in notebook.cells
    ]
    return _with_blocks(NotebookNode(notebook, cells=cells), blocks, lambda _, html: {"text/html": html})


def _with_blocks(
    notebook: NotebookNode, blocks: BlocksHtml, data: Callable[[NotebookNode, str], dict[str, Any]]
) -> NotebookNode:
    def output_of(cell: NotebookNode, number: int) -> NotebookNode:
        output, html = cell.outputs[number], blocks.get((cell.id, number))
        return output if html is None else NotebookNode(output, data=NotebookNode(data(output, html)))

    cells = [
        NotebookNode(cell, outputs=[output_of(cell, number) for number in range(len(cell.outputs))])
        if cell.cell_type == "code"
        else cell
        for cell in notebook.cells
    ]
    return NotebookNode(notebook, cells=cells)
