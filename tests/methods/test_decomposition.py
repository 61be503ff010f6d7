"""Components of a difference: the published examples of Das Gupta's manual, and that effects add up."""

from functools import partial

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.methods.decomposition import (
    against_standard,
    das_gupta,
    effect_of_mix,
    effect_of_rates,
    kitagawa,
    stratum_by_mix,
    stratum_by_mix_of_standard,
    stratum_by_rates,
    stratum_by_rates_of_standard,
)
from workbench.methods.refusal import Reason, ThinData
from workbench.methods.rounding import formula_bounds, rounding_bounds
from workbench.methods.standardisation import weighted_rate

FEW = settings(max_examples=40, deadline=None)


def effects(first, second, formula=None):
    standardised, _ = das_gupta([first, second], formula)
    return {name: rates[1] - rates[0] for name, rates in standardised.items()}


# P. Das Gupta, Standardization and Decomposition of Rates: A User's Manual, Current Population Reports P23-186, 1993. The
# numbers of each example, and its results to more digits, are those that the R package DasGuptR documents.


def test_two_factors_mean_earnings_of_black_and_white_households():
    black, white = {"earnings": 10930, "earners": 0.717892}, {"earnings": 16591, "earners": 0.825974}
    found = effects(black, white)
    assert found == pytest.approx({"earnings": 4369.913, "earners": 1487.262}, abs=1e-3)
    standardised, crude = das_gupta([black, white])
    assert standardised["earnings"] == pytest.approx([8437.228, 12807.14], abs=5e-3)
    assert crude == pytest.approx([7846.560, 13703.73], abs=5e-3)


# Tables 2.2 (birth rates of Austria and Chile), 2.3 (births outside marriage), 2.4 (fertility of South Korea).
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([51.78746, 0.45919, 0.52638], [84.90502, 0.75756, 0.51065], [10.4340333, 10.5608476, -0.6670084]),
        ([25.3, 0.214, 0.279, 0.949], [32.7, 0.290, 0.473, 0.986], [0.6889411, 0.8125381, 1.3829055, 0.1047547]),
        (
            [0.58, 0.76, 0.84, 0.66, 16.573],
            [0.72, 0.97, 0.97, 0.56, 16.158],
            [1.0909785, 1.2298438, 0.7278399, -0.8398707, -0.1290187],
        ),
    ],
)
def test_three_four_and_five_factors(first, second, expected):
    found = effects(dict(zip("abcde", first)), dict(zip("abcde", second)))
    assert list(found.values()) == pytest.approx(expected, abs=1e-6)


def test_three_vector_factors_the_birth_rate_of_taiwan():
    """Table 4.3: births to married women, women who are married, women among all; seven age groups, 1960 and 1970."""
    earlier = {
        "births": [393, 407, 369, 274, 184, 90, 16],
        "married": [0.122, 0.622, 0.903, 0.930, 0.916, 0.873, 0.800],
        "women": [0.043, 0.041, 0.036, 0.032, 0.026, 0.020, 0.018],
    }
    later = {
        "births": [488, 452, 338, 156, 63, 22, 3],
        "married": [0.082, 0.527, 0.866, 0.941, 0.942, 0.923, 0.876],
        "women": [0.058, 0.038, 0.032, 0.030, 0.026, 0.023, 0.019],
    }
    found = effects(earlier, later, lambda births, married, women: (births * married * women).sum())
    assert list(found.values()) == pytest.approx([-7.285632, -2.720633, -1.565181], abs=1e-6)


AGES = {
    1963: "200 163 146 154 168 169 866 325 119 099 099 121 007 021 023 015 008 002 454 326 195 107 051 015",
    1968: "215 191 156 137 144 157 891 373 124 100 107 127 010 023 023 015 008 002 433 249 159 079 037 011",
    1973: "218 203 175 144 127 133 870 396 158 125 113 129 011 016 017 011 006 002 314 181 133 063 023 006",
    1978: "205 200 181 162 134 118 900 484 243 176 155 168 014 019 015 010 005 001 313 191 143 069 021 004",
    1983: "169 195 190 174 150 122 931 563 311 216 199 191 018 026 023 016 008 002 380 201 149 079 025 006",
}
"""In thousandths: of women of six ages, their share, those unmarried, births to these, and births to married women."""


