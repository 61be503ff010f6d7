"""Asylum applications: reference values from the snapshots, gaps as gaps, and every section on made-up monthly data."""

import datetime
import re

import numpy
import pyarrow.parquet
import pytest

from both_languages import WORDINGS, text_of
from notebook_code import Executed, executed
from workbench.collecting.files import import_file
from workbench.model.paths import STARTER_SNAPSHOTS, Project
from workbench.study import Study

pytestmark = pytest.mark.slow

STUDY = "asylum_applications"
SNAPSHOT = STARTER_SNAPSHOTS / "estat" / "migr_asyappctza" / "2024-01-18.parquet"
MADE_UP_DAY = datetime.date(2023, 2, 1)
# A made-up season: each month's applicants in every year; July has a quarter of them.
SEASON = dict(zip(range(1, 13), (10, 20, 30, 40, 50, 60, 200, 90, 80, 70, 100, 50)))


# Reference values


def counted_by_hand(year: str) -> dict[str, numpy.ndarray]:
    """Applicants by citizenship in Lithuania and the EU-27, read from the stored file by numpy alone, without the selection,
    the code lists and the formulas of the workbench; in the order of the same citizenships."""
    columns = pyarrow.parquet.read_table(SNAPSHOT).to_pydict()
    cells = {name: numpy.array(values) for name, values in columns.items()}
    single = numpy.char.str_len(cells["citizen"].astype(str)) == 2
    # The three codes of persons without a citizenship, or of one that is no country of two letters.
    single |= numpy.isin(cells["citizen"], ["STLS", "RNC", "XK"])
    at_total = (cells["sex"] == "T") & (cells["age"] == "TOTAL") & numpy.isin(cells["asyl_app"], ["ASY_APP", "TOTAL"])
    kept = single & at_total & (cells["time"] == year)
    names = sorted(set(cells["citizen"][kept]))
    counts = {}
    for geo in ("LT", "EU27_2020"):
        of_place = kept & (cells["geo"] == geo)
        held = dict(zip(cells["citizen"][of_place], numpy.nan_to_num(cells["value"][of_place].astype(float))))
        counts[geo] = numpy.array([held.get(name, 0.0) for name in names])
    return counts


@pytest.mark.parametrize(
    ("year", "hhi", "five", "apart"),
    [(2022, 0.2205, 80.5, 73.4), (2021, 0.3766, 76.9, 75.1), (2019, 0.3234, 87.3, 83.5)],
)
def test_concentration_and_difference_are_those_of_the_known_citizenships(year, hhi, five, apart):
    """Rounded as a reviewer worked them out on the same file; and to the last digit as numpy has them."""
    study = Study.open(STUDY, country="LT", year=year)
    here, union = (counts / counts.sum() for counts in counted_by_hand(str(year)).values())
    expected = {
        "applicants_citizenship_hhi": ((here**2).sum(), hhi, 4),
        "applicants_top5_share_pct": (100 * numpy.sort(here)[-5:].sum(), five, 1),
        "applicants_dissimilarity_eu27_pct": (50 * numpy.abs(here - union).sum(), apart, 1),
    }
    for indicator, (by_hand, rounded, digits) in expected.items():
        found = study.one(indicator)
        assert found.value == pytest.approx(by_hand) and round(found.value, digits) == rounded
        assert found.low <= found.value <= found.high


def test_how_much_of_the_applicants_has_a_citizenship_stands_beside():
    known = Study.open(STUDY, country="LT", year=2022).one("applicants_citizenship_known_pct")
    assert (
        known.value
        == pytest.approx(100 * counted_by_hand("2022")["LT"].sum() / 1025)
        == pytest.approx(100 * 1000 / 1025)
    )


def test_a_breakdown_has_a_vintage_of_its_own_only_where_the_totals_vintage_lacks_it():
    whole = Study.open(STUDY, country="LT", year=2022)
    assert whole.vintage("migr_asyappctza", by="citizen") == whole.vintage("migr_asyappctza") == "2024-01-18"
    # In March 2025 the citizens of Ukraine stand alone beside the total, and are no breakdown.
    for country in ("LT", "EE", "DE"):
        parted = Study.open(STUDY, country=country, year=2024)
        assert parted.vintage("migr_asyappctza") == "2025-03-31"
        assert parted.vintage("migr_asyappctza", by="citizen") == "2025-05-26"


