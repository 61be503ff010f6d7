"""Who owes what: for each collection and period, whether its figures are here, and until when they are asked for."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.collections import Collection, declared_collections, read_collection
from workbench.model.paths import Project


class State(StrEnum):
    """How far a collection is."""

    RECEIVED = "received"
    OVERDUE = "overdue"
    DUE = "due"


@dataclass(frozen=True)
class Standing:
    """How far a collection is for a period.

    Attributes
    ----------
    missing : tuple of str
        Its datasets whose newest vintage lacks the period.
    days : int
        Until the deadline; negative where it has passed.
    """

    collection: str
    institution: str
    period: str
    deadline: datetime.date
    missing: tuple[str, ...]
    days: int

    @property
    def state(self) -> State:
        if not self.missing:
            return State.RECEIVED
        return State.OVERDUE if self.days < 0 else State.DUE


def standings(project: Project, today: datetime.date) -> list[Standing]:
    """All declared collections and periods, by deadline."""
    store = SnapshotStore.of(project)
    of_all = (
        _standing(store, collection, period, today)
        for collection in (read_collection(project, name) for name in declared_collections(project))
        for period in collection.periods
    )
    return sorted(of_all, key=lambda one: (one.deadline, one.collection))


def _standing(store: SnapshotStore, collection: Collection, period: str, today: datetime.date) -> Standing:
    deadline = collection.periods[period]
    missing = tuple(table.dataset for table in collection.tables if not _holds(store, table.dataset, period))
    days = (deadline - today).days
    return Standing(collection.collection, collection.institution, period, deadline, missing, days)


def _holds(store: SnapshotStore, dataset: str, period: str) -> bool:
    """Whether the newest vintage of a dataset has a period."""
    return any(_has(snapshot, period) for snapshot in store.vintages(dataset)[-1:])


def _has(snapshot: Snapshot, period: str) -> bool:
    """Whether a snapshot has a period; it is opened only where its card, which says the first and the last, leaves it open."""
    ends = snapshot.card.ends
    if ends and not ends[0] < period < ends[-1]:
        return period in ends
    return period in snapshot.opened().codes["time"]
