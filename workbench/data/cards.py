"""Cards: what is known of a snapshot and of the native file that it was made from."""

import datetime
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from workbench.declarations.activities import Activity
from workbench.declarations.datasets import ComparabilityNote, DatasetDeclaration
from workbench.declarations.labels import Labels
from workbench.declarations.models import DatasetName, Declaration, SourceName, Vintage
from workbench.model.types import message


class Card(Declaration):
    """What is known of a snapshot. ``caveats`` and ``omitted`` reach the reader of every study that uses it.

    Attributes
    ----------
    last_update : str or None
        When the provider last changed the dataset, in the provider's notation.
    labels : dict
        Dimension of the file to the labels, beyond the code lists, that it was read with.
    source_sha256 : str or None
        Digest of the native file that the snapshot was made from.
    sender : str or None
        The institution that sent it, where it was asked for by a form; never a person.
    partial : tuple of str
        Dimensions of which some codes are left out, so that the rest does not add up to the total.
    activities : tuple of Activity
        Of a register of activities, what each was in words.
    is_made_up : bool
        Whether it was made up, to try things out: every page that shows it says so, and no edition is sealed with it.
    sha256 : str
        Digest of the stored file.
    """

    agency: SourceName
    dataset: DatasetName
    title: str
    vintage: Vintage
    retrieved: str
    licence: str
    source_url: str | None = None
    last_update: str | None = None
    coverage: dict[str, str | int]
    omitted: str | None = None
    partial: tuple[str, ...] = ()
    caveats: tuple[str | ComparabilityNote, ...] = ()
    labels: dict[str, dict[str, str]] = {}
    source_sha256: str | None = None
    sender: str | None = None
    activities: tuple[Activity, ...] = ()
    is_made_up: bool = False
    sha256: str

    @property
    def ends(self) -> tuple[str, ...]:
        """The first and the last period, as far as it says them."""
        return tuple(str(self.coverage[end]) for end in ("from", "to") if end in self.coverage)


@dataclass(frozen=True)
class Origin:
    """Where a native file comes from, for its card. ``agency`` is part of the snapshot's address.

    ``declaration`` is that of the dataset, if it is declared. ``names_itself`` says that only the file itself vouches for
    the agency.
    """

    agency: str
    title: str
    licence: str
    retrieved: str
    source_url: str | None = None
    last_update: str | None = None
    omitted: str | None = None
    caveats: tuple[str | ComparabilityNote, ...] = ()
    labels: Labels = field(default_factory=dict)
    source_sha256: str | None = None
    sender: str | None = None
    activities: tuple[Activity, ...] = ()
    is_made_up: bool = False
    declaration: DatasetDeclaration | None = None
    names_itself: bool = False


def origin_of_import(
    path: Path,
    agency: str,
    title: str,
    day: datetime.date,
    declaration: DatasetDeclaration | None = None,
    labels: Labels | None = None,
) -> Origin:
    """The origin of a file that a researcher has downloaded; if its dataset is not declared, it must name the agency itself."""
    return Origin(
        agency=agency,
        title=title,
        licence=message("not recorded: see the provider's terms"),
        retrieved=str(day),
        caveats=(message("Imported from a file: what it leaves out is not recorded."),),
        labels=labels or {},
        source_sha256=digest(path),
        declaration=declaration,
        names_itself=declaration is None,
    )


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
