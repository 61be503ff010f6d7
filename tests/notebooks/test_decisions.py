"""Asylum decisions: reference values from the snapshots, the choice among datasets and vintages, gaps that are named."""

import re

import pytest

from both_languages import WORDINGS, text_of
from conftest import ROOT
from notebook_code import Executed, executed
from workbench.declarations.indicators import Count, read_indicators
from workbench.model.errors import InconsistentResult
from workbench.model.paths import Project
from workbench.study import Results, Study

pytestmark = pytest.mark.slow

STUDY, QUARTERLY, ANNUAL = "asylum_decisions", "migr_asydcfstq", "migr_asydcfsta"
INDICATORS = read_indicators(Project(ROOT))
BY_CITIZENSHIP = {"dataset": QUARTERLY, "vintage": "2020-06-18"}


def opened(country: str = "LT", year: int = 2022) -> Study:
    return Study.open(STUDY, country=country, year=year)


def run(country: str, year: int) -> Executed:
    return executed(STUDY, country, year)


def shown(executed: Executed, exhibit: str) -> Results:
    """The results that a figure or table shows."""
    return Results(executed.exhibits()[exhibit])


# Reference values, worked out by hand from the rows of the snapshots


def test_decisions_and_rate_of_lithuania_2015_are_those_of_the_published_facts():
    """Quarters of 2015 in the vintage of June 2023; 85 of 180. Each of the four is within 2.5, so the rate lies between
    75 of 190 and 95 of 170."""
    study = opened(year=2015)
    assert study.one("first_instance_decisions").value == 180 and study.one("first_instance_positive").value == 85
    rate = study.one("recognition_rate_pct")
    assert round(rate.value, 1) == 47.2
    assert (rate.low, rate.high) == (pytest.approx(100 * 75 / 190), pytest.approx(100 * 95 / 170))


def test_the_rate_of_lithuania_2022_and_how_far_it_is_from_the_union():
    """Lithuania (405 + 110 + 95 + 125 decisions, 110 + 40 + 70 + 85 positive); the EU-27 published 632,585 decisions and
    310,475 positive ones in the four quarters."""
    study = opened()
    assert study.one("first_instance_decisions").value == 405 + 110 + 95 + 125
    assert study.one("recognition_rate_pct").value == pytest.approx(100 * 305 / 735)
    union = {
        name: study.one(name, geo="EU27_2020").value for name in ("first_instance_decisions", "first_instance_positive")
    }
    assert union == {"first_instance_decisions": 632_585, "first_instance_positive": 310_475}
    less = study.one("recognition_rate_pct_less_eu27_pp")
    assert less.value == pytest.approx(100 * (305 / 735 - 310_475 / 632_585)) and less.low < less.value < less.high < 0


def test_protection_without_humanitarian_status_where_a_quarter_had_no_such_decision():
    """Lithuania 2015 by citizenship: refugee status 10, subsidiary protection 55, all decisions 170. One quarter has
    rejections alone, and is no gap."""
    study = opened(year=2015)
    kinds = ["GENCONV", "SUB_PROT", "TOTAL"]
    by_kind = study.results("first_instance_outcomes_over_citizenships", decision=kinds, **BY_CITIZENSHIP)
    assert [result.value for result in by_kind] == [10, 55, 170]
    rate = study.one("protection_rate_over_citizenships_pct", **BY_CITIZENSHIP)
    assert rate.value == pytest.approx(100 * 65 / 170) and rate.vintage == "2020-06-18"


def test_the_protection_rate_of_unhcr_leaves_closed_applications_out():
    """Lithuania 2022: 321 recognised, 16 other protection, 532 rejected, 790 closed."""
    study = opened()
    parts = study.results(
        *(f"unhcr_decisions_{part}" for part in ("recognised", "other_protection", "rejected", "closed"))
    )
    assert [part.value for part in parts] == [321, 16, 532, 790]
    assert study.one("unhcr_protection_rate_pct").value == pytest.approx(100 * 337 / 869)


# Levels of UNHCR


