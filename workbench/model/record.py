"""The record of a run: what it read and what it published, without a language. It travels inside the executed notebook."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from workbench.model.encoding import decoded, encoded
from workbench.model.sentence import Labels, Name, Period, Place, Sentence, Texts
from workbench.model.types import Result

RECORD_TYPE = "application/vnd.migration-workbench.record.v2+json"
"""The media type of a record."""

BLOCK_TYPE = "application/vnd.migration-workbench.block.v1+json"
"""The media type of the description of a block: what it shows, without a language."""


@dataclass(frozen=True)
class Source:
    """A snapshot that a run read; ``title`` and ``licence`` are messages.

    Attributes
    ----------
    url : str or None
        The provider's page of the dataset.
    metadata_url : str
        The provider's description of its definitions and methods.
    is_made_up : bool
        Whether it was made up, to try things out.
    is_shown : bool
        Whether something that is shown comes from it; otherwise a number was looked for in it, and none found, or none shown.
    """

    agency: str
    dataset: str
    vintage: str
    sha256: str
    provider: str
    title: str
    licence: str
    url: str | None
    metadata_url: str
    is_made_up: bool = False
    is_shown: bool = True


@dataclass(frozen=True)
class VintageNotes:
    """What the card of a vintage says to the reader: how it was retrieved, its caveats, what was left out; messages."""

    vintage: str
    retrieved: str
    caveats: tuple[str, ...]
    omitted: str


@dataclass(frozen=True)
class DatasetNotes:
    """What must be known to compare the numbers of a dataset: its definition, its rounding, notes on it, its vintages."""

    dataset: str
    definition: str
    rounding_base: int | float
    notes: tuple[str, ...]
    vintages: tuple[VintageNotes, ...]


@dataclass(frozen=True)
class Record:
    """What a run read and published.

    Attributes
    ----------
    study, country, year : str, str, int
        The run.
    title, summary, topic : str
        Of the study; title and summary are messages.
    parameters : mapping
        The study's own parameters.
    sources : tuple of Source
        Every snapshot that was read.
    findings : tuple of Sentence
        The key findings.
    notes : tuple of DatasetNotes
        What a reader must know to compare.
    results : tuple of Result
        Every published number, sorted by key.
    blocks : tuple of str
        Digests of the blocks that the study made, sorted.
    page : str
        How its page is laid out: as a ``study`` or as a ``brief``.
    """

    study: str
    title: str
    summary: str
    topic: str
    country: str
    year: int
    parameters: Mapping[str, Any]
    sources: tuple[Source, ...]
    findings: tuple[Sentence, ...]
    notes: tuple[DatasetNotes, ...]
    results: tuple[Result, ...]
    blocks: tuple[str, ...] = ()
    page: str = "study"

    @property
    def is_made_up(self) -> bool:
        """Whether something that it read was made up, to try things out."""
        return any(source.is_made_up for source in self.sources)

    def as_json(self) -> dict[str, Any]:
        """The record as JSON can hold it."""
        return encoded(self)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """Read a record back from JSON."""
        return decoded(said, {one.__name__: one for one in (cls, Source, DatasetNotes, VintageNotes, *SENTENCES)})


@dataclass(frozen=True)
class CorrectionNote:
    """What was corrected in a study after it was published: an ISO date, and what its readers are told."""

    date: str
    text: str


@dataclass(frozen=True)
class EditionNote:
    """What a study says of its edition. ``released`` is an ISO date; ``remark`` is what the titles of its studies say after
    the year, if anything; ``corrections`` are those of this study, the first first."""

    title: str
    publisher: str
    licence: str
    released: str
    languages: tuple[str, ...]
    remark: str = ""
    corrections: tuple[CorrectionNote, ...] = ()

    @property
    def modified(self) -> str:
        """When the study was published or last corrected: an ISO date."""
        return max([self.released, *(correction.date for correction in self.corrections)])


@dataclass(frozen=True)
class About:
    """What a study says of itself, in the reader's language.

    Attributes
    ----------
    study, title, summary, topic, country, place, year, language : str or int
        The run, and its names.
    edition : EditionNote or None
        The edition that it belongs to, if it is declared.
    parameters : mapping
        The study's own parameters.
    sources : tuple of Source
        Every snapshot that was read.
    findings : tuple of str
        The key findings.
    """

    study: str
    title: str
    summary: str
    topic: str
    country: str
    place: str
    year: int
    language: str
    edition: EditionNote | None
    parameters: Mapping[str, Any]
    sources: tuple[Source, ...]
    findings: tuple[str, ...]

    @property
    def is_made_up(self) -> bool:
        """Whether something that it reads was made up, to try things out."""
        return any(source.is_made_up for source in self.sources)

    @property
    def full_title(self) -> str:
        """Title, country and year."""
        return f"{self.title}: {self.scope}"

    @property
    def scope(self) -> str:
        """Country and year, and what the edition remarks on the year."""
        remark = self.edition.remark if self.edition else ""
        return f"{self.place}, {self.year}" + (f" – {remark}" if remark else "")

    def as_json(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        said = json.loads(json.dumps(asdict(self)))
        for source in said["sources"]:
            if not source["is_made_up"]:
                del source["is_made_up"]
            if source["is_shown"]:
                del source["is_shown"]
        for name in ("remark", "corrections"):
            if self.edition and not said["edition"][name]:
                del said["edition"][name]
        return said

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """Read it back from JSON."""
        edition = said["edition"] and _edition_from_json(said["edition"])
        sources = tuple(Source(**source) for source in said["sources"])
        return cls(**{**said, "edition": edition, "sources": sources, "findings": tuple(said["findings"])})


def _edition_from_json(said: Mapping[str, Any]) -> EditionNote:
    corrections = tuple(CorrectionNote(**correction) for correction in said.get("corrections", ()))
    return EditionNote(**{**said, "languages": tuple(said["languages"]), "corrections": corrections})


SENTENCES: tuple[type, ...] = (Sentence, Place, Period, Name, Labels, Texts)
"""A sentence, and what it binds."""
