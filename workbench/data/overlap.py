"""The cells that two files of observations have in common, such as those of two vintages."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from workbench.data.normal_form import NormalForm
from workbench.model.periods import shift
from workbench.model.types import TOTALS

_LARGE = 1_000_000
"""Rows of a file of which only the totals are compared: more would take time and memory, and hardly tell more."""

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


@dataclass(frozen=True)
class Cells:
    """The cells of a file that have a number, in memory.

    Attributes
    ----------
    codes : dict
        Dimension, and ``time``, to the codes that the positions name.
    positions : dict
        Dimension, and ``time``, to the position of each cell's code.
    """

    codes: Mapping[str, Sequence[str]]
    positions: Mapping[str, numpy.ndarray]
    value: numpy.ndarray

    @classmethod
    def of(cls, form: NormalForm) -> "Cells":
        """All cells; of a very large file those at the totals of its dimensions."""
        totals = {axis: [code for code in codes if code in TOTALS] for axis, codes in form.codes.items()}
        large = form.rows > _LARGE
        table: Any = form.select({axis: codes for axis, codes in totals.items() if large and codes and axis != "geo"})
        table = table.unify_dictionaries().combine_chunks()
        value = table.column("value").to_numpy()
        has_value = ~numpy.isnan(value)
        columns = {axis: table.column(axis).combine_chunks() for axis in (*form.dimensions, "time")}
        return cls(
            {axis: column.dictionary.to_pylist() for axis, column in columns.items()},
            {axis: column.indices.to_numpy()[has_value] for axis, column in columns.items()},
            value[has_value],
        )

    def numbered(
        self, shared: Mapping[str, Sequence[str]], fixed: Mapping[str, str], renamed: Mapping[str, str]
    ) -> tuple[numpy.ndarray, numpy.ndarray]:
        """The number of each cell in the grid of the shared codes, ascending, and its value; other cells are left out.

        Parameters
        ----------
        shared : mapping
            Dimension, and ``time``, to the codes of the grid.
        fixed : mapping
            Each further dimension, and the code of it that counts.
        renamed : mapping
            Periods to those of the grid.
        """
        number = numpy.zeros(len(self.value), dtype=numpy.int64)
        kept = numpy.ones(len(self.value), dtype=bool)
        for axis, codes in {**shared, **{axis: [code] for axis, code in fixed.items()}}.items():
            position = {code: at for at, code in enumerate(codes)}
            named = [renamed.get(code, code) if axis == "time" else code for code in self.codes[axis]]
            at = numpy.array([position.get(code, -1) for code in named] or [-1])[self.positions[axis]]
            kept &= at >= 0
            number = number * len(codes) + at
        # Two older codes may have become one.
        number, first = numpy.unique(number[kept], return_index=True)
        return number, self.value[kept][first]


def overlap(mine: Cells, other: Cells, *, later: int = 0, times: Sequence[str] | None = None) -> Overlap:
    """The cells that both files have, with their numbers.

    Parameters
    ----------
    mine, other : Cells
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
    grid = {axis: {*mine.codes[axis]} & {*other.codes[axis]} for axis in mine.codes if axis in other.codes}
    grid["time"] = {*mine.codes["time"]} & {*renamed.values()} & {*(mine.codes["time"] if times is None else times)}
    shared = {axis: sorted(codes) for axis, codes in grid.items()}
    fixed = _fixed(mine, other), _fixed(other, mine)
    if fixed[0] is None or fixed[1] is None or math.prod(map(len, shared.values())) >= 1 << 62:
        return _joined(numpy.empty(0, dtype=numpy.int64), numpy.empty(0), numpy.empty(0), shared)
    number, at, there = numpy.intersect1d(
        (own := mine.numbered(shared, fixed[0], {}))[0],
        (others := other.numbered(shared, fixed[1], renamed))[0],
        assume_unique=True,
        return_indices=True,
    )
    return _joined(number, own[1][at], others[1][there], shared)


def _fixed(one: Cells, other: Cells) -> dict[str, str] | None:
    """The one code of each dimension that the other file lacks; None if no code of it stands for all."""
    fixed = {}
    for axis, codes in one.codes.items():
        if axis in other.codes:
            continue
        candidates = [*TOTALS, *([_SIDE_BY_SIDE[axis]] if axis in _SIDE_BY_SIDE else [])]
        chosen = codes[0] if len(codes) == 1 else next((code for code in candidates if code in codes), None)
        if chosen is None:
            return None
        fixed[axis] = chosen
    return fixed


def _joined(
    number: numpy.ndarray, mine: numpy.ndarray, other: numpy.ndarray, shared: Mapping[str, Sequence[str]]
) -> Overlap:
    positions = {}
    for axis, codes in reversed(list(shared.items())):
        number, positions[axis] = numpy.divmod(number, max(len(codes), 1))
    return Overlap(mine, other, shared, positions)
