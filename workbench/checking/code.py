"""The code of a notebook, parsed; and rules on it: what it imports of the package, that it is of any country."""

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from workbench.checking.remarks import Remark
from workbench.declarations.codelists import code_list, reporting_countries

TAG = "parameters"
_PACKAGE, STUDY = "workbench", "workbench.study"
_BUILT_IN = frozenset(dir(builtins))
_REPORTERS_UNTIL = 2019


@dataclass(frozen=True)
class Code:
    """The code cells of a notebook, parsed: name and module, and which of them holds the parameters.

    Attributes
    ----------
    cells : tuple of (str, ast.Module)
        The cells in their order.
    parameters : str or None
        The name of the cell with the tag ``parameters``.
    """

    cells: tuple[tuple[str, ast.Module], ...]
    parameters: str | None

    @cached_property
    def imported(self) -> Mapping[str, str]:
        """Each name that an import gives, with what it stands for: ``np`` for ``numpy``."""
        found = {}
        for _, node in self.imports:
            for alias in node.names:
                if isinstance(node, ast.ImportFrom):
                    found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                elif alias.asname:
                    found[alias.asname] = alias.name
                else:
                    first = alias.name.partition(".")[0]
                    found[first] = first
        return found

    @cached_property
    def nodes(self) -> list[tuple[str, ast.AST]]:
        """All nodes of its cells, each with the name of its cell."""
        return [(name, node) for name, module in self.cells for node in ast.walk(module)]

    @property
    def imports(self) -> Iterator[tuple[str, ast.Import | ast.ImportFrom]]:
        """Its imports, likewise."""
        return ((name, node) for name, node in self.nodes if isinstance(node, ast.Import | ast.ImportFrom))

    @property
    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Its calls, likewise."""
        return ((name, node) for name, node in self.nodes if isinstance(node, ast.Call))

    @property
    def named(self) -> Iterator[tuple[str, ast.expr, str, ast.Call | None]]:
        """What is named of other modules, and of Python itself: its cell, where, in full, and the call if it is called."""
        calls = {id(node.func): node for _, node in self.calls}
        within = {id(node.value) for _, node in self.nodes if isinstance(node, ast.Attribute)}
        for cell, node in self.nodes:
            if isinstance(node, ast.Attribute | ast.Name) and id(node) not in within:
                name = self.stands_for(node)
                first = node_at_root(node)
                if first in self.imported or (name == first and first in _BUILT_IN and first not in self.assigned):
                    yield cell, node, name, calls.get(id(node))

    @cached_property
    def assigned(self) -> frozenset[str]:
        """The names that its cells give to something themselves."""
        named = {node.id for _, node in self.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        return frozenset(named | {node.name for _, node in self.nodes if isinstance(node, ast.FunctionDef)})

    def stands_for(self, node: ast.expr) -> str:
        """What is called, in full: ``numpy.random.rand``; empty if that is no name."""
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.imported.get(node.id, node.id), *reversed(parts)])


def imports(code: Code) -> Iterator[Remark]:
    """A notebook imports the study, and of the package nothing else."""
    own = set()
    for cell, node in code.imports:
        for module in modules(node):
            if module == _PACKAGE or module.startswith(f"{_PACKAGE}."):
                own.add(module)
                if module != STUDY and not module.startswith(f"{STUDY}."):
                    yield at("imports", cell, node, f"{module} is not for notebooks: import from {STUDY}")
    if not own:
        yield Remark("imports", "", 0, f"nothing is imported from {STUDY}: without it, there is no study")


def countries(code: Code) -> Iterator[Remark]:
    """No notebook names a country that reports: what is true of one alone is declared for it."""
    codes = set(reporting_countries(_REPORTERS_UNTIL))
    labels = {code_list("geo").label(one) for one in codes}
    hint = "what is true of one country goes into params/countries.yaml"
    for cell, node in code.nodes:
        if cell == code.parameters:
            continue
        for value in _compared_or_given(node):
            if value.value in codes:
                yield at("country", cell, value, f"the notebook is of any country, and names {value.value!r}: {hint}")
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if named := min((label for label in labels if label in text), key=text.index, default=""):
            yield at("country", cell, node, f"the notebook is of any country, and names {named}: {hint}")


def node_at_root(node: ast.expr) -> str:
    """The name that a chain of attributes begins with; empty if it begins with anything else."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The modules that an import names."""
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]


def _compared_or_given(node: ast.AST) -> Iterator[ast.Constant]:
    """The texts that stand for a place: what ``geo`` is, or is compared with, and what the country is compared with."""
    candidates: list[ast.expr] = []
    if isinstance(node, ast.keyword) and node.arg == "geo":
        candidates = list(node.value.elts) if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
    elif isinstance(node, ast.Compare) and "country" in ast.unparse(node.left):
        candidates = [part for one in node.comparators for part in getattr(one, "elts", [one])]
    yield from (one for one in candidates if isinstance(one, ast.Constant))


def at(rule: str, cell: str, node: ast.AST, what: str) -> Remark:
    """A remark on a piece of code."""
    return Remark(rule, cell, getattr(node, "lineno", 0), what)