@pytest.mark.parametrize(("country", "year", "level"), [("LT", 2022, "FI"), ("AT", 2022, "FA"), ("DE", 2019, "NA")])
def test_unhcr_is_read_at_the_level_that_holds_a_countrys_first_decisions(country, year, level):
    executed = run(country, year)
    assert executed.names["level"].code == level
    rate = executed.names["unhcr_rate"]
    assert rate.is_available and rate.code("dec_level") == ("TOTAL" if level == "FI" else level)
    # Never a sum over levels: the four outcomes are those of the one level, closed ones among them.
    (at_level,) = executed.names["of_the_level"]
    assert (at_level.code("dec_level"), at_level.code("counted")) == (level, "P")
    kinds = {f"unhcr_decisions_{kind}" for kind in ("recognised", "other_protection", "rejected", "closed")}
    drawn = shown(executed, "figure-outcomes")
    outcomes = [result for result in drawn if result.indicator in kinds and result.time == str(year)]
    assert len(outcomes) == len(kinds)
    assert sum(result.value for result in outcomes) == pytest.approx(at_level.value, abs=5)


def test_a_year_that_unhcr_repeats_is_said_to_repeat_and_others_are_not():
    """UNHCR has 595 decisions for Lithuania in 2021, each outcome as in 2020; Eurostat shows 3,275."""
    study = opened()
    for indicator in ("unhcr_decisions_on_substance", "unhcr_decisions_rejected", "unhcr_protection_rate_pct"):
        assert [(r.is_available, r.flags) for r in study.results(indicator, time=[2020, 2021, 2022])] == [
            (True, ""), (False, "l"), (True, "")
        ]  # fmt: skip
    (repeats,) = run("LT", 2022).names["repeats"]
    assert "2021" in text_of(repeats) and "2020" in text_of(repeats)


# Choice among datasets and vintages


def test_the_first_source_that_has_the_year_is_taken():
    for year in (2015, 2022):
        decisions = opened(year=year).one("first_instance_decisions")
        # The annual dataset has 2015 too; the quarters, which alone have the EU-27, come first.
        assert decisions.dataset == QUARTERLY and decisions.vintage == "2023-06-26"


def test_a_dataset_that_is_named_is_read_though_it_has_nothing():
    annual = opened().one("first_instance_decisions", dataset=ANNUAL)
    assert (annual.dataset, annual.vintage, annual.flags) == (ANNUAL, "2017-04-26", "x"), "it ends with 2016"
    final = opened().one("final_decisions", dataset="migr_asydcfina")
    assert (final.dataset, final.vintage, final.flags) == ("migr_asydcfina", "none", "x")


def test_a_vintage_that_is_named_is_read_for_other_years_than_the_reference_year():
    study = opened()
    older = study.results("first_instance_decisions", time=[2018, 2019], citizen="TJ", **BY_CITIZENSHIP)
    assert [result.value for result in older] == [55, 110] and {result.vintage for result in older} == {"2020-06-18"}


def test_a_sum_over_citizenships_is_another_indicator_than_the_published_total():
    """Lithuania 2019: 320 decisions, 95 positive, as published; the citizenships of the vintage without totals make 305 and
    80. One id has one value."""
    study = opened()
    published = study.results("first_instance_decisions", "first_instance_positive", "recognition_rate_pct", time=2019)
    assert [r.value for r in published] == [320, 95, pytest.approx(100 * 95 / 320)]
    ids = [f"first_instance_{what}_over_citizenships" for what in ("decisions", "positive")]
    summed = study.results(*ids, "recognition_rate_over_citizenships_pct", time=2019, **BY_CITIZENSHIP)
    assert [r.value for r in summed] == [305, 80, pytest.approx(100 * 80 / 305)]
    for indicator in (
        "first_instance_decisions",
        "first_instance_positive",
        "first_instance_protection",
        "recognition_rate_pct",
    ):
        assert study.one(indicator, time=2019, **BY_CITIZENSHIP).flags == "x"


def test_no_count_is_a_published_total_here_and_a_sum_over_citizenships_there():
    """Where one source of a count is as published, none adds up the parts of the same dimension, the sexes of a file apart
    that has no total of them."""
    for indicator, declared in INDICATORS.indicators.items():
        for source in declared.sources if isinstance(declared, Count) else ():
            others = [other for other in declared.sources if "citizen" not in other.over]
            assert "citizen" not in source.over or not others, indicator


