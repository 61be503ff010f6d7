"""Rules on how a notebook was saved: clean, its cells named and short enough to be seen whole."""

import re
from collections.abc import Iterator

from workbench.checking.remarks import Cell, Remark, called

MOST_LINES = 25
_RANDOM_NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{6,}")
_OWN_NOTATION = re.compile(r"^\s*(?:[%!]|\w.*\?\s*$)", re.MULTILINE)


def outputs(cells: list[Cell]) -> Iterator[Remark]:
    """What running left behind: outputs change with every run, and are no part of a study."""
    for position, cell in enumerate(cells):
        if cell["cell_type"] == "code" and (cell.get("outputs") or cell.get("execution_count") is not None):
            yield Remark(
                "outputs", called(position, cell), 0, "outputs or run numbers are left in: workbench check --mend"
            )


def order(cells: list[Cell]) -> Iterator[Remark]:
    """The first cell that ran before one above it, or was left out: what is shown may not be what the cells say."""
    last = 0
    ran = [(position, cell) for position, cell in enumerate(cells) if cell["cell_type"] == "code" and cell["source"]]
    if not any(cell.get("execution_count") for _, cell in ran):
        return
    for position, cell in ran:
        count = cell.get("execution_count") or 0
        if count <= last:
            why = "was not run" if not count else "ran before one above it"
            yield Remark("order", called(position, cell), 0, f"the cell {why}: restart the kernel and run all cells")
            return
        last = count


def names(cells: list[Cell]) -> Iterator[Remark]:
    """Cells are named: a page finds by it what a cell showed, and a reader of a change what it is."""
    known: set[str] = set()
    for position, cell in enumerate(cells):
        name = str(cell.get("id") or "")
        if not name or _RANDOM_NAME.fullmatch(name):
            yield Remark(
                "names", called(position, cell), 0, "the cell has no name but a random one: workbench check --mend"
            )
        elif name in known:
            yield Remark("names", name, 0, "another cell has this name: workbench check --mend")
        known.add(name)


def is_named(cell: Cell) -> bool:
    """Whether a cell has a name that somebody gave it."""
    return bool(cell.get("id")) and not _RANDOM_NAME.fullmatch(cell["id"])


def length(cells: list[Cell]) -> Iterator[Remark]:
    """A code cell can be seen whole."""
    for position, cell in enumerate(cells):
        lines = len(cell["source"].splitlines())
        if cell["cell_type"] == "code" and lines > MOST_LINES:
            what = f"{lines} lines, where {MOST_LINES} can be seen whole: divide it; a judgement belongs in workbench/study/"
            yield Remark("length", called(position, cell), MOST_LINES + 1, what)


def notation(cells: list[Cell]) -> Iterator[Remark]:
    """Nothing is left in that only the notebook's own kernel understands."""
    for position, cell in enumerate(cells):
        if cell["cell_type"] == "code" and (found := _OWN_NOTATION.search(cell["source"])):
            line = cell["source"].count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip())) + 1
            what = f"{found[0].strip().split()[0]} is for trying things out: a study is Python"
            yield Remark("notation", called(position, cell), line, what)
