"""The study of integration: rates and gaps against the files of the labour force survey, and estimates of low reliability."""

import datetime
import math
from functools import cache
from itertools import product

import pandas
import pytest

from both_languages import EN, LT, text_of
from conftest import ROOT, shared
from notebook_code import Executed, executed
from workbench.collecting.files import import_file
from workbench.declarations.codelists import members
from workbench.study import Results, Study

pytestmark = pytest.mark.slow

STUDY = "integration"

NATIONALS, EU_CITIZENS, THIRD_COUNTRY, FOREIGN = "NAT", "EU27_2020_FOR", "NEU27_2020_FOR", "FOR"
GROUPS = [NATIONALS, EU_CITIZENS, THIRD_COUNTRY]
ABSENT = ("", "x")
YEARS = [str(year) for year in range(2015, 2025)]
# With neighbours whose rates are withheld, small, outside the Union, gone from it, without the survey; and years before the
# groups were told apart, of the break, and without data.
RUNS = [
    ("LT", 2024), ("LT", 2021), ("LT", 2016), ("DE", 2022), ("BG", 2022), ("HR", 2024), ("MT", 2022), ("SK", 2022), ("CH", 2024),
    ("UK", 2022), ("LI", 2022), ("LI", 2010), ("LT", 2010), ("LV", 2025), ("RO", 2019), ("PL", 2019),
]  # fmt: skip


def run_of(country: str, year: int) -> Executed:
    return executed(STUDY, country, year)


@cache
def survey(dataset: str, vintage: str) -> pandas.Series:
    """Value and flag by sex, citizenship, country and year, as the file has them."""
    table = pandas.read_csv(shared(f"data/figures/estat/{dataset}/{vintage}.csv.gz"), dtype=str, keep_default_na=False)
    keys = ["sex", "citizen", "geo", "TIME_PERIOD"] + (["isced11"] if "isced11" in table else [])
    return table.set_index(keys)[["OBS_VALUE", "OBS_FLAG"]].apply(tuple, axis=1)


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.open(STUDY, country="LT", year=2024)


# Figures


@pytest.mark.parametrize(
    ("indicator", "geo", "year", "codes", "value"),
    [
        ("employment_rate", "LT", 2024, {"citizen": THIRD_COUNTRY}, 76.2),
        ("employment_rate", "LT", 2024, {"citizen": NATIONALS}, 79.3),
        ("employment_rate", "LT", 2022, {"citizen": EU_CITIZENS}, 91.4),
        ("employment_rate", "DE", 2024, {"citizen": THIRD_COUNTRY}, 62.6),
        ("employment_rate", "EU27_2020", 2024, {"citizen": THIRD_COUNTRY}, 64.2),
        ("employment_gap_pp", "LT", 2024, {"citizen": THIRD_COUNTRY}, -3.1),
        ("employment_gap_pp", "LT", 2024, {"citizen": THIRD_COUNTRY, "sex": "F"}, -11.9),
        ("employment_gap_pp", "LT", 2024, {"citizen": THIRD_COUNTRY, "sex": "M"}, 6.2),
        ("employment_gap_pp", "DE", 2024, {"citizen": THIRD_COUNTRY}, -21.5),
        ("employment_gap_pp", "DE", 2022, {"citizen": EU_CITIZENS}, -1.8),
        ("employment_gap_pp", "EU27_2020", 2015, {"citizen": THIRD_COUNTRY}, -13.6),
        ("unemployment_rate", "LT", 2024, {"citizen": THIRD_COUNTRY}, 8.8),
        ("unemployment_gap_pp", "DE", 2022, {"citizen": THIRD_COUNTRY}, 5.7),
        ("unemployment_gap_pp", "EU27_2020", 2024, {"citizen": THIRD_COUNTRY}, 7.2),
        ("employment_rate_15_64", "LT", 2005, {"citizen": FOREIGN}, 68.5),
        ("employment_gap_15_64_pp", "LT", 2022, {"citizen": FOREIGN}, 0.6),
        ("tertiary_education_pct", "LT", 2024, {"citizen": FOREIGN}, 57.5),
        ("educational_attainment_pct", "DE", 2024, {"citizen": FOREIGN, "isced11": "ED0-2"}, 44.4),
    ],
)
def test_figures_worked_out_by_hand(study, indicator, geo, year, codes, value):
    assert study.one(indicator, geo=geo, time=year, **codes).value == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(("dataset", "rate"), [("lfsa_ergan", "employment"), ("lfsa_urgan", "unemployment")])
