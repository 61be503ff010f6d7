"""Selection of observations by codes: what is asked for comes back, row by row, or an error says why not."""

import math
import re
from collections.abc import Iterable, Mapping

import numpy
import pandas
import pyarrow

from workbench.data.carried_over import carried_over
from workbench.data.snapshots import Snapshot
from workbench.data.text_columns import text_column
from workbench.declarations.codelists import code_list, is_aggregate
from workbench.declarations.datasets import DatasetDeclaration
from workbench.model.errors import UnknownCode, near
from workbench.model.types import CARRIED_OVER, NO_VINTAGE, NOT_AVAILABLE, TOTALS

EVERY = "*"
"""Stands for every single code of a dimension: aggregates and unknown are left out."""

Columns = Mapping[str, numpy.ndarray]
"""Observations column by column. A study computes some hundred counts: frames of them would cost more than the counts."""

_UNKNOWN = "UNK"
_PERIOD = re.compile(r"\d{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?")


def select(
    snapshot: Snapshot, declaration: DatasetDeclaration, filters: Mapping, *, gaps: bool = False
) -> pandas.DataFrame:
    """Select observations by codes.

    Parameters
    ----------
    snapshot : Snapshot
        One vintage of a dataset.
    declaration : DatasetDeclaration
        Its renamed dimensions, unit and rounding base.
    filters : mapping
        Dimension (or ``time``) to a code or several, among them `EVERY`. Older and newer names of a dimension or code both
        do. A dimension that is not named takes its total; ``time`` that is not named takes all times there are.
    gaps : bool
        Whether a code that the code lists know, but this vintage does not have, is a gap rather than an error: so a
        study of a country shows what the vintage lacks.

    Returns
    -------
    DataFrame
        One row an observation, in the order of the filters' codes: the dimensions under their newest names, ``time``,
        ``value`` (float64), ``obs_status``, ``conf_status``, ``unit_of_measure``, ``rounding_base``, ``dataset``,
        ``vintage``. For each combination of the codes and times, a row is there: one without an observation has no
        value and the status `NOT_AVAILABLE`, for empty is not zero. Nor has one of a year that is no count, for the
        provider carried it over from the year before: its status is `CARRIED_OVER`, whatever was published.

    Raises
    ------
    UnknownCode
        If the vintage does not have a dimension or code, naming the near ones; or if a dimension has no total and must
        be named.
    """
    return _frame(select_columns(snapshot, declaration, filters, gaps=gaps))


def select_columns(
    snapshot: Snapshot, declaration: DatasetDeclaration, filters: Mapping, *, gaps: bool = False
) -> Columns:
    """As `select`, with an array for each column."""
    wanted, found = _sought(snapshot, declaration, filters, gaps)
    at = _places(snapshot, declaration, wanted, found)
    size = math.prod(len(codes) for codes in wanted.values())
    measured = {column: _placed(found.column(column), at, size) for column in ("value", "obs_status", "conf_status")}
    unexplained = numpy.isnan(measured["value"]) & (measured["obs_status"] == "") & (measured["conf_status"] == "")
    measured["obs_status"][unexplained] = NOT_AVAILABLE
    grid = _grid(wanted, size)
    not_counted = _carried_over(snapshot, declaration, grid)
    measured["value"][not_counted] = math.nan
    measured["obs_status"][not_counted], measured["conf_status"][not_counted] = CARRIED_OVER, ""
    place = {"geo": declaration.place} if declaration.place else {}
    origin = {
        "unit_of_measure": declaration.unit,
        "rounding_base": declaration.rounding_base,
        "dataset": declaration.dataset,
        "vintage": snapshot.id.vintage,
    }
    return _filled(place | grid | measured | origin, size)


def _carried_over(snapshot: Snapshot, declaration: DatasetDeclaration, rows: Columns) -> numpy.ndarray:
    """Which rows are of a place and time that is no count."""
    found = numpy.zeros(len(rows["time"]), dtype=bool)
    for geo, time in carried_over(snapshot, declaration):
        found |= (rows["geo"] == geo) & (rows["time"] == time)
    return found


