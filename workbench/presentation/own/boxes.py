"""The numbers behind box plots of seaborn."""

from collections.abc import Iterator
from math import nan

import numpy as np
from matplotlib.axes import Axes

from workbench.presentation.own.mark import Mark
from workbench.presentation.own.series import SeriesNames, colours_of


def of_box_plots(axes: Axes, names: SeriesNames) -> Iterator[Mark]:
    """Of each box its median within the quartiles; the range of its whiskers; and the points outside it."""
    for container in axes.containers:
        # seaborn does not publish the class.
        if type(container).__name__ != "BoxPlotContainer":
            continue
        boxes = list(container)
        all_names = names.of(container.get_label(), [colours_of(one.box)[0] for one in boxes])
        for one, series in zip(boxes, all_names):
            median, box = one.median.get_xydata(), one.box.get_path().get_extents()
            is_flat = median[0][1] != median[1][1]
            across = 0 if is_flat else 1
            place, middle = float(median[:, 1 - across].mean()), float(median[0][across])
            ends = np.concatenate([whisker.get_xydata()[:, across] for whisker in one.whiskers])
            outside = one.fliers.get_xydata()[:, across] if one.fliers else []
            for number, low, high in (
                (middle, float(box.min[across]), float(box.max[across])),
                (nan, float(ends.min()), float(ends.max())),
                *((float(point), nan, nan) for point in outside),
            ):
                yield Mark(series, number if is_flat else place, place if is_flat else number, low, high)
