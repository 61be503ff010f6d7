"""The charts: each draws every number that it is given, in view and told apart, or refuses."""

import itertools
import math
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from conftest import ROOT
from workbench.declarations.indicators import read_indicators
from workbench.indicators import formulas
from workbench.model.errors import WorkbenchError
from workbench.model.paths import Project
from workbench.model.types import NOT_BROKEN_DOWN, Result
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
)
from workbench.presentation.charts.sheet import NARROW, WIDE
from workbench.presentation.charts.style import LOOKS, styled
from workbench.presentation.charts.svg import painted
from workbench.presentation.tables import table_html
from workbench.presentation.wording import Wording
from workbench.study import Results

EN, LT = (Wording(language, read_indicators(Project(ROOT))) for language in ("en", "lt"))
GEOS, YEARS, AGES = (
    ["LT", "LV", "EE", "PL", "DE", "FR"],
    [str(year) for year in range(2014, 2023)],
    ["Y_LT14", "Y14-17", "Y18-34"],
)
CITIZENS = ["AF", "BY", "RU", "UA", "IQ", "SY"]
VALUES = st.floats(0.5, 1e6)
SIGNED = st.floats(-1e6, 1e6).filter(lambda value: abs(value) > 0.5)


def made_up(value=1.0, *, indicator="asylum_applicants", geo="LT", breakdown="", time="2022", unit="persons", flags="",
            dataset="migr_asyappctza") -> Result:  # fmt: skip
    return Result(
        indicator,
        geo,
        breakdown,
        time,
        value,
        value,
        value,
        unit,
        flags or "x" * math.isnan(value),
        dataset,
        "2024-01-18",
    )


@st.composite
def results(draw, values, *axes):
    """One result at each place along some axes, in any order, some missing, at least one not."""
    places = list(itertools.product(*axes))
    found = [draw(st.one_of(values, st.just(math.nan))) for _ in places]
    found[0] = draw(values)
    return tuple(draw(st.permutations([made_up(value, **dict(place)) for value, place in zip(found, places)])))


def along(name: str, codes) -> list[tuple[str, str]]:
    return [(name, code) for code in codes]


def by(dimension: str, codes) -> list[tuple[str, str]]:
    return [("breakdown", f"{dimension}={code}") for code in codes]


def axes_of(chart):
    with styled():
        figure = chart.draw(EN)
        painted(figure, "made-up")
    return [axes for axes in figure.axes if axes.get_visible()]


def lengths(chart, vertical: bool) -> list[float]:
    """The bars that are drawn, none of them out of view."""
    (axes,) = axes_of(chart)
    sizes = [(bar.get_y(), bar.get_height()) if vertical else (bar.get_x(), bar.get_width()) for bar in axes.patches]
    drawn = [(begin, size) for begin, size in sizes if size and not math.isnan(size)]
    low, high = axes.get_ylim() if vertical else axes.get_xlim()
    # Matplotlib ends an axis at zero where a bar beyond it would be too short to be seen.
    too_short = abs(high - low) / 10_000
    assert all(low - too_short <= begin + size <= high + too_short for begin, size in drawn)
    return sorted(abs(size) for _, size in drawn)


def there(chart) -> list[float]:
    return sorted(abs(result.value) for result in chart.results if result.is_available)


def points(axes) -> list[tuple[str, float]]:
    """Colour and height of every point of the lines, those in view."""
    low, high = axes.get_ylim()
    return [(to_hex(line.get_color()), y) for line in axes.lines for y in line.get_ydata() if low <= y <= high]


@given(results(VALUES, by("citizen", CITIZENS)))
@settings(max_examples=8)
def test_bars_draw_all(given_results):
    chart = Bars(given_results, by="citizen")
    assert lengths(chart, vertical=False) == there(chart)


def test_bars_of_two_dimensions_name_what_each_is_broken_down_by():
    both = (made_up(2.0, breakdown="citizen=UA"), made_up(1.0, breakdown="citizen=UA;sex=F"))
    assert "Ukraine 2; Ukraine, Women 1" in Bars(both, by="citizen+sex").describe(EN)


def test_a_long_name_of_a_bar_is_wrapped_and_leaves_room_for_the_bar():
    route = made_up(2.0, breakdown="measured=border_detections;route=CENTRAL_MED")
    for drawing in Bars((route,), by="measured+route").drawings(EN, "made-up"):
        *name, _ = re.findall(r"<text[^>]*>([^<]+)", drawing.svg)
        assert " ".join(name) == "Detections of illegal border crossing, Central Mediterranean Route"
        assert max(map(len, name)) <= NARROW.letters


