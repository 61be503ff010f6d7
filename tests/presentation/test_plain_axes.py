"""Plain axes draw what Matplotlib's own axes draw, to the last byte."""

import math
from dataclasses import replace

import pytest
from matplotlib.axes import Axes
from test_charts import AGES, CITIZENS, EN, GEOS, LT, YEARS, made_up

from workbench.model.periods import shift
from workbench.model.types import NOT_BROKEN_DOWN
from workbench.presentation.charts import (
    Bars,
    Columns,
    Distribution,
    Dots,
    Fan,
    Funnel,
    Heatmap,
    Lines,
    Months,
    Multiples,
    Paired,
    PairedColumns,
    Panels,
    Pyramid,
    Ranking,
    Residuals,
    Stacked,
    Tiles,
    plain_axes,
    style,
)

MEASURES = ["asylum_applicants", "immigration", "emigration"]
SOME = [math.nan if n == 3 else (n * 7919) % 1231 + 0.5 for n in range(60)]
SIZES = [40.0, 260.0, 900.0, 3100.0, 7000.0, 19000.0]
SIGNED = [-value if n % 3 else value for n, value in enumerate(SOME)]


def made(values, **places):
    """A result at each place, with flags at some."""
    (first, firsts), *more = places.items()
    ((second, seconds),) = more or [("unit", ["persons"])]
    kinds = [{first: one, second: other} for one in firsts for other in seconds]
    flags = ["", "", "b", "", "p"]
    return tuple(
        made_up(value, **kind, flags="" if math.isnan(value) else flags[n % 5])
        for n, (kind, value) in enumerate(zip(kinds, values))
    )


def citizens(codes=CITIZENS):
    return [f"citizen={code}" for code in codes]


def months(values, first="2019-01"):
    return made(values, time=[shift(first, place) for place in range(len(values))])


def banded(values, first="2019-01", levels=("level=50", "level=80", "level=95")):
    """What is expected in each month, in wider and wider bands."""
    return tuple(
        replace(one, breakdown=level, low=one.value * (0.8 - n / 5), high=one.value * (1.2 + n / 5), flags="")
        for n, level in enumerate(levels)
        for one in months(values, first)
        if one.is_available
    )


def limits(geo, size):
    """Of a funnel, at the size of a country."""
    return [
        replace(
            made_up(500.0, geo=geo), breakdown=f"level={level}", low=500 - away / size**0.5, high=500 + away / size**0.5
        )
        for level, away in (("95", 2000.0), ("99.8", 3000.0))
    ]


CHARTS = {
    "Bars": Bars(made(SOME, breakdown=citizens()), by="citizen"),
    "Columns": Columns(made(SIGNED, time=YEARS)),
    "Distribution": Distribution(made(SOME, geo=GEOS, time=YEARS), "LT", made(SOME[7:], time=YEARS, geo=["EU27_2020"])),
    "Dots": Dots(made(SOME, breakdown=citizens(), geo=GEOS[:2]), by="citizen"),
    "Fan": Fan(months(SOME[4:40]), banded(SOME[4:10], first="2022-01"), months(SOME[20:24], first="2022-01")),
    "Fan of what is usual": Fan(months(SOME[:20]), banded(SOME[:20], levels=[""]), alarms=("2019-01", "2019-05")),
    "Funnel": Funnel(
        made(SOME, geo=GEOS), made(SIZES, geo=GEOS, indicator=["immigration"]),
        tuple(one for geo, size in zip(GEOS, SIZES) for one in limits(geo, size)), highlight="LT",
    ),
    "Heatmap": Heatmap(months([0.0, *SOME[:40]]), rows="year", columns="month"),
    "Heatmap with long names": Heatmap(made(SOME, breakdown=citizens(), geo=[*GEOS, "IT", "ES", "NL"]), "citizen", "geo"),
    "Heatmap of countries": Heatmap(made(SOME, geo=GEOS, time=YEARS), rows="geo", columns="time"),
    "Lines": Lines(made(SIGNED, geo=GEOS[:5], time=YEARS), by="geo"),
    "Lines of an index": Lines(made([value / 2000 for value in SOME], geo=GEOS[:2], time=YEARS), by="geo"),
    "Months": Months(made(SOME, breakdown=[f"month={month:02d}" for month in range(1, 13)])),
    "Multiples": Multiples(made(SIGNED, indicator=MEASURES, time=YEARS)),
    "Paired": Paired(made(SOME, breakdown=citizens(), geo=GEOS[:2]), by="citizen"),
    "PairedColumns": PairedColumns(made(SIGNED, geo=GEOS[:2], time=YEARS), by="geo"),
    "Panels": Panels(made(SOME, geo=GEOS, time=YEARS), highlight="LT"),
    "Pyramid": Pyramid(made(SOME, breakdown=[f"age={age};sex={sex}" for age in AGES for sex in "MF"])),
    "Ranking": Ranking(made(SIGNED, geo=GEOS), highlight="LT", union=made_up(12.0, geo="EU27_2020")),
    "Ranking of nothing": Ranking(made([0.0, 0.0], geo=GEOS[:2]), highlight="LT"),
    "Residuals": Residuals(
        made(SOME, breakdown=citizens()), made(SOME[9:], breakdown=citizens(), indicator=["immigration"]), "citizen", "UA"
    ),
    "Stacked": Stacked(made(SOME[4:], time=YEARS[:4], breakdown=citizens([*CITIZENS[:4], "OTHER"])), by="citizen"),
    "Stacked, not all known": Stacked(made(SOME, breakdown=["decision=GENCONV", f"decision={NOT_BROKEN_DOWN}"]), by="decision"),
    "Tiles": Tiles(made([0.0, 50.0, 100.0, math.nan, 100.0], time=YEARS[:5])),
}  # fmt: skip


class OwnAxes(Axes):
    """Matplotlib's, with the one method that they lack."""

    def set_row_looks(self, looks):
        for label, look in zip(self.get_yticklabels(), looks, strict=True):
            label.set(**look)


def own_note(axes, text, point, offset, origin, **look):
    axes.annotate(text, point, offset, xycoords=origin, textcoords="offset points", annotation_clip=False, **look)


@pytest.mark.parametrize("wording", [EN, LT], ids=["en", "lt"])
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_drawn_as_by_matplotlib_itself(name, wording, monkeypatch):
    twice = [CHARTS[name].svg(wording, "made-up") for _ in range(2)]
    monkeypatch.setattr(style, "PlainAxes", OwnAxes)
    monkeypatch.setattr(style, "Note", own_note)
    assert twice == [CHARTS[name].svg(wording, "made-up")] * 2


def test_remembered_layouts_are_forgotten_before_they_are_too_many(monkeypatch):
    monkeypatch.setattr(plain_axes, "_MOST_LAYOUTS", 10)
    monkeypatch.setattr(plain_axes, "_layouts", {})
    drawn = CHARTS["Ranking"].svg(EN, "made-up")
    assert len(plain_axes._layouts) <= 10
    assert CHARTS["Ranking"].svg(EN, "made-up") == drawn
