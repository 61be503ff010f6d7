"""Which cells stand on the page of a study, and which beside it, on the page about its method and data."""

import re
from collections.abc import Callable, Container, Iterable, Sequence
from itertools import pairwise

from markupsafe import Markup
from nbformat import NotebookNode

from workbench.execution.recorded import OutputPlace, Recorded
from workbench.presentation.blocks import parts_of

_BLANK = re.compile(r"\n\s*\n")
_WHOLE, _SHORT = 320, 200
"""Characters of a paragraph that is seen whole, and of the beginning of one that is longer."""
# Abbreviations of up to two letters end no sentence: 2022 m. Lietuvoje.
_END_OF_SENTENCE = re.compile(r"(?<=[^\W\d_]{3})[.?!]\s+(?=[^\W\d_])")
_EXHIBIT = re.compile(r'id="(figure|table)-[^"]*">')
_HEAD_OF_TABLE = re.compile(r'id="table-[^"]*">.*?<thead>(.*?)</thead>', re.DOTALL)
_BESIDE = 300
"""Characters that a section may say below its figure, for the figure to have the width of both columns."""
_WIDE_TABLE = 6
"""Columns from which a table needs the whole width, in the style sheet as well: beside another section its last ones are cut off."""

Section = list[NotebookNode]


def places_of_method(recorded: Recorded) -> set[OutputPlace]:
    """Where a notebook says how it was made: definitions, comparability, sources, provenance."""
    return {place for place, block in recorded.shown.items() if any(part.is_of_method for part in parts_of(block))}


def study_sections(cells: Iterable[NotebookNode], of_method: Container[OutputPlace]) -> list[Section]:
    """The sections of the study itself. One whose code cells show nothing is left out, with its text."""
    sections = [_with(section, lambda place: place not in of_method) for section in _sections(cells)]
    return [section for section in sections if section and (_is_text(section) or _shows(section))]


def method_sections(cells: Iterable[NotebookNode], of_method: Container[OutputPlace]) -> list[Section]:
    """The sections that say how it was made."""
    sections = [_with(section, lambda place: place in of_method) for section in _sections(cells)]
    return [section for section in sections if _shows(section)]


def cells_of(sections: Iterable[Section]) -> Section:
    """The cells of some sections, one after the other."""
    return [cell for section in sections for cell in section]


def side_by_side(sections: Sequence[Section]) -> set[str]:
    """The ids of the sections of one figure or table that are followed by another such: the two stand beside each other, unless
    a table needs the whole width."""
    paired: set[str] = set()
    for one, other in pairwise(sections):
        if one[0].id not in paired and all(map(_fills_a_half, (one, other))):
            paired |= {one[0].id, other[0].id}
    return paired


def with_one_figure(sections: Iterable[Section]) -> set[str]:
    """The ids of the sections that show one figure and little besides: beside its drawing stands what it says. Where there is
    more to read, it stands in two columns with the figure."""
    return {
        section[0].id
        for section in sections
        if begins_section(section[0])
        and _EXHIBIT.findall(_html(section)) == ["figure"]
        and _length_of_text(section) <= _BESIDE
    }


def headings(sections: Iterable[Section]) -> list[tuple[str, str]]:
    """The sections that have a heading: their ids, and what it says."""
    return [(first.id, first.source.splitlines()[0][3:]) for first, *_ in sections if begins_section(first)]


def begins_section(cell: NotebookNode) -> bool:
    """Whether a cell is the heading of a section, which lasts until the next."""
    return cell.cell_type == "markdown" and cell.source.startswith("## ")


def lead_and_rest(source: str) -> tuple[str, str]:
    """The headings of a Markdown cell and how its first paragraph begins; and what follows: mostly how things are measured.

    A short paragraph is whole; of a longer one stand the first sentences, at least one.
    """
    blocks = _BLANK.split(source.strip())
    first = next((place for place, block in enumerate(blocks) if not block.startswith("#")), len(blocks))
    begins, goes_on = _parted("".join(blocks[first : first + 1]))
    lead, rest = [*blocks[:first], begins], [goes_on, *blocks[first + 1 :]]
    return "\n\n".join(filter(None, lead)), "\n\n".join(filter(None, rest))


def _parted(paragraph: str) -> tuple[str, str]:
    """A paragraph as it begins, and as it goes on."""
    ends = [found.end() for found in _END_OF_SENTENCE.finditer(paragraph) if paragraph[found.end()].isupper()]
    if len(paragraph) <= _WHOLE or not ends:
        return paragraph, ""
    end = max([end for end in ends if end <= _SHORT], default=ends[0])
    return paragraph[:end].rstrip(), paragraph[end:]


def _sections(cells: Iterable[NotebookNode]) -> list[Section]:
    """The cells before the first section; then those of each section."""
    sections: list[Section] = [[]]
    for cell in cells:
        if begins_section(cell):
            sections.append([])
        sections[-1].append(cell)
    return sections


def _with(section: Section, is_wanted: Callable[[OutputPlace], bool]) -> Section:
    """A section with the outputs at some places alone, and without those that show nothing."""

    def shown(cell: NotebookNode) -> NotebookNode:
        outputs = [
            output for number, output in enumerate(cell.outputs) if is_wanted((cell.id, number)) and _is_visible(output)
        ]
        return NotebookNode(cell, outputs=outputs)

    return [shown(cell) if cell.cell_type == "code" else cell for cell in section]


def _is_visible(output: NotebookNode) -> bool:
    """Whether an output shows anything; a paragraph without sentences is empty."""
    return bool(output.get("data", {}).get("text/html", "any other").strip())


def _shows(section: Section) -> bool:
    return any(cell.outputs for cell in section if cell.cell_type == "code")


def _fills_a_half(section: Section) -> bool:
    shown = _html(section)
    heads = _HEAD_OF_TABLE.findall(shown)
    is_narrow = all(head.count("<th") < _WIDE_TABLE for head in heads)
    return begins_section(section[0]) and len(_EXHIBIT.findall(shown)) == 1 and is_narrow


def _html(section: Section) -> str:
    return "\n".join(_shown(section))


def _shown(section: Section) -> list[str]:
    """What each output of the code cells of a section shows."""
    outputs = (output for cell in section if cell.cell_type == "code" for output in cell.outputs)
    return [output.get("data", {}).get("text/html", "") for output in outputs]


def _length_of_text(section: Section) -> int:
    """Characters of what the code cells of a section say, without its exhibits."""
    return sum(len(Markup(shown).striptags()) for shown in _shown(section) if not _EXHIBIT.search(shown))


def _is_text(section: Section) -> bool:
    return all(cell.cell_type != "code" for cell in section)