@given(results(SIGNED, along("geo", GEOS)))
@settings(max_examples=8)
def test_a_ranking_draws_all(given_results):
    chart = Ranking(given_results, highlight="LT")
    assert lengths(chart, vertical=False) == there(chart)


@given(results(SIGNED, along("time", YEARS)))
@settings(max_examples=8)
def test_columns_draw_all_and_the_last_one_says_its_value(given_results):
    chart = Columns(given_results)
    assert lengths(chart, vertical=True) == there(chart)
    last = max((result for result in given_results if result.is_available), key=lambda result: result.time)
    assert any(EN.value(last) == text.get_text() for text in axes_of(chart)[0].texts)


@pytest.mark.parametrize(("peak", "is_told"), [(2012, True), (2015, False)])
def test_columns_tell_the_highest_unless_it_would_touch_the_last(peak, is_told):
    years = range(2008, 2017)
    chart = Columns(tuple(made_up(645 if year == peak else 430, time=str(year)) for year in years))
    assert (["645", "430"] if is_told else ["430"]) == [text.get_text() for text in axes_of(chart)[0].texts]


@given(results(SIGNED, along("geo", GEOS[:2]), along("time", YEARS)))
@settings(max_examples=8)
def test_paired_columns_draw_all(given_results):
    chart = PairedColumns(given_results, by="geo")
    assert lengths(chart, vertical=True) == there(chart)


@given(results(VALUES, by("citizen", CITIZENS), along("geo", GEOS[:2])))
@settings(max_examples=8)
def test_paired_bars_draw_all(given_results):
    chart = Paired(given_results, by="citizen")
    assert lengths(chart, vertical=False) == there(chart)


@given(results(VALUES, by("month", [f"{month:02d}" for month in range(1, 13)])))
@settings(max_examples=8)
def test_months_draw_all(given_results):
    chart = Months(given_results)
    assert lengths(chart, vertical=True) == there(chart)


@given(results(VALUES, [("breakdown", f"age={age};sex={sex}") for age in AGES for sex in "MF"][:5]))
@settings(max_examples=8)
def test_a_pyramid_draws_all_even_where_a_side_lacks_an_age(given_results):
    chart = Pyramid(given_results)
    assert lengths(chart, vertical=False) == there(chart)


@given(results(VALUES, by("citizen", [*CITIZENS[:5], "OTHER"]), along("time", YEARS[:3])))
@settings(max_examples=8)
def test_stacked_columns_draw_all_of_each_whole_period(given_results):
    chart = Stacked(given_results, by="citizen")
    whole = [
        r.value for r in given_results if all(other.is_available for other in given_results if other.time == r.time)
    ]
    assert lengths(chart, vertical=True) == pytest.approx(sorted(whole))
    lacking = {result.time for result in given_results if not result.is_available}
    assert not whole or all(
        (time in chart.describe(EN).partition("No column")[2]) == (time in lacking) for time in YEARS[:3]
    )


@given(st.integers(1, len(LOOKS)).flatmap(lambda n: results(SIGNED, along("geo", GEOS[:n]), along("time", YEARS))))
@settings(max_examples=12)
def test_lines_draw_all_in_a_look_of_their_own(given_results):
    (axes,) = axes_of(Lines(given_results, by="geo"))
    drawn = points(axes)
    colour_of = {geo: colour for (geo, *_), (colour, _) in zip(Lines(given_results, by="geo").groups().items(), LOOKS)}
    for result in given_results:
        if result.is_available:
            assert (colour_of[result.geo], result.value) in drawn
            assert any(text.get_text().startswith(EN.label("geo", result.geo)) for text in axes.texts)
    assert len({colour for colour, _ in LOOKS}) == len({dash for _, dash in LOOKS}) == len(LOOKS)


@given(results(SIGNED, along("geo", GEOS), along("time", YEARS)))
@settings(max_examples=10)
def test_panels_draw_all(given_results):
    chart = Panels(given_results, highlight="LT")
    panels = {axes.get_title(loc="left").split("\n")[0]: [y for _, y in points(axes)] for axes in axes_of(chart)}
    assert all(r.value in panels[EN.label("geo", r.geo)] for r in given_results if r.is_available)


@given(results(SIGNED, along("indicator", ["asylum_applicants", "immigration", "emigration"]), along("time", YEARS)))
@settings(max_examples=10)
def test_multiples_draw_all(given_results):
    drawn = Counter(round(y, 6) for axes in axes_of(Multiples(given_results)) for _, y in points(axes))
    assert all(drawn[round(result.value, 6)] for result in given_results if result.is_available)


