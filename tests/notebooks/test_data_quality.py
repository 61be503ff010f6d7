"""The quality of the data: reference values read from the snapshots by hand, and what must hold of any series."""

import datetime
import math
from functools import cache

import numpy
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from both_languages import WORDINGS
from notebook_code import executed
from workbench.indicators import quality
from workbench.methods.rounding import rounding_bounds
from workbench.model.errors import InvalidDeclaration
from workbench.model.types import RESULT_COLUMNS
from workbench.study import Results, Study

STUDY = "data_quality"
FEW = settings(max_examples=25)
COUNTS = st.lists(st.integers(0, 50_000), min_size=1, max_size=30)


def made_up(values, times=None, breakdowns=None, base=1, vintage="2020-01-31", flags="") -> pandas.DataFrame:
    """Made-up results, one a value; NaN is a gap."""
    low, high = rounding_bounds(values, base)
    return pandas.DataFrame(
        {
            "indicator": "made_up", "geo": "LT", "breakdown": breakdowns or [""] * len(values),
            "time": times or [str(2000 + at) for at in range(len(values))], "value": numpy.asarray(values, float),
            "low": low, "high": high, "unit": "persons", "flags": flags, "dataset": "made_up", "vintage": vintage,
        },
        columns=RESULT_COLUMNS,
    )  # fmt: skip


def parts_of_a_year(values, base=1) -> pandas.DataFrame:
    return made_up(values, ["2020"] * len(values), [f"citizen={at}" for at in range(len(values))], base)


@cache
def study(year: int) -> Study:
    return Study.open(STUDY, country="LT", year=year)


# Reference values: the figures stand in the snapshots' files, or in the caveats of their cards


def test_citizenships_of_first_time_applicants_in_2013_sum_to_235_beside_250():
    found = study(2022).quality.parts_against_total("first_time_applicants", time=2013, citizen="*")
    by_id = {result.indicator: result for result in found}
    assert (by_id["sum_of_parts"].value, by_id["published_total"].value) == (235, 250)
    apart = by_id["parts_less_total"]
    # Eleven citizenships, each published to the nearest 5, and the total: twelve halves of five either way.
    assert (apart.value, apart.low, apart.high) == (-15, -15 - 12 * 2.5, -15 + 12 * 2.5)
    assert by_id["parts_beyond_rounding_pct"].value == 0


def test_immigration_of_2016_was_20162_and_became_31395():
    released = study(2022).quality.released(["2016"], "immigration")
    assert [(r.dataset, r.vintage, r.value) for r in released if r.is_available] == [
        ("migr_imm8", "2024-07-05", 20_162),
        ("tps00176", "2024-11-29", 31_395),
        ("migr_imm1ctz", "2025-06-09", 31_395),
    ]
    revisions = study(2022).quality.revisions(["2016"])
    revised = [r for r in revisions if r.breakdown == "measured=immigration"]
    first = Results(revised).one(indicator="revision", vintage="2024-11-29+2024-07-05")
    assert first.value == 11_233
    in_per_cent = Results(revised).one(indicator="revision_pct", vintage=first.vintage)
    assert in_per_cent.value == pytest.approx(100 * 11_233 / 20_162)
    assert Results(revised).one(indicator="revision", vintage="2025-06-09+2024-11-29").value == 0


def test_every_release_here_has_the_population_of_2021_after_the_census():
    released = study(2022).quality.released(["2021"], "population")
    assert {r.dataset for r in released} == {"demo_gind", "migr_pop1ctz"}
    assert {r.value for r in released} == {2_810_761}


def test_the_applications_that_unhcr_carried_over_from_2020_are_no_count_of_2021_where_eurostat_has_3940():
    of_2021 = study(2021)
    before, carried_over = of_2021.results("unhcr_applications", time=[2020, 2021])
    assert (before.value, before.flags) == (310, "") and (carried_over.is_available, carried_over.flags) == (False, "l")
    assert of_2021.one("asylum_applicants").value == 3_940


