"""Snapshots: immutable downloads with their cards, addressed by agency, dataset and vintage."""

import datetime
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from msgspec import to_builtins

from workbench.data.cards import Card, Origin, digest
from workbench.declarations.datasets import DatasetDeclaration
from workbench.declarations.models import without_nothing
from workbench.declarations.structuring import structured
from workbench.declarations.yaml_files import read_yaml
from workbench.model.errors import (
    ConflictingSnapshot,
    DamagedSnapshot,
    InvalidDeclaration,
    MalformedFile,
    MissingSnapshot,
    near,
)
from workbench.model.names import DATASET, SOURCE, VINTAGE
from workbench.model.paths import STARTER_SNAPSHOTS, Project, write_whole
from workbench.model.types import SnapshotId

if TYPE_CHECKING:
    from workbench.data.formats.cells import NativeFile
    from workbench.data.normal_form import NormalForm
    from workbench.data.storing import Stored

# To list what there is needs none of the libraries that read and store it: these are imported where they are used.

SUFFIX = ".parquet"
_INCOMING = ".incoming"
_LOCK = ".lock"


@dataclass(frozen=True)
class Snapshot:
    """One snapshot: where it is and, once its bytes have been checked, what it holds."""

    id: SnapshotId
    path: Path

    @property
    def card_path(self) -> Path:
        return self.path.with_name(f"{self.id.vintage}.yaml")

    @cached_property
    def card(self) -> Card:
        return read_yaml(self.card_path, Card, **vars(self.id))

    def check_agency(self, declared: str) -> None:
        """Compare the agency that it is filed under with the one in the current declaration of the dataset.

        Raises
        ------
        ConflictingSnapshot
            If they differ: its numbers would be attributed to another provider.
        """
        if self.id.agency != declared:
            raise ConflictingSnapshot(
                f"{self.id.dataset} is declared for {declared}, but a snapshot is filed under {self.id.agency}",
                where=str(self.path),
                expected=f"{declared}/{self.id.dataset}",
                found=str(self.id),
                unchanged="the snapshot, and the declaration",
                hint=f"if the declaration is right, remove {self.path.parent} and import or fetch the data again; "
                f"otherwise write agency: {self.id.agency} into {self.id.dataset}.yaml",
            )

    def check(self, found: str) -> None:
        """Compare the digest of what was read with the card's.

        Raises
        ------
        DamagedSnapshot
            If the bytes are not those that the card describes.
        """
        if found != self.card.sha256:
            raise DamagedSnapshot(
                f"the snapshot {self.id} is damaged",
                where=str(self.path),
                expected=f"sha256 {self.card.sha256}",
                found=f"sha256 {found}",
                unchanged="nothing was read from it and nothing was written",
                hint="restore the file (git checkout, a copy, or fetch it again)",
            )

    def content(self) -> bytes:
        """The stored bytes, checked."""
        content = self.path.read_bytes()
        self.check(hashlib.sha256(content).hexdigest())
        return content

    def opened(self, declaration: DatasetDeclaration | None = None) -> "NormalForm":
        """All observations; checked when first opened in a process.

        Parameters
        ----------
        declaration : DatasetDeclaration, optional
            That of the dataset: dimensions and codes then have their newest names, whatever the vintage calls them.

        Raises
        ------
        ConflictingSnapshot, DamagedSnapshot
            As `check_agency` and `check`.
        """
        if declaration:
            self.check_agency(declaration.agency)
        return _opened(self, declaration)


@lru_cache(maxsize=32)
def _opened(snapshot: Snapshot, declaration: DatasetDeclaration | None) -> "NormalForm":
    from workbench.data.normal_form import NormalForm

    snapshot.check(digest(snapshot.path))
    return NormalForm(snapshot.path, declaration)


