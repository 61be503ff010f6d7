"""The outlook: forecasts against the files, refusals, what came since, revisions; the same each time, in both languages."""

import math
from functools import cache

import numpy
import pandas
import pytest

from both_languages import EN, LT, text_of
from conftest import ROOT, shared
from notebook_code import Executed, executed, executed_anew
from workbench.methods.forecasting.forecast import forecast
from workbench.methods.refusal import Reason
from workbench.presentation.blocks import parts_of
from workbench.study import Study
from workbench.study.forecasts import months_from, outlook, quarters_to
from workbench.study.nowcasts import nowcasts

pytestmark = pytest.mark.slow

STUDY = "outlook"

# Outside the Union, gone from it, without applications to speak of, before the series are long enough, and after they end.
LIGHT_RUNS = [("CH", 2025), ("UK", 2022), ("LI", 2012), ("LT", 2025), ("EE", 2024)]


@cache
def run_of(country: str, year: int) -> Executed:
    return executed("outlook", country, year)


@pytest.fixture(scope="module")
def lithuania() -> Executed:
    return run_of("LT", 2022)


@cache
def published(dataset: str, vintage: str, country: str, **codes: str) -> pandas.Series:
    """The numbers of a country by period, as the file has them."""
    table = pandas.read_csv(shared(f"data/figures/estat/{dataset}/{vintage}.csv.gz"), dtype=str, keep_default_na=False)
    for dimension, code in {"geo": country, **codes}.items():
        table = table[table[dimension] == code]
    return pandas.to_numeric(table.set_index("TIME_PERIOD")["OBS_VALUE"]).sort_index()


# What it is made from


def test_the_forecast_is_that_of_the_file_up_to_the_end_of_the_year(lithuania):
    """Made anew from the file: the study adds nothing but rounding, and nothing of 2023 is in it."""
    decided = published("migr_asydcfstq", "2023-06-26", "LT", decision="TOTAL")
    made = forecast(decided[:"2022-Q4"].to_numpy(float), 4)
    ahead = lithuania.names["decisions"]
    assert [result.value for result in ahead.observed] == list(decided[:"2022-Q4"])
    assert ahead.model == "UC" and made.model == "unobserved components"
    interval = made.total_interval(0.8)
    assert ahead.total.value == pytest.approx(made.total_median, rel=0.05)
    assert ahead.total.low <= interval.low[0] and ahead.total.high >= interval.high[0]
    assert [quarter.value for quarter in ahead.medians] == pytest.approx(made.median, rel=0.05)


def test_what_came_since_is_of_the_same_vintage_and_counted(lithuania):
    ahead = lithuania.names["decisions"]
    decided = published("migr_asydcfstq", "2023-06-26", "LT", decision="TOTAL")
    (came,) = ahead.later
    assert (came.time, came.value, came.vintage) == ("2023-Q1", decided["2023-Q1"], "2023-06-26")
    assert (ahead.came.value, ahead.held.value) == (1, 1)


def test_the_check_is_of_the_same_quarters(lithuania):
    """Twenty origins, of which the last three have fewer than four quarters after them: 74 periods."""
    ahead = lithuania.names["decisions"]
    assert ahead.score("forecast_checks").value == 17 * 4 + 3 + 2 + 1
    errors = [score.value for score in ahead.scores if score.indicator == "forecast_error_pct"]
    assert errors == sorted(errors), "the method that is used is the one with the smallest error"
    assert ahead.naive_error.value >= errors[0]
    assert ahead.score("forecast_skill_pct").value == pytest.approx(100 * (1 - errors[0] / ahead.naive_error.value))


