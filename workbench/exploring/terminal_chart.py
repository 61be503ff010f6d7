"""A chart of plain characters: a column for each period of each series, or a bar for each of many."""

import math
from collections.abc import Mapping, Sequence
from itertools import dropwhile

from workbench.model.types import BREAK, Result

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_LEFT_EIGHTHS = " ▏▎▍▌▋▊▉█"
_MISSING, _BREAK = "·", "╎"
_TALL, _MOST_TALL = 4, 6
"""Lines of the columns of a series, where there are few; and how many series few are."""


def columns(series: Mapping[str, Sequence[Result]], times: Sequence[str], width: int) -> list[str]:
    """A block of columns for each series on one scale; a break is a dashed line before its column, a missing value a point.

    Parameters
    ----------
    series : mapping
        The name of each to its results.
    times : sequence of str
        The periods, of which the last for which there is room are drawn.
    width : int
        Characters of a line.

    Returns
    -------
    list of str
        Nothing where no value is above zero, or one is below: a column begins at zero.
    """
    there = [result.value for results in series.values() for result in results if result.is_available]
    if not there or min(there) < 0 or max(there) <= 0:
        return []
    indent = min(max(map(len, series)), width // 3)
    each = max(1, min(6, (width - indent - 2) // len(times)))
    drawn = times[-((width - indent - 2) // each) :]
    height = _TALL if len(series) <= _MOST_TALL else 1
    lines: list[str] = []
    for name, results in series.items():
        by_time = {result.time: result for result in results}
        rows = _rows([by_time.get(time) for time in drawn], max(there), height, each)
        names = [*[""] * (height - 1), name[:indent]]
        block = [f"{label:<{indent}}  {row}".rstrip() for label, row in zip(names, rows)]
        lines += [*([""] if lines and height > 1 else []), *dropwhile(_is_empty, block)]
    return [*lines, f"{'':<{indent}}  {_axis(drawn, each)}".rstrip()]


def _is_empty(line: str) -> bool:
    return not line


def _rows(results: Sequence[Result | None], highest: float, height: int, each: int) -> list[str]:
    """The lines of a series, from the top."""
    return [
        "".join(_cell(result, highest, height, level, each) for result in results)
        for level in range(height - 1, -1, -1)
    ]


def _cell(result: Result | None, highest: float, height: int, level: int, each: int) -> str:
    """What a period shows at one of the lines, the lowest 0."""
    if result is None or not result.is_available:
        return (_MISSING if level == 0 else " ").ljust(each)
    eighths = result.value / highest * height * 8
    # What is more than nothing is seen.
    filled = min(8, max(0, round(eighths) - level * 8)) or int(level == 0 and eighths > 0)
    column = _EIGHTHS[filled] * max(1, each - 1)
    return (_BREAK + column[1:] if BREAK in result.flags and each > 2 else column).ljust(each)


def _axis(times: Sequence[str], each: int) -> str:
    """The periods below the columns, as many as have room: years by their last two digits where there is little."""
    short = [time if len(time) <= each - 1 or "-" in time else f"{time[2:]}" for time in times]
    step = max(1, math.ceil((max(map(len, short)) + 1) / each))
    return "".join(name.ljust(each * step)[: each * step] for place, name in enumerate(short) if place % step == 0)


def bars(results: Sequence[tuple[str, str, Result]], width: int) -> list[str]:
    """A line for each result: its name, a bar from zero, its number as it is worded.

    Parameters
    ----------
    results : sequence of (str, str, Result)
        Name, worded number, and the result.
    width : int
        Characters of a line.

    Returns
    -------
    list of str
        Without bars where a value is below zero.
    """
    names = min(max((len(name) for name, _, _ in results), default=0), width // 2)
    numbers = max((len(number) for _, number, _ in results), default=0)
    there = [result.value for _, _, result in results if result.is_available]
    room = width - names - numbers - 4
    has_bars = bool(there) and min(there) >= 0 and max(there) > 0 and room >= 8
    return [
        f"{_cut(name, names):<{names}}  {number:>{numbers}}"
        + (f"  {_bar(result, max(there), room)}" if has_bars else "")
        for name, number, result in results
    ]


def _bar(result: Result, highest: float, room: int) -> str:
    if not result.is_available:
        return ""
    whole, part = divmod(round(result.value / highest * room * 8), 8)
    return ("█" * whole + _LEFT_EIGHTHS[part]).rstrip() or ("▏" if result.value > 0 else "")


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}…"
