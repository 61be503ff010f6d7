"""Signing: a publisher vouches for a sealed archive, which stays as it is, by a signature in a file beside it.

What is signed are the bytes of ``tagmanifest-sha256.txt`` in the archive, by Ed25519 (RFC 8032). It has the digests of the two
manifests, which have those of all files, and of ``bag-info.txt``, which has the archive's name and revision.
"""

import binascii
import hashlib
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from workbench.archiving.bag import MANIFEST_OF_TAGS
from workbench.archiving.members import Members
from workbench.archiving.verify import verify_members
from workbench.model.errors import RefusedSignature, WorkbenchError
from workbench.model.paths import write_whole

SUFFIX = ".sig"

_HEADING = "Ed25519 signature of an archive"
_FILE = re.compile(
    rf"{_HEADING}\n"
    r"archive: (?P<archive>[A-Za-z0-9_][A-Za-z0-9._-]{0,254})\n"
    rf"{re.escape(MANIFEST_OF_TAGS)}: (?P<manifest>[0-9a-f]{{64}})\n"
    r"public-key: (?P<public_key>[A-Za-z0-9+/]{43}=)\n"
    r"signature: (?P<signature>[A-Za-z0-9+/]{86}==)\n"
)
_LARGEST = 10_000
"""Bytes of a file of a key or a signature."""


@dataclass(frozen=True)
class Signature:
    """What a signature file says.

    Attributes
    ----------
    archive : str
        What it is of: ``2022-r3``.
    manifest : str
        The sha256 of what was signed.
    public_key, signature : bytes
        32 and 64 bytes, as RFC 8032 has them.
    """

    archive: str
    manifest: str
    public_key: bytes
    signature: bytes

    @property
    def fingerprint(self) -> str:
        """The sha256 of the public key, by which people name it."""
        return hashlib.sha256(self.public_key).hexdigest()

    def as_text(self) -> str:
        """The signature file."""
        return (
            f"{_HEADING}\n"
            f"archive: {self.archive}\n"
            f"{MANIFEST_OF_TAGS}: {self.manifest}\n"
            f"public-key: {b64encode(self.public_key).decode()}\n"
            f"signature: {b64encode(self.signature).decode()}\n"
        )

    @classmethod
    def from_text(cls, text: str) -> Self | None:
        """Read a signature file; None if it is none."""
        found = _FILE.fullmatch(text)
        if not found:
            return None
        try:
            keys = {name: b64decode(found[name], validate=True) for name in ("public_key", "signature")}
        except binascii.Error:
            return None
        read = cls(found["archive"], found["manifest"], keys["public_key"], keys["signature"])
        # Several base64 texts are of the same bytes.
        return read if read.as_text() == text else None


def signature_file(archive: Path) -> Path:
    """Where the signature of an archive is: beside it."""
    return archive.with_name(f"{archive.name}{SUFFIX}")


def sign(archive: Path, key: Ed25519PrivateKey) -> tuple[Path, bool]:
    """Sign an archive that is intact.

    Parameters
    ----------
    archive : Path
        The archive; it is only read.
    key : Ed25519PrivateKey
        The publisher's, as `private_key` reads it.

    Returns
    -------
    Path, bool
        The signature file, and whether it was written now; it was not if the same key has signed the archive before.

    Raises
    ------
    DamagedArchive
        If the archive is not as it was sealed.
    RefusedSignature
        If another signature is there.
    """
    with Members(archive) as members:
        verify_members(members)
        manifest, top = members.read(MANIFEST_OF_TAGS), members.top
    made = Signature(top, hashlib.sha256(manifest).hexdigest(), key.public_key().public_bytes_raw(), key.sign(manifest))
    path = signature_file(archive)
    if not path.exists():
        write_whole(path, made.as_text())
        return path, True
    if path.read_bytes() == made.as_text().encode():
        return path, False
    raise RefusedSignature(
        f"{archive.name} has another signature",
        where=str(path),
        expected="none, or that of this key",
        unchanged="the signature that is there",
        hint="see whose it is: workbench verify; move it away if it is to be replaced",
    )


