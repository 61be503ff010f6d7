"""Temporary protection, and borders and return: figures worked out by hand from the snapshots, and gaps that stay gaps."""

import math
import re
from xml.etree import ElementTree

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as some

from both_languages import EN, WORDINGS, text_of
from notebook_code import Executed, executed
from workbench.indicators import formulas
from workbench.model.errors import RefusedRun
from workbench.model.periods import year_to
from workbench.model.types import RESULT_COLUMNS
from workbench.presentation.charts import EuropeMap
from workbench.presentation.charts.svg import standalone
from workbench.study import Results, Study

pytestmark = pytest.mark.slow

STUDY = "borders_and_return"  # of most of the tests that are of one study

UKRAINIANS = {"citizen": "UA"}
EASTERN = {"geo": "EXT_BORDERS", "route": "EASTERN_LAND"}


def run_of(study: str, country: str, year: int) -> Executed:
    """The code of a notebook, run without a kernel, once for all who look at it."""
    return executed(study, country, year)


def published(study: str, country: str, year: int) -> tuple[Results, Executed]:
    """What a notebook published, and all that it left behind."""
    run = run_of(study, country, year)
    return Results(run.record.results), run


def findings(run: Executed) -> str:
    return "\n".join(run.findings())


@pytest.fixture(scope="module")
def protection() -> Study:
    return Study.open("temporary_protection", country="LT", year=2024)


@pytest.fixture(scope="module")
def borders() -> Study:
    return Study.open("borders_and_return", country="LT", year=2022)


# Temporary protection


def test_the_rate_is_of_the_population_of_the_year(protection):
    # May 2023: 69,545 citizens of Ukraine; 2,857,279 inhabitants on 1 January 2023 (demo_gind). Published, with all
    # citizenships: 24.9.
    rate = protection.one("temporary_protection_per_1000", time="2023-05", **UKRAINIANS)
    population = protection.one("population", time=2023)
    assert rate.value == pytest.approx(69_545 / population.value * 1000)
    assert rate.value == pytest.approx(24.9, abs=0.6) and rate.low < rate.value < rate.high


def test_a_change_over_a_break_is_flagged_as_one(protection):
    # Lithuania cleaned its register in October 2024 (80,715 to 47,410): neither end of the twelve months has the flag.
    stock = "temporary_protection_beneficiaries"
    ends = protection.results(stock, time=["2023-12", "2024-12"], **UKRAINIANS)
    assert [(end.value, end.flags) for end in ends] == [(74_615, ""), (48_050, "")]
    change = protection.one(f"{stock}_change_on_year_pct", time="2024-12", **UKRAINIANS)
    assert change.value == pytest.approx((48_050 / 74_615 - 1) * 100) and change.flags == "b"
    before = protection.one(f"{stock}_change_on_year_pct", time="2023-12", **UKRAINIANS)
    assert before.value == pytest.approx((74_615 / 65_110 - 1) * 100) and before.flags == ""


def test_the_study_says_that_a_break_is_no_fall():
    told = findings(run_of("temporary_protection", "LT", 2024))
    assert "35.6%\N{NO-BREAK SPACE}[b] fewer citizens of Ukraine" in told
    assert "the series breaks in between" in told
    assert "fewer than twelve months before" not in told


def test_a_sum_over_members_says_over_how_many_it_goes(protection):
    # March 2025: Portugal has no value, so 26 of 27.
    stock, month = "temporary_protection_beneficiaries", "2025-03"
    members = protection.results(stock, geo=protection.member_states, time=month, **UKRAINIANS)
    there = [result for result in members if result.is_available]
    total = protection.one(f"{stock}_sum_eu27", time=month, **UKRAINIANS)
    assert total.geo == "EU27_2020" and total.unit == "persons"
    assert total.value == sum(result.value for result in there) and len(there) == 26
    assert protection.one(f"{stock}_ranked_eu27", time=month, **UKRAINIANS).value == 26
    shares = protection.results(f"{stock}_share_sum_eu27_pct", geo=protection.member_states, time=month, **UKRAINIANS)
    assert sum(share.value for share in shares if share.is_available) == pytest.approx(100)
    assert not next(share for share in shares if share.geo == "PT").is_available


def test_a_year_before_temporary_protection_is_refused():
    with pytest.raises(RefusedRun, match="2021 is out of bounds") as refused:
        Study.open("temporary_protection", country="LT", year=2021)
    assert "2022 to 2025" in str(refused.value)


