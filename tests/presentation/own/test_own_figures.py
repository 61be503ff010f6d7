"""A researcher's own figure becomes a drawing in the page's colours: the same each time, closed in pyplot, safe."""

import os
import re
import subprocess
import sys
import warnings

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
import pytest
import seaborn as sns
from matplotlib.figure import Figure

from conftest import ROOT
from researchers import SHOWN, in_the_style, made_up
from workbench.declarations.indicators import read_indicators
from workbench.model.errors import MalformedFile, WorkbenchError
from workbench.model.paths import Project
from workbench.model.types import Result
from workbench.presentation.charts import Columns
from workbench.presentation.charts.style import LOOKS
from workbench.presentation.charts.svg import standalone
from workbench.presentation.own.figures import drawing, with_alternative
from workbench.presentation.own.safety import safe_svg
from workbench.presentation.wording import Wording


@pytest.fixture(autouse=True)
def style():
    with in_the_style():
        yield


@pytest.fixture
def frame() -> pd.DataFrame:
    return made_up()


@pytest.mark.parametrize("kind", SHOWN)
def test_all_that_researchers_draw_is_drawn_safe_and_closed_without_a_warning(kind, frame):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        drawn = drawing(SHOWN[kind](frame), "figure-own")
    assert safe_svg(drawn) and "viewBox" in drawn and " width=" not in drawn[: drawn.index(">")]
    assert plt.get_fignums() == []
    assert "var(--" in drawn and "style=" not in drawn
    assert all(name.startswith("figure-own-") for name in re.findall(r' id="([^"]+)"', drawn))


def test_a_figure_of_pyplot_and_any_of_its_axes_are_the_same_figure():
    figure, axes = plt.subplots(1, 2)
    axes[0].plot([1, 2], label="a & b")
    axes[0].legend()
    drawn = [drawing(shown, "own") for shown in (figure, axes, list(axes), axes[1])]
    assert len(set(drawn)) == 1 and "a &amp; b" in drawn[0]


def test_a_subfigure_is_shown_with_its_whole_figure():
    figure = plt.figure(layout="constrained")
    first, second = figure.subfigures(1, 2)
    first.subplots().set_title("left")
    second.subplots().set_title("right")
    assert "left" in (drawn := drawing(second.axes[0], "own")) and "right" in drawn


class PlotlyFigure:
    pass


@pytest.mark.parametrize("shown", [PlotlyFigure(), Figure(), "figure", None, [], pd.DataFrame({"a": [1]})])
def test_anything_else_is_refused(shown):
    with pytest.raises(WorkbenchError) as refused:
        drawing(shown, "own")
    assert refused.value.expected and refused.value.found and refused.value.hint


def test_axes_of_two_figures_are_refused():
    with pytest.raises(WorkbenchError, match="2 figures"):
        drawing([plt.figure().add_subplot(), plt.figure().add_subplot()], "own")


def test_what_a_page_cannot_hold_is_refused_unless_it_is_a_picture():
    first, second = plt.figure().subplots(2), plt.figure().add_subplot()
    first[0].tripcolor([0, 1, 0], [0, 0, 1], [1, 2, 3], shading="gouraud")
    with pytest.raises(WorkbenchError, match="rasterized"):
        drawing(first, "own")
    second.tripcolor([0, 1, 0], [0, 0, 1], [1, 2, 3], shading="gouraud", rasterized=True)
    assert "data:image/png;base64," in drawing(second, "own")


def test_the_palette_has_the_names_of_the_stylesheet():
    axes = plt.figure().add_subplot()
    for place in range(len(LOOKS)):
        axes.plot([0, place])
    drawn = drawing(axes, "own")
    for name in ("accent", "counterpart", "faint", "violet", "earth", "ink", "grid"):
        assert f"var(--{name}, " in drawn


def test_bars_that_seaborn_mutes_have_them_too(frame):
    drawn = drawing(sns.barplot(frame, x="year", y="persons", hue="sex", errorbar=None), "own")
    assert 'fill="var(--accent, #0a5a8c)"' in drawn and 'fill="var(--counterpart, #c4530d)"' in drawn


