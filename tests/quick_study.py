"""The study that takes least to make, for tests of the ways in which an edition is made, where what it says is not the point."""

import shutil

import nbformat
import yaml
from nbformat.v4 import new_code_cell

from workbench.model.paths import Project

QUICK = "temporary_protection"


def declare(project: Project, *studies: str, **said: object) -> Project:
    """The project, whose edition of 2022 has these studies; and what else is said of it."""
    declared = project.params / "editions" / "2022.yaml"
    before = yaml.safe_load(declared.read_text(encoding="utf-8"))
    declared.write_text(yaml.safe_dump(before | {"studies": list(studies)} | said), encoding="utf-8")
    return project


def add_study(project: Project, name: str, code: str = "") -> None:
    """A study like the quick one under another name, with one cell of code more if there is any."""
    notebook = nbformat.read(project.notebook(QUICK), as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace(f'Study.open("{QUICK}"', f'Study.open("{name}"')
    if code:
        notebook.cells.insert(1, new_code_cell(code, id="cell"))
    nbformat.write(notebook, project.notebook(name))
    shutil.copy(project.sidecar(QUICK), project.sidecar(name))