def test_a_citizenship_that_a_cut_leaves_out_is_not_zero_there():
    # A study that may look at every vintage.
    study = Study.open("annual_overview", country="LT", year=2022)
    cut = {"dataset": "migr_asyappctza", "vintage": "2025-03-31"}
    assert study.one("asylum_applicants", citizen="AF", **cut).flags == "x"
    assert study.one("asylum_applicants", citizen="VE").value == 0


def lithuania(year: int) -> Executed:
    """The run for a year, once for all tests that look at it."""
    return executed(STUDY, "LT", year)


def test_shares_of_citizenships_are_of_the_sum_of_their_own_vintage(year=2024):
    shown = lithuania(year).exhibits()
    parts = [r for r in shown["figure-citizenships"] if r.indicator == "asylum_applicants"]
    shares = [r for r in shown["figure-citizenships"] if r.indicator == "asylum_applicants_share_pct"]
    assert {r.vintage for r in parts + shares} == {"2025-05-26"}
    assert sum(share.value for share in shares) == pytest.approx(100)
    composition = [r for r in shown["figure-composition"] if r.time == str(year)]
    assert sum(r.value for r in composition) == pytest.approx(100)
    assert composition[-1].breakdown == "citizen_top5=OTHER"
    trend = [r for r in shown["figure-applicants-by-year"] if r.indicator == "asylum_applicants"]
    assert {r.vintage for r in trend} == {"2025-03-31"} and trend[-1].is_available


def test_no_series_of_any_figure_mixes_vintages():
    for identifier, results in lithuania(2024).exhibits().items():
        series = {}
        for result in results:
            series.setdefault((result.indicator, result.geo, result.breakdown), set()).add(
                (result.dataset, result.vintage)
            )
        assert all(len(sources) == 1 for sources in series.values()), identifier


@pytest.mark.parametrize(("country", "year"), [("LT", 2022), ("LT", 2023), ("LT", 2024), ("DE", 2023), ("UK", 2019)])
def test_a_section_without_data_is_left_out(country, year):
    shown = executed(STUDY, country, year).exhibits()
    assert shown and all(any(r.is_available for r in results) for results in shown.values())
    # No snapshot has them: unaccompanied minors at all, and three full years of months.
    assert "figure-unaccompanied-minors" not in shown


# Pending applications and months


def test_pending_applications_are_those_of_the_file():
    """Read with pandas: 505 and 878,015 at the end of December 2022; the stock is never added up."""
    study = Study.open(STUDY, country="LT", year=2022)
    for where, value in (({}, 505), ({"geo": study.eu27}, 878_015), ({"time": 2021}, 500), ({"time": "2021-09"}, 2140)):
        assert study.one("pending_applicants", **where).value == value, where
    to_inflow = study.one("pending_per_100_first_time_applicants")
    assert to_inflow.value == pytest.approx(505 / 905 * 100)
    rate = study.one("pending_applicants_per_million", time="2022-12")
    assert rate.value == pytest.approx(505 / study.one("population").value * 1_000_000)


def of_those_who_wait(run: Executed) -> list:
    """Their numbers in the figure, without the means that are drawn beside them."""
    return [r for r in run.exhibits()["figure-pending"] if r.indicator == "pending_applicants"]


def test_the_months_of_pending_applications_are_shown_from_the_first_to_the_last_that_there_is():
    shown = of_those_who_wait(lithuania(2022))
    assert (shown[0].time, shown[-1].time, len(shown)) == ("2008-01", "2022-12", 180)
    told = "\n".join(lithuania(2022).said())
    assert "was highest at the end of September 2021: 2,140" in told
    # Only Lithuania has months after May 2023, in a vintage of its own, which is not joined to the earlier one.
    later = of_those_who_wait(lithuania(2024))
    assert (later[0].time, later[-1].time) == ("2023-05", "2024-07") and {r.vintage for r in later} == {"2024-10-15"}
    assert "At the end of July 2024, " in "\n".join(lithuania(2024).findings())


def test_first_time_applicants_by_month_have_no_season_without_three_full_years():
    """Lithuania, May 2023 to August 2024: 16 months in all."""
    run = lithuania(2024)
    shown = run.exhibits()["figure-applicants-by-month"]
    assert {r.indicator for r in shown} == {"first_time_applicants"} and len(shown) == 16
    assert not any(r.is_available for r in run.names["season"])


# Breaks, leaps and what a change consists of


def every_sentence(run: Executed, language: str = "en") -> list[str]:
    """What the study says, with numbers or without."""
    return [text_of(said, WORDINGS[language]) for shown in run.shown.values() for said in shown.block.sentences]


