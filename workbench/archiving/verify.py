"""Verifying: an archive is as it was sealed, or the error says which member is not, and how."""

import hashlib
import io
import json
import logging
import os
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import bagit
import yaml

from workbench.archiving.contents import CRATE
from workbench.declarations.yaml_files import SAFE_LOADER
from workbench.model.errors import DamagedArchive, WorkbenchError

ALGORITHMS = ("sha256", "sha512")
MOST_BYTES = 4 * 1024**3
MOST_MEMBERS = 100_000
LONGEST_NAME = 255

_TAG_FILES = {
    "bagit.txt",
    "bag-info.txt",
    *(f"{kind}-{algorithm}.txt" for kind in ("manifest", "tagmanifest") for algorithm in ALGORITHMS),
}
_STORED = re.compile(r"\.(parquet|csv\.gz)$")
_ARCHIVE = re.compile(r"(.+)-r([1-9][0-9]*)")
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, OverflowError)

bagit.LOGGER.addHandler(logging.NullHandler())  # what it finds is raised here with more detail, not printed


@dataclass(frozen=True)
class VerifiedArchive:
    """An archive that is intact.

    Attributes
    ----------
    name, revision : str, int
        ``"2022"`` and 3 for ``2022-r3``.
    files, runs : int
        How many files are in its payload, and how many runs it records.
    payload : str
        Digest of the digests of the payload: archives with the same digest hold the same.
    """

    name: str
    revision: int
    files: int
    runs: int
    payload: str


def verify(archive: Path) -> VerifiedArchive:
    """Check that an archive is as it was sealed.

    It is unpacked into a temporary folder. It must be a BagIt bag (RFC 8493) whose files all have the digests of its
    manifests, an RO-Crate that describes these files and no others, and have a card with the right digest for each
    snapshot. A manifest reveals accidents and carelessness; it is not a signature, and whoever rewrites everything
    can rewrite it too.

    Raises
    ------
    DamagedArchive
        Naming the archive, the member, what was expected and what was found.
    WorkbenchError
        If there is no such file.
    """
    if not archive.is_file():
        raise WorkbenchError("there is no such archive", where=str(archive), hint="check the path")
    with tempfile.TemporaryDirectory(prefix=f"workbench-verify-{os.getpid()}-") as scratch:
        folder = _unpack(archive, Path(scratch))
        name, revision = _name(archive, folder.name)
        payload = _check_bag(archive, folder)
        runs = _check_crate(archive, folder / "data", payload)
        _check_cards(archive, folder / "data", payload)
        manifest = (folder / "manifest-sha256.txt").read_bytes()
        return VerifiedArchive(name, revision, len(payload), runs, hashlib.sha256(manifest).hexdigest())


def _unpack(archive: Path, into: Path) -> Path:
    """Unpack into an empty folder, and return the one folder it then contains."""
    if archive.stat().st_size > MOST_BYTES:
        raise _too_large(archive, f"{archive.stat().st_size} bytes")
    content = io.BytesIO(archive.read_bytes())  # so that an OSError comes from the disk only, never from a wrong offset
    try:
        zipped = zipfile.ZipFile(content)
    except _ZIP_ERRORS as error:
        raise _no_zip(archive, error, content.getvalue()) from error
    with zipped:
        members = zipped.infolist()
        _refuse_unsafe(archive, members)
        for member in members:
            if not member.is_dir():
                _extract(archive, zipped, member, into / member.filename)
    return into / members[0].filename.split("/")[0]


def _refuse_unsafe(archive: Path, members: list[zipfile.ZipInfo]) -> None:
    size = sum(member.file_size for member in members)
    if size > MOST_BYTES or len(members) > MOST_MEMBERS:
        raise _too_large(archive, f"{size} bytes in {len(members)} members")
    for member in members:
        if reason := _danger(member):
            raise _damaged(archive, "a member must not be unpacked", member.filename, "plain files", reason)
    tops = sorted({member.filename.split("/")[0] for member in members})
    times = Counter(member.filename for member in members if not member.is_dir())
    folders = {name[:end] for name in times for end, letter in enumerate(name) if letter == "/"}
    if len(tops) != 1 or not folders:
        raise _damaged(archive, "the archive is not one folder", None, "one folder", ", ".join(tops) or "nothing")
    if twice := [name for name in times if times[name] > 1 or name in folders]:
        raise _damaged(archive, "a member is there twice", twice[0], "each name once", "two members of that name")


