"""A country's series in two vintages, and below it what the provider changed, as a self-contained figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from workbench.model.types import PROVISIONAL, Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.series import (
    End,
    by_time,
    describe_series,
    draw_series,
    highest,
    label_ends,
    name_break,
    say_breaks,
)
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet
from workbench.presentation.charts.style import (
    ACCENT,
    CONTEXT,
    COUNTERPART,
    FAINT,
    INK,
    ROUND_STEPS,
    WIDTH,
    annotate,
    value_axis,
)  # fmt: skip
from workbench.presentation.charts.time_axis import calendar_ticks, times_of
from workbench.presentation.sentences import flag_label
from workbench.presentation.wording import Wording, one_full_stop, with_full_stop

# Colour and dash both distinguish the vintages. The dashes are on top of the line: where the two agree, both are visible.
_OLDER, _NEWER = (COUNTERPART, (0, (2.5, 2))), (ACCENT, "-")

_HEIGHTS = (3.0, 1.3)
"""Inches: the lines, and the differences below them."""
_LABEL = 0.7
"""Inches: the width of the label of a difference."""


@dataclass(frozen=True)
class RevisedSeries(MatplotlibChart):
    """The same series in an older and a newer vintage.

    Attributes
    ----------
    older, newer : tuple of Result
        Of the same codes, in one vintage each, including periods without a value; shown from the first period on for which
        both have a value.
    place, subtitle, source : str
        The place of the series; measure, codes and unit; where it comes from.
    """

    older: tuple[Result, ...]
    newer: tuple[Result, ...]
    place: str
    subtitle: str
    source: str

    @property
    def in_both(self) -> list[tuple[Result, Result]]:
        """Older and newer result of each period for which both have a value."""
        before, now = (
            {result.time: result for result in one if result.is_available} for one in (self.older, self.newer)
        )
        return [(before[time], now[time]) for time in sorted(before.keys() & now.keys())]

    @property
    def revised(self) -> list[tuple[Result, Result]]:
        """The pairs that differ."""
        return [(before, now) for before, now in self.in_both if before.value != now.value]

    def headline(self, wording: Wording) -> str:
        """What became of the value with the largest revision."""
        if not self.in_both:
            return wording.text("{place}: the two vintages have no total in common").format(place=self.place)
        if not self.revised:
            return wording.text("{place}: no total was revised").format(place=self.place)
        before, now = max(self.revised, key=lambda pair: abs(_difference(*pair)))
        return wording.text("{place}, {time}: {before} became {now}").format(
            place=self.place, time=before.time, before=wording.value(before), now=wording.value(now)
        )

    def describe(self, wording: Wording) -> str:
        """What it shows, in words."""
        said = [describe_series(wording, one[0].vintage, one) for one in self._shown() if one]
        titles = map(with_full_stop, (self.headline(wording), self.subtitle))
        return one_full_stop(" ".join([*titles, wording.text("Line chart."), *said]))

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        """The lines and, if anything was revised, the differences; only words if there is nothing in common."""
        older, newer = self._shown()
        parts = _HEIGHTS[: 0 if not self.in_both else 2 if self.revised else 1]
        notes = [*_notes(wording, older + newer), self.source]
        figure = _framed(measure, sum(parts), self.headline(wording), self.subtitle, notes)
        if parts:
            axes = figure.subplots(len(parts), 1, sharex=True, squeeze=False, height_ratios=parts)[:, 0]
            times = times_of(older + newer)
            self._draw_lines(axes[0], wording, times)
            if self.revised:
                self._draw_differences(axes[1], wording, times)
            calendar_ticks(axes[-1], wording, times)
            name_break(axes[0], wording, times, older + newer)
        return figure

    def _shown(self) -> list[tuple[Result, ...]]:
        since = self.in_both[0][0].time if self.in_both else ""
        return [tuple(result for result in one if result.time >= since) for one in (self.older, self.newer)]

    def _draw_lines(self, axes: Axes, wording: Wording, times: Sequence[str]) -> None:
        older, newer = self._shown()
        width = min(7, 100 / len(times))
        for before, now in self.revised:
            ends = [times.index(now.time)] * 2, [before.value, now.value]
            axes.plot(*ends, color=CONTEXT, alpha=0.45, linewidth=width, solid_capstyle="butt", zorder=1)
        draw_series(axes, times, newer, _NEWER[0], 2.2, _NEWER[1])
        draw_series(axes, times, older, _OLDER[0], 1.8, _OLDER[1])
        axes.set(xlabel="", ylabel="")
        if _begins_at_zero(older + newer):
            value_axis(axes, wording, highest(older + newer))
        else:
            _fitted_axis(axes, wording, 5)
        label_ends(axes, wording, times, [End(older[0].vintage, older, _OLDER), End(newer[0].vintage, newer, _NEWER)])
        for results in (older, newer):
            _lead_to_label(axes, times, results)

    def _draw_differences(self, axes: Axes, wording: Wording, times: Sequence[str]) -> None:
        """A column for each value that was revised, a point on the zero line for each that was not."""
        axes.axhline(0, color=FAINT, linewidth=0.8)
        for before, now in self.in_both:
            position, difference = times.index(now.time), _difference(before, now)
            if difference:
                axes.bar(position, difference, color=CONTEXT, width=0.55 * min(1, len(times) / 6))
            else:
                axes.plot(position, 0, marker="o", markersize=3, color=FAINT)
        for before, now in self._labelled(times):
            difference = _difference(before, now)
            annotate(
                axes, _signed(wording, difference), (times.index(now.time), difference), (0, 3 if difference > 0 else -3),
                ha="center", va="bottom" if difference > 0 else "top", color=INK, fontsize=9.5,
            )  # fmt: skip
        axes.margins(y=0.35)
        axes.set_title(wording.text("Difference: newer minus older vintage"), loc="left", fontsize=9.5, color=FAINT)
        _fitted_axis(axes, wording, 3)

    def _labelled(self, times: Sequence[str]) -> list[tuple[Result, Result]]:
        """The revisions that are labelled: all but those beside a larger one, whose label needs the space."""
        apart = _LABEL / (WIDTH * 0.7 / len(times))
        sized = [(times.index(now.time), abs(_difference(before, now))) for before, now in self.revised]
        return [
            pair
            for pair, (position, size) in zip(self.revised, sized)
            if not any(abs(other - position) < apart and (more, -other) > (size, -position) for other, more in sized)
        ]


def _difference(before: Result, now: Result) -> float:
    return now.value - before.value


def _signed(wording: Wording, difference: float) -> str:
    return ("+" if difference > 0 else "") + wording.number(difference)


def _begins_at_zero(results: Sequence[Result]) -> bool:
    """Whether the axis begins at zero: not if the space below the lines would hide the revisions."""
    values = [result.value for result in results if result.is_available]
    return 0 <= min(values) <= max(values) / 2


def _fitted_axis(axes: Axes, wording: Wording, most: int) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(nbins=most, steps=ROUND_STEPS, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value)))


def _lead_to_label(axes: Axes, times: Sequence[str], results: Sequence[Result]) -> None:
    """A hairline from the last point to the label at the edge, if the series ends before the others."""
    last = by_time(results)[-1]
    if last.time != times[-1]:
        ends = [times.index(last.time), len(times) - 1]
        axes.plot(ends, [last.value] * 2, color=FAINT, linewidth=0.6, zorder=1)


def _notes(wording: Wording, results: Sequence[Result]) -> list[str]:
    """What a reader must know to read the marks and the axis."""
    shown = [result for result in results if result.is_available]
    flags = {flag for result in shown for flag in result.flags}
    notes = []
    if shown and not _begins_at_zero(shown):
        notes.append(wording.text("The axis does not start at zero."))
    if PROVISIONAL in flags:
        notes.append(wording.text("Hollow point: {flag}.").format(flag=flag_label(wording, PROVISIONAL)))
    if said := say_breaks(wording, shown):
        notes.append(said)
    return [" ".join(notes)] if notes else []


def _framed(measure: Measure, height: float, headline: str, subtitle: str, notes: Sequence[str]) -> Sheet:
    """A figure with text above and below the space for the drawing, none of it cut."""
    above = [(line, 12.5, INK) for line in wrap(headline, 52)] + [(line, 10, FAINT) for line in wrap(subtitle, 66)]
    below = [(line, 9.5, FAINT) for note in notes for line in wrap(note, 70)]
    tops = [_room(above), _room(below)]
    whole = height + sum(tops)
    layout = ConstrainedLayoutEngine(rect=(0, tops[1] / whole, 1, height / whole))
    figure = Sheet(whole, measure, layout=layout)
    for lines, top in ((above, whole), (below, tops[1])):
        for line, size, colour in lines:
            figure.text(0.01, (top - 0.06) / whole, line, fontsize=size, color=colour, va="top", ha="left")
            top -= size * _LEADING
    return figure


_LEADING = 1.45 / 72


def _room(lines: Sequence[tuple[str, float, str]]) -> float:
    return sum(size * _LEADING for _, size, _ in lines) + 0.12
