"""The study of visas: the Commission's own totals, figures worked out from the published file, and what it says of them."""

import pandas
import pytest

from both_languages import LT
from conftest import shared
from notebook_code import Executed, executed
from workbench.study import Results, Study

pytestmark = pytest.mark.slow

STUDY = "visas"
FILE = "data/figures/dghome/schengen_visas/2025-06-01.csv.gz"
MEASURES = ["VISA_ISSUED", "LTV_ISSUED", "VISA_REFUSED"]
TOTALS = {"2014": 16_725_908, "2019": 16_955_541, "2020": 2_924_365, "2023": 10_327_572, "2024": 11_716_723}
OF_LITHUANIA = {"2014": 463_709, "2019": 359_484, "2024": 33_532}


def run_of(country: str, year: int) -> Executed:
    return executed(STUDY, country, year)


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.open(STUDY, country="LT", year=2024)


@pytest.fixture(scope="module")
def published() -> pandas.DataFrame:
    """The file as it was compiled, without the States that issue national visas."""
    rows = pandas.read_csv(shared(FILE), keep_default_na=False, na_values=[""])
    return rows[rows["status"] == "SCHENGEN"]


def test_the_sums_are_the_totals_that_the_commission_prints(study):
    of_area = study.results("visas_applied", geo=study.schengen, time=list(TOTALS))
    assert {result.time: result.value for result in of_area} == TOTALS
    own = study.results("visas_applied", time=list(OF_LITHUANIA))
    assert {result.time: result.value for result in own} == OF_LITHUANIA
    assert all(result.low == result.value == result.high and not result.flags for result in (*of_area, *own))


@pytest.mark.parametrize("year", [2011, 2019, 2022, 2024])
def test_the_rate_is_of_what_was_decided_and_not_of_what_was_applied_for(study, published, year):
    sums = published[published["TIME_PERIOD"] == year].groupby("geo")[MEASURES].sum()
    expected = sums["VISA_REFUSED"] / sums.sum(axis=1) * 100
    rates = study.results("visas_not_issued_rate_pct", geo=list(sums.index), time=year)
    assert {rate.geo: rate.value for rate in rates} == pytest.approx(expected.to_dict())
    of_area = study.one("visas_not_issued_rate_pct", geo=study.schengen, time=year)
    assert of_area.value == pytest.approx(sums["VISA_REFUSED"].sum() / sums.to_numpy().sum() * 100)


@pytest.mark.parametrize(("year", "rank", "states"), [(2019, 11, 25), (2022, 18, 25), (2024, 23, 28)])
def test_ranks_are_among_the_states_that_issued_schengen_visas_in_the_year(study, published, year, rank, states):
    issuing = set(published.loc[published["TIME_PERIOD"] == year, "geo"])
    asked = [*issuing, "IE", "CY"]
    ranks = study.results("visas_applied_rank_schengen", geo=asked, time=year)
    assert {result.geo for result in ranks if result.is_available} == issuing
    assert ranks.one(geo="LT").value == rank and ranks.one(geo="IE").flags == "z"
    assert study.one("visas_applied_ranked_schengen", geo=study.schengen, time=year).value == len(issuing) == states


def test_bulgaria_is_not_counted_twice_in_the_year_in_which_it_joined():
    study = Study.open(STUDY, country="BG", year=2024)
    applied, national = study.one("visas_applied"), study.one("national_visas_applied")
    assert (applied.value, national.value) == (122_229, 38_250)
    assert not study.one("visas_applied", time=2023).is_available
    assert any("did not issue Schengen visas yet" in said for said in run_of("BG", 2024).findings())


def test_what_a_state_publishes_for_no_consulate_is_a_gap_unless_others_show_that_it_is_none(study):
    refused = study.results("visas_not_issued", time=[2009, 2010, 2011])
    assert [result.is_available for result in refused] == [False, False, True] and refused[0].flags == "x"
    assert not study.one("visas_multiple_entry", time=2009).is_available
    # Iceland has no visas of limited validity, a column that is empty for it; its rate is one all the same.
    limited, rate = study.results("visas_limited_validity", "visas_not_issued_rate_pct", geo="IS", time=2019)
    assert limited.value == 0 and rate.value == pytest.approx(223 / (18_020 + 223) * 100)
    assert study.one("visas_applied", consulate="NIAMEY").value == 0


