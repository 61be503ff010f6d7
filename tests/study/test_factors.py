"""What made the number of grants change: three factors whose effects add up, held against the files."""

import pytest

from notebook_code import names_after
from workbench.methods.decomposition import das_gupta, effect_of_factor


@pytest.mark.parametrize(("country", "year"), [("LT", 2022), ("DE", 2022), ("EE", 2022), ("MT", 2022)])
def test_the_effects_of_the_factors_add_up_to_the_change(country, year):
    names = names_after("asylum_decisions", country, year)
    factors, now, before = names["factors"], names["counts_now"], names["counts_before"]
    assert sum(factor.value for factor in factors) == pytest.approx(now[-1].value - before[-1].value)
    assert all(factor.low <= factor.value <= factor.high for factor in factors)


def test_the_grants_of_lithuania_in_2022():
    """3,940 applicants, 3,275 decisions, 415 grants became 1,025, 735, 305: by Das Gupta's formula, computed by hand."""
    effects = {factor.code("factor"): factor.value for factor in names_after("asylum_decisions", "LT", 2022)["factors"]}
    assert effects["APPLICANTS"] == pytest.approx(-603.2, abs=0.1)
    assert effects["PACE"] == pytest.approx(-68.8, abs=0.1)
    assert effects["RECOGNITION"] == pytest.approx(562.0, abs=0.1)


def test_the_effect_of_a_factor_is_that_of_das_gupta():
    now, before = {"a": 1025.0, "b": 0.72, "c": 0.41, "d": 3.0}, {"a": 3940.0, "b": 0.83, "c": 0.13, "d": 2.0}
    standardised, _ = das_gupta([now, before])
    for at, name in enumerate(now):
        of_product = effect_of_factor(list(now.values()), list(before.values()), at)
        assert of_product == pytest.approx(standardised[name][0] - standardised[name][1])


def test_a_country_without_grants_has_no_factors():
    names = names_after("asylum_decisions", "LI", 2016)
    assert not names["factors"]
