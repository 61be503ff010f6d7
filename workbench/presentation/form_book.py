"""A workbook to be filled in: protected but for the cells that are asked for, with drop-down lists and checks while typing.

It knows nothing of what is asked: columns hold what is given, or say how their empty cells are filled. The same content gives
the same bytes.
"""

import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from workbench.presentation.sheet_writer import lines_in, measured

HEADING_ROW = 3
"""Where the headings of a table are, counted from 0; a title and two lines are above them."""

_NO_DAY = datetime.datetime(2000, 1, 1)
_TEXT_STAYS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_SIZE, _LINE = 11, 15.0
_FONT = {"font_name": "Arial", "font_size": _SIZE}
_OF_MEASURED = 11 / 12
"""Texts are measured in the size of the spreadsheets of studies."""
_BOLD = 1.09 * _OF_MEASURED
_INK, _FAINT, _ACCENT, _EDGE = "#1a1a1a", "#595959", "#0a5a8c", "#8a8a8a"
_GIVEN, _HEAD, _WORDS = "#f1f3f5", "#dbe7f0", "#fff8e1"
_A4 = 9
_LABELS, _TEXTS = 24, 92
_KEYS, _FIGURES, _EXPLANATIONS = 40, 15, 60
LONGEST_EXPLANATION = 500


class Fill(StrEnum):
    """How a cell of a column is filled in."""

    GIVEN = "given"
    CHOICE = "choice"
    COUNT = "count"
    WORDS = "words"


@dataclass(frozen=True)
class FormColumn:
    """A column of a form.

    Attributes
    ----------
    cells : sequence
        What stands in each row; None where it is to be filled in.
    fill : Fill
        How; a column that is given has nothing to fill in.
    """

    heading: str
    cells: Sequence[str | float | None]
    fill: Fill = Fill.GIVEN


@dataclass(frozen=True)
class FormSheet:
    """A table to be filled in. ``choices`` names the list of codes that its column of choices takes; the two ``lines`` stand below
    the title."""

    name: str
    title: str
    lines: tuple[str, str]
    columns: Sequence[FormColumn]
    choices: str = ""


@dataclass(frozen=True)
class FormBook:
    """A form.

    Attributes
    ----------
    name : str
        The name of the cover sheet.
    cover : sequence of (str, str)
        A label and its text, a row each; a row without a text is a heading.
    lists : mapping
        The name of each list of codes to its entries.
    name_of_lists : str
        The name of the sheet that they are on.
    marks : sequence of str
        What may stand in the place of a number.
    wrong_count, wrong_choice, too_long : (str, str)
        What a spreadsheet program says to who types something else: title and text.
    """

    name: str
    title: str
    publisher: str
    cover: Sequence[tuple[str, str]]
    sheets: Sequence[FormSheet]
    lists: Mapping[str, Sequence[str]]
    name_of_lists: str
    marks: Sequence[str]
    wrong_count: tuple[str, str]
    wrong_choice: tuple[str, str]
    too_long: tuple[str, str]