def population(year):
    return dict(zip("abcd", numpy.array(AGES[year].split(), dtype=float).reshape(4, 6) / 1000))


def births_outside_marriage(a, b, c, d):
    """A rate that is no product: per thousand births."""
    outside = (a * b * c).sum()
    return 1000 * outside / (outside + (a * (1 - b) * d).sum())


def test_four_vector_factors_of_a_rate_that_is_no_product():
    """Table 4.4."""
    found = effects(population(1963), population(1983), births_outside_marriage)
    assert list(found.values()) == pytest.approx([-6.20498, 48.66154, 27.05922, 24.70928], abs=1e-5)


def test_five_populations_at_once():
    """Table 6.5."""
    standardised, crude = das_gupta([population(year) for year in AGES], births_outside_marriage)
    assert standardised["a"] == pytest.approx([72.77031, 74.65254, 73.83625, 71.36001, 64.60057], abs=1e-5)
    assert standardised["b"] == pytest.approx([53.28255, 56.63216, 59.52972, 79.49763, 104.38728], abs=1e-5)
    assert standardised["c"] == pytest.approx([62.17750, 69.61231, 60.48031, 68.54219, 94.17361], abs=1e-5)
    assert standardised["d"] == pytest.approx([54.83361, 64.43823, 81.24203, 79.60288, 74.12756], abs=1e-5)
    assert crude == pytest.approx([30.94957, 53.22084, 62.97390, 86.88830, 125.17462], abs=1e-5)


def test_the_mix_and_the_rates_of_household_heads_by_age():
    """Table 5.1: the headship rate of the United States, 1970 and 1985, per hundred."""
    sizes = numpy.array([
        [12.9, 10.9, 9.5, 8.0, 7.8, 8.4, 8.6, 7.8, 7.0, 5.9, 4.7, 3.6, 4.9],
        [10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6.0, 6.3, 5.9, 5.1, 4.0, 5.5],
    ])  # fmt: skip
    rates = numpy.array([
        [1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8],
        [2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56.0, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2],
    ])  # fmt: skip
    found = kitagawa(sizes[1] * rates[1], sizes[1], sizes[0] * rates[0], sizes[0])
    assert found.mix.sum() == pytest.approx(1.2269, abs=5e-5)
    assert found.rates.sum() == pytest.approx(1.7403, abs=5e-5)
    assert found.difference == pytest.approx(2.9672, abs=5e-5)


# What holds for any numbers

FACTORS = st.lists(st.floats(0.1, 5), min_size=3, max_size=3).map(lambda values: dict(zip("abc", values)))


@FEW
@given(st.lists(FACTORS, min_size=2, max_size=5))
def test_effects_add_up_to_the_difference_and_over_steps(populations):
    standardised, crude = das_gupta(populations)
    together = sum(standardised.values())
    # Between any two populations, the differences of the standardised rates add up to that of the rates.
    assert together - together[0] == pytest.approx(crude - crude[0], abs=1e-8)


@FEW
@given(FACTORS, FACTORS)
def test_two_populations_are_decomposed_by_all_orders_alike(one, other):
    found, back = effects(one, other), effects(other, one)
    assert found == pytest.approx({name: -value for name, value in back.items()})


STRATA = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8
).filter(lambda rows: sum(x + n for x, n, _, _ in rows) and sum(y + m for _, _, y, m in rows))


