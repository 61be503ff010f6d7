"""The results of a study as an accessible spreadsheet.

A cover, the contents, the notes, one table a sheet, all results last; no merged cells, no empty rows within a table, nothing
said by colour. After the Government Analysis Function (UK), *Releasing statistics in spreadsheets*.
"""

import datetime
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from xlsxwriter import Workbook

from workbench.model.types import Result
from workbench.presentation.sheet_columns import Column, Link, SheetTable, columns_of_results, columns_of_table
from workbench.presentation.sheet_writer import PlainWorksheet, Sheet, SheetWriter
from workbench.presentation.tables import flag_lines, footnotes
from workbench.presentation.wording import Wording, with_full_stop

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# A fixed day where an edition names none: a file changes with its content, not with the clock.
_NO_DAY = datetime.date(2000, 1, 1)
_TEXT_STAYS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# The last two are not XML characters.
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]")
_LONGEST_NAME = 31
# With this, the definition of what is derived names the indicator it is derived of.
_OF_WHICH = " — {indicator}"
_WIDEST_TITLE, _WIDEST_NOTE, _WIDEST_ABOUT = 130, 105, 42


@dataclass(frozen=True)
class Cover:
    """What the first sheets say.

    Attributes
    ----------
    title : str
        Study, country and year.
    about : sequence of (str, str)
        A label and what it stands for, a row each.
    notes : sequence of (str, sequence of str)
        A heading and its paragraphs.
    issued : datetime.date or None
        Goes into the document's properties, as do the next two.
    publisher, summary : str
        Who publishes the study, and what it is about.
    mark : str
        What every sheet says below its title; nothing, where it is empty.
    """

    title: str
    about: Sequence[tuple[str, str]]
    notes: Sequence[tuple[str, Sequence[str]]]
    issued: datetime.date | None
    publisher: str = ""
    summary: str = ""
    mark: str = ""


def spreadsheet(wording: Wording, cover: Cover, tables: Sequence[SheetTable], results: Sequence[Result]) -> bytes:
    """Write results as an ``.xlsx`` file: numbers as numbers, text as text, the same bytes for the same content.

    Parameters
    ----------
    wording : Wording
        The language.
    cover : Cover
        What the first sheets say.
    tables : sequence of SheetTable
        One sheet each, in this order.
    results : sequence of Result
        All published numbers: the last sheet, in long form, with codes and labels.

    Returns
    -------
    bytes
        The file.
    """
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True, **_TEXT_STAYS_TEXT})
    book.set_properties(_properties(cover))
    book.set_custom_property("Language", wording.language)
    writer = SheetWriter(book)
    for content in _sheets(wording, cover, tables, results):
        marked = _marked(content, cover.mark) if cover.mark else content
        writer.write(book.add_worksheet(content.name, worksheet_class=PlainWorksheet), marked)
    book.close()
    return buffer.getvalue()


