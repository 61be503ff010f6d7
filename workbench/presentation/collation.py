"""The order of the alphabet: labels sorted as the reader's language sorts them, by an alphabet that catalogues translate.

No collation library is needed, because labels are short and an alphabet says it all: blanks separate its letters, and ``/`` those that
count as one letter and are distinguished only where nothing else differs. A letter may be two characters, such as ``ch``.
"""

import re
import unicodedata
from functools import cache
from itertools import pairwise
from string import ascii_lowercase

from workbench.model.types import message

ALPHABET = message("a b c d e f g h i j k l m n o p q r s t u v w x y z")

_BEFORE_LETTERS = -1

Weight = tuple[tuple[int, int], tuple[int, str]]
"""The place of a letter in the alphabet, and its variant at that place."""
SortKey = tuple[list[tuple[int, int]], list[tuple[int, str]], list[bool], str]
"""What texts are sorted by: places, variants, case, and the text itself."""


def sort_key(text: str, alphabet: str) -> SortKey:
    """What to sort a text by: its letters first, then what distinguishes letters of one place, then case.

    Parameters
    ----------
    text : str
        A label. Blanks, hyphens and quotes in it are ignored, unless nothing else differs.
    alphabet : str
        The translation of `ALPHABET`.

    Returns
    -------
    tuple
        Different for different texts: the order is total.
    """
    letters = _pattern(alphabet).findall(_folded(text))
    weights = [_weight(letter, alphabet) for letter in letters if letter[0].isalnum()]
    places, variants = [place for place, _ in weights], [variant for _, variant in weights]
    return places, variants, [char.isupper() for char in text if char.isalnum()], text


def _weight(letter: str, alphabet: str) -> Weight:
    """The place of a letter, and its variant at that place; marks that the alphabet does not know are removed."""
    known = _letters(alphabet)
    if letter in known:
        return known[letter]
    decomposed = unicodedata.normalize("NFD", letter)
    base, marks = decomposed[0], decomposed[1:]
    if base in known:
        place, (position, _) = known[base]
        return place, (position, marks)
    if base.isdecimal():
        return (_BEFORE_LETTERS, unicodedata.decimal(base)), (0, base)
    return (len(alphabet), ord(base)), (0, marks)


@cache
def _letters(alphabet: str) -> dict[str, Weight]:
    """Place and variant of each letter. A Latin letter that the alphabet lacks follows the one before it: q follows p."""
    known: dict[str, Weight] = {}
    for index, variants in enumerate(alphabet.split()):
        for position, letter in enumerate(variants.split("/")):
            known[_folded(letter)] = (index, 0), (position, "")
    for before, letter in pairwise(ascii_lowercase):
        if letter not in known and before in known:
            (index, foreign), _ = known[before]
            known[letter] = (index, foreign + 1), (0, "")
    return known


@cache
def _pattern(alphabet: str) -> re.Pattern:
    """Finds letter by letter, those of two characters first."""
    longest_first = sorted(_letters(alphabet), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) + "|.", re.DOTALL)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())