def check_signature(members: Members, demanded: bytes | None) -> Signature | None:
    """Check the signature beside an archive, if it has one.

    Parameters
    ----------
    members : Members
        The archive, which has been verified.
    demanded : bytes or None
        The public key that must have signed it; without one, any may have, or none.

    Raises
    ------
    RefusedSignature
        If the signature is not one, is of another archive or by another key, does not fit, or is missing and demanded.
    """
    path = signature_file(members.archive)
    if not path.is_file():
        if demanded is None:
            return None
        raise _refused(members, "the archive is not signed", "a signature beside it", "no such file")
    found = _read(path)
    signature = Signature.from_text(found.decode("ascii", "replace"))
    if signature is None:
        what = "the signature is cut off" if _is_beginning(found) else "this is not a signature"
        raise _refused(members, what, f"the five lines of {SUFFIX} files", f"{len(found)} bytes")
    manifest = members.read(MANIFEST_OF_TAGS)
    digest = hashlib.sha256(manifest).hexdigest()
    if demanded is not None and signature.public_key != demanded:
        fingerprints = [f"the key {hashlib.sha256(one).hexdigest()}" for one in (demanded, signature.public_key)]
        raise _refused(members, "the signature is by another key", *fingerprints)
    if (signature.archive, signature.manifest) != (members.top, digest):
        said = f"{signature.archive}, {MANIFEST_OF_TAGS} {signature.manifest}"
        expected = f"{members.top}, {MANIFEST_OF_TAGS} {digest}"
        raise _refused(members, "the signature is of another archive", expected, said)
    try:
        Ed25519PublicKey.from_public_bytes(signature.public_key).verify(signature.signature, manifest)
    except InvalidSignature:
        expected = f"a signature by the key {signature.fingerprint}"
        raise _refused(members, "the signature is forged or was altered", expected, "another 64 bytes") from None
    return signature


def public_key(path: Path) -> bytes:
    """The 32 bytes of a public Ed25519 key that is in a PEM file.

    Raises
    ------
    WorkbenchError
        If the file holds none.
    """
    try:
        key = load_pem_public_key(_read(path))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_key(path, "public", str(error)) from None
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path, "public", type(key).__name__)
    return key.public_bytes_raw()


def _is_beginning(found: bytes) -> bool:
    """Whether it begins like a signature file, and is shorter."""
    heading = f"{_HEADING}\n".encode()
    return bool(found) and (found.startswith(heading) or heading.startswith(found)) and found.count(b"\n") <= 4


def _refused(members: Members, what: str, expected: str, found: str) -> RefusedSignature:
    return RefusedSignature(
        f"{members.archive.name}: {what}",
        where=str(signature_file(members.archive)),
        expected=expected,
        found=found,
        unchanged="the archive, which is intact, and its signature: both were only read",
        hint="ask the publisher for the signature of this archive, and for the key; trust neither until then",
    )


def private_key(path: Path) -> Ed25519PrivateKey:
    """The private Ed25519 key that is in a PEM file, without a passphrase.

    Raises
    ------
    WorkbenchError
        If the file holds none.
    """
    try:
        key = load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _no_key(path, "private", str(error)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(path, "private", type(key).__name__)
    return key


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST)


def _no_key(path: Path, kind: str, found: str) -> WorkbenchError:
    make = "openssl genpkey -algorithm ed25519 -out private.pem"
    if kind == "public":
        make = "openssl pkey -in private.pem -pubout -out public.pem"
    return WorkbenchError(
        f"{path.name} is not a {kind} key that signs archives",
        where=str(path),
        expected=f"a {kind} Ed25519 key as PEM" + (", without a passphrase" if kind == "private" else ""),
        found=found,
        unchanged="nothing was signed or verified",
        hint=f"make one: {make}",
    )