def _marked(content: Sheet, mark: str) -> Sheet:
    """A sheet with a mark above its other lines, below the one that leads to another sheet."""
    return replace(content, lines=[*content.lines[:1], mark, *content.lines[1:]])


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Names that a spreadsheet allows, each once: at most 31 characters, none of ``[]:*?/\\``, no apostrophe at an end.

    What is too long ends after a whole word, with an ellipsis.
    """
    names: list[str] = []
    for name in wanted:
        plain = _NOT_IN_A_NAME.sub(" ", name).strip().strip("'")
        plain = _shortened(plain, _LONGEST_NAME).strip("'") or "_"
        taken = {other.casefold() for other in names}
        # Excel reserves the name History.
        unique, number = plain, 2
        while unique.casefold() in taken or unique.casefold() == "history":
            unique, number = f"{_shortened(plain, _LONGEST_NAME - len(str(number)) - 1)} {number}", number + 1
        names.append(unique)
    return names


def _shortened(name: str, longest: int) -> str:
    """The first words of a name, as long as Excel counts: in UTF-16, where an emoji is two."""
    if _length(name) <= longest:
        return name.strip()
    start = name.encode("utf-16-le", "ignore")[: 2 * longest - 2].decode("utf-16-le", "ignore")
    whole_words = start if name[len(start)] == " " else start.rpartition(" ")[0]
    return (whole_words or start).rstrip(" ,;–") + "…"


def _length(name: str) -> int:
    return len(name.encode("utf-16-le", "ignore")) // 2


def _properties(cover: Cover) -> dict[str, str | datetime.datetime]:
    day = datetime.datetime.combine(cover.issued or _NO_DAY, datetime.time())
    return {"title": cover.title, "subject": cover.summary, "author": cover.publisher, "created": day}


def _sheets(wording: Wording, cover: Cover, tables: Sequence[SheetTable], results: Sequence[Result]) -> list[Sheet]:
    """All sheets in their order; from each that is listed in the contents, a line leads back there."""
    text = wording.text
    names = sheet_names(
        [text("Cover"), text("Contents"), text("Notes"), *(one.name for one in tables), text("All results")]
    )
    first, contents, *listed = names
    titles = [text("Notes"), *(table.title for table in tables), text("All results")]
    back = Link(contents)
    notes, *of_tables, of_results = listed
    return [
        Sheet(first, cover.title, [], _two_columns(text("About"), text("Note"), cover.about)),
        Sheet(contents, text("Contents"), [], [
            Column(text("Sheet"), list(map(Link, listed))),
            Column(text("Title"), titles, widest=_WIDEST_TITLE),
        ]),
        Sheet(notes, text("Notes"), [back], _two_columns(text("About"), text("Note"), _notes(wording, cover, results))),
        *(_of_table(wording, name, back, table) for name, table in zip(of_tables, tables, strict=True)),
        Sheet(of_results, text("All results"), [back], columns_of_results(wording, results)),
    ]  # fmt: skip


def _two_columns(left: str, right: str, rows: Sequence[tuple[str, str]]) -> list[Column]:
    about, notes = [row[0] for row in rows], [row[1] for row in rows]
    return [Column(left, about, widest=_WIDEST_ABOUT), Column(right, notes, widest=_WIDEST_NOTE)]


def _of_table(wording: Wording, name: str, back: Link, table: SheetTable) -> Sheet:
    columns, unit = columns_of_table(wording, table)
    units = [wording.text("Unit: {unit}").format(unit=unit)] if unit else []
    return Sheet(name, table.title, [back, *table.lines, *units, *flag_lines(wording, table.results)], columns)


def _notes(wording: Wording, cover: Cover, results: Sequence[Result]) -> list[tuple[str, str]]:
    """Definitions, flags and what must be known to compare: a row each."""
    flags = [(wording.text("Flags"), line) for line in flag_lines(wording, results)]
    compared = [(heading, paragraph) for heading, paragraphs in cover.notes for paragraph in paragraphs]
    return [*_definitions(wording, results), *flags, *footnotes(wording, results), *compared]


def _definitions(wording: Wording, results: Iterable[Result]) -> list[tuple[str, str]]:
    """What each indicator measures, in the order of their names; then what is derived of any, once each."""
    declared = wording.indicators
    used = {declared.split(result.indicator) for result in results}
    bases = sorted({base for base, _ in used}, key=lambda base: (wording.sort_key(wording.indicator(base)), base))
    rows = [(wording.indicator(base), wording.definition(base), declared.unit(base)) for base in bases]
    for suffix in sorted({suffix for _, suffix in used if suffix}):
        derivation = declared.derivations[suffix]
        label, definition = wording.text(derivation.label), wording.text(derivation.definition)
        of_any = wording.text("Any indicator")
        definition = definition.removesuffix(_OF_WHICH).format(indicator=of_any)
        rows.append((label.format(indicator=of_any), definition, derivation.unit or ""))
    return [(label, _with_unit(wording, definition, unit)) for label, definition, unit in rows]


def _with_unit(wording: Wording, definition: str, unit: str) -> str:
    said = with_full_stop(definition)
    heading = wording.text("Unit")
    return f"{said} {heading}: {wording.unit(unit)}." if unit else said
