"""Legal migration, and migration and population: reference values worked out by hand, what must hold of any country."""

import numpy
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from both_languages import EN, WORDINGS
from notebook_code import Executed, executed
from workbench.declarations.codelists import members
from workbench.declarations.indicators import read_indicators
from workbench.indicators import formulas
from workbench.model.errors import InconsistentResult, InvalidDeclaration
from workbench.model.types import RESULT_COLUMNS, Result
from workbench.presentation.charts import PairedColumns
from workbench.presentation.charts.style import styled
from workbench.study import Results, Study

pytestmark = pytest.mark.slow

STUDY = "migration_and_population"  # of most of the tests that are of one study


def legal(country="LT", year=2022) -> Study:
    return Study.open("legal_migration", country=country, year=year)


def population(country="LT", year=2022) -> Study:
    return Study.open("migration_and_population", country=country, year=year)


def run_of(study: str, country: str, year: int) -> Executed:
    """The code of a notebook, run without a kernel, once for all who look at it."""
    return executed(study, country, year)


def run_in_this_process(study: str, country: str, year: int) -> Results:
    """What a notebook published."""
    return Results(run_of(study, country, year).record.results)


def of(published: Results, indicator: str, geo: str, time: int, dataset: str = "", vintage: str = "") -> list[Result]:
    """The published results of an indicator, of all breakdowns."""
    return [
        r
        for r in published
        if (r.indicator, r.geo, r.time) == (indicator, geo, str(time))
        and (not dataset or r.dataset == dataset)
        and (not vintage or r.vintage == vintage)
    ]


# Reference values: read in the starter snapshots, and worked out from them by hand.


def test_first_permits_of_two_datasets_stand_side_by_side():
    study = legal(year=2023)
    newest, totals = (study.one("first_permits", dataset=name) for name in ("migr_resfirst", "tps00170"))
    assert newest.value == totals.value == 56_073
    assert {newest.vintage, totals.vintage} == {"2026-09-15", "2025-03-03"}
    assert study.one("first_permits", reason="EMP").value == 46_920
    assert study.one("first_permits_employment_share_pct").value == pytest.approx(46_920 / 56_073 * 100)


def test_reasons_of_first_permits_add_up_to_the_total():
    study = legal()
    parts = study.results("first_permits", reason=["EMP", "FAM", "EDUC", "OTH"])
    assert [part.value for part in parts] == [22_347, 4_434, 1_970, 4_448]
    assert sum(part.value for part in parts) == study.one("first_permits").value == 33_199


def test_the_share_of_the_member_states_is_of_their_sum():
    study = legal()
    of_members = study.results("first_permits", geo=study.member_states)
    share = study.one("first_permits_share_members_pct")
    assert share.value == pytest.approx(33_199 / sum(member.value for member in of_members) * 100)
    shares = study.results("first_permits_share_members_pct", geo=study.member_states)
    assert len(shares) == 27 and sum(each.value for each in shares) == pytest.approx(100)


def test_the_share_of_the_member_states_is_missing_where_a_member_is():
    # Immigration to Portugal in 2024 is in no snapshot.
    study = population(year=2024)
    assert not study.one("immigration", geo="PT").is_available
    share = study.one("immigration_share_members_pct")
    assert not share.is_available and "x" in share.flags


def test_a_country_outside_the_union_has_no_share_of_its_member_states():
    assert legal("NO").one("first_permits_share_members_pct").flags == "z"


def test_valid_permits_of_no_reason_in_the_snapshot_are_what_the_four_reasons_leave():
    # 127,330 less 86,812, 13,376, 4,692 and 21,425, of the vintage of June 2025.
    study = legal()
    vintage = study.vintage("migr_resvalid", by="reason")
    whole = study.results("valid_permits", dataset="migr_resvalid", vintage=vintage)
    parts = study.results("valid_permits", reason=["EMP", "FAM", "EDUC", "OTH"])
    (rest,) = study.rest(parts, whole, "reason")
    assert (rest.value, rest.breakdown, rest.vintage) == (1_025, "reason=OTHER", "2025-06-09")


