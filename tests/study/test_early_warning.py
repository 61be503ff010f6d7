"""The early-warning board on the real history: what it would have said in time, and what it does not say."""

import datetime
import math
from functools import cache

import pandas
import pytest
from scipy.stats import binomtest

from conftest import shared
from workbench.collecting.files import import_file
from workbench.study import (
    Study,
    applications_to_watch,
    charts_compared,
    decisions_to_watch,
    detections_to_watch,
    early_warning_board,
)
from workbench.study.early_warning import largest_citizenships


@cache
def detections(country="LT", year=2021):
    study = Study.open("borders_and_return", country=country, year=year)
    return study, early_warning_board(study, detections_to_watch(study))


@cache
def decisions(country="LT", year=2022):
    study = Study.open("asylum_decisions", country=country, year=year)
    return study, early_warning_board(study, decisions_to_watch(study))


def of(board, geo=None, **codes):
    """The series of a place, or of some codes."""
    return next(w for w in board.watched if w.number.codes == codes and geo in (None, w.number.geo))


def test_the_eastern_borders_alarmed_two_months_before_the_wave_of_2021():
    _, board = detections(year=2021)
    route = of(board, route="EASTERN_LAND")
    # The wave came in June and July (601 and 3,236 detections, after 28 in February).
    assert route.of_the_year[0] == "2021-04"
    number, usual = route.first_alarm
    assert (number.value, usual.high) == (147, 97)
    assert {f"2021-{month:02d}" for month in range(6, 13)} < set(route.of_the_year)
    assert route.is_above
    assert route.since == "2021-06"
    iraq = of(board, route="EASTERN_LAND", citizen="IQ")
    assert iraq.of_the_year[0] <= "2021-06"


def test_the_quiet_years_of_the_eastern_borders_have_no_alarm_and_what_came_later_changes_nothing():
    later = of(detections(year=2022)[1], route="EASTERN_LAND")
    route = of(detections(year=2021)[1], route="EASTERN_LAND")
    assert [time for time in route.alarms if "2013" <= time[:4] <= "2020"] == []
    assert [time for time in later.alarms if time <= "2021-12"] == list(route.alarms)
    shared_months = zip(route.expected, later.expected, strict=False)
    assert all(now.high == then.high and now.time == then.time for now, then in shared_months)


def test_a_series_on_two_pages_has_one_value():
    ours, theirs = (detections(country, 2022)[1] for country in ("LT", "LV"))
    same = {result.key: result for result in (*theirs.last, *theirs.record)}
    shown = [result for result in (*ours.last, *ours.record) if result.key in same]
    assert len(shown) > 100
    assert all(same[result.key] == result for result in shown)


def test_ukrainians_on_the_eastern_borders_alarm_from_the_month_of_the_invasion_on():
    _, board = detections(year=2022)
    ukraine = of(board, route="EASTERN_LAND", citizen="UA")
    assert ukraine.is_above
    assert ukraine.since == ukraine.of_the_year[0] == "2022-02"
    assert ukraine.number_of_alarms.value == 11
    assert board.foremost is board.above[0] is ukraine


def test_what_is_over_by_the_end_of_the_year_is_told_too():
    _, board = detections(year=2022)
    route = of(board, route="EASTERN_LAND")
    assert not route.is_above
    assert route.of_the_year == ("2022-02", "2022-03", "2022-04")
    assert board.earlier[0] is route


def test_the_board_is_sorted_by_how_far_a_series_is_above():
    _, board = detections(year=2021)
    margins = [each.margin for each in board.watched]
    assert margins == sorted(margins, reverse=True)
    assert all((each.margin >= 100) == each.is_above for each in board.watched), "detections are not rounded"


def test_rounding_does_not_alarm():
    # Estonia, last quarter of 2021: 30 decisions, rounded to the nearest five, with a band up to 29.
    _, board = decisions("LT", 2021)
    estonia = of(board, geo="EE")
    assert (estonia.number.value, estonia.usual.high) == (30, 29)
    margin = estonia.last[2]
    assert margin.low < 100 <= margin.value
    assert not estonia.is_above


def test_decisions_of_a_country_without_a_border_route_are_watched_beside_all_routes():
    _, routes = detections("DE", 2022)
    assert {each.number.breakdown.partition("=")[0] for each in routes.watched} == {"route"}
    _, board = decisions("DE", 2022)
    assert {"DE", "AT", "PL", "EU27_2020"} < {each.number.geo for each in board.watched}
    assert of(board, geo="DE").since == "2022-Q3"


def test_decisions_by_citizenship_are_watched_while_the_data_have_them():
    assert decisions("LT", 2019)[1].has_citizenships
    assert not decisions("LT", 2022)[1].has_citizenships


