"""The record of a run: what it read and what it published. It travels inside the executed notebook."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from workbench.data.snapshots import Snapshot
from workbench.declarations.studies import Sidecar
from workbench.model.words import Result, Run
from workbench.presentation.blocks import Block
from workbench.presentation.wording import Wording

RECORD_TYPE = "application/vnd.migration-workbench.record+json"


@dataclass(frozen=True)
class Record:
    """What a run read and published.

    Attributes
    ----------
    study, title, topic, country, place, year, language : str or int
        The run, and its names in the reader's language.
    parameters : dict
        The study's own parameters.
    snapshots : list of dict
        ``agency``, ``dataset``, ``vintage``, ``sha256`` of each snapshot that was read.
    results : list of Result
        Every published number, sorted by its key.
    """

    study: str
    title: str
    topic: str
    country: str
    place: str
    year: int
    language: str
    parameters: dict
    snapshots: list[dict]
    results: list[Result]

    @classmethod
    def of(
        cls, run: Run, wording: Wording, sidecar: Sidecar, read: Sequence[Snapshot], published: Iterable[Result]
    ) -> "Record":
        """Make the record of a run."""
        return cls(
            study=run.study,
            title=wording.text(sidecar.title),
            topic=sidecar.topic,
            country=run.country,
            place=wording.label("geo", run.country),
            year=run.year,
            language=run.language,
            parameters={
                name: list(value) if isinstance(value, tuple) else value for name, value in run.parameters.items()
            },
            snapshots=[asdict(snapshot.id) | {"sha256": snapshot.card.sha256} for snapshot in sorted_by_id(read)],
            results=sorted(published, key=lambda result: result.key),
        )

    def as_json(self) -> dict:
        """The record as JSON can hold it: a missing number is null."""
        results = [
            [None if isinstance(part, float) and not math.isfinite(part) else part for part in vars(result).values()]
            for result in self.results
        ]
        return json.loads(json.dumps({**vars(self), "results": results}))

    @classmethod
    def from_json(cls, said: dict) -> "Record":
        """Read a record back."""
        results = [Result(*(math.nan if part is None else part for part in row)) for row in said["results"]]
        return cls(**{**said, "results": results})


@dataclass(frozen=True)
class RecordBlock(Block):
    """A block that carries the record with it, out of the reader's sight."""

    record: Record

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html, "text/plain": repr(self), RECORD_TYPE: self.record.as_json()}


def sorted_by_id(snapshots: Iterable[Snapshot]) -> list[Snapshot]:
    """Snapshots in the order of agency, dataset and vintage."""
    return sorted(snapshots, key=lambda snapshot: snapshot.id)
