"""The numbers of a page: in tables they are short, and one block of data says of all of them what each is.

A number in a sentence says itself what it is, and works without script; the thousand in tables would weigh more than all else
on the page. ``study.js`` puts together of the data what `workbench.presentation.sentences.describe` says.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from lxml import etree

from workbench.model.types import Result
from workbench.presentation.data_block import as_json
from workbench.presentation.sentences import all_digits, definition_id, flag_label, sources_of
from workbench.presentation.wording import Wording, shown_flags

DATA_BLOCK = "numbers"
"""The id of the element that holds the data."""

PLACE = "<!-- numbers -->"
"""Stands in a page where the data are inserted."""

_NUMBER = r'<a class="number" href="#{definition}([^"]*)" data-result="([^"]*)" title="[^"]*">'
_IN_TEXT = re.compile(_NUMBER.format(definition=definition_id("")))
_IN_CELL = re.compile(f"<td>{_IN_TEXT.pattern}([^<]*)</a>")


def compact(html: str, results: Iterable[Result], wording: Wording, method: str = "") -> str:
    """A page whose numbers in tables are short, with the data that say what its numbers are where it has `PLACE`.

    The data are lists of indicators, places, breakdowns, times and sources, and ``numbers``, each a list of its places in these,
    then what it is in all digits, the name of its interval, its bounds, and its flags.

    Parameters
    ----------
    html : str
        With numbers as `workbench.presentation.sentences.number_html` makes them.
    results : iterable of Result
        What is published.
    wording : Wording
        The language.
    method : str
        The address of the page that has the definitions, to which the numbers lead, if it is another one.
    """
    by_key = {"|".join(result.key): result for result in results}
    data = _Data(wording, method)

    def in_cell(found: re.Match[str]) -> str:
        result, shown = by_key.get(unescape(found[2])), found[3]
        if result is None:
            return found[0]  # the check of the page refuses it
        return f'<td><a class="number" data-n="{data.number(result, unescape(shown))}">{shown}</a>'

    def in_text(found: re.Match[str]) -> str:
        data.indicator(unescape(found[1]))
        return found[0].replace('href="#', f'href="{method}#', 1)

    html = _IN_TEXT.sub(in_text, _IN_CELL.sub(in_cell, html))
    return html.replace(PLACE, as_json(data.told), 1)


@dataclass
class _Data:
    """What the numbers of a page have in common, each once and by its place in a list."""

    wording: Wording
    method: str
    _places: dict[str, dict[Any, int]] = field(default_factory=dict)
    _told: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def told(self) -> Mapping[str, Any]:
        return {"method": self.method, **self._told}

    def number(self, result: Result, shown: str) -> int:
        """The place of a number."""
        wording = self.wording
        interval = wording.interval(result)
        row = [
            self.indicator(result.indicator),
            self._place("places", result.geo, wording.label("geo", result.geo)),
            self._place("breakdowns", result.breakdown, ", ".join(wording.breakdown(result))),
            self._place("times", result.time),
            self._place("sources", (result.dataset, result.vintage), "\n".join(sources_of(wording, result))),
            all_digits(wording, result, shown),
            self._place("intervals", wording.name_of_interval(result)) if interval else 0,
            interval,
            "".join(self._flag(flag) for flag in shown_flags(result)),
        ]
        while row[-1] in ("", 0) and len(row) > len(_KEY):
            row.pop()
        return self._place("numbers", tuple(row))

    def indicator(self, indicator: str) -> int:
        """The place of an indicator."""
        wording = self.wording
        return self._place("indicators", indicator, wording.indicator(indicator), wording.definition(indicator))

    def _flag(self, flag: str) -> str:
        self._place("flags", flag, flag_label(self.wording, flag))
        return flag

    def _place(self, kind: str, code: Any, *said: str) -> int:
        places, told = self._places.setdefault(kind, {}), self._told.setdefault(kind, [])
        if code not in places:
            places[code] = len(places)
            told.append([*([code] if isinstance(code, str) else code), *said] if said else code)
        return places[code]


_KEY = ("indicators", "places", "breakdowns", "times", "sources")
"""What the key of a number consists of, in its order, and its place begins with."""


@dataclass(frozen=True)
class ShownNumber:
    """A number on a page, in a sentence or a table.

    Attributes
    ----------
    key, definition : str
        The key of its result, and the id of the definition of its indicator.
    text : str
        What is shown.
    digits, interval : str
        What the data of the page say of it: all its digits, and its bounds; empty where they say nothing.
    in_sentence : bool
        Whether it stands in a sentence, and not in a table.
    """

    key: str
    definition: str
    text: str
    digits: str = ""
    interval: str = ""
    in_sentence: bool = False


def shown_numbers(document: etree._Element) -> Iterator[ShownNumber]:
    """Each number on a page.

    Raises
    ------
    ValueError, LookupError, TypeError
        If the data of the page do not say of a number what it is.
    """
    for element in document.iterfind(".//*[@data-result]"):
        definition = element.get("href", "").rpartition("#")[2]
        yield ShownNumber(element.get("data-result"), definition, _text(element), in_sentence=True)
    blocks = document.xpath("//script[@id=$id]/text()", id=DATA_BLOCK)
    data = json.loads(blocks[0]) if blocks else {}
    for element in document.iterfind(".//*[@data-n]"):
        place = element.get("data-n")
        if not place.isdecimal():
            raise ValueError(f"{place} is no place of a number")
        yield _shown(data, data["numbers"][int(place)], _text(element))


def _text(element: etree._Element) -> str:
    return "".join(element.itertext())


def _shown(data: Mapping[str, Any], row: Sequence[Any], text: str) -> ShownNumber:
    indicator, place, breakdown, time, source = (data[kind][at] for kind, at in zip(_KEY, row))
    key = "|".join((indicator[0], place[0], breakdown[0], time, *source[:2]))
    said = dict(enumerate(row[len(_KEY) :]))
    return ShownNumber(key, definition_id(indicator[0]), text, said.get(0, ""), said.get(2, ""))
