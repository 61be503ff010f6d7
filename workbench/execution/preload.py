"""Imports that take long: made shorter, or made before they are needed."""

import ast
import contextlib
import gc
import importlib.util
import json
import sys
import sysconfig
from collections.abc import Iterator

from workbench.model.errors import WorkbenchError
from workbench.model.paths import find_project

_COLLECT_AFTER = 100_000
"""So many new objects."""

_GRAMMAR = "rfc3987_syntax"
_LIBRARIES = tuple(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))


def import_nbformat() -> None:
    """Import nbformat, and jsonschema with it, without the grammar of international addresses.

    jsonschema builds that grammar when it is imported, which takes a second, and does without it where it is not
    installed; no schema of a notebook needs it.
    """
    if "jsonschema" in sys.modules or _GRAMMAR in sys.modules:
        return
    sys.modules[_GRAMMAR] = None  # type: ignore[assignment]  # the language reference has None for "not importable"
    try:
        importlib.import_module("nbformat")
    finally:
        del sys.modules[_GRAMMAR]


@contextlib.contextmanager
def gc_paused() -> Iterator[None]:
    """Keep the garbage collector away from what is imported in here: now, for nearly all of it stays, and later, for a
    collection would copy the memory that forked processes share. Afterwards it comes seldom: what a run or a page makes is
    nearly all freed without it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(_COLLECT_AFTER)
        if was_enabled:
            gc.enable()


def import_libraries_of_notebooks() -> None:
    """Import the installed modules that the notebooks of the project import, where there is a project."""
    for name in sorted(_named_by_notebooks()):
        # Whatever is wrong with it, the notebook that imports it will get the error.
        with contextlib.suppress(Exception):
            if _is_installed(name):
                importlib.import_module(name)


def _named_by_notebooks() -> set[str]:
    try:
        notebooks = find_project().notebooks
    except WorkbenchError:
        return set()
    found: set[str] = set()
    for path in notebooks.glob("*.ipynb"):
        # A notebook that cannot be read and a cell that is not plain Python are passed over.
        with contextlib.suppress(OSError, ValueError, KeyError):
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                if cell["cell_type"] == "code":
                    found |= _named_by("".join(cell["source"]))
    return found


def _named_by(source: str) -> set[str]:
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return set()
    plain = {alias.name for one in statements if isinstance(one, ast.Import) for alias in one.names}
    return plain | {one.module for one in statements if isinstance(one, ast.ImportFrom) and one.module}


def _is_installed(module: str) -> bool:
    """Whether it belongs to a library: a module beside the notebooks may be edited while the fork server lives."""
    found = importlib.util.find_spec(module.partition(".")[0])
    return bool(found and found.origin and found.origin.startswith(_LIBRARIES))
