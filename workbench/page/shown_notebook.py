"""A run's notebook as a page shows it: its text as it is written now, its code as it was executed, its blocks in a language."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from nbformat import NotebookNode, from_dict

from workbench.execution.recorded import OutputPlace, Recorded
from workbench.model.errors import FailedRun, WorkbenchError
from workbench.presentation.markdown import translated_markdown
from workbench.presentation.wording import Wording

BlocksHtml = Mapping[str, str]
"""The HTML of blocks in one language, by the digests of their descriptions."""

_INJECTED, _PARAMETERS = "injected-parameters", "parameters"


def blocks_html(recorded: Recorded, wording: Wording, known: BlocksHtml = MappingProxyType({})) -> dict[str, str]:
    """Word, draw and set the blocks of a study; those that are ``known`` in the language are taken as they are.

    Raises
    ------
    FailedRun, WorkbenchError
        If one cannot be shown, with its cell.
    """
    found: dict[str, str] = {}
    for place, digest in recorded.places.items():
        if digest not in found:
            found[digest] = known[digest] if digest in known else _block_html(recorded, place, wording)
    return found


def _block_html(recorded: Recorded, place: OutputPlace, wording: Wording) -> str:
    record, cell = recorded.record, place[0]
    try:
        return recorded.block(place).html(wording)
    except WorkbenchError as error:
        raise _in_cell(error, f"cell {cell}") from None
    except Exception as error:
        raise FailedRun(
            f"{record.study} {record.country} {record.year} cannot be shown in {wording.language}: "
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
        merged.append(cells.get(cell["id"], cell) if cell["cell_type"] == "code" else cell)
        if _PARAMETERS in cell.get("metadata", {}).get("tags", []) and _INJECTED in cells:
            merged.append(cells[_INJECTED])
    return from_dict({**executed, "cells": merged})


def displayed(recorded: Recorded, blocks: BlocksHtml) -> NotebookNode:
    """The notebook with its blocks as JupyterLab displays them, beside their descriptions."""
    return _with_outputs(
        recorded.notebook,
        {place: {"text/html": blocks[digest]} for place, digest in recorded.places.items()},
        lambda output, html: {**output["data"], **html},
    )


def shown(recorded: Recorded, blocks: BlocksHtml, wording: Wording) -> NotebookNode:
    """The notebook with its blocks as HTML alone, and its Markdown in the language."""
    cells = [
        NotebookNode(cell, source=translated_markdown(wording.translations, cell.source))
        if cell.cell_type == "markdown"
        else cell
        for cell in recorded.notebook.cells
    ]
    return _with_outputs(
        NotebookNode(recorded.notebook, cells=cells),
        {place: {"text/html": blocks[digest]} for place, digest in recorded.places.items()},
        lambda _, html: html,
    )


def _with_outputs(
    notebook: NotebookNode,
    blocks: Mapping[OutputPlace, dict[str, str]],
    data: Callable[[NotebookNode, dict[str, str]], dict[str, Any]],
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
