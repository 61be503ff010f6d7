"""What must be mended or explained in a form, for the institution that sent it: a page for an e-mail, in its language."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.data.formats.plain_workbook import cell_name
from workbench.page.whole_page import templates_in, whole_page
from workbench.partners.read import Reading
from workbench.presentation.wording import Wording

_TEMPLATES = Path(__file__).parent / "templates"


def report_html(reading: Reading) -> str:
    """The errors of a file by sheet and cell: a page that loads nothing, and is the same for the same file."""
    wording = reading.wording
    style = (_TEMPLATES / "errors.css").read_text(encoding="utf-8")
    return whole_page(
        templates_in(_TEMPLATES),
        "errors.html.j2",
        wording,
        style,
        file=reading.path.name,
        institution=reading.institution,
        period=reading.identity.period,
        form=str(reading.identity),
        count=_count(wording, len(reading.findings)),
        parts=_parts(reading),
    )  # fmt: skip


def report_lines(reading: Reading) -> Iterator[str]:
    """The same for a terminal: a line for each."""
    for part in _parts(reading):
        for row in part["rows"]:
            where = ", ".join(filter(None, (part["sheet"], row["cells"])))
            yield f"{where}: {row['text']}" if where else row["text"]


def _parts(reading: Reading) -> list[dict[str, Any]]:
    """What is wrong with the whole file, then sheet by sheet; cells in which the same is wrong stand together."""
    order = ["", *(reading.form.sheet_names if reading.form else [])]
    others = sorted({finding.sheet for finding in reading.findings} - set(order))
    parts = []
    for sheet in [*order, *others]:
        cells: dict[tuple[str, bool], list[str]] = {}
        for finding in sorted(reading.findings, key=lambda finding: _place(finding.cell)):
            if finding.sheet == sheet:
                cells.setdefault((finding.text(reading.wording), finding.may_be_explained), []).append(finding.cell)
        rows = [
            {"cells": _together(where), "text": text, "may_be_explained": may_be_explained}
            for (text, may_be_explained), where in cells.items()
        ]
        if rows:
            parts.append({"sheet": sheet, "rows": rows})
    return parts


def _together(cells: list[str]) -> str:
    """Cells as a list in which neighbours of a row are a range: ``B5:D5, B7``."""
    runs: list[list[tuple[int, int]]] = []
    for row, column in sorted(map(_place, filter(None, cells))):
        if runs and runs[-1][-1] == (row, column - 1):
            runs[-1].append((row, column))
        else:
            runs.append([(row, column)])
    return ", ".join(":".join(cell_name(*place) for place in dict.fromkeys((run[0], run[-1]))) for run in runs)


def _place(cell: str) -> tuple[int, int]:
    """The row and the column of a cell, counted from 1; of a range, those of its beginning."""
    begin = cell.partition(":")[0]
    letters = begin.rstrip("0123456789")
    return int(begin[len(letters) :] or 0), column_number(letters)


def column_number(letters: str) -> int:
    """The number of a column, counted from 1.

    >>> column_number("C"), column_number("AB")
    (3, 28)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _count(wording: Wording, many: int) -> str:
    return wording.plural("{count} thing to mend or to explain", "{count} things to mend or to explain", many).format(
        count=wording.number(many)
    )
