"""Rules on what readers see: no number is typed, every text is translated, every picture has words beside it."""

import ast
import re
from collections.abc import Iterable, Iterator
from string import Formatter

from workbench.checking.code import Code, at
from workbench.checking.remarks import Cell, Remark, called
from workbench.declarations.queries import Query
from workbench.model.errors import RefusedRun, UnboundNumber
from workbench.presentation.extraction import marked_texts, put_together
from workbench.presentation.hard_coded_numbers import hard_coded_number, refuse_hard_coded_numbers
from workbench.presentation.markdown import messages
from workbench.presentation.wording import is_translated, languages

_MAY_HOLD_PICTURE = re.compile(r"!\[|<")
_FIELD = re.compile(r"\{[^{}]*\}")

Text = tuple[str, int, str]
"""A text that readers see: its cell, the line there, and itself."""


def texts_of(cells: list[Cell], code: Code) -> list[Text]:
    """The texts of a notebook: of its Markdown, and those that its code marks."""
    of_markdown = [
        (called(position, cell), 0, message)
        for position, cell in enumerate(cells)
        if cell["cell_type"] == "markdown"
        for message in messages(cell["source"])
    ]
    of_code = [
        (cell, line, text) for cell, call in code.calls for line, text, is_plural in marked_texts(call) if not is_plural
    ]
    return of_markdown + of_code


def numbers(cells: list[Cell], code: Code) -> Iterator[Remark]:
    """No number is typed into prose: it would outlive its data."""
    for position, cell in enumerate(cells):
        for message in messages(cell["source"]) if cell["cell_type"] == "markdown" else ():
            if found := hard_coded_number(message):
                yield Remark("numbers", called(position, cell), 0, _typed(found.group(), message))
    for name, call in code.calls:
        for line, text, _ in marked_texts(call):
            try:
                refuse_hard_coded_numbers("".join(literal for literal, *_ in Formatter().parse(text)), text)
            except UnboundNumber as error:
                yield Remark("numbers", name, line, _typed(error.found or "", text))
            except ValueError:
                yield Remark("numbers", name, line, f"braces that do not fit: {text!r}")


def whole(code: Code) -> Iterator[Remark]:
    """A sentence is one text with names in braces: what is put together is in no catalogue, and its numbers are bound to
    nothing."""
    for cell, module in code.cells:
        for given in put_together(module):
            what = f"{_shortened(ast.unparse(given))} is put together as it runs: write one text, say('… {{name}} …', name=…)"
            yield at("numbers", cell, given, what)


def _typed(number: str, text: str) -> str:
    return f"the number {number.strip()} is typed into {_shortened(text)}: bind a result to a name in braces"


def untranslated(texts: Iterable[Text]) -> Iterator[Remark]:
    """Every text is translated into every language that there is a catalogue for."""
    known = languages()
    for cell, line, text in texts:
        if any(map(str.isalpha, text)):
            lacking = [language for language in known if not is_translated(text, language)]
            yield from _lacking(cell, line, text, lacking, "workbench messages, and fill it in")


def untranslated_of_query(texts: Iterable[Text], query: Query) -> Iterator[Remark]:
    """Every text of a query's notebook is translated into the languages of its page, by its declaration or a catalogue. A text
    of fields alone has no words; and what was asked stands in the languages that it was asked in."""
    own = {language: query.texts(language) for language in query.languages}
    for cell, line, text in texts:
        if any(map(str.isalpha, _FIELD.sub("", text))):
            lacking = [one for one in own if text not in own[one] and not is_translated(text, one)]
            where = f"write it under translations in params/queries/{query.query}.yaml"
            yield from _lacking(cell, line, text, lacking, where)


def _lacking(cell: str, line: int, text: str, languages: list[str], hint: str) -> Iterator[Remark]:
    if languages:
        what = f"not translated into {', '.join(languages)}: {_shortened(text)}; {hint}"
        yield Remark("untranslated", cell, line, what)


def pictures(cells: list[Cell]) -> Iterator[Remark]:
    """A picture of a Markdown cell is in the notebook, and has a description."""
    for position, cell in enumerate(cells):
        if cell["cell_type"] == "markdown" and _MAY_HOLD_PICTURE.search(cell["source"]):
            # Imported here, because hardly any cell needs it.
            from workbench.execution.markdown_pictures import check_pictures

            try:
                check_pictures(cell["source"], cell.get("attachments", {}), "")
            except RefusedRun as error:
                yield Remark("figures", called(position, cell), 0, f"{error.what}: {error.found}")


def _shortened(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")


def sidecar_texts(title: str, summary: str) -> list[Text]:
    """The texts of a sidecar that stand on its page."""
    return [("", 0, title), ("", 0, summary)]
