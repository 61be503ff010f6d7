"""Plain axes draw what Matplotlib's own axes draw, to the last byte."""

import math

import pytest
from matplotlib.axes import Axes
from test_charts import AGES, CITIZENS, EN, GEOS, LT, YEARS, made_up

from workbench.model.types import NOT_BROKEN_DOWN
from workbench.presentation.charts import (
    Bars,
    Columns,
    Dots,
    Lines,
    Months,
    Multiples,
    Paired,
    PairedColumns,
    Panels,
    Pyramid,
    Ranking,
    Stacked,
    Tiles,
    plain_axes,
    style,
)

MEASURES = ["asylum_applicants", "immigration", "emigration"]
SOME = [math.nan if n == 3 else (n * 7919) % 1231 + 0.5 for n in range(60)]
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


CHARTS = {
    "Bars": Bars(made(SOME, breakdown=citizens()), by="citizen"),
    "Columns": Columns(made(SIGNED, time=YEARS)),
    "Dots": Dots(made(SOME, breakdown=citizens(), geo=GEOS[:2]), by="citizen"),
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
