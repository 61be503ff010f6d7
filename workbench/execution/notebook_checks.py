"""What is published is what was asked: a notebook as it is written, before any cell runs, and the record that it leaves."""

import ast
import symtable
from collections.abc import Iterator
from pathlib import Path

from workbench.declarations.notebooks import parsed_code, read_notebook
from workbench.execution.markdown_pictures import check_pictures
from workbench.model.errors import FailedRun, RefusedRun
from workbench.model.paths import Project
from workbench.model.record import Record
from workbench.model.types import Run
from workbench.presentation.markdown import translated_markdown
from workbench.presentation.wording import translations

_NOTHING_RAN = "nothing was run and nothing was written"
_TAG = "parameters"
_INJECTED = "injected-parameters"


def check_written(project: Project, run: Run) -> None:
    """Check the notebook of a run before any of its cells runs.

    Raises
    ------
    RefusedRun
        If it is no notebook, would not take the run's parameters, sets one of them again, or holds a cell or a picture that
        no page can show.
    UnboundNumber
        If a Markdown cell types a figure.
    """
    path = project.notebook(run.study)
    cells = read_notebook(path)["cells"]
    for cell in cells:
        where = f"{path.name}, cell {cell.get('id')}"
        if cell["cell_type"] == "markdown":
            check_pictures(
                translated_markdown(translations(run.language), cell["source"]), cell.get("attachments", {}), where
            )
        elif cell["cell_type"] != "code":
            raise RefusedRun(
                f"{run}: a {cell['cell_type']} cell has no place in a study",
                where=where,
                expected="cells of code, whose blocks are checked, and of Markdown",
                unchanged=_NOTHING_RAN,
                hint="make it a Markdown cell, or take it out",
            )
    _check_parameters(run, path, cells)


def _check_parameters(run: Run, path: Path, cells: list[dict]) -> None:
    given = {"country", "year", "language", *run.parameters}
    code = [(cell, parsed_code(path, cell)) for cell in cells if cell["cell_type"] == "code"]
    if (begin := _where_given([cell for cell, _ in code])) is None:
        own = [
            f"cell {cell.get('id')} sets {_statements(parsed, names)}" for cell, parsed, names in _setting(code, given)
        ]
        raise RefusedRun(
            f"{run}: the notebook would not be of this run, for it takes no parameters",
            where=path.name,
            expected=f"a cell with the tag {_TAG} that sets {_listed(given)}",
            found=f"no cell with that tag; {'; '.join(own)}" if own else "no cell with that tag",
            unchanged=_NOTHING_RAN,
            hint=f"give that cell the tag {_TAG}: in JupyterLab in the property inspector, at the right",
        )
    for cell, parsed, names in _setting(code[begin + 1 :], given):
        raise RefusedRun(
            f"{run}: the notebook would not be of this run, for it sets {_listed(names)} again",
            where=f"{path.name}, cell {cell.get('id')}",
            expected=f"nothing below the cell with the tag {_TAG} that sets {_listed(names)}",
            found=_statements(parsed, names),
            unchanged=_NOTHING_RAN,
            hint="take that line out, or give what it sets another name",
        )


def _where_given(code: list[dict]) -> int | None:
    """Which cell the parameters of a run stand in, or after which one: as papermill has it."""
    tags = [cell.get("metadata", {}).get("tags", []) for cell in code]
    for tag in (_INJECTED, _TAG):
        if found := [position for position, of_cell in enumerate(tags) if tag in of_cell]:
            return found[0]
    return None


def _setting(code: list[tuple[dict, ast.Module]], given: set[str]) -> Iterator[tuple[dict, ast.Module, set[str]]]:
    """The cells that set some of the given names at their top level, with these names."""
    for cell, parsed in code:
        table = symtable.symtable(ast.unparse(parsed), str(cell.get("id")), "exec")
        names = {symbol.get_name() for symbol in table.get_symbols() if _is_set(symbol)}
        if names & given:
            yield cell, parsed, names & given


def _is_set(symbol: symtable.Symbol) -> bool:
    # What a comprehension sets by := is declared global there.
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
    """Check that a record is of its run.

    Raises
    ------
    FailedRun
        Naming what differs.
    """
    asked = {"study": run.study, "country": run.country, "year": run.year, "language": run.language, **run.parameters}
    found = {"study": record.study, "country": record.country, "year": record.year, "language": record.language}
    found |= record.parameters
    differing = [name for name in asked if _plain(asked[name]) != _plain(found.get(name))]
    if differing:
        of_notebook = f"{record.study} {record.country} {record.year} {record.language}"
        raise FailedRun(
            f"the notebook is of {of_notebook}, the run is of {run}",
            where=f"{notebook}, {_listed(set(differing))}",
            expected="; ".join(f"{name} {_said(asked[name])}" for name in differing),
            found="; ".join(f"{name} {_said(found.get(name))}" for name in differing),
            unchanged="the files in outputs/ for this run; nothing of this run was written",
            hint=f'give each parameter as it is: Study.open("{run.study}", country=country, year=year, language=language, …)',
        )


def _plain(value):
    return list(value) if isinstance(value, list | tuple) else value


def _said(value) -> str:
    return ", ".join(value) if isinstance(value, list | tuple) else str(value)
