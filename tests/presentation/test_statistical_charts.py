"""Charts of what methods estimate: each draws all that it is given where it belongs, and names nothing over anything else."""

import math
import re
import subprocess
import sys
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from test_charts import CITIZENS, EN, GEOS, LT, YEARS, along, axes_of, by, made_up, results

from workbench.model.errors import WorkbenchError
from workbench.model.periods import shift
from workbench.presentation.charts import Distribution, Fan, Funnel, Heatmap, Residuals
from workbench.presentation.charts.style import ACCENT, CONTEXT, SHADES, styled
from workbench.presentation.charts.svg import painted
from workbench.presentation.tables import table_html
from workbench.study import Study

VALUES = st.floats(1, 1e5)
MONTH = re.compile(r"\d{4}-\d\d")
WITHOUT = (
    "import sys, workbench.study, workbench.presentation.descriptions as d; d._types(); print('seaborn' in sys.modules)"
)


def months(values, first="2019-01", **more):
    return tuple(made_up(value, time=shift(first, place), **more) for place, value in enumerate(values))


def banded(values, first, levels=("50", "80", "95")):
    """The same months at each level, in wider and wider bands."""
    return tuple(
        replace(one, breakdown=f"level={level}", low=one.value * (0.8 - n / 5), high=one.value * (1.2 + n / 5))
        for n, level in enumerate(levels)
        for one in months(values, first)
    )


def words(axes):
    return [text.get_text() for text in axes.texts if text.get_text()]


def test_charts_are_read_and_described_without_seaborn():
    assert (
        subprocess.run([sys.executable, "-c", WITHOUT], check=True, capture_output=True, text=True).stdout == "False\n"
    )


NAN = math.nan
ALMOST_NOTHING = {
    "Fan without a forecast": Fan(months([1.0, 2.0]), ()),
    "Fan of a refused forecast": Fan(months([1.0, 2.0]), banded([NAN, NAN], "2019-03")),
    "Fan of nothing observed": Fan(months([NAN, NAN]), banded([5.0], "2019-03")),
    "Fan of zeros": Fan(months([0.0, 0.0]), banded([0.0], "2019-03")),
    "Funnel without limits": Funnel((made_up(4.0),), (made_up(9.0, indicator="immigration"),), (), "LT"),
    "Funnel without rates": Funnel((made_up(NAN),), (made_up(NAN, indicator="immigration"),), (), "LT"),
    "Heatmap of one": Heatmap(months([NAN, 7.0]), rows="year", columns="month"),
    "Heatmap of zeros": Heatmap(months([0.0, 0.0]), rows="year", columns="month"),
    "Distribution of one": Distribution((made_up(5.0), made_up(NAN, geo="LV")), "LT"),
    "Distribution of others": Distribution((made_up(5.0, geo="LV"),), "LT"),
    "Residuals of no pair": Residuals((made_up(NAN),), (made_up(3.0, indicator="immigration"),), "geo"),
    "Residuals of nothing observed": Residuals((made_up(0.0),), (made_up(3.0, indicator="immigration"),), "geo", "LT"),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ALMOST_NOTHING)
def test_what_has_almost_nothing_to_show_is_drawn_and_described_all_the_same(name):
    for wording in (EN, LT):
        assert "<svg" in ALMOST_NOTHING[name].svg(wording, "made-up") and ALMOST_NOTHING[name].describe(wording)


# Fan


@given(st.lists(VALUES, min_size=3, max_size=40), st.lists(VALUES, min_size=1, max_size=14))
@settings(max_examples=10)
def test_a_fan_draws_what_was_observed_and_each_band_from_its_low_to_its_high_end(seen, expected):
    first = shift("2019-01", len(seen))
    (axes,) = axes_of(Fan(months(seen), banded(expected, first)))
    bottom, top = axes.get_ylim()
    drawn = {y for line in axes.lines for y in line.get_ydata()}
    assert set(seen) <= drawn and set(expected) <= drawn
    assert len(axes.collections) == 3
    for band, level in zip(axes.collections, (2, 1, 0)):
        ends = {round(y, 3) for path in band.get_paths() for _, y in path.vertices}
        assert {round(value * (0.8 - level / 5), 3) for value in expected} <= ends
        assert {round(value * (1.2 + level / 5), 3) for value in expected} <= ends
        assert bottom <= min(ends) and max(ends) <= top


