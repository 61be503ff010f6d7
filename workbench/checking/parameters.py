"""Rules on parameters: each has a type, and a run can set it."""

import ast
from collections.abc import Iterator

from workbench.checking.code import STUDY, TAG, Code, at
from workbench.checking.remarks import Remark
from workbench.declarations.queries import TOPIC
from workbench.declarations.studies import (
    CountriesParameter,
    CountryParameter,
    LanguageParameter,
    Parameter,
    Sidecar,
    YearParameter,
)


def parameters(code: Code, sidecar: Sidecar) -> Iterator[Remark]:
    """The parameters cell sets what the sidecar types, and all of it is passed on to the study."""
    if code.parameters is None:
        yield Remark("parameters", "", 0, f"no cell has the tag {TAG}: it says what a run may set")
        return
    module = dict(code.cells)[code.parameters]
    values = {
        target.id: node
        for node in module.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for name, node in values.items():
        if name not in sidecar.parameters:
            yield at("parameters", code.parameters, node, f"{name} has no type: {_where_typed(sidecar)}")
        elif (wrong := _wrong_type(node, sidecar.parameters[name])) is not None:
            yield at("parameters", code.parameters, node, f"{name} must be {wrong}, as the sidecar declares it")
    for unset in sidecar.parameters.keys() - values.keys():
        yield Remark("parameters", code.parameters, 0, f"{unset} is declared in the sidecar, and no line here sets it")
    yield from _not_passed_on(code, sidecar)


def _where_typed(sidecar: Sidecar) -> str:
    if sidecar.topic == TOPIC:
        return f"a query has the parameters {', '.join(sidecar.parameters)}"
    return f"declare it under parameters in params/studies/{sidecar.study}.yaml"


def _not_passed_on(code: Code, sidecar: Sidecar) -> Iterator[Remark]:
    for cell, call in code.calls:
        if code.stands_for(call.func) == f"{STUDY}.Study.open":
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            for unset in sidecar.parameters.keys() - given.keys() if None not in given else ():
                yield at("parameters", cell, call, f"{unset} is not passed on to the study: {unset}={unset}")
            for name, value in given.items():
                if name in sidecar.parameters and not (isinstance(value, ast.Name) and value.id == name):
                    what = f"{name} is not passed on unchanged, so a run cannot set it: {name}={name}"
                    yield at("parameters", cell, value, what)


def _wrong_type(node: ast.Assign | ast.AnnAssign, declared: Parameter) -> str | None:
    """What a parameter must be, where the value that is typed is not that."""
    try:
        value = ast.literal_eval(node.value) if node.value else None
    except ValueError:
        return "written out: a number, a text in quotes or a list"
    match declared:
        case YearParameter():
            return None if isinstance(value, int) else "a year, without quotes"
        case CountryParameter():
            return None if isinstance(value, str) else "the code of a country, in quotes"
        case LanguageParameter():
            return None if isinstance(value, str) else "a language, in quotes"
        case CountriesParameter():
            return None if value is None or isinstance(value, list | tuple) else "a list of countries, or None"
