"""All checks of an archive, and the report on them."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbench.archiving.signing import Signature, check_signature, signature_file
from workbench.archiving.verify import VerifiedArchive, open_archive, verify_members
from workbench.editions.agreement import Agreement, check_agreement
from workbench.model.counted import counted
from workbench.model.errors import WorkbenchError


@dataclass(frozen=True)
class Verification:
    """What was checked of an archive, all of which is in order.

    Attributes
    ----------
    archive : Path
        The file.
    verified : VerifiedArchive
        Its form, its digests, and what it says of itself.
    agreement : Agreement
        What of its contents was compared.
    signature : Signature or None
        Who vouches for it, if anybody does.
    is_demanded : bool
        Whether a signature by that key was demanded.
    """

    archive: Path
    verified: VerifiedArchive
    agreement: Agreement
    signature: Signature | None
    is_demanded: bool

    @property
    def lines(self) -> list[str]:
        """The report for people."""
        verified = self.verified
        return [
            f"{self.archive.name} is intact: {counted(verified.files, 'file')}, {counted(verified.runs, 'run')}",
            *(f"  {name:<11}{said}" for name, said in self._said()),
        ]

    def _said(self) -> Iterator[tuple[str, str]]:
        verified, agreement = self.verified, self.agreement
        yield (
            "form",
            (
                f"one zip file of {counted(verified.members, 'member')}, {verified.size / 1e6:,.1f} MB unpacked, "
                "written as archives are, with nothing beside them"
            ),
        )
        if verified.replaces:
            yield (
                "replaces",
                f"{verified.replaces.name}: {verified.replaces.reason}; files: {verified.replaces.changed}",
            )
        yield "digests", f"{verified.files:,} files have the sha256 and sha512 of the manifests, which name no others"
        yield (
            "crate",
            f"the RO-Crate conforms to its profile, and describes these files and {counted(verified.runs, 'run')}",
        )
        yield "snapshots", f"{verified.snapshots:,}, each with the digest on its card"
        yield (
            "results",
            (
                f"{agreement.results:,}, of snapshots in the archive; {agreement.recorded:,} are recorded so by the executed "
                f"notebooks, {agreement.observed:,} are cells of a snapshot"
            ),
        )
        yield (
            "pages",
            f"{agreement.shown:,} numbers on {counted(agreement.pages, 'page')} are results, with their values",
        )
        for reason in agreement.not_compared:
            yield "unchecked", reason
        yield "signature", self._signed()

    def _signed(self) -> str:
        if self.signature is None:
            return f"none: there is no {signature_file(self.archive).name}, so nobody vouches for the archive"
        valid = f"valid, by the key {self.signature.fingerprint}"
        return valid if self.is_demanded else f"{valid}; whether that is the publisher's, --key tells"

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        verified = self.verified
        signed = self.signature and {"key": self.signature.fingerprint, "demanded": self.is_demanded}
        return {
            "archive": str(self.archive),
            "accepted": True,
            "name": verified.name,
            "revision": verified.revision,
            "members": verified.members,
            "bytes": verified.size,
            "files": verified.files,
            "runs": verified.runs,
            "snapshots": verified.snapshots,
            "payload": verified.payload,
            "replaces": verified.replaces and asdict(verified.replaces),
            "agreement": asdict(self.agreement),
            "signature": signed,
        }


def refusal_as_json(archive: Path, error: WorkbenchError) -> dict[str, Any]:
    """The report for programs on an archive that is damaged, or whose signature is refused."""
    return {"archive": str(archive), "accepted": False, "error": error_as_json(error)}


def error_as_json(error: WorkbenchError) -> dict[str, str | None]:
    """What an error says, for programs."""
    told = {name: getattr(error, name) for name in ("what", "where", "expected", "found", "unchanged", "hint")}
    return {"kind": type(error).__name__, **told}


def verify_all(archive: Path, demanded: bytes | None = None) -> Verification:
    """Check an archive in every way: its form, digests and descriptions, that its contents agree, its signature.

    Parameters
    ----------
    archive : Path
        The file, with its signature beside it if it has one.
    demanded : bytes, optional
        The public key that must have signed it.

    Raises
    ------
    DamagedArchive, RefusedSignature
        For the first check that fails.
    WorkbenchError
        If there is no such file.
    """
    with open_archive(archive) as members:
        verified = verify_members(members)
        agreement = check_agreement(members, verified.digests)
        signature = check_signature(members, demanded)
    return Verification(archive, verified, agreement, signature, demanded is not None)
