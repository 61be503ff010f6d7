"""What the cells of a study show beside the workbench's own blocks: no result stands behind it, and nobody checked it."""

from collections.abc import Iterator

from nbformat import NotebookNode

from workbench.model.errors import FailedRun
from workbench.model.record import Record
from workbench.model.types import Run
from workbench.presentation.blocks import digest_of

_AT_MOST = 5
_LONGEST = 80


def is_own(output: NotebookNode, blocks: set[str]) -> bool:
    """Whether an output is one of the blocks that a study made; ``blocks`` are those of its record."""
    return digest_of(output.get("data", {}).get("text/html", "")) in blocks


def stray_output(run: Run, notebook: NotebookNode, record: Record, source: str) -> FailedRun | None:
    """What an executed notebook shows beside its blocks, as the reason why no edition publishes it; none, if nothing."""
    blocks = set(record.blocks)
    shown = [
        f"cell {cell.id}: {_said(output)}"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if not is_own(output, blocks)
    ]
    if not shown:
        return None
    more = [f"and {len(shown) - _AT_MOST} more"] if len(shown) > _AT_MOST else []
    return FailedRun(
        f"{run} shows what is no block of the workbench's own, and no result stands behind it",
        where=source,
        expected="figures, tables and sentences by study.figure, study.table, study.text and study.findings",
        found="; ".join([*shown[:_AT_MOST], *more]),
        unchanged="no edition holds it",
        hint="take out what prints or displays, end a cell that shows by itself with a semicolon, or show it by the study",
    )


def _said(output: NotebookNode) -> str:
    """The beginning of what an output shows, on one line."""
    text = output.get("text") or next(_texts(output), output.get("ename", ""))
    line = " ".join(text[: 4 * _LONGEST].split())
    return repr(line if len(line) <= _LONGEST else line[:_LONGEST] + " …")


def _texts(output: NotebookNode) -> Iterator[str]:
    data = output.get("data", {})
    yield from (data[kind] for kind in ("text/plain", "text/markdown", "text/html") if kind in data)
    yield ", ".join(data)