def test_a_naive_forecast_is_the_last_number_and_its_skill_nothing():
    """Malta's pending applications up to 2022, for which no method did better."""
    study = Study.open("outlook", country="MT", year=2022)
    ahead = outlook(study, "pending_applicants", months_from(2022, 2008))
    assert ahead.model == "NAIVE"
    assert {round(month.value, -2) for month in ahead.medians} == {round(ahead.last.value, -2)}
    assert ahead.score("forecast_skill_pct").value == 0
    widths = [month.high - month.low for month in ahead.medians]
    assert widths == sorted(widths), "the further ahead, the less certain"


# What is told


def test_a_key_finding_states_the_range_and_its_chance_in_both_languages():
    run = run_of("CH", 2022)
    ahead = run.names["decisions"]
    (english,) = [said for said in run.findings(EN) if "first-instance decisions" in said]
    (lithuanian,) = [said for said in run.findings(LT) if "pirmosios instancijos" in said]
    low, high = (EN.number(end, "persons") for end in (ahead.total.low, ahead.total.high))
    assert english.startswith(f"After {EN.number(ahead.in_the_year.value)} in 2022, about ")
    assert "in Switzerland in 2023" in english
    assert english.endswith(f"with a chance of four in five, between {low} and {high}.")
    low, high = (LT.number(end, "persons") for end in (ahead.total.low, ahead.total.high))
    assert lithuanian.startswith("2022 m. ") and LT.number(ahead.in_the_year.value) in lithuanian
    assert lithuanian.endswith(f"su keturių penktadalių tikimybe – nuo {low} iki {high}.")


def test_a_key_finding_says_how_good_such_forecasts_were():
    run = run_of("CH", 2022)
    coverage = EN.value(run.names["pending"].score("forecast_coverage_80_pct"))
    (english,) = [said for said in run.findings(EN) if "tried on the past" in said]
    assert english.startswith(
        "Applicants with a pending application (figures up to December 2022): tried on the past, such"
    )
    assert coverage in english
    (lithuanian,) = [said for said in run.findings(LT) if "patikrinus su praeities duomenimis" in said]
    assert "(duomenys iki 2022 m. gruod" in lithuanian.replace("\N{NO-BREAK SPACE}", " ")


def test_a_forecast_that_what_came_since_has_belied_says_so_where_it_is_told():
    """Switzerland's pending applications of 2023: four months have come, none of them in its range."""
    run = run_of("CH", 2022)
    ahead = run.names["pending"]
    assert (ahead.came.value, ahead.held.value) == (4, 0) and ahead.is_told
    (finding,) = [one for one in run.names["on_forecasts"] if one.number is ahead.headline]
    assert text_of(finding.because).startswith("So far 4 of the periods that are forecast have come")
    (sound,) = [one for one in run.names["on_forecasts"] if one.number is run.names["decisions"].headline]
    assert text_of(sound.because) == "A forecast made from the figures up to the end of 2022."


def test_a_year_has_its_word_in_lithuanian():
    """Months and quarters bring it along; a year does not."""
    (said,) = [one for one in run_of("MT", 2022).findings(LT) if "patikrinus su praeities duomenimis" in one]
    assert said.replace("\N{NO-BREAK SPACE}", " ").startswith(
        "Prieglobsčio prašytojai (duomenys iki 2022 m.): patikrinus"
    )


def test_ranges_that_held_too_little_are_shown_as_such_and_are_no_finding(lithuania):
    permits = lithuania.names["valid_permits"]
    assert permits.made and permits.score("forecast_coverage_80_pct").value < 65
    held = EN.value(permits.least_coverage)
    told = f"Valid residence permits: ranges that should hold four in five of what comes held {held} in the past"
    assert told in lithuania.titles()
    assert not any("residence permits" in finding for finding in lithuania.findings())


