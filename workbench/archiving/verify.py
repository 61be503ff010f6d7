"""Verifying: an archive is as it was sealed, or the error says which member is not, and how."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from workbench.archiving.bag import MANIFEST, check_bag, information
from workbench.archiving.damage import damaged
from workbench.archiving.described import check_cards, check_crate
from workbench.archiving.members import Members
from workbench.archiving.replaced import said_to_replace
from workbench.model.errors import WorkbenchError
from workbench.model.types import Replaced

_ARCHIVE = re.compile(r"(.+)-r([1-9][0-9]*)")


@dataclass(frozen=True)
class VerifiedArchive:
    """An archive that is intact.

    Attributes
    ----------
    name, revision : str, int
        ``"2022"`` and 3 for ``2022-r3``.
    members, size : int
        How many files the zip holds, and how many bytes they are once unpacked.
    digests : mapping
        Path to sha256 of each file of the payload.
    runs, snapshots : int
        How many runs it records, and how many snapshots they read.
    payload : str
        Digest of the digests of the payload: archives with the same digest hold the same.
    replaces : Replaced or None
        The revision before it, and why it is replaced.
    """

    name: str
    revision: int
    members: int
    size: int
    digests: Mapping[str, str]
    runs: int
    snapshots: int
    payload: str
    replaces: Replaced | None

    @property
    def files(self) -> int:
        """How many files are in its payload."""
        return len(self.digests)


def verify(archive: Path) -> VerifiedArchive:
    """Check that an archive is as it was sealed; it is read where it is, and nothing is unpacked to the disk.

    Its zip file must be the one form of an archive, in it a BagIt bag (RFC 8493) whose files all have the digests of its
    manifests, an RO-Crate that describes these files and no others, and a card with the right digest for each
    snapshot. A manifest reveals accidents and carelessness; it is not a signature, and whoever rewrites everything
    can rewrite it too: see `workbench.archiving.signing`, and `workbench.editions.agreement`.

    Raises
    ------
    DamagedArchive
        Naming the archive, the member, what was expected and what was found.
    WorkbenchError
        If there is no such file.
    """
    with open_archive(archive) as members:
        return verify_members(members)


def open_archive(archive: Path) -> Members:
    """An archive, open for reading; see `Members`.

    Raises
    ------
    DamagedArchive
        If it has not the form of an archive.
    WorkbenchError
        If there is no such file.
    """
    if not archive.is_file():
        raise WorkbenchError("there is no such archive", where=str(archive), hint="check the path")
    return Members(archive)


def verify_members(members: Members) -> VerifiedArchive:
    """As `verify`, of an archive that is open."""
    name, revision = _name(members.archive, members.top)
    digests = check_bag(members)
    runs, snapshots = check_crate(members, digests), check_cards(members, digests)
    payload = sha256(members.read(MANIFEST)).hexdigest()
    replaces = said_to_replace(members, information(members))
    return VerifiedArchive(
        name, revision, len(members.members), members.size, digests, runs, snapshots, payload, replaces
    )


def _name(archive: Path, top: str) -> tuple[str, int]:
    """Name and revision, as sealed; a copy may have any name except that of another archive."""
    sealed_as = _ARCHIVE.fullmatch(top)
    if not sealed_as or (_ARCHIVE.fullmatch(archive.stem) and archive.stem != top):
        expected = archive.stem if sealed_as else "a name such as 2022-r1"
        raise damaged(archive, "the archive was not sealed under this name", None, expected, top)
    return sealed_as[1], int(sealed_as[2])
