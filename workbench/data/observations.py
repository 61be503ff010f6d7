"""Selection of observations by codes: what is asked for comes back, row by row, or an error says why not."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas

from workbench.data.snapshots import Snapshot
from workbench.declarations.codelists import code_list, is_aggregate
from workbench.declarations.datasets import DatasetDeclaration
from workbench.model.errors import UnknownCode, near
from workbench.model.words import NOT_AVAILABLE, TOTALS

EVERY = "*"
"""Stands for every single code of a dimension: aggregates and unknown are left out."""

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
        Dimension (or ``time``) to a code, several codes, or `EVERY`. Older and newer names of a dimension or code both
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
        value and the status `NOT_AVAILABLE`, for empty is not zero.

    Raises
    ------
    UnknownCode
        If the vintage does not have a dimension or code, naming the near ones; or if a dimension has no total and must
        be named.
    """
    held = _held(snapshot, declaration)
    wanted = _wanted_codes(snapshot, declaration, held, filters, gaps)
    grid = pandas.MultiIndex.from_product(wanted.values(), names=wanted.keys())
    rows = held.rows.reindex(grid)
    rows = rows.fillna({"obs_status": "", "conf_status": ""})
    unexplained = rows["value"].isna() & (rows["obs_status"] + rows["conf_status"] == "")
    rows["obs_status"] = rows["obs_status"].mask(unexplained, NOT_AVAILABLE)
    return rows.reset_index().assign(
        unit_of_measure=declaration.unit,
        rounding_base=declaration.rounding_base,
        dataset=declaration.dataset,
        vintage=snapshot.id.vintage,
    )


def codes_present(snapshot: Snapshot, declaration: DatasetDeclaration, dimension: str) -> list[str]:
    """The codes of a dimension (or ``time``) that the vintage has, under their newest names, sorted."""
    return sorted(_held(snapshot, declaration).codes[dimension])


@dataclass(frozen=True)
class _Held:
    """What a vintage holds, under newest names: rows by dimensions and time, and the codes of each."""

    rows: pandas.DataFrame
    codes: dict[str, frozenset[str]]


def _held(snapshot: Snapshot, declaration: DatasetDeclaration) -> _Held:
    renamed = tuple(
        (newest, renaming.formerly, tuple(renaming.codes.items())) for newest, renaming in declaration.renamed.items()
    )
    return _held_under(snapshot, renamed)


@lru_cache(maxsize=8)
def _held_under(snapshot: Snapshot, renamed: tuple) -> _Held:
    table = snapshot.table()
    frame, axes = table.frame, (*table.dimensions, "time")
    for newest, formerly, codes in renamed:
        frame = frame.rename(columns={formerly: newest})
        axes = tuple(newest if axis == formerly else axis for axis in axes)
        if newest in axes:
            frame = frame.assign(**{newest: frame[newest].replace(dict(codes))})
    return _Held(frame.set_index(list(axes)), {axis: frozenset(frame[axis].unique()) for axis in axes})


def _wanted_codes(snapshot, declaration, held: _Held, filters, gaps) -> dict[str, list[str]]:
    named = {declaration.newest_dimension.get(name, name): codes for name, codes in filters.items()}
    for name in named:
        if name not in held.codes:
            raise UnknownCode(
                f"{snapshot.id} has no dimension {name}",
                expected=near(name, held.codes),
                remedy="name a dimension that this vintage has",
            )
    wanted = {}
    for dimension, present in held.codes.items():
        codes = named.get(dimension)
        if dimension == "time":
            wanted[dimension] = sorted(present) if codes is None else [_period(time) for time in _several(codes)]
        elif codes is None:
            wanted[dimension] = [_total(snapshot, dimension, present, gaps)]
        elif codes == EVERY:
            wanted[dimension] = sorted(code for code in present if not _is_aggregate(dimension, code))
        else:
            wanted[dimension] = [declaration.newest_code(dimension, code) for code in _several(codes)]
            for code in wanted[dimension]:
                _check(snapshot, dimension, code, present, gaps)
    return {dimension: list(dict.fromkeys(codes)) for dimension, codes in wanted.items()}


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
        remedy="name a code that this vintage has, or take another vintage",
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
    for code in TOTALS:
        if code in present:
            return code
    if len(present) == 1:
        return min(present)
    if gaps:
        return "T" if dimension == "sex" else "TOTAL"
    raise UnknownCode(
        f"{snapshot.id} has no total of {dimension}: say which codes",
        where=f"filter {dimension}",
        expected=near("TOTAL", present),
        remedy="codes are never added up unasked, for they overlap",
    )