def test_the_newest_breakdown_is_the_last_whole_year_before_and_says_its_vintage():
    assert opened().newest("first_instance_decisions", citizen="*") == {"time": "2019", **BY_CITIZENSHIP}
    assert opened(year=2017).newest("first_instance_decisions", citizen="*") == {"time": "2017", **BY_CITIZENSHIP}
    # Liechtenstein lacks the last quarter of 2019.
    assert opened("LI").newest("first_instance_decisions", citizen="*")["time"] == "2018"


def test_a_part_and_a_whole_of_two_vintages_make_no_rate():
    with pytest.raises(InconsistentResult, match="two vintages of one dataset") as refusal:
        opened(year=2017).results("first_instance_decisions_share_pct", citizen="RU")
    assert "2020-06-18 and migr_asydcfstq 2023-06-26" in str(refusal.value)


# The study


@pytest.mark.parametrize(("country", "year"), [("LT", 2022), ("LT", 2024), ("AT", 2015), ("LI", 2010), ("UK", 2022)])
def test_what_a_year_lacks_is_no_empty_figure_or_table(country, year):
    exhibits = run(country, year).exhibits()
    assert exhibits and all(any(result.is_available for result in results) for results in exhibits.values())
    assert "table-final-decisions" not in exhibits


def test_what_the_reference_year_lacks_stands_apart_under_the_newest_year():
    executed = run("LT", 2022)
    by_exhibit = {
        "figure-outcomes": ("first_instance_outcomes_over_citizenships", "protection_rate_over_citizenships_pct"),
        "figure-citizenships": ("first_instance_decisions", "recognition_rate_pct", "protection_rate_pct"),
    }
    for exhibit, indicators in by_exhibit.items():
        for indicator in indicators:
            results = [result for result in shown(executed, exhibit) if result.indicator == indicator]
            assert {result.vintage for result in results} == {"2020-06-18"}, indicator
            assert max(result.time for result in results) == "2019", indicator


def test_a_year_with_its_own_breakdown_has_neither_gaps_nor_citizenships_of_unhcr():
    executed = run("LT", 2017)
    assert {result.dataset for result in shown(executed, "figure-citizenships")} == {QUARTERLY}
    outcomes = shown(executed, "figure-outcomes")
    assert any(result.code("decision") == "REJECTED" and result.time == "2017" for result in outcomes)
    rate = outcomes.one(indicator="protection_rate_over_citizenships_pct", time="2017")
    assert rate.value == pytest.approx(100 * 285 / 355)


def test_citizenships_of_a_year_that_eurostat_lacks_are_those_of_unhcr_and_said_to_be():
    """Lithuania 2022, decisions on substance: Iraq 263, Belarus 224, Afghanistan 53 of 869; 16 of the 263 protected."""
    executed = run("LT", 2022)
    leading = executed.names["unhcr_leading"]
    assert set(leading) <= set(shown(executed, "figure-citizenships"))
    of_each = {r.code("citizen"): r.value for r in leading}
    assert {code: of_each[code] for code in ("IQ", "BY", "AF")} == {"IQ": 263, "BY": 224, "AF": 53}
    assert sum(of_each.values()) == 869
    first = executed.names["unhcr_largest_group"]()
    assert {round(result.value, 1) for result in first.results} == {263, 869, 6.1} and "UNHCR" in text_of(first)
    assert {result.time for result in first.results} == {"2022"}


def test_what_is_left_of_a_level_of_unhcr_is_of_that_level():
    other = shown(run("AT", 2022), "figure-citizenships").one(indicator="unhcr_decisions_on_substance", citizen="OTHER")
    assert other.breakdown == "citizen=OTHER;dec_level=FA"


def test_no_year_has_two_rates_of_one_definition():
    """The rate of 2019 is that of the published totals: the sums over citizenships leave 11 to 50 per cent open."""
    results = run("LT", 2022).record.results
    assert not [r for r in results if r.indicator == "recognition_rate_over_citizenships_pct"]
    rates = [
        r
        for r in results
        if r.indicator == "recognition_rate_pct" and (r.geo, r.time, r.breakdown) == ("LT", "2019", "")
    ]
    assert [round(r.value, 1) for r in rates] == [29.7]