@pytest.mark.parametrize("theme", ["default", "seaborn"])
def test_plain_black_and_white_change_in_the_dark_without_the_style(theme):
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        if theme == "seaborn":
            sns.set_theme()
        axes = plt.figure().add_subplot()
        axes.bar(["a"], [1], color="black")
        axes.set_title("black words")
        drawn = drawing(axes, "own")
    assert not re.search("#000000|#262626|#eaeaf2", drawn)
    assert 'fill="var(--ink, #1f2933)"' in drawn[: drawn.index(">")]
    assert not re.search(r'fill="(black|white|#ffffff)"', drawn)


def test_words_on_colours_that_stand_for_numbers_keep_their_colour(frame):
    axes = SHOWN["heat"](frame)
    axes.set_title("above")
    drawn = drawing(axes, "own")
    assert re.search(r'fill="rgb\(255, 255, 255\)"[^>]*>[\d.]+<', drawn)
    assert re.search(r'fill="var\(--ink, #1f2933\)"[^>]*>above<', drawn)
    assert axes.texts[0].get_gid() is None


def test_words_are_escaped_and_links_lead_nowhere():
    axes = plt.figure().add_subplot()
    axes.set_title("<script>alert(1)</script> & more")
    axes.plot([1, 2], url="https://example.org/")
    drawn = drawing(axes, "own")
    assert "&lt;script&gt;" in drawn and "<script" not in drawn and "example.org" not in drawn


def test_no_grid_of_the_style_lies_over_a_picture(frame):
    axes = SHOWN["image"](frame)
    assert any(line.get_visible() for line in axes.get_ygridlines())
    drawing(axes, "own")
    assert not any(line.get_visible() for line in axes.get_ygridlines())


def test_a_legend_beside_the_axes_is_within_the_drawing(frame):
    _, _, width, _ = map(float, re.search(r'viewBox="([^"]+)"', drawing(SHOWN["plot"](frame), "own"))[1].split())
    assert width > 5.8 * 72


def test_the_alternative_is_set_and_replaced_outside_the_kernel():
    drawn = drawing(plt.figure().add_subplot(), "own")
    described = with_alternative(drawn, 'More than "5" & < 10')
    assert 'role="img" aria-label="More than &quot;5&quot; &amp; &lt; 10"' in described
    assert safe_svg(described) and with_alternative(described, "other") == with_alternative(drawn, "other")
    assert "var(" not in standalone(described)


def test_a_drawing_that_was_changed_is_refused():
    drawn = drawing(plt.figure().add_subplot(), "own")
    with pytest.raises(MalformedFile):
        with_alternative(drawn.replace("</svg>", "<script>alert(1)</script></svg>"), "text")


def test_the_charts_of_the_workbench_stay_as_they_are_under_the_style():
    results = tuple(
        Result(
            "asylum_applicants", "LT", "", str(year), year, year, year, "persons", "", "migr_asyappctza", "2024-01-18"
        )
        for year in (2020, 2021)
    )
    wording = Wording("en", read_indicators(Project(ROOT)))
    chart = Columns(results)
    under_the_style = chart.svg(wording, "own")
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        assert chart.svg(wording, "own") == under_the_style


def test_pictures_within_a_drawing_keep_their_data():
    figure = Figure()
    figure.subplots().imshow([[1, 2]])
    assert "data:image/png;base64," in drawing(figure, "own")


DIGESTS = """
import hashlib, json
from researchers import SHOWN, in_the_style, made_up
from workbench.presentation.own.data import drawn_csv, drawn_data
from workbench.presentation.own.figures import drawing
with in_the_style():
    for kind, show in SHOWN.items():
        shown = show(made_up())
        print(kind, hashlib.sha256((drawing(shown, kind) + drawn_csv(drawn_data(shown))).encode()).hexdigest())
"""


@pytest.mark.slow
def test_drawings_and_data_are_the_same_bytes_in_another_process():
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    command = [sys.executable, "-W", "ignore", "-c", DIGESTS]
    outputs = [
        subprocess.run(command, capture_output=True, text=True, check=True, env=environment | {"PYTHONHASHSEED": seed})
        for seed in ("1", "2")
    ]
    assert outputs[0].stdout == outputs[1].stdout and len(outputs[0].stdout.splitlines()) == len(SHOWN)