def test_an_unfinished_year_shows_its_last_month_and_names_it():
    results, run = published("temporary_protection", "LT", 2025)
    assert run.names["last"] == "2025-03" and "At the end of March 2025, 44,065 citizens of Ukraine" in findings(run)
    # All citizenships are of a vintage of their own, which begins with August.
    later = [result for result in results if result.time > "2025-03" and result.geo == "LT"]
    assert later and {result.breakdown for result in later} == {""}


def test_every_number_of_protection_is_of_citizens_of_ukraine_or_of_all_and_each_of_its_own_vintage():
    results, _ = published("temporary_protection", "LT", 2022)
    held = [r for r in results if r.indicator == "temporary_protection_beneficiaries" and r.is_available]
    assert {(r.breakdown, r.vintage) for r in held} == {("citizen=UA", "2025-05-15"), ("", "2023-06-26")}
    granted = [r for r in results if r.indicator.startswith("temporary_protection_granted") and r.is_available]
    assert granted and {r.breakdown for r in granted} == {""}


@pytest.mark.parametrize(("country", "year"), [("LT", 2022), ("LT", 2023), ("DE", 2022), ("PT", 2022), ("MT", 2024)])
def test_each_sentence_on_protection_says_whose_it_is(country, year):
    for said in run_of("temporary_protection", country, year).recorded.statements:
        for result in said.sentence.results:
            if result.indicator.startswith("temporary_protection_beneficiaries") and result.unit == "persons":
                whose = "citizens of Ukraine" if result.code("citizen") == "UA" else "of all citizenships"
                words = text_of(said.sentence)
                # What was granted and what was gained stand in one sentence, both of all citizenships.
                assert whose in words or "number who hold it" in words, words


def test_granted_and_held_of_all_citizenships_are_those_of_the_files():
    """Lithuania 2022, read with pandas: 65,435 in the ten months from March on, 25,025 of them in April; 65,425 at the end of
    December, 315 more than citizens of Ukraine alone."""
    study = Study.open("temporary_protection", country="LT", year=2022)
    granted, gain = (study.one(f"temporary_protection_{what}") for what in ("granted", "gain"))
    assert (granted.value, gain.value) == (65_435, 65_425)
    assert study.one("temporary_protection_granted", time="2022-04").value == 25_025
    left_over = study.one("temporary_protection_granted_less_gain")
    assert left_over.value == 10 and left_over.low < 0 < left_over.high
    assert study.one("temporary_protection_beneficiaries", **UKRAINIANS, time="2022-12").value == 65_110
    assert study.one("temporary_protection_beneficiaries", geo=study.eu27, time="2022-12").value == 3_827_020


def test_what_was_taken_off_the_register_is_told_as_far_as_rounding_lets_it():
    assert "grew by 65,425: to the rounding as many" in said("temporary_protection", "LT", 2022)
    assert "grew by 961,340: 606,560 were taken off the register" in said("temporary_protection", "PL", 2022)
    assert "grew by 109,820, by 1,545 more: the two are not counted alike" in said("temporary_protection", "NL", 2022)
    # Germany has five months of grants: no sum, and so no balance.
    assert "taken off the register" not in said("temporary_protection", "DE", 2022)


def test_a_balance_is_of_one_vintage_and_begins_with_its_second_month():
    """Lithuania 2023: the vintage of October 2024 begins with May. June: 1,095 granted, 775 gained."""
    _, run = published("temporary_protection", "LT", 2023)
    table = Results(run.exhibits()["figure-granted-by-month"])
    left_over = {r.time: r.value for r in table if r.indicator == "temporary_protection_granted_less_gain"}
    assert left_over["2023-06"] == 320 and math.isnan(left_over["2023-05"])
    assert {r.vintage for r in table} <= {"2024-10-15", "2024-10-15+2024-10-15"}


def test_residents_stand_beside_those_under_protection():
    """1 January 2023: 50,512 citizens of Ukraine in the population, 65,110 under temporary protection the day before."""
    told = said("temporary_protection", "LT", 2022)
    assert (
        "At the beginning of 2023, 50,512 citizens of Ukraine were counted as residents of Lithuania, fewer than"
        in told
    )
    assert "counted as residents" not in said("temporary_protection", "LT", 2024), "the population ends with 2024"


@pytest.mark.parametrize(("country", "year"), [("LT", 2022), ("LT", 2025), ("DE", 2023), ("IS", 2024), ("MT", 2023)])
def test_no_figure_or_table_of_protection_is_empty(country, year):
    exhibits = run_of("temporary_protection", country, year).exhibits()
    assert exhibits and all(any(result.is_available for result in results) for results in exhibits.values())


