"""Results as CSV: the file beside every study, and the data behind every figure and table."""

import csv
import io
import math
from collections.abc import Iterable

from workbench.model.types import NUMBER_COLUMNS, RESULT_COLUMNS, Result


def results_csv(results: Iterable[Result]) -> str:
    """Results as CSV, a row each; ten significant digits, an empty cell where a number is not available."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(RESULT_COLUMNS)
    for result in results:
        writer.writerow(csv_cell(getattr(result, column)) for column in RESULT_COLUMNS)
    return text.getvalue()


def read_results_csv(text: str) -> list[Result]:
    """Read back what `results_csv` wrote."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [Result(**{column: _value(row, column) for column in RESULT_COLUMNS}) for row in rows]


# A spreadsheet takes a cell that begins so for a formula and may run it.
_FORMULA = ("=", "+", "-", "@", "\t")


def csv_cell(value: str | float) -> str:
    """A cell of a CSV file: numbers with ten significant digits, empty where there is none; text that is no formula."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return format(value, ".10g") if math.isfinite(value) else ""


def _value(row: dict[str, str], column: str) -> str | float:
    text = row[column]
    if column not in NUMBER_COLUMNS:
        return text.removeprefix("'") if text[1:].startswith(_FORMULA) else text
    if text:
        return float(text)
    # A number that is there without an upper bound has none: an interval may be open.
    return math.inf if column == "high" and row["value"] else math.nan
