"""What lies behind a recognition rate: values worked out by pandas from the rows of the snapshots, and what always holds."""

from functools import cache

import numpy
import pandas
import pytest

from conftest import ROOT
from workbench.declarations.codelists import members
from workbench.study import Results, Study, scatter_between_members
from workbench.study.standardised import EUROSTAT, FEW, Behind, behind_the_rate, mixes

pytestmark = pytest.mark.slow

STARTER = ROOT / "workbench" / "data" / "starter"
BY_CITIZENSHIP = {"dataset": "migr_asydcfstq", "vintage": "2020-06-18"}


@cache
def opened(country: str, year: int) -> Study:
    return Study.open("asylum_decisions", country=country, year=year)


@cache
def behind(country: str, year: int) -> Behind:
    study = opened(country, year)
    detailed = study.newest("first_instance_outcomes", citizen=study.every, decision=["TOTAL"])
    found = behind_the_rate(study, detailed, has_first_instance=True)
    assert found is not None
    return found


@cache
def unhcr(year: int) -> pandas.DataFrame:
    """Grants and decisions on substance at first instance, by country of asylum and origin."""
    rows = pandas.read_parquet(next((STARTER / "unhcr" / "unhcr_asylum_decisions").glob("*.parquet")))
    rows = rows.astype({name: str for name in ("geo", "citizen", "measure", "time", "dec_level", "counted")})
    rows = rows[(rows["time"] == str(year)) & (rows["dec_level"] == "FI") & (rows["counted"] == "P")]
    table = rows[rows["procedure_type"].astype(str) == "G"].pivot_table(
        index=["geo", "citizen"], columns="measure", values="value", aggfunc="sum", fill_value=0
    )
    granted = table["RECOGNISED"] + table["OTHER_PROTECTION"]
    decided = pandas.DataFrame({"granted": granted, "decided": granted + table["REJECTED"]})
    return decided[decided["decided"] > 0]


def union(year: int) -> pandas.DataFrame:
    held = unhcr(year)
    return held[held.index.get_level_values("geo").isin(members("EU27_2020", year))].groupby("citizen").sum()


def test_lithuania_2022_by_unhcr_as_pandas_has_it():
    """38.8 % observed, 55.3 % expected, 49.9 % in the Member States together: +5.4 by the mix, −16.6 by the rates."""
    own, standard = unhcr(2022).loc["LT"], union(2022)
    rates = (standard["granted"] / standard["decided"]).reindex(own.index)
    expected = 100 * (rates * own["decided"]).sum() / own["decided"].sum()
    observed, of_union = (100 * of["granted"].sum() / of["decided"].sum() for of in (own, standard))
    gap = behind("LT", 2022).gap
    assert [round(number, 1) for number in (observed, expected, of_union)] == [38.8, 55.3, 49.9]
    assert [gap.observed.value, gap.expected.value, gap.union.value] == pytest.approx([observed, expected, of_union])
    assert gap.by_mix.value == pytest.approx(expected - of_union) and round(gap.by_mix.value, 1) == 5.4
    assert gap.by_rates.value == pytest.approx(observed - expected) and round(gap.by_rates.value, 1) == -16.6
    assert (
        gap.per_100.value == pytest.approx(100 * observed / expected)
        and gap.per_100.low < 70.1 < gap.per_100.high < 100
    )


def test_citizens_of_iraq_make_more_than_half_of_what_rates_make_in_lithuania_2022():
    """263 decisions, 16 of them grants; 37.8 % in the Member States together."""
    own, standard = unhcr(2022).loc["LT"], union(2022).loc["IQ"]
    iraq = own.loc["IQ"]
    by_rates = (
        100 * (iraq["granted"] - iraq["decided"] * standard["granted"] / standard["decided"]) / own["decided"].sum()
    )
    found = [r for r in behind("LT", 2022).gap.contributions if r.indicator.endswith("by_rates_pp")]
    assert found[0].code("citizen") == "IQ" and found[0].value == pytest.approx(by_rates)
    assert by_rates < behind("LT", 2022).gap.by_rates.value / 2


def test_the_ratio_without_a_citizenship_is_that_of_the_others():
    own, standard = unhcr(2022).loc["LT"].drop("BY"), union(2022)
    expected = ((standard["granted"] / standard["decided"]).reindex(own.index) * own["decided"]).sum()
    without = behind("LT", 2022).gap.without
    assert without.code("citizen") == "BY" and without.value == pytest.approx(100 * own["granted"].sum() / expected)


def test_little_of_the_unions_mix_has_rates_in_lithuania_and_nearly_all_in_germany():
    own, standard = unhcr(2022).loc["LT"], union(2022)
    covered = standard["decided"].reindex(own.index[own["decided"] >= FEW]).sum() / standard["decided"].sum()
    gap = behind("LT", 2022).gap
    assert gap.covered.value == pytest.approx(100 * covered) and gap.standardised is None
    germany = unhcr(2022).loc["DE"]
    germany = germany[germany["decided"] >= FEW]
    weights = standard["decided"].reindex(germany.index)
    by_the_mix = 100 * (germany["granted"] / germany["decided"] * weights).sum() / weights.sum()
    assert behind("DE", 2022).gap.standardised.value == pytest.approx(by_the_mix)


