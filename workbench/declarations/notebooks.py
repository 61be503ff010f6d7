"""A notebook as it is written: read, or refused by file and line."""

import ast
import json
import re
from pathlib import Path
from typing import Any

from workbench.model.errors import RefusedRun

_MARK = re.compile(r"(<{7}|\|{7}|={7}|>{7})( .*)?")
_MARK_IN_CELL = re.compile(r"^(<{7}|>{7}) .*$", re.MULTILINE)


def read_notebook(path: Path) -> dict[str, Any]:
    """Read a notebook; the source of each cell becomes one text.

    Raises
    ------
    RefusedRun
        With the line, if the file is empty, truncated, not a notebook of format 4, or holds an unresolved merge conflict.
    """
    said = _parsed(path)
    cells = said.get("cells") if isinstance(said, dict) else None
    if not (isinstance(cells, list) and all(_is_cell(cell) for cell in cells) and said.get("nbformat") == 4):
        raise _refusal(
            path, "is not a notebook", "a notebook of format 4: its cells, each with its kind and its source"
        )
    for cell in cells:
        cell["source"] = "".join(cell["source"])
        if mark := _MARK_IN_CELL.search(cell["source"]):
            raise _conflict(path, f"{path.name}, cell {cell.get('id')}", mark.group())
    return said


def parsed_code(path: Path, cell: dict[str, Any]) -> ast.Module:
    """The code of a cell of a notebook, parsed; IPython's own notation (``%``, ``!``, ``?``) as the calls that it stands for.

    Raises
    ------
    RefusedRun
        With cell and line, if it is not code.
    """
    try:
        return ast.parse(cell["source"])
    except SyntaxError:
        # Imported here, because hardly any cell needs it.
        from IPython.core.inputtransformer2 import TransformerManager

        plain = TransformerManager().transform_cell(cell["source"])
    try:
        return ast.parse(plain)
    except SyntaxError as error:
        where = f"{path.name}, cell {cell.get('id')}, line {error.lineno}"
        raise _refusal(path, "has a cell that is not Python", "Python", error.msg, where, "correct the cell") from None


def _parsed(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _refusal(path, "is not a notebook", "text in UTF-8", found=str(error)) from None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        for number, line in enumerate(text.splitlines(), start=1):
            if _MARK.fullmatch(line):
                raise _conflict(path, f"{path.name}, line {number}", line) from None
        if not text.strip():
            raise _refusal(path, "is empty", "a notebook") from None
        where = f"{path.name}, line {error.lineno}, column {error.colno}"
        raise _refusal(path, "cannot be read completely", "a notebook, which is JSON", error.msg, where) from None
    except RecursionError:
        raise _refusal(
            path, "is not a notebook", "JSON with a few levels", found="more levels than can be read"
        ) from None


def _is_cell(cell: object) -> bool:
    if not (isinstance(cell, dict) and isinstance(cell.get("cell_type"), str)):
        return False
    source = cell.get("source")
    return isinstance(source, str) or (isinstance(source, list) and all(isinstance(line, str) for line in source))


def _conflict(path: Path, where: str, mark: str) -> RefusedRun:
    hint = "resolve the conflict: keep one of the two versions, and delete the conflict markers"
    return _refusal(path, "holds a merge conflict", "one version of each line", mark, where, hint)


def _refusal(
    path: Path,
    what: str,
    expected: str,
    found: str | None = None,
    where: str | None = None,
    hint: str = "restore the file: git checkout, or a copy",
) -> RefusedRun:
    return RefusedRun(
        f"the notebook {path.stem} {what}",
        where=where or path.name,
        expected=expected,
        found=found,
        unchanged="nothing was run and nothing was written",
        hint=hint,
    )
