"""Markdown cells in the reader's language, block by block: headings, paragraphs and list items are messages."""

import re
from collections.abc import Iterator
from gettext import NullTranslations

from workbench.presentation.hard_coded_numbers import refuse_hard_coded_numbers_in_prose

_BLANK = re.compile(r"\n\s*\n")
_HEADING = re.compile(r"(#{1,6} +)(.*)", re.DOTALL)
_ITEM = re.compile(r"(?m)^([-*] +|\d+\. +)")


def messages(source: str) -> Iterator[str]:
    """The messages of a Markdown cell, in order: what a translator sees."""
    for block in _BLANK.split(source.strip()):
        yield from (message for _, message in _parts(block) if message)


def translated_markdown(translations: NullTranslations, source: str) -> str:
    """The cell with each of its messages translated.

    Raises
    ------
    UnboundNumber
        If a message, as it is shown, contains a hard-coded number.
    """
    return "\n\n".join(
        "\n".join(mark + _translated(translations, message) for mark, message in _parts(block))
        for block in _BLANK.split(source.strip())
    )


def _translated(translations: NullTranslations, message: str) -> str:
    # The translation of the empty text is the head of the catalogue.
    text = translations.gettext(message) if message else ""
    refuse_hard_coded_numbers_in_prose(text)
    return text


def _parts(block: str) -> list[tuple[str, str]]:
    """Split a block into marks and messages; line breaks within a message are blanks."""
    if heading := _HEADING.fullmatch(block):
        return [(heading.group(1), _one_line(heading.group(2)))]
    if not _ITEM.match(block):
        return [("", _one_line(block))]
    _, *pieces = _ITEM.split(block)
    return [(mark, _one_line(text)) for mark, text in zip(pieces[::2], pieces[1::2])]


def _one_line(text: str) -> str:
    return " ".join(text.split())
