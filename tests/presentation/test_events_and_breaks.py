"""What happened in the periods of a chart, and where its series break: marked in the drawing, and said below it in plain words."""

import math
import re
from dataclasses import replace
from itertools import combinations

import pytest

from both_languages import EN, LT, WORDINGS
from conftest import ROOT
from made_up_results import made_up, said
from workbench.declarations.events import read_events
from workbench.model.paths import Project
from workbench.model.periods import months_to
from workbench.presentation.blocks import Gap
from workbench.presentation.charts import Columns, Fan, Lines, Panels
from workbench.presentation.charts.paper import overlap
from workbench.presentation.charts.sheet import NARROW, WIDE
from workbench.presentation.charts.time_axis import times_of
from workbench.presentation.descriptions import block_of, described
from workbench.presentation.figure import Figure

EVENTS = {event.id: event for event in read_events(Project(ROOT)).all}
TOLD = tuple(
    EVENTS[name] for name in ("invasion_of_ukraine", "route_through_belarus", "change_of_power_in_afghanistan")
)
MONTHS = tuple(
    made_up(100.0 + 900 * (place == 18) + place, indicator="asylum_applicants", time=month)
    for place, month in enumerate(months_to("2022", 3))
)
EXPECTED = tuple(
    replace(one, breakdown="level=95", time=one.time.replace("2020", "2023"), low=one.value - 50, high=one.value + 50)
    for one in MONTHS[:12]
)
CHARTS = {
    "Lines": Lines(MONTHS, "indicator", events=TOLD),
    "Lines of years": Lines(
        tuple(made_up(value, indicator="asylum_applicants", time=time) for time, value in (("2020", 300.0), ("2021", 900.0), ("2022", 500.0))),
        "indicator", events=TOLD,
    ),
    "Fan": Fan(MONTHS, EXPECTED, events=TOLD),
    "Columns": Columns(MONTHS, events=TOLD),
}  # fmt: skip


def figure(chart) -> Figure:
    return Figure("a", 1, chart, said("told"), said("measured"), (), Gap((), (), is_empty=False))