def test_net_migration_is_taken_within_a_pair_of_datasets():
    study = population(year=2016)
    older = study.one("net_migration", dataset=["tps00176", "tps00177"])
    assert older.value == 31_395 - 56_299 == -24_904
    assert older.sources == (("tps00176", "2024-11-29"), ("tps00177", "2024-11-29"))
    assert population(year=2023).one("net_migration").value == 66_682 - 21_688


def test_the_pair_is_the_first_of_which_both_have_the_year_and_is_never_broken_up():
    # Immigration of 2016 is in the newer dataset too; emigration is not, so that both are of the older pair.
    study = population(year=2016)
    assert study.one("immigration", dataset="migr_imm1ctz").is_available
    assert study.one("immigration").dataset == "tps00176" and study.one("emigration").dataset == "tps00177"
    net = study.one("net_migration")
    assert (net.value, net.dataset) == (-24_904, "tps00176+tps00177")
    # Named crosswise, one of them gives way: of no naming are there two pairs in one difference.
    for crosswise in (["migr_imm1ctz", "tps00177"], ["tps00176", "migr_emi1ctz"], ["migr_imm8"], ["tps00177"]):
        assert study.one("net_migration", dataset=crosswise).dataset == "tps00176+tps00177"
    assert population(year=2022).one("crude_net_migration_per_1000").dataset == "migr_imm1ctz+migr_emi1ctz+demo_gind"


def test_a_pair_of_a_dataset_that_the_term_does_not_count_is_refused(project):
    declared = project.params / "indicators.yaml"
    text = declared.read_text(encoding="utf-8")
    declared.write_text(text.replace("[tps00176, tps00177]", "[tps00177, tps00176]"), encoding="utf-8")
    with pytest.raises(InvalidDeclaration, match="takes immigration from tps00177") as refusal:
        read_indicators(project)
    assert "migr_imm1ctz, tps00176, migr_imm8" in refusal.value.expected


def test_the_revision_of_immigration_is_shown_and_not_joined():
    published = run_in_this_process("migration_and_population", "LT", 2016)
    of_2016 = {
        result.dataset: result.value for result in of(published, "immigration", "LT", 2016) if not result.breakdown
    }
    assert of_2016["migr_imm8"] == 20_162 and of_2016["migr_imm1ctz"] == of_2016["tps00176"] == 31_395


def test_two_definitions_of_age_are_not_added_up():
    # tps00176 holds 31,395 for either definition of age.
    assert population(year=2016).one("immigration", dataset="tps00176").value == 31_395


def test_the_balance_of_the_population():
    # 2,857,279 less 2,805,998 is 51,281; net migration 87,367 less 15,270 is 72,097.
    study = population()
    change, rest = study.one("population_change"), study.one("natural_change_and_adjustment")
    assert (change.value, rest.value) == (51_281, 51_281 - 72_097)
    assert change.sources == (("demo_gind", "2025-03-27"),)


def test_the_population_that_a_census_corrected_has_not_shrunk():
    """Germany: 83,237,124 on 1 January 2022 by the census of 2011, 83,118,501 [b] a year on by that of 2022."""
    study = population("DE")
    for indicator in ("population_change", "natural_change_and_adjustment"):
        balance = study.one(indicator)
        assert not balance.is_available and balance.flags == "bu"
    assert study.one("population_change", time=2021).value == 83_237_124 - 83_155_031
    within_the_new_series = study.one("population_change", time=2023)
    assert (within_the_new_series.value, within_the_new_series.flags) == (83_456_045 - 83_118_501, "")


def test_a_population_change_beyond_the_newest_population_is_missing():
    study = population(year=2024)
    assert not study.one("population_change", dataset="demo_gind").is_available
    # Of the dataset that has 1 January 2025, within one vintage: 2,890,664 less 2,885,891.
    assert study.one("population_change", dataset="migr_pop1ctz").value == 4_773


def test_a_share_of_foreign_citizens_takes_both_numbers_from_one_vintage():
    # Latvia was revised: 241,101 of 1,878,575 on 1 January 2024, where demo_gind has 1,871,882.
    study = population("LV", 2024)
    share = study.one("foreign_citizens_share_pct", dataset="migr_pop1ctz", vintage="2026-09-15")
    assert share.value == pytest.approx(241_101 / 1_878_575 * 100) and share.dataset == "migr_pop1ctz"


