"""Eurostat's tab-separated files: a row a series, a column a period, a cell a value with its flags.

The first cell of the header names the dimensions: ``freq,citizen,geo\\TIME_PERIOD``; the oldest files have no ``freq`` and
say ``\\time``. A cell is ``12``, ``12 b`` or ``: c``; ``:`` alone says that there is no observation. ``0n`` is less than
half of the unit: the value 0 with the flag n.
"""

import re
from collections.abc import Callable

import numpy
import pandas
from pandas.api.types import union_categoricals

from workbench.data.formats.cells import MEASURED, Cells, blank, read_cells, recoded, refuse_repeated, understood
from workbench.data.formats.meanings import period
from workbench.data.formats.table import DataTable, observations
from workbench.data.formats.text import no_observation, place
from workbench.model.errors import MalformedFile

_HEADER = re.compile(rb"[^\t\n]*\\time(_period)?\s", re.IGNORECASE)
_CELL = re.compile(r"(:|[^a-z\s]\S*?)\s*([a-z ]*)")
_NO_OBSERVATION = ":"


def is_tsv(content: bytes) -> bool:
    """Whether content begins with the header of a Eurostat TSV file."""
    return bool(_HEADER.match(content))


def read_tsv(content: bytes, file: str) -> DataTable:
    """Read the content of a Eurostat TSV file; ``file`` is its name. See `workbench.data.formats.read_table`."""
    headings, wide = read_cells(content, file, "\t")
    dimensions = tuple(_parts(headings[0].lower().partition("\\")[0]))
    refuse_repeated((*dimensions, *MEASURED), file)
    long = _observed(wide, _times(headings[1:], file))
    if long.empty:
        raise no_observation(file)
    columns = dict(zip(dimensions, _codes(long, headings[0], file), strict=True))
    columns["time"] = long["time"]
    columns["value"], columns["obs_status"] = _values_and_flags(long, file)
    columns["conf_status"] = blank(len(long))
    cells = Cells(file, pandas.DataFrame(columns, index=long.index), {name: name for name in dimensions})
    return DataTable(dataset=None, last_update=None, dimensions=dimensions, frame=observations(cells))


def _parts(series: str) -> list[str]:
    return [part.strip() for part in series.split(",")]


def _times(headings: list[str], file: str) -> pandas.Categorical:
    times = pandas.Categorical([heading.strip() for heading in headings])
    understood(times, period, lambda position: place(file, 1, headings[position].strip()))
    return times


def _observed(wide: pandas.DataFrame, times: pandas.Categorical) -> pandas.DataFrame:
    """One row a cell that says something: the text of its series, its time, its own text."""
    if not len(times):
        return pandas.DataFrame()
    cells = union_categoricals([wide[column].array for column in wide.columns[1:]])
    long = pandas.DataFrame(
        {
            "series": wide[0].array.take(numpy.tile(numpy.arange(len(wide)), len(times))),
            "time": times.take(numpy.repeat(numpy.arange(len(times)), len(wide))),
            "cell": cells,
        },
        index=numpy.tile(wide.index, len(times)),
    )
    nothing = [text for text in cells.categories if text.strip() == _NO_OBSERVATION]
    # Texts that no row has any more must not be judged: an error about them would have no row to name.
    return long[~long["cell"].isin(nothing)].apply(lambda column: column.cat.remove_unused_categories())


def _codes(long: pandas.DataFrame, heading: str, file: str) -> list[pandas.Categorical]:
    def parted(series: str) -> list[str]:
        codes = _parts(series)
        if len(codes) == len(_parts(heading)):
            return codes
        raise MalformedFile("this row has not one code for each dimension", expected=heading, found=series)

    return _parted(long["series"], parted, lambda position: place(file, long.index[position], heading))


def _values_and_flags(long: pandas.DataFrame, file: str) -> list[pandas.Categorical]:
    def parted(cell: str) -> tuple[str, str]:
        found = _CELL.fullmatch(cell.strip())
        if found:
            return found.groups()
        raise MalformedFile(
            "this cell is no observation", expected="a value with flags, as 12 b or : c", found=repr(cell)
        )

    return _parted(
        long["cell"], parted, lambda position: place(file, long.index[position], long["time"].iloc[position])
    )


def _parted(texts: pandas.Series, part: Callable, where: Callable[[int], str]) -> list[pandas.Categorical]:
    """Part every text into as many columns as its parts."""
    parts = zip(*understood(texts.array, part, where), strict=True)
    return [recoded(texts.array, numpy.array(column, dtype=object)) for column in parts]
