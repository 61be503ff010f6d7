"""A block as a notebook shows it: described without a language, and worded in the notebook's."""

import os
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from workbench.model.record import BLOCK_TYPE, RECORD_TYPE, Record
from workbench.presentation.blocks import Block, Blocks, gaps_html
from workbench.presentation.descriptions import described, digest_of
from workbench.presentation.notebook_style import styled
from workbench.presentation.wording import Wording

ONLY_DESCRIBED = "MIGRATION_WORKBENCH_ONLY_DESCRIBED"
"""The environment variable of kernels whose output is worded elsewhere: they need not word and draw it themselves."""

MimeBundle = tuple[dict[str, Any], dict[str, Any]]
"""What IPython shows: data and metadata, each by its media type."""


@dataclass(frozen=True)
class Shown:
    """What a method of the study returns, for the notebook to show.

    Attributes
    ----------
    block : Block
        What it is.
    wording : Wording
        The notebook's language.
    made : set of str
        Digests of the blocks that its study made, to which this one is added.
    record : Record or None
        Carried with it, out of the reader's sight.
    """

    block: Block
    wording: Wording = field(repr=False, compare=False)
    made: set[str] = field(repr=False, compare=False)
    record: Record | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.made.add(digest_of(self.description))

    @cached_property
    def description(self) -> dict[str, Any]:
        """The block without a language, as JSON can hold it."""
        return described(self.block)

    def _repr_mimebundle_(self, **_kinds: object) -> MimeBundle:
        data: dict[str, Any] = {BLOCK_TYPE: self.description, "text/plain": repr(self)}
        if ONLY_DESCRIBED not in os.environ:
            data["text/html"] = styled(self.block.html(self.wording) + gaps_html(self.block.gaps(self.wording)))
        if self.record:
            data[RECORD_TYPE] = self.record.as_json()
        return data, {}

    def __add__(self, other: "Shown") -> "Shown":
        """One below the other, in one cell."""
        made = self.made if other.made is self.made else set()
        return Shown(Blocks((self.block, other.block)), self.wording, made)

    def __repr__(self) -> str:
        exhibit = self.block.exhibit
        return f"<{type(self.block).__name__}{f' {exhibit.id}' if exhibit else ''}>"
