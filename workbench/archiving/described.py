"""What an archive says of its files: its RO-Crate, and the cards of its snapshots."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from workbench.archiving.bag import PAYLOAD, refuse_missing
from workbench.archiving.contents import CRATE, RUN_ID
from workbench.archiving.damage import damaged
from workbench.archiving.members import Members
from workbench.archiving.reading import readable, strict_json, yaml_texts
from workbench.model.errors import DamagedArchive

_STORED = re.compile(r"\.(parquet|csv\.gz)$")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_CRATE_1, _RUN_CRATE = "https://w3id.org/ro/crate/1.", "https://w3id.org/ro/wfrun/"


def check_crate(members: Members, payload: Mapping[str, str]) -> int:
    """Check that the RO-Crate describes the files of the payload and no others; return the number of runs.

    It must say that it is one, and which profile of runs it has; whatever it refers to in itself must be there.

    Raises
    ------
    DamagedArchive
        For the first that is not so.
    """
    member = f"{PAYLOAD}{CRATE}"
    refuse_missing(members, {member} - {f"{PAYLOAD}{path}" for path in payload})
    entities = readable(members, member, "an RO-Crate", lambda text: _entities(strict_json(text)))
    _check_profile(members, entities)
    described = {unquote(identifier): entity for identifier, entity in entities.items() if _is("File", entity)}
    for path in sorted(described.keys() ^ (payload.keys() - {CRATE})):
        found = "described but missing" if path in described else "not described"
        raise damaged(
            members.archive, "the RO-Crate describes other files", f"{PAYLOAD}{path}", "each file described", found
        )
    for path, entity in sorted(described.items()):
        size = str(members.members[f"{PAYLOAD}{path}"].size)
        for name, said, found in (
            ("sha256", entity.get("sha256"), payload[path]),
            ("size", entity.get("contentSize", size), size),
        ):
            if said != found:
                what, expected = "a file is not the one that was described", f"{name} {said}, as {member} says"
                raise damaged(members.archive, what, f"{PAYLOAD}{path}", expected, f"{name} {found}")
    return sum(_is("CreateAction", entity) and identifier.startswith(RUN_ID) for identifier, entity in entities.items())


def corrections_in(members: Members) -> list[str]:
    """The corrections that the RO-Crate of an archive declares."""
    member = f"{PAYLOAD}{CRATE}"
    entities = readable(members, member, "an RO-Crate", lambda text: _entities(strict_json(text)))
    said = entities["./"].get("correction", [])
    return [str(one) for one in said] if isinstance(said, list) else [str(said)]


def _entities(crate: Any) -> dict[str, Mapping[str, Any]]:
    """The entities of a crate by their ids."""
    entities: dict[str, Mapping[str, Any]] = {}
    for entity in crate["@graph"]:
        identifier = entity["@id"]
        if not isinstance(identifier, str) or identifier in entities:
            raise ValueError(f"an entity has no id of its own: {str(identifier)[:200]}")
        if not all(isinstance(kind, str) for kind in _kinds(entity)):
            raise ValueError(f"{identifier} is of no type")
        entities[identifier] = entity
    return entities


def _check_profile(members: Members, entities: Mapping[str, Mapping[str, Any]]) -> None:
    claims = {
        CRATE: ("conformsTo", _CRATE_1, "an RO-Crate 1"),
        "./": ("conformsTo", _RUN_CRATE, "a profile of runs"),
    }
    for identifier, (key, beginning, expected) in claims.items():
        referred = [*_referred(entities.get(identifier, {}).get(key))]
        if not any(one.startswith(beginning) for one in referred):
            found = ", ".join(referred) or "nothing"
            raise _no_crate(members, f"{identifier} conforms to {expected}, {beginning}…", found)
    for identifier, entity in sorted(entities.items()):
        for one in _referred([*entity.values()]):
            if one not in entities and not _ELSEWHERE.match(one):
                raise _no_crate(members, f"an entity {one}, to which {identifier} refers", "no such entity")
        if _is("CreateAction", entity) and "instrument" not in entity:
            raise _no_crate(members, f"an instrument of {identifier}: what it ran", ", ".join(sorted(entity)))


def _no_crate(members: Members, expected: str, found: str) -> DamagedArchive:
    member = f"{PAYLOAD}{CRATE}"
    return damaged(members.archive, "the RO-Crate does not conform to its profile", member, expected, found)


def _referred(value: Any) -> Iterator[str]:
    """The ids that a property refers to."""
    if isinstance(value, list):
        for one in value:
            yield from _referred(one)
    elif isinstance(value, dict) and isinstance(value.get("@id"), str):
        yield value["@id"]


def _kinds(entity: Mapping[str, Any]) -> list[Any]:
    kinds = entity["@type"]
    return kinds if isinstance(kinds, list) else [kinds]


def _is(kind: str, entity: Mapping[str, Any]) -> bool:
    return kind in _kinds(entity)


def check_cards(members: Members, payload: Mapping[str, str]) -> int:
    """Check that each snapshot has its card and each card its snapshot, by digest; return how many there are.

    Raises
    ------
    DamagedArchive
        For the first that has not.
    """
    kept = [path for path in payload if path.startswith("snapshots/")]
    cards = {path.removesuffix(".yaml") for path in kept if path.endswith(".yaml")}
    # Archives from before version 0.2 hold their snapshots as CSV.
    snapshots = {_STORED.sub("", path): path for path in kept if _STORED.search(path)}
    refuse_missing(members, {f"{PAYLOAD}{stem}.yaml" for stem in snapshots.keys() - cards})
    refuse_missing(members, {f"{PAYLOAD}{stem}.parquet" for stem in cards - snapshots.keys()})
    for stem, path in sorted(snapshots.items()):
        expected, found = _digest_on(members, f"{PAYLOAD}{stem}.yaml"), payload[path]
        if expected != found:
            said = f"sha256 {expected}, as its card says"
            raise damaged(
                members.archive, "a snapshot does not match its card", f"{PAYLOAD}{path}", said, f"sha256 {found}"
            )
    return len(snapshots)


def _digest_on(members: Members, card: str) -> str:
    """The digest on a card, read without its model, because cards in old archives may have other keys."""
    return readable(members, card, "the card of a snapshot, with its sha256", lambda text: yaml_texts(text)["sha256"])
