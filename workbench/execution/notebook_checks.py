"""Checks that a notebook belongs to its run: as written, before any cell runs, and by the record that it leaves."""

import ast
import symtable
from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.declarations.notebooks import parsed_code, read_notebook
from workbench.execution.markdown_pictures import check_pictures
from workbench.model.errors import FailedRun, RefusedRun
from workbench.model.paths import Project
from workbench.model.record import Record
from workbench.model.types import Run
from workbench.presentation.markdown import translated_markdown
from workbench.presentation.wording import SOURCE_LANGUAGE, translations

_NOTHING_RAN = "nothing was run and nothing was written"
_TAG = "parameters"
_INJECTED = "injected-parameters"


def check_written(project: Project, run: Run, languages: Iterable[str] = (SOURCE_LANGUAGE,)) -> None:
    """Check the notebook of a run before any of its cells runs.

    Parameters
    ----------
    project, run
        What to check.
    languages : iterable of str
        In which its Markdown will be shown.

    Raises
    ------
    RefusedRun
        If it is not a notebook, takes no parameters, sets one of them again, or has a cell without a name of its own, or
        a cell or picture that a page cannot show.
    UnboundNumber
        If a number is typed in a Markdown cell.
    """
    path = project.notebook(run.study)
    cells = read_notebook(path)["cells"]
    _check_names(run, path, cells)
    for cell in cells:
        where = f"{path.name}, cell {cell.get('id')}"
        if cell["cell_type"] == "markdown":
            for language in languages:
                shown = translated_markdown(translations(language), cell["source"])
                check_pictures(shown, cell.get("attachments", {}), where)
        elif cell["cell_type"] != "code":
            raise RefusedRun(
                f"{run}: a {cell['cell_type']} cell does not belong in a study",
                where=where,
                expected="cells of code, whose blocks are checked, and of Markdown",
                unchanged=_NOTHING_RAN,
                hint="make it a Markdown cell, or remove it",
            )
    _check_parameters(run, path, cells)


def _check_names(run: Run, path: Path, cells: list[dict]) -> None:
    """By its name, a cell as it is written finds what it showed when it was executed."""
    names = [cell.get("id") for cell in cells]
    for number, name in enumerate(names, start=1):
        if not name or names.index(name) != number - 1:
            raise RefusedRun(
                f"{run}: a cell has no name of its own",
                where=f"{path.name}, cell number {number}",
                expected="a cell id that no other cell of the notebook has",
                found=f"{name}, as cell number {names.index(name) + 1}" if name else "none",
                unchanged=_NOTHING_RAN,
                hint="give it another id, in the JSON of the notebook" if name else "save the notebook in JupyterLab",
            )


def _check_parameters(run: Run, path: Path, cells: list[dict]) -> None:
    given = {"country", "year", "language", *run.parameters}
    code = [(cell, parsed_code(path, cell)) for cell in cells if cell["cell_type"] == "code"]
    if (begin := _parameters_position([cell for cell, _ in code])) is None:
        own = [
            f"cell {cell.get('id')} sets {_statements(parsed, names)}" for cell, parsed, names in _setting(code, given)
        ]
        raise RefusedRun(
            f"{run}: the notebook would not show this run, for it takes no parameters",
            where=path.name,
            expected=f"a cell with the tag {_TAG} that sets {_listed(given)}",
            found=f"no cell with that tag; {'; '.join(own)}" if own else "no cell with that tag",
            unchanged=_NOTHING_RAN,
            hint=f"give that cell the tag {_TAG}: in JupyterLab in the property inspector on the right",
        )
    for cell, parsed, names in _setting(code[begin + 1 :], given):
        raise RefusedRun(
            f"{run}: the notebook would not show this run, for it sets {_listed(names)} again",
            where=f"{path.name}, cell {cell.get('id')}",
            expected=f"nothing below the cell with the tag {_TAG} that sets {_listed(names)}",
            found=_statements(parsed, names),
            unchanged=_NOTHING_RAN,
            hint="remove that line, or rename what it sets",
        )


def _parameters_position(code: list[dict]) -> int | None:
    """The position of the cell that sets the parameters of a run, as papermill finds it."""
    tags = [cell.get("metadata", {}).get("tags", []) for cell in code]
    for tag in (_INJECTED, _TAG):
        if found := [position for position, of_cell in enumerate(tags) if tag in of_cell]:
            return found[0]
    return None


def _setting(code: list[tuple[dict, ast.Module]], given: set[str]) -> Iterator[tuple[dict, ast.Module, set[str]]]:
    """The cells that set some of the given names at top level, with these names."""
    for cell, parsed in code:
        table = symtable.symtable(ast.unparse(parsed), str(cell.get("id")), "exec")
        names = {symbol.get_name() for symbol in table.get_symbols() if _is_set(symbol)}
        if names & given:
            yield cell, parsed, names & given


def _is_set(symbol: symtable.Symbol) -> bool:
    # A name that a comprehension sets by := is declared global there.
    return symbol.is_assigned() or symbol.is_imported() or symbol.is_declared_global()


def _statements(parsed: ast.Module, names: set[str]) -> str:
    """The lines of code that set some of the names."""
    code = ast.unparse(parsed)
    setting = (
        node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    lines = dict.fromkeys(code.splitlines()[node.lineno - 1].strip() for node in setting if node.id in names)
    return "; ".join(lines) or _listed(names)


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))


def check_record(run: Run, record: Record, notebook: str) -> None:
    """Check that a record belongs to its run.

    Raises
    ------
    FailedRun
        If not, with what differs.
    """
    asked = {"study": run.study, "country": run.country, "year": run.year, **run.parameters}
    found = {"study": record.study, "country": record.country, "year": record.year}
    found |= dict(record.parameters)
    differing = [name for name in asked if _plain(asked[name]) != _plain(found.get(name))]
    if differing:
        other = f"{record.study} {record.country} {record.year}"
        raise FailedRun(
            f"the notebook shows {other}, the run is {run}",
            where=f"{notebook}, {_listed(set(differing))}",
            expected="; ".join(f"{name} {_text(asked[name])}" for name in differing),
            found="; ".join(f"{name} {_text(found.get(name))}" for name in differing),
            unchanged="the files in outputs/ for this run; nothing of this run was written",
            hint="pass each parameter on unchanged: "
            f'Study.open("{run.study}", country=country, year=year, language=language, …)',
        )


def _plain(value: object) -> object:
    """A value as JSON has it, in which a tuple is a list."""
    return list(value) if isinstance(value, tuple) else value


def _text(value: object) -> str:
    return ", ".join(value) if isinstance(value, list | tuple) else str(value)
