"""Requests to providers, and their responses."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Request:
    """A dataset, whole or in part.

    Attributes
    ----------
    dataset : str
        The provider's code: ``migr_asyappctza``; ``AGENCY,FLOW,VERSION`` for a source with several agencies.
    since : str or None
        First period; all periods if None.
    filters : mapping
        Dimension to the codes that are wanted.
    formerly : mapping
        Older name of a dimension, which a filter may use, to its newest name.
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
    """A complete native file, with what the provider says of it.

    Attributes
    ----------
    url : str
        The address that it comes from.
    last_update : str or None
        When the provider last changed the dataset, in the provider's notation.
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
