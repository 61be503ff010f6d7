"""A table of observations, and how the cells of any format become one."""

from dataclasses import dataclass

import numpy
import pandas

from workbench.data.formats.cells import Cells
from workbench.data.formats.flags import confidentiality_among, confidentiality_status, observation_status
from workbench.data.formats.meanings import code_of, grouped_number, hold_labels_only, number, period
from workbench.data.formats.text import malformed


@dataclass(frozen=True, eq=False)
class DataTable:
    """Observations of one dataset. Two tables are equal if they say the same in the same order.

    Attributes
    ----------
    dataset : str or None
        The provider's code in lower case; None where the file does not say it.
    last_update : str or None
        As the file says it (Eurostat: ``dd/mm/yy hh:mm:ss``).
    dimensions : tuple of str
        In lower case, in the order of the file; time is none of them.
    frame : DataFrame
        One row an observation: a column of codes for each dimension; ``time`` (``2023``, ``2023-Q4``, ``2023-11``);
        ``value`` (float64, NaN where there is none); ``obs_status`` and ``conf_status`` (lower-case letters, or none).
    """

    dataset: str | None
    last_update: str | None
    dimensions: tuple[str, ...]
    frame: pandas.DataFrame

    def __eq__(self, other):
        if not isinstance(other, DataTable):
            return NotImplemented
        same = (self.dataset, self.last_update, self.dimensions) == (other.dataset, other.last_update, other.dimensions)
        return same and self.frame.equals(other.frame)

    __hash__ = None


def observations(cells: Cells) -> pandas.DataFrame:
    """Understand the cells of a file.

    Parameters
    ----------
    cells : Cells
        Of any format.

    Returns
    -------
    DataFrame
        That of a `DataTable`, sorted by the dimensions and time.

    Raises
    ------
    MalformedFile
        If a period or value is none, or two rows have the same dimensions and time.
    UnknownCode
        If a label or flag is none.
    """
    columns = {dimension: _codes(cells, dimension) for dimension in cells.dimensions}
    columns["time"] = cells.translated("time", period)
    keys = list(columns)
    columns["value"] = _values(cells)
    columns["obs_status"] = cells.translated("obs_status", observation_status)
    columns["conf_status"] = _confidentiality(cells)
    frame = pandas.DataFrame(columns)
    _refuse_duplicates(cells, frame[keys])
    texts = [column for column in columns if column != "value"]
    return frame.sort_values(keys, ignore_index=True).astype(dict.fromkeys(texts, str))


def _codes(cells: Cells, dimension: str) -> pandas.Categorical:
    return cells.translated(dimension, code_of(dimension, cells.frame[dimension].cat.categories))


def _values(cells: Cells) -> numpy.ndarray:
    labelled = any(hold_labels_only(cells.frame[dimension].cat.categories) for dimension in cells.dimensions)
    values = cells.understood("value", grouped_number if labelled else number)
    return values.astype("float64")[cells.frame["value"].cat.codes]


def _confidentiality(cells: Cells) -> pandas.Series:
    """What CONF_STATUS says; where it is empty, what the older, single list of flags says of it."""
    stated = pandas.Series(cells.translated("conf_status", confidentiality_status)).astype(str)
    among_flags = pandas.Series(cells.translated("obs_status", confidentiality_among)).astype(str)
    return stated.mask(stated == "", among_flags)


def _refuse_duplicates(cells: Cells, keys: pandas.DataFrame) -> None:
    again = keys.duplicated().to_numpy()
    if not again.any():
        return
    second = int(again.argmax())
    key = keys.iloc[second]
    first = int((keys == key).all(axis=1).to_numpy().argmax())
    raise malformed(
        "two rows are of the same dimensions and time",
        where=cells.place(second),
        expected="one observation for each combination of codes and time",
        found=f"{', '.join(key)} here and in row {cells.frame.index[first]}",
        remedy="keep the one that is right, or download the data again",
    )
