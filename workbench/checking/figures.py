"""Rules on what a notebook shows: captions, and words for those who do not see a figure."""

import ast
from collections.abc import Iterator, Mapping

from workbench.checking.code import Code, at, node_at_root
from workbench.checking.remarks import Remark

_DRAWN_BY = ("seaborn.", "matplotlib.")
_DRAWN_AS = frozenset({"plot", "hist", "boxplot"})
_BARE = ("'", '"', "f'", 'f"')
_FIGURE_OF = frozenset({"figure", "fig"})
_SHOWN = {
    "figure": ("title", "subtitle"),
    "table": ("title",),
    "own_figure": ("title", "alternative"),
    "own_table": ("title",),
}


def figures(code: Code) -> Iterator[Remark]:
    """Whatever is shown has a caption, and a figure of one's own says in words what is to be seen."""
    named = _names_of_figures(code)
    for cell, module in code.cells:
        last = module.body[-1] if module.body else None
        if isinstance(last, ast.Expr) and (drawn := _drawn(code, last.value, named)):
            what = f"{drawn} is shown without number, caption and alternative text: study.own_figure(name, drawn, …)"
            yield at("figures", cell, last, what)
    for cell, call in code.calls:
        kind = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if kind not in _SHOWN or code.stands_for(call.func) != f"study.{kind}":
            continue
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        for part in _SHOWN[kind]:
            if None not in given and (part not in given or _is_empty(given[part])):
                yield at("figures", cell, call, f"study.{kind} has no {part}: say it in a sentence, {part}=say(…)")
            elif given.get(part, "").startswith(_BARE):
                yield at("figures", cell, call, f"the {part} is no sentence, so it is not translated: {part}=say(…)")
        if given.get("alternative") and given["alternative"] == given.get("title"):
            what = "the alternative text repeats the title: say what is to be seen, for those who do not see it"
            yield at("figures", cell, call, what)


def _drawn(code: Code, shown: ast.expr, named: Mapping[str, str]) -> str:
    """What draws the value that a cell shows, if it is a figure of one's own, or a name that stands for one."""
    node = shown
    if isinstance(node, ast.Attribute) and node.attr in _FIGURE_OF:
        node = node.value
    if isinstance(node, ast.Name):
        return named.get(node.id, "")
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call):
            name = code.stands_for(node.func)
            if name.startswith(_DRAWN_BY):
                return name
            node = node.func
            if isinstance(node, ast.Attribute) and node.attr in _DRAWN_AS and not name.startswith("study."):
                return f".{node.attr}"
        elif isinstance(node.value, ast.Attribute) and node.value.attr == "plot" and node_at_root(node) != "study":
            return f".plot.{node.attr}"
        else:
            node = node.value
    return ""


def _names_of_figures(code: Code) -> dict[str, str]:
    """The names that figures are given, each with what drew it."""
    found: dict[str, str] = {}
    for _, node in code.nodes:
        if isinstance(node, ast.Assign) and (drawn := _drawn(code, node.value, {})):
            targets = [one for target in node.targets for one in getattr(target, "elts", [target])]
            found |= {one.id: drawn for one in targets if isinstance(one, ast.Name)}
    return found


def _is_empty(given: str) -> bool:
    return given in ("''", "None", "say('')", "study.say('')")