def test_every_rate_and_gap_is_that_of_the_file(study, dataset, rate):
    file = survey(dataset, "2025-09-18")
    places, compared = ["EU27_2020", *members("EU27_2020", 2024)], 0
    rates = study.results(f"{rate}_rate", geo=places, time=YEARS, citizen=GROUPS)
    gaps = study.results(f"{rate}_gap_pp", geo=places, time=YEARS, citizen=GROUPS[1:], sex=["F", "M"])
    for result in rates:
        value, flag = file.get(("T", result.code("citizen"), result.geo, result.time), ABSENT)
        assert (f"{result.value:.1f}" if result.is_available else "") == value and set(flag) == set(result.flags), (
            result
        )
    for gap in gaps:
        own, nationals = (
            file.get((gap.code("sex"), of, gap.geo, gap.time), ABSENT) for of in (gap.code("citizen"), NATIONALS)
        )
        assert gap.is_available == bool(own[0] and nationals[0]) and set(gap.flags) == set(own[1] + nationals[1]), gap
        if gap.is_available:
            compared += 1
            assert gap.value == pytest.approx(float(own[0]) - float(nationals[0]), abs=1e-9)
            assert (gap.low, gap.high) == pytest.approx((gap.value - 0.1, gap.value + 0.1), abs=1e-9)
    assert compared > 300


def test_the_two_ages_are_read_from_the_vintage_that_has_each_and_never_joined():
    for country, year in RUNS:
        of_age = {}
        for result in run_of(country, year).record.results:
            if result.indicator.startswith(("employment_", "unemployment_")) and result.has_vintage:
                of_age.setdefault("15_64" in result.indicator, set()).add(result.vintage)
        assert of_age.get(True, {"2025-03-31"}) == {"2025-03-31"}
        assert of_age.get(False, {"2025-09-18"}) == {"2025-09-18"}


# Estimates of low reliability


@pytest.mark.parametrize(("country", "year"), RUNS)
def test_an_estimate_of_low_reliability_is_never_told_as_a_difference_or_ranked(country, year):
    run = run_of(country, year)
    differences = ("_pp", "_rank_eu27")
    for statement in run.recorded.statements:
        uncertain = [result for result in statement.sentence.results if result.is_available and not result.is_reliable]
        assert not [result for result in uncertain if result.indicator.endswith(differences)], text_of(
            statement.sentence
        )
        assert not uncertain or "of low reliability" in text_of(statement.sentence)
        assert not uncertain or "mažai patikim" in text_of(statement.sentence, LT).lower()


def test_only_reliable_rates_are_ranked(study):
    file = survey("lfsa_ergan", "2025-09-18")
    reliable = {}
    for geo in members("EU27_2020", 2024):
        value, flag = file["T", THIRD_COUNTRY, geo, "2024"]
        if value and "u" not in flag:
            reliable[geo] = float(value)
    ranks = study.results("employment_rate_rank_eu27", geo=study.member_states, citizen=THIRD_COUNTRY)
    assert {rank.geo: rank.value for rank in ranks if rank.is_available} == {
        geo: 1 + sum(other > value for other in reliable.values()) for geo, value in reliable.items()
    }
    assert study.one("employment_rate_ranked_eu27", citizen=THIRD_COUNTRY).value == len(reliable) == 25
    assert math.isnan(study.one("employment_rate_rank_eu27", geo="BG", citizen=THIRD_COUNTRY).value)


@pytest.mark.parametrize(("country", "year"), RUNS)
def test_the_figure_of_the_member_states_orders_reliable_differences_alone(country, year):
    shown = run_of(country, year).exhibits().get("figure-employment-gap-of-member-states", ())
    drawn = [result for result in shown if result.indicator == "employment_gap_pp"]
    assert all(gap.is_reliable for gap in drawn)
    assert not drawn or {gap.geo for gap in drawn} - {country} <= {"EU27_2020", *members("EU27_2020", 2024)}


def test_a_withheld_rate_is_said_once_and_has_no_finding():
    run = run_of("LT", 2024)
    (withheld,) = [said for said in run.said() if "is withheld" in said] + [
        text_of(sentence)
        for block in run.shown.values()
        for sentence in block.block.sentences
        if "is withheld" in sentence.message
    ]
    assert withheld == (
        "The unemployment rate of 2024 is withheld, for too few were in the sample, of: EU-27 citizens, outside their own country."
    )
    assert not any("EU citizens" in finding for finding in run.findings())


def test_the_change_across_the_break_of_2021_is_one_of_counting_too():
    assert any(
        "80.0% in 2020 and 71.6%" in said and "also one of counting" in said for said in run_of("LT", 2021).findings()
    )
    assert not any("one of counting" in said for said in run_of("LT", 2022).findings())


# The page


def test_lithuania_in_2024_as_a_reader_has_it():
    findings = run_of("LT", 2024).findings()
    assert findings[0] == (
        "In 2024, 76.2% of third-country nationals aged 20–64 years were in employment in Lithuania, 3.1\N{NO-BREAK SPACE}pp below "
        "nationals (79.3%)."
    )
    assert "11.9\N{NO-BREAK SPACE}pp below" in findings[1] and "6.2\N{NO-BREAK SPACE}pp above" in findings[1]
    assert "the 25 Member States with a reliable rate" in findings[3]


