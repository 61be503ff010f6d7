"""Each layer imports only from those above it; libraries stay in the layer that owns them; notebooks import the study."""

import ast
import json
import sys
from pathlib import Path

import pytest

import workbench

PACKAGE = Path(workbench.__file__).parent
LAYERS = (
    "model", "declarations", "sources", "data", "indicators", "presentation", "study", "rendering", "archiving",
    "publishing", "collecting", "cli",
)  # fmt: skip
OWNED = {
    "statsmodels": {"indicators"},
    "matplotlib": {"presentation"},
    "seaborn": {"presentation"},
    "papermill": {"rendering"},
    "nbconvert": {"rendering"},
    "jupyter_client": {"rendering"},
    "nh3": {"rendering"},
    "xlsxwriter": {"presentation"},
    "bagit": {"archiving"},
    "rocrate": {"archiving"},
    "click": {"cli"},
    "pyarrow": {"data"},
    "filelock": {"data", "publishing"},
    "psutil": {"rendering", "publishing"},
    "distributed": {"rendering"},
    "httpx": {"sources"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def imports_of(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def breaches(layer: str, imported: set[str]) -> list[str]:
    if layer == "__main__":
        layer = "cli"
    if layer == "__init__":
        return sorted(name for name in imported if name.startswith("workbench."))
    found = []
    for name in imported:
        top, *rest = name.split(".")
        if top == "workbench" and rest and rest[0] in LAYERS and LAYERS.index(rest[0]) > LAYERS.index(layer):
            found.append(name)
        if top in OWNED and layer not in OWNED[top]:
            found.append(name)
        if layer == "model" and top != "workbench" and top not in sys.stdlib_module_names:
            found.append(name)
    return sorted(found)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_layers_above(module):
    assert breaches(layer_of(module), imports_of(module.read_text(encoding="utf-8"))) == []


def test_a_breach_is_noticed():
    source = "import seaborn\nfrom workbench.study import Study\nimport pandas"
    assert breaches("data", imports_of(source)) == ["seaborn", "workbench.study"]
    assert breaches("model", imports_of("import pandas")) == ["pandas"]


@pytest.mark.parametrize("notebook", sorted((PACKAGE.parent / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_imports_the_study_alone_and_is_clean(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    imported = {name for cell in code for name in imports_of("".join(cell["source"]))}
    assert {name for name in imported if name.startswith("workbench")} == {"workbench.study"}
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert all("-" in cell["id"] or cell["id"].isalpha() for cell in cells), "cells have names, not random ids"
    assert len({cell["id"] for cell in cells}) == len(cells)
