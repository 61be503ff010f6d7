"""What differs between a file as it was archived and as it was made again: numbers, pictures, texts.

A file that differs in none of these, such as in its style, differs in form.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

import nbformat
from lxml import html
from python_calamine import CalamineWorkbook

from workbench.model.closeness import say_the_same
from workbench.model.results_csv import csv_cell, read_results_csv
from workbench.model.types import Result
from workbench.page.tagged_pdf import texts_of_pages

NUMBER, PICTURE, TEXT, FORM = "number", "picture", "text", "form"

TOLERANCE = 2e-9
"""Relative difference of numbers that count as the same where packages have other versions: results have ten digits, and the
last of them may be rounded the other way."""

_TEXTS = {
    "h1",
    "h2",
    "h3",
    "h4",
    "p",
    "li",
    "th",
    "td",
    "dt",
    "dd",
    "summary",
    "figcaption",
    "caption",
    "text",
    "title",
}


@dataclass(frozen=True)
class Difference:
    """Something in a file that differs.

    Attributes
    ----------
    kind : str
        `NUMBER`, `PICTURE`, `TEXT` or `FORM`.
    where : str
        Which result, figure, block, cell or page.
    archived, now : str
        What is there in each; empty where it is in one alone, or is no text.
    is_close : bool
        Whether it is a number within `TOLERANCE`.
    """

    kind: str
    where: str
    archived: str = ""
    now: str = ""
    is_close: bool = False


Parts = Mapping[str, str]
"""What a file consists of: the name of each part to its content."""


def differences(name: str, archived: bytes, now: bytes) -> list[Difference]:
    """What differs between two versions of a file, whose name says how it is read; nothing if they have the same bytes."""
    if archived == now:
        return []
    compare = next(compare for end, compare in _BY_END.items() if name.endswith(end))
    return list(compare(archived, now)) or [Difference(FORM, "what is neither text nor picture")]


def _of_results(archived: bytes, now: bytes) -> Iterator[Difference]:
    before, after = ({one.key: one for one in read_results_csv(content.decode())} for content in (archived, now))
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old is None or new is None or _number(old) != _number(new):
            yield Difference(NUMBER, " ".join(filter(None, key)), _number(old), _number(new), _are_close(old, new))


def _number(result: Result | None) -> str:
    """A number as the results say it, with its unit, its bounds where it has some, and its flags."""
    if result is None:
        return ""
    value, low, high = (csv_cell(number) for number in (result.value, result.low, result.high))
    bounds = f" ({low} to {high})" if (low, high) != (value, value) else ""
    flags = f" [{result.flags}]" if result.flags else ""
    return f"{value or 'not available'}{bounds} {result.unit}{flags}"


def _are_close(old: Result | None, new: Result | None) -> bool:
    return old is not None and new is not None and say_the_same(old, new, TOLERANCE)


def _of_pages(archived: bytes, now: bytes) -> Iterator[Difference]:
    before, after = (html.fromstring(content) for content in (archived, now))
    yield from _of_parts(PICTURE, _pictures(before), _pictures(after), is_shown=False)
    yield from _of_texts(_texts(before), _texts(after))
    yield from _of_parts(FORM, _scripts(before), _scripts(after), is_shown=False)


def _pictures(page: html.HtmlElement) -> Parts:
    """The drawings of a page by what they are in."""
    found: dict[str, str] = {}
    for drawing in page.iter("svg"):
        name = next((one.get("id") for one in (drawing, *drawing.iterancestors()) if one.get("id")), "the page")
        found[name] = found.get(name, "") + html.tostring(drawing, encoding="unicode", with_tail=False)
    return found


def _scripts(page: html.HtmlElement) -> Parts:
    return {
        f"script {script.get('id') or number}": script.text or "" for number, script in enumerate(page.iter("script"))
    }


def _texts(page: html.HtmlElement) -> list[tuple[str, str]]:
    """The texts of a page in their order, each with the name of what it is in or below."""
    found, name = [], "the beginning"
    for element in page.iter(html.etree.Element):
        name = element.get("id") or name
        if element.tag in _TEXTS and not any(one.tag in ("svg", *_TEXTS) for one in element.iterancestors()):
            found.append((name, " ".join(element.text_content().split())))
    return found


def _of_texts(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> Iterator[Difference]:
    matcher = SequenceMatcher(None, [text for _, text in before], [text for _, text in after], autojunk=False)
    for what, first, last, first_now, last_now in matcher.get_opcodes():
        if what != "equal":
            for old, new in zip_longest(before[first:last], after[first_now:last_now]):
                (name, was), (_, is_now) = old or (new[0], ""), new or ("", "")
                yield Difference(TEXT, name, was, is_now)


def _of_parts(kind: str, before: Parts, after: Parts, is_shown: bool = True) -> Iterator[Difference]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield Difference(kind, name, old, new) if is_shown else Difference(kind, name)


def _of_notebooks(archived: bytes, now: bytes) -> Iterator[Difference]:
    before, after = (_cells(content) for content in (archived, now))
    yield from _of_parts(TEXT, before, after, is_shown=False)


def _cells(notebook: bytes) -> Parts:
    """The cells by their names, and apart from them their outputs and what the notebook says of itself."""
    read = nbformat.reads(notebook.decode(), as_version=4)
    cells = {f"cell {cell.id}": str(cell.source) for cell in read.cells}
    outputs = {f"output of cell {cell.id}": str(cell.get("outputs", "")) for cell in read.cells}
    return {**cells, **outputs, "metadata": str(read.metadata)}


def _of_spreadsheets(archived: bytes, now: bytes) -> Iterator[Difference]:
    before, after = (_sheet_cells(content) for content in (archived, now))
    for place in dict.fromkeys((*before, *after)):
        old, new = before.get(place, ""), after.get(place, "")
        if old != new:
            is_number = any(isinstance(one, float) for one in (old, new))
            yield Difference(NUMBER if is_number else TEXT, place, str(old), str(new))


def _sheet_cells(workbook: bytes) -> dict[str, Any]:
    opened = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    return {
        f"{sheet}, row {row}, column {column}": cell
        for sheet in opened.sheet_names
        for row, cells in enumerate(opened.get_sheet_by_name(sheet).to_python(skip_empty_area=False), 1)
        for column, cell in enumerate(cells, 1)
        if cell != ""
    }


def _of_printed(archived: bytes, now: bytes) -> Iterator[Difference]:
    before, after = (texts_of_pages(content) for content in (archived, now))
    yield from _of_parts(TEXT, before, after)
    if before == after:
        yield Difference(PICTURE, "how it is drawn")


_BY_END: dict[str, Callable[[bytes, bytes], Iterable[Difference]]] = {
    ".csv": _of_results,
    ".html": _of_pages,
    ".ipynb": _of_notebooks,
    ".xlsx": _of_spreadsheets,
    ".pdf": _of_printed,
}
