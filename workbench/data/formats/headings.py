"""Headings of tables, compared by their words: what varies from file to file does not matter."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import cache

_FOOTNOTE_MARKS = re.compile(r"(\s*(\(?[0-9*]{1,2}\)|[*†‡¹²³⁴⁵⁶⁷⁸⁹]))+\s*$")
_PARENTHESES = re.compile(r"\([^()]*\)")
_WORDS = re.compile(r"(?:[^\W_]|\*)+")
_PLURAL = re.compile(r"(?<=..)s(\*?)$")


@cache
def words(text: str) -> str:
    """The words of a heading in small letters and the singular, without footnote marks."""
    return _words(_FOOTNOTE_MARKS.sub("", text))


@cache
def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    found = [_PLURAL.sub(r"\1", word) for word in _WORDS.findall(plain)]
    return " ".join(found) or plain.strip()


@cache
def _words_outside_parentheses(text: str) -> str:
    return words(_PARENTHESES.sub(" ", text))


def fits(text: str, patterns: Iterable[str]) -> bool:
    """Whether a heading, or the name of a sheet, is one of some; ``*`` in a pattern stands for any text."""
    return any(fnmatchcase(words(text), _words(pattern)) for pattern in patterns)


def named_in(text: str, pattern: str) -> str | None:
    """The word that stands in a text where a pattern has ``*``, None if the text is another."""
    before, _, after = (re.escape(part.strip()) for part in _words(pattern).partition("*"))
    found = re.search(rf"(?:^|\s){before}\s*(\S+)\s*{after}(?:\s|$)", words(text))
    return found[1] if found else None


def positions(headings: Sequence[str], wanted: Sequence[Sequence[str]]) -> list[list[int]]:
    """Where each column is.

    Parameters
    ----------
    headings : sequence of str
        Those of the file.
    wanted : sequence of sequence of str
        The spellings of each column.

    Returns
    -------
    list of list of int
        For each column the positions of the headings that have its words. Where none has, a heading counts that differs by
        one in parentheses, if it is the only one and no other column's.
    """
    exact = [_having(headings, set(map(words, spellings))) for spellings in wanted]
    taken = {position for found in exact for position in found}
    return [found or _nearly(headings, spellings, taken) for found, spellings in zip(exact, wanted, strict=True)]


def _having(headings: Sequence[str], wanted: set[str]) -> list[int]:
    return [position for position, heading in enumerate(headings) if heading and words(heading) in wanted]


def _nearly(headings: Sequence[str], spellings: Sequence[str], taken: set[int]) -> list[int]:
    exact, outside = set(map(words, spellings)), set(map(_words_outside_parentheses, spellings))
    found = [
        position
        for position, heading in enumerate(headings)
        if heading
        and position not in taken
        and (words(heading) in outside or _words_outside_parentheses(heading) in exact)
    ]
    return found if len(found) == 1 else []
