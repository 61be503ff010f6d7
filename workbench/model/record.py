"""The record of a run: what it read and what it published. It travels inside the executed notebook."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self

from workbench.model.types import Result

RECORD_TYPE = "application/vnd.migration-workbench.record+json"


@dataclass(frozen=True)
class Source:
    """A snapshot that a run read, as the reader sees it cited.

    Attributes
    ----------
    url : str or None
        The provider's page of the dataset.
    metadata_url : str or None
        The provider's description of its definitions and methods; records of older versions have none.
    """

    agency: str
    dataset: str
    vintage: str
    sha256: str
    provider: str
    title: str
    licence: str
    url: str | None
    metadata_url: str | None = None


@dataclass(frozen=True)
class EditionNote:
    """What a study says of the edition of its year. ``released`` is an ISO date."""

    title: str
    publisher: str
    licence: str
    released: str
    languages: list[str]


@dataclass(frozen=True)
class Exhibit:
    """A numbered figure or table.

    Attributes
    ----------
    id, label, title : str
        Its id in the page, its number and its title.
    rows, columns : str
        The axes.
    results : list of list of str
        The keys of the results that it shows.
    lacks : list of str
        The commands that would fetch what is missing, where it lacks a snapshot or has no value at all.
    is_whole : bool
        Whether it shows the parts of a whole, which must then be complete.
    """

    id: str
    label: str
    title: str
    rows: str
    columns: str
    results: list[list[str]]
    lacks: list[str]
    is_whole: bool = False


@dataclass(frozen=True)
class Said:
    """A sentence that states numbers.

    Attributes
    ----------
    text : str
        As the reader sees it.
    results : list of list of str
        The keys of its results.
    headline : list of str or None
        Of a key finding: the key of its headline number, if it has one.
    trend : list of list of str
        Of a key finding: the keys of the trend shown beside it.
    """

    text: str
    results: list[list[str]]
    headline: list[str] | None = None
    trend: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class About:
    """What a study says of itself, in the reader's language.

    Attributes
    ----------
    study, title, summary, topic, country, place, year, language : str or int
        The run, and its names.
    edition : EditionNote or None
        The edition of that reference year, if one is declared.
    parameters : dict
        The study's own parameters.
    sources : list of Source
        Every snapshot that was read.
    findings : list of str
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
    parameters: dict[str, Any]
    sources: list[Source]
    findings: list[str]

    @property
    def full_title(self) -> str:
        """Title, country and year."""
        return f"{self.title}: {self.place}, {self.year}"

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """Read it back from JSON."""
        edition = EditionNote(**said["edition"]) if said["edition"] else None
        return cls(**{**said, "edition": edition, "sources": [Source(**source) for source in said["sources"]]})


@dataclass(frozen=True)
class Record(About):
    """What a run read and published.

    Attributes
    ----------
    exhibits : list of Exhibit
        Figures and tables, in order.
    notes : list of (str, list of str)
        What a reader must know to compare: each a heading and its paragraphs.
    said : list of Said
        Every sentence that states a number: key findings, paragraphs, titles.
    results : list of Result
        Every published number, sorted by key.
    blocks : list of str
        Digests of the blocks that the study made, sorted.
    untranslated : list of str
        Texts that the language's catalogue does not translate, sorted.
    """

    exhibits: list[Exhibit]
    said: list[Said]
    notes: list[tuple[str, list[str]]]
    results: list[Result]
    blocks: list[str] = field(default_factory=list)
    untranslated: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The record as JSON can hold it: a missing number is null, an infinite one a sign."""
        plain = asdict(replace(self, results=[]))
        plain["results"] = [[_to_json(part) for part in vars(result).values()] for result in self.results]
        return json.loads(json.dumps(plain))

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """Read a record back from JSON."""
        exhibits = [Exhibit(**exhibit) for exhibit in said["exhibits"]]
        sentences = [Said(**sentence) for sentence in said["said"]]
        results = [Result(*map(_from_json, row)) for row in said["results"]]
        return super().from_json({**said, "exhibits": exhibits, "said": sentences, "results": results})

    @property
    def headlines(self) -> list[list[str]]:
        """The key of the headline number of each key finding that has one, in order: the same in every language."""
        return [sentence.headline for sentence in self.said if sentence.headline]

    def about(self) -> dict[str, Any]:
        """What the study says of itself, as JSON can hold it: all that the catalogue needs except the numbers."""
        plain = replace(self, exhibits=[], said=[], notes=[], results=[]).as_json()
        return {part.name: plain[part.name] for part in fields(About)}


_UNBOUNDED = "∞"


def _to_json(part: str | float) -> str | float | None:
    if isinstance(part, float) and not math.isfinite(part):
        return None if math.isnan(part) else _UNBOUNDED
    return part


def _from_json(part: Any) -> Any:
    return {None: math.nan, _UNBOUNDED: math.inf}.get(part, part)
