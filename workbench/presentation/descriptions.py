"""Blocks as JSON, without a language: what leaves the kernel beside what JupyterLab shows, and is worded elsewhere."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from workbench.declarations.events import Event, EventSource
from workbench.model.encoding import decoded, encoded
from workbench.model.record import SENTENCES, DatasetNotes, Record, Source, VintageNotes
from workbench.presentation import blocks, charts
from workbench.presentation.blocks import Block
from workbench.presentation.brief import Commentary, Point, Points, Signed
from workbench.presentation.figure import Figure
from workbench.presentation.own.blocks import OwnFigure, OwnTable
from workbench.presentation.own.tables import OwnCells
from workbench.presentation.query import Answered, AskedQuery, MemberAnswers


def described(block: Block) -> dict[str, Any]:
    """A block as JSON can hold it, without a language: what leaves the kernel beside what JupyterLab shows."""
    return encoded(block)


def block_of(description: Mapping[str, Any]) -> Block:
    """A block from its description.

    Raises
    ------
    UnknownDescription
        If another version of the workbench made it.
    """
    return decoded(description, _types())


def digest_of(description: Mapping[str, Any]) -> str:
    """What a record knows a block by: the digest of its description."""
    return hashlib.sha256(json.dumps(description, sort_keys=True).encode()).hexdigest()


@cache
def _types() -> dict[str, type]:
    """All that a description may hold, by name."""
    drawn = [getattr(charts, name) for name in charts.__all__]
    known = (*_BLOCKS, *_PARTS, *SENTENCES, *drawn)
    return {one.__name__: one for one in known}


_BLOCKS: tuple[type, ...] = (
    blocks.Findings,
    blocks.Paragraph,
    blocks.Heading,
    blocks.RelatedStudies,
    Figure,
    blocks.Table,
    blocks.Comparability,
    blocks.Definitions,
    blocks.Sources,
    blocks.Provenance,
    blocks.Blocks,
    Points,
    Commentary,
    OwnFigure,
    OwnTable,
    AskedQuery,
    MemberAnswers,
)
_PARTS: tuple[type, ...] = (
    Event,
    EventSource,
    blocks.Finding,
    blocks.Gap,
    blocks.Tabular,
    Point,
    Signed,
    OwnCells,
    Answered,
    Record,
    Source,
    DatasetNotes,
    VintageNotes,
)
