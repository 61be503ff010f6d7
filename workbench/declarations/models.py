"""What models of declarations are made of: their base, and types that several of them have.

They are structs of msgspec, which takes a tenth of the time that other libraries take to be imported and to build models: a
command that only tells something does little else. What msgspec has no words for stands beside a type as `Read` or `Checked`;
`workbench.declarations.structuring` heeds it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, dataclass_transform
from urllib.parse import quote, urlsplit

from msgspec import Meta, Struct, StructMeta, field

from workbench.model.names import DATASET, DIMENSION, LANGUAGE, SOURCE, STUDY, VINTAGE, Names


class _Model(StructMeta):
    """Makes models whose keys may have defaults in any order, which msgspec asks for class by class."""

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> type:
        return super().__new__(mcs, name, bases, namespace, kw_only=True, **options)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
class Declaration(Struct, metaclass=_Model, frozen=True, forbid_unknown_fields=True, dict=True):
    """What a file of ``params/`` holds, or a part of it. Unknown keys are refused, and it cannot be changed once read.

    Where keys must agree with each other, ``__post_init__`` raises `Unfit`.
    """


class Unfit(ValueError):
    """Data that do not fit a model.

    Attributes
    ----------
    expected : str
        What the model wants.
    found : str or None
        What there is, if it is not the value of the key.
    key : tuple of str
        The keys and positions that lead there.
    """

    def __init__(self, expected: str, found: str | None = None, key: tuple[str, ...] = ()):
        super().__init__(expected)
        self.expected, self.found, self.key = expected, found, key


@dataclass(frozen=True)
class Read:
    """Beside a type: makes of what a file says what the type wants. It is given anything, and leaves alone what it cannot read."""

    makes: Callable[[Any], Any]


@dataclass(frozen=True)
class Checked:
    """Beside a type: raises `Unfit` for a value of the type that may not be there."""

    check: Callable[[Any], None]


def name_of(names: Names) -> Checked:
    """Beside a text: it is a name of some kind."""

    def check(name: str) -> None:
        if not names.allow(name):
            raise Unfit(f"a name of {names.kind}: {names.says}")

    return Checked(check)


StudyName = Annotated[str, name_of(STUDY)]
DatasetName = Annotated[str, name_of(DATASET)]
SourceName = Annotated[str, name_of(SOURCE)]
DimensionName = Annotated[str, name_of(DIMENSION)]
LanguageName = Annotated[str, name_of(LANGUAGE)]
Vintage = Annotated[str, Read(str), name_of(VINTAGE)]
"""The day of a download; ``2026-11-24.2`` is the second of that day, if it differs from the first."""


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    is_plain = not (parts.query or parts.fragment or "@" in address) and quote(parts.path, safe="/%") == parts.path
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain or not address.endswith("/"):
        raise Unfit("an absolute address, http:// or https://, that ends with / and has no user, query or fragment")


Address = Annotated[str, Checked(_check_address)]
"""The beginning of addresses. It is published, so it must not contain a user, a password or a key in a query."""

WebAddress = Annotated[str, Meta(pattern=r"^https?://\S+\Z", description="an address, http:// or https://")]

Words = Annotated[str, Meta(min_length=1)]
"""A text that says something."""


def without_nothing(said: Any) -> Any:
    """Data, as JSON has them, without the keys that have no value."""
    if isinstance(said, dict):
        return {name: without_nothing(one) for name, one in said.items() if one is not None}
    return [without_nothing(one) for one in said] if isinstance(said, list | tuple) else said
