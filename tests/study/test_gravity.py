"""The gravity view, against a regression with dummies on the files as they were collected."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from conftest import SHARED
from workbench.declarations.codelists import code_list
from workbench.declarations.distances import kilometres
from workbench.study import Study
from workbench.study.gravity import FEWEST_TOLD, gravity_view

FLOWS = SHARED / "data" / "figures" / "estat" / "migr_imm1ctz" / "2025-06-09.csv.gz"
STOCKS = SHARED / "data" / "figures" / "undesa" / "migrant_stock" / "2024-12-31.csv.gz"


def study_of(country, year):
    return Study.open("migration_and_population", country=country, year=year)


@pytest.fixture(scope="module")
def lithuania():
    return gravity_view(study_of("LT", 2022))


@pytest.fixture(scope="module")
def pairs():
    """Citizenship and country, 2022, with the migrants of 2020, from the collected files."""
    if not (FLOWS.exists() and STOCKS.exists()):
        pytest.skip("the collected files are not here")
    flows = (
        pd.read_csv(FLOWS)
        .query("TIME_PERIOD == 2022 and citizen != geo and citizen != 'UA'")
        .dropna(subset="OBS_VALUE")
    )
    by_iso3 = {code.iso3: code.code for code in code_list("geo").codes.values() if code.iso3}
    stocks = pd.read_csv(STOCKS).query("year == 2020").replace({"geo": by_iso3, "origin": by_iso3})
    stocks = stocks.groupby(["origin", "geo"])["migrants"].sum().rename_axis(["citizen", "geo"]).reset_index()
    both = flows[["citizen", "geo", "OBS_VALUE"]].merge(stocks[stocks["migrants"] > 0])
    both["far"] = [kilometres(*ends) for ends in zip(both["citizen"], both["geo"])]
    both = both.dropna()
    return both[both.groupby("geo")["far"].transform("size") >= 20].reset_index(drop=True)


@pytest.fixture(scope="module")
def by_dummies(pairs):
    """Coefficients and means of the Poisson regression with a dummy for each citizenship and country, by Newton's method."""
    ends = pd.get_dummies(pairs[["citizen", "geo"]], drop_first=True).to_numpy(float)
    design = np.column_stack([np.log(pairs["far"]), np.log(pairs["migrants"]), np.ones(len(pairs)), ends])
    y = pairs["OBS_VALUE"].to_numpy(float)
    predictor = np.log(y + 1)
    for _ in range(14):
        mean = np.exp(predictor)
        working = predictor + (y - mean) / mean
        coefficients = np.linalg.solve(design.T @ (design * mean[:, None]), design.T @ (mean * working))
        predictor = design @ coefficients
    assert design.T @ (y - np.exp(predictor)) == pytest.approx(0, abs=0.1)  # the conditions of the maximum, in persons
    return coefficients, np.exp(predictor)


def test_expected_numbers_are_those_of_a_regression_with_dummies(lithuania, pairs, by_dummies):
    expected = pairs.assign(expected=by_dummies[1])[pairs["geo"] == "LT"].set_index("citizen")["expected"]
    assert {result.code("citizen") for result in lithuania.expected} >= {"IN", "KG", "RU"}
    for result in lithuania.expected:
        assert result.value == pytest.approx(expected[result.code("citizen")], rel=1e-4)


def test_elasticities_are_told_as_halves_and_doubles(lithuania, by_dummies):
    distance, diaspora = by_dummies[0][:2]
    assert lithuania.nearer.value == pytest.approx(100 * (0.5**distance - 1), rel=1e-4)
    assert lithuania.diaspora.value == pytest.approx(100 * (2**diaspora - 1), rel=1e-4)
    assert lithuania.nearer.low < lithuania.nearer.value < lithuania.nearer.high