def test_recognised_non_citizens_of_latvia_are_the_largest_group():
    published = run_in_this_process("migration_and_population", "LV", 2022)
    groups = of(published, "foreign_citizens", "LV", 2023, vintage="2025-06-09")
    named = {result.code("citizen"): result.value for result in groups if result.breakdown}
    assert max(named, key=named.get) == "RNC" and "LV" not in named
    assert population("LV").one("foreign_citizens", citizen="RNC").value == 182_396


def test_mirror_statistics_are_what_the_partner_counted():
    (counted,) = population().results("immigration", geo="DE", citizen="LT")
    assert (counted.value, counted.vintage) == (2_927, "2025-06-09")


# What the studies say


def findings(study: str, country: str, year: int) -> str:
    return "\n".join(run_of(study, country, year).findings())


def shown(study: str, country: str, year: int) -> str:
    """All that a page says of numbers: findings, titles, texts."""
    run = run_of(study, country, year)
    return "\n".join([*run.findings(), *run.titles(), *run.said()])


def test_a_study_has_one_number_of_first_permits():
    """Germany: 625,386 in the newest snapshot, 632,187 in the older one of totals."""
    said = shown("legal_migration", "DE", 2022)
    assert "issued 625,386 first residence permits" in said and "632,187" not in said
    # The rate of the Member States is of the other dataset, which says another number of Germany: it does not stand beside.
    assert "Member States together" not in said


def test_what_the_snapshot_gives_no_reason_for_is_not_called_protection():
    assert "the data give no reason for 2,559,954" in shown("legal_migration", "DE", 2022)
    for language, protection in {"en": "protection", "lt": "apsaug"}.items():
        assert protection not in WORDINGS[language].label("reason", "OTHER").lower()


def test_a_title_by_reason_names_the_most_frequent_and_the_year_that_it_is_of():
    assert "were for reasons other than employment, family and education: 176,980, or 92.5%" in shown(
        "legal_migration", "EE", 2016
    )
    said = shown("legal_migration", "LT", 2024)
    assert "More than half of the permits valid at the end of 2023 were for employment: 122,515, or 73.3%" in said
    note = run_of("legal_migration", "LT", 2024).shown["valid-reason-note"].block.html(EN)
    assert "For 2024 there are no data by reason; 2023 is the newest year that has some." in note


def test_what_is_nothing_in_every_year_is_no_part():
    """Malta: the four reasons are all of the permits."""
    published = run_in_this_process("legal_migration", "MT", 2022)
    assert not [r for r in published if r.indicator == "valid_permits" and r.code("reason") == "OTHER"]


def test_a_year_without_data_is_told_by_the_newest_that_has_some():
    assert run_of("legal_migration", "UK", 2019).findings() == [
        "In 2018, the United Kingdom issued 450,775 first residence permits.",
        "At the end of 2018, 1,577,559 residence permits were valid in the United Kingdom.",
    ]


def test_a_recounted_population_has_neither_grown_nor_shrunk():
    said = shown("migration_and_population", "DE", 2022)
    assert "has been recounted, or is counted otherwise" in said and "83.2\N{NO-BREAK SPACE}million" in said
    assert "shrank" not in said and "118,623" not in said


def test_a_number_by_citizenship_of_an_older_vintage_says_so():
    """Germany: 943,800 citizens of Ukraine are of 1,943,445 immigrants; the newest vintage has 1,977,121, without citizenships."""
    said = findings("migration_and_population", "DE", 2022)
    assert "In 2022, 1,977,121 persons immigrated to Germany" in said
    assert (
        "By an older vintage of the data, 1,943,445 persons immigrated to Germany in 2022, where the newest has 1,977,121."
        in said
    )
    # Once: what is said of nationals does not tell it again.
    assert (
        "By an older vintage of the data, 75,572 of the immigrants of 2022, or 3.9%, were citizens of Germany." in said
    )
    assert said.count("1,943,445") == 1


