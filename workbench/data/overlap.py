"""The cells that two files of observations have in common, such as those of two vintages."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from workbench.data.normal_form import NormalForm
from workbench.model.periods import shift
from workbench.model.types import TOTALS

_ENOUGH = 500_000
"""Cells are gathered place by place until there are this many: more would take time and tell no more."""

_SIDE_BY_SIDE = {"agedef": "COMPLET"}
"""A dimension whose codes are definitions of the same figure, and the code that stands for a file without it."""


@dataclass(frozen=True)
class Overlap:
    """Cells with a number in both files.

    Attributes
    ----------
    mine, other : array of float
        The numbers of each cell in the one file and in the other.
    codes : dict
        Dimension, and ``time``, to the codes that the positions name.
    positions : dict
        Dimension, and ``time``, to the position of each cell's code.
    """

    mine: numpy.ndarray
    other: numpy.ndarray
    codes: Mapping[str, Sequence[str]]
    positions: Mapping[str, numpy.ndarray]

    def __len__(self) -> int:
        return len(self.mine)

    def where(self, kept: numpy.ndarray) -> "Overlap":
        """Only some cells, given as a mask or as their positions."""
        positions = {axis: position[kept] for axis, position in self.positions.items()}
        return Overlap(self.mine[kept], self.other[kept], self.codes, positions)

    @property
    def varying(self) -> set[str]:
        """The dimensions of which the cells have several codes, besides place and time."""
        return {"geo", "time"} | {axis for axis, at in self.positions.items() if len(at) and (at != at[0]).any()}

    def cell(self, at: int) -> dict[str, str]:
        """The codes of a cell."""
        return {axis: codes[int(self.positions[axis][at])] for axis, codes in self.codes.items()}


def overlap(mine: NormalForm, other: NormalForm, *, later: int = 0, times: Sequence[str] | None = None) -> Overlap:
    """The cells that both files have, with their numbers.

    Parameters
    ----------
    mine, other : NormalForm
        Under the same names of dimensions and codes. Where one file lacks a dimension, the other's total of it is compared,
        or its only code.
    later : int
        How many periods the cell of ``mine`` is later than that of ``other`` with which it is compared.
    times : sequence of str, optional
        Periods of ``mine``; all by default.

    Returns
    -------
    Overlap
        Empty if the files cannot be compared.
    """
    renamed = {time: shift(time, later) for time in other.codes["time"]}
    fixed = _fixed(mine, other), _fixed(other, mine)
    if fixed[0] is None or fixed[1] is None:
        return _joined([], {})
    shared = {
        axis: sorted({*mine.codes[axis]} & ({*renamed.values()} if axis == "time" else {*other.codes[axis]}))
        for axis in (*(axis for axis in mine.dimensions if axis in other.dimensions), "time")
    }
    if times is not None:
        shared["time"] = sorted({*shared["time"]} & {*times})
    if not all(shared.values()) or math.prod(map(len, shared.values())) >= 1 << 62:
        return _joined([], shared)
    by_place = "geo" if "geo" in shared else next(iter(shared))
    parts: list[tuple[numpy.ndarray, ...]] = []
    found = 0
    for place in shared[by_place]:
        here = {**shared, by_place: [place]}
        there = {**here, "time": [time for time, name in renamed.items() if name in here["time"]]}
        part = _common(_cells(mine, here | fixed[0], shared, {}), _cells(other, there | fixed[1], shared, renamed))
        parts.append(part)
        found += len(part[0])
        if found >= _ENOUGH:
            break
    return _joined(parts, shared)


def _fixed(one: NormalForm, other: NormalForm) -> dict[str, list[str]] | None:
    """The one code of each dimension that the other file lacks; None if no code of it stands for all."""
    fixed = {}
    for axis in one.dimensions:
        if axis in other.dimensions:
            continue
        codes = one.codes[axis]
        candidates = [*TOTALS, *([_SIDE_BY_SIDE[axis]] if axis in _SIDE_BY_SIDE else [])]
        chosen = codes[0] if len(codes) == 1 else next((code for code in candidates if code in codes), None)
        if chosen is None:
            return None
        fixed[axis] = [chosen]
    return fixed


def _cells(
    form: NormalForm,
    filters: Mapping[str, Sequence[str]],
    shared: Mapping[str, Sequence[str]],
    renamed: Mapping[str, str],
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The number of each cell in the grid of the shared codes, ascending, and its value."""
    table: Any = form.select(filters).unify_dictionaries().combine_chunks()
    number = numpy.zeros(table.num_rows, dtype=numpy.int64)
    for axis, codes in shared.items():
        position = {code: at for at, code in enumerate(codes)}
        cells = table.column(axis).combine_chunks()
        named = [renamed.get(code, code) if axis == "time" else code for code in cells.dictionary.to_pylist()]
        number = number * len(codes) + numpy.array([position.get(code, 0) for code in named] or [0])[cells.indices]
    value = table.column("value").to_numpy()
    kept = ~numpy.isnan(value)
    # Two older codes may have become one.
    number, first = numpy.unique(number[kept], return_index=True)
    return number, value[kept][first]


def _common(
    mine: tuple[numpy.ndarray, numpy.ndarray], other: tuple[numpy.ndarray, numpy.ndarray]
) -> tuple[numpy.ndarray, ...]:
    number, at, there = numpy.intersect1d(mine[0], other[0], assume_unique=True, return_indices=True)
    return number, mine[1][at], other[1][there]


def _joined(parts: Sequence[tuple[numpy.ndarray, ...]], shared: Mapping[str, Sequence[str]]) -> Overlap:
    empty = (numpy.empty(0, dtype=numpy.int64), numpy.empty(0), numpy.empty(0))
    number, mine, other = (numpy.concatenate(columns) for columns in zip(empty, *parts))
    positions = {}
    for axis, codes in reversed(list(shared.items())):
        number, positions[axis] = numpy.divmod(number, max(len(codes), 1))
    return Overlap(mine, other, shared, positions)
