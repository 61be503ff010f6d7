"""A notebook imports the study alone, and is committed clean."""

import ast
import json

import pytest

from conftest import ROOT

MOST_LINES = 25
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def imports_of(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_the_study_alone_and_is_clean(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    imported = {name for cell in code for name in imports_of("".join(cell["source"]))}
    own = {name for name in imported if name.startswith("workbench")}
    # What a notebook alone needs, and costs time to import, it names itself.
    assert "workbench.study" in own and all(name.split(".")[1] == "study" for name in own)
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert all("-" in cell["id"] or cell["id"].isalpha() for cell in cells), "cells have names, not random ids"
    assert len({cell["id"] for cell in cells}) == len(cells)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_code_cell_can_be_seen_whole(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    lines = {cell["id"]: len("".join(cell["source"]).splitlines()) for cell in cells if cell["cell_type"] == "code"}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}
