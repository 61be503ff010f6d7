"""What a rule has to say of a notebook, and where."""

from dataclasses import dataclass
from typing import Any

Cell = dict[str, Any]
"""A cell of a notebook as `workbench.declarations.notebooks.read_notebook` gives it."""


@dataclass(frozen=True)
class Remark:
    """One thing that is wrong.

    Attributes
    ----------
    rule : str
        The name of the rule.
    cell : str
        The cell's name; of one without, its number; empty where it is said of the whole notebook.
    line : int
        The line of the cell; zero where it is said of all of it.
    what : str
        What is wrong, and what to do.
    """

    rule: str
    cell: str
    line: int
    what: str

    def __str__(self) -> str:
        place = [f"cell {self.cell}"] * bool(self.cell) + [f"line {self.line}"] * bool(self.line)
        return f"{', '.join(place) or 'the notebook'}: {self.what} [{self.rule}]"


def called(position: int, cell: Cell) -> str:
    """How a cell is named in a remark: by its name, else by its number."""
    return str(cell.get("id") or f"number {position + 1}")
