"""Makes models of what files say; and of what does not fit, says which part that is, and why.

msgspec converts data in one call. Of an error it tells neither the keys of mappings that lead there nor what it found: the part
is looked for when a conversion has failed.
"""

import datetime
import enum
import functools
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import cycle
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from workbench.declarations.models import Checked, Declaration, Read, Unfit
from workbench.model.errors import near

Key = tuple[str, ...]
Model = TypeVar("Model", bound=Declaration)
Mark = TypeVar("Mark", Read, Checked, msgspec.Meta)
Reader = Callable[[Any], Any]
"""Makes of what a file says what msgspec can convert, and checks what msgspec cannot."""


def structured(said: object, model: type[Model]) -> Model:
    """Make a model of what a file says.

    Parameters
    ----------
    said : object
        As YAML or JSON has it.
    model : type of Declaration
        What it must be.

    Raises
    ------
    Unfit
        With the first part that does not fit.
    """
    try:
        reader = _reader(model)
        read = reader(said) if reader else said
        return msgspec.convert(read, model)
    except msgspec.ValidationError:
        raise _fault(read, model, ()) from None
    except RecursionError:  # YAML can refer to what it stands in
        raise Unfit("nothing that holds itself", "an alias of a part that the alias is in") from None


@functools.cache
def _reader(kind: Any) -> Reader | None:
    """The reader of a type; None where msgspec needs no help."""
    if not _has_marks(kind):
        return None
    reads, checks = _marks(kind, Read), _marks(kind, Checked)
    of_parts = _reader_of_parts(_bare(kind)) or _as_it_is

    def read(said: Any) -> Any:
        try:
            for mark in reads:
                said = mark.makes(said)
            said = of_parts(said)
            for mark in checks if checks and _fits(said, kind) else ():
                mark.check(msgspec.convert(said, kind))
        except Unfit as unfit:
            raise Unfit(unfit.expected, unfit.found or repr(said), unfit.key) from None
        return said

    return read if reads or checks else of_parts


def _as_it_is(said: Any) -> Any:
    return said


def _reader_of_parts(kind: Any) -> Reader | None:
    origin, of = get_origin(kind), get_args(kind)
    if _is_model(kind):
        return functools.partial(_read_model, kind)
    if origin in (Union, UnionType):
        return functools.partial(_read_member, kind)
    if origin in (dict, Mapping):
        return functools.partial(_read_mapping, _reader(of[0]), _reader(of[1]))
    if origin is tuple:
        return functools.partial(_read_list, [_reader(one) for one in of if one is not ...])
    return None


def _read_model(model: type[Declaration], said: Any) -> Any:
    if not isinstance(said, dict):
        return said
    readers = _readers_of(model)
    return {name: _part_read(name, readers.get(name), one) for name, one in said.items()}


@functools.cache
def _readers_of(model: type[Declaration]) -> dict[str, Reader | None]:
    return {name: _reader(kind) for name, kind in keys_of(model).items()}


def _read_member(union: Any, said: Any) -> Any:
    meant = _meant(said, union)
    reader = _reader(meant) if meant is not union else None
    return reader(said) if reader else said


def _read_mapping(of_keys: Reader | None, of_values: Reader | None, said: Any) -> Any:
    if not isinstance(said, dict):
        return said
    read = {_part_read(name, of_keys, name): _part_read(name, of_values, one) for name, one in said.items()}
    if len(read) < len(said):
        raise Unfit("each key once", _what_there_is(said))
    return read


def _read_list(readers: list[Reader | None], said: Any) -> Any:
    """Of a list of one type there is one reader, and otherwise one for each place."""
    if not isinstance(said, list | tuple):
        return said
    return [
        _part_read(place, reader, one) for (place, one), reader in zip(enumerate(said), cycle(readers), strict=False)
    ]


def _part_read(step: Any, reader: Reader | None, said: Any) -> Any:
    if reader is None:
        return said
    try:
        return reader(said)
    except Unfit as unfit:
        raise Unfit(unfit.expected, unfit.found, (str(step), *unfit.key)) from None


@functools.cache
def _marks(kind: Any, of: type[Mark]) -> tuple[Mark, ...]:
    """What stands beside a type."""
    return tuple(mark for mark in get_args(kind)[1:] if isinstance(mark, of)) if get_origin(kind) is Annotated else ()


@functools.cache
def _has_marks(kind: Any, within: frozenset[type] = frozenset()) -> bool:
    """Whether something is `Read` or `Checked` in a type; within a model that holds itself, the others of it."""
    if _is_model(kind):
        return kind not in within and any(_has_marks(one, within | {kind}) for one in keys_of(kind).values())
    if _marks(kind, Read) or _marks(kind, Checked):
        return True
    return get_origin(kind) is not Literal and any(_has_marks(one, within) for one in get_args(kind) if one is not ...)


def _fault(said: Any, kind: Any, key: Key) -> Unfit:
    """The first part that does not fit by itself; or what is wrong with all of it, where each does."""
    kind = _meant(said, kind)
    bare = _bare(kind)
    if kinds := _kinds_in(said, bare):
        for (step, one), of in zip(_steps(said), kinds[1], strict=True):
            if not _fits(step, kinds[0]):
                return _fault(step, kinds[0], (*key, str(step)))
            if not _fits(one, of):
                return _fault(one, of, (*key, str(step)))
    if isinstance(said, dict) and _is_model(bare):
        return _fault_of_keys(said, bare, key)
    if isinstance(said, dict) and (tagged := _tagged(kind)):
        return _fault_of_tag(said, *tagged, key)
    return Unfit(_expected(said, kind), repr(said), key)