def test_the_widest_band_is_the_lightest_and_behind_the_others():
    (axes,) = axes_of(Fan(months([10.0, 12.0]), banded([11.0, 12.0], "2019-03")))
    assert [to_hex(band.get_facecolor()[0]) for band in axes.collections] == list(SHADES[:3])
    widths = [np.ptp(band.get_paths()[0].vertices[:, 1]) for band in axes.collections]
    assert widths == sorted(widths, reverse=True)


def test_the_seam_is_said_between_what_was_observed_and_the_forecast_alone():
    forecast = Fan(months([10.0, 12.0]), banded([11.0, 12.0], "2019-03"))
    assert {"observed", "forecast"} <= set(words(axes_of(forecast)[0]))
    usual = Fan(months([10.0, 12.0]), banded([11.0, 12.0], "2019-01", levels=["95"]))
    assert not {"observed", "forecast"} & set(words(axes_of(usual)[0]))


def test_a_forecast_begins_where_the_observed_line_ends_unless_a_period_lies_between():
    for first, begins in (("2019-03", 1), ("2019-04", 3)):
        (axes,) = axes_of(Fan(months([10.0, 12.0]), banded([11.0, 13.0], first, levels=["95"])))
        assert min(axes.collections[0].get_paths()[0].vertices[:, 0]) == begins


def test_a_band_that_would_press_all_else_into_a_strip_is_cut_off_and_said_to_be():
    expected = tuple(
        replace(one, high=9000.0) if one.code("level") == "95" else one for one in banded([100.0, 110.0], "2019-03")
    )
    (axes,) = axes_of(Fan(months([90.0, 95.0]), expected))
    assert 154 <= axes.get_ylim()[1] < 400 and "95% interval: up to 9,000" in words(axes)
    (axes,) = axes_of(Fan(months([90.0, 5000.0]), expected))
    assert axes.get_ylim()[1] >= 9000 and not any("up to" in text for text in words(axes))
    usual = tuple(replace(one, high=900.0) for one in banded([100.0, 110.0], "2019-01", levels=["99"]))
    (axes,) = axes_of(Fan(months([90.0, 95.0]), usual))
    assert 95 < axes.get_ylim()[1] < 300 and "99% interval: up to 900" in words(axes)


def test_a_missing_forecast_parts_the_band_and_is_no_zero():
    expected = banded([11.0, math.nan, 13.0, 14.0], "2019-03", levels=["95"])
    (axes,) = axes_of(Fan(months([10.0, 12.0]), expected))
    assert len(axes.collections) == 2
    assert all(path.vertices[:, 1].min() > 5 for band in axes.collections for path in band.get_paths())


def test_alarms_are_marked_at_what_was_observed_and_only_there():
    seen = months([10.0, 30.0, 12.0])
    chart = Fan(seen, banded([11.0, 12.0, 11.0], "2019-01", levels=["95"]), alarms=("2019-02",))
    (axes,) = axes_of(chart)
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in axes.lines if line.get_marker() == "^"] == [(1, 30)]
    assert "February 2019" in chart.describe(EN) and "2019 m. vasario mėn." in chart.describe(LT)
    with pytest.raises(WorkbenchError, match="2019-04"):
        replace(chart, alarms=("2019-04",))


def test_what_came_afterwards_is_hollow_and_may_be_of_another_vintage():
    later = tuple(replace(one, vintage="2025-01-01") for one in months([15.0, 16.0], "2019-03"))
    chart = Fan(months([10.0, 12.0]), banded([11.0, 12.0], "2019-03"), later=later)
    (axes,) = axes_of(chart)
    assert [line.get_ydata()[0] for line in axes.lines if line.get_marker() == "D"] == [15, 16]
    assert "2025-01-01" in table_html(EN, chart.results, *chart.table_axes, "")


