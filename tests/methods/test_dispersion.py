"""Concentration, dissimilarity, Theil, variation and convergence: by hand, published, in simulation, and what always holds."""

import math

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.methods.convergence import beta
from workbench.methods.dispersion import (
    coefficient_of_variation,
    dissimilarity,
    herfindahl_hirschman,
    share_of_the_largest,
    sigma,
    theil,
)
from workbench.methods.refusal import Reason, ThinData

FEW = settings(max_examples=60, deadline=None)
AMOUNTS = st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500)), min_size=5, max_size=20)


def test_concentration_as_the_guidelines_on_mergers_reckon_it():
    """Four firms of 30, 30, 20 and 20 per cent: 2 600 of 10 000. U.S. Department of Justice, Horizontal Merger Guidelines, 2010."""
    shares = [0.3, 0.3, 0.2, 0.2]
    assert herfindahl_hirschman(shares) == pytest.approx(0.26)
    assert share_of_the_largest(shares, 3) == pytest.approx(0.8)


@FEW
@given(st.lists(st.integers(1, 100), min_size=2, max_size=10))
def test_dissimilarity_is_a_distance_of_mixes(counts):
    shares, others = numpy.array(counts) / sum(counts), numpy.array(counts[::-1]) / sum(counts)
    apart = dissimilarity(shares, others)
    assert 0 <= apart <= 1 and apart == dissimilarity(others, shares)
    assert apart == pytest.approx((shares - others)[shares > others].sum())
    assert dissimilarity([1, 0], [0, 1]) == 1


def test_theil_by_hand():
    """One of five persons has half of it, each other an eighth: ½ ln 2.5 + 4 · ⅛ ln 0.625."""
    found = theil([4, 1, 1, 1, 1], [1, 1, 1, 1, 1])
    assert found.value == pytest.approx(0.5 * math.log(2.5) + 0.5 * math.log(0.625))
    # Without that one, the others share alike.
    assert (found.low, found.high) == (0, math.inf)
    with pytest.raises(ThinData):
        theil([1, 2, 3], [1, 1, 1])
    with pytest.raises(ThinData):
        theil([7, 0, 0, 0, 0], [1, 1, 1, 1, 1])


@FEW
@given(AMOUNTS)
def test_theil_is_nought_where_each_has_the_same_and_does_not_see_units(rows):
    amounts, persons = (numpy.array(column) for column in zip(*rows))
    assert theil(amounts, amounts).value == pytest.approx(0, abs=1e-12)
    found = theil(amounts, persons)
    assert 0 <= found.low <= found.value <= found.high
    assert theil(7 * amounts, 3 * persons).value == pytest.approx(found.value)
    # Half of one place, and the other half of it, are places that share alike.
    halved = theil(numpy.repeat(amounts, 2), numpy.repeat(persons, 2))
    assert halved.value == pytest.approx(found.value)


def test_the_interval_of_theil_covers_in_simulation():
    chance = numpy.random.default_rng(1967)
    persons = numpy.ones(30)
    # Of log-normal amounts of spread σ, Theil's T is σ² / 2.
    found = [theil(chance.lognormal(0, 0.4, 30), persons) for _ in range(1500)]
    assert numpy.mean([each.low <= 0.08 <= each.high for each in found]) == pytest.approx(0.93, abs=0.02)


def test_a_coefficient_of_variation_has_vangels_interval():
    """M. G. Vangel (1996), equation 15: K / √[((u + 2)/n − 1) K² + u/(n − 1)], u a quantile of chi-square with n − 1 degrees."""
    values = [0.2, 0.5, 1.1, 1.4, 1.8, 2.3, 2.5, 2.7, 3.5, 4.4, 4.6, 5.4, 5.4, 5.7, 5.8, 5.9, 6.0, 6.6, 7.1, 7.9]
    found = coefficient_of_variation(values)
    assert found.value == pytest.approx(0.57774, abs=5e-5)
    low, high = (found.value / math.sqrt(((u + 2) / 20 - 1) * found.value**2 + u / 19) for u in (32.85233, 8.906516))
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-6)


def test_the_interval_of_the_variation_covers_in_simulation():
    draws = numpy.random.default_rng(1996).normal(10, 2, (3000, 15))
    found = [coefficient_of_variation(draw) for draw in draws]
    assert numpy.mean([each.low <= 0.2 <= each.high for each in found]) == pytest.approx(0.95, abs=0.015)


def test_a_variation_that_has_no_upper_limit_says_so():
    assert coefficient_of_variation([0.1, 0.1, 30]).high == math.inf
    with pytest.raises(ThinData):
        coefficient_of_variation([1.0, 2.0])


def test_sigma_is_of_the_places_with_every_period():
    rates = [[10, 20, 30, 99], [15, 20, 25, math.nan]]
    assert sigma(rates) == pytest.approx([10, 5])
    with pytest.raises(ThinData):
        sigma([[1, 2, math.nan], [1, 2, 3]])


def test_beta_is_least_squares_with_errors_by_mackinnon_and_white():
    chance = numpy.random.default_rng(4)
    first = chance.uniform(10, 90, 25)
    last = first - 0.4 * (first - 50) + chance.normal(0, first / 8)
    found = beta(first, last)
    design = numpy.column_stack([numpy.ones(25), first])
    inverse = numpy.linalg.inv(design.T @ design)
    slope = inverse @ design.T @ (last - first)
    residuals = last - first - design @ slope
    leverage = numpy.einsum("ij,jk,ik->i", design, inverse, design)
    meat = design.T @ (design * ((residuals / (1 - leverage)) ** 2)[:, None])
    error = math.sqrt((inverse @ meat @ inverse)[1, 1])
    assert found.slope == pytest.approx(slope[1])
    assert (found.low, found.high) == pytest.approx((slope[1] - 2.0686576 * error, slope[1] + 2.0686576 * error))
    assert found.low < -0.4 < found.high < 0 and found.places == 25


def test_places_that_all_stood_alike_or_are_few_have_no_slope():
    with pytest.raises(ThinData) as refused:
        beta([5.0] * 10, range(10))
    assert refused.value.reason is Reason.CONSTANT
    with pytest.raises(ThinData):
        beta([1, 2, 3, math.nan], [1, 2, 3, 4])
