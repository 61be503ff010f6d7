"""An executed notebook and the record in it: what pages, spreadsheets and the checks of an edition are made from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import nbformat
from nbformat import NotebookNode

from workbench.execution.run_files import RunFiles
from workbench.model.encoding import UnknownDescription
from workbench.model.record import BLOCK_TYPE, RECORD_TYPE, Record
from workbench.model.sentence import Sentence
from workbench.model.types import Result
from workbench.presentation.blocks import Block, Exhibit, Findings, parts_of
from workbench.presentation.descriptions import block_of, digest_of

OutputPlace = tuple[str, int]
"""A cell's id, and which of its outputs."""


@dataclass(frozen=True)
class Statement:
    """A sentence that states numbers.

    Attributes
    ----------
    sentence : Sentence
        What it says.
    headline : Result or None
        Of a key finding: its headline number, if it has one.
    trend : tuple of Result
        Of a key finding: the trend shown beside it.
    """

    sentence: Sentence
    headline: Result | None = None
    trend: tuple[Result, ...] = ()


@dataclass(frozen=True)
class Recorded:
    """What a run left behind.

    Attributes
    ----------
    notebook : NotebookNode
        Executed; its blocks are described without a language.
    record : Record
        What it read and published.
    """

    notebook: NotebookNode
    record: Record

    @cached_property
    def places(self) -> dict[OutputPlace, str]:
        """Where the blocks that the study made are shown, each with its digest."""
        made = set(self.record.blocks)
        return {place: digest for place, output in self.outputs.items() if (digest := _digest(output)) in made}

    @cached_property
    def shown(self) -> dict[OutputPlace, Block]:
        """The blocks by their place.

        Raises
        ------
        UnknownDescription
            If another version of the workbench described one.
        """
        return {place: block_of(self.outputs[place]["data"][BLOCK_TYPE]) for place in self.places}

    @cached_property
    def outputs(self) -> dict[OutputPlace, Mapping[str, Any]]:
        """All outputs of the cells by their place: blocks, and whatever else a cell shows."""
        return {
            (cell["id"], number): output
            for cell in self.notebook["cells"]
            for number, output in enumerate(cell.get("outputs", []))
        }

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks in their order, each by itself."""
        return tuple(one for block in self.shown.values() for one in parts_of(block))

    @property
    def exhibits(self) -> list[Exhibit]:
        """The figures and tables, each once, in order."""
        return list({one.exhibit.id: one.exhibit for one in self.blocks if one.exhibit}.values())

    @property
    def statements(self) -> list[Statement]:
        """Every sentence that states a number: key findings, paragraphs, titles; said again, it is the same sentence."""
        said: dict[str, Statement] = {}
        for statement in self._said():
            if statement.trend or any(result.is_available for result in statement.sentence.results):
                said.setdefault(repr(statement.sentence), statement)
        return list(said.values())

    def _said(self) -> Iterator[Statement]:
        for block in self.blocks:
            if isinstance(block, Findings):
                yield from (Statement(one.sentence, one.number, one.trend) for one in block.made)
            yield from map(Statement, block.sentences)


def read_recorded(files: RunFiles) -> Recorded:
    """What a run left behind, from its executed notebook.

    Raises
    ------
    UnknownDescription
        If there is no record in it, or another version of the workbench described it or a block.
    """
    run, notebook = files.run, nbformat.v4.reads(files.notebook.read_text(encoding="utf-8"))
    try:
        if record := record_of(notebook.cells):
            recorded = Recorded(notebook, record)
            _ = recorded.shown
            return recorded
        what, found = "it has no record", None
    except UnknownDescription as error:
        what, found = error.what, error.found
    raise UnknownDescription(
        f"{run}: {what}",
        where=str(files.notebook.relative_to(files.project.root)),
        found=found,
        unchanged="the files in outputs/ for this run",
        hint=f"make it again: {run.command}",
    )


def _digest(output: Mapping[str, Any]) -> str:
    """The digest of the block that an output shows; empty for any other."""
    data = output.get("data", {})
    return digest_of(data[BLOCK_TYPE]) if BLOCK_TYPE in data else ""


def record_of(cells: Iterable[Mapping[str, Any]]) -> Record | None:
    """The record that the cells of an executed notebook carry, if there is one."""
    for cell in reversed(list(cells)):
        for output in cell.get("outputs", []):
            if RECORD_TYPE in output.get("data", {}):
                return Record.from_json(output["data"][RECORD_TYPE])
    return None
