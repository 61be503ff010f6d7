"""The one style of all charts.

One accent and its counterpart, distinguishable for colour-blind readers (blue and orange after Okabe and Ito, *Color Universal
Design*, 2008, darkened for contrast on white) and never by colour alone; greys for what is shown for comparison.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from textwrap import fill
from typing import Any, cast

import matplotlib
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle
from matplotlib.rcsetup import cycler
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Transform

from workbench.presentation.charts.plain_axes import Note, PlainAxes
from workbench.presentation.charts.sheet import WIDE, Measure, Sheet, sheet_of
from workbench.presentation.wording import Wording

ACCENT = "#0a5a8c"
COUNTERPART = "#c4530d"
CONTEXT = "#8a949e"
INK = "#1f2933"
FAINT = "#525c66"
VIOLET = "#8a35d0"
EARTH = "#7a2a12"
GRID = "#dfe3e8"

GROUND = "#ffffff"

SHADES = ("#c6dcee", "#8fbadb", "#5493c4", "#246aa5", "#0c3b68")
"""One hue from the lightest to the darkest, told apart by lightness: the classes of a map, the parts of a whole."""

KINDS = (ACCENT, COUNTERPART, SHADES[1], VIOLET, EARTH)
"""Colours of parts that have no order, neighbours as different as can be."""

VARIABLES = {
    ACCENT: "--accent",
    COUNTERPART: "--counterpart",
    CONTEXT: "--context",
    INK: "--ink",
    FAINT: "--faint",
    VIOLET: "--violet",
    EARTH: "--earth",
    GRID: "--grid",
    GROUND: "--ground",
    **{shade: f"--map-{place}" for place, shade in enumerate(SHADES, start=1)},
}
"""The stylesheet's name for each colour: a page in dark changes the drawings with itself."""

Dash = str | tuple[float, tuple[float, ...]]
"""A line style of Matplotlib: its name, or an offset and the lengths of strokes and gaps."""

LOOKS: tuple[tuple[str, Dash], ...] = (
    (ACCENT, "-"),
    (COUNTERPART, (0, (4, 1.5))),
    (FAINT, (0, (1.5, 1.5))),
    (VIOLET, (0, (6, 1.5, 1.5, 1.5))),
    (EARTH, (0, (9, 2))),
    (INK, (0, (4, 1.2, 1, 1.2, 1, 1.2))),
)
"""Colour and dash of each line: both tell them apart, and more than these nothing would."""

WIDTH = WIDE.width
"""Inches: the measure of the page's column."""

HEIGHT = 3.6
"""Inches: of a figure that a researcher gives no size of its own."""

ROUND_STEPS = (1, 2, 2.5, 5, 10)
"""What the ticks of an axis of values may be multiples of."""


# Matplotlib types its parameters as literals, over two hundred of them.
_STYLE: dict[Any, Any] = {
    # Matplotlib's own font sets the lines, so that a drawing does not depend on the machine's fonts; the words stay
    # text in the SVG, and the page shows them in its own.
    "font.family": "DejaVu Sans",
    "font.size": WIDE.size,
    "svg.fonttype": "none",
    "text.color": INK,
    "axes.labelcolor": FAINT,
    "axes.edgecolor": GRID,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    # Parts that touch are told apart by a line of the ground's colour.
    "patch.edgecolor": GROUND,
    "patch.force_edgecolor": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.major.size": 3,
    # The first year stands clear of the zero of the other axis.
    "xtick.major.pad": 5,
    "ytick.major.size": 0,
    "lines.linewidth": 2.0,
    "lines.solid_capstyle": "round",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}

_SCALE = "workbench"
"""Matplotlib's name for the scale of colours between the shades."""


def styled(measure: Measure = WIDE) -> AbstractContextManager[None]:
    """Context in which charts are drawn and saved."""
    return matplotlib.rc_context(_STYLE | {"font.size": measure.size})


def style_of_researchers() -> dict[Any, Any]:
    """Matplotlib's parameters under which what a researcher draws looks like the charts, by seaborn too.

    The layout is Matplotlib's tight one: seaborn replaces it without a word, and warns where it finds the constrained one.
    """
    if _SCALE not in matplotlib.colormaps:
        matplotlib.colormaps.register(LinearSegmentedColormap.from_list(_SCALE, SHADES))
    return _STYLE | {
        "axes.prop_cycle": cycler(color=[colour for colour, _ in LOOKS]),
        "figure.autolayout": True,
        "figure.figsize": (WIDTH, HEIGHT),
        "image.cmap": _SCALE,
        "legend.frameon": False,
    }


