"""Text of an archive that is read as JSON or YAML: of a bounded size and depth, and without what its reader would stumble over."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import yaml

from workbench.archiving.damage import damaged
from workbench.archiving.members import Members
from workbench.declarations.yaml_files import Loader
from workbench.model.errors import DamagedArchive

DEEPEST = 100
"""How deep mappings and lists in an archive may be nested; those that are sealed are nested ten deep."""

MOST_NODES = 500_000
"""How many keys and values the YAML of an archive may have; those of all indicators are some ten thousand."""

_TEXTS = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

Read = TypeVar("Read")


def readable(members: Members, path: str, expected: str, read: Callable[[str], Read]) -> Read:
    """What is read from the text of a member.

    Parameters
    ----------
    members, path
        The member.
    expected : str
        What it should be.
    read : callable
        Reads the text; what it stumbles over is damage.

    Raises
    ------
    DamagedArchive
        If it cannot be read.
    """
    content = members.read(path)
    with understood(members, path, expected):
        return read(content.decode("utf-8"))


@contextmanager
def understood(members: Members, path: str, expected: str, *spared: type[Exception]) -> Iterator[None]:
    """Take what a reader stumbles over for damage of a member, but errors that are spared.

    Raises
    ------
    DamagedArchive
        Instead of the reader's own error.
    """
    try:
        yield
    except Exception as error:  # readers raise errors of their own kinds, and what they cannot read is damage
        if isinstance(error, (DamagedArchive, *spared)) or (isinstance(error, OSError) and error.errno):
            raise
        found = f"{type(error).__name__}: {error}"[:500]
        raise damaged(members.archive, "a file cannot be read", path, expected, found) from error


def strict_json(text: str) -> Any:
    """JSON in which each key is there once, and each number is one.

    Raises
    ------
    ValueError, RecursionError
        If it is not, or nested too deep.
    """
    said = json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number)
    _refuse_depth(said, DEEPEST)
    return said


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) < len(pairs):
        raise ValueError(f"a key is there twice, among {', '.join(said)[:200]}")
    return said


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _refuse_depth(said: Any, left: int) -> None:
    if not left:
        raise ValueError(f"it is nested more than {DEEPEST} deep")
    parts: Iterable = said.values() if isinstance(said, dict) else said if isinstance(said, list) else ()
    for part in parts:
        _refuse_depth(part, left - 1)


def yaml_texts(text: str) -> Any:
    """YAML whose dates and numbers stay texts, as the digest on a card is one.

    Raises
    ------
    ValueError, YAMLError
        If it is not YAML, is nested too deep, or repeats a part of itself.
    """
    refuse_hostile_yaml(text)
    return yaml.load(text, _TEXTS)


def yaml_mapping(text: str) -> dict[str, Any]:
    """YAML that is a mapping, with its dates and numbers.

    Raises
    ------
    TypeError, ValueError, YAMLError
        If it is none, or is refused as by `yaml_texts`.
    """
    refuse_hostile_yaml(text)
    said = yaml.load(text, Loader)
    if not isinstance(said, dict):
        raise TypeError("it is not a mapping")
    return said


def refuse_hostile_yaml(text: str) -> None:
    """Refuse YAML that is nested too deep for the reader, which is not asked how deep, or that grows when it is read.

    Raises
    ------
    ValueError, YAMLError
        If it is such, or not YAML.
    """
    sizes: dict[str | None, int] = {}
    # Of each collection that is open, its anchor and how many nodes it has so far, repeated ones each time.
    within: list[tuple[str | None, int]] = [(None, 0)]
    for event in yaml.parse(text, Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            within.append((event.anchor, 1))
            if len(within) > DEEPEST:
                raise ValueError(f"it is nested more than {DEEPEST} deep")
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, size = within.pop()
        elif isinstance(event, yaml.NodeEvent):
            is_repeated = isinstance(event, yaml.AliasEvent)
            if is_repeated and event.anchor not in sizes:
                raise ValueError(f"*{event.anchor} stands for what is not there before it, or for what it is in")
            anchor, size = event.anchor, sizes[event.anchor] if is_repeated else 1
        else:
            continue
        sizes[anchor] = size
        within[-1] = (within[-1][0], within[-1][1] + size)
        if within[-1][1] > MOST_NODES:
            raise ValueError(f"it has more than {MOST_NODES} parts, once those that stand for others are replaced")
