"""Which cells of a notebook must run again once it was changed."""

from collections.abc import Mapping, Sequence
from typing import Any

Cell = Mapping[str, Any]


def code_cells(notebook: Mapping[str, Any]) -> list[Any]:
    """The cells of code, in order."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def first_changed(ran: Sequence[Cell], written: Sequence[Cell]) -> int:
    """The position of the first cell of code that is not what has run there; the number of all if each is."""
    same = 0
    for before, now in zip(ran, written):
        if not is_same(before, now):
            break
        same += 1
    return same


def is_same(one: Cell, other: Cell) -> bool:
    """Whether two cells of code are the same to a kernel and to what is made of their output; they may have run or not."""
    return _identity(one) == _identity(other)


def _identity(cell: Cell) -> tuple[Any, ...]:
    return cell.get("id"), cell["source"], cell.get("metadata", {}).get("tags", [])
