"""Lines over time by the conventions of official statistics: gaps for what is missing, marks for breaks, hollow if provisional."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from textwrap import fill

from matplotlib.axes import Axes

from workbench.model.types import BREAK, CARRIED_OVER, PROVISIONAL, WITHHELD, Result
from workbench.presentation.charts.style import FAINT, GROUND, Dash, annotate
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording, shown_flags


def draw_series(
    axes: Axes,
    times: Sequence[str],
    series: Sequence[Result],
    colour: str,
    width: float,
    dash: Dash = "-",
    marked: bool = True,
) -> None:
    """Draw one series over the positions of ``times``.

    A missing value leaves a gap, marked where nothing was counted. At a break the line is interrupted, thin dots lead across, and
    the break is marked. A provisional point is hollow; one of low reliability is too, with its flag. Without ``marked``, the series is shown for comparison and has no
    marks.
    """
    at = {result.time: result for result in series}
    stretches = _stretches([at.get(time) for time in times])
    for stretch, next_stretch in pairwise(stretches):
        if next_stretch[0][0] == stretch[-1][0] + 1:
            ends = [stretch[-1], next_stretch[0]]
            axes.plot(*zip(*((p, r.value) for p, r in ends)), color=colour, linewidth=width / 2, linestyle=(0, (1, 2)))
    for stretch in stretches:
        positions = [position for position, _ in stretch]
        values = [result.value for _, result in stretch]
        axes.plot(positions, values, color=colour, linewidth=width, linestyle=dash)
    alone = {stretch[0][0] for stretch in stretches if len(stretch) == 1}
    for position, time in enumerate(times) if marked else ():
        _draw_marks(axes, position, at.get(time), colour, alone=position in alone)


def _stretches(results: Sequence[Result | None]) -> list[list[tuple[int, Result]]]:
    stretches: list[list[tuple[int, Result]]] = [[]]
    for position, result in enumerate(results):
        if result is None or not result.is_available:
            stretches.append([])
            continue
        if BREAK in result.flags:
            stretches.append([])
        stretches[-1].append((position, result))
    return [stretch for stretch in stretches if stretch]


def _draw_marks(axes: Axes, position: int, result: Result | None, colour: str, alone: bool) -> None:
    if result is None or not result.is_available:
        draw_uncounted(axes, position, result)
        return
    if PROVISIONAL in result.flags or not result.is_reliable:
        axes.plot(position, result.value, marker="o", markersize=5, color=colour, markerfacecolor=GROUND, zorder=4)
    elif alone:
        axes.plot(position, result.value, marker="o", markersize=4, color=colour, zorder=4)
    if told := "".join(flag for flag in (BREAK, WITHHELD) if flag in result.flags):
        draw_break(axes, position, result.value, colour, told)


def draw_break(axes: Axes, position: float, height: float, colour: str, flags: str = BREAK) -> None:
    """Mark a break in the series, or what else is flagged: the flag above its point or column."""
    annotate(axes, flags, (position, height), (0, 7), ha="center", color=colour)


def draw_uncounted(axes: Axes, position: float, result: Result | None) -> None:
    """Mark a gap where the value of the year before was repeated: the flag at the foot of the drawing."""
    if result is not None and CARRIED_OVER in shown_flags(result) and not result.is_available:
        foot = axes.get_xaxis_transform()
        annotate(axes, f"[{CARRIED_OVER}]", (position, 0), (0, 3), origin=foot, ha="center", color=FAINT, fontsize=9)


def label_ends(axes: Axes, times: Sequence[str], ends: Sequence[tuple[str, Sequence[Result], str]]) -> None:
    """Name each series beside its last point, moved apart where names would touch.

    ``ends`` holds for each series its name, results and colour.
    """
    last = [(by_time(series)[-1].value, in_lines(name), colour) for name, series, colour in ends if by_time(series)]
    shown = sorted(last, key=lambda end: end[0])
    lines = [name.count("\n") + 1 for _, name, _ in shown]
    for (_, name, colour), height in zip(shown, places_apart(axes, [value for value, *_ in shown], lines)):
        annotate(axes, name, (len(times) - 1, height), (7, 0), va="center", color=colour)


def in_lines(name: str) -> str:
    """A name beside a drawing: a long one is wrapped rather than taking room from the drawing."""
    return fill(name, 22)


def places_apart(axes: Axes, heights: Sequence[float], lines: Sequence[int] = ()) -> list[float]:
    """Heights of names, from below: each at its own height, or moved up from the one below that it would touch.

    ``lines`` says how many lines each name has, one where nothing is said.
    """
    bottom, top = axes.get_ylim()
    halves = [(top - bottom) * 0.085 * number / 2 for number in lines or [1] * len(heights)]
    places: list[float] = []
    for position, height in enumerate(heights):
        least = places[-1] + halves[position - 1] + halves[position] if places else height
        places.append(max(height, least))
    return places


def times_of(results: Sequence[Result]) -> list[str]:
    """The periods of some results, each once, the earliest first."""
    return sorted({result.time for result in results})


def by_time(results: Sequence[Result]) -> list[Result]:
    """Those results that have a value, the earliest first."""
    return sorted((result for result in results if result.is_available), key=lambda result: result.time)


def lowest(results: Sequence[Result]) -> float:
    """The lowest value that is there; zero where none is."""
    return min((result.value for result in results if result.is_available), default=0.0)


def highest(results: Sequence[Result]) -> float:
    """The highest value that is there; zero where none is."""
    return max((result.value for result in results if result.is_available), default=0.0)


def describe_series(wording: Wording, name: str, series: Sequence[Result]) -> str:
    """Range and last value of a series, in words."""
    there = by_time(series)
    if not there:
        return wording.text("{series}: no value.").format(series=name)
    least, most = min(there, key=lambda r: r.value), max(there, key=lambda r: r.value)
    return wording.text(
        "{series}: lowest {low} in {low_time}, highest {high} in {high_time}, {last} in {last_time}."
    ).format(
        series=name,
        low=wording.value(least),
        low_time=wording.period(least.time),
        high=wording.value(most),
        high_time=wording.period(most.time),
        last=wording.value(there[-1]),
        last_time=wording.period(there[-1].time),
    )


def describe_each(wording: Wording, axis: Axis, groups: Mapping[str, Sequence[Result]]) -> list[str]:
    """Range and last value of the series at each key of an axis, in words."""
    return [describe_series(wording, axis.label(wording, key), series) for key, series in groups.items()]
