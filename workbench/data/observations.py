"""Selection of observations by codes: every row that is asked for is returned, or an error says why not."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy
import pandas
import pyarrow

from workbench.data.carried_over import carried_over
from workbench.data.snapshots import Snapshot
from workbench.data.text_columns import text_column
from workbench.declarations.codelists import NAMED, code_list, is_aggregate
from workbench.declarations.datasets import DatasetDeclaration
from workbench.model.errors import UnknownCode, near
from workbench.model.periods import is_period
from workbench.model.types import CARRIED_OVER, NO_VINTAGE, NOT_AVAILABLE, TOTALS, UNKNOWN

EVERY = "*"
"""Stands for every single code of a dimension, without aggregates and unknown."""

Columns = Mapping[str, numpy.ndarray]
"""Observations column by column. A study computes about a hundred counts: frames would cost more than the counts."""

Filters = Mapping[str, str | int | Iterable[str | int]]
"""Dimension (or ``time``) to a code or several."""


def select(
    snapshot: Snapshot, declaration: DatasetDeclaration, filters: Filters, *, gaps: bool = False
) -> pandas.DataFrame:
    """Select observations by codes.

    Parameters
    ----------
    snapshot : Snapshot
        One vintage of a dataset.
    declaration : DatasetDeclaration
        Its renamed dimensions, unit and rounding base.
    filters : mapping
        Dimension (or ``time``) to a code or several, `EVERY` among them, by their older or newer names. Of a dimension that
        is not named the total is taken, and all times if ``time`` is not named.
    gaps : bool
        Whether a code that is in the code lists but not in this vintage is a gap rather than an error, so that a study
        shows what the vintage lacks.

    Returns
    -------
    DataFrame
        One row for each combination of codes and times, in the order of the filters: the dimensions under their newest
        names, ``time``, ``value`` (float64), ``obs_status``, ``conf_status``, ``unit_of_measure``, ``rounding_base``,
        ``dataset``, ``vintage``. A row without an observation has no value and the status `NOT_AVAILABLE`, for empty is
        not zero. A row of a year that the provider carried over from the year before has no value either; its status is
        `CARRIED_OVER`, whatever was published.

    Raises
    ------
    UnknownCode
        If the vintage does not have a dimension or code, naming the nearest; or if a dimension has no total and must
        be named.
    """
    return _frame(select_columns(snapshot, declaration, filters, gaps=gaps))


def select_columns(
    snapshot: Snapshot, declaration: DatasetDeclaration, filters: Filters, *, gaps: bool = False
) -> Columns:
    """As `select`, with an array for each column."""
    wanted, found = _matching(snapshot, declaration, filters, gaps)
    at = _positions(wanted, found)
    size = math.prod(len(codes) for codes in wanted.values())
    measured = {column: _placed(found.column(column), at, size) for column in ("value", "obs_status", "conf_status")}
    _mark_gaps(measured)
    grid = _grid(wanted, size)
    _leave_out(measured, _carried_over(snapshot, declaration, grid))
    place = {"geo": declaration.place} if declaration.place else {}
    return _filled({**place, **grid, **measured, **_origin(declaration, snapshot.id.vintage)}, size)


@dataclass(frozen=True)
class Parts:
    """Observations that are parts of sums.

    Attributes
    ----------
    sums : Columns
        A row for each sum, as `select_columns` gives the observations of a grid; without values. The status is
        `NOT_AVAILABLE`, or `CARRIED_OVER` for a place and time that has no sum whatever its parts are.
    parts : Columns
        ``value``, ``obs_status`` and ``conf_status`` of each observation that there is.
    at : array of int
        The row of ``sums`` that each observation is a part of.
    codes : mapping
        The codes of each dimension that were asked for.
    """

    sums: Columns
    parts: Columns
    at: numpy.ndarray
    codes: Mapping[str, Collection[str]]


def select_parts(
    snapshot: Snapshot, declaration: DatasetDeclaration, filters: Filters, over: Collection[str], *, gaps: bool = False
) -> Parts:
    """The observations that are added up over some dimensions, without a grid of all that there could be.

    A grid of 200 countries and 400 consulates has 80,000 cells for each place and year; a place has consulates in a few.

    Parameters
    ----------
    snapshot, declaration, filters, gaps
        As for `select`.
    over : collection of str
        The dimensions among the filters that are added up.
    """
    wanted, found = _matching(snapshot, declaration, filters, gaps)
    kept = {axis: codes for axis, codes in wanted.items() if axis not in over}
    parts = {
        "value": found.column("value").to_numpy(),
        **{flag: _texts(found.column(flag)) for flag in ("obs_status", "conf_status")},
    }
    _mark_gaps(parts)
    if carried_over(snapshot, declaration):
        _leave_out(
            parts, _carried_over(snapshot, declaration, {axis: _texts(found.column(axis)) for axis in ("geo", "time")})
        )
    sums = _without_values(declaration, snapshot.id.vintage, kept)
    if "geo" in sums:
        sums["obs_status"][_carried_over(snapshot, declaration, sums)] = CARRIED_OVER
    return Parts(sums, parts, _positions(kept, found), wanted)


def _mark_gaps(measured: Columns) -> None:
    """Give observations without a value or a reason the status that says so."""
    unexplained = numpy.isnan(measured["value"]) & (measured["obs_status"] == "") & (measured["conf_status"] == "")
    measured["obs_status"][unexplained] = NOT_AVAILABLE


def _leave_out(measured: dict[str, numpy.ndarray], not_counted: numpy.ndarray) -> None:
    """Take the values of what was carried over, and say so."""
    measured["value"] = numpy.where(not_counted, math.nan, measured["value"])
    measured["obs_status"][not_counted], measured["conf_status"][not_counted] = CARRIED_OVER, ""


def _without_values(
    declaration: DatasetDeclaration, vintage: str, wanted: Mapping[str, list[str]]
) -> dict[str, numpy.ndarray]:
    """A gap for each combination of codes, with where it is from."""
    size = math.prod(len(codes) for codes in wanted.values())
    nothing: Mapping[str, str | float] = {"value": math.nan, "obs_status": NOT_AVAILABLE, "conf_status": ""}
    place = {"geo": declaration.place} if declaration.place else {}
    return _filled({**place, **_grid(wanted, size), **nothing, **_origin(declaration, vintage)}, size)


def _origin(declaration: DatasetDeclaration, vintage: str) -> Mapping[str, str | float]:
    return {
        "unit_of_measure": declaration.unit,
        "rounding_base": declaration.rounding_base,
        "dataset": declaration.dataset,
        "vintage": vintage,
    }


def _carried_over(snapshot: Snapshot, declaration: DatasetDeclaration, rows: Columns) -> numpy.ndarray:
    """Which rows are of a place and time that was carried over."""
    found = numpy.zeros(len(rows["time"]), dtype=bool)
    for geo, time in carried_over(snapshot, declaration):
        found |= (rows["geo"] == geo) & (rows["time"] == time)
    return found


def times_of_values(snapshot: Snapshot, declaration: DatasetDeclaration, filters: Filters) -> list[str]:
    """The time of each value among the observations that `select` gives, gaps allowed."""
    _, found = _matching(snapshot, declaration, filters, gaps=True)
    has_value = ~numpy.isnan(found.column("value").to_numpy())
    if carried_over(snapshot, declaration):
        has_value &= ~_carried_over(
            snapshot, declaration, {axis: _texts(found.column(axis)) for axis in ("geo", "time")}
        )
    return _texts(found.column("time"))[has_value].tolist()


def cells(
    snapshot: Snapshot, declaration: DatasetDeclaration, filters: Mapping[str, str]
) -> dict[tuple[str, str], float]:
    """The values that a snapshot has for codes, at all places and times; without a grid of all that there could be.

    Parameters
    ----------
    snapshot, declaration
        As for `select`, gaps allowed.
    filters : mapping
        Dimension, but place and time, to a code.
    """
    everywhere = {} if declaration.place else {"geo": codes_present(snapshot, declaration, "geo")}
    _, found = _matching(snapshot, declaration, {**filters, **everywhere}, gaps=True)
    times, values = _texts(found.column("time")), found.column("value").to_numpy()
    places = [declaration.place] * len(times) if declaration.place else _texts(found.column("geo"))
    return dict(zip(zip(places, times), values.tolist()))


def _matching(
    snapshot: Snapshot, declaration: DatasetDeclaration, filters: Filters, gaps: bool
) -> tuple[dict[str, list[str]], pyarrow.Table]:
    """The codes of each dimension that are asked for, and the observations that have them."""
    form = snapshot.opened(declaration)
    wanted = _wanted_codes(snapshot, declaration, form.codes, _without_place(declaration, filters), gaps)
    return wanted, form.select(wanted).unify_dictionaries()


def _without_place(declaration: DatasetDeclaration, filters: Filters) -> Filters:
    """The filters of a dataset without a dimension of place, which has figures of one place only."""
    if not declaration.place or "geo" not in filters:
        return filters
    if others := [code for code in _several(filters["geo"]) if code != declaration.place]:
        raise UnknownCode(
            f"{declaration.dataset} has figures of {declaration.place} only",
            where="filter geo",
            expected=declaration.place,
            found=", ".join(map(str, others)),
            hint=f"ask for geo={declaration.place!r}",
        )
    return {axis: codes for axis, codes in filters.items() if axis != "geo"}


def absent_parts(declaration: DatasetDeclaration, filters: Filters, over: Collection[str]) -> Parts:
    """What `select_parts` returns for a dataset without a snapshot: sums without parts."""
    sums = absent(declaration, {axis: codes for axis, codes in filters.items() if axis not in over})
    nothing = {name: sums[name][:0] for name in ("value", "obs_status", "conf_status")}
    return Parts(sums, nothing, numpy.zeros(0, dtype=numpy.int64), dict.fromkeys(filters, ()))


def absent(declaration: DatasetDeclaration, filters: Filters) -> Columns:
    """What `select_columns` returns for a dataset without a snapshot: a gap for each code and time."""
    wanted = {
        axis: [str(code) for code in _several(codes) if code != EVERY]
        for axis, codes in filters.items()
        if axis != "time"
    }
    for axis, codes in wanted.items():
        _refuse_unlisted(declaration, axis, codes)
    wanted["time"] = [_period(time) for time in _several(filters["time"])]
    return _without_values(declaration, NO_VINTAGE, wanted)


def _refuse_unlisted(declaration: DatasetDeclaration, axis: str, codes: Iterable[str]) -> None:
    """Without a snapshot, code lists alone say what there can be."""
    dimension = declaration.newest_dimension.get(axis, axis)
    for code in codes:
        if dimension not in NAMED and code not in TOTALS:
            code_list(dimension).code(declaration.newest_code(dimension, code))


def _filled(columns: Mapping[str, numpy.ndarray | str | float], size: int) -> dict[str, numpy.ndarray]:
    """Columns of one length, where some are given as one text or number for all rows."""
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


def _positions(wanted: Mapping[str, list[str]], found: pyarrow.Table) -> numpy.ndarray:
    """The position in the grid of each of the observations found."""
    at = numpy.zeros(found.num_rows, dtype=numpy.int64)
    for axis, codes in wanted.items():
        position = {code: index for index, code in enumerate(codes)}
        cells = found.column(axis).combine_chunks()
        known = [position.get(code, 0) for code in cells.dictionary.to_pylist()]
        at = at * len(codes) + numpy.array(known, dtype=numpy.int64)[cells.indices.to_numpy()]
    return at


def _placed(column: pyarrow.ChunkedArray, at: numpy.ndarray, size: int) -> numpy.ndarray:
    """A column of numbers or flags at its positions in the grid, empty where there is no observation."""
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
    """A column of codes as one text for each row."""
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
        Dimension (or ``time``) to the codes to read, under their newest names; a missing code gives no row. A dimension
        that is not named is read completely, so a large dataset is best read place by place.

    Returns
    -------
    DataFrame
        A column of text for each dimension, ``time``, ``value`` (float64), ``obs_status``, ``conf_status``; sorted.
    """
    frame = stored_table(snapshot, declaration, filters or {}).to_pandas(strings_to_categorical=False)
    return frame.astype({column: str for column in frame if column != "value"})