def test_the_map_stands_alone_as_a_file(protection):
    rates = protection.results(
        "temporary_protection_per_1000", geo=protection.member_states, time="2022-12", **UKRAINIANS
    )
    drawing = standalone(EuropeMap(rates, highlight="LT").svg(EN, "figure-europe"))
    root = ElementTree.fromstring(drawing)
    titles = [element.text for element in root.iter("{http://www.w3.org/2000/svg}title")]
    assert "var(" not in drawing and any(title.startswith("Lithuania: 23.2") for title in titles)


# Borders and return


def test_published_figures_of_enforcement(borders):
    assert borders.one("refused_entry", time=2023).value == 4255
    assert borders.one("found_illegally_present", time=2023).value == 4235


def test_orders_of_lithuania_end_with_2016_and_so_does_the_ratio(borders):
    for indicator in ("ordered_to_leave", "returns_per_100_orders", "returns_per_100_orders_over_citizenships"):
        result = borders.one(indicator)
        assert not result.is_available and "x" in result.flags
    assert borders.one("returned").value == 2450
    # The check values of the card, 2010 to 2016.
    orders = borders.results("ordered_to_leave", time=range(2010, 2017))
    assert [result.value for result in orders] == [1345, 1765, 1910, 1770, 2245, 1870, 1740]
    assert {result.vintage for result in orders} == {"2017-04-26"}
    said = run_of("borders_and_return", "LT", 2022).said()
    assert any("of persons ordered to leave Lithuania in these data is of 2016: 1,740" in sentence for sentence in said)


def test_orders_are_of_one_vintage_whichever_has_the_year():
    # The Netherlands were revised: 32,950 as of April 2017, 25,310 as of September 2026.
    old, new = (run_of("borders_and_return", "NL", year).names["study"] for year in (2016, 2022))
    assert (old.one("ordered_to_leave").value, old.one("ordered_to_leave").vintage) == (32950, "2017-04-26")
    series = new.results("ordered_to_leave", time=range(2010, 2023))
    assert series[6].value == 25310 and {result.vintage for result in series} == {"2026-09-15"}


def test_returns_per_hundred_orders():
    # Germany 2022: 13,130 returned, 32,865 ordered to leave; each is rounded to the nearest five.
    ratio = run_of("borders_and_return", "DE", 2022).names["study"].one("returns_per_100_orders")
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((39.9513, 39.9407, 39.9620), abs=1e-4)
    # Lithuania 2016: the citizenships that are named add up to 1,525, of 1,740.
    study = run_of("borders_and_return", "LT", 2016).names["study"]
    assert study.one("returns_per_100_orders_over_citizenships").value == pytest.approx(100 * 1525 / 1740)
    assert not study.one("returns_per_100_orders").is_available


def test_the_citizenships_of_those_ordered_to_leave_leave_what_is_unknown():
    study = run_of("borders_and_return", "LT", 2016).names["study"]
    belarus = study.one("ordered_to_leave", citizen="BY")
    assert (belarus.value, belarus.vintage) == (415, "2017-04-26")


def test_a_gap_names_what_there_is_no_snapshot_of():
    study = run_of("asylum_decisions", "LT", 2022).names["study"]
    assert "workbench fetch migr_asydcfina" in study._gap(study.results("final_decisions")).commands


def test_a_partial_sum_is_no_total_and_an_absent_year_no_zero(borders):
    # Lithuania 2021 is absent from the figures by citizenship (2025-06-09); its total is 1,765 (2026-09-15).
    partial, total = borders.one("returned_over_citizenships", time=2021), borders.one("returned", time=2021)
    assert math.isnan(partial.value) and (total.value, total.vintage) == (1765, "2026-09-15")
    # 2022: the citizenships add up to 2,400, below the total of 2,450; each is rounded by itself.
    partial = borders.one("returned_over_citizenships", time=2022)
    assert (partial.value, partial.vintage) == (2400, "2025-06-09") and partial.low < 2400 < partial.high
    assert not borders.one("returned", time=2019).is_available


def test_zeros_beside_a_total_are_no_breakdown():
    # Lithuania reports 3,450 persons found in 2022, and zero for each reason and place.
    results, run = published("borders_and_return", "LT", 2022)
    assert all(result.value == 0 for result in run.names["by_reason"]) and run.names["found"].value == 3450
    assert not [result for result in results if result.code("reason") != "TOTAL"]
    results, _ = published("borders_and_return", "HU", 2023)
    assert "ILL_ENT" in {result.code("reason") for result in results}


