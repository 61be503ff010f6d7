"""The cells of the snapshots in an archive, as its own declarations read them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from workbench.archiving.bag import PAYLOAD
from workbench.archiving.members import Members
from workbench.archiving.reading import readable, refuse_hostile_yaml, understood
from workbench.data.observations import cells
from workbench.data.snapshots import SUFFIX, SnapshotStore
from workbench.declarations.datasets import DatasetDeclaration, read_dataset
from workbench.declarations.indicators import Count, CountSource, Indicators, read_indicators
from workbench.execution.processes import clear_temporary_folders, temporary_folder
from workbench.model.errors import InvalidDeclaration, UnknownCode
from workbench.model.paths import Project
from workbench.model.periods import periods_of
from workbench.model.types import NOT_BROKEN_DOWN, OTHER, Result

_REST = {OTHER, NOT_BROKEN_DOWN}
_SNAPSHOTS = "snapshots/"
_DECLARED = ("params/indicators.yaml", "params/datasets/")

Cells = Mapping[tuple[str, str], float]
"""Place and time to value."""


@contextmanager
def archived_cells(members: Members, payload: Iterable[str]) -> Iterator["ArchivedCells"]:
    """The snapshots of an archive and their declarations, laid out in a temporary folder while they are read.

    Parameters
    ----------
    members : Members
        An archive whose digests are right.
    payload : iterable of str
        The paths of its files.

    Raises
    ------
    DamagedArchive
        If declarations cannot be read.
    """
    clear_temporary_folders()
    with temporary_folder("verify") as folder:
        for path in sorted(payload):
            if path.startswith((*_DECLARED, _SNAPSHOTS)):
                _lay_out(members, path, Path(folder) / path)
        yield ArchivedCells(members, Path(folder))


def _lay_out(members: Members, path: str, target: Path) -> None:
    if path.endswith(".yaml"):
        readable(members, PAYLOAD + path, "YAML", refuse_hostile_yaml)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        file.writelines(members.pieces(PAYLOAD + path))


class ArchivedCells:
    """The snapshots of an archive, as they are laid out in a folder.

    Attributes
    ----------
    not_compared : set of str
        What could not be compared so far, and why: declarations, cards or code lists are of another version.
    """

    def __init__(self, members: Members, folder: Path):
        self._members, self._project = members, Project(folder)
        self._store = SnapshotStore([folder / _SNAPSHOTS])
        self._cells: dict[tuple[str, ...], Cells | None] = {}
        self._declarations: dict[str, DatasetDeclaration] = {}
        self.not_compared: set[str] = set()

    @cached_property
    def _indicators(self) -> Indicators:
        try:
            return read_indicators(self._project)
        except InvalidDeclaration as error:
            self.not_compared.add(f"cells of snapshots: the indicators are of another version ({error.what})")
            return Indicators(indicators={}, derivations={})

    def of(self, result: Result) -> float | None:
        """The value that a snapshot has for a result that is an observation as published; None for any other.

        Raises
        ------
        DamagedArchive
            If the snapshot cannot be read.
        """
        source = self._source(result) if result.is_available and result.has_vintage else None
        if source is None:
            return None
        key = (*result.key[:1], result.breakdown, result.dataset, result.vintage)
        if key not in self._cells:
            self._cells[key] = self._read(result, source)
        found = self._cells[key]
        # Files leave out zeros of some dimensions.
        is_left_out = bool(source.zeros_left_out) and not result.value
        return None if found is None else found.get((result.geo, result.time), 0.0 if is_left_out else float("nan"))

    def _source(self, result: Result) -> CountSource | None:
        """How a result is read from its dataset; None if it is added up, or computed from several."""
        declared = self._indicators.indicators.get(result.indicator)
        if not isinstance(declared, Count) or not _REST.isdisjoint(result.codes.values()):
            return None
        source = next((one for one in declared.sources if one.dataset == result.dataset), None)
        if source is None or source.over.keys() - result.codes.keys() or source.whole == result.geo:
            return None
        return source if not source.year or list(periods_of(result.time, source.year)) == [result.time] else None

    def _read(self, result: Result, source: CountSource) -> Cells | None:
        """The cells of an indicator and a breakdown; None where declarations or code lists of another version name them."""
        dataset, vintage, codes = result.dataset, result.vintage, {**source.where, **result.codes}
        member = f"{PAYLOAD}snapshots/…/{dataset}/{vintage}{SUFFIX}"
        try:
            with understood(self._members, member, "observations", InvalidDeclaration, UnknownCode):
                return cells(self._store.open(dataset, vintage), self._declared(dataset), codes)
        except (InvalidDeclaration, UnknownCode) as error:
            self.not_compared.add(f"cells of {dataset} {vintage}: it is of another version ({error.what})")
            return None

    def _declared(self, dataset: str) -> DatasetDeclaration:
        if dataset not in self._declarations:
            self._declarations[dataset] = read_dataset(self._project, dataset)
        return self._declarations[dataset]