def times_of_values(snapshot: Snapshot, declaration: DatasetDeclaration, filters: Mapping) -> list[str]:
    """The time of each value among the observations that `select` gives, gaps allowed."""
    _, found = _sought(snapshot, declaration, filters, gaps=True)
    has_value = ~numpy.isnan(found.column("value").to_numpy())
    if carried_over(snapshot, declaration):
        has_value &= ~_carried_over(
            snapshot, declaration, {axis: _texts(found.column(axis)) for axis in ("geo", "time")}
        )
    return _texts(found.column("time"))[has_value].tolist()


def _sought(
    snapshot: Snapshot, declaration: DatasetDeclaration, filters: Mapping, gaps: bool
) -> tuple[dict, pyarrow.Table]:
    """The codes of each dimension that are meant, and the observations that have them."""
    snapshot.check_agency(declaration.agency)
    filters = _without_place(declaration, filters)
    wanted = _wanted_codes(snapshot, declaration, _present(snapshot, declaration), filters, gaps)
    return wanted, snapshot.opened().select(_own_codes(snapshot, declaration, wanted)).unify_dictionaries()


def _without_place(declaration: DatasetDeclaration, filters: Mapping) -> Mapping:
    """The filters of a dataset that has no dimension of place, and so nothing of any place but its own."""
    if not declaration.place or "geo" not in filters:
        return filters
    if others := [code for code in _several(filters["geo"]) if code != declaration.place]:
        raise UnknownCode(
            f"{declaration.dataset} has figures of {declaration.place} only",
            where="filter geo",
            expected=declaration.place,
            found=", ".join(others),
            hint=f"ask for geo={declaration.place!r}",
        )
    return {axis: codes for axis, codes in filters.items() if axis != "geo"}


def absent(declaration: DatasetDeclaration, filters: Mapping) -> Columns:
    """What `select_columns` gives of a dataset that there is no snapshot of: a gap for each code and time, of no vintage."""
    wanted = {
        axis: [str(code) for code in _several(codes) if code != EVERY]
        for axis, codes in filters.items()
        if axis != "time"
    }
    wanted["time"] = [_period(time) for time in _several(filters["time"])]
    size = math.prod(len(codes) for codes in wanted.values())
    nothing = {
        "value": math.nan,
        "obs_status": NOT_AVAILABLE,
        "conf_status": "",
        "unit_of_measure": declaration.unit,
        "rounding_base": declaration.rounding_base,
        "dataset": declaration.dataset,
        "vintage": NO_VINTAGE,
    }
    return _filled(_grid(wanted, size) | nothing, size)


def _filled(columns: Mapping, size: int) -> Columns:
    """Columns of one length, some of which are one text or number for all rows."""
    return {
        name: column if isinstance(column, numpy.ndarray)
        else numpy.full(size, column, dtype=object if isinstance(column, str) else None)
        for name, column in columns.items()
    }  # fmt: skip


def _frame(columns: Columns) -> pandas.DataFrame:
    index = pandas.RangeIndex(len(columns["value"]))
    return pandas.DataFrame(
        {name: text_column(column, index) if column.dtype == object else column for name, column in columns.items()},
        index,
    )


def _grid(wanted: Mapping[str, list[str]], size: int) -> dict[str, numpy.ndarray]:
    """The columns of every combination of the codes, the last dimension running fastest."""
    columns, inner = {}, size
    for axis, codes in wanted.items():
        inner = inner // len(codes) if codes else 0
        columns[axis] = numpy.resize(numpy.repeat(numpy.array(codes, dtype=object), inner), size)
    return columns