class SnapshotStore:
    """The available snapshots: the starter snapshots of the package and the user's own.

    Parameters
    ----------
    folders : sequence of Path
        Where snapshots are, as ``<agency>/<dataset>/<vintage>.parquet`` with a card beside each; new ones go to the last.
    """

    def __init__(self, folders: Sequence[Path]):
        self.folders = tuple(folders)

    @classmethod
    def of(cls, project: Project) -> "SnapshotStore":
        return cls((STARTER_SNAPSHOTS, project.snapshots))

    def datasets(self) -> list[str]:
        """Codes of the datasets that have a snapshot, sorted."""
        return sorted({path.parent.name for folder in self.folders for path in folder.glob(f"*/*/*{SUFFIX}")})

    def vintages(self, dataset: str) -> list[Snapshot]:
        """The snapshots of a dataset, oldest first.

        Raises
        ------
        InvalidName
            If this is not a name of a dataset, or a file among its snapshots is not named after a vintage.
        """
        DATASET.checked(dataset)
        paths = [path for folder in self.folders for path in folder.glob(f"*/{dataset}/*{SUFFIX}")]
        return sorted((_at(path) for path in paths), key=lambda snapshot: _day_and_number(snapshot.id.vintage))

    def open(self, dataset: str, vintage: str) -> Snapshot:
        """The snapshot of a dataset of one vintage.

        Raises
        ------
        MissingSnapshot
            Naming the datasets or vintages that exist.
        InvalidName
            If these are not names of a dataset and a vintage.
        """
        VINTAGE.checked(vintage)
        snapshots = {snapshot.id.vintage: snapshot for snapshot in self.vintages(dataset)}
        if not snapshots:
            raise MissingSnapshot(
                f"there is no snapshot of {dataset}",
                expected=near(dataset, self.datasets()),
                hint=f"workbench fetch {dataset}, or workbench import FILE --dataset {dataset} --vintage DATE",
            )
        if vintage not in snapshots:
            raise MissingSnapshot(
                f"{dataset} has no snapshot of vintage {vintage}",
                expected=f"one of {', '.join(snapshots)}",
                hint=f"workbench import FILE --dataset {dataset} --vintage {vintage}",
            )
        return snapshots[vintage]

    def add(
        self,
        file: "NativeFile",
        dataset: str,
        day: datetime.date,
        origin: Origin,
        *,
        numbered: bool = False,
        progress: Callable[[int], None] = lambda rows: None,
        examine: Callable[["NormalForm", "Stored"], tuple[str, ...]] = lambda form, stored: (),
    ) -> tuple[Snapshot, bool]:
        """Convert a native file to the normal form and store it as a snapshot.

        Parameters
        ----------
        file : NativeFile
            As of `workbench.data.formats.open_native`.
        dataset : str
            The provider's code.
        day : datetime.date
            Day of the download: the vintage.
        origin : Origin
            What the card will say beyond the content of the file.
        numbered : bool
            Whether a second, different download of the same day becomes ``<day>.2``; otherwise it is refused, because a
            snapshot never changes.
        progress : callable
            Called with the number of rows read so far.
        examine : callable
            Called with a new snapshot's content, and what is known of it, before it is stored. It returns further caveats for
            the card, or raises an error that keeps the snapshot out.

        Returns
        -------
        Snapshot, bool
            The snapshot, and whether it is new; it is not if the vintage before it, or that of the same day, holds the
            same; of a register of activities, in words too.

        Raises
        ------
        InvalidName
            If dataset, agency or day is not a valid name.
        MalformedFile
            If the file is malformed, or says that it is another dataset.
        InvalidDeclaration
            If the dataset is not declared and the file does not name the agency.
        ConflictingSnapshot
            If that vintage holds something else, or the dataset has snapshots under another agency.

        Notes
        -----
        The store is never half written: the file and its card are made in a folder of their own; then the card is moved
        into place, then the file, and the snapshot exists once its file does. Whoever stores a dataset holds its lock,
        which ends with the process; what a killed process leaves behind is removed by the next.
        """
        from workbench.data.normal_form import NormalForm
        from workbench.data.storing import store

        folder = self._place(SnapshotId(origin.agency, dataset, str(day))).parent
        for other in self.vintages(dataset):
            other.check_agency(origin.agency)
        with _locked(folder) as incoming:
            made = incoming / f"{day}{SUFFIX}"
            stored = store(file, made, progress)
            _refuse_another(stored, dataset, origin, file.name)
            _refuse_without_agency(stored, dataset, origin, file.name)
            _refuse_negative(stored, made, dataset, origin, file.name)
            sha256 = digest(made)
            before = [old for old in self.vintages(dataset) if _day_and_number(old.id.vintage)[0] <= str(day)]
            same_day = [old for old in before if _day_and_number(old.id.vintage)[0] == str(day)]
            for present in same_day or before[-1:]:
                is_same = present.card.sha256 == sha256 or _hold_the_same(present, made)
                if is_same and present.card.activities == origin.activities:
                    return present, False
            if same_day and not numbered:
                raise _conflict(same_day[-1], file.name, sha256)
            caveats = examine(NormalForm(made, origin.declaration), stored)
            origin = replace(origin, caveats=(*origin.caveats, *caveats))
            vintage = f"{day}.{len(same_day) + 1}" if same_day else str(day)
            path = self._place(SnapshotId(origin.agency, dataset, vintage))
            write_whole(path.with_name(f"{vintage}.yaml"), _card_text(_card(stored, dataset, vintage, origin, sha256)))
            _synchronise(made)
            os.replace(made, path)
        return _at(path), True

    def _place(self, id: SnapshotId) -> Path:
        """The path of a new snapshot, composed only here: its names are checked, and then the path itself."""
        _check_names(id)
        top = os.path.abspath(self.folders[-1])
        path = os.path.abspath(os.path.join(top, id.agency, id.dataset, f"{id.vintage}{SUFFIX}"))
        assert os.path.relpath(path, top) == f"{id}{SUFFIX}".replace("/", os.sep), f"{path} is outside of {top}"
        return Path(path)


