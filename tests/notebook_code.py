"""The code of a notebook, run in this process without a kernel: a hundred runs in the time of ten."""

import json
from functools import cache

from conftest import ROOT


@cache
def code_of(study: str) -> tuple:
    """The code cells of a notebook, compiled."""
    notebook = json.loads((ROOT / "notebooks" / f"{study}.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return tuple(compile("".join(cell["source"]), f"{study}:{cell['id']}", "exec") for cell in cells)


def names_after(study: str, country: str, year: int, language: str = "en") -> dict:
    """The names that the code of a notebook leaves behind."""
    parameters, *cells = code_of(study)
    names: dict = {}
    exec(parameters, names)  # noqa: S102 – the notebook is our own
    names |= {"country": country, "year": year, "language": language}
    for cell in cells:
        exec(cell, names)  # noqa: S102
    return names