def test_crossing_points_are_parts_of_the_border_area():
    # Hungary 2023: 57,305 at crossing points and 90,430 between them on land are the 147,735 of the border area.
    study = Study.open("borders_and_return", country="HU", year=2023)
    places = {
        result.code("apprehen"): result.value
        for result in study.results("found_illegally_present", apprehen=["BCP", "LAND", "SEA", "EXT_BORDER", "INLAND"])
    }
    assert places["BCP"] + places["LAND"] + places["SEA"] == places["EXT_BORDER"] == 147_735
    every = {result.code("apprehen") for result in study.results("found_illegally_present", apprehen=study.every)}
    assert every == {"BCP", "LAND", "SEA", "INLAND"}, (
        "the border area is a subtotal: with its parts it would count twice"
    )
    assert places["EXT_BORDER"] + places["INLAND"] == study.one("found_illegally_present").value == 159_780


def test_detections_of_a_year_are_those_of_its_months(borders):
    months = [f"2022-{month:02d}" for month in range(1, 13)]
    by_month = borders.results("border_detections", time=months, **EASTERN)
    # Added up by hand from the file: 105 in January … 457 in December.
    assert [by_month[0].value, by_month[-1].value] == [105, 457]
    assert borders.one("border_detections", time=2022, **EASTERN).value == sum(r.value for r in by_month) == 6332


def test_a_year_with_four_months_has_no_sum(borders):
    assert borders.one("border_detections", time="2025-04", **EASTERN).value == 2955
    year = borders.one("border_detections", time=2025, **EASTERN)
    assert not year.is_available and year.flags == "x"


def test_national_counts_are_of_lithuania_alone(borders):
    counts = borders.results("turned_back_at_border", time=[2021, 2022, 2023, 2024])
    assert [count.value for count in counts[:3]] == [8106, 11_211, 2643] and not counts[3].is_available
    assert {count.unit for count in counts} == {"attempts"}
    results, _ = published("borders_and_return", "LV", 2022)
    assert not [result for result in results if result.indicator == "turned_back_at_border"]


def test_providers_stay_apart():
    results, _ = published("borders_and_return", "LT", 2022)
    apart = {"vsat_turned_back", "frontex_detections"}
    assert apart <= {result.dataset for result in results}
    assert all(len(set(result.dataset.split("+")) & apart) == 0 for result in results if "+" in result.dataset)


# What the studies say


def said(study: str, country: str, year: int) -> str:
    """All that a study says, a sentence a line; plain spaces."""
    run = run_of(study, country, year)
    return "\n".join([*run.findings(), *run.said()]).replace("\N{NO-BREAK SPACE}", " ")


ODD = [
    ("borders_and_return", "LI", 2014), ("borders_and_return", "LI", 2022), ("borders_and_return", "LU", 2023),
    ("borders_and_return", "ES", 2016), ("borders_and_return", "AT", 2022), ("borders_and_return", "IS", 2022),
    ("borders_and_return", "LT", 2024), ("borders_and_return", "SE", 2014), ("borders_and_return", "UK", 2019),
    ("temporary_protection", "MT", 2022), ("temporary_protection", "BG", 2024), ("temporary_protection", "IS", 2025),
    ("temporary_protection", "LI", 2023), ("temporary_protection", "DE", 2022), ("temporary_protection", "LT", 2025),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "lt"])
@pytest.mark.parametrize(("study", "country", "year"), ODD)
def test_no_finding_is_absurd(study, country, year, language):
    run = run_of(study, country, year)
    findings = run.findings(WORDINGS[language])
    for finding in findings:
        assert not re.search(
            r"\[[xuz]\]|nan|\b0[.,]0\s?%|100[.,]0\s?%|refused 0 times|[Aa]t the least| 1st of the 1 ", finding
        ), finding
        assert finding[0].isupper() or finding[0].isdigit(), finding
    headlines = [one.headline.key for one in run.recorded.statements if one.headline]
    assert len(headlines) == len(set(headlines)) and len(findings) == len(set(findings))


def test_refusals_are_told_without_a_change_that_is_withheld():
    # Luxembourg: 10 and 10; a change on fewer than 30 persons is withheld.
    assert "In 2023, entry to Luxembourg was refused 10 times, to the nearest five as often as in 2022" in said(
        "borders_and_return", "LU", 2023
    )
    assert "In 2016, entry to Luxembourg was refused 10 times, after 5 in 2015" in said(
        "borders_and_return", "LU", 2016
    )