def stored_table(
    snapshot: Snapshot, declaration: DatasetDeclaration, filters: Mapping[str, Iterable[str]]
) -> pyarrow.Table:
    """As `rows`, but columns of text are dictionaries, as stored."""
    named = {axis: list(codes) for axis, codes in filters.items()}
    return snapshot.opened(declaration).select(named).unify_dictionaries().combine_chunks()


def dimensions_of(snapshot: Snapshot, declaration: DatasetDeclaration) -> tuple[str, ...]:
    """The dimensions of a vintage under their newest names, in the order of its native file, without time."""
    return snapshot.opened(declaration).dimensions


def codes_present(snapshot: Snapshot, declaration: DatasetDeclaration, dimension: str) -> list[str]:
    """The codes of a dimension (or ``time``) that the vintage has, under their newest names, sorted."""
    return snapshot.opened(declaration).codes[dimension]


def _wanted_codes(
    snapshot: Snapshot, declaration: DatasetDeclaration, held: Mapping[str, list[str]], filters: Filters, gaps: bool
) -> dict[str, list[str]]:
    named = {declaration.newest_dimension.get(name, name): codes for name, codes in filters.items()}
    for name in named:
        if name not in held:
            raise UnknownCode(
                f"{snapshot.id} has no dimension {name}",
                expected=near(name, held),
                hint="name a dimension that this vintage has",
            )
    wanted = {}
    for dimension, held_codes in held.items():
        codes, present = named.get(dimension), frozenset(held_codes)
        if dimension == "time":
            wanted[dimension] = sorted(present) if codes is None else [_period(time) for time in _several(codes)]
        elif codes is None:
            wanted[dimension] = [_total(snapshot, dimension, present, gaps)]
        else:
            wanted[dimension] = [
                code for name in _several(codes) for code in _resolved(str(name), dimension, declaration, present)
            ]
            for code in wanted[dimension]:
                _check(snapshot, dimension, code, present, gaps)
    return {dimension: list(dict.fromkeys(codes)) for dimension, codes in wanted.items()}


