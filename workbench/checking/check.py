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
from workbench.checking.sentences import sentences
from workbench.declarations.notebooks import parsed_code, read_notebook
from workbench.declarations.queries import read_query
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
    """The notebooks that are meant by files or names of studies and queries; all of the project, where none is named.

    Raises
    ------
    RefusedRun
        If there is no such notebook.
    """
    there = [*project.notebooks.glob("*.ipynb"), *project.notebooks.glob("queries/*.ipynb")]
    known = {path.stem: path for path in sorted(there)}
    found = [known.get(name, Path(name)) for name in named]
    for path in found:
        if not path.is_file():
            raise RefusedRun(
                f"there is no notebook {path}",
                expected=near(path.stem, known),
                unchanged="all notebooks",
                hint="name a file, or a study or query of notebooks/",
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
    for of_code in (code.imports, files, randomness, figures, sentences):
        yield from of_code(parsed)
    yield from texts.numbers(cells, parsed)
    yield from texts.whole(parsed)
    of_kind = _of_query if project.is_query(path.stem) else _of_study
    yield from of_kind(project, path.stem, parsed, texts.texts_of(cells, parsed))


def _of_study(project: Project, study: str, parsed: code.Code, seen: list[texts.Text]) -> Iterator[Remark]:
    """What holds of a study: it is of any country, and the catalogues have its texts."""
    yield from code.countries(parsed)
    try:
        sidecar = read_sidecar(project, study)
    except WorkbenchError as error:
        yield _not_declared(error)
    else:
        yield from parameters(parsed, sidecar)
        seen = [*texts.sidecar_texts(sidecar.title, sidecar.summary), *seen]
    yield from texts.untranslated(seen)


def _of_query(project: Project, name: str, parsed: code.Code, seen: list[texts.Text]) -> Iterator[Remark]:
    """What holds of an ad-hoc query: it is of one country, and brings the translations of its texts along."""
    try:
        query = read_query(project, name)
    except WorkbenchError as error:
        yield _not_declared(error)
    else:
        yield from parameters(parsed, query.sidecar)
        yield from texts.untranslated_of_query(seen, query)


def _not_declared(error: WorkbenchError) -> Remark:
    return Remark("sidecar", "", 0, str(error).replace("\n", ";"))


def _parsed(path: Path, cells: list[Cell]) -> code.Code:
    found: list[tuple[str, ast.Module]] = []
    parameters = None
    for position, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            found.append((called(position, cell), parsed_code(path, cell)))
            if code.TAG in cell.get("metadata", {}).get("tags", []):
                parameters = called(position, cell)
    return code.Code(tuple(found), parameters)
