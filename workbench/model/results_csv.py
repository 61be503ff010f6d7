"""Results as CSV: the file beside every study, and the data behind every figure and table."""

import csv
import io
import math
from collections.abc import Iterable

from workbench.model.words import RESULT_COLUMNS, Result


def results_csv(results: Iterable[Result]) -> str:
    """Results as CSV, a row each; ten significant digits, an empty cell where a number is not available."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(RESULT_COLUMNS)
    for result in results:
        writer.writerow(_cell(getattr(result, column)) for column in RESULT_COLUMNS)
    return text.getvalue()


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return format(value, ".10g") if math.isfinite(value) else ""
