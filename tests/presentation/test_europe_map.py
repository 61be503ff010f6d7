"""The map of Europe: shapes, projection, classes, what is missing, what a page must not get."""

import itertools
import json
import math
import re
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import numpy
import pytest
from colorspacious import cspace_convert
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT, shared
from derive_europe import EUROPE, FRAME, METRES, derive, dissolved, laea
from workbench.declarations.codelists import members
from workbench.declarations.indicators import read_indicators
from workbench.model.errors import UnknownCode, WorkbenchError
from workbench.model.paths import Project
from workbench.model.types import Result
from workbench.presentation.charts.classes import class_limits, roundest
from workbench.presentation.charts.europe import LAND, SHADES, EuropeMap
from workbench.presentation.charts.style import GROUND
from workbench.presentation.charts.svg import standalone
from workbench.presentation.wording import Wording

INDICATORS = read_indicators(Project(ROOT))
EN, LT = Wording("en", INDICATORS), Wording("lt", INDICATORS)
SHAPES = json.loads(EUROPE.read_text(encoding="utf-8"))
NUMBER = re.compile(r"-?[\d.]+")
SVG = "{http://www.w3.org/2000/svg}"


def result(geo, value, unit="per million inhabitants", flags="", **other) -> Result:
    made = Result(
        "asylum_applicants_per_million",
        geo,
        "",
        "2022",
        value,
        value,
        value,
        unit,
        flags,
        "migr_asyappctza",
        "2024-01-18",
    )
    return replace(made, **other)


def missing(geo) -> Result:
    return result(geo, math.nan, flags="x")


SOME = (
    result("LT", 365.0),
    result("MT", 2500.4, flags="p"),
    result("CY", 24527.0),
    result("EL", 3550.0),
    result("HU", 4.6),
    missing("FR"),
)


def drawn(results=SOME, highlight="", links=None, wording=EN) -> ElementTree.Element:
    return ElementTree.fromstring(EuropeMap(results, highlight).svg(wording, "map", links=links))


def country(root: ElementTree.Element, label: str) -> ElementTree.Element:
    """The group or link of a country, by the beginning of its title."""
    parents = {child: parent for parent in root.iter() for child in parent}
    (title,) = (title for title in root.iter(f"{SVG}title") if title.text.split(":")[0] == label)
    return parents[title]


def fill(root: ElementTree.Element, label: str) -> str:
    return country(root, label).find(f"{SVG}path").get("fill")


def points(path: str) -> set[tuple[int, int]]:
    """The points of a path's rings, in tenths."""
    found = set()
    for ring in path.removeprefix("M").split("M"):
        steps = numpy.reshape([round(float(number) * 10) for number in NUMBER.findall(ring)], (-1, 2))
        found |= set(map(tuple, numpy.cumsum(steps, axis=0).tolist()))
    return found


# The shapes


def test_the_shapes_are_what_the_script_derives():
    assert derive(shared("data/raw/countries-50m.json").read_bytes()) == EUROPE.read_bytes()


def test_the_shapes_are_small_enough_for_every_page():
    assert EUROPE.stat().st_size < 90_000


def test_every_member_state_of_the_union_and_of_efta_is_there_and_in_sight():
    width, height = SHAPES["size"]
    for code in {*members("EU27_2020", 2022), "CH", "IS", "LI", "NO", "UK"}:
        shape = SHAPES["countries"][code]
        across, down = zip(*points(shape["path"]))
        large = max(across) - min(across) > 100 and max(down) - min(down) > 80
        assert large or "marker" in shape, code
        assert min(across) >= 0 and max(across) <= width * 10 and min(down) >= 0 and max(down) <= height * 10, code


@pytest.mark.parametrize(
    ("one", "other"), [("LT", "LV"), ("LT", "PL"), ("DE", "LU"), ("IE", "UK"), ("ES", "PT"), ("RS", "XK"), ("EL", "MK")]
)
def test_neighbours_share_their_border(one, other):
    common = points(SHAPES["countries"][one]["path"]) & points(SHAPES["countries"][other]["path"])
    assert len(common) >= 3


def test_crimea_is_drawn_with_ukraine_and_cyprus_whole():
    def at(east, north):
        """A place in tenths of the drawing's units."""
        x, y = laea(numpy.array([[east, north]]))[0]
        return 10 * (x - FRAME[0]) / METRES, 10 * (FRAME[3] - y) / METRES

    def near(code, place):
        return min(math.dist(place, point) for point in points(SHAPES["countries"][code]["path"])) < 25

    assert near("UA", at(33.5, 44.6)), "Sevastopol"
    assert near("CY", at(34.5, 35.65)), "Cape Apostolos Andreas"
    assert near("CY", at(32.4, 34.75)), "Paphos"
    assert not near("CY", at(33.36, 35.17)), "no line through Nicosia"


def test_a_border_between_two_parts_of_one_area_goes():
    # Two squares side by side; arc 0 is the side that they share.
    arcs = [[(1, 0), (1, 1)], [(1, 1), (0, 1), (0, 0), (1, 0)], [(1, 0), (2, 0), (2, 1), (1, 1)]]
    (ring,) = dissolved([(0, 1), (2, ~0)], list(map(numpy.array, arcs)))
    assert sorted(ring) == [1, 2]


