"""What can be mended without knowing what a study says: what running left behind, and names of cells."""

import json
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from workbench.checking.as_saved import is_named
from workbench.declarations.notebooks import read_notebook
from workbench.model.paths import write_whole

_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_KEPT = ("tags", "jupyter")
_EXHIBIT = re.compile(r"\.(?:own_)?(?:figure|table)\(\s*[\"']([\w-]+)[\"']")
_METHOD = re.compile(r"^study\.(\w+)\(", re.MULTILINE)
_ASSIGNED = re.compile(r"^(?:def )?([a-z]\w*)(?: =|\()", re.MULTILINE)
_LONGEST = 40


def mend(path: Path) -> bool:
    """Mend a notebook where it stands.

    Returns
    -------
    bool
        Whether anything changed.

    Raises
    ------
    RefusedRun
        If it is not a notebook.
    """
    read_notebook(path)
    before = path.read_text(encoding="utf-8")
    notebook = json.loads(before)
    clean(notebook)
    name_cells(notebook["cells"])
    after = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if after != before:
        write_whole(path, after)
    return after != before


def clean(notebook: dict[str, Any]) -> None:
    """Take out of a notebook what running it put there, and what one machine says of itself."""
    for cell in notebook["cells"]:
        cell["metadata"] = {name: value for name, value in cell.get("metadata", {}).items() if name in _KEPT}
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    notebook["metadata"] = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}


def name_cells(cells: list[dict[str, Any]]) -> None:
    """Name each cell that has none, a random one, or that of a cell before it, by what it holds."""
    taken: set[str] = {cell["id"] for cell in cells if is_named(cell)}
    seen: set[str] = set()
    for cell in cells:
        if not is_named(cell) or cell["id"] in seen:
            cell["id"] = _free(_by_content(cell), taken)
            taken.add(cell["id"])
        seen.add(cell["id"])


def _by_content(cell: dict[str, Any]) -> str:
    """A name for what a cell holds: the figure it shows, the heading it is, the first thing it defines."""
    source = "".join(cell["source"])
    if cell["cell_type"] != "code":
        first = source.strip().splitlines()[0] if source.strip() else "text"
        return _slug(first) + ("-heading" if first.startswith("#") else "")
    for pattern in (_EXHIBIT, _METHOD, _ASSIGNED):
        if found := pattern.search(source):
            return _slug(found[1])
    return "cell"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:_LONGEST].strip("-") or "cell"


def _free(name: str, taken: Iterable[str]) -> str:
    numbered = (f"{name}-{number}" if number > 1 else name for number in range(1, len(list(taken)) + 2))
    return next(free for free in numbered if free not in taken)