def test_a_national_statistical_office_is_a_source_of_its_own_country_alone():
    for country, providers in {"LT": 1, "DE": 0, "MT": 0, "CH": 0}.items():
        sources = run_of("migration_and_population", country, 2022).record.sources
        assert sum(source.provider == "State Data Agency of Lithuania" for source in sources) == providers


def test_a_rank_by_the_rate_is_not_called_one_by_the_balance():
    """Germany gained the largest number of all Member States, and ranked 7th by what it gained for every thousand inhabitants."""
    assert "By net migration in proportion to the population, Germany ranked 7th" in findings(
        "migration_and_population", "DE", 2022
    )


@pytest.mark.parametrize(("country", "year"), [("MT", 2022), ("CH", 2021)])
def test_citizenships_that_are_hardly_known_are_neither_drawn_nor_a_gap(country, year):
    exhibits = run_of("migration_and_population", country, year).exhibits()
    assert exhibits and "figure-immigrants-by-citizenship" not in exhibits


def test_a_mirror_without_the_reference_year_is_of_the_newest_year_and_says_so():
    said = shown("migration_and_population", "LT", 2024)
    assert "Germany counted the largest number of immigrants with the citizenship of Lithuania in 2023: 2,599" in said
    assert "Lithuania itself counted 21,688 emigrants of all citizenships to all countries in 2023." in said


def test_finding_and_figure_take_one_pair_of_flows():
    flows = run_of("migration_and_population", "DE", 2022).exhibits()["figure-flows"]
    of_2022 = [r.value for r in flows if (r.indicator, r.time) == ("net_migration", "2022")]
    assert of_2022[0] == 1_524_408, "the first is the one that is meant; the older pair stands behind it"
    assert (
        "In 2022, 1,524,408 more persons came to Germany than left"
        in run_of("migration_and_population", "DE", 2022).titles()
    )
    assert "1,524,408 more persons came" in findings("migration_and_population", "DE", 2022)


@pytest.mark.parametrize("shown_of", ["CH", "UK"])
def test_citizenships_that_are_hardly_known_have_no_largest_group(shown_of):
    said = shown("migration_and_population", shown_of, 2021 if shown_of == "CH" else 2019)
    assert "no country" not in said and "argest group among" not in said and "cannot be told" not in said


def test_foreign_citizens_are_those_of_the_end_of_the_year_with_its_beginning_beside():
    assert (
        "At the end of 2022, on the first day of 2023, 98,373 residents of Lithuania were foreign citizens: 3.4% of the population. "
        "A year before, 34,310 were." in findings("migration_and_population", "LT", 2022)
    )
    assert "98,373 residents were foreign citizens" in shown("legal_migration", "LT", 2022)


def test_a_break_lies_before_the_year_that_bears_its_flag():
    """Estonia: emigration broke in 2015, so that 2016 is comparable with it."""
    assert "series breaks" not in findings("migration_and_population", "EE", 2016)
    assert "series breaks" in findings("migration_and_population", "DE", 2022), "foreign citizens on 1 January 2023 [b]"


def test_own_citizens_are_told_once():
    said = findings("migration_and_population", "EE", 2016)
    assert said.count("7,129") == 1 and "were its own citizens" in said


def test_the_country_itself_is_not_among_the_partners_of_its_mirror():
    mirror = run_of("migration_and_population", "LT", 2022).exhibits()["figure-mirror"]
    assert mirror and "LT" not in {result.geo for result in mirror}
    assert "Member States report immigrants" not in shown("migration_and_population", "LT", 2022)


EVERYWHERE = [(country, 2022) for country in ("AT", "CH", "CZ", "DE", "EL", "LI", "LT", "LV", "MT", "RO", "SK", "UK")]