def test_the_change_is_followed_by_whom_it_was_of():
    """Read with pandas: 130 and 2,370 citizens of Iraq; 2,240 of 3,940 are 56.9 percentage points of 74."""
    said = every_sentence(lithuania(2022))
    assert "Citizens of Iraq were 130 of them, after 2,370 in 2021: that is 57\N{NO-BREAK SPACE}pp of the fall." in said
    points = lithuania(2022).exhibits()["table-change-by-citizenship"]
    assert next(r.value for r in points if r.unit == "percentage points") == pytest.approx(-2240 / 3940 * 100)
    # More than a doubling is told in persons, and hardly any change not at all.
    of_estonia = every_sentence(executed(STUDY, "EE", 2022))
    assert "Citizens of Ukraine were 2,610 of them, after 5 in 2021." in of_estonia
    assert not any("of them, after" in sentence for sentence in every_sentence(executed(STUDY, "LV", 2022)))


def test_a_leap_is_told_with_what_went_on_and_never_with_a_reason():
    said = "\n".join(every_sentence(lithuania(2022)))
    assert (
        "In July 2021, the number went from 685 to 1,565, out of proportion to other months. In the same month: the route "
        "through Belarus." in said
    )
    assert "A break in April 2016 (95% interval: January 2016 to August 2018)." in said
    assert "So wide an interval does not say what the break falls together with." in said
    assert not re.search(r"because|due to|caused|owing", said)


def test_a_break_within_which_counting_changed_is_told_apart():
    of_austria = executed(STUDY, "AT", 2022)
    (counting,) = [text for text in every_sentence(of_austria) if "What is counted changed too" in text]
    assert "the first figures under Regulation (EU) 2020/851" in counting
    lithuanian = "\n".join(every_sentence(of_austria, "lt"))
    assert "pirmieji duomenys pagal Reglamentą (ES) 2020/851" in lithuanian
    assert "figure-pending-season" in of_austria.exhibits()


@pytest.mark.parametrize(
    ("country", "said"),
    [
        ("EE", "The months with a number are too few, or the numbers too small, to tell a break from chance."),
        ("DE", "Between January 2008 and December 2022, no break was found that could be told from chance."),
    ],
)
def test_where_no_break_is_told_a_sentence_says_so(country, said):
    run = executed(STUDY, country, 2022)
    drawn = {r.indicator for r in run.exhibits()["figure-pending"]}
    assert said in every_sentence(run) and drawn == {"pending_applicants"}


def test_the_mean_before_and_after_a_break_is_drawn_with_the_months():
    means = [r for r in lithuania(2022).exhibits()["figure-pending"] if r.indicator != "pending_applicants"]
    assert len(means) == 180 and len({round(r.value) for r in means}) == 2


# What an edition lacks is no empty column, row or table


def test_a_series_without_any_value_is_in_no_figure_and_in_no_table_of_years():
    shown = lithuania(2024).exhibits()
    for exhibit in ("figure-applicants-by-year", "figure-member-states"):
        lacking = {r.indicator for r in shown[exhibit]} - {r.indicator for r in shown[exhibit] if r.is_available}
        assert shown[exhibit] and not lacking, exhibit
    assert "EU27_2020" not in {r.geo for r in shown["figure-neighbours"]}
    assert "figure-age-and-sex" not in shown


def test_subsequent_applicants_begin_with_the_first_year_that_reports_them():
    by_year = lithuania(2022).exhibits()["figure-applicants-by-year"]
    subsequent = [r for r in by_year if r.indicator == "subsequent_applicants"]
    assert {r.time for r in subsequent if r.is_available} == {"2021", "2022"}
    before = executed(STUDY, "EE", 2016).exhibits()["figure-applicants-by-year"]
    assert not any("subsequent" in r.indicator for r in before)


def test_a_country_outside_the_union_stands_beside_the_member_states():
    run = executed(STUDY, "CH", 2021)
    names, shown = run.names, run.exhibits()["figure-member-states"]
    ranked = names["elsewhere"].ranking.results
    assert names["per_million"] in shown and {r.geo for r in ranked} == {"CH", *names["study"].member_states}
    # It stands in the table, and has no rank among those of which it is none.
    assert [r.flags for r in shown if r.geo == "CH" and r.indicator.endswith("rank_eu27")] == ["z"]


# The same sections on made-up data