def test_the_part_of_distance_hangs_on_the_model_and_that_of_the_diaspora_does_not(lithuania, pairs):
    """By statsmodels with a dummy for each citizenship and country, at the shape that maximum likelihood finds."""
    ends = pd.get_dummies(pairs[["citizen", "geo"]], drop_first=True).to_numpy(float)
    design = np.column_stack([np.log(pairs["far"]), np.log(pairs["migrants"]), np.ones(len(pairs)), ends])
    family = sm.families.NegativeBinomial(alpha=1 / 1.8426899817634264)
    distance, diaspora = sm.GLM(pairs["OBS_VALUE"].to_numpy(float), design, family=family).fit().params[:2]
    assert lithuania.nearer_checked.value == pytest.approx(100 * (0.5**distance - 1), rel=1e-3)
    assert lithuania.diaspora_checked.value == pytest.approx(100 * (2**diaspora - 1), rel=1e-3)
    assert lithuania.nearer.low > 0 > lithuania.nearer_checked.low and lithuania.hangs_on_the_model
    assert min(lithuania.diaspora.low, lithuania.diaspora_checked.low) > 40
    # In 2019, both say that the near come more often.
    before = gravity_view(study_of("LT", 2019))
    assert before.nearer_checked.low > 0 and not before.hangs_on_the_model


def test_ratios_are_observed_by_expected_the_highest_first(lithuania):
    values = [ratio.value for ratio in lithuania.ratios]
    assert values == sorted(values, reverse=True)
    for observed, expected, ratio in zip(lithuania.observed, lithuania.expected, lithuania.ratios, strict=True):
        assert observed.code("citizen") == expected.code("citizen") == ratio.code("citizen")
        assert ratio.value == pytest.approx(100 * observed.value / expected.value)
        assert ratio.low <= ratio.value <= ratio.high
        assert max(observed.value, expected.value) >= 100
    observed = {result.code("citizen"): result.value for result in lithuania.observed}
    assert (observed["RU"], observed["KG"]) == (2_188, 1_101)


def test_what_is_called_more_or_fewer_is_so_at_both_ends():
    view = gravity_view(study_of("NO", 2022))
    assert view.more and all(ratio.low > 100 for ratio in view.more)
    assert view.fewer and all(ratio.high < 100 for ratio in view.fewer)
    named = [ratio.code("citizen") for ratio in (view.more[0], view.fewer[0])]
    notable = [ratio.code("citizen") for ratio in view.notable]
    assert set(named) <= set(notable)
    of_both = view.of(view.notable)
    assert [result.code("citizen") for result in of_both if result.indicator == "gravity_immigration_ratio"] == notable
    assert len(of_both) == 3 * len(notable)


def test_says_how_much_it_covers_and_from_what(lithuania):
    assert lithuania.covered.value == pytest.approx(99.7, abs=0.05)
    assert lithuania.destinations.value == 20
    assert lithuania.usual.low < 100 < lithuania.usual.high
    assert lithuania.ratios[0].dataset == "migr_imm1ctz+undesa_migrant_stock"
    assert (lithuania.year, lithuania.stock_year) == ("2022", "2020")


def test_citizens_whom_countries_count_in_different_ways_are_left_out(lithuania):
    assert lithuania.left_out == ("UA",)
    assert "UA" not in {result.code("citizen") for result in lithuania.observed}
    before = gravity_view(study_of("LT", 2021))
    assert before.left_out == ()


def test_the_largest_group_that_cannot_be_told_of_is_named(lithuania):
    """Of all citizens of Belarus in the model most came to Lithuania: it decides itself what to expect."""
    assert (lithuania.untold.code("citizen"), lithuania.untold.value) == ("BY", 14_890)


def test_takes_the_newest_year_that_the_country_publishes():
    assert gravity_view(study_of("BE", 2022)).year == "2019"
    assert gravity_view(study_of("DK", 2022)).year == "2021"


@pytest.mark.parametrize("country", ["MT", "PL", "FR", "LI"])
def test_says_nothing_of_countries_that_publish_few_citizenships(country):
    view = gravity_view(study_of(country, 2022))
    assert view is None or len(view.ratios) >= FEWEST_TOLD
    assert country == "LI" or view is None
