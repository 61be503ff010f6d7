"""A register in which nothing is wrong becomes a vintage of its dataset, with the words of each activity on its card."""

import datetime
from dataclasses import dataclass

from workbench.data.cards import Origin, digest
from workbench.data.formats.table import CellsOfFrame
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.datasets import read_dataset
from workbench.model.errors import ConflictingSnapshot, DoubtfulFile
from workbench.model.paths import Project
from workbench.model.types import message
from workbench.partners.activities.observations import observations_of
from workbench.partners.activities.reading import RegisterReading
from workbench.partners.vintages import refuse_older

MADE_UP = message("The register is made up, to try things out: none of these activities took place.")


@dataclass(frozen=True)
class AcceptedRegister:
    """The snapshot of a register, whether it was made now, and how many activities of years that have not ended it leaves out."""

    snapshot: Snapshot
    is_new: bool
    years: range
    left_out: int


def accept_register(project: Project, reading: RegisterReading, day: datetime.date) -> AcceptedRegister:
    """Store a register in which nothing is wrong.

    Parameters
    ----------
    day : datetime.date
        The day on which it stood so: the vintage. Activities of a year that had not ended then are left out.

    Raises
    ------
    ConflictingSnapshot
        If a made-up register and a real one would stand side by side, or a newer one is there.
    DoubtfulFile
        If no activity is of a year that had ended.
    """
    assert not reading.wrong, "what is wrong is never stored"
    store, dataset = SnapshotStore.of(project), reading.register.dataset
    ended = [entry for entry in reading.entries if entry.activity.year < day.year]
    if not ended:
        raise DoubtfulFile(
            f"{reading.path.name} has no activity of a year that had ended",
            expected=f"activities that began before {day.year}",
            found=f"the first began on {reading.entries[0].activity.first}",
            unchanged="nothing was stored",
            hint="take it in once the year has ended; or give the day on which it stood so as --vintage",
        )
    _refuse_beside(store, reading)
    refuse_older(store, dataset, day, "give the day on which the register stood so as --vintage")
    years = range(ended[0].activity.year, day.year)
    declaration = read_dataset(project, dataset)
    origin = Origin(
        agency=declaration.agency,
        title=declaration.title,
        licence=reading.register.licence,
        retrieved=str(day),
        caveats=(MADE_UP,) if reading.is_made_up else (),
        source_sha256=digest(reading.path),
        declaration=declaration,
        activities=tuple(entry.activity for entry in ended),
        is_made_up=reading.is_made_up,
    )
    file = CellsOfFrame(reading.path.name, observations_of(reading.register, ended, years))
    snapshot, is_new = store.add(file, dataset, day, origin, numbered=True)
    return AcceptedRegister(snapshot, is_new, years, len(reading.entries) - len(ended))


def _refuse_beside(store: SnapshotStore, reading: RegisterReading) -> None:
    """Studies choose among the vintages: a made-up one is never among real ones."""
    for other in store.vintages(reading.register.dataset):
        if other.card.is_made_up != reading.is_made_up:
            raise ConflictingSnapshot(
                f"{other.id} is {'made up' if other.card.is_made_up else 'real'}, and {reading.path.name} is not",
                where=str(other.path),
                expected="registers that are all real, or all made up",
                found="one of each",
                unchanged="nothing was stored",
                hint=f"remove the folder {other.path.parent}, if it was there to try things out"
                if other.card.is_made_up
                else "try a made-up register in a copy of the project",
            )