def _fault_of_keys(said: dict[Any, Any], model: type[Declaration], key: Key) -> Unfit:
    """What is wrong with a mapping whose values fit one by one."""
    known = keys_of(model)
    for name in said:
        if name not in known:
            at = (*key, str(name))
            return Unfit(near(str(name), known), f"unknown key {'.'.join(at)}", at)
    for field in msgspec.structs.fields(model):
        if field.required and field.encode_name not in said:
            return Unfit(f"the key {field.encode_name}", _what_there_is(said), (*key, field.encode_name))
    cause = getattr(_error(said, model), "__cause__", None)
    if not isinstance(cause, Unfit):
        return Unfit(_expected(said, model), _what_there_is(said), key)
    return Unfit(cause.expected, cause.found or _what_there_is(said), (*key, *cause.key))


def _fault_of_tag(said: dict[Any, Any], tag: str, models: Iterable[str], key: Key) -> Unfit:
    """What is wrong with a mapping of which no key tells what it is."""
    if tag not in said:
        return Unfit(f"the key {tag}", _what_there_is(said), (*key, tag))
    return Unfit(near(str(said[tag]), models), f"{tag}: {said[tag]}", (*key, tag))


def _what_there_is(said: dict[Any, Any]) -> str:
    return f"the keys {', '.join(map(str, said))}" if said else "no keys"


_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
    "array": "a list",
    "object": "a mapping of keys",
    "date": "a day, such as 2022-02-24",
    "datetime": "a day and time with its zone, such as 2022-02-24T05:00:00Z",
}
_IN_WORDS = (
    ("`([^`]*)`", lambda types: " or ".join(_WORDS.get(one, one) for one in types[1].split(" | "))),
    (" of length >= 1$", " that is not empty"),
    ("^text of length <= (.*)", r"text of at most \1 characters"),
    (" of length <= (.*)", r" of at most \1"),
)
"""What msgspec says, and how those who write YAML would."""


def _expected(said: object, kind: Any) -> str:
    """What a type wants, in the words of those who write YAML."""
    bare = _bare(kind)
    if choices := _choices(bare):
        return near(str(said), choices)
    if described := [mark.description for mark in _marks(kind, msgspec.Meta) if mark.description]:
        return described[0]
    if bare in (datetime.date, datetime.datetime):
        return _WORDS[bare.__name__]
    wanted = str(_error(said, kind)).partition(", got ")[0].removeprefix("Expected ")
    for expression, words in _IN_WORDS:
        wanted = re.sub(expression, words, wanted)
    return wanted


def _choices(kind: Any) -> list[str]:
    if get_origin(kind) is Literal:
        return list(map(str, get_args(kind)))
    return [one.value for one in kind] if isinstance(kind, type) and issubclass(kind, enum.Enum) else []


def _error(said: object, kind: Any) -> msgspec.ValidationError | None:
    try:
        msgspec.convert(said, kind)
    except msgspec.ValidationError as error:
        return error
    return None


def _fits(said: object, kind: Any) -> bool:
    return _error(said, kind) is None


def _steps(said: dict[Any, Any] | list[Any] | tuple[Any, ...]) -> Iterable[tuple[Any, Any]]:
    return said.items() if isinstance(said, dict) else enumerate(said)


def _kinds_in(said: object, kind: Any) -> tuple[Any, list[Any]] | None:
    """The type of the keys of data, or of their positions, and that of each part; None of what has no parts of a known type."""
    of = get_args(kind)
    match said:
        case dict() if _is_model(kind):
            return Any, [keys_of(kind).get(name, Any) for name in said]
        case dict() if get_origin(kind) in (dict, Mapping):
            return of[0], [of[1]] * len(said)
        case list() | tuple() if get_origin(kind) is tuple and of[-1] is ...:
            return Any, [of[0]] * len(said)
        case list() | tuple() if get_origin(kind) is tuple and len(of) == len(said):
            return Any, list(of)
    return None


def _meant(said: object, kind: Any) -> Any:
    """Of several types the one that data are meant for, if that can be told."""
    if get_origin(kind) not in (Union, UnionType):
        return kind
    if isinstance(said, dict) and (tagged := _tagged(kind)):
        tag, models = tagged
        return models.get(str(said.get(tag)), kind)
    others = [one for one in get_args(kind) if one is not NoneType]
    meant = [one for one in others if len(others) == 1 or _shape(said) is _shape_of(_bare(one))]
    return meant[0] if len(meant) == 1 and said is not None else kind


def _bare(kind: Any) -> Any:
    """A type without what stands beside it."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _shape(said: object) -> type:
    return dict if isinstance(said, dict) else tuple if isinstance(said, list | tuple) else str


def _shape_of(kind: Any) -> type:
    if _is_model(kind) or get_origin(kind) in (dict, Mapping):
        return dict
    return tuple if get_origin(kind) is tuple else str


@functools.cache
def _tagged(kind: Any) -> tuple[str, dict[str, Any]] | None:
    """Of several models that a key tells from each other: the key, and its values with their models."""
    models = [one for one in get_args(kind) if _is_model(one) and one.__struct_config__.tag_field]
    tagged = {str(model.__struct_config__.tag): model for model in models}
    return (models[0].__struct_config__.tag_field, tagged) if tagged else None


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Declaration)


@functools.cache
def keys_of(model: type[Declaration]) -> dict[str, Any]:
    """The keys that a file has by a model, each with its type and what stands beside it; the first is the key that tells it from
    other models, if there is one."""
    hints = get_type_hints(model, include_extras=True)
    config = model.__struct_config__
    tag = {config.tag_field: Literal[config.tag]} if config.tag_field else {}
    return {**tag, **{field.encode_name: hints[field.name] for field in msgspec.structs.fields(model)}}
