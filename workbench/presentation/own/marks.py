"""The numbers that are drawn in a panel: read back from what Matplotlib draws there."""

from collections.abc import Iterator
from math import nan
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.category import StrCategoryFormatter
from matplotlib.collections import PatchCollection, PathCollection, PolyCollection
from matplotlib.container import BarContainer
from matplotlib.lines import Line2D
from matplotlib.patches import Wedge

from workbench.presentation.own.boxes import of_box_plots
from workbench.presentation.own.cells import of_cells
from workbench.presentation.own.mark import Mark
from workbench.presentation.own.ranges import ends_of, interval, join, join_interval, of_areas, of_errors
from workbench.presentation.own.series import SeriesNames, colours_of


def marks_of(axes: Axes) -> list[Mark]:
    """All that is drawn in a panel in its numbers: first bars, lines and points, each with the ranges drawn about them.

    A bar stands at its middle, and a cell of a picture too. What is drawn by contours or in three dimensions is not read
    back.
    """
    if axes.name == "3d":
        return []
    names, is_flat = SeriesNames(axes), _is_flat(axes)
    inside = {id(part) for container in axes.containers for part in container.get_children()}
    lines = [line for line in axes.lines if id(line) not in inside and line.get_transform() == axes.transData]
    collections = [collection for collection in axes.collections if id(collection) not in inside]
    intervals = {line: ends for line in lines if (ends := interval(line, is_flat))}
    marks = [*_of_bars(axes, names), *of_box_plots(axes, names)]
    for line in lines:
        if line not in intervals:
            marks += _of_line(line, names)
    for collection in collections:
        marks += _of_points(collection, names)
        if isinstance(collection, PatchCollection):
            marks += _of_boxes(collection, names)
    for line, ends in intervals.items():
        if not join_interval(marks, *ends, is_flat):
            marks += _of_line(line, names)
    join(marks, of_errors(axes, names))
    join(marks, of_areas(axes, collections, names))
    return [*marks, *_of_wedges(axes, names), *of_cells(axes, names)]


def bars_along(axes: Axes) -> str:
    """``x`` or ``y``: along which axis bars stand that its ticks could name; or nothing."""
    containers = [container for container in axes.containers if isinstance(container, BarContainer)]
    if not containers:
        return ""
    along = "y" if containers[0].orientation == "horizontal" else "x"
    ticks = getattr(axes, f"{along}axis").get_majorticklocs()
    return along if max(map(len, containers)) <= len(ticks) else ""


def _is_flat(axes: Axes) -> bool:
    """Whether categories are below each other, and what is measured goes to the right."""
    return bars_along(axes) == "y" or isinstance(axes.yaxis.get_major_formatter(), StrCategoryFormatter)


def _of_bars(axes: Axes, names: SeriesNames) -> Iterator[Mark]:
    for container in axes.containers:
        if not isinstance(container, BarContainer) or not container.patches:
            continue
        colours = [colours_of(bar)[0] for bar in container.patches]
        ranges = [*ends_of(container.errorbar)] if container.errorbar else [(nan, nan)] * len(colours)
        is_flat = container.orientation == "horizontal"
        for bar, series, (low, high) in zip(container.patches, names.of(container.get_label(), colours), ranges):
            x, y = bar.get_x() + bar.get_width() / 2, bar.get_y() + bar.get_height() / 2
            yield Mark(series, bar.get_width() if is_flat else x, y if is_flat else bar.get_height(), low, high)


def _of_boxes(collection: PatchCollection, names: SeriesNames) -> Iterator[Mark]:
    """Bars that stand on one line."""
    boxes = [path.get_extents() for path in collection.get_paths()]
    is_flat = len({box.x0 for box in boxes}) == 1 < len({box.y0 for box in boxes})
    colours = colours_of(collection)
    series = names.of(collection.get_label(), [colours[place % len(colours)] for place in range(len(boxes))])
    for box, own in zip(boxes, series):
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        yield Mark(own, box.width if is_flat else x, y if is_flat else box.height)


def _of_line(line: Line2D, names: SeriesNames) -> Iterator[Mark]:
    points: Any = line.get_xydata()
    # seaborn draws lines without a point for its legend, and where it knows no error.
    if np.isfinite(np.asarray(points, float)).all(axis=1).any():
        (series,) = names.of(line.get_label(), colours_of(line))
        yield from (Mark(series, float(x), float(y)) for x, y in points)


def _of_points(collection: Any, names: SeriesNames) -> Iterator[Mark]:
    """Points; and the fields of a hexagonal grid, which have colours for numbers."""
    points, values = np.ma.filled(collection.get_offsets(), nan), collection.get_array()
    is_grid = isinstance(collection, PolyCollection) and values is not None and len(values) == len(points)
    if not len(points) or not (isinstance(collection, PathCollection) or is_grid):
        return
    # A colour that stands for a number names no series.
    own_names = names.of(collection.get_label(), colours_of(collection) if values is None else [""])
    for place, (x, y) in enumerate(points):
        value = nan if values is None else float(np.ma.filled(values[place], nan))
        yield Mark(own_names[place % len(own_names)], float(x), float(y), value=value)


def _of_wedges(axes: Axes, names: SeriesNames) -> Iterator[Mark]:
    """The parts of a pie, each with its share."""
    for wedge in axes.patches:
        if isinstance(wedge, Wedge):
            (series,) = names.of(wedge.get_label(), colours_of(wedge))
            yield Mark(series, nan, nan, value=(wedge.theta2 - wedge.theta1) / 360)
