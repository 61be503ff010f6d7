"""The bag in an archive (BagIt 1.0, RFC 8493), as this package has it made: every file in both manifests, and nothing beside.

It is stricter than the standard, which allows files to be fetched from elsewhere, other encodings and further tag files.
"""

import hashlib
import re
from collections.abc import Mapping

from workbench.archiving.damage import damaged
from workbench.archiving.members import Members

ALGORITHMS = ("sha256", "sha512")
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAYLOAD = "data/"
MANIFEST = "manifest-sha256.txt"
MANIFEST_OF_TAGS = "tagmanifest-sha256.txt"
"""The manifest that covers all of an archive: it has the digests of the manifests, which have those of the files."""

_MANIFESTS = tuple(f"manifest-{algorithm}.txt" for algorithm in ALGORITHMS)
_LISTED = {"bagit.txt", "bag-info.txt", *_MANIFESTS}
_TAG_FILES = _LISTED | {f"tag{manifest}" for manifest in _MANIFESTS}
_LINE = re.compile(r"([0-9a-f]+) {1,2}(\S+)")

Digests = Mapping[str, Mapping[str, str]]
"""Path to algorithm to digest."""


def check_bag(members: Members) -> dict[str, str]:
    """Check a bag; return the path, relative to the payload, and sha256 of each file of the payload.

    The names come first, then the manifests, then the files: what no manifest names is not unpacked.

    Raises
    ------
    DamagedArchive
        For the first that is not as it was sealed.
    """
    held = members.members.keys()
    refuse_missing(members, _TAG_FILES - held)
    tags = _listed(members, "tagmanifest")
    refuse_missing(members, tags.keys() - held)
    for path in sorted(tags):
        _compare(members, path, tags[path])
    if tags.keys() != _LISTED:
        raise damaged(
            members.archive,
            "its manifest of tags lists other files",
            MANIFEST_OF_TAGS,
            ", ".join(sorted(_LISTED)),
            ", ".join(sorted(tags)),
        )
    _check_declaration(members)
    payload = _listed(members, "manifest")
    refuse_missing(members, payload.keys() - held)
    for path in sorted(held - payload.keys() - _TAG_FILES):
        found = f"{members.members[path].size} bytes"
        raise damaged(
            members.archive, "a file was not sealed with the archive", path, "no such member in its manifests", found
        )
    if elsewhere := sorted(path for path in payload if not path.startswith(PAYLOAD)):
        raise damaged(members.archive, "its manifest lists other files", MANIFEST, f"files in {PAYLOAD}", elsewhere[0])
    for path in sorted(payload):
        _compare(members, path, payload[path])
    _check_information(members, information(members), payload)
    return {path.removeprefix(PAYLOAD): digests["sha256"] for path, digests in payload.items()}


def refuse_missing(members: Members, missing: set[str]) -> None:
    """Refuse an archive that lacks any of these files."""
    for path in sorted(missing):
        raise damaged(members.archive, "a file is missing from the archive", path, "the file", "no such member")


def _listed(members: Members, kind: str) -> Digests:
    """The digests that the manifests of a kind list, each file in both."""
    listed: dict[str, dict[str, str]] = {}
    for algorithm in ALGORITHMS:
        manifest = f"{kind}-{algorithm}.txt"
        for line in _lines(members, manifest):
            found = _LINE.fullmatch(line)
            if not found or len(found[1]) != 2 * hashlib.new(algorithm).digest_size:
                raise damaged(members.archive, "a manifest cannot be read", manifest, f"{algorithm}  path", repr(line))
            if algorithm in listed.setdefault(found[2], {}):
                raise damaged(members.archive, "a manifest lists a file twice", manifest, "each file once", found[2])
            listed[found[2]][algorithm] = found[1]
    return listed


def _lines(members: Members, path: str) -> list[str]:
    """The lines of a tag file."""
    try:
        text = members.read(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise damaged(members.archive, "a tag file cannot be read", path, "text in UTF-8", str(error)) from error
    *lines, rest = text.split("\n")
    if rest:
        raise damaged(members.archive, "a tag file cannot be read", path, "a line end after each line", repr(rest))
    return lines


def _compare(members: Members, path: str, expected: Mapping[str, str]) -> None:
    """Compare the digests of a file with those in the manifests."""
    digests = [hashlib.new(algorithm) for algorithm in ALGORITHMS]
    for piece in members.pieces(path):
        for digest in digests:
            digest.update(piece)
    for algorithm, digest in zip(ALGORITHMS, digests):
        if digest.hexdigest() != expected.get(algorithm):
            said = expected.get(algorithm, "(not in the manifest)")
            found = f"{algorithm} {digest.hexdigest()}"
            raise damaged(members.archive, "a file was altered", path, f"{algorithm} {said}", found)


def _check_declaration(members: Members) -> None:
    found = members.read("bagit.txt")
    if found != DECLARATION:
        expected = "BagIt-Version: 1.0, Tag-File-Character-Encoding: UTF-8"
        raise damaged(members.archive, "the archive is not a valid bag", "bagit.txt", expected, repr(found[:200]))


def information(members: Members) -> dict[str, str]:
    """What a bag says of itself, by label."""
    said: dict[str, str] = {}
    for line in _lines(members, "bag-info.txt"):
        label, colon, value = line.partition(": ")
        if not colon or label in said:
            raise damaged(members.archive, "a tag file cannot be read", "bag-info.txt", "each label once", repr(line))
        said[label] = value
    return said


def _check_information(members: Members, said: Mapping[str, str], payload: Digests) -> None:
    """Check the size of the payload that the bag says of itself, and the name under which it was sealed, if it has it."""
    size = sum(members.members[path].size for path in payload)
    expected = {"Payload-Oxum": f"{size}.{len(payload)}", "External-Identifier": members.top}
    for label, value in expected.items():
        # Archives from before version 0.3 have no identifier.
        found = said.get(label, value if label == "External-Identifier" else "nothing")
        if found != value:
            raise damaged(
                members.archive,
                "the archive is not a valid bag",
                "bag-info.txt",
                f"{label} {value}",
                f"{label} {found}",
            )