@pytest.mark.parametrize(("country", "year"), [("LT", 2022), ("AT", 2017), ("EE", 2016)])
def test_outcomes_and_what_they_leave_are_all_decisions(country, year):
    names = run(country, year).names
    outcomes, wholes = names["parted"](country, names["from_details"])
    for whole in (whole for whole in wholes if whole.is_available):
        parts = [part for part in outcomes if part.time == whole.time]
        # Less than a hundredth is no part of its own; rounding may give the parts more than their whole.
        assert sum(part.value for part in parts) >= 0.99 * whole.value
        if any(part.code("decision") == "NOT_BROKEN_DOWN" for part in parts):
            assert sum(part.value for part in parts) == whole.value


@pytest.mark.parametrize(
    ("country", "year"),
    [("LT", 2022), ("LT", 2024), ("MT", 2022), ("SK", 2022), ("EE", 2016), ("UK", 2019), ("CH", 2021)],
)
def test_key_findings_say_something(country, year):
    """No nought or hundred per cent, no change of open direction, no rank of a country outside the Union."""
    executed = run(country, year)
    findings = executed.findings()
    assert findings
    for finding in findings:
        assert not re.search(r"(?<![\d.])(0|0\.0|100|100\.0)%|\b0–\d+% (more|fewer)|\[[xzu]\]", finding), finding
        assert finding[0].isupper(), finding
    assert country in ("LT", "MT", "SK", "EE") or not any(" ranked " in finding for finding in findings)
    headlines = [said.headline.key for said in executed.recorded.statements if said.headline]
    assert len(headlines) == len(set(headlines))


@pytest.mark.parametrize("country", ["LT", "AT", "MT", "IS"])
def test_outcomes_make_up_the_decisions_within_rounding_and_protection_never_exceeds_recognition(country):
    names = run(country, 2017).names
    study = names["study"]
    kinds = ["GENCONV", "SUB_PROT", "HUMSTAT", "REJECTED"]
    outcomes = "first_instance_outcomes_over_citizenships"
    by_kind = study.results(outcomes, decision=kinds, **names["newest"])
    total = study.one(outcomes, decision="TOTAL", **names["newest"])
    assert sum(kind.low for kind in by_kind) <= total.high and total.low <= sum(kind.high for kind in by_kind)
    recognition, protection = (
        study.one(f"{rate}_over_citizenships_pct", **names["newest"])
        for rate in ("recognition_rate", "protection_rate")
    )
    assert protection.low <= recognition.high


def test_a_rate_on_fewer_than_thirty_decisions_is_withheld():
    # Lithuania 2019: 110 decisions on citizens of Tajikistan, 20 on citizens of Syria.
    rates = shown(run("LT", 2022), "figure-citizenships")
    rate = {"indicator": "recognition_rate_pct", "geo": "LT"}
    assert rates.one(**rate, citizen="TJ").value == pytest.approx(100 * 20 / 110)
    assert rates.one(**rate, citizen="SY").flags == "u"


@pytest.mark.parametrize("language", ["en", "lt"])
@pytest.mark.parametrize(("country", "year"), [("LI", 2010), ("EE", 2008), ("UK", 2022), ("CY", 2008), ("LI", 2015)])
def test_extremes_hold_together(country, year, language):
    executed = run(country, year)
    assert 'id="figure-outcomes"' in executed.html(WORDINGS[language])


# Figures for the year as published


def test_annual_figures_are_those_of_the_card_and_rounding_explains_the_difference_from_the_quarters():
    """The card's check values, 2008 to 2016."""
    names = run("LT", 2016).names
    annual = {
        name: [result.value for result in names["of_the_year"] if result.indicator == f"first_instance_{name}"]
        for name in ("decisions", "positive")
    }
    assert annual == {
        "decisions": [105, 145, 190, 305, 390, 175, 185, 180, 280],
        "positive": [65, 40, 15, 25, 55, 55, 70, 85, 195],
    }
    assert len(names["both_decisions"]) == 9 and not names["apart"]
    table = shown(run("LT", 2016), "table-as-published-for-the-year")
    rejected = [result.value for result in table if result.indicator == "first_instance_rejected"]
    assert rejected == [35, 100, 175, 285, 335, 120, 110, 95, 85]
    assert {result.dataset for result in table} == {QUARTERLY, ANNUAL}


