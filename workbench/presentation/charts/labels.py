"""Names of points among other points: each where it covers no other, and none over another name."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from workbench.presentation.charts.sheet import sheet_of
from workbench.presentation.charts.style import annotate

_LETTER, _LINE = 0.6, 1.15
"""About the width of a letter and the height of a line, of the size of the type."""
_DOT, _AWAY = 3.5, 6.5
"""Half the side of the square that a point takes, and how far its name is from it, in typographic points."""
_WAYS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
"""Where a name may stand: right or left of its point, above or below it, at a corner."""
_ALIGNED = {1: "left", -1: "right", 0: "center"}
_STANDING = {1: "bottom", -1: "top", 0: "center"}


@dataclass(frozen=True)
class PointName:
    """The name of a point.

    Attributes
    ----------
    point : int
        Which point, by its place among all.
    text, color : str
        What is written, and how.
    is_bold : bool
        Whether it stands out.
    """

    point: int
    text: str
    color: str
    is_bold: bool = False

    def extent(self, size: float) -> tuple[float, float]:
        """Width and height in typographic points, of letters of a size."""
        return len(self.text) * size * _LETTER * (1.1 if self.is_bold else 1.0), size * _LINE


def name_points(
    axes: Axes, points: NDArray, names: Sequence[PointName], room: tuple[float, float], lines: Sequence[NDArray] = ()
) -> set[int]:
    """Write the names of some points, the most important first; one for which there is no room is left out.

    Parameters
    ----------
    axes : Axes
        Its limits and scales are set.
    points : array of shape (n, 2)
        All points, in the units of the data.
    names : sequence of PointName
        Of some of them.
    room : (float, float)
        About the width and height of the axes, in typographic points: they are laid out later.
    lines : sequence of arrays of shape (n, 2)
        What names keep clear of where they can, in the units of the data.

    Returns
    -------
    set of int
        The points that are named.
    """
    crossed = np.vstack([_on_paper(axes, line, room) for line in lines]) if lines else np.empty((0, 2))
    size = sheet_of(axes).measure.size
    places = _places(names, _on_paper(axes, points, room), crossed, room, size)
    for name, way in places:
        annotate(
            axes, name.text, tuple(points[name.point]), _offset(way), ha=_ALIGNED[way[0]], va=_STANDING[way[1]],
            color=name.color, fontweight="bold" if name.is_bold else "normal", fontsize=size, zorder=6,
        )  # fmt: skip
    return {name.point for name, _ in places}


def _on_paper(axes: Axes, points: NDArray, room: tuple[float, float]) -> NDArray:
    """Points in typographic points from the lower left corner."""
    ends = np.array([axes.get_xlim(), axes.get_ylim()]).T
    low, high, *scaled = axes.transScale.transform(np.vstack([ends, points]))
    return (np.array(scaled).reshape(-1, 2) - low) / (high - low) * room


def _places(
    names: Sequence[PointName], points: NDArray, crossed: NDArray, room: tuple[float, float], size: float
) -> list[tuple[PointName, tuple[int, int]]]:
    taken, lines = _squares(points, _DOT), _squares(crossed, 1.0)
    found = []
    for name in names:
        others = np.delete(taken, name.point, axis=0)
        boxes = {way: _box(points[name.point], way, name.extent(size)) for way in _WAYS}
        free = [way for way, box in boxes.items() if _is_within(box, room) and not _touches(box, others)]
        if free:
            way = next((way for way in free if not _touches(boxes[way], lines)), free[0])
            found.append((name, way))
            taken = np.vstack([taken, boxes[way]])
    return found


def _squares(points: NDArray, half: float) -> NDArray:
    """Left, bottom, right and top of a square around each point."""
    return np.column_stack([points - half, points + half])


def _offset(way: tuple[int, int]) -> tuple[float, float]:
    """How far a name stands from its point; at a corner, less far each way."""
    across, up = way
    away = _AWAY if 0 in way else _AWAY * 0.6
    return across * away, up * away


def _box(point: NDArray, way: tuple[int, int], size: tuple[float, float]) -> NDArray:
    """Left, bottom, right and top of a name."""
    corner = point + _offset(way) - np.array(size) * (1 - np.array(way)) / 2
    return np.concatenate([corner, corner + size])


def _is_within(box: NDArray, room: tuple[float, float]) -> bool:
    return bool((box[:2] >= 0).all() and (box[2:] <= room).all())


def _touches(box: NDArray, others: NDArray) -> bool:
    return bool(((box[:2] < others[:, 2:]) & (box[2:] > others[:, :2])).all(axis=1).any())