def _places(snapshot: Snapshot, declaration: DatasetDeclaration, wanted, found: pyarrow.Table) -> numpy.ndarray:
    """Where in the grid each of the observations found stands."""
    at = numpy.zeros(found.num_rows, dtype=numpy.int64)
    for axis, codes in wanted.items():
        position = {code: index for index, code in enumerate(codes)}
        cells = found.column(_own_name(snapshot, declaration, axis)).combine_chunks()
        known = [position.get(code, 0) for code in declaration.newest_codes(axis, cells.dictionary.to_pylist())]
        at = at * len(codes) + numpy.array(known, dtype=numpy.int64)[cells.indices.to_numpy()]
    return at


def _placed(column: pyarrow.ChunkedArray, at: numpy.ndarray, size: int) -> numpy.ndarray:
    """A column of numbers or flags at its places in the grid; nothing where there is no observation."""
    cells = column.combine_chunks()
    if not pyarrow.types.is_dictionary(cells.type):
        placed = numpy.full(size, numpy.nan)
        placed[at] = cells.to_numpy(zero_copy_only=False)
        return placed
    placed = numpy.full(size, "", dtype=object)
    if len(cells):
        placed[at] = _texts(column)
    return placed


def _texts(column: pyarrow.ChunkedArray) -> numpy.ndarray:
    """A column of codes, one text a row."""
    cells = column.combine_chunks()
    return numpy.array(cells.dictionary.to_pylist(), dtype=object)[cells.indices.to_numpy()]


def rows(
    snapshot: Snapshot, declaration: DatasetDeclaration, filters: Mapping[str, Iterable[str]] | None = None
) -> pandas.DataFrame:
    """The observations that a snapshot holds, under the newest names of dimensions and codes.

    Parameters
    ----------
    snapshot, declaration
        As for `select`.
    filters : mapping, optional
        Dimension (or ``time``) to the codes to read, both under their newest names; a code that is not there gives no
        row. One that is not named is read whole: what is needed of a large dataset is best named place by place.

    Returns
    -------
    DataFrame
        A column of text a dimension, ``time``, ``value`` (float64), ``obs_status``, ``conf_status``; sorted.
    """
    frame = recorded(snapshot, declaration, filters or {}).to_pandas(strings_to_categorical=False)
    return frame.astype({column: str for column in frame if column != "value"})


def recorded(
    snapshot: Snapshot, declaration: DatasetDeclaration, filters: Mapping[str, Iterable[str]]
) -> pyarrow.Table:
    """As `rows`, but columns of text are dictionaries, as stored."""
    snapshot.check_agency(declaration.agency)
    found = snapshot.opened().select(_own_codes(snapshot, declaration, filters)).unify_dictionaries().combine_chunks()
    columns = {}
    for name in found.column_names:
        axis, cells = declaration.newest_dimension.get(name, name), found.column(name)
        columns[axis] = _renamed(cells.combine_chunks(), declaration, axis) if axis in declaration.renamed else cells
    return pyarrow.table(columns)


def _renamed(cells: pyarrow.DictionaryArray, declaration: DatasetDeclaration, axis: str) -> pyarrow.DictionaryArray:
    newest = declaration.newest_codes(axis, cells.dictionary.to_pylist())
    return pyarrow.DictionaryArray.from_arrays(cells.indices, pyarrow.array(newest, pyarrow.string()))


def _own_codes(snapshot: Snapshot, declaration: DatasetDeclaration, filters: Mapping[str, Iterable[str]]) -> dict:
    """Filters under the names that this vintage has for dimensions and codes."""
    own = {}
    for axis, codes in filters.items():
        wanted = set(codes)
        name = _own_name(snapshot, declaration, axis)
        codes = snapshot.opened().codes[name]
        own[name] = [code for code, newest in zip(codes, declaration.newest_codes(axis, codes)) if newest in wanted]
    return own


def dimensions_of(snapshot: Snapshot, declaration: DatasetDeclaration) -> tuple[str, ...]:
    """The dimensions of a vintage under their newest names, in the order of its native file; time is none of them."""
    return tuple(declaration.newest_dimension.get(name, name) for name in snapshot.opened().dimensions)