@pytest.mark.parametrize(("country", "year"), RUNS)
def test_every_country_has_a_page_in_both_languages(country, year):
    run = run_of(country, year)
    for wording in (EN, LT):
        assert all(run.findings(wording)) and run.html(wording)
    assert len(run.findings()) == len(set(run.findings()))
    assert not any(math.isnan(value) for finding in run.record.findings for value in [r.value for r in finding.results])
    assert all(len(title.split(" ")) <= 24 for title in run.titles()), "a title is read at a glance"


def test_a_year_without_data_says_of_which_year_it_speaks():
    run = run_of("UK", 2022)
    assert all(said.startswith("In 2019") for said in run.findings()) and run.findings()
    assert "For 2022 there are no data; 2019 is the newest year that is there" in run.html()


def test_the_years_before_the_groups_are_told_of_all_foreign_citizens():
    (finding,) = run_of("LT", 2010).findings()
    assert finding == (
        "By an estimate of low reliability, 53.6%\N{NO-BREAK SPACE}[u] of foreign citizens aged 15–64 years were in employment in "
        "Lithuania in 2010; of nationals, 57.6%."
    )


# Datasets that are not here yet

AS_FETCHED = {
    "lfsa_argan": ("freq,unit,sex,age,citizen", "A,PC,T,Y20-64,{citizen}", 81.5),
    "edat_lfse_01": ("freq,unit,sex,age,citizen", "A,PC,T,Y18-24,{citizen}", 9.4),
    "ilc_li31": ("freq,unit,age,sex,citizen", "A,PC,Y_GE18,T,{citizen}", 21.0),
    "ilc_peps05n": ("freq,sex,citizen,age,unit", "A,T,{citizen},Y_GE18,PC", 24.7),
}
"""Dimensions as Eurostat has them; the values are made up."""


def test_what_is_fetched_appears_by_itself(project, tmp_path, monkeypatch):
    before = run_of("LT", 2022)
    absent = {"activity-figure", "early-leavers-figure", "poverty-figure", "exclusion-figure", "naturalisation-figure"}
    assert absent.isdisjoint(before.shown)
    for dataset, (dimensions, codes, value) in AS_FETCHED.items():
        rows = [
            f"ESTAT:{dataset.upper()}(1.0),,{codes.format(citizen=citizen)},LT,{year},{value},{'u' if citizen == EU_CITIZENS else ''},"
            for citizen, year in product(GROUPS, (2021, 2022))
        ]
        file = tmp_path / f"{dataset}.csv"
        heading = f"DATAFLOW,LAST UPDATE,{dimensions},geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS"
        file.write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
        import_file(project, file, dataset, datetime.date(2026, 11, 1))
    acquired = tmp_path / "migr_acq.csv"
    acquired.write_text(
        "DATAFLOW,LAST UPDATE,freq,agedef,age,unit,sex,citizen,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"
        "ESTAT:MIGR_ACQ(1.0),,A,COMPLET,TOTAL,PER,T,TOTAL,LT,2022,200,,\n",
        encoding="utf-8",
    )
    import_file(project, acquired, "migr_acq", datetime.date(2026, 11, 1))
    monkeypatch.chdir(project.root)
    run = executed(STUDY, "LT", 2022)
    assert absent <= set(run.shown)
    named = {result.indicator for result in run.exhibits()["table-zaragoza-indicators"]}
    assert {
        "activity_rate",
        "early_leavers_pct",
        "at_risk_of_poverty_pct",
        "at_risk_of_poverty_or_exclusion_pct",
    } <= named
    activity = Results(run.exhibits()["figure-activity-by-citizenship"])
    assert (
        activity.one(citizen=NATIONALS, time="2022").value == 81.5
        and "u" in activity.one(citizen=EU_CITIZENS, time="2022").flags
    )
    assert run.html(EN) and run.html(LT)


def test_the_study_stands_in_every_edition_before_the_overview():
    for edition in sorted((ROOT / "params" / "editions").glob("20[12]?.yaml")):
        studies = edition.read_text(encoding="utf-8")
        if edition.stem <= "2024":
            assert studies.index("- integration\n") < studies.index("- annual_overview\n"), edition.name


def test_nobody_is_said_to_be_of_another_country_of_the_union_in_a_country_outside_it():
    said = run_of("CH", 2022).findings()
    assert "Of EU citizens other than nationals, 83.6% were in employment in 2022; of nationals, 84.3%." in said
    assert not any("other countries of the European Union" in one for one in said)


def test_a_rate_like_the_unions_is_told_beside_it():
    assert (
        "In 2022, 61.1% of third-country nationals were in employment in Germany; in the EU-27, 61.9%."
        in run_of("DE", 2022).findings()
    )
