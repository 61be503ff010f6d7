"""Checks between the figures of a table: totals and their parts, and the year before. A deviation may be explained in its row."""

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.declarations.collections import Codes, Sum
from workbench.model.periods import shift
from workbench.model.types import message
from workbench.partners.cells import Figure
from workbench.partners.filled import FilledRow, FilledTable
from workbench.partners.findings import Finding

NOT_THE_SUM = message("{total} ({value}) is not the sum of its parts ({sum}): correct it, or explain it in this row.")
LESS_THAN_PARTS = message(
    "{total} ({value}) is less than its parts together ({sum}): correct it, or explain it in this row."
)
JUMP = message(
    "{value} after {before} in {year}, more than {times} times as many: check it, and explain it in this row if it is right."
)
FALL = message(
    "{value} after {before} in {year}, less than one in {times}: check it, and explain it in this row if it is right."
)
GONE = message("“{code}” had {before} in {year} and is missing: add it, with 0 where there was none.")


@dataclass(frozen=True)
class _Cell:
    """A figure with its place and all its codes."""

    row: FilledRow
    column: int
    codes: Codes
    figure: Figure


def check_table(table: FilledTable) -> Iterator[Finding]:
    """What the figures of a table say against each other, and against the year before.

    Totals are compared with their parts once every cell can be read.
    """
    cells = list(_cells(table))
    for declared in table.form.table.sums if not table.findings else ():
        yield from _check_sum(table, declared, cells)
    for cell in cells:
        yield from _check_jump(table, cell)
    yield from _gone(table)


def _cells(table: FilledTable) -> Iterator[_Cell]:
    for row in table.rows:
        for column, (figure, codes) in enumerate(zip(row.figures, table.form.table.value_columns)):
            if figure is not None:
                yield _Cell(row, column, {**row.codes, **codes}, figure)


def _check_sum(table: FilledTable, declared: Sum, cells: list[_Cell]) -> Iterator[Finding]:
    axis = declared.dimension
    parts_of: dict[frozenset, list[Figure]] = {}
    for cell in cells:
        if cell.codes[axis] in declared.parts if declared.parts else cell.codes[axis] != declared.total:
            parts_of.setdefault(_others(cell.codes, axis), []).append(cell.figure)
    for cell in cells:
        if cell.codes[axis] != declared.total or cell.figure.value is None:
            continue
        parts = parts_of.get(_others(cell.codes, axis), [])
        known = sum(part.value or 0 for part in parts)
        are_all_known = all(part.value is not None for part in parts)
        if known > cell.figure.value:
            yield _of_sum(table, cell, known, LESS_THAN_PARTS)
        elif declared.exact and are_all_known and known != cell.figure.value:
            yield _of_sum(table, cell, known, NOT_THE_SUM)


def _others(codes: Codes, axis: str) -> frozenset:
    return frozenset(item for item in codes.items() if item[0] != axis)


def _of_sum(table: FilledTable, cell: _Cell, known: int, what: str) -> Finding:
    wording = table.form.wording
    assert cell.figure.value is not None
    said = {
        "total": table.form.label(cell.codes),
        "value": wording.number(cell.figure.value),
        "sum": wording.number(known),
    }
    return Finding(what, table.form.sheet, table.cell(cell.row, cell.column), said, may_be_explained=True)


def _check_jump(table: FilledTable, cell: _Cell) -> Iterator[Finding]:
    jump, wording = table.form.table.jump, table.form.wording
    before, now = table.form.earlier.value(cell.codes), cell.figure.value
    if before is None or now is None or max(before, now) < jump.least:
        return
    if now > before * jump.times or before > now * jump.times:
        said = {
            "value": wording.number(now),
            "before": wording.number(before),
            "year": shift(table.form.period, -1),
            "times": wording.number(jump.times, decimals=0 if float(jump.times).is_integer() else 1),
        }
        what = JUMP if now > before else FALL
        yield Finding(what, table.form.sheet, table.cell(cell.row, cell.column), said, may_be_explained=True)


def _gone(table: FilledTable) -> Iterator[Finding]:
    """Rows that had a figure the year before and are not there any more."""
    if not table.form.table.further_rows or not table.rows:
        return
    (dimension,) = table.form.table.rows
    have = {row.codes[dimension] for row in table.rows}
    for codes in table.form.rows():
        before = table.form.earlier.value({**codes, **table.form.table.value_columns[0]})
        if codes[dimension] not in have and before:
            said = {
                "code": table.form.entry(dimension, codes[dimension]),
                "before": table.form.wording.number(before),
                "year": shift(table.form.period, -1),
            }
            yield Finding(GONE, table.form.sheet, "", said)
