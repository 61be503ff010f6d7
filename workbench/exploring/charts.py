"""Which chart shows an answer on a page: lines over time, bars for one period, shades where there are many series."""

from workbench.exploring.shape import Shape
from workbench.presentation.charts import Bars, Heatmap, Lines
from workbench.presentation.charts.chart import Chart
from workbench.presentation.charts.style import LOOKS
from workbench.presentation.wording import RANK

_MOST_BARS, _MOST_SHADES = 30, 36


def chart_of(shape: Shape) -> Chart | None:
    """The chart of an answer; None where no chart shows it, so that its table stands alone."""
    results = shape.results
    there = [result.value for result in results if result.is_available]
    # The first rank is the best, and would stand lowest.
    if len(there) < 2 or results[0].unit == RANK:
        return None
    if len(shape.times) > 1 and len(shape.series) <= len(LOOKS):
        return Lines(results, by=shape.axis)
    if min(there) < 0:
        return None
    if len(shape.times) == 1:
        return Bars(results, by=shape.axis) if len(results) <= _MOST_BARS else None
    if len(shape.series) <= _MOST_SHADES and len(shape.times) <= _MOST_SHADES:
        return Heatmap(results, rows=shape.axis, columns="time")
    return None