def _check_names(id: SnapshotId, where: str | None = None) -> None:
    SOURCE.checked(id.agency, where=where)
    DATASET.checked(id.dataset, where=where)
    VINTAGE.checked(id.vintage, where=where)


@contextmanager
def _locked(folder: Path) -> Iterator[Path]:
    """Hold the lock of a dataset's folder, with an empty folder in it; if nothing existed before, leave nothing."""
    from filelock import FileLock

    new = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / _LOCK):
            shutil.rmtree(folder / _INCOMING, ignore_errors=True)
            (folder / _INCOMING).mkdir()
            try:
                yield folder / _INCOMING
            finally:
                shutil.rmtree(folder / _INCOMING)
    finally:
        if not any(folder.glob(f"*{SUFFIX}")):
            _leave_nothing(new)


def _leave_nothing(folders: Sequence[Path]) -> None:
    for folder in folders:
        try:
            (folder / _LOCK).unlink(missing_ok=True)
            folder.rmdir()
        except OSError:
            # Another process is storing something there at this moment.
            return


def _synchronise(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _at(path: Path) -> Snapshot:
    agency, dataset = path.parts[-3:-1]
    id = SnapshotId(agency, dataset, path.name.removesuffix(SUFFIX))
    _check_names(id, where=str(path))
    return Snapshot(id, path)


def _day_and_number(vintage: str) -> tuple[str, int]:
    day, _, number = vintage.partition(".")
    return day, int(number or 1)


def _refuse_another(stored: "Stored", dataset: str, origin: Origin, name: str) -> None:
    declared = origin.declaration
    *_, flow = ((declared and declared.flow) or dataset).split(",")[:2]
    if stored.dataset in (None, flow.lower(), *(declared.formerly if declared else ())):
        return
    raise MalformedFile(
        f"{name} says that it is another dataset",
        where=name,
        expected=dataset,
        found=stored.dataset,
        unchanged="nothing was stored",
        hint=f"import it with --dataset {stored.dataset}, or check where it comes from",
    )


def _refuse_without_agency(stored: "Stored", dataset: str, origin: Origin, name: str) -> None:
    """Refuse a file of a dataset that is not declared if it does not name the agency: it might be that of another."""
    if not origin.names_itself or (stored.agency or "").lower() == origin.agency:
        return
    raise InvalidDeclaration(
        f"the dataset {dataset} is not declared, and {name} does not say that it is from {origin.agency}",
        where=name,
        expected=f"{origin.agency.upper()}:{dataset.upper()} in its column DATAFLOW or STRUCTURE_ID, or a declaration",
        found=f"the agency {stored.agency}" if stored.agency else "no agency",
        unchanged="nothing was stored",
        hint=f"declare it first in params/datasets/{dataset}.yaml (agency, title, unit: CONTRIBUTING.md shows how)",
    )


def _refuse_negative(stored: "Stored", made: Path, dataset: str, origin: Origin, name: str) -> None:
    """Refuse a negative count that is not declared; a dataset that is not declared may hold balances."""
    if stored.negative is None or origin.declaration is None or origin.declaration.signed is True:
        return
    where, text = stored.negative
    if declared := origin.declaration.signed:
        from workbench.data.formats.cells import MEASURED
        from workbench.data.normal_form import NormalForm

        row = _negative_besides(NormalForm(made, origin.declaration), declared)
        if row is None:
            return
        keys = [code for key, code in row.items() if key not in MEASURED]
        where, text = ", ".join([name, *keys, row["time"]]), f"{row['value']:g}"
    raise MalformedFile(
        f"{name} has a negative figure, but {dataset} is measured in {origin.declaration.unit}",
        where=where,
        expected="a number from 0 on, or an empty cell",
        found=text,
        unchanged="nothing was stored",
        hint="correct the file; or, if it holds balances or the provider has published it so, declare that under signed "
        f"in params/datasets/{dataset}.yaml",
    )


def _negative_besides(form: "NormalForm", declared: Sequence[Mapping[str, str]]) -> dict[str, Any] | None:
    """The first negative observation that has none of the declared sets of codes."""
    import pyarrow.compute

    rows = form.select({})
    negative = rows.filter(pyarrow.compute.less(rows["value"], 0)).to_pylist()
    return next((row for row in negative if not any(codes.items() <= row.items() for codes in declared)), None)


def _hold_the_same(present: Snapshot, made: Path) -> bool:
    """Whether two files hold the same observations, though their bytes may differ with the version of the library."""
    from workbench.data.normal_form import NormalForm

    old, new = present.opened(), NormalForm(made)
    if (old.dimensions, old.codes, old.rows) != (new.dimensions, new.codes, new.rows):
        return False
    return all(mine.equals(other) for mine, other in zip(old.by_place(), new.by_place(), strict=True))


def _conflict(present: Snapshot, name: str, sha256: str) -> ConflictingSnapshot:
    return ConflictingSnapshot(
        f"the snapshot {present.id} exists already, and {name} holds something else",
        where=str(present.path),
        expected=f"sha256 {present.card.sha256}",
        found=f"sha256 {sha256} in the normal form",
        unchanged="the existing snapshot; nothing was stored",
        hint="give the day of this download as --vintage",
    )


def _card(stored: "Stored", dataset: str, vintage: str, origin: Origin, sha256: str) -> Card:
    times = stored.codes["time"]
    coverage: dict[str, str | int] = {"from": times[0], "to": times[-1], "rows": stored.rows}
    if "geo" in stored.codes:
        coverage["places"] = len(stored.codes["geo"])
    known = vars(origin) | {"last_update": stored.last_update or origin.last_update}
    known["labels"] = stored.labels or {name: said for name, said in origin.labels.items() if name in stored.codes}
    del known["declaration"], known["names_itself"]
    named = {"dataset": dataset, "vintage": vintage, "coverage": coverage, "sha256": sha256}
    return structured({**known, **named}, Card)


def _card_text(card: Card) -> str:
    said = without_nothing(to_builtins(card))
    seldom = ("labels", "activities", "is_made_up")
    known = {name: one for name, one in said.items() if one or name not in seldom}
    return yaml.safe_dump(known, sort_keys=False, allow_unicode=True, width=120)
