"""A sheet of a spreadsheet: the title in A1, one table, widths and heights that show the text, and how it prints.

Programs other than Excel fit no row to its text when they open a file: so each row has its height.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_pixel_width, xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet

from workbench.presentation.sheet_columns import Cell, Column, Link, Number

_SIZE, _TITLE_SIZE = 12, 14
_FONT = {"font_name": "Arial", "font_size": _SIZE}
# Widths are measured in Calibri 11, in whose digits of seven pixels a column is counted. Arial 12 is wider; bold more so, and
# its digits.
_ARIAL, _BOLD, _DIGITS, _DIGIT = 1.17, 1.09, 1.09, 7
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_LINE = 16.0
_ROOM, _INDENT = 2.5, 1.5
_NARROWEST, _LINES_OF_HEADING = 8, 4
_WIDEST_FROZEN = 50
_UNUSED = 10
_A4 = 9
_INCH = 1 / 25.4


@dataclass(frozen=True)
class Sheet:
    """What stands on a sheet: its title, lines below it, a table. The first of the lines may lead to another sheet."""

    name: str
    title: str
    lines: Sequence[str | Link]
    columns: Sequence[Column]


class PlainWorksheet(Worksheet):
    """A sheet that writes its texts, most of what it holds, without looking at what else a cell may be."""

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if type(cell).__name__ == "String" and cell.format:
            place, look = xl_rowcol_to_cell_fast(row, col), cell.format._get_xf_index()
            self.fh.write(f'<c r="{place}" s="{look}" t="s"><v>{cell.string}</v></c>')
        else:
            super()._write_cell(row, col, cell)


class SheetWriter:
    """Writes the sheets of one book."""

    def __init__(self, book: Workbook):
        self.book = book
        self.title = book.add_format({**_FONT, "font_size": _TITLE_SIZE, "bold": True})
        self.line = book.add_format(_FONT)
        self.link = book.add_format({**_FONT, "underline": 1, "font_color": "#0a5a8c", "valign": "top"})
        below = {"bottom": 4, "bottom_color": "#8a8a8a"}
        self.text = book.add_format({**_FONT, **below, "text_wrap": True, "valign": "top", "align": "left"})
        self.sign = book.add_format({**_FONT, **below, "valign": "top", "align": "right", "indent": 1})
        heading = {**_FONT, "bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1}
        self.heading = book.add_format({**heading, "align": "left"})
        self.heading_of_numbers = book.add_format({**heading, "align": "right", "indent": 1})
        self._below = below
        self._forms: dict[tuple[str, str], Format] = {}
        self._tables = 0

    def write(self, sheet: Worksheet, content: Sheet) -> None:
        """Write a sheet and say how it prints."""
        widths = list(map(_width, content.columns))
        sheet.write_string(0, 0, content.title, self.title)
        sheet.set_row(0, 1.5 * _LINE)
        for row, line in enumerate(content.lines, start=1):
            self._cell(sheet, row, 0, line, self.line)
        head = len(content.lines) + 1
        self._table(sheet, head, content.columns, widths)
        self._print(sheet, content, widths, head)

    def _table(self, sheet: Worksheet, head: int, columns: Sequence[Column], widths: Sequence[float]) -> None:
        rows = len(columns[0].cells)
        self._mark(sheet, head, columns, rows)
        headings = [lines_in(column.heading, width, _BOLD) for column, width in zip(columns, widths)]
        sheet.set_row(head, _LINE * max(headings))
        for number, (column, width) in enumerate(zip(columns, widths)):
            sheet.set_column(number, number, width)
            for row, cell in enumerate(column.cells, start=head + 1):
                self._cell(sheet, row, number, cell, self.sign if column.is_of_numbers else self.text)
        wrapped = [(column, width) for column, width in zip(columns, widths) if not column.is_of_numbers]
        for row in range(rows):
            lines = max((lines_in(_shown(column.cells[row]), width) for column, width in wrapped), default=1)
            sheet.set_row(head + 1 + row, _LINE * lines)
        sheet.freeze_panes(head + 1, 1 if widths[0] <= _WIDEST_FROZEN and len(columns) > 2 else 0)

    def _cell(self, sheet: Worksheet, row: int, column: int, cell: Cell, look: Format) -> None:
        match cell:
            case Number(value, form):
                sheet.write_number(row, column, value, self._form(form, "right" if look is self.sign else "left"))
            case Link(name):
                quoted = name.replace("'", "''")
                sheet.write_url(row, column, f"internal:'{quoted}'!A1", self.link, string=name)
            case str():
                sheet.write_string(row, column, cell, look)
            case None:
                sheet.write_blank(row, column, None, look)

    def _form(self, form: str, side: str) -> Format:
        if (form, side) not in self._forms:
            look = {**_FONT, **self._below, "num_format": form, "valign": "top", "align": side}
            self._forms[form, side] = self.book.add_format(look | ({"indent": 1} if side == "right" else {}))
        return self._forms[form, side]

    def _mark(self, sheet: Worksheet, head: int, columns: Sequence[Column], rows: int) -> None:
        """Mark the cells from a header row down as a table, which screen readers announce."""
        self._tables += 1
        headings = _unique([column.heading for column in columns])
        looks = [self.heading_of_numbers if column.is_of_numbers else self.heading for column in columns]
        options = {
            "name": f"Table_{self._tables}",
            "columns": [{"header": text, "header_format": look} for text, look in zip(headings, looks)],
            "autofilter": False,
            "style": "Table Style Light 1",
            "banded_rows": False,
        }
        # A table must have a row below its header; an empty one says that there is nothing.
        sheet.add_table(head, 0, head + max(rows, 1), len(columns) - 1, options)

    def _print(self, sheet: Worksheet, content: Sheet, widths: Sequence[float], head: int) -> None:
        """On A4 across, as wide as the page, the title and the headings on each page, its number below."""
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=15 * _INCH, right=15 * _INCH, top=15 * _INCH, bottom=18 * _INCH)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, head)
        last = _last_printed(content, widths)
        if last >= len(widths):
            sheet.set_column(len(widths), last, _UNUSED)
        sheet.print_area(0, 0, head + max(len(content.columns[0].cells), 1), last)
        sheet.set_footer(f"&L{_as_footer(content.name)}&R&P / &N")


def _last_printed(content: Sheet, widths: Sequence[float]) -> int:
    """The last column that is printed: the title and the lines below it reach over empty ones, and are cut where printing ends."""
    longest = max(
        measured(content.title) * _BOLD * _TITLE_SIZE / _SIZE,
        *map(measured, map(_shown, content.lines)),
        0,
    )
    return len(widths) - 1 + math.ceil(max(0.0, longest + _ROOM - sum(widths)) / _UNUSED)


def _as_footer(text: str) -> str:
    return text.replace("&", "&&")


def _width(column: Column) -> float:
    """As wide as its widest cell, and as its heading asks for; no wider than it may be."""
    heading = max(measured(word) for word in (column.heading or "–").split()) * _BOLD
    heading = max(heading, measured(column.heading) * _BOLD / _LINES_OF_HEADING)
    cells = max((measured(_shown(cell)) for cell in column.cells), default=0)
    if column.is_of_numbers:
        heading, cells = heading + _INDENT, cells * _DIGITS + _INDENT
    return round(min(max(_NARROWEST, heading + _ROOM, cells + _ROOM), column.widest), 1)


def _shown(cell: Cell) -> str:
    """About as long a text as a cell shows."""
    match cell:
        case Number(value, form) if "yyyy" in form:
            return form.replace('"', "").rpartition("]")[2].replace("mmmm", "September")
        case Number(value, form):
            decimals = form.partition(".")[2].count("0")
            return f"{value:,.{decimals}f}" if "," in form else f"{value:.6g}"
        case Link(name):
            return name
    return cell or ""


@lru_cache(maxsize=8192)
def measured(text: str) -> float:
    """How wide a text is, in widths of a digit; only letters without their accents have a measure."""
    return xl_pixel_width(_ACCENTS.sub("", normalize("NFKD", text))) * _ARIAL / _DIGIT


@lru_cache(maxsize=8192)
def lines_in(text: str, width: float, weight: float = 1.0) -> int:
    """In how many lines a text wraps in a column; a word that is wider than the column breaks."""
    room = width - 1
    if measured(text) * weight <= room and "\n" not in text:
        return 1
    lines = 0
    for paragraph in text.split("\n"):
        lines, used = lines + 1, 0.0
        for word in paragraph.split(" "):
            size, space = measured(word) * weight, measured(" ") if used else 0.0
            if used + space + size <= room:
                used += space + size
                continue
            broken = math.ceil(size / room)
            lines += broken if used else broken - 1
            used = size - (broken - 1) * room
    return lines


def _unique(headings: Sequence[str]) -> list[str]:
    """The headings of a table must differ, whatever the case of their letters."""
    found: list[str] = []
    for heading in headings:
        unique, number = heading or "–", 2
        while unique.casefold() in {other.casefold() for other in found}:
            unique, number = f"{heading} {number}", number + 1
        found.append(unique)
    return found
