"""What researchers show of their own: made-up numbers, and figures of them as Matplotlib, pandas and seaborn draw them."""

from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
import seaborn.objects as so

from workbench.presentation.charts.style import style_of_researchers


@contextmanager
def in_the_style() -> Iterator[None]:
    """The style that a kernel sets; all figures are closed afterwards."""
    matplotlib.use("agg")
    with matplotlib.rc_context(style_of_researchers()):
        yield
    plt.close("all")


def made_up() -> pd.DataFrame:
    """Persons by year and sex, and a region."""
    return pd.DataFrame(
        {
            "year": [2020, 2021, 2022, 2020, 2021, 2022],
            "persons": [10.0, 12.5, 9.0, 3.0, 4.0, 8.25],
            "sex": ["men"] * 3 + ["women"] * 3,
            "region": ["north", "south", "north", "south", "north", "south"],
        }
    )


SHOWN = {
    "line": lambda frame: sns.lineplot(frame, x="year", y="persons", hue="sex", errorbar="sd"),
    "bar": lambda frame: sns.barplot(frame, x="sex", y="persons", hue="region", errorbar=None),
    "hist": lambda frame: sns.histplot(frame, x="persons", hue="sex"),
    "box": lambda frame: sns.boxplot(frame, x="sex", y="persons"),
    "heat": lambda frame: sns.heatmap(frame.pivot_table(index="sex", columns="year", values="persons"), annot=True),
    "facets": lambda frame: sns.relplot(frame, x="year", y="persons", hue="sex", col="region", height=2),
    "pairs": lambda frame: sns.pairplot(frame, hue="sex", height=2),
    "joint": lambda frame: sns.jointplot(frame, x="year", y="persons"),
    "plot": lambda frame: so.Plot(frame, x="year", y="persons", color="sex").add(so.Line()).add(so.Bar(), so.Agg()),
    "array": lambda frame: frame.hist(column=["year", "persons"]),
    "pandas": lambda frame: frame.set_index("year").persons.plot.bar(hatch="//"),
    "image": lambda frame: plt.figure().add_subplot().imshow(np.arange(6).reshape(2, 3)).axes,
}