def test_reasons_of_illegal_presence_are_zeros_beside_a_total():
    found = study(2022).quality.parts_against_total("found_illegally_present", reason="*")
    assert [r.value for r in found[:4]] == [0, 3_450, 0, -3_450]
    # Nothing that the parts would be short of: the breakdown is not there.
    assert (found[4].indicator, found[4].flags) == ("parts_beyond_rounding_pct", "z")


def test_a_vintage_without_a_total_is_a_sum_of_parts_and_never_a_release():
    measured = study(2021).quality
    summed = measured.summed(["2021"]).one(dataset="migr_asyappctza", vintage="2025-05-26")
    assert (summed.indicator, summed.value) == ("sum_of_parts", 3_915)
    assert "2025-05-26" not in {r.vintage for r in measured.released(["2021"], "asylum_applicants")}


def test_the_lag_runs_from_the_day_that_a_figure_is_of():
    lags = study(2022).quality.timeliness()
    # From 1 January 2024, 31 December 2023 and 30 June 2026.
    for dataset, time, lag in (
        ("demo_gind", "2024", 451),
        ("tps00170", "2023", 428),
        ("migr_asydcfstq", "2026-Q2", 77),
    ):
        found = lags.one(dataset=dataset)
        assert (found.time, found.value) == (time, lag)


def test_a_flag_that_a_file_never_carries_is_not_available_rather_than_none():
    flags = study(2022).quality.flags()
    provisional = [r for r in flags if r.code("obs_status") == "p"]
    by_file = {(r.dataset, r.vintage): r for r in provisional}
    assert by_file["migr_asyappctza", "2024-01-18"].flags == "x"
    assert by_file["tps00170", "2025-03-03"].value == 0
    breaks = {(r.dataset, r.vintage): r for r in flags if r.code("obs_status") == "b"}
    assert breaks["migr_asytpsm", "2025-05-15"].value == 1


def test_returned_persons_of_2021_are_the_year_that_the_older_vintage_lacks():
    by_year = study(2022).quality.completeness_by_year(["2020", "2021", "2022"])
    of_vintage = [r for r in by_year if (r.dataset, r.vintage) == ("migr_eirtn", "2025-06-09")]
    assert [(r.time, r.value) for r in of_vintage] == [("2020", 100), ("2021", 0), ("2022", 100)]


def test_a_measure_of_quality_is_of_no_country_by_itself():
    with pytest.raises(InvalidDeclaration, match="measures the data"):
        study(2022).results("lag_days")


# What must hold of any series; the numbers are made up


@given(st.integers(1990, 2030), st.integers(1, 12))
def test_a_period_ends_the_day_before_the_next_begins(year, month):
    a_day = datetime.timedelta(days=1)
    assert (quality.last_day(f"{year}-{month:02d}") + a_day).day == 1
    quarter = (month + 2) // 3
    assert quality.last_day(f"{year}-Q{quarter}") == quality.last_day(f"{year}-{quarter * 3:02d}")
    assert quality.last_day(str(year)) == quality.last_day(f"{year}-Q4") == datetime.date(year, 12, 31)


@FEW
@given(st.lists(st.one_of(st.none(), st.integers(0, 1000)), min_size=1, max_size=40))
def test_completeness_counts_what_is_there_and_its_years_agree_with_it(values):
    times = [f"{2000 + at // 4}-Q{at % 4 + 1}" for at in range(len(values))]
    series = made_up([math.nan if value is None else value for value in values], times)
    there = sum(value is not None for value in values)
    assert quality.completeness(series)["value"].iloc[0] == pytest.approx(100 * there / len(values))
    by_year = quality.completeness_by_year(series).set_index("time")["value"]
    lengths = series["time"].str[:4].value_counts()
    assert (by_year * lengths / 100).sum() == pytest.approx(there)


@pytest.mark.parametrize(
    ("parts", "is_partial", "beyond"), [([89], False, "z"), ([90], False, -10), ([99], True, "z"), ([120], False, 20)]
)
def test_only_a_whole_breakdown_can_disagree_with_its_total(parts, is_partial, beyond):
    found = quality.against_total(parts_of_a_year(parts), made_up([100], ["2020"]), "citizen", is_partial).set_index(
        "indicator"
    )
    assert found.loc["parts_coverage_pct", "value"] == parts[0]
    apart = found.loc["parts_beyond_rounding_pct"]
    assert (
        apart["flags"] == "z" and math.isnan(apart["value"])
        if beyond == "z"
        else apart["value"] == pytest.approx(beyond)
    )


