"""The one figure that a researcher shows: Matplotlib's own, one of its axes, a grid of seaborn, or a plot not yet drawn."""

import sys
from collections.abc import Iterator
from typing import Any, NoReturn

import matplotlib
import numpy as np
from matplotlib.figure import Figure, FigureBase

from workbench.model.errors import WorkbenchError
from workbench.presentation.charts.style import HEIGHT, WIDTH, style_of_researchers


def is_a(shown: object, module: str, name: str) -> bool:
    """Whether something is of a class of a library, which is not imported to find out: what is not loaded made nothing."""
    kind = getattr(sys.modules.get(module), name, None)
    return kind is not None and isinstance(shown, kind)


def figure_of(shown: object) -> Figure:
    """The figure that something shown is, belongs to, or, as a plot of ``seaborn.objects``, is drawn in.

    Pyplot lets go of it: a kernel would show it a second time at the end of the cell, and keep it.

    Raises
    ------
    WorkbenchError
        If there is no such figure, or several, or nothing in it.
    """
    if is_a(shown, "seaborn.objects", "Plot"):
        return _plotted(shown)
    figures = list(dict.fromkeys(_figures(shown)))
    if len(figures) != 1:
        _refuse(f"{type(shown).__name__} of {len(figures)} figures")
    if not figures[0].axes:
        _refuse("a figure without axes")
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figures[0])
    return figures[0]


def _figures(shown: Any) -> Iterator[Figure]:
    """The figures of all parts of something shown: an array of axes has many, of one figure."""
    if isinstance(shown, list | tuple | np.ndarray):
        for part in shown.flat if isinstance(shown, np.ndarray) else shown:
            yield from _figures(part)
        return
    found = shown if isinstance(shown, FigureBase) else getattr(shown, "figure", None)
    figure = found.get_figure(root=True) if isinstance(found, FigureBase) else None
    if figure is None:
        _refuse(f"{type(shown).__module__}.{type(shown).__qualname__}")
    yield figure


def _plotted(plot: Any) -> Figure:
    """A plot of ``seaborn.objects``, which has a style of its own unless it is told another."""
    style = style_of_researchers()
    with matplotlib.rc_context(style):
        figure = Figure(figsize=(WIDTH, HEIGHT), layout="tight")
        plot.theme(style).on(figure).plot()
    return figure


def _refuse(found: str) -> NoReturn:
    raise WorkbenchError(
        "this cannot be shown as a figure",
        expected="a figure or axes of Matplotlib with something in them, a grid of seaborn, or a Plot of seaborn.objects",
        found=found,
        hint="draw it with Matplotlib or seaborn, or show it as a table",
    )