def _danger(member: zipfile.ZipInfo) -> str | None:
    """Why a member must not be unpacked; None if it may be."""
    name, mode = member.filename, member.external_attr >> 16
    if {"", ".", ".."} & set(name.removesuffix("/").split("/")) or re.search(r"[\\:\x00-\x1f]", name):
        return "a path that may lead out of the folder"
    if len(name.encode()) > LONGEST_NAME:
        return f"a path of more than {LONGEST_NAME} bytes"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "a link or device"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or member.flag_bits & 1:
        return "a compression or encryption that archives do not use"
    return None


def _extract(archive: Path, zipped: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with zipped.open(member) as packed, target.open("wb") as file:
            shutil.copyfileobj(packed, file)  # never reads more than the size that was checked
    except _ZIP_ERRORS as error:
        expected, found = f"CRC-32 {member.CRC:08x}", str(error) or "an early end"
        raise _damaged(archive, "a member cannot be unpacked", member.filename, expected, found) from error


def _name(archive: Path, top: str) -> tuple[str, int]:
    """Name and revision, as sealed; a copy may have any name except that of another archive."""
    sealed_as = _ARCHIVE.fullmatch(top)
    if not sealed_as or (_ARCHIVE.fullmatch(archive.stem) and archive.stem != top):
        expected = archive.stem if sealed_as else "a name such as 2022-r1"
        raise _damaged(archive, "the archive was not sealed under this name", None, expected, top)
    return sealed_as[1], int(sealed_as[2])


def _check_bag(archive: Path, folder: Path) -> dict[str, str]:
    """Check a bag; return the path, relative to the payload, and sha256 of each file of the payload."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    _refuse_missing(archive, _TAG_FILES - found)
    bag = _open_bag(archive, folder)
    # The manifests first: if one was altered, what it says of the files is wrong too.
    for path in sorted(set(bag.tagfile_entries()) & found):
        _compare(archive, folder, path, bag.entries[path])
    _refuse_missing(archive, set(bag.entries) - found)
    for path in sorted(found - set(bag.entries) - _TAG_FILES):
        digest = hashlib.sha256((folder / path).read_bytes()).hexdigest()
        raise _damaged(archive, "a file was not sealed with the archive", path, "no such member", f"sha256 {digest}")
    for path in sorted(bag.payload_entries()):
        _compare(archive, folder, path, bag.entries[path])
    _judge(archive, bag)
    return {path.removeprefix("data/"): bag.entries[path]["sha256"] for path in bag.payload_entries()}


def _refuse_missing(archive: Path, missing: set[str]) -> None:
    for path in sorted(missing):
        raise _damaged(archive, "a file is missing from the archive", path, "the file", "no such member")


def _open_bag(archive: Path, folder: Path) -> bagit.Bag:
    try:
        return bagit.Bag(str(folder))
    except (bagit.BagError, LookupError, ValueError) as error:
        raise _no_bag(archive, error, folder) from error


def _judge(archive: Path, bag: bagit.Bag) -> None:
    """Let the library by the authors of the standard have the last word."""
    try:
        bag.validate()
    except (bagit.BagError, ValueError) as error:
        raise _no_bag(archive, error, Path(bag.path)) from error


def _compare(archive: Path, folder: Path, path: str, expected: Mapping[str, str]) -> None:
    content = (folder / path).read_bytes()
    for algorithm in ALGORITHMS:
        found = hashlib.new(algorithm, content).hexdigest()
        if found != expected.get(algorithm):
            said = expected.get(algorithm, "(not in the manifest)")
            raise _damaged(archive, "a file was altered", path, f"{algorithm} {said}", f"{algorithm} {found}")


def _check_crate(archive: Path, data: Path, payload: Mapping[str, str]) -> int:
    """Check that the RO-Crate describes the files of the payload and no others; return the number of runs."""
    member = f"data/{CRATE}"
    _refuse_missing(archive, {member} - {f"data/{path}" for path in payload})
    try:
        graph = json.loads((data / CRATE).read_text(encoding="utf-8"))["@graph"]
        described = {unquote(entity["@id"]): entity.get("sha256") for entity in graph if _is("File", entity)}
        runs = sum(_is("CreateAction", entity) for entity in graph)
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(archive, "the RO-Crate cannot be read", member, "RO-Crate 1.1", repr(error)) from error
    for path in sorted(described.keys() ^ (payload.keys() - {CRATE})):
        found = "described but missing" if path in described else "not described"
        raise _damaged(archive, "the RO-Crate describes other files", f"data/{path}", "each file described", found)
    for path, digest in sorted(described.items()):
        if digest != payload[path]:
            expected, found = f"sha256 {digest}, as {member} says", f"sha256 {payload[path]}"
            raise _damaged(archive, "a file is not the one that was described", f"data/{path}", expected, found)
    return runs


def _is(kind: str, entity: Mapping[str, Any]) -> bool:
    kinds = entity["@type"]
    return kind in ([kinds] if isinstance(kinds, str) else kinds)


def _check_cards(archive: Path, data: Path, payload: Mapping[str, str]) -> None:
    """Check that each snapshot has its card and each card its snapshot, by digest."""
    kept = [path for path in payload if path.startswith("snapshots/")]
    cards = {path.removesuffix(".yaml") for path in kept if path.endswith(".yaml")}
    # Archives from before version 0.2 hold their snapshots as CSV.
    snapshots = {_STORED.sub("", path): path for path in kept if _STORED.search(path)}
    _refuse_missing(archive, {f"data/{stem}.yaml" for stem in snapshots.keys() - cards})
    _refuse_missing(archive, {f"data/{stem}.parquet" for stem in cards - snapshots.keys()})
    for stem, path in sorted(snapshots.items()):
        expected, found = _digest_of_card(data / f"{stem}.yaml"), payload[path]
        if expected != found:
            said = f"sha256 {expected}, as its card says"
            raise _damaged(archive, "a snapshot does not match its card", f"data/{path}", said, f"sha256 {found}")


def _digest_of_card(path: Path) -> str | None:
    """The digest on a card, read without its model, because cards in old archives may have other keys."""
    try:
        card = yaml.load(path.read_text(encoding="utf-8"), SAFE_LOADER)
    except (yaml.YAMLError, UnicodeDecodeError):
        return None
    return card.get("sha256") if isinstance(card, dict) else None


def _no_zip(archive: Path, error: Exception, content: bytes) -> DamagedArchive:
    what = "the archive is truncated" if content.startswith(b"PK\x03\x04") else "the archive is not a zip file"
    return _damaged(archive, what, None, "a zip file with its directory at the end", str(error))


def _too_large(archive: Path, found: str) -> DamagedArchive:
    expected = f"at most {MOST_BYTES} bytes in {MOST_MEMBERS} members"
    return _damaged(archive, "the archive is too large", None, expected, found)


def _no_bag(archive: Path, error: Exception, folder: Path) -> DamagedArchive:
    found = str(error).replace(f"{folder}/", "")
    return _damaged(archive, "the archive is not a valid bag", None, "a BagIt bag (RFC 8493)", found)


def _damaged(archive: Path, what: str, member: str | None, expected: str, found: str) -> DamagedArchive:
    return DamagedArchive(
        f"{archive.name} is damaged: {what}",
        where=f"{archive}, member {member}" if member else str(archive),
        expected=expected,
        found=found,
        unchanged="the archive, which was only read",
        hint=f"take an intact copy of {archive.name} from where it was published, and do not use this one",
    )
