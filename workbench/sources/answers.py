"""What is asked of a provider, and what it answers."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Request:
    """A dataset, whole or cut.

    Attributes
    ----------
    dataset : str
        The provider's code: ``migr_asyappctza``; of a source with several agencies ``AGENCY,FLOW,VERSION``.
    since : str or None
        First period.
    filters : mapping
        Dimension to the codes that are wanted.
    formerly : mapping
        Older name of a dimension to its newest: a filter may still use it.
    newest_codes : mapping
        Newest name of a dimension to (older: newest) codes.
    """

    dataset: str
    since: str | None = None
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    formerly: Mapping[str, str] = field(default_factory=dict)
    newest_codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Download:
    """A native file, whole, with what the provider says of it.

    Attributes
    ----------
    url : str
        What was asked for.
    last_update : str or None
        When the provider last changed the dataset, as it says so.
    """

    path: Path
    url: str
    title: str | None = None
    last_update: str | None = None


@dataclass(frozen=True)
class PublishedVersion:
    """What a catalogue says of a dataset."""

    title: str
    last_update: datetime.date | None
