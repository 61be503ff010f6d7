"""A heat map: a number in each cell of a table, and its size as a shade."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch, Rectangle

from workbench.model.errors import WorkbenchError
from workbench.model.types import Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.classes import class_limits, shown_decimal
from workbench.presentation.charts.key import Entry, draw_key
from workbench.presentation.charts.plain_axes import PlainAxes
from workbench.presentation.charts.refusals import refuse_below_zero, refuse_more
from workbench.presentation.charts.series import in_lines
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet, mark, sheet_of
from workbench.presentation.charts.style import CONTEXT, FAINT, GROUND, INK, SHADES, annotate, canvas
from workbench.presentation.charts.time_axis import calendar_names
from workbench.presentation.tables import Axis, keys_of, layout
from workbench.presentation.wording import Wording

LOOKS = ((SHADES[0], INK), (SHADES[1], INK), (SHADES[3], GROUND), (SHADES[4], GROUND))
"""Each shade, and the colour of a number that can be read on it, on a light page and a dark one."""
_NO_SHADE = -1
_MISSING: dict[str, Any] = {"facecolor": GROUND, "edgecolor": CONTEXT, "hatch": "////", "linewidth": 0.8}
_ZERO: dict[str, Any] = {"facecolor": "none", "edgecolor": CONTEXT, "linewidth": 0.8}
_MARGIN = 0.07
"""Between a cell and the frame that stands in it, of the cell."""
_MOST_ROWS, _MOST_COLUMNS = 40, 36
_MOST_FIT = 0.9
_CALENDAR = ("time", "month", "year")
"""Columns whose names are short."""
_LETTER, _POINT = 0.57, 0.3
"""About the width of a letter, of its size, and that of what stands between digits."""

Cell = tuple[str, str]
"""The keys of its row and its column."""


@dataclass(frozen=True)
class Heatmap(MatplotlibChart):
    """A cell for each result, in the shade of its class; what is missing hatched, zero an empty frame.

    The numbers are written into the cells where they fit. ``rows`` and ``columns`` are axes, as of a table: of monthly
    results ``year`` and ``month`` show the season.
    """

    results: tuple[Result, ...]
    rows: str
    columns: str

    def __post_init__(self) -> None:
        rows, columns = self._keys
        refuse_more("Heatmap", _MOST_ROWS, rows, "show fewer rows, or a table")
        refuse_more("Heatmap", _MOST_COLUMNS, columns, "show fewer columns, or a table")
        refuse_below_zero("Heatmap", self.results, "show it in Columns, or a table")
        if len(units := {result.unit for result in self.results}) > 1:
            raise WorkbenchError(
                "Heatmap has one scale", expected="results of one unit", found=", ".join(sorted(units))
            )

    @property
    def table_axes(self) -> tuple[str, str]:
        return self.rows, self.columns

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        (rows, columns), limits = self._keys, self._limits(wording)
        row_names = self._row_names(wording)
        room = _room(row_names, measure) / len(columns)
        column_names = self._column_names(wording, room, measure)
        # Names that would touch each other stand aslant.
        aslant = self.columns not in _CALENDAR and not all(_fits(name, room, measure) for name in column_names.values())
        row_height = 0.33 if any("\n" in name for name in row_names) else 0.25
        figure, axes = canvas(
            0.8 + row_height * len(rows) + (0.055 * max(map(len, column_names.values())) if aslant else 0), measure
        )
        texts, are_thousands = self._texts(wording, room, measure)
        shades = self._shades(wording, limits)
        self._draw_cells(axes, shades)
        self._write_numbers(axes, shades, texts)
        for (row, column), result in self._cells.items():
            mark(axes, columns.index(column) + 0.5, rows.index(row) + 0.5, result)
            if not result.value:
                _draw_frame(axes, columns.index(column), rows.index(row), _ZERO)
            elif not result.is_available:
                _draw_frame(axes, columns.index(column), rows.index(row), _MISSING)
        axes.set_yticks([place + 0.5 for place in range(len(rows))], row_names, color=INK, fontsize=measure.small)
        looks: dict[str, Any] = {"fontsize": measure.small} | ({"rotation": 40, "ha": "right"} if aslant else {})
        axes.set_xticks([place + 0.5 for place in column_names], list(column_names.values()), **looks)
        axes.grid(False)
        axes.tick_params(length=0)
        axes.spines["bottom"].set_visible(False)
        if are_thousands:
            words, corner = wording.text("numbers in thousands"), (1, 1)
            annotate(
                axes, words, corner, (0, 4), origin=axes.transAxes, ha="right", color=FAINT, fontsize=measure.small
            )
        draw_key(figure, self._classes(wording, limits), self._others(wording))
        return figure

    def describe(self, wording: Wording) -> str:
        there = sorted((result for result in self.results if result.is_available), key=lambda r: (r.value, r.key))
        said = [
            wording.text("Heat map; rows: {rows}; columns: {columns}.").format(
                rows=Axis(self.rows).heading(wording), columns=Axis(self.columns).heading(wording)
            )
        ]
        if there:
            lowest, highest = (f"{self._place(wording, r)} ({wording.flagged_value(r)})" for r in (there[0], there[-1]))
            said.append(wording.text("Lowest: {lowest}; highest: {highest}.").format(lowest=lowest, highest=highest))
        if missing := len(self.results) - len(there):
            template = wording.plural("{number} cell without a value.", "{number} cells without a value.", missing)
            said.append(template.format(number=missing))
        return " ".join(said)

    @cached_property
    def _cells(self) -> dict[Cell, Result]:
        return layout(self.results, self.rows, self.columns)[2]

    @cached_property
    def _keys(self) -> tuple[list[str], list[str]]:
        return keys_of(Axis(self.rows), Axis(self.columns), self._cells)

    def _place(self, wording: Wording, result: Result) -> str:
        """Where a result stands, in words."""
        if {self.rows, self.columns} == {"year", "month"}:
            return wording.period(result.time)
        axes = (Axis(self.rows), Axis(self.columns))
        return ", ".join(
            wording.period(result.time) if axis.name == "time" else axis.label(wording, axis.key(result))
            for axis in axes
        )

    def _row_names(self, wording: Wording) -> list[str]:
        axis, rows = Axis(self.rows), self._keys[0]
        return [wording.period(row) if axis.name == "time" else in_lines(axis.label(wording, row)) for row in rows]

    def _column_names(self, wording: Wording, room: float, measure: Measure) -> dict[int, str]:
        """What is written below which columns."""
        columns = self._keys[1]
        if self.columns == "time":
            return calendar_names(wording, columns, most=int(room * len(columns) / (3 * measure.small)))
        axis = Axis(self.columns)
        named = (
            wording.within_year(f"2000-{column}")
            if axis.name == "month" and column.isdigit()
            else axis.label(wording, column)
            for column in columns
        )
        names = dict(enumerate(named))
        is_close = axis.name == "month" and not all(_fits(name, room, measure) for name in names.values())
        return {place: name for place, name in names.items() if place % 3 == 0 or not is_close}

    # Classes and shades

    def _limits(self, wording: Wording) -> tuple[Decimal, ...]:
        """The limits between the classes of the values above zero."""
        return class_limits((shown_decimal(wording, r) for r in self.results if r.value > 0), most=len(LOOKS))

    def _shades(self, wording: Wording, limits: Sequence[Decimal]) -> np.ndarray:
        """The number of the shade of each cell, rows by columns."""
        rows, columns = self._keys
        shades = np.full((len(rows), len(columns)), _NO_SHADE)
        for (row, column), result in self._cells.items():
            if result.value > 0:
                position = bisect_right(limits, shown_decimal(wording, result))
                shades[rows.index(row), columns.index(column)] = _shade(position, len(limits) + 1)
        return shades

    def _classes(self, wording: Wording, limits: Sequence[Decimal]) -> list[Entry]:
        """The key to the shades: each class from its lowest value to its highest."""
        if not any(result.value > 0 for result in self.results):
            return []
        unit = self.results[0].unit
        decimals = max([wording.decimals(unit), *(-int(limit.as_tuple().exponent) for limit in limits)])
        step = Decimal(1).scaleb(-decimals)

        def said(limit: Decimal) -> str:
            return wording.number(float(limit), unit, decimals=decimals)

        sign = wording.unit_sign(unit)
        ends = [(low, limit - step) for low, limit in pairwise(limits)]
        between = [f"{'–'.join(map(said, dict.fromkeys(pair)))}{sign}" for pair in ends]
        names = (
            [f"< {said(limits[0])}{sign}", *between, f"≥ {said(limits[-1])}{sign}"]
            if limits
            else [wording.text("above zero")]
        )
        return [(Patch(facecolor=LOOKS[_shade(place, len(names))][0]), name) for place, name in enumerate(names)]

    def _others(self, wording: Wording) -> list[Entry]:
        """The key to what has no shade, where it occurs."""
        others: list[Entry] = []
        if any(result.value == 0 for result in self.results):
            others.append((Patch(**_ZERO), wording.text("zero")))
        if not all(result.is_available for result in self.results):
            others.append((Patch(**_MISSING), wording.text("No data")))
        return others

    # Numbers in the cells

    def _texts(self, wording: Wording, room: float, measure: Measure) -> tuple[dict[Cell, str], bool]:
        """What is written into the cells, and whether it is thousands: nothing, where less than nine in ten would fit."""
        there = {cell: result for cell, result in self._cells.items() if result.is_available}
        whole = {cell: wording.bare_value(result) for cell, result in there.items()}
        short = {cell: self._short(wording, result.value) for cell, result in there.items()}
        for texts in (whole, short):
            fitting = {cell: text for cell, text in texts.items() if _fits(text, room, measure)}
            if len(fitting) >= _MOST_FIT * len(texts):
                return fitting, texts is short and self._is_in_thousands
        return {}, False

    def _short(self, wording: Wording, value: float) -> str:
        """``223``, ``3.5``, ``<0.1``: thousands, where most numbers are; without decimals otherwise."""
        if not value or not self._is_in_thousands:
            return wording.number(value, decimals=0)
        thousands = value / 1000
        if thousands < 0.05:
            return "<" + wording.number(0.1, decimals=1)
        return wording.number(thousands, decimals=0 if thousands >= 9.95 else 1)

    @cached_property
    def _is_in_thousands(self) -> bool:
        there = [result.value for result in self.results if result.is_available]
        return len(there) > 0 and median(there) >= 1000

    def _draw_cells(self, axes: PlainAxes, shades: np.ndarray) -> None:
        # Imported here and not above: few pages show one.
        import seaborn

        seaborn.heatmap(
            shades, mask=shades == _NO_SHADE, cmap=ListedColormap([shade for shade, _ in LOOKS]), vmin=0, vmax=len(LOOKS) - 1,
            cbar=False, linewidths=1.2, linecolor=GROUND, xticklabels=False, yticklabels=False, ax=axes,
        )  # fmt: skip

    def _write_numbers(self, axes: PlainAxes, shades: np.ndarray, texts: Mapping[Cell, str]) -> None:
        (rows, columns), size = self._keys, sheet_of(axes).measure.small
        for (row, column), text in texts.items():
            x, y = columns.index(column), rows.index(row)
            colour = FAINT if shades[y, x] == _NO_SHADE else LOOKS[shades[y, x]][1]
            annotate(axes, text, (x + 0.5, y + 0.5), (0, 0), ha="center", va="center", color=colour, fontsize=size)


def _shade(position: int, classes: int) -> int:
    """The shade of a class: fewer classes are spread over all shades, a single one has a middle one."""
    last = len(LOOKS) - 1
    return last // 2 if classes == 1 else round(position * last / (classes - 1))


def _draw_frame(axes: PlainAxes, column: int, row: int, look: dict) -> None:
    side = 1 - 2 * _MARGIN
    axes.add_patch(Rectangle((column + _MARGIN, row + _MARGIN), side, side, **look))


def _room(row_names: Sequence[str], measure: Measure) -> float:
    """About how many points the names of the rows leave to the cells."""
    longest = max(len(line) for name in row_names for line in name.splitlines())
    return measure.points - longest * _LETTER * measure.small - 12


def _fits(text: str, room: float, measure: Measure) -> bool:
    """Whether a text fits into so many points of a row."""
    letters = sum(_POINT if letter in ",.\N{NO-BREAK SPACE}" else _LETTER for letter in text)
    return letters * measure.small <= room - 2