@pytest.mark.parametrize("year", [2019, 2024])
def test_the_expected_rate_takes_that_of_all_states_country_by_country(study, published, year):
    of_year = published[published["TIME_PERIOD"] == year]
    by_country = of_year.groupby("partner")[MEASURES].sum()
    rates = by_country["VISA_REFUSED"] / by_country.sum(axis=1)
    own = of_year[of_year["geo"] == "LT"].groupby("partner")[MEASURES].sum().sum(axis=1)
    own = own[own > 0]
    expected = (own * rates.reindex(own.index)).sum() / own.sum() * 100
    assert study.one("visas_not_issued_expected_pct", time=year).value == pytest.approx(expected)


def test_the_share_of_russia_and_belarus_and_the_concentration_are_those_of_the_file(study, published):
    of_year = published[(published["geo"] == "LT") & (published["TIME_PERIOD"] == 2019)]
    shares = of_year.groupby("partner")["VISA_APPLIED"].sum() / of_year["VISA_APPLIED"].sum()
    there, hhi, five = study.results(
        "visas_russia_belarus_pct", "visas_partner_hhi", "visas_partner_top5_pct", time=2019
    )
    assert there.value == pytest.approx((shares["RU"] + shares["BY"]) * 100) == pytest.approx(91.8956, abs=1e-4)
    assert hhi.value == pytest.approx((shares**2).sum())
    assert five.value == pytest.approx(shares.nlargest(5).sum() * 100)


def test_consulates_are_counted_by_their_names_and_shown_in_their_country():
    run = run_of("LT", 2022)
    published = Results(run.record.results)
    assert published.one(indicator="visas_consulates", time="2022").value == 22
    table = {
        result.breakdown: result
        for result in run.exhibits()["figure-consulates"]
        if result.indicator == "visas_applied"
    }
    assert table["consulate=MINSK;partner=BY"].value == 6_061 and len(table) == 15
    html = run.html(LT)
    assert "Kaliningrad, Rusija" in html and "Chicago, IL, Jungtinės Amerikos Valstijos" in html


def test_a_rate_over_few_decisions_is_withheld():
    rates = Study.open(STUDY, country="LT", year=2024).results(
        "visas_not_issued_rate_pct", consulate=["TOKYO", "MINSK"]
    )
    assert (rates[0].is_available, rates[0].flags) == (False, "u")
    assert rates[1].value == pytest.approx(320 / (3_781 + 70 + 320) * 100)


@pytest.mark.parametrize("country", ["IE", "LI", "CY", "UK"])
def test_a_state_that_issues_no_schengen_visas_has_a_page_that_says_so(country):
    run = run_of(country, 2022)
    assert "have no Schengen visas of" in run.findings()[0] and "7,572,755" in run.findings()[0]
    assert not any("ranked" in said for said in run.said())


def test_the_findings_of_lithuania_are_those_of_the_file_in_both_languages():
    run = run_of("LT", 2024)
    told = "\n".join(run.findings()).replace("\N{NO-BREAK SPACE}", " ")
    for number in (
        "33,532",
        "9.3%",
        "28,131",
        "58.9%",
        "14.1%",
        "4,671",
        "9.6%",
        "Kazakhstan: 8,701",
        "23rd of the 28",
    ):
        assert number in told
    told = "\n".join(run.findings(LT)).replace("\N{NO-BREAK SPACE}", " ")
    for number in ("33 532", "9,3 %", "28 131", "14,1 %", "Kazachstane: 8 701"):
        assert number in told


def test_the_title_beside_the_neighbours_says_who_received_most_in_proportion():
    run = run_of("LT", 2022)
    rates = {r.geo: r for r in run.exhibits()["figure-neighbours"] if r.time == "2022"}
    first = max(rates.values(), key=lambda rate: rate.value)
    assert first.geo == "EE" and len(rates) > 2
    assert (
        f"Of these countries, Estonia received the highest number of applications per thousand inhabitants in 2022: {first.value:.1f}; "
        f"Lithuania, {rates['LT'].value:.1f}"
    ) in run.titles()
    assert all(len(title.split(" ")) <= 22 for title in run.titles())


def test_no_numbers_are_taken_for_those_of_2013_with_negative_cells():
    # Six cells of Spain are negative; they lower the sum, and its bounds hold it.
    issued = Study.open(STUDY, country="ES", year=2013).one("visas_issued")
    assert issued.low <= issued.value <= issued.high