def test_breaks_and_gaps_are_those_of_other_series():
    seen = (*months([10.0, 12.0]), *months([math.nan, 20.0], "2019-03"), made_up(22.0, time="2019-05", flags="b"))
    (axes,) = axes_of(Fan(seen, banded([21.0], "2019-06")))
    solid = [
        tuple(line.get_xdata()) for line in axes.lines if line.get_linestyle() == "-" and len(line.get_xdata()) > 1
    ]
    assert (0, 1) in solid and not any(2 in places for places in solid[:2]) and "break" in words(axes)


@given(st.integers(1, 190), st.integers(1, 12), st.sampled_from(["2008-01", "2009-11", "2021-06"]))
@settings(max_examples=15)
def test_no_month_is_written_as_its_code_and_no_tick_over_another(observed, ahead, first):
    seen = months([10.0 + n for n in range(observed)], first)
    chart = Fan(seen, banded([20.0] * ahead, shift(first, observed)))
    for wording in (EN, LT):
        with styled():
            drawn = painted(chart.draw(wording), "made-up").svg()
        texts = re.findall(r"<text[^>]*>([^<]+)</text>", drawn)
        assert texts and not any(MONTH.fullmatch(text) for text in texts)
        assert not MONTH.search(chart.describe(wording))
    (axes,) = axes_of(chart)
    ticks = axes.get_xticks()
    assert len(ticks) <= 11 and all(later > earlier for earlier, later in pairwise(ticks))


def test_periods_of_two_lengths_or_two_results_of_one_are_refused():
    with pytest.raises(WorkbenchError, match="one kind of period"):
        Fan(months([10.0]), (made_up(11.0, time="2020"),))
    with pytest.raises(WorkbenchError, match="over another"):
        Fan((*months([10.0]), *months([11.0])), ())


def test_the_table_of_a_fan_tells_the_interval_of_each_level():
    chart = Fan(months([10.0, 12.0]), banded([100.0], "2019-03"))
    table = table_html(EN, chart.results, *chart.table_axes, "")
    assert [text for text in ("100 (80–120)", "100 (40–160)") if text not in table] == []


# Funnel


def funnel(rates, sizes, centre=40.0, highlight="LT"):
    """With limits that go as one over the root of the size."""
    geos = list(rates)
    limits = tuple(
        replace(made_up(centre, geo=geo, unit="%"), breakdown=f"level={level}", low=centre - away / math.sqrt(size), high=centre + away / math.sqrt(size))
        for geo, size in sizes.items()
        for level, away in (("95", 96.0), ("99.8", 151.0))
    )  # fmt: skip
    return Funnel(
        tuple(made_up(rates[geo], geo=geo, unit="%") for geo in geos),
        tuple(made_up(size, geo=geo, indicator="first_instance_decisions") for geo, size in sizes.items()),
        limits,
        highlight,
    )


SIZES = st.lists(st.floats(5, 2e5), min_size=6, max_size=6, unique=True)
RATES = st.lists(st.floats(0, 100), min_size=6, max_size=6)


@given(RATES, SIZES)
@settings(max_examples=12)
def test_a_funnel_draws_each_unit_and_names_those_outside_its_widest_limits(rates, sizes):
    rates, sizes = dict(zip(GEOS, rates)), dict(zip(GEOS, sizes))
    chart = funnel(rates, sizes)
    (axes,) = axes_of(chart)
    dots = {(line.get_xdata()[0], line.get_ydata()[0]) for line in axes.lines if line.get_marker() == "o"}
    assert dots == {(sizes[geo], rates[geo]) for geo in GEOS}
    outside = {geo for geo in GEOS if abs(rates[geo] - 40) > 151 / math.sqrt(sizes[geo])}
    assert set(words(axes)) & set(GEOS) <= outside - {"LT"}
    said = chart.describe(EN).partition("Within")[0]
    assert all((EN.label("geo", geo) in said) == (geo in outside) for geo in GEOS)


