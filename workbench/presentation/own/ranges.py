"""Ranges that are drawn about numbers: bars of error, areas between two lines, lines from a low to a high end."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import repeat
from math import isclose, isfinite, isnan, nan
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from workbench.presentation.own.mark import Mark
from workbench.presentation.own.series import SeriesNames, colours_of


def of_errors(axes: Axes, names: SeriesNames) -> Iterator[Mark]:
    """Points with bars of error, but for those about bars, which have them already."""
    of_bars = [container.errorbar for container in axes.containers if isinstance(container, BarContainer)]
    for container in axes.containers:
        if not isinstance(container, ErrorbarContainer) or container in of_bars:
            continue
        line, _, bars = container.lines
        series = names.of_range(container.get_label(), colours_of(line or bars[-1])[0])
        starts: Any = line.get_xydata() if line else [(segment[0][0], nan) for segment in bars[-1].get_segments()]
        ends = ends_of(container) if bars else repeat((nan, nan))
        yield from (Mark(series, float(x), float(y), *own) for (x, y), own in zip(starts, ends))


def ends_of(container: ErrorbarContainer) -> Iterator[tuple[float, float]]:
    """The ends of bars of error: of the vertical ones, where there are both."""
    along = 1 if container.has_yerr else 0
    for segment in container.lines[2][-1].get_segments():
        ends = np.asarray(segment)[:, along] if len(segment) else np.array([nan])
        yield float(ends.min()), float(ends.max())


def of_areas(axes: Axes, collections: Iterable[Any], names: SeriesNames) -> Iterator[Mark]:
    """Areas between two lines, and single lines from a low to a high end."""
    for collection in collections:
        label = collection.get_label()
        if isinstance(collection, LineCollection):
            for place, segment in enumerate(collection.get_segments()):
                colours = colours_of(collection)
                series = names.of_range(label, colours[place % len(colours)])
                yield from _between(series, segment)
        elif isinstance(collection, PolyCollection) and collection.get_array() is None:
            series = names.of_range(label, colours_of(collection)[0])
            for path in collection.get_paths():
                yield from _between(series, path.vertices, getattr(collection, "t_direction", "x") == "y")
    for patch in axes.patches:
        if isinstance(patch, Polygon) and patch.get_data_transform() == axes.transData:
            yield from _between(names.of_range(patch.get_label(), colours_of(patch)[0]), patch.get_xy())


def _between(series: str, points: Any, is_turned: bool = False) -> Iterator[Mark]:
    """The lowest and the highest point at each place of an outline."""
    along, across = (1, 0) if is_turned else (0, 1)
    ends: dict[float, list[float]] = {}
    for point in np.asarray(points, float):
        ends.setdefault(float(point[along]), []).append(float(point[across]))
    for place in sorted(filter(isfinite, ends)):
        x, y = (nan, place) if is_turned else (place, nan)
        yield Mark(series, x, y, min(ends[place]), max(ends[place]))


def join(marks: list[Mark], ranges: Iterable[Mark]) -> None:
    """Give each range to the number of its series about which it lies; what lies about none stands for itself."""
    places = {(mark.series, mark.x): place for place, mark in reversed(list(enumerate(marks)))}
    for own in list(ranges):
        place = places.get((own.series, own.x))
        if place is not None and _lies_about(own, marks[place]):
            marks[place] = replace(marks[place], low=own.low, high=own.high)
        else:
            marks.append(own)


def _lies_about(own: Mark, mark: Mark) -> bool:
    """Whether a range is one of a number that has none yet."""
    return not isfinite(mark.low) and own.low <= mark.y <= own.high and (isnan(own.y) or own.y == mark.y)


def interval(line: Line2D, is_flat: bool) -> tuple[float, float, float] | None:
    """A line without a name that goes from a low to a high end at one place, perhaps with caps, as seaborn draws errors.

    Its place and its ends; lying on its side where the panel does.
    """
    if not str(line.get_label()).startswith("_") or line.get_marker() not in ("None", "none", "", None):
        return None
    points = np.asarray(line.get_xydata(), float)
    points = points[np.isfinite(points).all(axis=1)]
    along, across = points[:, int(is_flat)], points[:, 1 - int(is_flat)]
    places, ends = np.unique(along), np.unique(across)
    if len(places) not in (1, 3) or len(ends) > 2:
        return None
    place = places[len(places) // 2]
    between = across[along == place]
    return (float(place), float(ends[0]), float(ends[-1])) if len(between) > 1 and {*between} == {*ends} else None


def join_interval(marks: list[Mark], place: float, low: float, high: float, is_flat: bool) -> bool:
    """Give an interval to the number at its place that lies within it; whether there is one."""
    for found, mark in enumerate(marks):
        at, number = (mark.y, mark.x) if is_flat else (mark.x, mark.y)
        if isclose(at, place, abs_tol=1e-9) and low <= number <= high and not isfinite(mark.low):
            marks[found] = replace(mark, low=low, high=high)
            return True
    return False
