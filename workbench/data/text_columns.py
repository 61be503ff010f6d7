"""Columns of text as Python strings.

A study computes with some thousand frames of some hundred rows. With pandas' own type for text, what it takes to make and
take apart its arrays is more than all that is computed.
"""

from collections.abc import Iterable

import numpy
import pandas


def text_column(values: str | Iterable[str], index: pandas.Index) -> pandas.Series:
    """A column of text: one text for all rows, or one for each."""
    if isinstance(values, str):
        values = numpy.full(len(index), values, dtype=object)
    return pandas.Series(
        values if isinstance(values, numpy.ndarray | pandas.Series) else list(values), index, dtype=object
    )


def with_text(frame: pandas.DataFrame, **columns: str | Iterable[str]) -> pandas.DataFrame:
    """A frame with these columns of text beside, or instead of, its own."""
    return frame.assign(**{name: text_column(values, frame.index) for name, values in columns.items()})