@given(SIZES)
@settings(max_examples=12)
def test_the_curves_go_through_the_limits_of_each_unit_and_as_one_over_the_root_between_them(sizes):
    (axes,) = axes_of(funnel(dict.fromkeys(GEOS, 40.0), dict(zip(GEOS, sizes))))
    curves = [line for line in axes.lines if len(line.get_xdata()) > 10]
    assert len(curves) == 4
    for line, away in zip(curves, (-151, 151, -96, 96)):
        places, heights = np.array(line.get_xdata()), np.array(line.get_ydata())
        assert heights == pytest.approx(40 + away / np.sqrt(places), rel=1e-6)
        assert (places[0], places[-1]) == pytest.approx((min(sizes), max(sizes)))


SOME_SIZES = dict(zip(GEOS, (12.0, 90.0, 400.0, 2500.0, 60_000.0, 150_000.0)))


def test_the_curves_hold_for_limits_that_are_widened_by_what_differs_beyond_chance():
    def away(size):
        return 3.09 * np.sqrt(2400 / size + 81)

    chart = funnel(dict.fromkeys(GEOS, 40.0), SOME_SIZES)
    wider = tuple(
        replace(one, low=40 - away(size), high=40 + away(size))
        for one, size in zip(chart.limits[::2], SOME_SIZES.values())
    )
    (axes,) = axes_of(replace(chart, limits=wider))
    curve = next(line for line in axes.lines if len(line.get_xdata()) > 10)
    assert curve.get_ydata() == pytest.approx(40 - away(np.array(curve.get_xdata())), rel=1e-9)


@given(RATES, SIZES)
@settings(max_examples=12)
def test_no_name_in_a_funnel_is_over_another(rates, sizes):
    chart = funnel(dict(zip(GEOS, rates)), dict(zip(GEOS, sizes)))
    with styled():
        figure = chart.draw(EN)
        painted(figure, "made-up")
    (axes,) = figure.axes
    renderer = figure._get_renderer()
    boxes = [text.get_window_extent(renderer) for text in axes.texts]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_an_aggregate_is_no_unit_and_a_unit_without_a_denominator_is_left_out():
    with pytest.raises(WorkbenchError, match="centre line"):
        funnel({"LT": 40.0, "EU27_2020": 45.0}, {"LT": 10.0, "EU27_2020": 20.0})
    chart = funnel({"LT": 40.0, "LV": 90.0, "EE": 20.0}, {"LT": 10.0, "LV": 0.5, "EE": math.nan})
    (axes,) = axes_of(chart)
    assert "2 countries" in chart.describe(EN)
    assert len([line for line in axes.lines if line.get_marker() == "o"]) == 2


# Heat map


def cells(axes):
    """The shade of each cell that has one."""
    mesh = axes.collections[0]
    mesh.update_scalarmappable()
    shades = np.array([to_hex(colour) for colour in mesh.get_facecolor()])
    return np.where(np.ma.getmaskarray(mesh.get_array()).ravel(), "", shades)


@given(st.lists(st.one_of(VALUES, st.just(0.0), st.just(math.nan)), min_size=12, max_size=36))
@settings(max_examples=12)
def test_a_larger_number_is_never_lighter_and_zero_is_not_missing(values):
    chart = Heatmap(months(values), rows="year", columns="month")
    (axes,) = axes_of(chart)
    shades = [shade for shade in cells(axes)[: len(values)]]
    ordered = sorted((value, SHADES.index(shade)) for value, shade in zip(values, shades) if value > 0)
    assert all(one[1] <= other[1] for one, other in pairwise(ordered))
    assert all(not shade for value, shade in zip(values, shades) if not value > 0)
    hatched = [patch for patch in axes.patches if patch.get_hatch()]
    framed = [patch for patch in axes.patches if not patch.get_hatch() and to_hex(patch.get_edgecolor()) == CONTEXT]
    assert (len(hatched), len(framed)) == (sum(map(math.isnan, values)), values.count(0.0))


