"""A notebook as a command begins it: without outputs, every cell named, as notebooks are committed."""

import json
from collections.abc import Iterable
from typing import Any

CODE, MARKDOWN = "code", "markdown"
"""Kinds of cells."""

Cell = tuple[str, str, str]
"""The name of a cell, its kind and its source."""


def new_notebook(cells: Iterable[Cell]) -> str:
    """The text of a notebook file; the cell that is named ``parameters`` is the one that papermill fills in."""
    metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook = {"cells": [_cell(*one) for one in cells], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _cell(identifier: str, kind: str, source: str) -> dict[str, Any]:
    metadata = {"tags": ["parameters"]} if identifier == "parameters" else {}
    cell = {"cell_type": kind, "id": identifier, "metadata": metadata, "source": source.splitlines(keepends=True)}
    return cell | ({"execution_count": None, "outputs": []} if kind == CODE else {})
