"""A table as it was filled in: its rows with their codes, figures and explanations, and what is wrong with its cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbench.data.formats.plain_workbook import cell_name
from workbench.data.formats.sheets import Sheet
from workbench.model.types import message
from workbench.partners.cells import Figure, WrongCell, figure_in
from workbench.partners.findings import Finding
from workbench.partners.form import TableForm
from workbench.partners.personal_data import personal_data
from workbench.presentation.form_book import HEADING_ROW, LONGEST_EXPLANATION

CHANGED = message("This cell was locked and says something else now: it must say “{expected}”, and says “{found}”.")
ROWS_MOVED = message(
    "The rows are not those that were sent; this one must be “{expected}”, and is “{found}”. Take out inserted rows, or fill in "
    "the form anew."
)
NO_CODE = message("A row with figures or an explanation, and no code chosen.")
UNKNOWN_CODE = message("“{found}” is not in the list of codes.")
TWICE = message("“{found}” is in row {number} already.")
EMPTY = message("Empty: write a figure, 0 where there was none, or “:” where there is no figure.")
OUTSIDE = message("“{found}” stands outside the table: please take it out.")
TOO_LONG = message("The explanation is too long: at most {most} characters.")


@dataclass(frozen=True)
class FilledRow:
    """A row: its number on the sheet, the code of each dimension of rows, the figure of each column, None where it is wrong."""

    number: int
    codes: Mapping[str, str]
    figures: tuple[Figure | None, ...]
    explanation: str


@dataclass(frozen=True)
class FilledTable:
    """The rows that could be read, and what is wrong."""

    form: TableForm
    rows: list[FilledRow]
    findings: list[Finding]

    def cell(self, row: FilledRow, column: int) -> str:
        """The name of the cell of a figure."""
        return cell_name(row.number, len(self.form.table.rows) + column + 1)


def read_table(form: TableForm, sheet: Sheet) -> FilledTable:
    """Read a table from its sheet."""
    reader = _Reader(form, sheet)
    findings = list(reader.headings())
    rows = [] if findings else list(reader.rows(findings))
    findings += reader.outside()
    return FilledTable(form, rows, findings)


class _Reader:
    """Reads one sheet, by the form that was sent."""

    def __init__(self, form: TableForm, sheet: Sheet):
        self._form, self._name = form, sheet.name
        self._cells = [[" ".join(cell.split()) for cell in row] for row in sheet.rows]
        self._keys, self._figures = len(form.table.rows), len(form.table.value_columns)
        has_earlier = self._cell(HEADING_ROW, self._keys + self._figures) != form.explanation_heading
        self._explanation = self._keys + self._figures * (2 if has_earlier else 1)
        self._last = HEADING_ROW

    def headings(self) -> Iterator[Finding]:
        """What is wrong with the headings: without them no cell has a meaning."""
        expected = dict(enumerate([*self._form.key_headings, *self._form.value_headings]))
        for column, heading in (expected | {self._explanation: self._form.explanation_heading}).items():
            plain, found = " ".join(heading.split()), self._cell(HEADING_ROW, column)
            if found != plain:
                yield self._finding(CHANGED, HEADING_ROW, column, expected=plain, found=found)

    def rows(self, findings: list[Finding]) -> Iterator[FilledRow]:
        """The rows that are given, then the further ones; what is wrong with them is added to the findings."""
        listed = [dict(zip(self._form.table.rows, codes)) for codes in self._form.table.listed_rows]
        for codes in listed:
            self._last += 1
            if (moved := self._moved(codes)) is not None:
                findings.append(moved)
                return
            yield self._row(self._last, codes, findings)
        if self._form.table.further_rows:
            yield from self._further(
                {tuple(codes.values()): at + HEADING_ROW + 2 for at, codes in enumerate(listed)}, findings
            )

    def _moved(self, codes: Mapping[str, str]) -> Finding | None:
        for column, (dimension, code) in enumerate(codes.items()):
            found = self._cell(self._last, column)
            if self._form.code_of(dimension, found) != code:
                expected = self._form.entry(dimension, code)
                return self._finding(ROWS_MOVED, self._last, column, expected=expected, found=found)
        return None

    def _further(self, seen: dict[tuple[str, ...], int], findings: list[Finding]) -> Iterator[FilledRow]:
        (dimension,) = self._form.table.rows
        for row in range(self._last + 1, len(self._cells)):
            self._last = row
            entry = self._cell(row, 0)
            if not entry:
                if any(self._cell(row, column) for column in (*self._of_figures, self._explanation)):
                    findings.append(self._finding(NO_CODE, row, 0))
                continue
            code = self._form.code_of(dimension, entry)
            if code is None:
                findings.append(self._finding(UNKNOWN_CODE, row, 0, found=entry))
            elif (code,) in seen:
                findings.append(self._finding(TWICE, row, 0, found=entry, number=str(seen[code,])))
            else:
                seen[code,] = row + 1
                yield self._row(row, {dimension: code}, findings)

    def _row(self, row: int, codes: Mapping[str, str], findings: list[Finding]) -> FilledRow:
        figures = tuple(self._figure(row, column, findings) for column in self._of_figures)
        explanation = self._cell(row, self._explanation)
        if len(explanation) > LONGEST_EXPLANATION:
            findings.append(self._finding(TOO_LONG, row, self._explanation, most=str(LONGEST_EXPLANATION)))
        return FilledRow(row + 1, codes, figures, explanation)

    def _figure(self, row: int, column: int, findings: list[Finding]) -> Figure | None:
        text = self._cell(row, column)
        if not text:
            findings.append(self._finding(EMPTY, row, column))
            return None
        try:
            return figure_in(text)
        except WrongCell as wrong:
            findings.append(self._finding(str(wrong), row, column))
            return None

    def outside(self) -> Iterator[Finding]:
        """What stands beside or below the table, or beside its title."""
        for row, cells in enumerate(self._cells):
            width = self._explanation + 1 if HEADING_ROW <= row <= self._last else int(row < HEADING_ROW)
            for column in range(width, len(cells)):
                if cells[column]:
                    yield self._finding(OUTSIDE, row, column, found=cells[column][:80])

    @property
    def _of_figures(self) -> range:
        return range(self._keys, self._keys + self._figures)

    def _cell(self, row: int, column: int) -> str:
        return self._cells[row][column] if row < len(self._cells) and column < len(self._cells[row]) else ""

    def _finding(self, what: str, row: int, column: int, **said: str) -> Finding:
        return Finding(what, self._name, cell_name(row + 1, column + 1), said)


def personal_data_in(sheets: Sequence[Sheet], known: set[str], period: str) -> Iterator[Finding]:
    """Each cell that looks as if it named a person, unless it says what the form itself says."""
    for sheet in sheets:
        for row, cells in enumerate(sheet.rows, start=1):
            for column, text in enumerate(cells, start=1):
                if not text or " ".join(text.split()) in known:
                    continue
                if found := personal_data(text, period):
                    what, said = found
                    yield Finding(what, sheet.name, cell_name(row, column), said)