@pytest.mark.parametrize(
    ("country", "year"), [*EVERYWHERE, ("EE", 2016), ("LU", 2016), ("CH", 2021), ("UK", 2019), ("LT", 2024)]
)
@pytest.mark.parametrize("study", ["legal_migration", "migration_and_population"])
def test_findings_say_something(study, country, year):
    run = run_of(study, country, year)
    made = set(map(repr, run.record.findings))
    headlines = [s.headline.key for s in run.recorded.statements if s.headline and repr(s.sentence) in made]
    assert len(set(headlines)) == len(headlines)
    for finding in run.findings():
        assert finding[0].isupper() and finding.endswith(".") and "[x]" not in finding
        for empty in ("(0.0%", " 0.0%", "100.0%", "Not available", "cannot be told", "ranked 1st of the 1 "):
            assert empty not in finding


def test_national_figures_stand_beside_those_of_eurostat_and_are_not_joined():
    run = executed("migration_and_population", "LT", 2022)
    shown = run.exhibits()["figure-flows"]
    assert Results(shown).one(indicator="national_immigration", time="2022").value == 87367
    assert {r.dataset for r in shown if r.indicator.startswith("national_")} == {"lsd_migration_flows"}
    text = run.shown["national-text"].block.html(EN)
    assert "In every year from 2015 to 2022 that both have, the national figures are those of Eurostat." in text
    elsewhere = executed("migration_and_population", "DE", 2022).exhibits()["figure-flows"]
    assert not {r.indicator for r in elsewhere if r.indicator.startswith("national_")}


def test_a_year_that_eurostat_lacks_is_told_by_national_figures():
    findings = executed("migration_and_population", "LT", 2025).findings()
    assert any("44,705" in finding and "28,540" in finding and "national figures" in finding for finding in findings)


def test_the_estimate_of_the_united_nations_is_of_a_year_not_after_the_reference_year():
    # Women and men, all origins: 72,036 and 73,148 in 2020, by country of birth.
    published = run_in_this_process("migration_and_population", "LT", 2022)
    stocks = [r for r in published if r.indicator == "migrant_stock"]
    assert max(result.time for result in stocks) == "2020"
    assert next(r.value for r in stocks if r.time == "2020") == 72_036 + 73_148
    assert {result.breakdown for result in stocks} == {"type=B"}


def test_acquisitions_of_citizenship_are_a_gap_that_names_its_dataset():
    acquired = population().one("citizenship_acquired")
    assert (acquired.dataset, acquired.vintage, acquired.flags) == ("migr_acq", "none", "x")


def test_shares_of_two_vintages_are_refused():
    with pytest.raises(InconsistentResult, match="two vintages"):
        population().one("immigration_share_pct", citizen="NAT")


# What must hold of any country


@pytest.mark.parametrize(("country", "year"), [("LI", 2010), ("UK", 2018), ("LT", 2024), ("NO", 2022)])
def test_legal_migration_holds_together(country, year):
    published = run_in_this_process("legal_migration", country, year)
    _parts_never_exceed_their_totals(published, country, year, "first_permits", "reason")
    _parts_never_exceed_their_totals(published, country, year, "valid_permits", "citizen")
    _ranks_are_possible(published)


@pytest.mark.parametrize(("country", "year"), [("EE", 2008), ("LV", 2022), ("LT", 2016), ("MT", 2016)])
def test_migration_and_population_holds_together(country, year):
    published = run_in_this_process("migration_and_population", country, year)
    for balance in of(published, "population_change", country, year):
        _balances(published, balance)
    shares = [r.value for r in of(published, "foreign_citizens_citizenship_share_pct", country, year) if r.is_available]
    assert not shares or sum(shares) == pytest.approx(100)
    _ranks_are_possible(published)


def _parts_never_exceed_their_totals(published, country, year, indicator, dimension):
    for whole in [r for r in of(published, indicator, country, year) if not r.breakdown and r.is_available]:
        parts = of(published, indicator, country, year, whole.dataset, whole.vintage)
        there = [part.value for part in parts if part.breakdown.startswith(f"{dimension}=") and part.is_available]
        assert sum(there) <= whole.value


def _ranks_are_possible(published):
    for result in published:
        if result.unit == "rank" and result.is_available:
            assert 1 <= result.value <= 27 and result.low <= result.value <= result.high


