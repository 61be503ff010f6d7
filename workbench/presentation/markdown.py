"""Markdown cells in the reader's language, block by block: headings, paragraphs and list items are messages."""

import re
from collections.abc import Iterator
from gettext import NullTranslations

_BLANK = re.compile(r"\n\s*\n")
_HEADING = re.compile(r"(#{1,6} +)(.*)", re.DOTALL)
_ITEM = re.compile(r"(?m)^([-*] +|\d+\. +)")


def messages(source: str) -> Iterator[str]:
    """The messages of a Markdown cell, in order: what a translator sees."""
    for block in _BLANK.split(source.strip()):
        for _, message in _parts(block):
            yield message


def translated_markdown(translations: NullTranslations, source: str) -> str:
    """The cell with each of its messages translated."""
    return "\n\n".join(
        "\n".join(mark + translations.gettext(message) for mark, message in _parts(block))
        for block in _BLANK.split(source.strip())
    )


def _parts(block: str) -> list[tuple[str, str]]:
    """Part a block into marks and messages; line breaks within a message are blanks."""
    if heading := _HEADING.fullmatch(block):
        return [(heading.group(1), _one_line(heading.group(2)))]
    if not _ITEM.match(block):
        return [("", _one_line(block))]
    _, *pieces = _ITEM.split(block)
    return [(mark, _one_line(text)) for mark, text in zip(pieces[::2], pieces[1::2])]


def _one_line(text: str) -> str:
    return " ".join(text.split())
