"""Small multiples of different measures: one panel a series, each on a scale of its own from zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from workbench.model.types import Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.key import draw_key
from workbench.presentation.charts.refusals import refuse_several
from workbench.presentation.charts.series import (
    by_time,
    describe_series,
    draw_series,
    highest,
    lowest,
    mark_series,
    name_break,
)
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet, sheet_of
from workbench.presentation.charts.style import (
    ACCENT,
    CONTEXT,
    FAINT,
    GRID,
    INK,
    annotate,
    canvas,
    canvas_of_panels,
    value_axis,
)
from workbench.presentation.charts.time_axis import calendar_ticks, end_names, times_of
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording

_COLUMNS = 2
_DOTTED = (0, (1, 1.2))
_ROOM, _ROOM_NARROW = 1.38, 1.62
"""How wide the axes are, of the line in them: the last value stands beside it."""


@dataclass(frozen=True)
class Multiples(MatplotlibChart):
    """A panel for each measure, in the order of their first appearance: its name, its line, its last value.

    The measures differ, so heights compare within a panel and never between two. Each scale begins at zero, or reaches
    below it where values are negative; the line of zero is drawn. Of several datasets or vintages of a measure the first
    is the one meant; the others stand behind it, grey and dotted, as the key says. One measure alone has axes.
    """

    results: tuple[Result, ...]

    table_axes = ("time", "series")
    along = "x"
    marks_hollow = True

    def __post_init__(self) -> None:
        refuse_several("Multiples", self.results, "series", "time")

    def draw(self, wording: Wording, measure: Measure = WIDE) -> Sheet:
        panels = self._panels(wording)
        times = times_of(self.results)
        if len(panels) == 1:
            return self._draw_alone(wording, measure, times, *panels.values())
        figure, grid = canvas_of_panels(len(panels), _COLUMNS, 1.7 if measure.is_narrow else 1.5, False, measure)
        longest = measure.letters // _COLUMNS
        for axes, (name, (results, *others)) in zip(grid, panels.items()):
            axes.set_title("\n".join(wrap(name, longest)), loc="left", color=INK, fontsize=measure.size)
            _draw_lines(axes, times, results, others)
            _scale(axes, [result.value for series in (results, *others) for result in series if result.is_available])
            axes.set_xticks([0, len(times) - 1], end_names(wording, times), fontsize=measure.small)
            axes.set_xlim(-0.3, (len(times) - 1) * (_ROOM_NARROW if measure.is_narrow else _ROOM) + 0.3)
            axes.set(xlabel="", ylabel="")
            _label_last(axes, wording, times, results)
            name_break(axes, wording, times, results)
        if any(others for _, *others in panels.values()):
            _explain_others(figure, wording)
        return figure

    def _draw_alone(
        self, wording: Wording, measure: Measure, times: list[str], of_measure: Sequence[Sequence[Result]]
    ) -> Sheet:
        figure, axes = canvas(3.1, measure)
        results, *others = of_measure
        _draw_lines(axes, times, results, others)
        calendar_ticks(axes, wording, times)
        value_axis(axes, wording, highest(self.results), lowest=lowest(self.results))
        _label_last(axes, wording, times, results)
        name_break(axes, wording, times, results)
        if others:
            _explain_others(figure, wording)
        return figure

    def describe(self, wording: Wording) -> str:
        series = self._series()
        names = Axis("series").labels(wording, series)
        said = [describe_series(wording, names[key], results) for key, results in series.items()]
        return " ".join([wording.text("Small line charts, one for each measure, each on its own scale."), *said])

    def _panels(self, wording: Wording) -> dict[str, list[list[Result]]]:
        """The series of each panel by its name, which is that of the measure."""
        panels: dict[str, list[list[Result]]] = {}
        for key, results in self._series().items():
            panels.setdefault(Axis("series").label(wording, key), []).append(results)
        return panels

    def _series(self) -> dict[str, list[Result]]:
        series = Axis("series").groups(self.results)
        return {key: results for key, results in series.items() if any(result.is_available for result in results)}


def _draw_lines(axes: Axes, times: list[str], results: Sequence[Result], others: Sequence[Sequence[Result]]) -> None:
    for other in others:
        draw_series(axes, times, other, CONTEXT, 1.4, _DOTTED, marked=False)
        mark_series(axes, times, other)
    draw_series(axes, times, results, ACCENT, 2.2)


def _explain_others(figure: Sheet, wording: Wording) -> None:
    line = Line2D([], [], color=CONTEXT, linewidth=1.4)
    line.set_linestyle(_DOTTED)
    draw_key(figure, [(line, wording.text("another dataset or vintage"))])


def _scale(axes: Axes, values: list[float]) -> None:
    """From zero to a little above the highest, or from below the lowest: no ticks, for the last value is written out."""
    lowest, highest = min(0.0, *values), max(0.0, *values)
    height = (highest - lowest) or 1.0
    axes.set_ylim(lowest - (0.08 * height if lowest else 0), highest + 0.15 * height)
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    axes.axhline(0, color=GRID if lowest == 0 else FAINT, linewidth=0.8, zorder=0)


def _label_last(axes: Axes, wording: Wording, times: list[str], results: Sequence[Result]) -> None:
    """The last value beside its point; its period with it, where that is not the last of all."""
    last = by_time(results)[-1]
    said = wording.flagged_value(last)
    text = said if last.time == times[-1] else f"{said}\n({wording.period(last.time)})"
    annotate(
        axes, text, (times.index(last.time), last.value), (7, 0), va="center", color=INK, fontweight="bold",
        fontsize=sheet_of(axes).measure.small,
    )  # fmt: skip
