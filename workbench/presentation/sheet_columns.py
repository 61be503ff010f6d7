"""What stands in the columns of a sheet: labels, numbers with the form that they are shown in, flags beside the numbers."""

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.model.periods import days_of, in_a_year, year_of
from workbench.model.types import NUMBER_COLUMNS, RESULT_COLUMNS, Result, message
from workbench.presentation.tables import Axis, keys_of, layout, providers_of, units_of
from workbench.presentation.wording import Wording, shown_flags

# Day 0 of a spreadsheet's calendar, as all days after February 1900 are counted.
_DAY_0 = datetime.date(1899, 12, 30)
_YEAR = "0"
_MONTH = message("[$-809]mmmm yyyy")
"""How a spreadsheet shows the first day of a month: the number in brackets is Microsoft's of the language."""
_HEADINGS_OF_TIME = {1: message("Year"), 4: message("Quarter"), 12: message("Month")}


@dataclass(frozen=True)
class Number:
    """A number, or a day as a spreadsheet counts it, and the form that it is shown in: ``#,##0.0``."""

    value: float
    form: str


@dataclass(frozen=True)
class Link:
    """The name of a sheet, which leads there."""

    sheet: str


Cell = str | Number | Link | None
"""What stands in a cell; nothing, where nothing was asked for."""


@dataclass(frozen=True)
class Column:
    """A column: its heading, its cells, whether they are numbers or name the rows, and the widest that it may be."""

    heading: str
    cells: Sequence[Cell]
    is_of_numbers: bool = False
    widest: int = 42


@dataclass(frozen=True)
class SheetTable:
    """A numbered table or figure of the study, as it stands on a sheet of its own.

    Attributes
    ----------
    name : str
        The sheet's.
    title : str
        What stands above it.
    lines : sequence of str
        What stands below the title, a row each.
    results : tuple of Result
        What it shows.
    rows, columns : str
        The axes; see `workbench.presentation.tables.Axis`.
    providers : mapping
        The provider of each dataset, where a column says whose the numbers of each row are.
    """

    name: str
    title: str
    lines: Sequence[str]
    results: tuple[Result, ...]
    rows: str
    columns: str
    providers: Mapping[str, str] = field(default_factory=dict)


def columns_of_table(wording: Wording, table: SheetTable) -> tuple[list[Column], str]:
    """The columns of a table as the page lays it out, and the unit of all its numbers, if they have one.

    What names a row by several things has a column for each; a column of numbers of which some are flagged is followed by
    one of their flags.
    """
    down, across, cells = layout(table.results, table.rows, table.columns)
    row_keys, column_keys = keys_of(down, across, cells)
    units, row_units = units_of(wording, table.results, down, across)
    unit_of_all = units[column_keys[0]] if len(set(map(units.get, column_keys))) == 1 else ""
    columns = _labels(wording, down, row_keys)
    if table.providers:
        whose = providers_of(wording, down, table.results, table.providers)
        columns.append(Column(wording.text("Provider"), [whose[key] for key in row_keys]))
    if row_units:
        columns.append(Column(wording.text("Unit"), [row_units[key] for key in row_keys], widest=18))
    labels = _column_labels(wording, across, column_keys)
    for key in column_keys:
        label = labels[key] if unit_of_all else _with_unit(labels[key], units[key])
        results = [cells.get((row, key)) for row in row_keys]
        columns.append(Column(label, [_number(wording, one, across.is_mixed(key)) for one in results], True))
        if any(map(_flags_beside, results)):
            heading = wording.text("{column}: flags").format(column=labels[key])
            columns.append(Column(heading, list(map(_flags_beside, results))))
    return columns, unit_of_all


def columns_of_results(wording: Wording, results: Sequence[Result]) -> list[Column]:
    """All results in long form: labels and the year before the columns of the CSV file, which keep their names in every
    language: programs read them."""
    labels = {
        wording.text("Name of the indicator"): [wording.indicator(one.indicator) for one in results],
        wording.text("Name of the country"): [wording.label("geo", one.geo) for one in results],
        wording.text("Breakdown in words"): [", ".join(wording.breakdown(one)) for one in results],
    }
    year = Column(wording.text("Year"), [Number(year_of(one.time), _YEAR) for one in results], True)
    return [
        *(Column(heading, cells, widest=34) for heading, cells in labels.items()),
        year,
        *(_column_of_csv(name, results) for name in RESULT_COLUMNS),
    ]


def _column_of_csv(name: str, results: Iterable[Result]) -> Column:
    values = [getattr(one, name) for one in results]
    if name in NUMBER_COLUMNS:
        return Column(name, [_as_it_is(value) if math.isfinite(value) else None for value in values], True)
    if name == "time":
        return Column(name, [Number(int(time), _YEAR) if in_a_year(time) == 1 else time for time in values])
    return Column(name, values, widest=26)


def _as_it_is(value: float) -> Number:
    """A number for reuse: all its digits are there, of which three after the point are shown."""
    return Number(value, "0" if value.is_integer() else "0.000")


def _labels(wording: Wording, axis: Axis, keys: Sequence[str]) -> list[Column]:
    """What names the rows; periods by which one can sort and count."""
    names = axis.name.split("+")
    if names == ["time"]:
        return [_periods(wording, keys)]
    if names == ["year"]:
        return [Column(axis.heading(wording), [Number(int(key), _YEAR) for key in keys])]
    if len(names) == 1:
        labels = axis.labels(wording, keys)
        return [Column(axis.heading(wording), [labels[key] for key in keys])]
    parts = zip(*(key.split("+") for key in keys), strict=True)
    return [column for name, own in zip(names, parts, strict=True) for column in _labels(wording, Axis(name), own)]


def _periods(wording: Wording, times: Sequence[str]) -> Column:
    """Years as numbers, quarters and months as their first days; in words where they are of several lengths."""
    lengths = {in_a_year(time) for time in times}
    if len(lengths) > 1:
        return Column(wording.text("Period"), [wording.period(time) for time in times])
    (length,) = lengths
    return Column(wording.text(_HEADINGS_OF_TIME[length]), [_period(wording, time) for time in times])


def _period(wording: Wording, time: str) -> Number:
    day = (days_of(time)[0] - _DAY_0).days
    match in_a_year(time):
        case 1:
            return Number(int(time), _YEAR)
        case 4:
            # No form knows of quarters.
            before, _, after = wording.period(time).partition(str(year_of(time)))
            return Number(day, "yyyy".join(f'"{text}"' if text else "" for text in (before, after)))
    return Number(day, wording.text(_MONTH))


def _column_labels(wording: Wording, axis: Axis, keys: Sequence[str]) -> dict[str, str]:
    """Headings are texts, whatever they name."""
    return {key: wording.period(key) for key in keys} if axis.name == "time" else axis.labels(wording, keys)


def _number(wording: Wording, result: Result | None, with_sign: bool) -> Cell:
    """A number in the digits that are known; the sign of its unit is shown after it and is no part of it."""
    if result is None or not result.is_available:
        return wording.value(result) if result else None
    decimals, sign = wording.known_decimals(result), wording.unit_sign(result.unit) if with_sign else ""
    form = "#,##0" + ("." + "0" * decimals if decimals else "") + (f'"{sign}"' if sign else "")
    return Number(result.value, form)


def _flags_beside(result: Result | None) -> str:
    """The flags of a number that is there; where there is none, its place says why."""
    return " ".join(f"[{flag}]" for flag in shown_flags(result)) if result and result.is_available else ""


def _with_unit(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit and not label.casefold().endswith(unit.casefold()) else label