def test_the_numbers_are_written_where_they_fit_and_a_blank_is_no_number():
    chart = Heatmap(months([5.0, 120.0, 0.0, 3120.0]), rows="year", columns="month")
    assert [text for text in words(axes_of(chart)[0]) if text[0].isdigit()] == ["5", "120", "0", "3,120"]


def test_large_numbers_are_written_in_thousands_which_is_said():
    chart = Heatmap(months([223_456.0, 40.0, 3480.0] * 4), rows="year", columns="month")
    written = words(axes_of(chart)[0])
    assert {"223", "<0.1", "3.5", "numbers in thousands"} <= set(written)


def test_detections_on_the_central_mediterranean_are_a_calendar():
    """Frontex: 27 390 detections in October 2016, none in February 2010."""
    study = Study.open("borders_and_return", country="LT", year=2024, language="en")
    times = [f"{year}-{month:02d}" for year in range(2010, 2025) for month in range(1, 13)]
    detections = study.results("border_detections", geo="EXT_BORDERS", route="CENTRAL_MED", time=times)
    chart = Heatmap(tuple(detections), rows="year", columns="month")
    assert "February 2010 (0); highest: October 2016 (27,390)" in chart.describe(EN)
    table = table_html(EN, chart.results, *chart.table_axes, "")
    assert table.count("<tr") == 16 and '<th scope="col">October<' in table
    assert {"27", "numbers in thousands"} <= set(words(axes_of(chart)[0]))


def test_a_heat_map_has_one_unit_and_nothing_below_zero():
    with pytest.raises(WorkbenchError, match="one scale"):
        Heatmap((made_up(1.0), made_up(1.0, geo="LV", unit="%")), rows="geo", columns="time")
    with pytest.raises(WorkbenchError, match="below zero"):
        Heatmap((made_up(-1.0),), rows="geo", columns="time")


# Distribution


@given(results(st.floats(0.5, 100), along("geo", GEOS), along("time", YEARS[:3])))
@settings(max_examples=8)
def test_a_distribution_has_a_dot_for_each_country_and_the_own_ones_joined(given_results):
    (axes,) = axes_of(Distribution(given_results, highlight="LT"))
    available = [result for result in given_results if result.is_available]
    dots = sorted(y for swarm in axes.collections for _, y in swarm.get_offsets())
    assert dots == pytest.approx(sorted(result.value for result in available if result.geo != "LT"))
    own = {y for line in axes.lines if to_hex(line.get_color()) == ACCENT for y in line.get_ydata()}
    assert own == {result.value for result in available if result.geo == "LT"}
    bottom, top = axes.get_ylim()
    assert all(bottom <= result.value <= top for result in available)


def test_the_box_of_a_distribution_holds_the_middle_half_and_its_line_is_the_median():
    values = [5.0, 10.0, 20.0, 40.0, 80.0]
    (axes,) = axes_of(Distribution(tuple(made_up(value, geo=geo) for value, geo in zip(values, GEOS)), highlight="LT"))
    heights = {y for _, y in axes.patches[0].get_path().vertices}
    assert (min(heights), max(heights)) == tuple(np.percentile(values, [25, 75]))
    assert any(list(line.get_ydata()) == [20, 20] for line in axes.lines)


def test_a_distribution_over_orders_of_magnitude_has_an_axis_that_multiplies():
    values = (20.0, 400.0, 3000.0, 24_500.0)
    skewed = tuple(made_up(value, geo=geo) for value, geo in zip(values, GEOS))
    assert axes_of(Distribution(skewed, "LT"))[0].get_yscale() == "log"
    assert axes_of(Distribution((*skewed, made_up(0.0, geo="FR")), "LT"))[0].get_yscale() == "linear"