def test_a_year_that_was_revised_is_told_with_both_numbers():
    """Sweden 2016: 95,605 for the year in April 2017, 95,840 in the quarters of June 2023."""
    run_of_sweden = run("SE", 2016)
    told = [text_of(sentence) for sentence in run_of_sweden.names["revised"]]
    assert any("For 2016, Eurostat published 95,605 decisions for the year" in one and "95,840" in one for one in told)
    assert not any("no more than rounding" in said for said in run_of_sweden.said())


def test_annual_figures_are_left_out_of_a_year_that_has_none():
    executed = run("LT", 2022)
    assert "table-as-published-for-the-year" not in executed.exhibits()
    assert ANNUAL not in {source.dataset for source in executed.record.sources}


# Pace and backlog


@pytest.mark.parametrize(
    ("geo", "months", "per_hundred"),
    [("LT", 505 / 735 * 12, 735 / 1025 * 100), ("EU27_2020", 878_015 / 632_585 * 12, 632_585 / 955_940 * 100)],
)
def test_the_backlog_is_the_stock_of_december_at_the_pace_of_the_year(geo, months, per_hundred):
    """Pending at the end of December 2022, decisions and applicants of 2022, each added up or read with pandas from the files."""
    study = opened()
    backlog, clearance = (
        study.one(name, geo=geo) for name in ("pending_in_months_of_decisions", "decisions_per_100_applicants")
    )
    assert backlog.value == pytest.approx(months) and backlog.low <= months <= backlog.high
    assert clearance.value == pytest.approx(per_hundred)


def test_the_backlog_is_told_of_the_year_that_has_one():
    told = "\n".join(run("LT", 2022).findings())
    assert "505 persons waited for a decision in Lithuania: the work of 8 months" in told
    assert "waited for a decision" not in "\n".join(run("LT", 2024).findings()), "its decisions are of two quarters"


# Dublin


def test_dublin_requests_are_those_of_the_file_and_no_total_is_counted_twice():
    """Lithuania 2013: 453 received and 15 sent, 9 transfers; 2015: 909 received, 305 of them from Germany."""
    study = opened(year=2015)
    counts = ("dublin_requests_in", "dublin_requests_out", "dublin_requests_net", "dublin_transfers_out")
    assert [study.one(count, time=2013).value for count in counts] == [453, 15, 438, 9]
    total, by_partner = (study.results("dublin_requests_in", **by) for by in ({}, {"partner": study.every}))
    assert total.one().value == sum(r.value for r in by_partner if r.is_available) == 909
    assert not {"TOTAL", "EU28"} & {r.code("partner") for r in by_partner}
    assert by_partner.one(partner="DE").value == 305
    # 15 requests are too few for a rate.
    assert study.one("dublin_transfers_per_100_requests", time=2013).flags == "u"


def test_what_two_states_report_of_each_other_stands_side_by_side():
    """Lithuania counts 305 requests from Germany in 2015, Germany 288 to Lithuania."""
    executed = run("LT", 2015)
    (own, other, _), *_ = executed.names["mirror_in"]
    assert (own.value, other.value, other.geo, other.code("partner")) == (305, 288, "DE", "LT")
    assert "Lithuania reports 305 requests from Germany in 2015; Germany reports 288 to Lithuania." in executed.said()


def test_dublin_stands_under_its_own_year_and_is_left_out_once_it_is_old():
    """Lithuania has sent no figures of outgoing requests after 2013, and none of incoming ones after 2015."""

    def shown_of(year):
        executed = run("LT", year)
        return {name for name in executed.exhibits() if "dublin" in name}, executed

    exhibits, of_2015 = shown_of(2015)
    # The 15 requests that it sent in 2013 are too few to be told by State.
    assert exhibits == {"figure-dublin-in", "table-dublin-by-year"}
    assert "In 2015, Lithuania received 909 requests under the Dublin Regulation." in of_2015.findings()
    assert shown_of(2017)[0] == {"figure-dublin-in", "table-dublin-by-year"}
    assert not any("Dublin" in finding for finding in shown_of(2017)[1].findings())
    exhibits, of_2022 = shown_of(2022)
    assert not exhibits and not {"migr_dubri", "migr_dubro"} & {source.dataset for source in of_2022.record.sources}


