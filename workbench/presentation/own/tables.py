"""A researcher's own table as rows of text: a data frame, a series, or what statsmodels lays out."""

import math
import numbers
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import chain, repeat
from typing import Any

from workbench.model.errors import WorkbenchError
from workbench.presentation.own.dates import iso
from workbench.presentation.own.taken import is_a


@dataclass(frozen=True)
class OwnCells:
    """A table as text.

    Attributes
    ----------
    columns : tuple of str
        The heads of the columns; none where a table has no head.
    rows : tuple of tuple of str
        The cells.
    header_columns : int
        How many columns, from the first, say what a row is.
    note : str
        What stands below it, in lines; or nothing.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    header_columns: int
    note: str


def own_table(shown: object) -> tuple[OwnCells, ...]:
    """The table that is shown; of a summary of statsmodels, its tables.

    The index of a data frame becomes columns, unless it only counts the rows. A summary is without the day and the time
    at which it was made.

    Raises
    ------
    WorkbenchError
        If it is no table.
    """
    if is_a(shown, "pandas", "Series"):
        return own_table(shown.to_frame("" if shown.name is None else shown.name))  # type: ignore[attr-defined]
    if is_a(shown, "pandas", "DataFrame"):
        return (_of_frame(shown),)
    if is_a(shown, "statsmodels.iolib.table", "SimpleTable"):
        return (_of_simple_table(shown),)
    if is_a(shown, "statsmodels.iolib.summary", "Summary"):
        return _of_summary(shown)
    if is_a(shown, "statsmodels.iolib.summary2", "Summary"):
        return _of_summary2(shown)
    raise WorkbenchError(
        "this cannot be shown as a table",
        expected="a data frame or series of pandas, or a SimpleTable or summary of statsmodels",
        found=f"{type(shown).__module__}.{type(shown).__qualname__}",
        hint="make a data frame of it; of a model's results, show summary()",
    )


def own_table_html(tables: Sequence[OwnCells], caption_html: str) -> str:
    """Tables as HTML, the first with the caption, each with its note below; ``scope`` on every header."""
    captions = [f"<caption>{caption_html}</caption>\n"] + [""] * (len(tables) - 1)
    return "\n".join(_table_html(cells, caption) for cells, caption in zip(tables, captions))


def _table_html(cells: OwnCells, caption: str) -> str:
    head = "".join(_header(column, "col") for column in cells.columns)
    body = "\n".join(
        f"<tr>{''.join(_header(cell, 'row') for cell in row[: cells.header_columns])}"
        f"{''.join(f'<td>{escape(cell)}</td>' for cell in row[cells.header_columns :])}</tr>"
        for row in cells.rows
    )
    notes = "".join(f'\n<p class="legend">{escape(line)}</p>' for line in cells.note.splitlines() if line.strip())
    return (
        f"<table>\n{caption}{f'<thead><tr>{head}</tr></thead>{chr(10)}' if head else ''}"
        f"<tbody>\n{body}\n</tbody>\n</table>{notes}"
    )


def _header(text: str, scope: str) -> str:
    """A header; an empty one would head nothing."""
    return f'<th scope="{scope}">{escape(text)}</th>' if text else "<td></td>"


def _of_frame(frame: Any) -> OwnCells:
    import pandas as pd

    index = frame.index
    is_count = isinstance(index, pd.RangeIndex) and index.name is None and (index.start, index.step) == (0, 1)
    names = () if is_count else tuple("" if name is None else str(name) for name in index.names)
    labels = [() if is_count else _parts(key) for key in index]
    columns = [", ".join(filter(None, map(_text, _parts(column)))) for column in frame.columns]
    # Column by column: a row of the frame would make floats of its whole numbers.
    values = [list(frame.iloc[:, place]) for place in range(frame.shape[1])]
    rows = [(*map(_text, label), *(_text(column[place]) for column in values)) for place, label in enumerate(labels)]
    return OwnCells((*names, *columns), tuple(rows), len(names), "")


def _parts(key: Any) -> tuple:
    return key if isinstance(key, tuple) else (key,)


def _text(value: Any) -> str:
    """A value as text: nothing where there is none; six significant digits, but no digit of a whole number is lost."""
    import pandas as pd

    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return iso(value)
    if isinstance(value, bool | numbers.Integral) or not isinstance(value, numbers.Real) or not math.isfinite(value):
        return str(value)
    number = float(value) + 0.0  # no zero has a sign
    is_whole = number.is_integer() and abs(number) < 1e15
    return format(number, ".0f" if is_whole or 1e6 <= abs(number) < 1e15 else ".6g")


def _of_simple_table(table: Any) -> OwnCells:
    rows = [tuple(cell.format(0, "txt").strip() for cell in row) for row in table]
    headers = [sum(cell.datatype == "stub" for cell in row) for row in table]
    note = (table.title or "").strip()
    # Names and values side by side, several pairs in a row, as above the coefficients of a summary.
    if max(headers, default=0) > 1:
        return _of_pairs(rows, note)
    head = next((place for place, row in enumerate(table) if row.datatype == "header"), None)
    columns = () if head is None else rows.pop(head)
    return OwnCells(columns, tuple(rows), max(headers, default=0), note)


def _of_pairs(rows: Sequence[Sequence[str]], note: str) -> OwnCells:
    """Names and values below each other, each name the header of its row, in the order of the columns."""
    width = max(map(len, rows), default=0)
    pairs = [tuple(row[place : place + 2]) for place in range(0, width, 2) for row in rows]
    kept = [pair for pair in pairs if any(pair) and pair[0] not in _WHEN]
    return OwnCells((), tuple(kept), 1, note)


_WHEN = ("Date:", "Time:")
"""What differs each time a summary is made."""


def _of_summary(summary: Any) -> tuple[OwnCells, ...]:
    return _with_note([_of_simple_table(table) for table in summary.tables], summary.extra_txt)


def _of_summary2(summary: Any) -> tuple[OwnCells, ...]:
    titles = chain([summary.title or ""], repeat(""))
    tables = map(_of_set_frame, summary.tables, summary.settings, titles)
    return _with_note(list(tables), "\n".join(summary.extra_txt))


def _with_note(tables: Sequence[OwnCells], note: str | None) -> tuple[OwnCells, ...]:
    """The tables with what stands below all of them."""
    *before, last = tables
    return (*before, replace(last, note="\n".join(filter(None, [last.note, note]))))


def _of_set_frame(frame: Any, settings: dict[str, Any], note: str) -> OwnCells:
    """A table of a summary, which says for each whether it has a head and headers, and how its numbers are written."""
    rows = [[_as_set(value, settings["float_format"]) for value in row] for row in frame.to_numpy()]
    if not settings["header"] and not settings["index"] and all(_is_name(name) for row in rows for name in row[::2]):
        return _of_pairs(rows, note)
    columns = tuple(map(str, frame.columns)) if settings["header"] else ()
    if settings["index"]:
        columns = ("", *columns) if columns else ()
        rows = [[str(key), *row] for key, row in zip(frame.index, rows)]
    return OwnCells(columns, tuple(map(tuple, rows)), int(settings["index"]), note)


def _is_name(text: str) -> bool:
    return not text or text.endswith((":", "."))


def _as_set(value: Any, float_format: str) -> str:
    return (float_format % value if isinstance(value, float) else str(value)).strip()