def test_the_union_is_marked_in_a_distribution_and_refused_among_the_countries():
    countries = tuple(made_up(value, geo=geo) for value, geo in zip((10.0, 20.0, 30.0), GEOS))
    union = (made_up(20.5, geo="EU27_2020"),)
    (axes,) = axes_of(Distribution(countries, "LT", union))
    assert [line.get_ydata()[0] for line in axes.lines if line.get_marker() == "D"] == [20.5]
    named = {text.split("\n")[0] for text in words(axes)}
    assert named == {"Lithuania", "EU-27"}
    with pytest.raises(WorkbenchError, match="union="):
        Distribution((*countries, *union), "LT")


def test_a_distribution_is_the_same_bytes_each_time():
    rates = tuple(made_up(20.0 + n % 3, geo=geo, time=year) for n, geo in enumerate(GEOS) for year in YEARS)
    assert len({Distribution(rates, "LT").svg(EN, "made-up") for _ in range(3)}) == 1


# Residuals


@given(results(st.one_of(st.just(0.0), VALUES), by("citizen", CITIZENS)), results(VALUES, by("citizen", CITIZENS)))
@settings(max_examples=10)
def test_residuals_draw_each_pair_and_nothing_for_half_of_one(observed, expected):
    expected = tuple(replace(one, indicator="immigration") for one in expected)
    chart = Residuals(observed, expected, "citizen")
    (axes,) = axes_of(chart)
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    there = {one.code("citizen"): one.value for one in observed if one.is_available}
    pairs = {
        (one.value, there[one.code("citizen")]) for one in expected if one.is_available and one.code("citizen") in there
    }
    drawn = {(dot.get_xdata()[0], dot.get_ydata()[0]) for dot in dots}
    assert {pair for pair in pairs if pair[1]} <= drawn and len(dots) == len(
        [1 for one in expected if one.is_available and one.code("citizen") in there]
    )
    (low, high), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    assert (low, high) == (bottom, top) and all(low <= x <= high and bottom <= y <= top for x, y in drawn)


def test_the_farthest_from_what_is_expected_are_named_and_told():
    observed = tuple(made_up(100.0 * (n + 1), breakdown=f"citizen={code}") for n, code in enumerate(CITIZENS))
    times = (1, 8, 1, 1, 0.1, 1)
    expected = tuple(replace(one, indicator="immigration", value=one.value * k) for one, k in zip(observed, times))
    chart = Residuals(observed, expected, "citizen", highlight="UA")
    written = words(axes_of(chart)[0])
    assert {"Belarus", "Iraq", "Ukraine"} <= set(written)
    assert "The farthest apart: Belarus: 200 instead of 1,600; Iraq: 500 instead of 50" in chart.describe(EN)


def test_what_was_not_observed_at_all_lies_at_the_foot_of_residuals():
    observed = (made_up(0.0, breakdown="citizen=AF"), made_up(20.0, breakdown="citizen=BY"))
    expected = tuple(made_up(40.0, breakdown=one.breakdown, indicator="immigration") for one in observed)
    (axes,) = axes_of(Residuals(observed, expected, "citizen"))
    heights = sorted(line.get_ydata()[0] for line in axes.lines if line.get_marker() == "o")
    assert heights == [10, 20]
    assert axes.get_yticks()[0] == 10 and axes.yaxis.get_major_formatter()(10, 0) == "0"


def test_a_small_count_that_is_many_times_what_is_expected_is_not_far_by_that_alone():
    observed = [made_up(value, breakdown=f"citizen={code}") for code, value in zip(CITIZENS, (5.0, 27_000.0))]
    expected = [
        made_up(value, breakdown=f"citizen={code}", indicator="immigration")
        for code, value in zip(CITIZENS, (1.0, 23_700.0))
    ]
    assert "apart: Belarus: 27,000 instead of 23,700; Afghanistan" in Residuals(
        tuple(observed), tuple(expected), "citizen"
    ).describe(EN)
