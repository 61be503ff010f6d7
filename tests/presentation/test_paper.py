"""What is drawn is told in few bytes, and nothing comes to lie over what was drawn after it."""

import re
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from test_plain_axes import CHARTS, EN

from workbench.presentation.charts.svg import painted

MOST = 2_600
"""Bytes of a plain chart; Matplotlib's own SVG of it has four times as many."""


def drawn(*shapes) -> str:
    figure = Figure((1, 1), facecolor="none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 10), ylim=(0, 10))
    axes.set_axis_off()
    for shape in shapes:
        axes.add_artist(shape)
    return painted(figure, "made-up").svg()


def square(x, colour, **look):
    return Rectangle((x, 1), 2, 2, facecolor=colour, edgecolor="none", **look)


def test_what_looks_the_same_and_touches_nothing_is_one_path():
    together = drawn(square(0, "#ff0000"), square(6, "#0000ff"), square(3, "#ff0000"))
    assert re.findall('fill="(#.{6})"', together) == ["#ff0000", "#0000ff"]
    assert together.count("<path") == 2


def test_what_lies_over_something_else_stays_over_it():
    over = drawn(square(0, "#ff0000"), square(1, "#0000ff"), square(2, "#ff0000"))
    assert re.findall('fill="(#.{6})"', over) == ["#ff0000", "#0000ff", "#ff0000"]


def test_areas_that_overlap_do_not_cancel_each_other():
    assert drawn(square(0, "#ff0000"), square(1, "#ff0000")).count("<path") == 2


def test_hatches_and_cuts_have_ids_of_their_own_drawing():
    told = drawn(square(0, "#ff0000", hatch="////"), Rectangle((5, 5), 20, 2, facecolor="#00ff00"))
    ids, used = re.findall(r'id="([^"]+)"', told), re.findall(r"url\(#([^)]+)\)", told)
    assert set(ids) == set(used) and len(ids) == 2 and all(each.startswith("made-up-") for each in ids)


@pytest.mark.parametrize("name", ["Bars", "Columns", "Months", "Pyramid"])
def test_a_plain_chart_has_few_bytes(name):
    told = CHARTS[name].svg(EN, "made-up")
    assert len(told) - len(ElementTree.fromstring(told).get("aria-label")) < MOST