def written_form(form: FormBook) -> bytes:
    """The form as an ``.xlsx`` file."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True, **_TEXT_STAYS_TEXT})
    book.set_properties({"title": form.title, "author": form.publisher, "created": _NO_DAY})
    writer = _Writer(book, form)
    writer.cover()
    for sheet in form.sheets:
        writer.table(sheet)
    if form.lists:
        writer.lists()
    book.close()
    return buffer.getvalue()


class _Writer:
    """Writes the sheets of a form."""

    def __init__(self, book: Workbook, form: FormBook):
        self._book, self._form = book, form
        wrapped = {**_FONT, "font_color": _INK, "text_wrap": True, "valign": "top"}
        edge = {"border": 1, "border_color": _EDGE}
        given = {**wrapped, **edge, "bg_color": _GIVEN, "indent": 1}
        self._title = book.add_format(
            {**_FONT, "font_size": 15, "bold": True, "font_color": _ACCENT, "valign": "vcenter"}
        )
        self._line = book.add_format({**_FONT, "font_color": _FAINT})
        self._label = book.add_format({**wrapped, "bold": True})
        self._part = book.add_format(
            {**_FONT, "font_size": 12, "bold": True, "font_color": _ACCENT, "valign": "bottom"}
        )
        self._text = book.add_format(wrapped)
        head = {**wrapped, **edge, "bold": True, "bg_color": _HEAD, "valign": "bottom", "indent": 1}
        self._head = book.add_format({**head, "align": "left"})
        self._head_of_numbers = book.add_format({**head, "align": "right"})
        self._given = book.add_format({**given, "align": "left"})
        self._given_number = book.add_format({**given, "font_color": _FAINT, "align": "right", "num_format": "#,##0"})
        open_cell = {**_FONT, **edge, "locked": False, "valign": "top", "indent": 1}
        self._open: dict[Fill, Format] = {
            Fill.CHOICE: book.add_format({**open_cell, "align": "left", "text_wrap": True}),
            Fill.COUNT: book.add_format({**open_cell, "align": "right", "num_format": "#,##0"}),
            Fill.WORDS: book.add_format({**open_cell, "align": "left", "text_wrap": True, "bg_color": _WORDS}),
        }

    def cover(self) -> None:
        """Who is asked for what, until when, and how it is filled in."""
        sheet = self._sheet(self._form.name)
        sheet.set_column(0, 0, _LABELS)
        sheet.set_column(1, 1, _TEXTS)
        sheet.write_string(0, 0, self._form.title, self._title)
        sheet.set_row(0, 30)
        for row, (label, text) in enumerate(self._form.cover, start=1):
            if text:
                sheet.write_string(row, 0, label, self._label)
                sheet.write_string(row, 1, text, self._text)
                lines = max(lines_in(label, _LABELS, _BOLD), lines_in(text, _TEXTS, _OF_MEASURED))
                sheet.set_row(row, _LINE * lines + 3)
            else:
                sheet.write_string(row, 0, label, self._part)
                sheet.set_row(row, 28)
        sheet.set_portrait()
        sheet.print_area(0, 0, len(self._form.cover), 1)

    def table(self, content: FormSheet) -> None:
        """A table with its headings, what is given, and the cells to fill in."""
        sheet = self._sheet(content.name)
        sheet.write_string(0, 0, content.title, self._title)
        sheet.set_row(0, 30)
        for row, line in enumerate(content.lines, start=1):
            sheet.write_string(row, 0, line, self._line)
        for number, column in enumerate(content.columns):
            self._column(sheet, number, column, is_first=number == 0)
            self._check_typing(sheet, number, column, content.choices)
        widths = [_width(column, number == 0) for number, column in enumerate(content.columns)]
        of_headings = (lines_in(column.heading, width - 2, _BOLD) for column, width in zip(content.columns, widths))
        sheet.set_row(HEADING_ROW, _LINE * max(of_headings) + 3)
        for row in range(len(content.columns[0].cells)):
            lines = max(
                lines_in(_shown(column.cells[row]), width - 2, _OF_MEASURED)
                for column, width in zip(content.columns, widths)
            )
            sheet.set_row(HEADING_ROW + 1 + row, _LINE * lines + 3)
        sheet.freeze_panes(HEADING_ROW + 1, 1)
        sheet.set_landscape()
        sheet.repeat_rows(HEADING_ROW)

    def lists(self) -> None:
        """The codes that the drop-down lists show."""
        sheet = self._sheet(self._form.name_of_lists)
        for number, (heading, entries) in enumerate(self._form.lists.items()):
            sheet.set_column(number, number, _KEYS)
            sheet.write_string(0, number, heading, self._head)
            for row, entry in enumerate(entries, start=1):
                sheet.write_string(row, number, entry, self._given)
        sheet.freeze_panes(1, 0)
        sheet.set_portrait()

    def _sheet(self, name: str) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.hide_gridlines(2)
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self._form.title.replace('&', '&&')}&R&P / &N")
        return sheet

    def _column(self, sheet: Worksheet, number: int, column: FormColumn, is_first: bool) -> None:
        holds_numbers = column.fill is Fill.COUNT or any(isinstance(cell, float) for cell in column.cells)
        sheet.set_column(number, number, _width(column, is_first))
        sheet.write_string(HEADING_ROW, number, column.heading, self._head_of_numbers if holds_numbers else self._head)
        for row, cell in enumerate(column.cells, start=HEADING_ROW + 1):
            match cell:
                case None:
                    sheet.write_blank(row, number, None, self._open[column.fill])
                case float():
                    sheet.write_number(row, number, cell, self._given_number)
                case str():
                    sheet.write_string(row, number, cell, self._given_number if holds_numbers else self._given)

    def _check_typing(self, sheet: Worksheet, number: int, column: FormColumn, choices: str) -> None:
        """Have the program refuse what cannot stand in the open cells of a column."""
        open_rows = [row for row, cell in enumerate(column.cells, start=HEADING_ROW + 1) if cell is None]
        if column.fill is Fill.GIVEN or not open_rows:
            return
        rule, (title, text) = self._rule(column.fill, xl_rowcol_to_cell(open_rows[0], number), choices)
        options = {**rule, "error_type": "stop", "error_title": title, "error_message": text}
        sheet.data_validation(open_rows[0], number, open_rows[-1], number, options)

    def _rule(self, fill: Fill, first: str, choices: str) -> tuple[dict[str, object], tuple[str, str]]:
        if fill is Fill.CHOICE:
            last, quoted = len(self._form.lists[choices]) + 1, self._form.name_of_lists.replace("'", "''")
            letter = "ABCDEFGH"[list(self._form.lists).index(choices)]
            return {"validate": "list", "source": f"='{quoted}'!${letter}$2:${letter}${last}"}, self._form.wrong_choice
        if fill is Fill.WORDS:
            most = {"validate": "length", "criteria": "<=", "value": LONGEST_EXPLANATION}
            return most, self._form.too_long
        marks = "".join(f',{first}="{mark}"' for mark in self._form.marks)
        # INT of a text is an error, which AND would pass on: IFERROR makes it false.
        whole = f"=OR(IFERROR(AND(ISNUMBER({first}),{first}>=0,{first}=INT({first})),FALSE){marks})"
        return {"validate": "custom", "value": whole}, self._form.wrong_count


def _width(column: FormColumn, is_first: bool) -> float:
    if column.fill is Fill.WORDS:
        return _EXPLANATIONS
    if is_first:
        return _KEYS
    word = max((measured(word) for word in column.heading.split()), default=0) * _BOLD
    return max(_FIGURES, round(word + 4, 1))


def _shown(cell: str | float | None) -> str:
    return cell if isinstance(cell, str) else ""
