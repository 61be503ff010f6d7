"""Which datasets have snapshots, how old these are, and what is newer at the provider."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.datasets import declared_datasets, read_dataset
from workbench.declarations.sources import SourceDeclaration, declared_sources, read_source
from workbench.model.errors import ConflictingSnapshot, WorkbenchError
from workbench.model.paths import Project
from workbench.sources import PublishedVersion, published

_STAMPS = ("%d/%m/%y %H:%M:%S", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")


@dataclass(frozen=True)
class Held:
    """A dataset, its snapshots (oldest first; none if it is only declared), and what its provider publishes."""

    dataset: str
    snapshots: list[Snapshot]
    at_provider: PublishedVersion | None

    @property
    def newest(self) -> Snapshot | None:
        return self.snapshots[-1] if self.snapshots else None

    @property
    def is_outdated(self) -> bool:
        """Whether the provider has changed the dataset since the newest snapshot."""
        if not (self.newest and self.at_provider and self.at_provider.last_update):
            return False
        return self.at_provider.last_update > _as_of(self.newest)


def overview(project: Project, *, ask: bool) -> tuple[list[Held], list[WorkbenchError]]:
    """All declared datasets and all that have a snapshot.

    Parameters
    ----------
    ask : bool
        Whether to ask the providers what they publish.

    Returns
    -------
    list of Held, list of WorkbenchError
        The datasets by code; and why a provider could not be asked, or a snapshot contradicts the declaration of its dataset.
    """
    store = SnapshotStore.of(project)
    datasets = sorted({*store.datasets(), *declared_datasets(project)})
    snapshots = {dataset: store.vintages(dataset) for dataset in datasets}
    found, failures = _published(project, snapshots) if ask else ({}, [])
    failures += _misfiled(project, snapshots)
    return [Held(dataset, snapshots[dataset], found.get(dataset)) for dataset in datasets], failures


def _misfiled(project: Project, snapshots: Mapping[str, list[Snapshot]]) -> list[WorkbenchError]:
    """For each declared dataset the first snapshot that is filed under another agency."""
    failures: list[WorkbenchError] = []
    for dataset in declared_datasets(project):
        if not snapshots[dataset]:
            continue
        agency = read_dataset(project, dataset).agency
        try:
            for snapshot in snapshots[dataset]:
                snapshot.check_agency(agency)
        except ConflictingSnapshot as failure:
            failures.append(failure)
    return failures


def _published(
    project: Project, snapshots: Mapping[str, list[Snapshot]]
) -> tuple[dict[str, PublishedVersion], list[WorkbenchError]]:
    by_agency = defaultdict(list)
    for dataset, held in snapshots.items():
        by_agency[held[-1].id.agency if held else read_dataset(project, dataset).agency].append(dataset)
    found: dict[str, PublishedVersion] = {}
    failures: list[WorkbenchError] = []
    for agency in sorted(by_agency.keys() & set(declared_sources(project))):
        source = read_source(project, agency)
        asked = [dataset for dataset in by_agency[agency] if not _is_a_table(project, source, dataset)]
        if not asked:
            continue
        try:
            found |= published(source, asked)
        except WorkbenchError as failure:
            failures.append(failure)
    return found, failures


def _is_a_table(project: Project, source: SourceDeclaration, dataset: str) -> bool:
    """Whether a dataset is imported as a table with a layout, and so is not offered by an interface that serves only SDMX."""
    if source.protocol == "unhcr" or dataset not in declared_datasets(project):
        return False
    return read_dataset(project, dataset).layout is not None


def _as_of(snapshot: Snapshot) -> datetime.date:
    """The day of the last change by the provider that a snapshot contains; if its card does not say it, that of the download."""
    for stamp in _STAMPS:
        try:
            return datetime.datetime.strptime(snapshot.card.last_update or "", stamp).date()
        except ValueError:
            continue
    return datetime.date.fromisoformat(snapshot.id.vintage[:10])
