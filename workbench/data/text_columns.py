"""Columns of text as Python strings.

A study computes with about a thousand frames of about a hundred rows. With pandas' own type for text, building its arrays
and reading them back would take longer than all computations.
"""

from collections.abc import Iterable

import numpy
import pandas


def text_column(values: str | Iterable[str], index: pandas.Index) -> pandas.Series:
    """A column of text: the same text for all rows, or one for each."""
    if isinstance(values, str):
        values = numpy.full(len(index), values, dtype=object)
    return pandas.Series(
        values if isinstance(values, numpy.ndarray | pandas.Series) else list(values), index, dtype=object
    )


def with_text(frame: pandas.DataFrame, **columns: str | Iterable[str]) -> pandas.DataFrame:
    """A frame with columns of text added or replaced."""
    return frame.assign(**{name: text_column(values, frame.index) for name, values in columns.items()})
