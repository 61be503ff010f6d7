"""The data behind a researcher's own figure: those that a grid of seaborn holds, or what is drawn."""

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from workbench.model.results_csv import csv_cell
from workbench.presentation.own.dates import iso
from workbench.presentation.own.marks import bars_along, marks_of
from workbench.presentation.own.positions import words_along
from workbench.presentation.own.taken import figure_of, is_a

if TYPE_CHECKING:
    from pandas import DataFrame


def drawn_data(shown: object) -> "DataFrame":
    """The data of a figure.

    Parameters
    ----------
    shown : object
        See `workbench.presentation.own.taken.figure_of`.

    Returns
    -------
    pandas DataFrame
        Of a grid of pairs, or of two variables with their distributions: the columns that it shows. Of anything else a row
        for each number that is drawn: ``panel``, ``series``, ``x``, ``y``; and, where there are any, ``low`` and ``high`` of
        a range about it, and ``value``, for which a colour stands. Names of categories stand in place of positions, and
        dates are as in ISO 8601.
    """
    if is_a(shown, "seaborn", "PairGrid"):
        return _with_iso_dates(_of_pairs(shown))
    if is_a(shown, "seaborn", "JointGrid"):
        return _with_iso_dates(_of_joint(shown))
    facets = getattr(shown, "axes_dict", {}) if is_a(shown, "seaborn", "FacetGrid") else {}
    return _drawn(figure_of(shown), facets)


def drawn_csv(data: "DataFrame") -> str:
    """The data of a figure as CSV, numbers with ten significant digits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(csv_cell(str(column)) for column in data.columns)
    for row in zip(*(data[column] for column in data.columns)):
        writer.writerow(csv_cell(value if isinstance(value, int | float) else str(value)) for value in row)
    return text.getvalue()


def _of_pairs(grid: Any) -> "DataFrame":
    shown = [*grid.x_vars, *grid.y_vars, grid.hue_vals.name]
    columns = [column for column in grid.data.columns if column in shown]
    return grid.data[columns].reset_index(drop=True)


def _of_joint(grid: Any) -> "DataFrame":
    import pandas as pd

    variables = {"x": grid.x, "y": grid.y, "hue": grid.hue}
    named = {getattr(values, "name", None) or name: values for name, values in variables.items() if values is not None}
    return pd.DataFrame(named).reset_index(drop=True)


def _with_iso_dates(frame: "DataFrame") -> "DataFrame":
    import pandas as pd

    dates = [column for column in frame.columns if pd.api.types.is_datetime64_any_dtype(frame[column])]
    return frame.assign(**{column: frame[column].map(iso, na_action="ignore") for column in dates})


def _drawn(figure: Figure, facets: Mapping[Any, Axes]) -> "DataFrame":
    import pandas as pd

    panels = [axes for axes in figure.axes if axes.get_visible() and axes.get_label() != "<colorbar>"]
    rows = []
    for number, axes in enumerate(panels, start=1):
        panel = _facet(axes, facets) or _title(axes) or ("" if len(panels) == 1 else str(number))
        marks, along = marks_of(axes), bars_along(axes)
        xs = words_along(axes.xaxis, [mark.x for mark in marks], along == "x")
        ys = words_along(axes.yaxis, [mark.y for mark in marks], along == "y")
        rows += [(panel, mark.series, x, y, mark.low, mark.high, mark.value) for mark, x, y in zip(marks, xs, ys)]
    frame = pd.DataFrame(rows, columns=["panel", "series", "x", "y", "low", "high", "value"])
    unused = [column for column in ("low", "high", "value") if frame[column].isna().all()]
    return frame.drop(columns=unused)


def _facet(axes: Axes, facets: Mapping[Any, Axes]) -> str:
    """The names of the row and column of a grid in which a panel stands."""
    keys = next((key for key, own in facets.items() if own is axes), ())
    return ", ".join(map(str, keys if isinstance(keys, tuple) else (keys,)))


def _title(axes: Axes) -> str:
    return axes.get_title() or axes.get_title("left") or axes.get_title("right")