def use_style_of_researchers() -> None:
    """Have what is drawn in this process without the workbench look like its charts."""
    matplotlib.rcParams.update(style_of_researchers())


def canvas(height: float, measure: Measure = WIDE) -> tuple[Sheet, PlainAxes]:
    """A sheet so many inches high, and its axes."""
    sheet = Sheet(height, measure)
    return sheet, cast(PlainAxes, sheet.subplots(subplot_kw={"axes_class": PlainAxes}))


def canvas_of_panels(
    number: int, columns: int, row_height: float, shared: bool, measure: Measure = WIDE
) -> tuple[Sheet, list[Axes]]:
    """A sheet with panels, row by row, on one scale or each on its own; and their axes."""
    rows = -(-number // columns)
    figure = Sheet(row_height * rows, measure)
    panels = list(
        figure.subplots(
            rows, columns, sharex=shared, sharey=shared, squeeze=False, subplot_kw={"axes_class": PlainAxes}
        ).flat
    )
    for unused in panels[number:]:
        unused.set_visible(False)
    return figure, panels[:number]


def bar(axes: Axes, left: float, bottom: float, width: float, height: float, color: str, **look: Any) -> None:
    """Draw one bar, for which limits are set: no limits follow from it, unlike from `Axes.bar`, which takes ten times as long."""
    axes.add_artist(Rectangle((left, bottom), width, height, facecolor=color, **look))


def annotate(
    axes: Axes,
    text: str,
    point: tuple[float, float],
    offset: tuple[float, float],
    *,
    origin: Transform | None = None,
    **look: Any,
) -> None:
    """Write a text near a point of the drawing, so many typographic points away from it; ``origin`` is what the point is measured
    by, the data where it says nothing."""
    Note(axes, text, point, offset, axes.transData if origin is None else origin, **look)


def value_axis(
    axes: Axes, wording: Wording, highest: float, most: int = 5, lowest: float = 0.0, sign: str = ""
) -> None:
    """The axis of values: from zero, or the tick below a lowest that is less, to the tick above the highest, or zero where that
    is less; few ticks, in the language's numbers, each with the sign of the unit if one is given."""
    lowest, highest = min(lowest, 0.0), max(highest, 0.0)
    # An index between 0 and 1 has ticks between the whole numbers; persons and rates have none there.
    locator = MaxNLocator(nbins=most, steps=ROUND_STEPS, min_n_ticks=3, integer=not 0 < highest < 1)
    ticks = locator.tick_values(lowest, highest if highest > lowest else 1)
    axes.set_yticks(ticks)
    axes.set_ylim(ticks[0], ticks[-1])
    if lowest < 0:
        axes.axhline(0, color=FAINT, linewidth=0.8, zorder=1)
    decimals = next(places for places in range(4) if all(abs(round(tick, places) - tick) < 1e-9 for tick in ticks))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value, decimals=decimals) + sign))


def signed_axis(axes: Axes, wording: Wording, values: Sequence[float]) -> None:
    """The axis of values on both sides of zero, in the numbers of the language."""
    lowest, highest = min([0.0, *values]), max([0.0, *values])
    ticks = MaxNLocator(nbins=6, steps=ROUND_STEPS).tick_values(lowest, highest or 1.0)
    axes.set_yticks(ticks)
    axes.set_ylim(ticks[0], ticks[-1])
    decimals = 0 if all(float(tick).is_integer() for tick in ticks) else 1
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value, decimals=decimals)))


def name_below(axes: Axes, words: str) -> None:
    """Say below the ticks what runs across."""
    words = fill(words, sheet_of(axes).measure.letters)
    annotate(axes, words, (0.5, 0), (0, -23), origin=axes.transAxes, ha="center", va="top", color=FAINT)


def name_rows(axes: PlainAxes, names: Sequence[str], bar_height: float) -> None:
    """Name the rows of horizontal bars at positions 0, 1, …: beside them, and above them where a sheet is narrow."""
    if not sheet_of(axes).measure.is_narrow:
        axes.set_yticks(range(len(names)), names, color=INK)
        return
    axes.set_yticks([])
    for position, name in enumerate(names):
        annotate(axes, name, (0, position - bar_height / 2), (0, 3), origin=across_axes(axes), va="bottom", color=INK)


def across_axes(axes: Axes) -> Transform:
    """Points by the width of the axes across, and by the data up."""
    return axes.get_yaxis_transform()


def hide_value_axis(axes: Axes) -> None:
    """No axis below horizontal bars: each says its value."""
    axes.grid(False)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