# The projection


@pytest.mark.parametrize(
    ("degrees", "metres"),
    [
        ((10, 52), (4_321_000, 3_210_000)),  # the centre, by definition
        ((5, 50), (3_962_799.451, 2_999_718.853)),  # IOGP Guidance Note 7-2, example of method 9820
        ((25.28, 54.69), (5_298_131.659, 3_613_316.583)),  # these by PROJ, of pyproj 3
        ((-21.94, 64.15), (2_821_507.754, 4_912_019.100)),
        ((33.36, 35.17), (6_434_932.653, 1_669_964.489)),
    ],
)
def test_the_projection_is_that_of_epsg_3035(degrees, metres):
    assert laea(numpy.array([degrees]))[0] == pytest.approx(metres, abs=0.002)


# The classes

NUMBERS = st.lists(st.decimals(-10_000_000, 10_000_000, places=1), min_size=1, max_size=45)


@given(NUMBERS)
def test_every_value_has_one_class_and_the_classes_are_ordered(values):
    limits = class_limits(values)
    assert list(limits) == sorted(set(limits))
    classes = [[value for value in values if low <= value < high] for low, high in itertools.pairwise(
        [Decimal("-Infinity"), *limits, Decimal("Infinity")]
    )]  # fmt: skip
    assert sum(map(len, classes)) == len(values)
    assert all(classes), "no class is empty"
    assert len(classes) <= 5


@given(st.lists(st.integers(0, 10_000_000), min_size=5, max_size=45, unique=True))
def test_classes_of_different_values_hold_about_as_many_countries_each(values):
    limits = class_limits(map(Decimal, values))
    sizes = [sum(low <= value < high for value in values) for low, high in itertools.pairwise(
        [-math.inf, *limits, math.inf]
    )]  # fmt: skip
    assert len(sizes) == 5
    # Each of the two limits of a class may be moved to a wider gap near it.
    assert max(abs(size - len(values) / 5) for size in sizes) <= 0.6 * len(values) / 5 + 1


def test_a_limit_stands_in_the_widest_gap_near_its_quantile():
    hair = [Decimal(value) for value in ("1.00", "1.01", "1.02", "1.03", "2.50", "2.51", "2.52", "2.53", "2.54")]
    (limit,) = class_limits(hair, most=2)
    assert Decimal("1.03") < limit <= Decimal("2.50")


@given(st.decimals(-1_000_000, 1_000_000, places=3), st.decimals(-1_000_000, 1_000_000, places=3))
def test_a_limit_lies_between_the_values_that_it_parts(one, other):
    if one != other:
        low, high = sorted((one, other))
        assert low < roundest(low, high) <= high


@pytest.mark.parametrize(
    ("low", "high", "limit"),
    [("378", "1025", "1000"), ("1049", "4000", "2000"), ("2.1", "2.4", "2.2"), ("-3", "8", "0"), ("0", "1", "1")],
)
def test_limits_are_round(low, high, limit):
    assert roundest(Decimal(low), Decimal(high)) == Decimal(limit)


def test_a_country_stands_in_the_class_of_the_number_that_is_shown():
    # 99.6 is shown as 100, and 100 is a limit.
    root = drawn((result("LT", 99.6), result("LV", 100.4), result("EE", 40.0)))
    assert fill(root, "Lithuania") == fill(root, "Latvia") != fill(root, "Estonia")


# The drawing


def test_shades_go_with_the_values_and_missing_is_no_shade():
    root = drawn()
    assert fill(root, "Hungary") == f"var(--map-1,{SHADES[0]})"
    assert fill(root, "Cyprus") == f"var(--map-5,{SHADES[4]})"
    assert fill(root, "France") == "url(#map-none)"
    assert fill(root, "Norway") == f"var(--map-land,{LAND})", "the results do not speak of it"
    assert "No data" in [text.text for text in root.iter(f"{SVG}text")]
    assert country(root, "France").find(f"{SVG}title").text == "France: No data [x]"


def test_zero_is_a_value():
    root = drawn((result("LT", 0.0), result("LV", 7.0)))
    assert fill(root, "Lithuania") == f"var(--map-1,{SHADES[0]})"
    assert "No data" not in "".join(root.itertext())


@pytest.mark.parametrize("results", [(missing("LT"),), (result("LT", 5.0),), (result("LT", 5.0), result("LV", 5.0))])
def test_few_values_are_drawn_too(results):
    assert drawn(results) is not None
    assert EuropeMap(results).describe(EN)


def test_a_title_says_value_flags_and_unit():
    (title,) = (title.text for title in drawn().iter(f"{SVG}title") if title.text.startswith("Malta"))
    assert title.replace("\N{NO-BREAK SPACE}", " ") == "Malta: 2,500 [p] (per million inhabitants)"


def test_a_small_country_has_a_marker_if_there_is_something_to_say_of_it():
    root = drawn()
    assert country(root, "Malta").find(f"{SVG}circle") is not None
    assert country(root, "Luxembourg").find(f"{SVG}circle") is None


