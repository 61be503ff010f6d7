"""The page's colours: enough contrast for all readers, told apart by colour-blind ones."""

import itertools
import re

import numpy
import pytest
from colorspacious import cspace_convert, deltaE

from workbench.page.html import shared_style
from workbench.presentation.charts.heatmap import LOOKS as CELLS
from workbench.presentation.charts.style import LOOKS, VARIABLES

GROUNDS = ("--ground", "--tint")
TEXTS = ("--ink", "--faint", "--accent", "--violet", "--earth", "--string", "--keyword", "--number")
MARKS = ("--accent", "--counterpart", "--violet", "--earth", "--context")
SERIES = tuple(VARIABLES[colour] for colour, _ in LOOKS)


def palettes() -> dict[str, dict[str, str]]:
    """The custom properties of the light page and of the dark one."""
    blocks = re.findall(r":root \{(.*?)\}", shared_style(), re.DOTALL)
    light, dark = (dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", block)) for block in blocks)
    return {"light": light, "dark": light | dark}


PALETTES = palettes()


def rgb(colour: str) -> numpy.ndarray:
    return numpy.array([int(colour[position : position + 2], 16) for position in (1, 3, 5)]) / 255


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = numpy.where(rgb(colour) <= 0.04045, rgb(colour) / 12.92, ((rgb(colour) + 0.055) / 1.055) ** 2.4)
    return float(channels @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", PALETTES)
@pytest.mark.parametrize(("text", "ground"), list(itertools.product(TEXTS, GROUNDS)))
def test_text_has_the_contrast_of_level_aa(scheme, text, ground):
    assert contrast(PALETTES[scheme][text], PALETTES[scheme][ground]) >= 4.5


@pytest.mark.parametrize("scheme", PALETTES)
@pytest.mark.parametrize(("shade", "ink"), CELLS)
def test_a_number_in_a_cell_has_the_contrast_of_level_aa(scheme, shade, ink):
    assert contrast(*(PALETTES[scheme][VARIABLES[colour]] for colour in (shade, ink))) >= 4.5


@pytest.mark.parametrize("scheme", PALETTES)
@pytest.mark.parametrize("mark", MARKS)
def test_marks_of_charts_have_the_contrast_of_graphics(scheme, mark):
    assert contrast(PALETTES[scheme][mark], PALETTES[scheme]["--ground"]) >= 3


@pytest.mark.parametrize("scheme", PALETTES)
@pytest.mark.parametrize("deficiency", ["deuteranomaly", "protanomaly", "tritanomaly"])
@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(SERIES, 2)))
def test_colour_blind_readers_tell_the_series_apart(scheme, deficiency, one, other):
    """Machado, Oliveira and Fernandes (2009), full severity; ten units of CAM02-UCS are plainly two colours."""
    space = {"name": "sRGB1+CVD", "cvd_type": deficiency, "severity": 100}
    seen = [numpy.clip(cspace_convert(rgb(PALETTES[scheme][name]), space, "sRGB1"), 0, 1) for name in (one, other)]
    assert deltaE(*seen, input_space="sRGB1") >= 10


def test_a_saved_drawing_has_the_colours_of_the_light_page():
    assert all(PALETTES["light"][variable] == colour for colour, variable in VARIABLES.items())


def test_neighbouring_classes_of_the_map_differ_in_the_dark_too():
    """Those of the light page are tested with the map."""
    ramp = [PALETTES["dark"][f"--map-{number}"] for number in range(1, 6)]
    assert all(luminance(lower) < luminance(higher) for lower, higher in itertools.pairwise(ramp))
    assert all(contrast(*neighbours) >= 1.4 for neighbours in itertools.pairwise([PALETTES["dark"]["--ground"], *ramp]))
