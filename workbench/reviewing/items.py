"""What can be commented on in a study: its findings, paragraphs, figures and tables, each with an anchor that outlives a new run."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from lxml import html

from workbench.execution.recorded import Recorded
from workbench.model.types import Result
from workbench.page.prose import prose_html
from workbench.page.sections import cells_of, places_of_method, study_sections
from workbench.presentation.blocks import Block, Finding, Findings, Heading, parts_of
from workbench.presentation.markdown import translated_markdown
from workbench.presentation.own.blocks import OwnFigure, OwnTable
from workbench.presentation.sentences import worded
from workbench.presentation.wording import Wording

_LONGEST_QUOTE = 400
_SPACE_BEFORE = re.compile(r" ([.,;:)])")


@dataclass(frozen=True)
class Item:
    """A part of a study that reviewers comment on.

    Attributes
    ----------
    anchor : str
        Its place in the study: that of a figure or table by its name, of a finding by its number, of a paragraph by its cell.
    quote : str
        What it says, in plain text: of a figure or table, its title.
    results : tuple of Result
        The numbers that its sentences state.
    html : callable
        Gives it as the page shows it.
    is_of_method : bool
        Whether it says how the study was made.
    """

    anchor: str
    quote: str
    results: tuple[Result, ...]
    html: Callable[[], str]
    is_of_method: bool = False


def items_of(recorded: Recorded, wording: Wording) -> list[Item]:
    """The parts of a study in their order: those of its page, then how it was made."""
    of_method = places_of_method(recorded)
    shown = cells_of(study_sections(recorded.notebook.cells, of_method))
    items: list[Item] = []
    for cell in shown:
        if cell.cell_type == "markdown":
            items.append(_prose(cell.id, translated_markdown(wording.translations, cell.source)))
        for place, block in recorded.shown.items():
            if place[0] == cell.id and place not in of_method:
                items.extend(_of_block(cell.id, block, wording))
    for (cell_id, _), block in recorded.shown.items():
        made = _of_block(cell_id, block, wording, is_of_method=True)
        items.extend(replace(item, is_of_method=True) for item in made)
    return _each_anchor_once(items)


def result_anchor(result: Result) -> str:
    """The anchor of a number: its key without the vintage, so that it is found again in newer data."""
    return "|".join(("result", *result.key[:-1]))


def result_name(wording: Wording, result: Result) -> str:
    """What a number is."""
    where = [wording.label("geo", result.geo), result.time, *wording.breakdown(result)]
    return f"{wording.indicator(result.indicator)}, {', '.join(where)}"


def result_quote(wording: Wording, result: Result) -> str:
    """What a number says: its value, and what it is."""
    return f"{wording.flagged_value(result)} – {result_name(wording, result)}"


def quotes_of(recorded: Recorded, wording: Wording) -> dict[str, str]:
    """Everything that can be commented on, by its anchor, with what it says now."""
    results = {result_anchor(result): result_quote(wording, result) for result in recorded.record.results}
    return results | {item.anchor: item.quote for item in items_of(recorded, wording)}


def _prose(cell: str, source: str) -> Item:
    shown = prose_html(source)
    return Item(cell, _plain(shown), (), lambda: shown)


def _of_block(cell: str, block: Block, wording: Wording, is_of_method: bool = False) -> Iterator[Item]:
    for part in parts_of(block):
        if part.is_of_method is not is_of_method:
            continue
        if isinstance(part, Findings):
            yield from (_finding(finding, wording) for finding in part.made)
        elif exhibit := part.exhibit:
            if exhibit.number:
                yield _exhibit(exhibit.id, part, wording)
        elif isinstance(part, OwnFigure | OwnTable):
            kind = "figure" if isinstance(part, OwnFigure) else "table"
            yield _exhibit(f"{kind}-{part.name}", part, wording)
        elif shown := part.html(wording):
            yield Item(cell, _plain(shown), _stated(part), partial(str, shown))


def _finding(finding: Finding, wording: Wording) -> Item:
    number = finding.number or next(iter(finding.sentence.results), None)
    anchor = "|".join(("finding", *number.key[:4])) if number else "finding"
    said = " ".join(worded(wording, sentence).text for sentence in finding.sentences)
    stated = tuple(dict.fromkeys(result for sentence in finding.sentences for result in sentence.results))
    return Item(anchor, said, stated, lambda: Findings((finding,)).html(wording))


def _exhibit(anchor: str, block: Block, wording: Wording) -> Item:
    # A headline about a number that is not there says nothing.
    title = next((sentence for sentence in block.sentences if sentence.is_complete), block.sentences[0])
    return Item(anchor, worded(wording, title).plain_headline, _stated(block), lambda: block.html(wording))


def _stated(block: Block) -> tuple[Result, ...]:
    said = () if isinstance(block, Heading) else block.sentences
    return tuple({result.key: result for sentence in said for result in sentence.results}.values())


def _plain(shown: str) -> str:
    words = " ".join(" ".join(html.fragment_fromstring(shown, create_parent="div").itertext()).split())
    text = _SPACE_BEFORE.sub(r"\1", words)
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE].rstrip() + "…"


def _each_anchor_once(items: list[Item]) -> list[Item]:
    """Several paragraphs of one cell have its anchor with their number."""
    met: Counter[str] = Counter()
    once = []
    for item in items:
        met[item.anchor] += 1
        number = met[item.anchor]
        once.append(item if number == 1 else replace(item, anchor=f"{item.anchor}:{number}"))
    return once