def test_the_year_that_repeats_another_is_passed_over():
    """UNHCR's figures for Lithuania in 2021 are those of 2020."""
    change = behind("LT", 2022).change
    now, before = unhcr(2022).loc["LT"].sum(), unhcr(2020).loc["LT"].sum()
    assert (change.before.time, change.now.time) == ("2020", "2022")
    whole = 100 * (now["granted"] / now["decided"] - before["granted"] / before["decided"])
    assert change.by_mix.value + change.by_rates.value == pytest.approx(whole)


@pytest.mark.parametrize(
    ("country", "year"), [("LT", 2022), ("MT", 2022), ("DE", 2022), ("CH", 2022), ("DE", 2019), ("LU", 2016)]
)
def test_components_add_up_and_so_do_their_citizenships(country, year):
    found = behind(country, year)
    gap, change = found.gap, found.change
    assert gap.by_mix.value + gap.by_rates.value == pytest.approx(gap.observed.value - gap.union.value)
    assert change.by_mix.value + change.by_rates.value == pytest.approx(change.now.value - change.before.value)
    for whole, parts in (
        (gap.by_mix, gap.contributions),
        (gap.by_rates, gap.contributions),
        (change.by_mix, change.contributions),
        (change.by_rates, change.contributions),
    ):
        of_it = [part for part in parts if part.indicator == whole.indicator]
        assert sum(part.value for part in of_it) == pytest.approx(whole.value)
        assert sum(part.low for part in of_it) <= whole.low + 1e-9 and whole.high - 1e-9 <= sum(
            part.high for part in of_it
        )


def test_germany_2019_by_eurostat_as_pandas_has_it():
    """Of rounded quarters by citizenship, in the vintage of June 2020."""
    rows = pandas.read_parquet(STARTER / "estat" / "migr_asydcfstq" / "2020-06-18.parquet")
    names = [name for name in rows.columns if name not in ("value", "obs_status", "conf_status")]
    rows = rows.astype(dict.fromkeys(names, str))
    rows = rows[rows["time"].str.startswith("2019") & rows["geo"].isin(["DE", "EU27_2020"])]
    for name in ("age", "sex"):
        rows = rows[rows[name].isin(["TOTAL", "T"])] if name in rows else rows
    table = rows.pivot_table(index=["geo", "citizen"], columns="decision", values="value", aggfunc="sum", fill_value=0)
    study = opened("DE", 2019)
    single = {
        result.code("citizen")
        for result in study.results("first_instance_decisions", citizen=study.every, time=2019, **BY_CITIZENSHIP)
    }
    own, standard = (table.loc[geo] for geo in ("DE", "EU27_2020"))
    own = own[own.index.isin(single) & (own["TOTAL"] > 0)]
    rates = (standard["TOTAL_POS"] / standard["TOTAL"]).reindex(own.index)
    expected = 100 * (rates * own["TOTAL"]).sum() / own["TOTAL"].sum()
    gap = behind("DE", 2019).gap
    assert gap.expected.indicator == "expected_recognition_rate_pct" and gap.expected.vintage == "2020-06-18"
    assert gap.expected.value == pytest.approx(expected)
    assert gap.observed.value == pytest.approx(100 * own["TOTAL_POS"].sum() / own["TOTAL"].sum())
    # A hundred citizenships, each of them rounded: less than two points are left open.
    assert 0 < gap.by_rates.high - gap.by_rates.low < 2 and gap.expected.low < expected < gap.expected.high


def test_rounding_that_leaves_too_much_open_gives_way_to_unhcrs_count():
    """Of the 305 decisions in Lithuania in 2019, each quarter of each citizenship is rounded to five."""
    study = opened("LT", 2019)
    places = mixes(study, EUROSTAT, ["LT"], "2019", BY_CITIZENSHIP)
    assert places["LT"].decisions == 305
    assert behind("LT", 2019).gap.observed.indicator == "unhcr_protection_rate_pct"


def test_a_country_of_another_instance_is_not_compared():
    study = opened("AT", 2022)
    detailed = study.newest("first_instance_outcomes", citizen=study.every, decision=["TOTAL"])
    assert behind_the_rate(study, detailed, has_first_instance=False) is None


