"""Bounds of any formula of rounded numbers: against every corner, against chance, and against what is known to be exact."""

import itertools

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.methods.rounding import formula_bounds, ratio_bounds, rounding_bounds, weighted_mean_bounds

FEW = settings(max_examples=60, deadline=None)
COUNTS = st.lists(st.integers(6, 400), min_size=1, max_size=5)


def corners(low, high):
    return (numpy.array(corner) for corner in itertools.product(*zip(low, high)))


@FEW
@given(COUNTS, st.data())
def test_the_weighted_mean_is_bounded_by_its_corners(weights, data):
    rates = data.draw(st.lists(st.floats(0, 1), min_size=len(weights), max_size=len(weights)))
    values, mass = (numpy.array(rates), numpy.array(rates) + 0.1), rounding_bounds(weights, 5)
    means = [
        (value * weight).sum() / weight.sum() for value in corners(*values) for weight in corners(*mass)
    ]  # a fraction linear in each weight and value is extreme at a corner
    assert weighted_mean_bounds(values, mass) == pytest.approx((min(means), max(means)))


def test_what_has_no_weight_needs_no_value():
    values = (numpy.array([0.2, numpy.nan]),) * 2
    assert weighted_mean_bounds(values, (numpy.array([10.0, 0.0]),) * 2) == pytest.approx((0.2, 0.2))
    assert numpy.isnan(weighted_mean_bounds(values, (numpy.array([10.0, 0.0]), numpy.array([10.0, 2.5])))).all()


@FEW
@given(COUNTS)
def test_a_share_in_its_own_sum_is_bounded_exactly(counts):
    """The numerator is a part of the denominator: interval arithmetic by itself would count it twice."""
    box = rounding_bounds([*counts, 30], 5)
    low, high = formula_bounds(lambda x: x[0] / x.sum(), box)
    shares = [corner[0] / corner.sum() for corner in corners(*box)]
    assert (low, high) == pytest.approx((min(shares), max(shares)))
    apart = ratio_bounds((box[0][0], box[1][0]), (box[0].sum(), box[1].sum()))
    assert apart[0] <= low + 1e-12 and high <= apart[1] + 1e-12


def gap_by_rates(x):
    """Half the sum of both mixes, by the difference of the rates: of two populations with two strata each."""
    a, m, b, n = x[0:2], x[2:4], x[4:6], x[6:8]
    return ((m / m.sum() + n / n.sum()) * (a / m - b / n)).sum() * 0.5


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(30, 400), min_size=4, max_size=4), st.lists(st.integers(0, 30), min_size=4, max_size=4))
def test_the_bounds_of_a_decomposition_hold_all_that_rounds_to_the_same_numbers(trials, events):
    box = rounding_bounds([*events[:2], *trials[:2], *events[2:], *trials[2:]], 5)
    low, high = formula_bounds(gap_by_rates, box)
    points = numpy.random.default_rng(1).uniform(*box, size=(300, 8))
    found = [gap_by_rates(point) for point in (*points, *corners(*box))]
    assert low <= min(found) + 1e-12 and max(found) <= high + 1e-12
    # Hardly wider than what is found.
    assert high - low <= (max(found) - min(found)) * 1.1


def test_a_lowest_value_within_the_box_is_found():
    low, high = formula_bounds(
        lambda x: x[0] * x[0] - x[0] * 2.0 + x[1], (numpy.array([0.0, 1]), numpy.array([3.0, 2]))
    )
    assert (low, high) == pytest.approx((0, 5), abs=1e-6)


def test_a_formula_that_may_divide_by_nought_has_no_bounds():
    with pytest.raises(ValueError, match="may be nought"):
        formula_bounds(lambda x: x[0] / x[1], (numpy.array([1.0, 0.0]), numpy.array([2.0, 2.5])))