def _balances(published, change):
    """Net migration and the rest are the change, wherever a rest is given from the same population."""
    for rest in of(published, "natural_change_and_adjustment", change.geo, int(change.time)):
        if rest.is_available and rest.dataset.startswith(change.dataset):
            flows = "+".join(name for name in rest.dataset.split("+") if name != change.dataset)
            (net,) = of(published, "net_migration", change.geo, int(change.time), dataset=flows)
            assert rest.value + net.value == change.value


def test_ranks_of_all_member_states_are_a_permutation_where_none_are_equal():
    study = legal()
    ranks = sorted(r.value for r in study.results("first_permits_per_1000_rank_eu27", geo=members("EU27_2020", 2022)))
    assert ranks == list(range(1, 28))


# The formulas, on made-up numbers


def made_up(values, times=None, breakdown="", dataset="made_up") -> pandas.DataFrame:
    times = times or [str(2000 + place) for place in range(len(values))]
    columns = dict(
        zip(RESULT_COLUMNS, ["made_up", "LT", breakdown, times, values, values, values, "persons", "", dataset, "1"])
    )
    return pandas.DataFrame(columns).astype({"value": float, "low": float, "high": float})


@given(st.lists(st.integers(0, 10**7), min_size=2, max_size=20))
def test_gains_add_up_to_what_the_stock_gained_in_all(stock):
    stocks = made_up(stock)
    a_year_on = made_up(stock[1:], times=list(stocks["time"][1:]))
    gains = formulas.gained(stocks, a_year_on, "gain", "persons")
    assert gains["value"].sum() == stock[-1] - stock[0]
    assert list(gains["time"]) == list(stocks["time"][:-1]), "the last year has no end to be measured at"


@given(st.lists(st.lists(st.integers(0, 10**6), min_size=2, max_size=2), min_size=1, max_size=5), st.integers(0, 10**6))
def test_the_rest_and_the_parts_are_the_whole(parts, left):
    wholes = made_up([sum(column) + left for column in zip(*parts)])
    of_parts = pandas.concat([made_up(part, breakdown=f"reason={place}") for place, part in enumerate(parts)])
    rest = formulas.rest(of_parts, wholes, "reason")
    assert list(rest["value"]) == [left, left] and set(rest["breakdown"]) == {"reason=OTHER"}


def test_the_rest_is_missing_where_a_part_is():
    parts = made_up([5, numpy.nan], breakdown="reason=EMP")
    assert list(formulas.rest(parts, made_up([7, 7]), "reason")["value"].isna()) == [False, True]


def test_paired_columns_draw_what_is_there_on_both_sides_of_zero():
    values = {"net_migration": [-5.0, 3.0, numpy.nan], "natural_change_and_adjustment": [2.0, -1.0, -4.0]}
    results = tuple(
        Result(
            name,
            "LT",
            "",
            str(2020 + place),
            value,
            value,
            value,
            "persons",
            "x" if numpy.isnan(value) else "",
            "d",
            "1",
        )
        for name, series in values.items()
        for place, value in enumerate(series)
    )
    chart = PairedColumns(results, by="indicator")
    with styled():
        (axes,) = chart.draw(EN).axes
    assert [bar.get_height() for bar in axes.patches] == [-5.0, 3.0, 2.0, -1.0, -4.0]
    first, second = axes.patches[0], axes.patches[2]
    assert first.get_x() + first.get_width() == pytest.approx(second.get_x()), (
        "side by side, and not one over the other"
    )
    assert second.get_hatch() and not first.get_hatch(), "told apart by more than colour"
    assert axes.get_ylim()[0] <= -5 and axes.get_ylim()[1] >= 3


@pytest.mark.parametrize(("country", "is_of_the_year"), [("CH", False), ("LT", True)])
def test_where_the_gravity_model_is_of_an_earlier_year_the_reason_stands_before_it(country, is_of_the_year):
    run = run_of("migration_and_population", country, 2022)
    gravity, before = run.names["gravity"], run.shown["gravity-left-out"]
    assert (gravity.year == "2022") == is_of_the_year
    told = f"What follows is of {gravity.year}: the newest year, up to 2022, for which"
    assert (told in (before.block.html(EN) if before else "")) != is_of_the_year
