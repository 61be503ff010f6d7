"""Small multiples of different measures: one panel a series, each on a scale of its own from zero."""

from dataclasses import dataclass
from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from workbench.model.types import Result
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.refusals import refuse_several
from workbench.presentation.charts.series import by_time, describe_series, draw_series, times_of
from workbench.presentation.charts.style import ACCENT, CONTEXT, FAINT, GRID, INK, annotate, canvas_of_panels
from workbench.presentation.charts.time_axis import end_names
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording

_COLUMNS = 2
_LONGEST_LINE = 34
_DOTTED = (0, (1, 1.2))
_ROOM_FOR_LABEL = 1.38


@dataclass(frozen=True)
class Multiples(MatplotlibChart):
    """A panel for each measure, in the order of their first appearance: its name, its line, its last value.

    The measures differ, so heights compare within a panel and never between two. Each scale begins at zero, or reaches
    below it where values are negative; the line of zero is drawn. Of several datasets or vintages of a measure the first
    is the one meant; the others stand behind it, grey and dotted.
    """

    results: tuple[Result, ...]

    table_axes = ("time", "series")

    def __post_init__(self) -> None:
        refuse_several("Multiples", self.results, "series", "time")

    def draw(self, wording: Wording) -> Figure:
        panels = self._panels(wording)
        figure, grid = canvas_of_panels(len(panels), _COLUMNS, 1.5, shared=False)
        times = times_of(self.results)
        for axes, (name, (results, *others)) in zip(grid, panels.items()):
            axes.set_title("\n".join(wrap(name, _LONGEST_LINE)), loc="left", color=INK, fontsize=10)
            for other in others:
                draw_series(axes, times, other, CONTEXT, 1.4, _DOTTED, marked=False)
            draw_series(axes, times, results, ACCENT, 2.0)
            _scale(axes, [result.value for series in (results, *others) for result in series if result.is_available])
            axes.set_xticks([0, len(times) - 1], end_names(wording, times), fontsize=9.5)
            axes.set_xlim(-0.3, (len(times) - 1) * _ROOM_FOR_LABEL + 0.3)
            axes.set(xlabel="", ylabel="")
            _label_last(axes, wording, times, results)
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


def _scale(axes: Axes, values: list[float]) -> None:
    """From zero to a little above the highest, or from below the lowest: no ticks, for the last value is written out."""
    lowest, highest = min(0.0, *values), max(0.0, *values)
    height = (highest - lowest) or 1.0
    axes.set_ylim(lowest - (0.08 * height if lowest else 0), highest + 0.15 * height)
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    axes.axhline(0, color=GRID if lowest == 0 else FAINT, linewidth=0.8, zorder=0)


def _label_last(axes: Axes, wording: Wording, times: list[str], results: list[Result]) -> None:
    """The last value beside its point; its period with it, where that is not the last of all."""
    last = by_time(results)[-1]
    said = wording.flagged_value(last)
    text = said if last.time == times[-1] else f"{said}\n({wording.period(last.time)})"
    annotate(
        axes, text, (times.index(last.time), last.value), (7, 0), va="center", color=INK, fontweight="bold",
        fontsize=9.5,
    )  # fmt: skip
