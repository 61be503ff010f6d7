"""Rules on sentences: each that is made is shown."""

import ast
from collections.abc import Iterator

from workbench.checking.code import Code, at
from workbench.checking.remarks import Remark

_SAYING = frozenset({"say", "say_plural", "say_change", "say_largest"})


def sentences(code: Code) -> Iterator[Remark]:
    """A sentence that stands alone is on no page, though Jupyter shows it below the cell."""
    for cell, module in code.cells:
        for statement in module.body:
            if isinstance(statement, ast.Expr) and (said := _said(statement.value)):
                yield at("sentences", cell, statement, f"no page shows what {said}(…) says: study.text({said}(…))")


def _said(node: ast.expr) -> str:
    """What makes a sentence, if nothing else is done with it: ``say``, or ``study.say_change``; empty if it is anything else."""
    if isinstance(node, ast.IfExp):
        return _said(node.body) or _said(node.orelse)
    if not isinstance(node, ast.Call):
        return ""
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    return ast.unparse(node.func) if name in _SAYING else ""