@given(results(VALUES, by("citizen", CITIZENS), along("geo", GEOS[:2])))
@settings(max_examples=8)
def test_dots_draw_all_even_above_a_hundred_per_cent(given_results):
    (axes,) = axes_of(Dots(given_results, by="citizen"))
    low, high = axes.get_xlim()
    drawn = Counter(
        x for line in axes.lines for x in line.get_xdata() if line.get_linestyle() == "None" and low <= x <= high
    )
    assert all(drawn[result.value] for result in given_results if result.is_available)


@given(results(st.floats(0, 100), along("dataset", ["migr_asyappctza", "migr_eirfs"]), along("time", YEARS)))
@settings(max_examples=10)
def test_tiles_draw_a_frame_for_each(given_results):
    (axes,) = axes_of(Tiles(given_results))
    frames = axes.collections[1]
    assert len(frames.get_paths()) == len([result for result in given_results if result.is_available])


# What is refused


def several(count: int, **more) -> tuple[Result, ...]:
    return tuple(made_up(geo=geo, **more) for geo in [*GEOS, "IT", "ES"][:count])


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        (lambda: Lines(several(7), by="geo"), "7 series.*IT.*Panels"),
        (lambda: PairedColumns(several(3), by="geo"), "3 series.*LT, LV, EE.*Lines"),
        (lambda: Paired(several(3, breakdown="sex=M"), by="sex"), "3 series"),
        (lambda: Dots(several(3, breakdown="sex=M"), by="sex"), "3 series"),
        (lambda: Stacked(tuple(made_up(breakdown=f"citizen={code}") for code in CITIZENS), by="citizen"), "6 series.*and_rest"),
        (lambda: Pyramid((made_up(breakdown="age=Y18-34;sex=UNK"),)), "leave others out.*UNK"),
    ],
)  # fmt: skip
def test_more_than_can_be_told_apart_is_refused_by_number(chart, said):
    with pytest.raises(WorkbenchError, match=f"(?s){said}"):
        chart()


@pytest.mark.parametrize(
    "chart",
    [
        lambda two: Lines(two, by="geo"),
        lambda two: Panels(two, highlight="LT"),
        Columns,
        Multiples,
        Months,
        Tiles,
        lambda two: PairedColumns(two, by="geo"),
        lambda two: Stacked(two, by="citizen"),
        lambda two: Bars(two, by="citizen"),
        lambda two: Paired(two, by="citizen"),
        lambda two: Dots(two, by="citizen"),
        lambda two: Ranking(two, highlight="LT"),
    ],
)
def test_two_numbers_at_one_place_are_refused(chart):
    with pytest.raises(WorkbenchError, match="over another"):
        chart((made_up(1.0), made_up(2.0)))
    chart((made_up(1.0), made_up(1.0)))


@pytest.mark.parametrize(
    "chart",
    [
        lambda one: Stacked(one, by="citizen"),
        lambda one: Bars(one, by="citizen"),
        lambda one: Paired(one, by="citizen"),
        lambda one: Dots(one, by="citizen"),
        Months,
    ],
)
def test_a_length_below_zero_is_refused_where_there_is_no_room_for_it(chart):
    with pytest.raises(WorkbenchError, match="below zero"):
        chart((made_up(-1.0),))


# What no part of a whole holds


def outcomes(*values: float, time="2019") -> Results:
    codes = ("GENCONV", "SUB_PROT", "REJECTED")
    return Results(made_up(value, breakdown=f"decision={code}", time=time) for code, value in zip(codes, values))


def left_of(total: float, *values: float, half: float = 2.5) -> list[float]:
    parts, wholes = (
        Results.of(each.frame.assign(low=each.frame["value"] - half, high=each.frame["value"] + half))
        for each in (outcomes(*values), Results([made_up(total, time="2019")]))
    )
    return Results.of(formulas.not_broken_down(parts.frame, wholes.frame, "decision")).frame["value"].tolist()


def test_what_no_part_holds_is_a_part_of_its_own_unless_rounding_explains_it():
    """Of 305 decisions of 2019, 65, 10 and 210 have an outcome; of 1 025, rounded parts may well add up to 1 020."""
    assert left_of(305, 65, 10, 210) == [20]
    assert left_of(1025, 500, 20, 500) == []
    assert left_of(1025, 500, 20, 500, half=0.0) == [5]
    assert left_of(300, 100, 100, 110) == []
    assert left_of(305, 65, 10, math.nan) == []


