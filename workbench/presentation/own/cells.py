"""The numbers behind the cells of pictures and heat maps."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyQuadMesh, QuadMesh

from workbench.presentation.own.mark import Mark
from workbench.presentation.own.series import SeriesNames


def of_cells(axes: Axes, names: SeriesNames) -> Iterator[Mark]:
    """The cells of pictures and of heat maps, row by row."""
    meshes: list[Any] = [mesh for mesh in axes.collections if isinstance(mesh, QuadMesh | PolyQuadMesh)]
    for mesh in meshes:
        corners, values = mesh.get_coordinates(), mesh.get_array()
        if values is not None:
            middles = (corners[:-1, :-1] + corners[1:, 1:]) / 2
            # A mesh of colours that run into each other has a value at each corner.
            places = corners if values.size == corners[..., 0].size else middles
            yield from _cells(names.of(mesh.get_label(), [""])[0], places, values.reshape(places.shape[:2]))
    images: list[Any] = list(axes.images)
    for image in images:
        values = image.get_array()
        # A picture of colours holds no numbers.
        if values is not None and values.ndim == 2:
            left, right, bottom, top = image.get_extent()
            first, last = (top, bottom) if image.origin == "upper" else (bottom, top)
            xs, ys = _middles(left, right, values.shape[1]), _middles(first, last, values.shape[0])
            yield from _cells(names.of(image.get_label(), [""])[0], np.dstack(np.meshgrid(xs, ys)), values)


def _middles(first: float, last: float, number: int) -> np.ndarray:
    return first + (np.arange(number) + 0.5) * (last - first) / number


def _cells(series: str, middles: np.ndarray, values: Any) -> Iterator[Mark]:
    numbers: Any = np.ma.filled(np.ma.asarray(values, float), np.nan)
    for place, value in np.ndenumerate(numbers):
        x, y = middles[place]
        yield Mark(series, float(x), float(y), value=float(value))
