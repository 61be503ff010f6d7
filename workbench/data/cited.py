"""What is said of snapshots that were read: each as a source, and what must be known to compare its numbers."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

from workbench.data.cards import Card
from workbench.data.snapshots import Snapshot
from workbench.declarations.datasets import ComparabilityNote, DatasetDeclaration
from workbench.model.record import DatasetNotes, Source, VintageNotes

Sources = Sequence[tuple[DatasetDeclaration, Snapshot]]

_NOT_ROUNDED = "Not rounded."
"""What cards say of data whose dataset is declared to be exact, which the first of its notes says."""


def source_of(declaration: DatasetDeclaration, snapshot: Snapshot, is_shown: bool = True) -> Source:
    """A snapshot as a source, of something that is shown or of what was only looked at."""
    return Source(
        **asdict(snapshot.id),
        sha256=snapshot.card.sha256,
        provider=declaration.provider,
        title=declaration.title,
        licence=snapshot.card.licence,
        url=snapshot.card.source_url,
        metadata_url=declaration.metadata_url,
        is_made_up=snapshot.card.is_made_up,
        is_shown=is_shown,
    )


def comparability_notes(sources: Sources, country: str, year: int) -> tuple[DatasetNotes, ...]:
    """Definition, rounding, notes and caveats of each dataset, as far as they concern a country and a year."""
    grouped = (list(group) for _, group in groupby(sources, key=lambda source: source[0].dataset))
    return tuple(_of_dataset(group[0][0], [snapshot for _, snapshot in group], country, year) for group in grouped)


def _of_dataset(
    declaration: DatasetDeclaration, snapshots: Sequence[Snapshot], country: str, year: int
) -> DatasetNotes:
    notes = tuple(note.text for note in declaration.notes if note.concerns(country, year))
    return DatasetNotes(
        dataset=declaration.dataset,
        definition=declaration.definition,
        rounding_base=declaration.rounding_base,
        notes=notes,
        vintages=tuple(_of_vintage(snapshot.id.vintage, snapshot.card, notes, country, year) for snapshot in snapshots),
    )


def _of_vintage(vintage: str, card: Card, notes: Sequence[str], country: str, year: int) -> VintageNotes:
    """What the card of a vintage says beyond the notes on its dataset."""
    of_card = [ComparabilityNote(text=note) if isinstance(note, str) else note for note in card.caveats]
    caveats = [
        caveat
        for caveat in (note.text for note in of_card if note.concerns(country, year))
        if caveat != _NOT_ROUNDED and not any(note.startswith(caveat.rstrip(".")) for note in notes)
    ]
    return VintageNotes(vintage, card.retrieved, tuple(caveats), card.omitted or "")