def made_up(dataset: str, months: dict[str, float], dimensions: dict[str, str]) -> str:
    """A made-up SDMX-CSV file: one series of months."""
    names, codes = ",".join(dimensions), ",".join(dimensions.values())
    rows = [
        f"ESTAT:{dataset.upper()}(1.0),01/02/23 11:00:00,{codes},{month},{value},," for month, value in months.items()
    ]
    header = f"DATAFLOW,LAST UPDATE,{names},TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS"
    return "\n".join([header, *rows]) + "\n"


def _pin(project: Project, vintages: dict[str, datetime.date]) -> None:
    edition = project.root / "params" / "editions" / "2022.yaml"
    text = edition.read_text(encoding="utf-8")
    for dataset, day in vintages.items():
        text, found = re.subn(rf"(?m)^  {dataset}: .*$", f"  {dataset}: {day}", text)
        assert found == 1, dataset
    edition.write_text(text, encoding="utf-8")


@pytest.fixture
def filled(project, tmp_path, monkeypatch):
    """A project with made-up snapshots of the monthly datasets: Lithuania, five years, each one twice the one before."""
    years = {year: 2 ** (year - 2018) for year in range(2018, 2023)}
    months = {f"{year}-{month:02d}": SEASON[month] * times for year, times in years.items() for month in SEASON}
    common = {"freq": "M", "unit": "PER", "citizen": "TOTAL", "sex": "T", "age": "TOTAL", "geo": "LT"}
    all_and_first = [
        made_up("migr_asyappctzm", months, common | {"applicant": applicant}) for applicant in ("TOTAL", "FRST")
    ]
    files = {
        "migr_asyappctzm": all_and_first[0] + all_and_first[1].split("\n", 1)[1],
        "migr_asyumactm": made_up("migr_asyumactm", dict.fromkeys(months, 5), common | {"applicant": "TOTAL"}),
        "migr_asypenctzm": made_up(
            "migr_asypenctzm", {month: 100 + place for place, month in enumerate(months)}, common
        ),
    }
    for dataset, text in files.items():
        path = tmp_path / f"made-up-{dataset}.csv"
        path.write_text(text, encoding="utf-8")
        import_file(project, path, dataset, MADE_UP_DAY, accept_doubts=True)
    _pin(project, {dataset: MADE_UP_DAY for dataset in files if dataset != "migr_asyumactm"})
    monkeypatch.chdir(project.root)
    return project


@pytest.mark.parametrize("language", ["en", "lt"])
def test_every_section_shows_monthly_data_once_it_is_there(filled, language):
    run = executed(STUDY, "LT", 2022, language)
    names, shown = run.names, run.exhibits()
    html = run.html(WORDINGS[language])
    assert "workbench fetch migr_asyappctzm" not in html
    months = [r for r in shown["figure-applicants-by-month"] if r.indicator == "asylum_applicants"]
    assert len(months) == 60 and months[-1].time == "2022-12" and months[-1].value == 16 * SEASON[12]
    # Every year has the same season, so its average is that of any: July has 200 of 800.
    of_months = shown["figure-applicants-by-month"]
    season = {r.code("month"): r for r in of_months if r.indicator == "applicants_month_share_pct"}
    assert season["07"].value == pytest.approx(25) and season["01"].value == pytest.approx(1.25)
    assert sum(r.value for r in season.values()) == pytest.approx(100)
    assert all(r.low <= r.value <= r.high for r in season.values())
    assert ("July" if language == "en" else "liepos") in text_of(names["peak_of_the_season"], WORDINGS[language])
    # With five years there is a season to be taken out.
    assert sum(r.indicator == "asylum_applicants_seasonally_adjusted" for r in of_months) == 60
    # Of a flow the months add up, of a stock the last one stands.
    assert names["minors"][-1].value == 60 and names["minors"][-1].is_available
    assert names["pending"][-1].value == names["study"].one("pending_applicants").value == 159
    # The year is still the annual dataset's, not a sum of made-up months.
    assert names["applicants"].value == 1025 and names["applicants"].dataset == "migr_asyappctza"


@pytest.mark.parametrize(("year", "flags"), [(2020, ""), (2019, "u"), (2017, "x")])
def test_a_season_is_withheld_with_fewer_than_three_full_years(filled, year, flags):
    season = Study.open(STUDY, country="LT", year=year).results("applicants_month_share_pct", dataset="migr_asyappctzm")
    assert len(season) == 12 and {r.flags for r in season} == {flags}
    assert {r.is_available for r in season} == {not flags}
