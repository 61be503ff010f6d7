"""Rules on what differs from one run to the next: nothing is random without a seed, and nothing asks for the time."""

import ast
from collections.abc import Iterator

from workbench.checking.code import Code, at
from workbench.checking.remarks import Remark

_CLOCKS = frozenset(
    {
        "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow", "datetime.date.today",
        "pandas.Timestamp.now", "pandas.Timestamp.today", "pandas.Timestamp.utcnow",
    }
)  # fmt: skip
_OF_CLOCKS = "time."
_DAYS = frozenset({"pandas.to_datetime", "pandas.Timestamp", "numpy.datetime64"})
_NOW = frozenset({"now", "today"})

_RANDOM = ("random.", "numpy.random.", "secrets.", "uuid.")
_TYPES = frozenset({"numpy.random.Generator", "numpy.random.BitGenerator"})
_SEEDED = frozenset(
    {"random.Random"}
    | {
        f"numpy.random.{name}"
        for name in (
            "default_rng",
            "Generator",
            "RandomState",
            "SeedSequence",
            "PCG64",
            "PCG64DXSM",
            "Philox",
            "MT19937",
            "SFC64",
        )
    }
)
_RESAMPLED = frozenset(f"scipy.stats.{name}" for name in ("bootstrap", "permutation_test", "monte_carlo_test"))
_DRAWN = frozenset({"sample", "rvs"})
_SEEDS = frozenset({"random_state", "rng"})

_OF_SEABORN = {
    **{f"seaborn.{name}": "bars" for name in ("barplot", "lineplot", "pointplot", "objects.Est")},
    **{f"seaborn.{name}": "fit" for name in ("regplot", "lmplot")},
    "seaborn.stripplot": "points",
    "seaborn.objects.Jitter": "jitter",
}
_OF_KINDS = {"bar": "bars", "point": "bars", "line": "bars", "reg": "fit", "strip": "points"}
_UNSAID_KIND = {
    "seaborn.catplot": "strip",
    "seaborn.relplot": "scatter",
    "seaborn.jointplot": "",
    "seaborn.pairplot": "",
}
"""What draws any of several kinds, and the one that it draws where none is said."""


def randomness(code: Code) -> Iterator[Remark]:
    """The same inputs give the same bytes."""
    for cell, node, name, call in code.named:
        if _asks_the_clock(name, call):
            yield at("clock", cell, node, f"{name} asks the clock: a study of a year is the same on any day")
        elif name.startswith(_RANDOM) and name not in _TYPES and not (name in _SEEDED and call and _has_seed(call)):
            yield at("random", cell, node, f"{name} is random without a seed: take a generator with study.seed(…)")
        elif name in _RESAMPLED and call and not _SEEDS & _given(call).keys():
            yield at("random", cell, node, f"{name} is random without a seed: random_state=study.seed(…)")
        elif name == "hash":
            yield at(
                "random", cell, node, "hash of a text differs from one process to the next: sort, or compare, the text"
            )
        elif call and (what := _drawn_at_random(name, _given(call))):
            yield at("random", cell, node, f"{name} {what}")
    for cell, call in code.calls:
        drawn = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if drawn in _DRAWN and not _SEEDS & _given(call).keys() and not code.stands_for(call.func).startswith(_RANDOM):
            yield at("random", cell, call, f".{drawn} is random without a seed: random_state=study.seed(…)")


def _given(call: ast.Call) -> dict[str, ast.expr]:
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def _asks_the_clock(name: str, call: ast.Call | None) -> bool:
    if name in _CLOCKS or name.startswith(_OF_CLOCKS):
        return True
    first = call.args[0] if call and call.args else None
    return name in _DAYS and isinstance(first, ast.Constant) and first.value in _NOW


def _has_seed(call: ast.Call) -> bool:
    given = [*call.args, *_given(call).values()]
    return any(not _is_none(value) for value in given)


def _is_none(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _drawn_at_random(name: str, given: dict[str, ast.expr]) -> str:
    """What seaborn draws at random, and what to do; empty where nothing is, or a variable says whether."""
    match _seaborn_draws(name, given):
        case "bars" if "seed" not in given and _is_interval(given.get("errorbar")):
            return "draws its error bars at random: seed=study.seed(…), or errorbar=None"
        case "fit" if "seed" not in given and not _is_none(given.get("ci")):
            return "draws its error band at random: seed=study.seed(…), or ci=None"
        case "points" if not (isinstance(said := given.get("jitter"), ast.Constant) and not said.value):
            return "scatters its points at random: jitter=False"
        case "jitter" if "seed" not in given:
            return "scatters its points at random: seed=study.seed(…)"
    return ""


def _seaborn_draws(name: str, given: dict[str, ast.expr]) -> str:
    if name not in _UNSAID_KIND:
        return _OF_SEABORN.get(name, "")
    kind = given.get("kind", ast.Constant(_UNSAID_KIND[name]))
    return _OF_KINDS.get(str(kind.value), "") if isinstance(kind, ast.Constant) else ""


def _is_interval(errorbar: ast.expr | None) -> bool:
    """Whether error bars are drawn by resampling: those of the mean's interval, which seaborn draws where none are said."""
    if errorbar is None:
        return True
    named = errorbar.elts[0] if isinstance(errorbar, ast.Tuple) and errorbar.elts else errorbar
    return isinstance(named, ast.Constant) and named.value == "ci"