def _resolved(code: str, dimension: str, declaration: DatasetDeclaration, present: frozenset[str]) -> list[str]:
    if code == EVERY:
        return sorted(single for single in present if not _is_aggregate(dimension, single))
    if code in TOTALS:
        return [total_code(dimension, present)]
    return [declaration.newest_code(dimension, code)]


def _several(codes: str | int | Iterable[str | int]) -> Iterable[str | int]:
    return (codes,) if isinstance(codes, str | int) else codes


def _check(snapshot: Snapshot, dimension: str, code: str, present: frozenset[str], gaps: bool) -> None:
    if code in present:
        return
    if gaps:
        if dimension not in NAMED:
            code_list(dimension).code(code)
        return
    raise UnknownCode(
        f"{snapshot.id} has no {dimension} {code}",
        where=f"filter {dimension}",
        expected=_near(dimension, code, present),
        found=code,
        hint="name a code that this vintage has, or take another vintage",
    )


def _near(dimension: str, code: str, present: frozenset[str]) -> str:
    """The nearest codes; of a label that was given instead, its code."""
    if dimension in NAMED or code in code_list(dimension).codes:
        return near(code, present)
    return code_list(dimension).near(code, present & code_list(dimension).codes.keys())


def _period(time: str | int) -> str:
    if not is_period(str(time)):
        raise UnknownCode(
            f"{time} is not a period",
            where="filter time",
            expected="a year, quarter or month such as 2022, 2022-Q4, 2022-11",
            found=str(time),
        )
    return str(time)


def _is_aggregate(dimension: str, code: str) -> bool:
    return code == UNKNOWN or code in TOTALS or is_aggregate(dimension, code)


def _total(snapshot: Snapshot, dimension: str, present: frozenset[str], gaps: bool) -> str:
    total = total_code(dimension, present)
    if total in present:
        return total
    # A vintage of one citizenship, as of Ukraine alone, says nothing of all.
    if len(present) == 1 and dimension != "citizen":
        return min(present)
    if gaps:
        return total
    raise UnknownCode(
        f"{snapshot.id} has no total of {dimension}: say which codes",
        where=f"filter {dimension}",
        expected=near("TOTAL", present),
        hint="codes are not added up by themselves, because they may overlap",
    )


def total_code(dimension: str, present: frozenset[str]) -> str:
    """The code of the total of a dimension in this vintage; the usual one if it has none."""
    return next((code for code in TOTALS if code in present), "T" if dimension == "sex" else "TOTAL")
