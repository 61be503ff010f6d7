"""Cards: what is known of a snapshot, and of the native file that it was made from."""

import datetime
import hashlib
from dataclasses import dataclass
from pathlib import Path

from workbench.declarations.yaml_files import Declaration, Vintage
from workbench.model.words import message


class Card(Declaration):
    """What is known of a snapshot. ``caveats`` and ``omitted`` reach the reader of every study that uses it.

    Attributes
    ----------
    last_update : str or None
        When the provider last changed the dataset, as the provider says it.
    source_sha256 : str or None
        Digest of the native file that the snapshot was made from.
    partial : tuple of str
        Dimensions of which codes are left out, so that those that the snapshot has do not make up the total.
    sha256 : str
        Digest of the stored file.
    """

    agency: str
    dataset: str
    title: str
    vintage: Vintage
    retrieved: str
    licence: str
    source_url: str | None = None
    last_update: str | None = None
    coverage: dict[str, str | int]
    omitted: str | None = None
    partial: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    source_sha256: str | None = None
    sha256: str


@dataclass(frozen=True)
class Origin:
    """Where a native file comes from: what its card will say of that. ``agency`` is part of the snapshot's address.

    ``calls_it`` is what the provider calls the dataset, where that is not its code here: ``AGENCY,FLOW,VERSION``;
    ``formerly`` are codes that it had before.
    """

    agency: str
    title: str
    licence: str
    retrieved: str
    source_url: str | None = None
    last_update: str | None = None
    omitted: str | None = None
    caveats: tuple[str, ...] = ()
    calls_it: str | None = None
    formerly: tuple[str, ...] = ()
    source_sha256: str | None = None


def imported(path: Path, agency: str, title: str, day: datetime.date, formerly: tuple[str, ...] = ()) -> Origin:
    """The origin of a file that a researcher has downloaded."""
    return Origin(
        agency=agency,
        title=title,
        licence=message("not recorded: see the provider's terms"),
        retrieved=str(day),
        caveats=(message("Imported from a file: what it leaves out is not recorded."),),
        formerly=formerly,
        source_sha256=digest(path),
    )


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