def text(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def below(wording, chart) -> str:
    return text(figure(chart).html(wording).partition('class="legend')[2])


@pytest.mark.parametrize("measure", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", CHARTS)
def test_the_number_of_an_event_stands_in_the_drawing_and_over_nothing(name, measure):
    paper, marks = CHARTS[name].painted(EN, "made-up", measure)
    numbers = [word for word in paper.words if word.text in ("1", "2", "3")]
    assert [word.text for word in sorted(numbers, key=lambda word: word.box[0])] == ["1", "2", "3"]
    highest = min(mark.y for mark in marks)
    for left, top, right, bottom in (word.box for word in numbers):
        assert 0 <= left < right <= paper.width and 0 <= top < bottom <= highest
    covered = [(one.text, other.text) for one, other in combinations(paper.words, 2) if overlap(one.box, other.box)]
    assert covered == []


def test_an_event_that_began_at_another_time_is_neither_marked_nor_told():
    chart = Lines(MONTHS[:12], "indicator", events=TOLD)
    assert chart.svg(EN, "made-up") == Lines(MONTHS[:12], "indicator").svg(EN, "made-up")
    assert 'class="legend' not in figure(chart).html(EN)


@pytest.mark.parametrize(
    ("wording", "first", "third"),
    [(EN, "1 Route through Belarus (June 2021)", "3 Russia's invasion of Ukraine (24 February 2022)"),
     (LT, "1 Maršrutas per Baltarusiją (2021 m. birželis)", "3 Rusijos invazija į Ukrainą (2022 m. vasario 24 d.)")],
    ids=["en", "lt"],
)  # fmt: skip
def test_events_are_told_in_their_order_with_their_dates_and_sources(wording, first, third):
    html = figure(CHARTS["Lines"]).html(wording)
    assert [text(one) for one in re.findall("<li>.*?</li>", html.replace("&#x27;", "'"))][::2] == [first, third]
    addresses = re.findall('<a href="([^"]+)" rel="noopener">', html)
    assert addresses == [EVENTS[name].source.url for name in ("route_through_belarus", "change_of_power_in_afghanistan", "invasion_of_ukraine")]  # fmt: skip
    assert all(one[2:] in chart.describe(wording) for one in (first, third) for chart in CHARTS.values())


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_with_events_is_read_back_as_it_was(name):
    block = figure(CHARTS[name])
    read = block_of(described(block))
    assert read == block and read.html(LT) == block.html(LT)


def with_breaks(*times):
    return tuple(replace(one, flags="b") if one.time in times else one for one in MONTHS)


@pytest.mark.parametrize(
    ("times", "english", "lithuanian"),
    [(["2021-01"], "Break in 2021: figures", "Eilutės lūžis 2021 m.: ankstesni"),
     (["2021-01", "2021-07", "2022-03"], "Breaks in 2021, 2022: figures", "Eilutės lūžiai 2021, 2022 m.: duomenys")],
)  # fmt: skip
def test_the_years_in_which_a_series_breaks_are_said_once_below_the_figure(times, english, lithuanian):
    for wording, expected in ((EN, english), (LT, lithuanian)):
        for chart in (Lines(with_breaks(*times), "indicator"), Panels(with_breaks(*times), "LT")):
            assert below(wording, chart).count(expected) == 1


@pytest.mark.parametrize(
    ("wording", "expected"),
    [(EN, "Breaks: Latvia 2022; Lithuania 2021, 2022. Figures"), (LT, "Eilutės lūžiai: Latvija 2022 m.; Lietuva 2021, 2022 m. Duomenys")],
)  # fmt: skip
def test_of_several_countries_each_is_named_with_the_years_in_which_it_breaks(wording, expected):
    def of(place, *times):
        return tuple(replace(one, geo=place) for one in with_breaks(*times))

    several = (*of("EE"), *of("LV", "2022-03"), *of("LT", "2021-01", "2021-07", "2022-03"))
    for chart in (Lines(several, "geo"), Panels(several, "LT")):
        assert below(wording, chart).count(expected) == 1


def test_nothing_comes_before_a_break_at_the_first_number():
    missing = replace(MONTHS[0], value=math.nan, flags="x")
    chart = Lines((missing, *with_breaks("2020-02")[1:]), "indicator")
    assert "Break in" not in figure(chart).html(EN)


@pytest.mark.parametrize(("wording", "word"), [(WORDINGS["en"], "break"), (WORDINGS["lt"], "lūžis")])
@pytest.mark.parametrize("kind", [Lines, Panels, Columns])
def test_a_break_is_a_word_where_it_is_the_only_one_and_never_a_letter(wording, word, kind):
    def words(*times):
        by = {Lines: ["indicator"], Panels: ["LT"], Columns: []}[kind]
        paper, _ = kind(with_breaks(*times), *by).painted(wording, "made-up", WIDE)
        return [one.text for one in paper.words if one.text in (word, "b")]

    assert words("2021-01") == ([word] if kind is not Columns else [])
    assert words("2021-01", "2022-03") == []


def test_columns_before_and_after_a_break_are_parted_by_dashes():
    def dashes(*times):
        return Columns(with_breaks(*times)).svg(wording=EN, name="made-up").count("stroke-dasharray")

    assert dashes("2021-01") == dashes() + 1
    # Nothing comes before the first column.
    assert dashes("2020-01") == dashes()


def test_what_is_hollow_is_said_below_the_figure():
    unreliable = Lines((*MONTHS[:3], replace(MONTHS[3], flags="u")), "indicator")
    drawn, _, table = figure(unreliable).html(EN).partition('data-panel="table"')
    assert "Hollow: an estimate of low reliability." in drawn
    # A letter is explained where it is seen: in the table.
    assert "Flags: [u]" not in drawn and table.count("Flags: [u]") == 1


def test_a_period_without_a_result_keeps_its_place():
    """A line that skips a year would show the year after it in its place."""
    without = tuple(one for one in MONTHS if one.time != "2021-02")
    assert times_of(without) == times_of(MONTHS)
    assert times_of([replace(MONTHS[0], time=time) for time in ("2010", "2015", "2020")]) == ["2010", "2015", "2020"]
