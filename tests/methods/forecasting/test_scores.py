"""Scores of forecasts: published values, and what each must do whatever it is given."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from workbench.methods.forecasting.scores import coverage, crps_normal, crps_sample, mase, pinball, skill

finite = st.floats(-1e3, 1e3)


@pytest.mark.parametrize(
    "observed, mean, sd, score",
    [
        # (√2 − 1)/√π, Gneiting et al., Monthly Weather Review 133 (2005), equation 5.
        (0, 0, 1, 0.2336950),
        # Worked by numerical integration of (F(x) − 1{x ≥ y})²; see the test below for the same of any numbers.
        (1, 0, 1, 0.6024414),
        (0, 0, 2, 2 * 0.2336950),
    ],
)
def test_crps_of_a_normal_forecast_is_as_published(observed, mean, sd, score):
    assert crps_normal(observed, mean, sd) == pytest.approx(score, abs=5e-7)


@given(finite, finite, st.floats(0.1, 100))
def test_crps_of_a_normal_forecast_is_twice_the_pinball_loss_over_all_levels(observed, mean, sd):
    """Gneiting and Ranjan, Journal of Business & Economic Statistics 29 (2011), equation 3."""
    levels = (numpy.arange(4000) + 0.5) / 4000
    losses = pinball(observed, mean + sd * ndtri(levels), levels)
    assert 2 * losses.mean() == pytest.approx(float(crps_normal(observed, mean, sd)), rel=2e-3)


@given(finite, finite, st.floats(0.1, 100))
def test_crps_of_its_quantiles_is_that_of_the_distribution(observed, mean, sd):
    quantiles = mean + sd * ndtri((numpy.arange(999) + 0.5) / 999)
    assert crps_sample(observed, quantiles) == pytest.approx(float(crps_normal(observed, mean, sd)), rel=5e-3)


@given(finite, finite)
def test_crps_of_a_single_value_is_the_absolute_error(observed, said):
    assert crps_sample(observed, [said]) == pytest.approx(abs(observed - said))


def test_crps_of_a_sample_is_that_of_all_pairs():
    sample, observed = numpy.array([1.0, 4.0, 4.0, 9.0]), 3.0
    pairs = numpy.abs(numpy.subtract.outer(sample, sample)).mean()
    assert crps_sample(observed, sample) == pytest.approx(numpy.abs(sample - observed).mean() - pairs / 2)


@given(finite, finite, st.floats(0.01, 0.99))
def test_pinball_loss_is_never_negative_and_zero_where_the_quantile_came(observed, quantile, level):
    assert pinball(observed, quantile, level) >= 0
    assert pinball(quantile, quantile, level) == 0


def test_mase_is_as_in_its_definition():
    """Errors of 2 and 4 beside naive errors of 1, 2 and 3: 3 over 2. Hyndman and Koehler (2006), section 3."""
    assert mase([2, -4, numpy.nan], [10, 11, 13, 10]) == 1.5
    assert mase([2, -4], [1, 5, 2, 7], cycle=2) == pytest.approx(3 / 1.5)


def test_mase_without_a_change_in_history_is_infinite():
    assert mase([1.0], [5, 5, 5]) == numpy.inf


def test_coverage_counts_the_ends_and_leaves_out_what_has_not_come():
    assert coverage([1, 2, 3, numpy.nan], [1, 0, 0, 0], [1, 2, 2, 9]) == pytest.approx(2 / 3)


def test_skill_is_the_part_of_the_reference_that_is_saved():
    assert (skill(30, 40), skill(40, 40), skill(50, 40)) == (0.25, 0, -0.25)
