"""Results as CSV: the file beside each study, and the data behind each figure and table."""

import csv
import io
import math
from collections.abc import Iterable

from workbench.model.types import NUMBER_COLUMNS, RESULT_COLUMNS, Result

_MADE_UP = ("made_up", "yes")
"""A further column, and its cells, where the results are made up: as in a register that is made up."""


def results_csv(results: Iterable[Result], is_made_up: bool = False) -> str:
    """Results as CSV, one row each: ten significant digits, an empty cell for a number that is not available.

    What is made up says so in each row, which may be copied without the others.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    further, marked = ([name] for name in _MADE_UP) if is_made_up else ([], [])
    writer.writerow([*RESULT_COLUMNS, *further])
    for result in results:
        writer.writerow([*(csv_cell(getattr(result, column)) for column in RESULT_COLUMNS), *marked])
    return text.getvalue()


def says_made_up(text: str) -> bool:
    """Whether `results_csv` wrote that the results are made up."""
    return text.partition("\n")[0].endswith(f",{_MADE_UP[0]}")


def read_results_csv(text: str) -> list[Result]:
    """Read back what `results_csv` wrote."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [_result(row) for row in rows]


# A spreadsheet takes a cell that begins like this for a formula and may run it.
_FORMULA = ("=", "+", "-", "@", "\t")


def csv_cell(value: str | float) -> str:
    """A cell of a CSV file: a number with ten significant digits or empty; or text, escaped where it looks like a formula."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return format(value, ".10g") if math.isfinite(value) else ""


def _result(row: dict[str, str]) -> Result:
    texts = {column: _text(row[column]) for column in RESULT_COLUMNS if column not in NUMBER_COLUMNS}
    value, low, high = (float(row[column] or "nan") for column in NUMBER_COLUMNS)
    # A value without an upper bound has none: an interval may be open.
    is_open = bool(row["value"]) and not row["high"]
    return Result(**texts, value=value, low=low, high=math.inf if is_open else high)


def _text(cell: str) -> str:
    return cell.removeprefix("'") if cell[1:].startswith(_FORMULA) else cell
