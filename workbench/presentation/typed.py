"""A text that somebody typed, as a page shows it: paragraphs, lists, addresses as links; and in which language it stands."""

import re
from collections.abc import Mapping
from html import escape

from workbench.presentation.wording import SOURCE_LANGUAGE, Wording, language_name

Told = Mapping[str, str]
"""A text by the languages that it was written in."""

_ITEM = re.compile(r"\s*[-*\N{BULLET}]\s+")
_ADDRESS = re.compile(r"(https?://[^\s<>\"]*[\w/])")


def typed_html(wording: Wording, told: Told) -> str:
    """A text in the language of the page; where it lacks, in English or whichever it has, which is then named at its end.

    Empty lines set paragraphs off; lines that begin with a dash are a list.
    """
    language = next(one for one in (wording.language, SOURCE_LANGUAGE, *told) if one in told)
    parts = [(tag, list(map(_line_html, lines))) for tag, lines in _parts(told[language])]
    mark = ""
    if parts and language != wording.language:
        mark = f' lang="{escape(language)}"'
        parts[-1][1][-1] += f' <span class="flag">({escape(language_name(language))})</span>'
    return "\n".join(
        f"<p{mark}>{lines[0]}</p>" if tag == "p" else f"<ul{mark}>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
        for tag, lines in parts
    )


def _parts(text: str) -> list[tuple[str, list[str]]]:
    """The paragraphs of a text, and its lists with their items; a line that begins neither goes on with what is above it."""
    parts: list[tuple[str, list[str]]] = []
    is_begun = False
    for line in text.splitlines():
        item = _ITEM.match(line)
        if item and is_begun and parts[-1][0] == "ul":
            parts[-1][1].append(line[item.end() :])
        elif item:
            parts.append(("ul", [line[item.end() :]]))
        elif line.strip() and is_begun:
            parts[-1][1][-1] += f" {line}"
        elif line.strip():
            parts.append(("p", [line]))
        is_begun = bool(line.strip())
    return parts


def _line_html(line: str) -> str:
    """A line, escaped; the addresses in it lead there."""
    pieces = map(escape, _ADDRESS.split(" ".join(line.split())))
    return "".join(
        f'<a href="{one}" rel="noopener">{one}</a>' if place % 2 else one for place, one in enumerate(pieces)
    )
