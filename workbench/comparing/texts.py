"""The texts and figures of a page: which paragraphs say something else, word by word, and which figures were drawn again."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path

from lxml import html

SAME, GONE, NEW = "same", "gone", "new"

FINDING, DEFINITION, NOTE, HEADING, CAPTION, TEXT = "finding", "definition", "note", "heading", "caption", "text"

REDRAWN = "redrawn"

_TEXTS = ("h1", "h2", "h3", "p", "li", "dt", "dd", "figcaption", "summary")
_NOT_SAID = (
    "svg", "script", "style", "table", "pre", "nav", "button", "dl.facts", "p.facts", "p.kicker", "p.at-large", "p.download",
    "p.source", "p.legend", "p.cell-id", "details.code", "details.cite", "ol.events", "p.of-events",
)  # fmt: skip
"""Of a page, what is no statement of its study: drawings, tables, code, and what is told of the edition on every page."""

_ALIKE = 0.5
_MOST_COMPARED = 40
_LONGEST = 5_000
_MOST_PARAGRAPHS = 5_000
_SPACE = re.compile(r" (?=[.,;:)%])|(?<=\() ")
"""A space that stands between two elements, and not in the text."""


@dataclass(frozen=True)
class TextChange:
    """A paragraph that says something else, is new or gone.

    Attributes
    ----------
    kind : str
        `FINDING`, `DEFINITION`, `NOTE`, `HEADING`, `CAPTION` or `TEXT`.
    words : tuple of (str, str)
        Its pieces in order, each `SAME`, `GONE` or `NEW`.
    """

    kind: str
    words: tuple[tuple[str, str], ...]

    @property
    def before(self) -> str:
        """What it said."""
        return " ".join(text for state, text in self.words if state != NEW)

    @property
    def after(self) -> str:
        """What it says now."""
        return " ".join(text for state, text in self.words if state != GONE)


@dataclass(frozen=True)
class FigureChange:
    """A figure that was drawn again, or is `NEW` or `GONE`."""

    id: str
    title: str
    state: str


@dataclass(frozen=True)
class PageText:
    """What a page says, and its figures.

    Attributes
    ----------
    paragraphs : list of (str, str)
        Kind and text, in their order.
    figures : dict
        The id of each figure to its title and its drawing.
    """

    paragraphs: list[tuple[str, str]]
    figures: dict[str, tuple[str, str]]


def page_text(page: Path) -> PageText:
    """Read a page."""
    document = html.fromstring(page.read_bytes())
    figures = {
        figure.get("id"): (_caption(figure), "".join(html.tostring(one, encoding="unicode", with_tail=False) for one in drawings))
        for figure in document.iter("figure")
        if figure.get("id") and (drawings := list(figure.iter("svg")))
    }  # fmt: skip
    main = next(document.iter("main"), document)
    for element in [one for one in main.iter(html.etree.Element) if _is_not_said(one)]:
        element.drop_tree()
    return PageText(list(islice(_paragraphs(main), _MOST_PARAGRAPHS)), figures)


def _is_not_said(element: html.HtmlElement) -> bool:
    classes = element.get("class", "").split()
    return element.tag in _NOT_SAID or any(f"{element.tag}.{one}" in _NOT_SAID for one in classes)


def _paragraphs(main: html.HtmlElement) -> Iterator[tuple[str, str]]:
    for element in main.iter(*_TEXTS):
        if any(one.tag in _TEXTS for one in element.iterancestors()):
            continue
        if text := _plain(element)[:_LONGEST]:
            yield _kind(element), text


def _plain(element: html.HtmlElement) -> str:
    return _SPACE.sub("", " ".join(" ".join(element.itertext()).split()))


def _kind(element: html.HtmlElement) -> str:
    if element.tag == "li":
        classes = (element.getparent().get("class") or "").split()
        return FINDING if "findings" in classes else NOTE
    if element.tag in ("dt", "dd"):
        return DEFINITION
    if element.tag in ("h1", "h2", "h3"):
        return HEADING
    return CAPTION if element.tag == "figcaption" else TEXT


def _caption(figure: html.HtmlElement) -> str:
    captions = figure.xpath(".//figcaption//*[contains(@class, 'headline')]") or list(figure.iter("figcaption"))
    return _plain(captions[0]) if captions else figure.get("id")


def text_changes(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> Iterator[TextChange]:
    """What paragraphs became: those that are alike are compared word by word."""
    matcher = SequenceMatcher(None, [text for _, text in before], [text for _, text in after], autojunk=False)
    for what, first, last, first_now, last_now in matcher.get_opcodes():
        if what != "equal":
            yield from _replaced(before[first:last], after[first_now:last_now])


def _replaced(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> Iterator[TextChange]:
    left = list(before)
    for kind, text in after:
        old = _most_alike(kind, text, left)
        if old is None:
            yield TextChange(kind, ((NEW, text),))
            continue
        yield from (TextChange(one, ((GONE, said),)) for one, said in left[:old])
        yield TextChange(kind, tuple(_words(left[old][1], text)))
        del left[: old + 1]
    yield from (TextChange(kind, ((GONE, text),)) for kind, text in left)


def _most_alike(kind: str, text: str, candidates: Sequence[tuple[str, str]]) -> int | None:
    """Which of some paragraphs a text was; None if it is like none of them."""
    words = text.split()
    scored = [
        (SequenceMatcher(None, said.split(), words, autojunk=False).ratio(), -place)
        for place, (one, said) in enumerate(candidates[:_MOST_COMPARED])
        if one == kind
    ]
    best, place = max(scored, default=(0.0, 0))
    return -place if best >= _ALIKE else None


def _words(before: str, after: str) -> Iterator[tuple[str, str]]:
    old, new = before.split(), after.split()
    for what, first, last, first_now, last_now in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield SAME, " ".join(old[first:last])
            continue
        if first < last:
            yield GONE, " ".join(old[first:last])
        if first_now < last_now:
            yield NEW, " ".join(new[first_now:last_now])


def figure_changes(before: PageText, after: PageText) -> Iterator[FigureChange]:
    """The figures that are not as they were."""
    for name in dict.fromkeys((*before.figures, *after.figures)):
        old, new = before.figures.get(name), after.figures.get(name)
        if old is None and new is not None:
            yield FigureChange(name, new[0], NEW)
        elif old is not None and new is None:
            yield FigureChange(name, old[0], GONE)
        elif old and new and old[1] != new[1]:
            yield FigureChange(name, new[0], REDRAWN)
