"""Imports that take long: made shorter, or made before they are needed."""

import ast
import contextlib
import gc
import importlib.util
import json
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

_COLLECT_AFTER = 100_000
"""So many new objects."""

_PACKAGE = __name__.partition(".")[0]
_LIBRARIES = tuple(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))


def leave_out_unused() -> None:
    """Have libraries do without what takes them long and nothing here uses.

    jsonschema, which nbformat imports, builds a grammar of international addresses when it is imported, which takes seconds,
    and does without it where it is not installed; no schema of a notebook needs it.
    """
    # The language reference has None for "not importable".
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


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


def import_all(modules: Iterable[str]) -> None:
    """Import some modules, for all kernels that are forked from here on."""
    lacking = [name for name in modules if name not in sys.modules]
    if not lacking:
        return
    with gc_paused():
        for name in lacking:
            # Whatever is wrong with it, the notebook that imports it will get the error.
            with contextlib.suppress(Exception):
                importlib.import_module(name)


def imported_by(notebook: Path) -> tuple[str, ...]:
    """The modules that a notebook imports, as `imported_in` has them; none of one that cannot be read."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return imported_in(json.loads(notebook.read_text(encoding="utf-8"))["cells"])
    return ()


def imported_in(cells: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The modules that cells of code import, in alphabetical order: those of installed libraries and of the package. A cell
    that is not plain Python is passed over."""
    sources = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return tuple(sorted(filter(_may_be_imported_before, {name for source in sources for name in _named_by(source)})))


def _named_by(source: str) -> set[str]:
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return set()
    plain = {alias.name for one in statements if isinstance(one, ast.Import) for alias in one.names}
    return plain | {one.module for one in statements if isinstance(one, ast.ImportFrom) and one.module}


def _may_be_imported_before(module: str) -> bool:
    """Whether it belongs to a library, or to the package, which a fork server imports anew where it was edited; a module
    beside the notebooks may be edited while the server lives."""
    package = module.partition(".")[0]
    found = importlib.util.find_spec(package)
    return package == _PACKAGE or bool(found and found.origin and found.origin.startswith(_LIBRARIES))