@FEW
@given(STRATA)
def test_both_components_add_up_to_the_difference_of_the_crude_rates(rows):
    x, more, y, others = (numpy.array(column) for column in zip(*rows))
    n, m = x + more, y + others
    found = kitagawa(x, n, y, m)
    assert found.difference == pytest.approx(x.sum() / n.sum() - y.sum() / m.sum(), abs=1e-12)
    # A stratum that only one of them has, or has enough of, differs by the mix alone.
    assert (found.rates[(n == 0) | (m == 0)] == 0).all()
    with_enough = kitagawa(x, n, y, m, fewest=30)
    assert (with_enough.rates[(n < 30) | (m < 30)] == 0).all()
    assert with_enough.difference == pytest.approx(found.difference, abs=1e-12)
    same_mix = kitagawa(x * m, n * m, y * n, m * n) if (n * m).sum() else None
    assert same_mix is None or same_mix.mix == pytest.approx(numpy.zeros(len(x)), abs=1e-12)


@FEW
@given(STRATA)
def test_against_a_standard_the_components_are_those_of_the_expected_rate(rows):
    x, more, y, others = (numpy.array(column) for column in zip(*rows))
    n, m = x + more, y + others + 1
    found = against_standard(x, n, y, m)
    expected = weighted_rate(y / m, n)
    assert found.rates.sum() == pytest.approx(x.sum() / n.sum() - expected, abs=1e-12)
    assert found.mix.sum() == pytest.approx(expected - y.sum() / m.sum(), abs=1e-12)
    # With shares of its own, of the standard: each stratum by itself, from the standard's crude rate.
    by_mix = (n / n.sum() - m / m.sum()) * (y / m - y.sum() / m.sum())
    assert found.mix == pytest.approx(by_mix, abs=1e-12)


@settings(max_examples=4, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(60, 300), st.integers(0, 60), st.integers(60, 300)),
        min_size=2,
        max_size=3,
    )
)
def test_what_rounds_to_the_same_numbers_lies_within_the_bounds(rows):
    counts = numpy.array(rows, dtype=float).T
    box = rounding_bounds(counts.ravel(), 5)
    compared = numpy.ones(len(rows), dtype=bool)
    for formula, component in ((effect_of_rates, "rates"), (effect_of_mix, "mix")):
        low, high = formula_bounds(partial(formula, is_compared=compared), box)
        assert low <= high
        for point in numpy.random.default_rng(5).uniform(*box, size=(30, counts.size)):
            assert low - 1e-12 <= getattr(kitagawa(*point.reshape(4, -1)), component).sum() <= high + 1e-12


@FEW
@given(STRATA)
def test_the_formulas_of_one_stratum_are_those_of_the_components(rows):
    x, more, y, others = (numpy.array(column, dtype=float) for column in zip(*rows))
    n, m = x + more + 1, y + others + 1
    found, of_standard = kitagawa(x, n, y, m), against_standard(x, n, y, m)
    for at in range(len(x)):
        counts = [numpy.array([v[at], w[at], v.sum() - v[at], w.sum() - w[at]]) for v, w in ((x, n), (y, m))]
        assert stratum_by_rates(numpy.concatenate(counts)) == pytest.approx(found.rates[at], abs=1e-12)
        assert stratum_by_mix(numpy.concatenate(counts), True) == pytest.approx(found.mix[at], abs=1e-12)
        (_, _, _, rest), (_, _, _, standard_rest) = counts
        by_rates = stratum_by_rates_of_standard(numpy.array([x[at], n[at], rest, y[at] / m[at]]))
        assert by_rates == pytest.approx(of_standard.rates[at], abs=1e-12)
        shares = [n[at], rest, m[at], standard_rest, y[at] / m[at], y.sum() / m.sum()]
        assert stratum_by_mix_of_standard(numpy.array(shares)) == pytest.approx(of_standard.mix[at], abs=1e-12)


def test_a_rate_of_nothing_is_refused():
    with pytest.raises(ThinData) as refused:
        kitagawa([1], [2], [0], [0])
    assert refused.value.reason is Reason.TOO_FEW
