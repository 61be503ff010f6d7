"""The code of a notebook, run in this process without a kernel: a hundred runs in the time of ten."""

import ast
import json
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import CodeType

from nbformat import NotebookNode, from_dict

from both_languages import EN, text_of
from conftest import ROOT
from workbench.execution.recorded import Recorded
from workbench.model.record import BLOCK_TYPE, Record
from workbench.model.types import Result
from workbench.presentation.wording import Wording
from workbench.study.shown import Shown


@cache
def code_of(study: str) -> tuple[tuple[str, CodeType, CodeType | None], ...]:
    """The code cells of a notebook, compiled: name, statements, and the expression at the end, which is shown."""
    notebook = json.loads((ROOT / "notebooks" / f"{study}.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return tuple((cell["id"], *_compiled(f"{study}:{cell['id']}", "".join(cell["source"]))) for cell in cells)


def _compiled(name: str, source: str) -> tuple[CodeType, CodeType | None]:
    *statements, last = ast.parse(source).body
    if not isinstance(last, ast.Expr):
        return compile(ast.Module([*statements, last], []), name, "exec"), None
    shown = compile(ast.Expression(last.value), name, "eval")
    return compile(ast.Module(statements, []), name, "exec"), shown


@dataclass(frozen=True)
class Executed:
    """What the code of a notebook left behind.

    Attributes
    ----------
    names : dict
        What it has defined.
    shown : dict
        Name of a cell to what it shows.
    """

    names: dict
    shown: dict[str, Shown]

    @cached_property
    def record(self) -> Record:
        """What it read and published, as it stands in the notebook."""
        (carried,) = (shown.record for shown in self.shown.values() if shown.record)
        return Record.from_json(json.loads(json.dumps(carried.as_json())))

    @cached_property
    def recorded(self) -> Recorded:
        """The executed notebook, as all that is made from it sees it: read from JSON."""
        cells = [{"id": name, "outputs": [_output(shown)]} for name, shown in self.shown.items()]
        return Recorded(NotebookNode(cells=from_dict(json.loads(json.dumps(cells)))), self.record)

    def findings(self, wording: Wording = EN) -> list[str]:
        """The key findings as a reader sees them."""
        return [text_of(finding, wording) for finding in self.record.findings]

    def titles(self, wording: Wording = EN) -> list[str]:
        """What stands above each figure and table."""
        return [text_of(exhibit.title, wording) for exhibit in self.recorded.exhibits]

    def said(self, wording: Wording = EN) -> list[str]:
        """Every sentence that states a number."""
        return [text_of(statement.sentence, wording) for statement in self.recorded.statements]

    def exhibits(self) -> dict[str, tuple[Result, ...]]:
        """The results that each figure and table shows."""
        return {exhibit.id: exhibit.results for exhibit in self.recorded.exhibits}

    def html(self, wording: Wording = EN) -> str:
        """Every block, one below the other."""
        return "\n".join(block.html(wording) for block in self.recorded.shown.values())


def _output(shown: Shown) -> dict:
    return {"output_type": "execute_result", "metadata": {}, "data": {BLOCK_TYPE: shown.description}}


def executed(study: str, country: str, year: int, language: str = "en") -> Executed:
    """Run the code of a notebook, once for all tests of a worker that look at it."""
    return _executed(study, country, year, language, Path.cwd())


@lru_cache(maxsize=64)  # more than the runs of one study; each holds tens of megabytes
def _executed(study: str, country: str, year: int, language: str, _folder: Path) -> Executed:
    return executed_anew(study, country, year, language)


def executed_anew(study: str, country: str, year: int, language: str = "en") -> Executed:
    """Run the code of a notebook, whoever has run it before."""
    (_, parameters, _), *cells = code_of(study)
    names: dict = {}
    exec(parameters, names)  # noqa: S102 – the notebook is our own
    names |= {"country": country, "year": year, "language": language}
    shown = {}
    for name, statements, last in cells:
        exec(statements, names)  # noqa: S102
        value = last and eval(last, names)
        if value is not None:
            shown[name] = value
    return Executed(names, shown)


def names_after(study: str, country: str, year: int, language: str = "en") -> dict:
    """The names that the code of a notebook leaves behind."""
    return executed(study, country, year, language).names
