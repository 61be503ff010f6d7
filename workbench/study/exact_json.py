"""Numbers, texts, arrays and dataclasses as JSON from which the very same can be made again: each bit of a number, each type.

What `workbench.model.encoding` tells of a page is read by anyone; this is read by the same code that wrote it.
"""

import importlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import numpy

_PLAIN = (type(None), bool, int, float, str)
_BITS = "biufcSUmM"
"""Kinds of arrays whose elements are bits; what an array of objects holds is told one by one."""


def encoded(value: object, known_as: Callable[[object], object] | None = None) -> Any:
    """A value as JSON.

    Parameters
    ----------
    value : object
        Nothing, truth, a number, text, an array of numpy, a member of an enumeration; tuples, lists, mappings and
        dataclasses of these. A subclass is another type.
    known_as : callable, optional
        What stands for a value of another type: made of the types above, or a TypeError.

    Raises
    ------
    TypeError
        If there is something of another type in it.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, numpy.generic):
        return {"number": encoded(numpy.asarray(value), known_as)}
    if isinstance(value, Enum):
        return {"member": _address(kind), "name": value.name}
    if kind is tuple:
        return [encoded(part, known_as) for part in value]  # type: ignore[attr-defined]
    if kind is list:
        return {"list": [encoded(part, known_as) for part in value]}  # type: ignore[attr-defined]
    if kind is dict:
        # Pairs: the order in which they are gone through may matter, and a key need not be text.
        return {"mapping": [[encoded(part, known_as) for part in pair] for pair in value.items()]}  # type: ignore[attr-defined]
    if kind is numpy.ndarray:
        return _encoded_array(value, known_as)  # type: ignore[arg-type]
    if is_dataclass(value) and not isinstance(value, type):
        parts = [[one.name, encoded(getattr(value, one.name), known_as)] for one in fields(value)]
        return {"dataclass": _address(kind), "fields": parts}
    if known_as:
        return encoded(known_as(value), known_as)
    raise TypeError(f"{kind.__module__}.{kind.__qualname__} cannot be kept: {value!r:.80}")


def _encoded_array(array: numpy.ndarray, known_as: Callable[[object], object] | None) -> dict:
    # A sum may add in another order where numbers lie in memory in another one.
    about = {"array": array.dtype.str, "shape": list(array.shape), "strides": list(array.strides)}
    if array.dtype.kind in _BITS:
        return {**about, "bits": b64encode(array.tobytes()).decode()}
    if array.dtype.kind == "O":
        return {**about, "items": [encoded(part, known_as) for part in array.ravel().tolist()]}
    raise TypeError(f"an array of {array.dtype} cannot be kept")


def decoded(said: Any, rooms: Iterable[str]) -> Any:
    """The value that `encoded` told of; its arrays lie in memory row by row.

    Parameters
    ----------
    said : object
        From `encoded`, by way of JSON.
    rooms : iterable of str
        The packages whose dataclasses and enumerations may be made.

    Raises
    ------
    ValueError, TypeError, KeyError, AttributeError, ImportError
        If it tells of none.
    """
    allowed = tuple(f"{room}." for room in rooms)

    def made(said: Any) -> Any:
        if isinstance(said, list):
            return tuple([made(part) for part in said])
        if not isinstance(said, dict):
            return said
        match said:
            case {"number": array}:
                return made(array)[()]
            case {"member": address, "name": name}:
                return _type_at(address, allowed)[name]
            case {"list": parts}:
                return [made(part) for part in parts]
            case {"mapping": pairs}:
                return {made(key): made(value) for key, value in pairs}
            case {"array": kind, "shape": shape, "bits": bits}:
                return numpy.frombuffer(b64decode(bits, validate=True), kind).reshape(shape).copy()
            case {"array": _, "shape": shape, "items": items}:
                flat = numpy.empty(len(items), dtype=object)
                for place, item in enumerate(items):
                    flat[place] = made(item)
                return flat.reshape(shape)
            case {"dataclass": address, "fields": parts}:
                return _type_at(address, allowed)(**{name: made(part) for name, part in parts})
        raise ValueError(f"no value is told of by {sorted(said)}")

    return made(said)


def _address(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _type_at(address: str, allowed: tuple[str, ...]) -> Any:
    module, _, name = address.partition(":")
    if not f"{module}.".startswith(allowed):
        raise ValueError(f"{address} is of another package")
    return getattr(importlib.import_module(module), name)
