"""Lines over time by the conventions of official statistics: gaps for what is missing, marks for breaks, hollow if provisional."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from workbench.model.periods import year_of
from workbench.model.types import BREAK, CARRIED_OVER, PROVISIONAL, Result
from workbench.presentation.charts.key import draw_key
from workbench.presentation.charts.sheet import mark, sheet_of
from workbench.presentation.charts.style import FAINT, GROUND, INK, Dash, annotate
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording, shown_flags

_LETTER, _ACROSS = 0.62, 0.62
"""About the width of a letter, of its size, and the part of a sheet's width that the axes take."""
_BROKEN = (0, (3, 2.5))
_LINE = 1.8
"""The height of a line of a name beside the drawing, of its letters, where the axes take two thirds of a sheet."""


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

    A missing value leaves a gap, marked where nothing was counted. At a break the line is interrupted, and thin dots lead across;
    `name_break` says what that is. A provisional point is hollow, and so is one of low reliability. Without ``marked``, the series
    is shown for comparison and has no marks.
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
    if marked:
        mark_series(axes, times, series)
    for position, time in enumerate(times) if marked else ():
        _draw_marks(axes, position, at.get(time), colour, alone=position in alone)


def breaks_of(results: Sequence[Result]) -> list[str]:
    """The periods whose figures are counted otherwise than those before them."""
    return sorted({result.time for result in _after_breaks(results)})


def _after_breaks(results: Sequence[Result]) -> list[Result]:
    """The first result after each break; nothing comes before the first of a series."""
    first: dict[tuple[str, str, str], str] = {}
    for result in by_time(results):
        first.setdefault((result.indicator, result.geo, result.breakdown), result.time)
    return [
        result
        for result in by_time(results)
        if BREAK in result.flags and result.time > first[result.indicator, result.geo, result.breakdown]
    ]


def say_breaks(wording: Wording, results: Sequence[Result]) -> str:
    """In which years some series break, and of which country where there are several; empty where none does."""
    broken = _after_breaks(results)
    if not broken:
        return ""
    if len({result.geo for result in results}) > 1:
        places = dict.fromkeys(result.geo for result in results)
        told = [_breaks_of_place(wording, place, broken) for place in places if place in {one.geo for one in broken}]
        said = wording.text("Breaks: {places}. Figures before and after each are not counted alike.")
        return said.format(places="; ".join(told))
    years = _years(broken)
    said = wording.plural(
        "Break in {years}: figures before and after are not counted alike.",
        "Breaks in {years}: figures before and after each are not counted alike.",
        len(years),
    )
    return said.format(years=_listed(years))


def _breaks_of_place(wording: Wording, place: str, broken: Sequence[Result]) -> str:
    years = _years([result for result in broken if result.geo == place])
    return wording.text("{place} {years}").format(place=wording.label("geo", place), years=_listed(years))


def _years(results: Sequence[Result]) -> list[int]:
    return sorted({year_of(result.time) for result in results})


def _listed(years: Sequence[int]) -> str:
    return ", ".join(map(str, years))


def name_break(
    axes: Axes, wording: Wording, times: Sequence[str], results: Sequence[Result], among: Sequence[Result] = ()
) -> None:
    """Call a break one, where it is the only one: above or below the lines, where there is more room. Of several a reader sees
    the gaps, and reads the years below the figure. The limits of both axes are set; ``among`` is what is drawn besides.
    """
    breaks = breaks_of(results)
    if len(breaks) != 1:
        return
    gap, word, small = times.index(breaks[0]) - 0.5, wording.text("break"), sheet_of(axes).measure.small
    half, (left, right), (bottom, top) = _half_width(axes, word, small), axes.get_xlim(), axes.get_ylim()
    place = min(max(gap, left + half), right - half)
    drawn = by_time([*results, *among])
    near = [result.value for result in drawn if abs(times.index(result.time) - place) <= half + 1]
    is_below = min(near) - bottom > top - max(near)
    annotate(
        axes, word, (place, 0 if is_below else 1), (0, 3 if is_below else -3), origin=axes.get_xaxis_transform(), ha="center",
        va="bottom" if is_below else "top", color=FAINT, fontsize=small,
    )  # fmt: skip


def _half_width(axes: Axes, words: str, size: float) -> float:
    """Half the width of some words, in the units of the axis of time."""
    left, right = axes.get_xlim()
    place = axes.get_subplotspec()
    beside = place.get_gridspec().ncols if place else 1
    return len(words) * size * _LETTER / 2 / (_ACROSS * sheet_of(axes).measure.points / beside) * (right - left)