# What lies behind the rate


def test_what_lies_behind_the_rate_of_lithuania_2022_is_a_finding_in_both_languages():
    """38.8 % by UNHCR's count; 55.3 % expected of the same citizenships, 49.9 % in the Member States together."""
    executed = run("LT", 2022)
    for wording, numbers in zip(WORDINGS.values(), (("55.3%", "38.8%", "49.9%"), ("55,3 %", "38,8 %", "49,9 %"))):
        found = [finding.replace("\N{NO-BREAK SPACE}", " ") for finding in executed.findings(wording)]
        assert sum(all(number in finding for number in numbers) for finding in found) == 1
    parts = {r.indicator: r.value for r in shown(executed, "table-behind-the-gap")}
    rate = "unhcr_protection_rate_pct"
    assert parts[f"{rate}_gap_by_mix_pp"] + parts[f"{rate}_gap_by_rates_pp"] == pytest.approx(
        parts[rate] - parts["unhcr_protection_rate_members_pct"]
    )


def test_a_state_outside_the_union_is_beside_the_member_states_and_not_among_them():
    title = next(title for title in run("CH", 2022).titles() if "for a hundred expected, Switzerland" in title)
    assert title.endswith("stands out beside the Member States")


def test_a_state_that_stands_out_is_said_to_and_drawn_outside():
    executed = run("LT", 2022)
    title = next(title for title in executed.titles() if "for a hundred expected, Lithuania" in title)
    assert "stands out" in title and "70" in title
    funnel = shown(executed, "figure-funnel")
    own = next(r for r in funnel if r.geo == "LT" and r.indicator.endswith("_per_100_expected"))
    limit = next(r for r in funnel if r.geo == "LT" and r.breakdown == "level=99.8")
    assert own.value < limit.low


def test_where_the_two_cannot_be_told_apart_the_study_says_so():
    """Austria reports first instance and appeal together to UNHCR, and Eurostat's citizenships end before 2022."""
    executed = run("AT", 2022)
    assert "the two cannot be told apart" in executed.html()
    assert not {"table-behind-the-gap", "figure-funnel"} & set(executed.exhibits())


def test_eurostat_is_asked_where_its_rounding_leaves_the_answer_known():
    of_germany = shown(run("DE", 2019), "table-behind-the-gap")
    assert {r.indicator for r in of_germany} >= {"expected_recognition_rate_pct", "standardised_recognition_rate_pct"}
    assert {r.dataset for r in of_germany} == {QUARTERLY} and {r.vintage for r in of_germany} == {"2020-06-18"}
    assert {r.dataset for r in shown(run("LT", 2019), "table-behind-the-gap")} == {"unhcr_asylum_decisions"}


@pytest.mark.parametrize("country", ["LT", "MT", "CH"])
def test_a_change_by_unhcrs_count_is_said_to_be_that(country):
    """By Eurostat's count the rate may have moved the other way, and that stands on the same page: in Switzerland it did."""
    said = run(country, 2022).said()
    assert [one for one in said if one.startswith("By UNHCR’s count, the rate went from ")]
    assert [one for one in said if one.startswith("By Eurostat’s count, positive decisions went from ")]
    assert not any(re.search("^From .* (the rate|decisions) went from", one) for one in said)
    assert "by UNHCR’s count it had" in next(
        one for one in run(country, 2022).titles() if one.startswith("With its mix")
    )


def test_decisions_that_hardly_changed_are_not_told_by_one_citizenship():
    """Switzerland: 11,159 in 2021 and 11,157 in 2022, whatever became of single citizenships."""
    assert not any("contribute" in said for said in run("CH", 2022).said())
    assert any("contribute" in said for said in run("MT", 2022).said())


def test_none_by_unhcrs_count_is_as_far_as_small_numbers_are_published():
    (largest,) = [said for said in run("MT", 2022).findings() if "citizens of Sudan" in said]
    assert largest.endswith("0 of theirs granted protection, as far as small numbers are published.")