@pytest.mark.parametrize(
    ("country", "year", "indicator", "parts"),
    [("UK", 2019, "population", "citizen"), ("UK", 2019, "immigration", "citizen"), ("CH", 2021, "immigration", "citizen"),
     ("DE", 2022, "valid_permits", "reason"), ("LT", 2022, "valid_permits", "reason")],
)  # fmt: skip
def test_a_breakdown_that_is_here_in_part_is_no_disagreement(country, year, indicator, parts):
    """Citizens of the country itself are missing, and permits for protection are left out of the file: in Lithuania they are
    no more than 0.8 % of all."""
    measured = Study.open(STUDY, country=country, year=year).quality.parts_against_total(indicator, **{parts: "*"})
    assert measured and {r.flags for r in measured if r.indicator == "parts_beyond_rounding_pct"} == {"z"}
    assert all(0 < r.value < 100 for r in measured if r.indicator == "parts_coverage_pct")


@FEW
@given(st.integers(30, 50_000), st.integers(30, 50_000))
def test_a_revision_leads_from_the_older_to_the_newer(older, newer):
    found = quality.revision(made_up([older], vintage="2020-01-31"), made_up([newer], vintage="2021-01-31"))
    absolute, relative = found["value"]
    assert older + absolute == newer
    assert older * (1 + relative / 100) == pytest.approx(newer)
    assert set(found["vintage"]) == {"2021-01-31+2020-01-31"}


@FEW
@given(COUNTS)
def test_parts_and_total_that_are_rounded_from_one_truth_are_never_beyond_rounding(counts):
    # Parts of a person or two round to zero and vanish: of those there are none here.
    truth = [count + 3 for count in counts]

    def rounded(count):
        return 5 * ((count + 2) // 5)

    parts = parts_of_a_year([rounded(count) for count in truth], base=5)
    total = made_up([rounded(sum(truth))], ["2020"], base=5)
    found = quality.against_total(parts, total, "citizen").set_index("indicator")
    apart = found.loc["parts_less_total"]
    assert apart["low"] <= 0 <= apart["high"]
    assert found.loc["parts_beyond_rounding_pct", "value"] == 0 or sum(truth) < 30


@FEW
@given(COUNTS, st.integers(-100, 500).filter(bool))
def test_exact_parts_that_miss_their_total_are_beyond_rounding_by_all_they_miss(counts, missing):
    total = sum(counts) + 1000
    parts = parts_of_a_year([*counts, 1000 + missing])
    found = quality.against_total(parts, made_up([total], ["2020"]), "citizen").set_index("indicator")["value"]
    assert found["parts_less_total"] == missing
    assert found["parts_beyond_rounding_pct"] == pytest.approx(100 * missing / total)


def test_a_zero_has_no_interval_in_per_cent():
    base, interval = quality.rounding(made_up([0], base=5), 5).itertuples()
    assert base.value == 5 and math.isnan(interval.value) and interval.flags == "z"


# The notebook


@pytest.mark.slow
@pytest.mark.parametrize(
    ("country", "year", "language"),
    [("LI", 2010, "lt"), ("UK", 2019, "en"), ("LT", 2025, "lt")],
)
def test_the_study_runs_and_what_it_shows_holds_together(country, year, language):
    run = executed(STUDY, country, year)
    published = Results(run.record.results)
    assert run.html(WORDINGS[language])
    for result in published:
        assert result.dataset and result.vintage
        if result.is_available:
            assert result.low <= result.value <= result.high
        else:
            assert result.flags
    shares = [r for r in published if r.indicator.startswith("completeness") and r.is_available]
    assert shares and all(0 <= r.value <= 100 for r in shares)
    with_year, held = (published.one(indicator=name).value for name in ("datasets_with_year", "datasets_held"))
    assert 0 <= with_year <= held == len({r.dataset for r in published if r.indicator == "completeness_pct"})
    assert all(r.value > 0 for r in published if r.indicator == "lag_days" and r.is_available)
