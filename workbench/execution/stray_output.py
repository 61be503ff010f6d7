"""Output of a study's cells that is not one of the workbench's blocks: no result backs it, and nothing checked it."""

from collections.abc import Iterator, Mapping
from typing import Any

from workbench.execution.recorded import Recorded
from workbench.model.errors import FailedRun
from workbench.model.types import Run

_AT_MOST = 5
_LONGEST = 80


def stray_output(run: Run, recorded: Recorded, source: str) -> FailedRun | None:
    """The other output of an executed notebook, as the reason why no edition publishes it; None if there is none."""
    stray = [
        f"cell {cell}: {_beginning(output)}"
        for (cell, number), output in recorded.outputs.items()
        if (cell, number) not in recorded.places
    ]
    if not stray:
        return None
    more = [f"and {len(stray) - _AT_MOST} more"] if len(stray) > _AT_MOST else []
    return FailedRun(
        f"{run} shows output that is not one of the workbench's blocks and that no result backs",
        where=source,
        expected="figures, tables and sentences by study.figure, study.table, study.text and study.findings",
        found="; ".join([*stray[:_AT_MOST], *more]),
        unchanged="no edition includes it",
        hint="remove what prints or displays it, end the cell with a semicolon, or show it with a method of the study",
    )


def _beginning(output: Mapping[str, Any]) -> str:
    """The beginning of an output, on one line."""
    text = output.get("text") or next(_texts(output), output.get("ename", ""))
    line = " ".join(text[: 4 * _LONGEST].split())
    return repr(line if len(line) <= _LONGEST else line[:_LONGEST] + " …")


def _texts(output: Mapping[str, Any]) -> Iterator[str]:
    data = output.get("data", {})
    yield from (data[kind] for kind in ("text/plain", "text/markdown", "text/html") if kind in data)
    yield ", ".join(data)