def test_the_members_that_stand_out_are_those_outside_the_wider_limits():
    found = behind("LT", 2022).members
    assert {ratio.geo for ratio in found.outside} == {"FI", "IE", "LT", "MT", "PT", "SE"}
    limits = {limit.geo: limit for limit in found.limits if limit.code("level") == "99.8"}
    for ratio in found.ratios:
        is_within = limits[ratio.geo].low <= ratio.value <= limits[ratio.geo].high
        assert is_within == (ratio.geo not in {outside.geo for outside in found.outside})
    narrower = {limit.geo: limit for limit in found.limits if limit.code("level") == "95"}
    assert all(limits[geo].low <= narrower[geo].low for geo in limits)
    # Of fewer than a hundred decisions, Croatia and Hungary are not compared.
    assert not {"HR", "HU"} & {ratio.geo for ratio in found.ratios} and len(found.ratios) == 22
    second, third = sorted(found.ratios, key=lambda ratio: ratio.value)[:2]
    assert (second.geo, third.geo) == ("MT", "LT")


def scatter(country, year):
    study = opened(country, year)
    asked = {"geo": study.member_states, "time": study.years[-8:]}
    return study.results("recognition_rate_pct", **asked), [
        study.results(count, **asked) for count in ("first_instance_positive", "first_instance_decisions")
    ]


def test_how_far_apart_the_members_are_is_told_of_those_that_rounding_leaves_known():
    rates, counts = scatter("LT", 2022)
    found = scatter_between_members(opened("LT", 2022), rates, *counts)
    table = rates.frame.pivot_table(index="geo", columns="time", values=["value", "low", "high"])
    off = (table["high"] - table["value"]).combine(table["value"] - table["low"], lambda a, b: a.where(a > b, b))
    known = table["value"][(off <= 5).all(axis=1)]
    assert [result.value for result in found.deviations] == pytest.approx(known.std().tolist())
    assert [round(result.value, 1) for result in found.deviations][:: len(found.deviations) - 1] == [22.4, 24.6]
    assert all(result.low < result.value < result.high < result.value + 2 for result in found.deviations)
    assert [result.value for result in found.variations] == pytest.approx((100 * known.std() / known.mean()).tolist())
    shares = [of.frame.pivot_table(index="geo", columns="time", values="value").loc[known.index] for of in counts]
    granted, decided = (of / of.sum() for of in shares)
    assert [result.value for result in found.inequalities] == pytest.approx(
        (granted * numpy.log(granted / decided)).sum().tolist()
    )
    few = Results(rate for rate in rates if rate.geo < "EL")
    assert scatter_between_members(opened("LT", 2022), few, *counts) is None


def test_states_that_stood_low_gained_on_the_others_until_2019_and_changed_places_until_2022():
    for year, came_closer in ((2019, True), (2022, False)):
        rates, counts = scatter("LT", year)
        found = scatter_between_members(opened("LT", year), rates, *counts)
        assert found.caught_up.low > 0 and found.came_closer is came_closer
        first, last = (of.value for of in (found.deviations[0], found.deviations[-1]))
        assert (last < first) is came_closer


def test_rates_of_few_decisions_are_drawn_towards_those_of_the_union():
    """In Lithuania, a few decisions were on citizens of Syria, and hundreds on citizens of Iraq."""
    own, standard = unhcr(2022).loc["LT"], union(2022)
    likely = {rate.code("citizen"): rate for rate in behind("LT", 2022).gap.likely}
    for code in ("IQ", "SY"):
        here, there = (100 * of.loc[code, "granted"] / of.loc[code, "decided"] for of in (own, standard))
        assert min(here, there) - 0.1 <= likely[code].value <= max(here, there) + 0.1
        assert likely[code].low < likely[code].value < likely[code].high
    assert likely["SY"].high - likely["SY"].low > 2 * (likely["IQ"].high - likely["IQ"].low)


def test_chance_leaves_little_open_of_a_standardised_rate_of_many_decisions():
    gap = behind("DE", 2022).gap
    assert gap.by_chance.value == gap.standardised.value
    assert 0.5 < gap.by_chance.high - gap.by_chance.low < 3
    assert behind("LT", 2022).gap.by_chance is None


def test_nearly_all_member_states_lie_where_chance_would_put_one_in_twenty():
    found = behind("LT", 2022).members
    assert (found.compared.value, found.beyond_chance.value) == (22, 19)


def test_grants_of_nought_are_grants_too():
    """On citizens of Tajikistan in 2022, all were rejections."""
    own = unhcr(2022).loc["LT"]
    gap = behind("LT", 2022).gap
    assert {r.code("citizen"): r.value for r in gap.grants} == own["granted"].to_dict()
    assert {r.code("citizen") for r in gap.grants_expected} == set(own.index) and (own["granted"] == 0).any()
    expected = sum(r.value for r in gap.grants_expected)
    assert gap.per_100.value == pytest.approx(100 * own["granted"].sum() / expected)


def test_citizenships_that_are_few_in_both_years_are_not_compared_as_if_they_were_one():
    """Estonia decided on 71 persons in 2021: more than half of them of citizenships with fewer than thirty in both years."""
    before, now = unhcr(2021).loc["EE"]["decided"], unhcr(2022).loc["EE"]["decided"]
    most = before.combine(now, max, fill_value=0)
    assert before[most.reindex(before.index) < FEW].sum() > before.sum() / 2
    assert behind("EE", 2022).change is None
