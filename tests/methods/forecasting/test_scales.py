"""Scales of counts."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.methods.forecasting.scales import SCALES, scale_of
from workbench.methods.refusal import Reason, ThinData


@given(st.integers(0, 10**8), st.sampled_from(sorted(SCALES)))
def test_a_count_goes_to_the_scale_and_back(count, name):
    scale = SCALES[name]
    assert scale.back(scale.to(numpy.array([float(count)]))) == pytest.approx([count], abs=1e-6)


@given(st.floats(-1e4, 1e4), st.sampled_from(sorted(SCALES)))
def test_nothing_comes_back_below_zero_or_beyond_counting(value, name):
    (back,) = SCALES[name].back(numpy.array([value]))
    assert 0 <= back < numpy.inf


@pytest.mark.parametrize("name", SCALES)
def test_slope_is_the_derivative(name):
    scale, at = SCALES[name], numpy.array([0.5, 20.0, 3000.0])
    assert (scale.to(at + 1e-4) - scale.to(at - 1e-4)) / 2e-4 == pytest.approx(scale.slope(at), rel=1e-4)


def test_changes_in_proportion_are_even_on_the_logarithm():
    steps = numpy.random.default_rng(0).normal(0, 0.3, 200)
    assert scale_of(numpy.exp(7 + steps.cumsum() * 0.3).round()) == "logarithm"


def test_changes_of_independent_counts_are_even_on_the_square_root():
    generator = numpy.random.default_rng(0)
    rate = numpy.linspace(2, 200, 200)
    assert scale_of(generator.poisson(rate).astype(float)) == "square root"


@pytest.mark.parametrize("counts, reason", [([3, 3, 3, 3], Reason.CONSTANT), ([3, -1, 4, 2], Reason.TOO_FEW)])
def test_what_has_no_scale_is_refused(counts, reason):
    with pytest.raises(ThinData) as refused:
        scale_of(numpy.array(counts, dtype=float))
    assert refused.value.reason is reason
