"""Consulates from one year to another: which are new in the data, and which are in them no longer.

The data know consulates by their names alone, and names are spelt differently from year to year. A name that comes in the
same country and year in which a similar one goes is taken for the same consulate.
"""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

from workbench.indicators.results import Results
from workbench.model.types import Result

SIMILAR = 0.65
"""Two names of one country are taken for one from this similarity on: Kiev and Kyiv are alike by 0.75, Vinnitsya and Vynnytsia by
two thirds, Shanghai and Shenyang by 0.62."""

_RENAMED = {"NURSULTAN": "ASTANA"}
"""A city that was called otherwise for some years."""

_NOT_OF_THE_NAME = re.compile(r"\(.*?\)|[,.] ?[A-Z]{2}$|[^A-Z]")


def new_and_gone(results: Iterable[Result], before: str, now: str) -> tuple[Results, Results]:
    """The consulates with applications in one year only.

    Parameters
    ----------
    results : iterable of Result
        Applications by ``partner`` and ``consulate`` in both years.
    before, now : str
        The years.

    Returns
    -------
    Results, Results
        Of the later year, those that had none before; of the earlier one, those that have none now. The largest first.
    """
    held = {year: [r for r in results if r.time == year and r.is_available and r.value > 0] for year in (before, now)}
    return _without_counterpart(held[now], held[before]), _without_counterpart(held[before], held[now])


def _without_counterpart(consulates: list[Result], others: list[Result]) -> Results:
    there = {_key(other) for other in others}
    known = {_key(consulate) for consulate in consulates}
    # A name that both years have is nobody else's other name.
    unmatched = [key for key in there if key not in known]
    alone = [
        consulate
        for consulate in consulates
        if _key(consulate) not in there and not any(_are_one(_key(consulate), key) for key in unmatched)
    ]
    return Results(sorted(alone, key=lambda result: (-result.value, result.breakdown)))


def _key(consulate: Result) -> tuple[str, str]:
    """The country, and the name without what varies: marks, accents, American states."""
    plain = unicodedata.normalize("NFD", consulate.code("consulate").upper())
    name = _NOT_OF_THE_NAME.sub("", plain)
    return consulate.code("partner"), _RENAMED.get(name, name)


def _are_one(key: tuple[str, str], other: tuple[str, str]) -> bool:
    return key[0] == other[0] and SequenceMatcher(None, key[1], other[1]).ratio() >= SIMILAR


def where_they_are(by_country: Iterable[Result]) -> Results:
    """Of results by consulate and country, those that hold anything: each consulate in its own country."""
    return Results(result for result in by_country if result.is_available and result.value > 0)


def largest_over_years(parts: Iterable[Result], dimension: str, most: int) -> Results:
    """The results of the codes that hold the most over all years together, the largest first; none for codes without any."""
    held: dict[str, list[Result]] = {}
    for part in parts:
        held.setdefault(part.code(dimension), []).append(part)
    sums = {code: sum(part.value for part in of_code if part.is_available) for code, of_code in held.items()}
    named = sorted((code for code in held if sums[code] > 0), key=lambda code: (-sums[code], code))
    return Results(part for code in named[:most] for part in held[code])
