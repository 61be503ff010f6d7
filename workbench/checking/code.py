"""Rules on the code of a notebook: what it imports and reads, that nothing in it is random, that it is of any country."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from workbench.checking.remarks import Remark
from workbench.declarations.codelists import code_list, reporting_countries

TAG = "parameters"
_PACKAGE, STUDY = "workbench", "workbench.study"
_AROUND = frozenset(
    {
        "os",
        "pathlib",
        "glob",
        "io",
        "shutil",
        "subprocess",
        "socket",
        "sqlite3",
        "urllib",
        "requests",
        "httpx",
        "pickle",
    }
)
_READERS = ("pandas.read_", "numpy.load", "numpy.genfromtxt", "numpy.fromfile")
_CLOCKS = frozenset(
    {
        "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow", "datetime.date.today",
        "pandas.Timestamp.now", "pandas.Timestamp.today", "pandas.to_datetime.today",
    }
)  # fmt: skip
_OF_CLOCKS = ("time.",)
_RANDOM = ("random.", "numpy.random.", "secrets.", "uuid.")
_SEEDED = frozenset(
    {"random.Random", "numpy.random.default_rng", "numpy.random.RandomState", "numpy.random.SeedSequence"}
)
_BOOTSTRAPPED = frozenset(
    f"seaborn.{name}" for name in ("barplot", "lineplot", "pointplot", "regplot", "lmplot", "relplot", "catplot")
)
_SCATTERED = "seaborn.stripplot"
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
        for module in _modules(node):
            if module == _PACKAGE or module.startswith(f"{_PACKAGE}."):
                own.add(module)
                if module != STUDY and not module.startswith(f"{STUDY}."):
                    yield at("imports", cell, node, f"{module} is not for notebooks: import from {STUDY}")
    if not own:
        yield Remark("imports", "", 0, f"nothing is imported from {STUDY}: without it, there is no study")


def files(code: Code) -> Iterator[Remark]:
    """What is read is read through the study, so that it is recorded and archived."""
    hint = "read it through the study, or import it as a dataset: what is read otherwise is in no archive"
    for cell, node in code.imports:
        for name in _modules(node):
            if name.partition(".")[0] in _AROUND:
                yield at("files", cell, node, f"{name} reaches around the workbench: {hint}")
    for cell, call in code.calls:
        name = code.stands_for(call.func)
        if name == "open" or name.startswith(_READERS):
            yield at("files", cell, call, f"{name} reads around the workbench: {hint}")


def randomness(code: Code) -> Iterator[Remark]:
    """The same inputs give the same bytes: nothing is random without a seed, and nothing asks for the time."""
    for cell, call in code.calls:
        name = code.stands_for(call.func)
        given = {keyword.arg for keyword in call.keywords}
        if name in _CLOCKS or name.startswith(_OF_CLOCKS):
            yield at("clock", cell, call, f"{name} asks the clock: a study of a year is the same on any day")
        elif name in _BOOTSTRAPPED and not given & {"seed", "errorbar"}:
            what = f"{name} draws its error bars at random: seed=study.seed(…), or errorbar=None"
            yield at("random", cell, call, what)
        elif name == _SCATTERED and "jitter" not in given:
            yield at("random", cell, call, f"{name} scatters its points at random: jitter=False")
        elif name.startswith(_RANDOM) and not (name in _SEEDED and (call.args or call.keywords)):
            yield at("random", cell, call, f"{name} is random without a seed: take a generator with study.seed(…)")
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "sample" and "random_state" not in given:
            yield at("random", cell, call, "a sample is random without a seed: random_state=study.seed(…)")


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
        if named := next((label for label in labels if label in text), ""):
            yield at("country", cell, node, f"the notebook is of any country, and names {named}: {hint}")


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
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
