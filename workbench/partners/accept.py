"""What an institution sent becomes snapshots of its datasets: one vintage for each table, and all of them or none.

A new vintage holds the period that was sent, and all other periods as the newest vintage has them, so that a study reads one
vintage. What the institution explained is a caveat of the card from that period on.
"""

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas

from workbench.data.cards import Origin, digest
from workbench.data.formats.cells import MEASURED
from workbench.data.formats.table import CellsOfFrame
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.collections import declared_collections, read_collection
from workbench.declarations.datasets import ComparabilityNote
from workbench.model.errors import DoubtfulFile
from workbench.model.paths import Project
from workbench.model.periods import days_of
from workbench.partners.cells import MARKS
from workbench.partners.earlier import observations
from workbench.partners.filled import FilledTable
from workbench.partners.read import Reading
from workbench.partners.vintages import refuse_older


@dataclass(frozen=True)
class Accepted:
    """A snapshot of a table, and whether it was made now."""

    snapshot: Snapshot
    is_new: bool


def accepted_before(project: Project, path: Path) -> list[Accepted]:
    """The snapshots that were made from exactly this file; empty if there are none, or not of all its tables."""
    store, sha256 = SnapshotStore.of(project), digest(path)
    collections = (read_collection(project, name) for name in declared_collections(project))
    for datasets in ([table.dataset for table in collection.tables] for collection in collections):
        stored = [
            Accepted(snapshot, False)
            for dataset in datasets
            for snapshot in store.vintages(dataset)
            if snapshot.card.source_sha256 == sha256
        ]
        if {one.snapshot.id.dataset for one in stored} == set(datasets):
            return stored
    return []


def accept(project: Project, reading: Reading, day: datetime.date) -> list[Accepted]:
    """Store the tables of a file in which nothing is wrong.

    Parameters
    ----------
    day : datetime.date
        The day on which it came: the vintage.

    Raises
    ------
    ConflictingSnapshot
        If a vintage of a later day holds the table already; nothing is stored then.
    DoubtfulFile
        If the period had not ended on that day.
    """
    store = SnapshotStore.of(project)
    _refuse_unfinished(reading, day)
    for table in reading.tables:
        refuse_older(store, table.form.declaration.dataset, day, "give the day on which the file came as --received")
    return [_stored(store, reading, table, day) for table in reading.tables]


def _refuse_unfinished(reading: Reading, day: datetime.date) -> None:
    _, end = days_of(reading.identity.period)
    if day <= end:
        raise DoubtfulFile(
            f"{reading.path.name} came before {reading.identity.period} had ended",
            expected=f"a day after {end}",
            found=str(day),
            unchanged="nothing was stored",
            hint="ask for the figures of the whole period; or give the day on which the file came as --received",
        )


def _stored(store: SnapshotStore, reading: Reading, table: FilledTable, day: datetime.date) -> Accepted:
    declaration = table.form.declaration
    before = store.vintages(declaration.dataset)[-1:]
    frame = pandas.DataFrame([*_sent(reading, table), *_kept(before, table)], dtype=object)
    assert reading.form
    collection = reading.form.collection
    origin = Origin(
        agency=declaration.agency,
        title=declaration.title,
        licence=collection.licence,
        retrieved=str(day),
        caveats=(*_caveats_of_others(before, table.form.period), *_explanations(table)),
        source_sha256=digest(reading.path),
        sender=collection.institution,
        declaration=declaration,
    )
    file = CellsOfFrame(reading.path.name, _in_order(frame, before))
    return Accepted(*store.add(file, declaration.dataset, day, origin, numbered=True))


def _sent(reading: Reading, table: FilledTable) -> Iterator[dict[str, Any]]:
    assert reading.form
    fixed = reading.form.collection.codes_of(table.form.table)
    for row in table.rows:
        for codes, figure in zip(table.form.table.value_columns, row.figures):
            assert figure is not None, "what is wrong is never stored"
            yield {
                **fixed,
                **row.codes,
                **codes,
                "time": table.form.period,
                "value": "" if figure.value is None else str(figure.value),
                "obs_status": "",
                "conf_status": MARKS.get(figure.mark, ""),
            }


def _kept(before: list[Snapshot], table: FilledTable) -> Iterator[dict[str, Any]]:
    """The other periods, as the newest vintage has them."""
    for snapshot in before:
        for row in observations(snapshot, table.form.declaration, {}):
            if row["time"] != table.form.period:
                yield {**row, "value": "" if math.isnan(row["value"]) else f"{row['value']:.15g}"}


def _in_order(frame: pandas.DataFrame, before: list[Snapshot]) -> pandas.DataFrame:
    """The dimensions in the order of the newest vintage, then what is measured; the index is the row."""
    known = [name for snapshot in before for name in snapshot.opened().dimensions]
    dimensions = known or [name for name in frame.columns if name not in MEASURED]
    frame.index = pandas.RangeIndex(1, len(frame) + 1)
    return frame[[*dimensions, *MEASURED]]


def _caveats_of_others(before: list[Snapshot], period: str) -> Iterator[str | ComparabilityNote]:
    """What the newest vintage has, without what was explained of the period that is sent again."""
    for snapshot in before:
        for caveat in snapshot.card.caveats:
            if isinstance(caveat, str) or not caveat.text.startswith(_explained(period)):
                yield caveat


def _explanations(table: FilledTable) -> Iterator[ComparabilityNote]:
    period = table.form.period
    for row in table.rows:
        if row.explanation:
            text = f"{_explained(period)}{table.form.label(row.codes)}: „{row.explanation}“"
            yield ComparabilityNote(text=text, since=int(period))


def _explained(period: str) -> str:
    """How an explanation of a period begins."""
    return f"{period}, "