def mark_series(axes: Axes, times: Sequence[str], series: Sequence[Result]) -> None:
    """Note where the results of a line are seen."""
    for result in series:
        mark(axes, times.index(result.time), result.value, result)


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


def draw_breaks(axes: Axes, times: Sequence[str], results: Sequence[Result]) -> None:
    """Part columns before and after a break by a line of dashes."""
    for time in breaks_of(results):
        axes.axvline(times.index(time) - 0.5, color=FAINT, linewidth=1, linestyle=_BROKEN)


def draw_uncounted(axes: Axes, position: float, result: Result | None) -> None:
    """Mark a gap where the value of the year before was repeated: the flag at the foot of the drawing."""
    if result is not None and CARRIED_OVER in shown_flags(result) and not result.is_available:
        foot = axes.get_xaxis_transform()
        annotate(axes, f"[{CARRIED_OVER}]", (position, 0), (0, 3), origin=foot, ha="center", color=FAINT)


@dataclass(frozen=True)
class End:
    """What is said at the end of a line.

    Attributes
    ----------
    name : str
        Of the series.
    series : sequence of Result
        In any order.
    look : (str, Dash)
        The colour of the line, and its dash.
    """

    name: str
    series: Sequence[Result]
    look: tuple[str, Dash]


def label_ends(axes: Axes, wording: Wording, times: Sequence[str], ends: Sequence[End]) -> None:
    """Say each series' name and last value beside its last point, moved apart where they would touch.

    On a narrow sheet the names stand above the drawing, and the values alone beside it.
    """
    sheet, shown = sheet_of(axes), [end for end in ends if by_time(end.series)]
    if sheet.measure.is_narrow and len(shown) > 1:
        draw_key(sheet, *([(_sample(end.look), end.name)] for end in shown))
    shown.sort(key=lambda end: by_time(end.series)[-1].value)
    last = [by_time(end.series)[-1] for end in shown]
    values = [wording.value(result) for result in last]
    words = (
        values if sheet.measure.is_narrow else [in_lines(f"{end.name} {value}") for end, value in zip(shown, values)]
    )
    places = places_apart(axes, [result.value for result in last], [said.count("\n") + 1 for said in words])
    for end, said, height in zip(shown, words, places):
        annotate(axes, said, (len(times) - 1, height), (7, 0), va="center", color=end.look[0])


def _sample(look: tuple[str, Dash]) -> Line2D:
    line = Line2D([], [], color=look[0], linewidth=2.2)
    line.set_linestyle(look[1])  # type: ignore[arg-type]
    return line


def label_peak(axes: Axes, wording: Wording, times: Sequence[str], results: Sequence[Result]) -> None:
    """Say the highest value of all lines above its point: no line runs there. The last one is said already; one that stands
    near the axis of values stays clear of its numbers. The limits of the axis of time are set."""
    top = max(by_time(results), key=lambda result: result.value, default=None)
    if top and top.time != times[-1]:
        place, said = times.index(top.time), wording.value(top)
        is_near = place - _half_width(axes, said, sheet_of(axes).measure.size) < axes.get_xlim()[0]
        side, away = ("left", -2) if is_near else ("center", 0)
        annotate(axes, said, (place, top.value), (away, 5), ha=side, color=INK)


def in_lines(name: str) -> str:
    """A name beside a drawing: a long one is wrapped rather than taking room from the drawing."""
    return fill(name, 22)


def places_apart(axes: Axes, heights: Sequence[float], lines: Sequence[int] = ()) -> list[float]:
    """Heights of names, from below: each at its own height, or moved up from the one below that it would touch; down where it would
    stand above the drawing.

    ``lines`` says how many lines each name has, one where nothing is said.
    """
    bottom, top = axes.get_ylim()
    sheet = sheet_of(axes)
    line = _LINE * sheet.measure.size / (72 * sheet.drawn_height) * (top - bottom)
    halves = [line * number / 2 for number in lines or [1] * len(heights)]
    places: list[float] = []
    for position, height in enumerate(heights):
        least = places[-1] + halves[position - 1] + halves[position] if places else height
        places.append(max(height, least))
    # What was moved up beyond the drawing pushes those below it down again.
    most = max([top, *heights])
    for position in reversed(range(len(places))):
        places[position] = min(places[position], most)
        most = places[position] - halves[position] - (halves[position - 1] if position else 0.0)
    return places


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