def test_what_begins_too_late_is_named_and_not_judged():
    _, board = decisions("LT", 2025)
    assert board.watched == ()
    assert board.begins == "2024-Q3"


def test_the_record_adds_up():
    _, board = detections(year=2022)
    for each in board.watched:
        record = {result.indicator.removeprefix("border_detections"): result.value for result in each.record}
        assert 0 <= record["_false_alarms"] <= record["_quiet_periods"] <= len(each.expected) - 11
        assert 0 <= record["_rises_noticed"] <= record["_real_rises"]
        assert ("_alarm_delay" in record) == (record["_rises_noticed"] > 0)
        assert 0 <= record.get("_doubling_noticed_pct", 0) <= 100


def test_an_average_of_deviations_cries_wolf_where_numbers_hang_together():
    study, board = detections(year=2022)
    compared = {result.code("chart"): result.value for result in charts_compared(study, board)[::3]}
    assert compared["BAND"] < compared["EWMA"], "false alarms for each quiet year"
    assert charts_compared(study, early_warning_board(study, ())) == ()


def test_a_band_of_years_ago_does_not_set_the_scale():
    """Up to mid-2020 the band of Germany held the 200 000 decisions a quarter of 2016; in 2022 the most were 55 405."""
    _, board = decisions("DE", 2022)
    (germany,) = [each for each in board.watched if each.number.geo == "DE" and not each.number.codes]
    observed, expected, alarms = germany.drawn
    assert "2020-Q1" < observed[0].time <= "2021-Q1" and observed[-1].time == "2022-Q4"
    assert [band.time for band in expected] == [number.time for number in observed]
    assert max(band.high for band in expected) <= 2 * 70_000 and set(alarms) == {"2022-Q3", "2022-Q4"}


def test_what_few_rises_say_of_a_chart_is_left_open_by_chance():
    study, board = detections(year=2022)
    rises = sum(each.charts["BAND"].rises for each in board.watched)
    noticed = sum(each.charts["BAND"].noticed for each in board.watched)
    _, share, *_ = charts_compared(study, board)
    exact = binomtest(noticed, rises).proportion_ci(method="exact")
    assert (share.low, share.value, share.high) == pytest.approx(
        (100 * exact.low, 100 * noticed / rises, 100 * exact.high)
    )


def test_citizenships_of_earlier_years_are_watched_too():
    study = Study.open("borders_and_return", country="LT", year=2022)
    by_year = study.results(
        "border_detections", geo="EXT_BORDERS", route="EASTERN_LAND", citizen=study.every, time=["2021", "2022"]
    )
    named = largest_citizenships(by_year, 2022, most=2)
    assert named == ["UA", "IQ", "AF"], "Iraq is among the largest of both years"
    assert not any(math.isnan(result.value) for result in by_year)


def monthly_applications_by_citizenship(file):
    """The form in which Eurostat has them, which no file in hand holds; in it, real counts by month and nationality: those of
    Frontex on the Eastern Borders, to the nearest five."""
    table = pandas.read_csv(shared("data/figures/frontex/detections/2025-06-03.csv.gz"))
    table = table[(table["route"] == "Eastern Borders Route") & (table["month"] < "2022")]
    months = pandas.period_range("2010-01", "2021-12", freq="M").astype(str)
    counts = table.groupby(["nationality", "month"])["n"].sum()
    rows = ["DATAFLOW,LAST UPDATE,freq,unit,citizen,sex,applicant,age,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS"]
    for citizen, nationality in (("IQ", "IRQ"), ("RU", "RUS"), ("AF", "AFG"), ("TOTAL", None)):
        own = counts[nationality] if nationality else counts.groupby("month").sum()
        for month, count in own.reindex(months, fill_value=0).items():
            rows.append(f"ESTAT:MIGR_ASYAPPCTZM(1.0),,M,PER,{citizen},T,FRST,TOTAL,LT,{month},{5 * round(count / 5)},,")
    file.write_text("\n".join([*rows, ""]), encoding="utf-8")


def test_applications_by_citizenship_are_watched_once_they_have_been_fetched(project, tmp_path, monkeypatch):
    file = tmp_path / "migr_asyappctzm.csv"
    monthly_applications_by_citizenship(file)
    import_file(project, file, "migr_asyappctzm", datetime.date(2026, 11, 1))
    monkeypatch.chdir(project.root)
    study = Study.open("outlook", country="LT", year=2021)
    board = early_warning_board(study, applications_to_watch(study))
    assert board.has_citizenships
    total, iraq = of(board, geo="LT"), of(board, geo="LT", citizen="IQ")
    # The months in which the counts alarm before they are rounded, too.
    assert total.of_the_year[0] == iraq.of_the_year[0] == "2021-04"