def test_a_range_too_wide_to_tell_is_shown_as_such_and_is_no_finding():
    """Germany's applicants of 2023: such ranges held well, and this one leaves open of what order the number will be."""
    run = run_of("DE", 2022)
    ahead = run.names["applicants"]
    assert ahead.is_sound and ahead.headline.high > 10 * ahead.headline.low
    assert not any(finding.number is ahead.headline for finding in run.names["on_forecasts"])
    (english,), (lithuanian,) = (
        [title for title in run.titles(wording) if words in title]
        for wording, words in ((EN, "the range for 2023 is too wide to tell"), (LT, "2023 m. intervalas per platus"))
    )
    for wording, title in ((EN, english), (LT, lithuanian)):
        assert all(wording.number(end) in title for end in (ahead.headline.low, ahead.headline.high))


def test_no_forecast_is_shown_without_how_such_forecasts_did(lithuania):
    """The figure of a series and what is said of its past stand in one cell; every method that was tried, in one table."""
    series = {name: lithuania.names[name] for name in ("decisions", "pending", "first_permits", "valid_permits")}
    for name, ahead in series.items():
        figure, below = parts_of(lithuania.shown[f"{name.replace('_', '-')}-figure"].block)
        stated = {result for sentence in below.sentences for result in sentence.results}
        assert set(ahead.expected) <= set(figure.chart.results)
        assert {ahead.score("forecast_coverage_80_pct"), ahead.score("forecast_error_pct"), ahead.naive_error} <= stated
    tried = {score for ahead in series.values() for score in ahead.scores}
    assert tried <= set(lithuania.exhibits()["figure-past-forecasts"])


def test_the_table_behind_a_band_has_every_series_that_is_watched(lithuania):
    for board, figure in (("detections_board", "detections-and-band"), ("decisions_board", "decisions-and-band")):
        behind = set(lithuania.exhibits()[f"figure-{figure}"])
        assert len(lithuania.names[board].watched) > 3
        assert {*lithuania.names[board].last, *lithuania.names[board].record} <= behind


def test_a_sum_over_the_year_is_told_only_if_its_own_ranges_were_sound():
    """Frontex' eastern route up to 2023: single months were held well, their sums over a year were checked by themselves."""
    for country, year in (("LT", 2024), ("LT", 2025)):
        for ahead in run_of(country, year).names["detections"]:
            told = [finding for finding in run_of(country, year).findings() if "Frontex" in finding]
            sums = [score.value for score in ahead.chosen if score.indicator == "forecast_coverage_of_year_pct"]
            assert bool(told) == (ahead.headline is not None and min(sums, default=100) >= 65)


def test_intervals_lie_within_one_another_and_never_below_zero(lithuania):
    for ahead in lithuania.names["every"]:
        for time in ahead.times if ahead.made else ():
            fifty, eighty, wide = (one for one in ahead.expected if one.time == time)
            assert 0 <= wide.low <= eighty.low <= fifty.low <= fifty.value <= fifty.high <= eighty.high <= wide.high
            assert fifty.value == eighty.value == wide.value and "f" in wide.flags


# Where there is none


def test_what_cannot_be_said_is_said_in_plain_words(lithuania):
    assert lithuania.names["protection"].refusal is Reason.TOO_SHORT
    assert lithuania.names["applicants"].refusal is Reason.TOO_UNCERTAIN
    for wording, count, swung in (
        (
            EN,
            "without a gap there are 10 periods up to the end of 2022",
            "swung so widely that a range would hold almost",
        ),
        (
            LT,
            "iki 2022 m. pabaigos be pertrūkio yra 10 laikotarpių",
            "taip smarkiai svyravo, kad į intervalą patektų beveik",
        ),
    ):
        page = lithuania.html(wording)
        assert swung in page
        assert any(count in said for said in lithuania.said(wording))


def test_a_break_ends_the_series():
    """Germany's first permits are flagged as a break in 2020; Lithuania's protection of citizens of Ukraine in October 2024."""
    permits = outlook(
        Study.open("outlook", country="DE", year=2022), "first_permits", [str(y) for y in range(2008, 2023)]
    )
    assert (permits.refusal, permits.observed[0].time, permits.basis.value) == (Reason.BROKEN, "2020", 3)
    protection = run_of("LT", 2025).names["protection"]
    assert (protection.refusal, protection.observed[0].time) == (Reason.BROKEN, "2024-10")