def test_what_no_part_holds_closes_the_column_and_is_named_in_drawing_text_and_table():
    rest = made_up(20.0, breakdown=f"decision={NOT_BROKEN_DOWN}", time="2019")
    chart = Stacked((rest, *outcomes(65.0, 10.0, 210.0), *outcomes(110.0, 10.0, 140.0, time="2018")), by="decision")
    (axes,) = axes_of(chart)
    tops = {bar.get_x(): bar.get_y() + bar.get_height() for bar in axes.patches}
    assert sorted(tops.values()) == [260, 305]
    assert [bar.get_hatch() for bar in axes.patches if bar.get_height() == 20] == ["////"]
    name = "Outcome not known, or lost in rounding"
    assert name in {text.get_text().replace("\n", " ") for text in axes.texts}
    assert f"{name} 20" in chart.describe(EN) and "Baigtis nežinoma" in chart.describe(LT)
    assert name in table_html(EN, chart.results, *chart.table_axes, "")


# What was not counted


@pytest.mark.parametrize(
    "chart",
    [
        lambda some: Lines(some, by="indicator"),
        Columns,
        lambda some: PairedColumns(some, by="indicator"),
        lambda some: Stacked(some, by="indicator"),
    ],
)
def test_a_year_that_was_carried_over_is_a_marked_gap(chart):
    (axes,) = axes_of(chart((made_up(time="2020"), made_up(math.nan, time="2021", flags="l"), made_up(time="2022"))))
    assert [round(text.get_position()[0]) for text in axes.texts if text.get_text() == "[l]"] == [1]


def test_an_estimate_of_low_reliability_is_hollow_in_a_line_and_hatched_in_a_ranking():
    series = tuple(
        made_up(70.0 + number, time=year, unit="%", flags="u" if year == "2016" else "")
        for number, year in enumerate(("2015", "2016", "2017"))
    )
    (axes,) = axes_of(Lines(series, by="geo"))
    hollow = [
        line for line in axes.lines if line.get_marker() == "o" and to_hex(line.get_markerfacecolor()) == "#ffffff"
    ]
    assert [list(line.get_ydata()) for line in hollow] == [[71.0]]
    ranked = (made_up(-3.1, geo="LT", flags="u"), made_up(-12.5, geo="DE"), made_up(6.8, geo="LV"))
    (axes,) = axes_of(Ranking(ranked, highlight="LT"))
    assert [bar.get_hatch() for bar in axes.patches].count("////") == 1


def test_the_value_of_a_negative_bar_stands_beside_it():
    (axes,) = axes_of(
        Ranking((made_up(-12.5, geo="DE"), made_up(6.8, geo="LV"), made_up(2.0, geo="LT")), highlight="LT")
    )
    sides = {text.get_text(): text.get_horizontalalignment() for text in axes.texts}
    assert sides[EN.value(made_up(-12.5))] == "right" and sides[EN.value(made_up(6.8))] == "left"


def test_an_axis_of_negative_values_reaches_zero():
    series = tuple(made_up(value, time=time) for time, value in (("2020", -7.9), ("2021", -24.9)))
    (axes,) = axes_of(Lines(series, by="geo"))
    assert axes.get_ylim() == (-25, 0)


def test_one_measure_of_two_datasets_has_axes_and_says_what_is_dotted():
    older = tuple(made_up(value, time=time, dataset="older") for time, value in (("2020", 3.0), ("2021", 5.0)))
    newer = tuple(made_up(value, time=time, dataset="newer") for time, value in (("2021", 5.0), ("2022", 8.0)))
    paper, _ = Multiples((*newer, *older)).painted(EN, "made-up")
    assert {"0", "2020", "2022", "another dataset or vintage"} <= {word.text for word in paper.words}


def test_a_unit_of_letters_is_said_once_where_a_ranking_is_narrow():
    ranked = tuple(made_up(value, geo=geo, unit="percentage points") for geo, value in (("LT", -3.1), ("DE", 12.5)))
    said = {
        measure.width: [word.text for word in Ranking(ranked, highlight="LT").painted(EN, "made-up", measure)[0].words]
        for measure in (WIDE, NARROW)
    }
    assert any("pp" in words for words in said[WIDE.width]) and not any("pp" in words for words in said[NARROW.width])


def test_the_words_of_a_ranking_count_countries_alone():
    ranked = (made_up(3.1, geo="LT"), made_up(12.5, geo="DE"))
    chart = Ranking(ranked, highlight="LT", union=made_up(7.0, geo="EU27_2020"))
    assert chart.describe(EN).startswith("Bar chart of 2 countries")