def codes_present(snapshot: Snapshot, declaration: DatasetDeclaration, dimension: str) -> list[str]:
    """The codes of a dimension (or ``time``) that the vintage has, under their newest names, sorted."""
    return sorted(_present(snapshot, declaration)[dimension])


def _present(snapshot: Snapshot, declaration: DatasetDeclaration) -> dict[str, frozenset[str]]:
    """Dimensions, then ``time``, to the codes that occur; all under their newest names."""
    found = {}
    for name, axis in zip((*snapshot.opened().dimensions, "time"), (*dimensions_of(snapshot, declaration), "time")):
        found[axis] = frozenset(declaration.newest_codes(axis, snapshot.opened().codes[name]))
    return found


def _own_name(snapshot: Snapshot, declaration: DatasetDeclaration, axis: str) -> str:
    """What this vintage calls a dimension."""
    renaming = declaration.renamed.get(axis)
    return renaming.formerly if renaming and axis not in snapshot.opened().codes else axis


def _wanted_codes(snapshot, declaration, held: Mapping[str, frozenset[str]], filters, gaps) -> dict[str, list[str]]:
    named = {declaration.newest_dimension.get(name, name): codes for name, codes in filters.items()}
    for name in named:
        if name not in held:
            raise UnknownCode(
                f"{snapshot.id} has no dimension {name}",
                expected=near(name, held),
                hint="name a dimension that this vintage has",
            )
    wanted = {}
    for dimension, present in held.items():
        codes = named.get(dimension)
        if dimension == "time":
            wanted[dimension] = sorted(present) if codes is None else [_period(time) for time in _several(codes)]
        elif codes is None:
            wanted[dimension] = [_total(snapshot, dimension, present, gaps)]
        else:
            wanted[dimension] = [
                code for said in _several(codes) for code in _meant(said, dimension, declaration, present)
            ]
            for code in wanted[dimension]:
                _check(snapshot, dimension, code, present, gaps)
    return {dimension: list(dict.fromkeys(codes)) for dimension, codes in wanted.items()}


def _meant(code: str, dimension: str, declaration: DatasetDeclaration, present: frozenset[str]) -> list[str]:
    if code == EVERY:
        return sorted(single for single in present if not _is_aggregate(dimension, single))
    if code in TOTALS:
        return [_total_code(dimension, present)]
    return [declaration.newest_code(dimension, code)]


def _several(codes) -> Iterable:
    return (codes,) if isinstance(codes, str | int) else codes


def _check(snapshot: Snapshot, dimension: str, code: str, present: frozenset[str], gaps: bool) -> None:
    if code in present:
        return
    if gaps:
        code_list(dimension).code(code)
        return
    raise UnknownCode(
        f"{snapshot.id} has no {dimension} {code}",
        where=f"filter {dimension}",
        expected=near(code, present),
        found=code,
        hint="name a code that this vintage has, or take another vintage",
    )


def _period(time: str | int) -> str:
    if not _PERIOD.fullmatch(str(time)):
        raise UnknownCode(
            f"{time} is no period",
            where="filter time",
            expected="a year, quarter or month such as 2022, 2022-Q4, 2022-11",
            found=str(time),
        )
    return str(time)


def _is_aggregate(dimension: str, code: str) -> bool:
    return code == _UNKNOWN or code in TOTALS or is_aggregate(dimension, code)


def _total(snapshot: Snapshot, dimension: str, present: frozenset[str], gaps: bool) -> str:
    total = _total_code(dimension, present)
    if total in present:
        return total
    if len(present) == 1:
        return min(present)
    if gaps:
        return total
    raise UnknownCode(
        f"{snapshot.id} has no total of {dimension}: say which codes",
        where=f"filter {dimension}",
        expected=near("TOTAL", present),
        hint="codes are never added up unasked, for they overlap",
    )


def _total_code(dimension: str, present: frozenset[str]) -> str:
    """The code that the total of a dimension has in this vintage; the usual one where it has none."""
    return next((code for code in TOTALS if code in present), "T" if dimension == "sex" else "TOTAL")