def test_an_old_series_is_not_gone_on_from():
    """Estonia's pending applications are here up to 2023 and from July 2025 on: of 2024 there is nothing to go on from."""
    assert run_of("EE", 2024).names["pending"] is None
    assert "There is no figure of 2024 here to go on from" in run_of("EE", 2024).html(EN)


def test_nothing_after_the_reference_year_is_in_a_forecast():
    """The same numbers up to 2019 give the same forecast, though the vintage goes on to 2023."""
    study = Study.open("outlook", country="LT", year=2019)
    ahead = outlook(study, "first_instance_decisions", quarters_to(2019, 2008))
    made = forecast(numpy.array([result.value for result in ahead.observed]), 4)
    assert ahead.last.time == "2019-Q4" and len(ahead.later) == 4
    assert repr(ahead.made) == repr(made)


# Figures that may be revised


def test_the_share_that_was_revised_is_that_of_the_files():
    """Applicants of 2022 in January 2024 and March 2025, of all countries that both files have."""
    study = Study.open("outlook", country="LT", year=2022)
    (nowcast,) = nowcasts(study, "asylum_applicants")
    codes = {"citizen": "TOTAL", "sex": "T", "age": "TOTAL", "TIME_PERIOD": "2022", "asyl_app": "ASY_APP"}
    figures = []
    for vintage in ("2024-01-18", "2025-03-31"):
        table = pandas.read_csv(shared(f"data/figures/estat/migr_asyappctza/{vintage}.csv.gz"), dtype=str)
        for dimension, code in codes.items():
            table = table[table[dimension] == code]
        figures.append(pandas.to_numeric(table.set_index("geo")["OBS_VALUE"]))
    both = pandas.concat(figures, axis=1, join="inner")
    both = both[(both.iloc[:, 0] >= 30) & both.index.isin(study.reporting_countries)]
    assert nowcast.figures.value == len(both)
    assert nowcast.share.value == pytest.approx(100 * (both.iloc[:, 0] != both.iloc[:, 1]).mean())
    assert (nowcast.figure.value, nowcast.later.value, nowcast.later.vintage) == (1025, 1025, "2025-03-31")


def test_a_figure_with_no_later_release_is_told_with_what_it_may_become(lithuania):
    by_indicator = {nowcast.figure.indicator: nowcast for nowcast in lithuania.names["figures"]}
    emigration = by_indicator["emigration"]
    assert emigration.later is None and emigration.is_open
    assert emigration.likely.low <= emigration.figure.value <= emigration.likely.high
    assert any("it would become 15,270–" in said for said in lithuania.said(EN))
    assert not by_indicator["first_permits"].is_open


# The page


@pytest.mark.parametrize(("country", "year"), LIGHT_RUNS)
def test_every_country_has_a_page_in_both_languages(country, year):
    run = run_of(country, year)
    assert len(run.findings(EN)) == len(run.findings(LT)) >= 1
    assert run.html(EN) and run.html(LT)
    shown = [result for results in run.exhibits().values() for result in results]
    assert all(result.low >= 0 for result in shown if result.indicator.endswith("_forecast"))
    assert not any(math.isinf(result.value) for result in shown)


def test_the_page_is_the_same_each_time():
    once, again = executed("outlook", "CH", 2025), executed_anew("outlook", "CH", 2025)
    assert once.html(EN) == again.html(EN)
    assert once.record.results == again.record.results


def test_the_study_stands_in_every_edition_before_the_overview():
    for edition in sorted((ROOT / "params" / "editions").glob("*.yaml")):
        studies = edition.read_text(encoding="utf-8")
        assert studies.index("- outlook\n") < studies.index("- annual_overview\n"), edition.name
