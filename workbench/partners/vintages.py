"""Vintages of what was sent: none is stored that is older than what is there."""

import datetime

from workbench.data.snapshots import SnapshotStore
from workbench.model.errors import ConflictingSnapshot


def refuse_older(store: SnapshotStore, dataset: str, day: datetime.date, hint: str) -> None:
    """Refuse a day before that of the newest vintage of a dataset.

    Raises
    ------
    ConflictingSnapshot
        If it is; nothing was stored.
    """
    vintages = store.vintages(dataset)
    if vintages and (newest := vintages[-1].id.vintage[:10]) > str(day):
        raise ConflictingSnapshot(
            f"{vintages[-1].id} is newer than what is to be stored",
            expected=f"{newest} or later",
            found=str(day),
            unchanged="nothing was stored",
            hint=hint,
        )
