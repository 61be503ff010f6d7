"""Sealing: an edition becomes a numbered archive that is never written again."""

import hashlib
import os
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import bagit

from workbench.archiving.bag import ALGORITHMS, DECLARATION, MANIFEST, PAYLOAD
from workbench.archiving.contents import CRATE, SOFTWARE, EditionContents
from workbench.archiving.crate import crate_metadata
from workbench.archiving.replaced import LABELS, replaced, tags_of
from workbench.archiving.verify import verify
from workbench.archiving.zip_form import LEVEL, new_member
from workbench.model.types import Replaced, Sealed

SCRATCH = ".sealing-"
"""Beginning of the names of the temporary folders, beside the archives, in which archives are made."""


def seal(contents: EditionContents, folder: Path, check: Callable[[Path], object] = verify) -> Sealed:
    """Seal an edition as ``<name>-r<n>.zip``, the revision after the newest; no archive is ever overwritten.

    The archive is a BagIt 1.0 bag (RFC 8493) whose payload is an RO-Crate 1.1, zipped so that the same contents
    give the same bytes. It is written under a temporary name, verified, and only then given its own name.
    The library that makes the bag changes the working directory for a moment, so do not seal in a thread.

    Parameters
    ----------
    contents : EditionContents
        What to seal.
    folder : Path
        Where the archives are; created if necessary.
    check : callable
        Verifies the archive before it gets its name.

    Returns
    -------
    Sealed
        The new archive; or the newest one, if it holds the same payload.

    Raises
    ------
    DamagedArchive
        If the newest archive is damaged: another revision must not hide it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=SCRATCH) as scratch:
        bag = _make_bag(contents, Path(scratch))
        payload = hashlib.sha256((Path(bag.path) / MANIFEST).read_bytes()).hexdigest()
        while True:
            revision = _newest_revision(folder, contents.name)
            newest = folder / f"{contents.name}-r{revision}.zip"
            before = verify(newest) if revision else None
            if before and before.payload == payload:
                return Sealed(newest, is_new=False)
            archive = folder / f"{contents.name}-r{revision + 1}.zip"
            replaces = replaced(newest, before.digests, contents.corrections, _digests(bag)) if before else None
            _name_bag(bag, archive.stem, replaces)
            if _place(Path(bag.path), archive, check):
                return Sealed(archive, is_new=True, replaces=replaces)
            # Another process took that revision in the meantime: look again, for it may hold the same.


def _digests(bag: bagit.Bag) -> dict[str, str]:
    """Path to sha256 of each file of the payload."""
    return {path.removeprefix(PAYLOAD): digests["sha256"] for path, digests in bag.payload_entries().items()}


def _make_bag(contents: EditionContents, folder: Path) -> bagit.Bag:
    for file in contents.files:
        (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / file.path).write_bytes(file.read())
    (folder / CRATE).write_bytes(crate_metadata(contents))
    about = {
        "Source-Organization": contents.publisher,
        "External-Description": contents.title,
        "Bagging-Date": contents.date_published,
        "Bag-Software-Agent": _software(contents),
    }
    bag = bagit.make_bag(str(folder), about, checksums=list(ALGORITHMS))
    # The library writes the version before RFC 8493, which differs in nothing that this bag has.
    (folder / "bagit.txt").write_bytes(DECLARATION)
    return bag


def _name_bag(bag: bagit.Bag, name: str, replaces: Replaced | None) -> None:
    """Write the name of the archive into its bag, and what it replaces, so that the manifest of tags, and who signs it, has
    them too."""
    for label in LABELS:
        bag.info.pop(label, None)
    bag.info |= {"External-Identifier": name, **tags_of(replaces)}
    bag.save()
    # The library lists the tag files in the order of the file system.
    for manifest in Path(bag.path).glob("tagmanifest-*.txt"):
        lines = manifest.read_text(encoding="utf-8").splitlines(keepends=True)
        manifest.write_text("".join(sorted(lines, key=lambda line: line.split()[1])), encoding="utf-8")


def _software(contents: EditionContents) -> str:
    commit = f" (commit {contents.software_commit})" if contents.software_commit else ""
    return f"{SOFTWARE} {contents.software_version}{commit}"


def _newest_revision(folder: Path, name: str) -> int:
    """The number of the newest archive of that name, 0 if there is none."""
    archive = re.compile(rf"{re.escape(name)}-r([1-9][0-9]*)\.zip")
    return max((int(found[1]) for path in folder.iterdir() if (found := archive.fullmatch(path.name))), default=0)


def _place(bag: Path, archive: Path, check: Callable[[Path], object]) -> bool:
    """Write a complete archive unless one of that name exists; return whether it was written."""
    handle, name = tempfile.mkstemp(dir=archive.parent, prefix=f".{archive.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _zip(bag, archive.stem, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        check(temporary)
        return _link(temporary, archive)
    finally:
        temporary.unlink()


def _link(temporary: Path, archive: Path) -> bool:
    try:
        archive.hardlink_to(temporary)  # unlike a renaming, this never overwrites
    except FileExistsError:
        return False
    return True


def _zip(bag: Path, top: str, file: BinaryIO) -> None:
    """Zip a bag below one folder, without traces of the day, the user or the file system."""
    names = sorted(path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file())
    with zipfile.ZipFile(file, "w") as zipped:
        for name in names:
            zipped.writestr(new_member(f"{top}/{name}"), (bag / name).read_bytes(), compresslevel=LEVEL)
