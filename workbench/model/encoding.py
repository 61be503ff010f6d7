"""Frozen dataclasses as JSON, and back: what leaves a kernel and is read elsewhere.

Each object says its type by name; only the types that the reader names are made again. Results stand in a list of their
own, once each, and are referred to by their place in it.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from workbench.model.errors import WorkbenchError
from workbench.model.types import NUMBER_COLUMNS, RESULT_COLUMNS, Result

_TYPE, _RESULT, _MAPPING = "type", "result", "mapping"
_UNBOUNDED = "∞"


class UnknownDescription(WorkbenchError):
    """A description that this version does not know: another one wrote it."""


def encoded(described: object) -> dict[str, Any]:
    """An object as JSON can hold it: ``results``, the rows of all results in it, and ``described``, which refers to them.

    Raises
    ------
    TypeError
        If something in it is neither a dataclass, a mapping or sequence of such, nor text, number, truth or nothing.
    """
    places: dict[str, int] = {}
    rows: list[list] = []
    return {"described": _encoded(described, places, rows), "results": rows}


def decoded(said: Mapping[str, Any], types: Mapping[str, type]) -> Any:
    """Read an object back; sequences come back as tuples.

    Parameters
    ----------
    said : mapping
        From `encoded`.
    types : mapping
        The dataclasses that may occur, by name.

    Raises
    ------
    UnknownDescription
        If it names another type, or fields that its type does not have.
    """
    try:
        results = [result_of(row) for row in said["results"]]
        return _decoded(said["described"], types, results)
    except (KeyError, TypeError, IndexError, ValueError, AttributeError) as error:
        raise UnknownDescription(
            "a description cannot be read: another version of the workbench wrote it, or it was changed",
            found=f"{type(error).__name__}: {error}",
            hint="make the study again",
        ) from None


def row_of(result: Result) -> list[str | float | None]:
    """A result as a row that JSON can hold: a missing number is null, an infinite one a sign."""
    return [_plain(getattr(result, column)) for column in RESULT_COLUMNS]


def result_of(row: Iterable[str | float | None]) -> Result:
    """A result from its row."""
    parts: dict[str, Any] = dict(zip(RESULT_COLUMNS, row, strict=True))
    return Result(**parts | {column: _number.get(parts[column], parts[column]) for column in NUMBER_COLUMNS})


_number: dict[Any, float] = {None: math.nan, _UNBOUNDED: math.inf, f"-{_UNBOUNDED}": -math.inf}


def _plain(part: str | float) -> str | float | None:
    if isinstance(part, str) or math.isfinite(part):
        # numpy's numbers are not JSON's.
        return part if isinstance(part, str) else float(part)
    return None if math.isnan(part) else _UNBOUNDED if part > 0 else f"-{_UNBOUNDED}"


def _encoded(value: object, places: dict[str, int], rows: list[list]) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Result):
        row = row_of(value)
        # Written out, zero is another number than minus zero.
        place = places.setdefault(repr(row), len(rows))
        if place == len(rows):
            rows.append(row)
        return {_RESULT: place}
    if isinstance(value, Mapping):
        # Pairs, whose order nothing changes.
        return {_MAPPING: [[name, _encoded(part, places, rows)] for name, part in value.items()]}
    if is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: _encoded(getattr(value, one.name), places, rows) for one in fields(value)}
        return {_TYPE: type(value).__name__, **parts}
    if isinstance(value, list | tuple):
        return [_encoded(part, places, rows) for part in value]
    raise TypeError(f"{value!r} cannot be described")


def _decoded(said: Any, types: Mapping[str, type], results: list[Result]) -> Any:
    if isinstance(said, list):
        return tuple([_decoded(part, types, results) for part in said])
    if not isinstance(said, dict):
        return said
    if _RESULT in said and len(said) == 1:
        return results[said[_RESULT]]
    if _MAPPING in said and len(said) == 1:
        return {name: _decoded(part, types, results) for name, part in said[_MAPPING]}
    parts = {name: _decoded(part, types, results) for name, part in said.items() if name != _TYPE}
    return types[said[_TYPE]](**parts)
