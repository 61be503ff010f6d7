"""All rules, one after the other, on one notebook."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.checking import as_saved, code, texts
from workbench.checking.figures import figures
from workbench.checking.files import files
from workbench.checking.parameters import parameters
from workbench.checking.randomness import randomness
from workbench.checking.remarks import Cell, Remark, called
from workbench.declarations.notebooks import parsed_code, read_notebook
from workbench.declarations.studies import read_sidecar
from workbench.model.errors import RefusedRun, WorkbenchError, near
from workbench.model.paths import Project


def check_notebook(project: Project, path: Path) -> list[Remark]:
    """What keeps a notebook from being a study, in the order of its cells.

    Raises
    ------
    RefusedRun
        If it is not a notebook.
    WorkbenchError
        If the declarations of the project cannot be read.
    """
    cells = read_notebook(path)["cells"]
    remarks = list(_remarks(project, path, cells))
    places = {called(position, cell): position for position, cell in enumerate(cells)}
    return sorted(dict.fromkeys(remarks), key=lambda remark: (places.get(remark.cell, -1), remark.line))


def notebooks_named(project: Project, named: Iterable[str]) -> list[Path]:
    """The notebooks that are meant by files or names of studies; all of the project, where none is named.

    Raises
    ------
    RefusedRun
        If there is no such notebook.
    """
    known = {path.stem: path for path in sorted(project.notebooks.glob("*.ipynb"))}
    found = [known.get(name, Path(name)) for name in named]
    for path in found:
        if not path.is_file():
            raise RefusedRun(
                f"there is no notebook {path}",
                expected=near(path.stem, known),
                unchanged="all notebooks",
                hint="name a file, or a study of notebooks/",
            )
    return found or list(known.values())


def _remarks(project: Project, path: Path, cells: list[Cell]) -> Iterator[Remark]:
    for of_cells in (
        as_saved.outputs,
        as_saved.order,
        as_saved.names,
        as_saved.length,
        as_saved.notation,
        texts.pictures,
    ):
        yield from of_cells(cells)
    try:
        parsed = _parsed(path, cells)
    except RefusedRun as error:
        yield Remark("syntax", "", 0, f"{error.where}: not Python: {error.found}")
        return
    for of_code in (code.imports, files, randomness, figures, code.countries):
        yield from of_code(parsed)
    yield from texts.numbers(cells, parsed)
    yield from texts.whole(parsed)
    seen = texts.texts_of(cells, parsed)
    try:
        sidecar = read_sidecar(project, path.stem)
    except WorkbenchError as error:
        yield Remark("sidecar", "", 0, str(error).replace("\n", ";"))
    else:
        yield from parameters(parsed, sidecar)
        seen = [*texts.sidecar_texts(sidecar.title, sidecar.summary), *seen]
    yield from texts.untranslated(seen)


def _parsed(path: Path, cells: list[Cell]) -> code.Code:
    found: list[tuple[str, ast.Module]] = []
    parameters = None
    for position, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            found.append((called(position, cell), parsed_code(path, cell)))
            if code.TAG in cell.get("metadata", {}).get("tags", []):
                parameters = called(position, cell)
    return code.Code(tuple(found), parameters)