def test_limits_stand_in_the_numbers_of_the_language():
    results = tuple(result(code, 10_000.0 * 2**place) for place, code in enumerate(("LT", "LV", "EE", "PL", "DE")))
    texts = [text.text for text in drawn(results, wording=LT).iter(f"{SVG}text")]
    assert "20\N{NO-BREAK SPACE}000" in texts


def test_a_country_outside_the_frame_is_named():
    outside = (*SOME, result("GE", 12.0))
    assert "Not on the map: Georgia." in [text.text for text in drawn(outside).iter(f"{SVG}text")]
    assert "Not on the map: Georgia." in EuropeMap(outside).describe(EN)


def test_a_map_without_links_is_one_image_with_a_description():
    root = drawn()
    assert root.get("role") == "img"
    assert root.get("aria-label") == (
        "Map of Europe: Asylum applicants per million inhabitants (per million inhabitants), 2022. "
        "Countries with a value: 5; without: 1. Lowest: Hungary 5; highest: Cyprus 24,527."
    )


def test_links_have_names_and_what_has_none_is_named_beside_them():
    root = drawn(links={"LT": "../countries/LT.html?a&b"})
    link = country(root, "Lithuania")
    assert root.get("role") == "group"
    assert (link.tag, link.get("href")) == (f"{SVG}a", "../countries/LT.html?a&b")
    assert link.get("aria-label") == "Lithuania: 365 (per million inhabitants)"
    assert country(root, "Cyprus").get("role") == "img"


def test_the_highlighted_country_has_an_outline_over_all_others():
    (group,) = drawn(highlight="LT").findall(f"{SVG}g[@class='map']")
    outline = group[-1]
    assert outline.get("d") == SHAPES["countries"]["LT"]["path"]
    assert outline.get("stroke").startswith("var(--ink,")
    assert outline.get("pointer-events") == "none"


def test_a_small_country_is_highlighted_by_its_marker_alone():
    (group,) = drawn(highlight="MT").findall(f"{SVG}g[@class='map']")
    assert [part.tag for part in group if part.get("class") == "highlight"] == [f"{SVG}circle"] * 2


def test_a_page_gets_no_style_no_foreign_id_and_no_script():
    text = EuropeMap(SOME, "LT").svg(EN, "map", links={"LT": "lt.html"})
    root = ElementTree.fromstring(text)
    assert not re.search(r"<(style|script)|\s(style|on\w+)=", text)
    assert all(element.get("id").startswith("map-") for element in root.iter() if element.get("id"))


def test_hostile_text_stays_text(monkeypatch):
    hostile = '"><script>alert(1)</script>&'
    for what in ("label", "unit", "indicator"):
        monkeypatch.setattr(Wording, what, lambda *_: hostile)
    links = {"LT": f"javascript{hostile}"}
    text = EuropeMap((*SOME, result("GE", 12.0), result("AM", 1.0, time="2022")), "LT").svg(EN, hostile, links=links)
    root = ElementTree.fromstring(text)
    assert "<script" not in text
    assert hostile in root.get("aria-label")
    assert [link.get("href") for link in root.iter(f"{SVG}a")] == [links["LT"]]


def test_the_same_results_are_the_same_bytes():
    assert EuropeMap(SOME, "LT").svg(EN, "map") == EuropeMap(tuple(reversed(SOME)), "LT").svg(EN, "map")


def test_a_saved_map_has_its_own_colours():
    saved = standalone(EuropeMap(SOME, "LT").svg(EN, "map"))
    assert "var(" not in saved
    assert SHADES[4] in saved


@pytest.mark.parametrize("deficiency", [None, "deuteranomaly", "protanomaly", "tritanomaly"])
def test_the_shades_darken_for_every_reader(deficiency):
    """Neighbours are at least ten steps of lightness apart in CAM02-UCS, the lightest from the ground too."""
    space = {"name": "sRGB1+CVD", "cvd_type": deficiency, "severity": 100} if deficiency else "sRGB1"
    ramp = [[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)] for colour in (GROUND, *SHADES)]
    seen = numpy.clip(cspace_convert(ramp, space, "sRGB1"), 0, 1)
    lightness = cspace_convert(seen, "sRGB1", "CAM02-UCS")[:, 0]
    assert (numpy.diff(lightness) < -10).all(), lightness


# What is refused


@pytest.mark.parametrize(
    ("results", "found"),
    [
        ((), "none"),
        ((*SOME, result("EU27_2020", 2000.0)), "EU27_2020"),
        ((*SOME, result("LT", 366.0)), "LT"),
        ((*SOME, result("LV", 366.0, time="2021")), "2021"),
        ((*SOME, result("LV", 366.0, indicator="asylum_applicants")), "asylum_applicants 2022"),
    ],
)
def test_what_is_no_map_of_one_number_for_each_country_is_refused(results, found):
    with pytest.raises(WorkbenchError) as refused:
        EuropeMap(results)
    assert found in refused.value.found


def test_an_unknown_country_is_not_highlighted():
    with pytest.raises(UnknownCode, match="EL is the code of Greece"):
        EuropeMap(SOME, "GR")
