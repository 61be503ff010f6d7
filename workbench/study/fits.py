"""Fits: what a method makes of some data is kept, and made once however many executions of a study need it.

A fit is known by everything that it is made from: the code of the methods, the versions of the libraries, what numpy finds
of the processor, and the arguments to the last bit. A study gets the same whether it was made now or is read back.
"""

import contextlib
import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

import numpy
import pandas

from workbench.methods.refusal import ThinData
from workbench.model.digests import code_digest, code_files, digest_of
from workbench.model.paths import write_whole
from workbench.study.exact_json import decoded, encoded
from workbench.study.reader import Reader

T = TypeVar("T")

_METHODS = "workbench.methods"
_CODE = ("methods", "declarations", "model")
"""The methods, and the rooms that they may import from."""

_LIBRARIES = ("numpy", "scipy", "pandas", "statsmodels", "patsy")
_READ_AT_START = ("OPENBLAS_", "OMP_", "MKL_", "NPY_")
"""Variables by which linear algebra adds in another order."""


def fitted(study: Reader, function: Callable[..., T], *arguments: object) -> T:
    """What a method makes of some arguments: ``function(*arguments)``, kept in ``outputs/.journal/fits/``.

    Parameters
    ----------
    study : Reader
        Whose project keeps it.
    function : callable
        A function of `workbench.methods`, which gives the same for the same arguments: what is random in it has a seed among
        them.
    *arguments
        Numbers, texts, arrays of numpy, series, frames and indexes of pandas, functions of `workbench.methods`, and tuples,
        lists, mappings and frozen dataclasses of these.

    Returns
    -------
    object
        Likewise, without what is of pandas or a function.

    Raises
    ------
    TypeError
        If the function is not one of `workbench.methods`, or an argument or the result is of another type.
    ThinData
        As the function raises it; that is kept likewise.
    """
    key = digest_of(_made_by(), encoded(_Function.of(function)), [encoded(one, _known_as) for one in arguments])
    path, is_as_imported = study.project.fits / f"{key}.json", _files_of_code() == _IMPORTED
    # Code that was edited since it was imported is not the code that runs.
    if is_as_imported and (told := _read(path, key)):
        return _outcome(told)
    told = _tried(function, arguments)
    if is_as_imported:
        _write(path, key, told)
    return _outcome(told)


def _tried(function: Callable, arguments: tuple) -> str:
    """What a method makes of its arguments, or why it refuses them, as JSON."""
    try:
        told = {"made": encoded(function(*arguments))}
    except ThinData as refusal:
        told = {"refused": encoded((refusal.what, refusal.reason, refusal.expected or "", refusal.found or ""))}
    return json.dumps(told)


def _outcome(told: str) -> Any:
    match json.loads(told):
        case {"made": made}:
            return decoded(made, [_METHODS])
        case {"refused": refusal}:
            what, reason, expected, found = decoded(refusal, [_METHODS])
            raise ThinData(what, reason, expected=expected, found=found)


def _read(path: Path, key: str) -> str | None:
    """What was kept, as JSON; None if there is nothing or it is damaged, and then it is made anew."""
    try:
        digest, told = path.read_text(encoding="ascii").split("\n")
        os.utime(path)  # the fits that nobody has used for longest are cleared away first
    except (OSError, ValueError):
        return None
    return told if digest == digest_of(key, told) else None


def _write(path: Path, key: str, told: str) -> None:
    # What cannot be kept is made again the next time.
    with contextlib.suppress(OSError):
        write_whole(path, f"{digest_of(key, told)}\n{told}")


@dataclass(frozen=True)
class _Function:
    """A function of the methods, by its place."""

    module: str
    name: str

    @classmethod
    def of(cls, function: object) -> "_Function":
        module, name = getattr(function, "__module__", ""), getattr(function, "__qualname__", "")
        is_of_methods = isinstance(function, FunctionType) and f"{module}.".startswith(f"{_METHODS}.")
        if not is_of_methods or getattr(sys.modules.get(module), name, None) is not function:
            raise TypeError(f"expected a function of a module in {_METHODS}, whose code is known; found {function!r}")
        return cls(module, name)


@dataclass(frozen=True)
class _OfPandas:
    """A series, frame or index, by its parts."""

    kind: str
    parts: tuple


def _known_as(argument: object) -> object:
    """What stands for an argument that JSON does not know."""
    kind = type(argument).__name__
    if isinstance(argument, FunctionType):
        return _Function.of(argument)
    if isinstance(argument, pandas.DataFrame):
        columns = tuple(argument.iloc[:, place] for place in range(argument.shape[1]))
        return _OfPandas(kind, (argument.columns, argument.index, *columns))
    if isinstance(argument, pandas.Series):
        return _OfPandas(kind, (argument.name, str(argument.dtype), _array(argument), argument.index))
    if isinstance(argument, pandas.Index):
        names, frequency = tuple(argument.names), getattr(argument, "freqstr", None)
        return _OfPandas(kind, (names, str(argument.dtype), frequency, _array(argument)))
    raise TypeError(f"an argument of {type(argument).__module__}.{kind} cannot be told from another: {argument!r:.80}")


def _array(values: pandas.Series | pandas.Index) -> numpy.ndarray:
    if isinstance(values.dtype, pandas.CategoricalDtype):
        raise TypeError("an argument is of categories: give their codes or names")
    # Periods are numbered from 1970 on; their frequency stands in the name of their type.
    return numpy.asarray(values.astype("int64") if isinstance(values.dtype, pandas.PeriodDtype) else values)


@cache
def _made_by() -> list[Any]:
    """All that a fit is made by but its function and arguments."""
    variables = {name: value for name, value in sorted(os.environ.items()) if name.startswith(_READ_AT_START)}
    libraries = {name: version(name) for name in _LIBRARIES}
    # With the instructions of the processor and the library of linear algebra.
    numbers: Any = numpy.show_config(mode="dicts")
    return [code_digest(_CODE), libraries, platform.python_version(), platform.machine(), numbers, variables]


def _files_of_code() -> list[tuple[str, int, int]]:
    """The files of the code, as far as tells whether one was edited; none if one is being written just now."""
    try:
        states = [(str(path), path.stat()) for path in code_files(_CODE)]
    except FileNotFoundError:
        return []
    return [(path, state.st_mtime_ns, state.st_size) for path, state in states]


_IMPORTED = _files_of_code()
"""As they were when this was imported, which `workbench.study` does first of all."""