def test_what_moved_the_total_of_the_union_is_named_where_a_share_is_shown():
    told = said("borders_and_return", "LT", 2022)
    assert (
        "went from 670,795 to 137,840; 91.9% of that change was made by Spain, whose number went from 493,455 to 3,515"
        in told
    )
    # 2020 to 2021: +1.2%, of which France alone made 236%, the Netherlands 105%.
    assert "From 2020 to 2021, the total of the EU-27 went from 137,840" not in told
    assert "made by" not in said("borders_and_return", "CH", 2022), "it has no share in the Union"
    assert "made by" not in said("borders_and_return", "LT", 2014), "the first year has no change"


def test_one_reason_for_all_is_no_breakdown():
    told = said("borders_and_return", "ES", 2022)
    assert "Spain counts all of the 68,100 persons found under one reason, “Overstay”" in told
    assert "figure-found-by-reason" not in run_of("borders_and_return", "ES", 2022).exhibits()


def test_a_largest_group_is_not_named_where_half_of_the_returned_have_no_citizenship():
    # Sweden 2022: 8,595 of 17,080 have a citizenship in the data; Lithuania 2,400 of 2,450.
    assert "largest group" not in said("borders_and_return", "SE", 2022)
    assert "citizens of Belarus: 625 of 2,400" in said("borders_and_return", "LT", 2022)


def test_the_first_year_of_turning_back_is_no_whole_one():
    assert "11,211 attempts to cross from Belarus in 2022, after 8,106 in 2021" in said(
        "borders_and_return", "LT", 2022
    )
    assert "76.4% fewer than in 2022" in said("borders_and_return", "LT", 2023)
    assert "attempts to cross" not in findings(run_of("borders_and_return", "LT", 2024))


def test_detections_are_the_same_whatever_other_routes_are_asked_for():
    # Months without any detection on the route are zeros, for Frontex counted on others: 671 in 2016.
    study = Study.open("borders_and_return", country="ES", year=2016)
    alone = study.one("border_detections", geo="EXT_BORDERS", route="WESTERN_AFRICAN")
    beside = study.results("border_detections", geo="EXT_BORDERS", route=["WESTERN_AFRICAN", "CENTRAL_MED"]).one(
        route="WESTERN_AFRICAN"
    )
    assert alone.value == beside.value == 671


def test_a_break_is_told_by_the_months_between_which_it_lies():
    told = said("temporary_protection", "LT", 2024)
    assert "from 80,715 at the end of September 2024 to 47,410 [b] at the end of October 2024" in told


def test_temporary_protection_says_nothing_of_a_country_without_data():
    with pytest.raises(RefusedRun, match="no data for UK 2022"):
        Study.open("temporary_protection", country="UK", year=2022)
    with pytest.raises(RefusedRun, match="near: 2022, 2023, 2024"):
        Study.open("temporary_protection", country="PT", year=2025)


# Formulas, on made-up series


def series(values: dict[str, float], flags: dict[str, str] | None = None, geo: str = "LT") -> pandas.DataFrame:
    rows = [
        ("made_up", geo, "", time, value, value, value, "persons", (flags or {}).get(time, ""), "made_up", "2024-01-01")
        for time, value in values.items()
    ]
    return pandas.DataFrame(rows, columns=RESULT_COLUMNS)


@given(some.integers(1, 11))
def test_a_break_at_any_month_after_the_first_is_a_break_of_the_change(position):
    span = year_to("2023-12")
    values = {time: 100.0 + number for number, time in enumerate(span)}
    broken = formulas.change_on_year(series(values, {span[position]: "b"}), span, "made_up_change")
    at_the_first = formulas.change_on_year(series(values, {span[0]: "b"}), span, "made_up_change")
    assert broken["value"].item() == pytest.approx(12.0) and broken["flags"].item() == "b"
    # A break at the first month parts it from what came before, which the change does not see.
    assert at_the_first["flags"].item() == ""


def test_without_a_break_there_is_no_flag():
    span = year_to("2022-Q2")
    assert formulas.change_on_year(series({time: 50.0 for time in span}), span, "made_up_change")["flags"].item() == ""


@given(some.lists(some.one_of(some.none(), some.integers(0, 10_000)), min_size=1, max_size=27))
def test_the_sum_of_what_is_there(values):
    members = pandas.concat(
        [
            series(
                {"2022": math.nan if value is None else float(value)},
                {"2022": "x"} if value is None else {},
                f"C{number}",
            )
            for number, value in enumerate(values)
        ]
    )
    summed = formulas.sum_of_available(members, "made_up_sum", "EU27_2020", "persons")
    there = [value for value in values if value is not None]
    assert summed["flags"].item() == ("" if there else "x")
    assert summed["value"].item() == sum(there) if there else math.isnan(summed["value"].item())
