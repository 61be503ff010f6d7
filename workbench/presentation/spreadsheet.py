"""The results of a study as an accessible spreadsheet.

A cover with the contents, the notes, one table a sheet, all results last; no merged cells, no empty rows within a table,
nothing said by colour. After the Government Analysis Function (UK), *Releasing statistics in spreadsheets*.
"""

import datetime
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet

from workbench.model.types import NUMBER_COLUMNS, RESULT_COLUMNS, Result
from workbench.presentation.tables import flag_lines, footnotes, keys_of, layout, units_of
from workbench.presentation.wording import Wording

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# A fixed day where an edition names none: a file changes with its content, not with the clock.
_NO_DAY = datetime.date(2000, 1, 1)
_TEXT_STAYS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# The last two are not XML characters.
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]")
_LONGEST_NAME = 31


@dataclass(frozen=True)
class SheetTable:
    """A numbered table or figure of the study, as it stands on a sheet of its own: ``name`` is the sheet's, axes as in
    `workbench.presentation.tables.Axis`."""

    name: str
    title: str
    results: tuple[Result, ...]
    rows: str
    columns: str


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
        Goes into the document's properties.
    """

    title: str
    about: Sequence[tuple[str, str]]
    notes: Sequence[tuple[str, Sequence[str]]]
    issued: datetime.date | None


def spreadsheet(wording: Wording, cover: Cover, tables: Sequence[SheetTable], results: Sequence[Result]) -> bytes:
    """Write results as an ``.xlsx`` file: numbers as numbers, text as text, the same bytes for the same content.

    Parameters
    ----------
    wording : Wording
        The language.
    cover : Cover
        What the first two sheets say.
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
    day = datetime.datetime.combine(cover.issued or _NO_DAY, datetime.time())
    book.set_properties({"title": cover.title, "created": day})
    writer = _Writer(wording, book)
    names = sheet_names(
        [wording.text("Cover"), wording.text("Notes"), *(table.name for table in tables), wording.text("All results")]
    )
    sheets = [book.add_worksheet(name, worksheet_class=_Sheet) for name in names]
    titles = [wording.text("Notes"), *(table.title for table in tables), wording.text("All results")]
    writer.cover(sheets[0], cover, list(zip(names[1:], titles)))
    writer.notes(sheets[1], cover, results)
    for sheet, table in zip(sheets[2:-1], tables):
        writer.table(sheet, table)
    writer.long_form(sheets[-1], results)
    book.close()
    return buffer.getvalue()


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Names that a spreadsheet allows, each once: at most 31 characters, none of ``[]:*?/\\``, no apostrophe at an end."""
    names: list[str] = []
    for name in wanted:
        plain = _NOT_IN_A_NAME.sub(" ", name).strip().strip("'")
        plain = _shortened(plain, _LONGEST_NAME).rstrip().strip("'") or "_"
        taken = {other.casefold() for other in names}
        # Excel reserves the name History.
        unique, number = plain, 2
        while unique.casefold() in taken or unique.casefold() == "history":
            unique, number = f"{_shortened(plain, _LONGEST_NAME - len(str(number)) - 1)} {number}", number + 1
        names.append(unique)
    return names


def _shortened(name: str, longest: int) -> str:
    """The start of a name, as long as Excel counts: in UTF-16, where an emoji is two."""
    return name.encode("utf-16-le", "ignore")[: 2 * longest].decode("utf-16-le", "ignore")


class _Sheet(Worksheet):
    """A sheet that writes its texts, most of what it holds, without looking at what else a cell may be."""

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if type(cell).__name__ == "String" and cell.format:
            place, look = xl_rowcol_to_cell_fast(row, col), cell.format._get_xf_index()
            self.fh.write(f'<c r="{place}" s="{look}" t="s"><v>{cell.string}</v></c>')
        else:
            super()._write_cell(row, col, cell)


class _Writer:
    """Writes the sheets of one book in one language."""

    def __init__(self, wording: Wording, book: Workbook):
        self.wording, self.book = wording, book
        font = {"font_name": "Arial", "font_size": 12}
        self.plain = book.add_format({**font, "text_wrap": True, "valign": "top"})
        self.title = book.add_format({**font, "font_size": 15, "bold": True})
        self.header = book.add_format({**font, "bold": True, "text_wrap": True, "valign": "bottom"})
        self.link = book.add_format({**font, "underline": 1, "font_color": "#0a5a8c"})
        self._font = font
        self._formats: dict[tuple[int, str], Format] = {}
        self._tables = 0

    def cover(self, sheet: Worksheet, cover: Cover, contents: Sequence[tuple[str, str]]) -> None:
        """Title, what the file is, and a link to each sheet."""
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 100)
        sheet.write_string(0, 0, cover.title, self.title)
        self._rows(sheet, 1, cover.about)
        first = len(cover.about) + 2
        sheet.write_string(first - 1, 0, self.wording.text("Contents"), self.title)
        headers = [self.wording.text("Sheet"), self.wording.text("Title")]
        self._mark(sheet, first, headers, len(contents))
        for row, (name, title) in enumerate(contents, start=first + 1):
            quoted = name.replace("'", "''")
            sheet.write_url(row, 0, f"internal:'{quoted}'!A1", self.link, string=name)
            sheet.write_string(row, 1, title, self.plain)

    def notes(self, sheet: Worksheet, cover: Cover, results: Sequence[Result]) -> None:
        """Definitions, flags and what must be known to compare: a row each."""
        sheet.set_column(0, 0, 45)
        sheet.set_column(1, 1, 110)
        sheet.write_string(0, 0, self.wording.text("Notes"), self.title)
        flags = [(self.wording.text("Flags"), line) for line in flag_lines(self.wording, results)]
        rows = [*self._definitions(results), *flags, *footnotes(self.wording, results)]
        rows += [(heading, paragraph) for heading, paragraphs in cover.notes for paragraph in paragraphs]
        self._mark(sheet, 1, [self.wording.text("About"), self.wording.text("Note")], len(rows))
        self._rows(sheet, 2, rows)
        sheet.freeze_panes(2, 0)

    def table(self, sheet: Worksheet, table: SheetTable) -> None:
        """One table as the page lays it out; where a number has flags, a last column names them."""
        down, across, cells = layout(table.results, table.rows, table.columns)
        row_keys, column_keys = keys_of(down, across, cells)
        flagged = any(result.flags and result.is_available for result in table.results)
        flags = [self.wording.text("Flags")] if flagged else []
        units, row_units = units_of(self.wording, table.results, down, across)
        row_labels, column_labels = down.labels(self.wording, row_keys), across.labels(self.wording, column_keys)
        columns = [_with_unit(column_labels[key], units[key]) for key in column_keys]
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, len(columns) + len(flags), 20)
        sheet.write_string(0, 0, table.title, self.title)
        self._mark(sheet, 1, [down.heading(self.wording), *columns, *flags], len(row_keys))
        for row, key in enumerate(row_keys, start=2):
            label = _with_unit(row_labels[key], row_units.get(key, ""))
            sheet.write_string(row, 0, label, self.plain)
            results = [cells.get((key, column)) for column in column_keys]
            for column, (column_key, result) in enumerate(zip(column_keys, results), start=1):
                self._number(sheet, row, column, result, across.is_mixed(column_key))
            if flagged:
                sheet.write_string(row, len(columns) + 1, _flags_of(columns, results), self.plain)
        sheet.freeze_panes(2, 1)

    def long_form(self, sheet: Worksheet, results: Sequence[Result]) -> None:
        """All results, a row each: labels before the columns of the CSV file."""
        text = self.wording.text
        sheet.set_column(0, 0, 60)
        sheet.set_column(1, len(RESULT_COLUMNS) + 2, 22)
        sheet.write_string(0, 0, text("All results"), self.title)
        # The columns of the CSV file keep their names in every language: programs read them.
        headers = [
            text("Name of the indicator"),
            text("Name of the country"),
            text("Breakdown in words"),
            *RESULT_COLUMNS,
        ]
        self._mark(sheet, 1, headers, len(results))
        for row, result in enumerate(results, start=2):
            for column, label in enumerate(self._labels(result)):
                sheet.write_string(row, column, label, self.plain)
            for column, name in enumerate(RESULT_COLUMNS, start=3):
                value = getattr(result, name)
                if name not in NUMBER_COLUMNS:
                    sheet.write_string(row, column, value, self.plain)
                elif math.isfinite(value):
                    sheet.write_number(row, column, value, self.plain)
        sheet.freeze_panes(2, 1)

    def _rows(self, sheet: Worksheet, first: int, rows: Iterable[Sequence[str]]) -> None:
        for row, cells in enumerate(rows, start=first):
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text, self.plain)

    def _mark(self, sheet: Worksheet, row: int, headers: Sequence[str], rows: int) -> None:
        """Mark the cells from a header row down as a table, which screen readers announce."""
        self._tables += 1
        columns = [{"header": header, "header_format": self.header} for header in _unique(headers)]
        # A table must have a row below its header; an empty one says that there is nothing.
        last = row + max(rows, 1)
        options = {"name": f"Table_{self._tables}", "columns": columns, "autofilter": False, "style": "Table Style Light 1",
                   "banded_rows": False}  # fmt: skip
        sheet.add_table(row, 0, last, len(headers) - 1, options)

    def _number(self, sheet: Worksheet, row: int, column: int, result: Result | None, with_sign: bool) -> None:
        if result is None:
            sheet.write_blank(row, column, None, self.plain)
        elif result.is_available:
            sign = self.wording.unit_sign(result.unit) if with_sign else ""
            sheet.write_number(row, column, result.value, self._format(self.wording.known_decimals(result), sign))
        else:
            sheet.write_string(row, column, self.wording.value(result), self.plain)

    def _format(self, decimals: int, sign: str) -> Format:
        """Of a number with so many decimals; the sign of its unit is shown after it and is not part of it."""
        if (decimals, sign) not in self._formats:
            form = "#,##0" + ("." + "0" * decimals if decimals else "") + (f'"{sign}"' if sign else "")
            self._formats[decimals, sign] = self.book.add_format({**self._font, "num_format": form, "valign": "top"})
        return self._formats[decimals, sign]

    def _labels(self, result: Result) -> list[str]:
        breakdown = ", ".join(self.wording.breakdown(result))
        return [self.wording.indicator(result.indicator), self.wording.label("geo", result.geo), breakdown]

    def _definitions(self, results: Sequence[Result]) -> list[tuple[str, str]]:
        wording = self.wording
        of_unit = wording.text("Unit")
        return [
            (wording.indicator(indicator), f"{wording.definition(indicator)} {of_unit}: {unit}.")
            for indicator, unit in sorted(
                {(r.indicator, wording.unit(r.unit)) for r in results},
                # What sorts alike would otherwise be in the order of the set, which differs between processes.
                key=lambda named: (wording.sort_key(wording.indicator(named[0])), named),
            )
        ]


def _with_unit(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit else label


def _flags_of(columns: Sequence[str], results: Sequence[Result | None]) -> str:
    return "; ".join(
        f"{column}: " + " ".join(f"[{flag}]" for flag in result.flags)
        for column, result in zip(columns, results)
        if result is not None and result.is_available and result.flags
    )


def _unique(headers: Sequence[str]) -> list[str]:
    """The headers of a table must differ, whatever the case of their letters."""
    found: list[str] = []
    for header in headers:
        unique, number = header or "–", 2
        while unique.casefold() in {other.casefold() for other in found}:
            unique, number = f"{header} {number}", number + 1
        found.append(unique)
    return found
