"""Snapshots: immutable downloads with their cards, addressed by agency, dataset and vintage."""

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import yaml

from workbench.data.formats import DataTable, read_table, write_table
from workbench.declarations.yaml_files import Declaration, read_yaml
from workbench.model.errors import ConflictingSnapshot, DamagedSnapshot, MalformedFile, MissingSnapshot, near
from workbench.model.paths import STARTER_SNAPSHOTS, Project, write_whole
from workbench.model.words import SnapshotId, message


class Card(Declaration):
    """What is known of a snapshot. ``caveats`` and ``omitted`` reach the reader of every study that uses it."""

    agency: str
    dataset: str
    title: str
    vintage: datetime.date
    retrieved: str
    licence: str
    source_url: str | None = None
    coverage: dict[str, str | int]
    omitted: str | None = None
    caveats: tuple[str, ...] = ()
    sha256: str


@dataclass(frozen=True)
class Snapshot:
    """One snapshot: where it is, and what it holds once its bytes have been checked."""

    id: SnapshotId
    path: Path

    @property
    def card_path(self) -> Path:
        return self.path.with_name(f"{self.id.vintage}.yaml")

    @cached_property
    def card(self) -> Card:
        return read_yaml(self.card_path, Card)

    def content(self) -> bytes:
        """The stored bytes.

        Raises
        ------
        DamagedSnapshot
            If they are not those that the card was written for.
        """
        content = self.path.read_bytes()
        found = hashlib.sha256(content).hexdigest()
        if found != self.card.sha256:
            raise DamagedSnapshot(
                f"the snapshot {self.id} is damaged",
                where=str(self.path),
                expected=f"sha256 {self.card.sha256}",
                found=f"sha256 {found}",
                untouched="nothing was read from it and nothing was written",
                remedy="take the file back from where it came from (git checkout, a copy, or import it again)",
            )
        return content

    def table(self) -> DataTable:
        """All observations as stored, under the vintage's own names; checked on every first read of a process."""
        return _checked_table(self)


@lru_cache(maxsize=8)
def _checked_table(snapshot: Snapshot) -> DataTable:
    snapshot.content()
    return read_table(snapshot.path)


class SnapshotStore:
    """The snapshots at hand: the starter ones of the package and the user's own.

    Parameters
    ----------
    folders : sequence of Path
        Where snapshots lie as ``<agency>/<dataset>/<vintage>.csv.gz`` with a card beside each; new ones go to the last.
    """

    def __init__(self, folders: Sequence[Path]):
        self.folders = tuple(folders)

    @classmethod
    def of(cls, project: Project) -> "SnapshotStore":
        return cls((STARTER_SNAPSHOTS, project.snapshots))

    def datasets(self) -> list[str]:
        """Codes of the datasets that have a snapshot, sorted."""
        return sorted({path.parent.name for folder in self.folders for path in folder.glob("*/*/*.csv.gz")})

    def vintages(self, dataset: str) -> list[Snapshot]:
        """The snapshots of a dataset, oldest first."""
        paths = [path for folder in self.folders for path in folder.glob(f"*/{dataset}/*.csv.gz")]
        return sorted((_at(path) for path in paths), key=lambda snapshot: snapshot.id.vintage)

    def open(self, dataset: str, vintage: str) -> Snapshot:
        """The snapshot of a dataset of one vintage.

        Raises
        ------
        MissingSnapshot
            Naming the datasets or vintages there are.
        """
        snapshots = {snapshot.id.vintage: snapshot for snapshot in self.vintages(dataset)}
        if not snapshots:
            raise MissingSnapshot(
                f"there is no snapshot of {dataset}",
                expected=near(dataset, self.datasets()),
                remedy=f"workbench import FILE --dataset {dataset} --vintage DATE",
            )
        if vintage not in snapshots:
            raise MissingSnapshot(
                f"{dataset} has no snapshot of vintage {vintage}",
                expected=f"one of {', '.join(snapshots)}",
                remedy=f"workbench import FILE --dataset {dataset} --vintage {vintage}",
            )
        return snapshots[vintage]

    def add(self, file: Path, dataset: str, vintage: datetime.date) -> tuple[Snapshot, bool]:
        """Import a file of the user's as a snapshot.

        Parameters
        ----------
        file : Path
            SDMX-CSV (both headers of Eurostat, with or without labels) or Eurostat TSV, plain or gzip.
        dataset : str
            The provider's code.
        vintage : datetime.date
            Day of the download.

        Returns
        -------
        Snapshot, bool
            The snapshot, and whether it is new; the same content under the same address is not.

        Raises
        ------
        MalformedFile
            If the file is not what it should be, or says that it is another dataset.
        ConflictingSnapshot
            If that address holds another content: a snapshot never changes.
        """
        table = read_table(file)
        if table.dataset not in (None, dataset):
            raise MalformedFile(
                f"{file.name} says that it is another dataset",
                where=str(file),
                expected=dataset,
                found=table.dataset,
                untouched="nothing was stored",
                remedy=f"import it with --dataset {table.dataset}, or check where it comes from",
            )
        content = write_table(table, "estat", dataset)
        card = _card_of_import(file, table, dataset, vintage, content)
        path = self.folders[-1] / card.agency / dataset / f"{vintage}.csv.gz"
        for present in self.vintages(dataset):
            if present.id.vintage == str(vintage):
                return _same(present, content, file), False
        # The card goes first: a snapshot is there once its data file is, and then it has its card.
        write_whole(path.with_name(f"{vintage}.yaml"), _card_text(card))
        write_whole(path, content)
        return _at(path), True


def _at(path: Path) -> Snapshot:
    agency, dataset = path.parts[-3:-1]
    return Snapshot(SnapshotId(agency, dataset, path.name.removesuffix(".csv.gz")), path)


def _same(present: Snapshot, content: bytes, file: Path) -> Snapshot:
    if (
        hashlib.sha256(content).hexdigest() == present.card.sha256
        or write_table(present.table(), present.id.agency, present.id.dataset) == content
    ):
        return present
    raise ConflictingSnapshot(
        f"the snapshot {present.id} is here already, and {file.name} holds something else",
        where=str(present.path),
        expected=f"sha256 {present.card.sha256}",
        found=f"sha256 {hashlib.sha256(content).hexdigest()} once brought into the normal form",
        untouched="the snapshot that was there; nothing was stored",
        remedy="give the day on which this file was downloaded as --vintage",
    )


def _card_of_import(file: Path, table: DataTable, dataset: str, vintage: datetime.date, content: bytes) -> Card:
    times = table.frame["time"]
    coverage = {"from": times.min(), "to": times.max(), "rows": len(table.frame)}
    if "geo" in table.frame:
        coverage["places"] = table.frame["geo"].nunique()
    return Card(
        agency="estat",
        dataset=dataset,
        title=dataset,
        vintage=vintage,
        retrieved=str(vintage),
        licence=message("not recorded: see the provider's terms"),
        coverage=coverage,
        caveats=(message("Imported from a file: what it leaves out is not recorded."),),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _card_text(card: Card) -> str:
    return yaml.safe_dump(card.model_dump(exclude_none=True), sort_keys=False, allow_unicode=True, width=120)
