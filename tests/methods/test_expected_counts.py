"""Quasi-Poisson expectations: against statsmodels, against the R package surveillance, and in simulation."""

import numpy as np
import pandas
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from conftest import shared
from workbench.methods.count_distribution import quantile
from workbench.methods.expected_counts import (
    _anscombe,
    expected_counts,
    outlier_weights,
    quasi_poisson,
    two_thirds_bound,
)
from workbench.methods.refusal import Reason, ThinData


def test_regression_is_that_of_statsmodels():
    generator = np.random.default_rng(2013)
    design = np.column_stack([np.ones(54), np.arange(54) / 12, np.arange(54) % 3 == 0]).astype(float)
    counts = generator.poisson(np.exp(design @ [2, 0.3, 1])) + generator.poisson(3, 54)
    weights = generator.uniform(0.2, 1, 54)
    coefficients, covariance, fitted = quasi_poisson(design, counts[None].astype(float), weights[None])
    reference = sm.GLM(counts, design, family=sm.families.Poisson(), var_weights=weights).fit(tol=1e-12)
    assert coefficients[0] == pytest.approx(reference.params, rel=1e-7)
    assert covariance[0] == pytest.approx(reference.cov_params(), rel=1e-6)
    assert fitted[0] == pytest.approx(reference.fittedvalues, rel=1e-7)
    residuals = np.sqrt(weights) * _anscombe(counts, fitted[0], np.ones(1), np.zeros(1))
    assert residuals == pytest.approx(reference.resid_anscombe_unscaled)


def test_outliers_weigh_as_in_a_case_checked_by_hand():
    # The R package surveillance, tests of farringtonFlexible: residuals 0 and 2, a threshold of 0.
    weights = outlier_weights(np.repeat([[0.0, 2.0]], 5, axis=1), np.ones((1, 10)), outlying=0)
    assert weights[0] == pytest.approx([1.6] * 5 + [0.4] * 5)


def test_bounds_are_those_of_the_r_package():
    # The R package surveillance, tests of farringtonFlexible: threshold functions for an expected count of 5, alpha 0.05.
    assert two_thirds_bound(5, 0.2, 1, 0.05) == pytest.approx(9.1154825, abs=1e-6)
    # The plug-in negative binomial (Noufaily et al. 2013) with dispersion 1.5 and 1.
    assert (quantile(0.05, 5, 7.5), quantile(0.95, 5, 7.5)) == (1, 10)
    assert (quantile(0.05, 5, 5), quantile(0.95, 5, 5)) == (2, 9)
    # The same with the upper limit of the mean in place of the mean: exp(log 5 ± z log 2).
    shifted = 5 * 2**1.6448536269514722
    assert quantile(0.95, shifted, 1.5 * shifted) == 24
    assert quantile(0.95, shifted, shifted) == 22


def test_bounds_of_large_counts_agree_with_the_power_of_two_thirds():
    counts = np.random.default_rng(7).poisson(2000, 84).astype(float)
    expected = expected_counts(counts, 12)
    error = np.sqrt(expected.variance - expected.dispersion * expected.mean)
    farrington = two_thirds_bound(expected.mean, error, expected.dispersion, 0.005)
    assert expected.upper[-24:] == pytest.approx(farrington[-24:], rel=0.005)


def test_a_small_series_is_judged_exactly():
    # Two counts in the 54 months before: the gamma distribution of their mean gives a negative binomial of size 2 + 1/2.
    counts = np.zeros(61)
    counts[[10, 33]] = 1
    expected = expected_counts(counts, 12)
    mean = 2.5 / 54
    assert expected.mean[-1] == pytest.approx(mean)
    assert expected.variance[-1] == pytest.approx(mean * (1 + 1 / 54))
    assert expected.upper[-1] == quantile(0.995, mean, mean * 55 / 54) == 1


@given(arrays(float, 96, elements=st.integers(0, 5000).map(float)), st.integers(60, 95))
@settings(max_examples=15, deadline=None)
def test_what_is_expected_knows_nothing_of_the_future(counts, now):
    whole, cut = expected_counts(counts, 12), expected_counts(counts[: now + 1], 12)
    for name in ("mean", "variance", "upper", "lower"):
        assert getattr(whole, name)[: now + 1] == pytest.approx(getattr(cut, name), rel=1e-6, nan_ok=True)
    changed = counts.copy()
    changed[now:] += 1000
    assert expected_counts(changed, 12).mean[now] == pytest.approx(whole.mean[now], rel=1e-6)


@given(
    arrays(float, 40, elements=st.one_of(st.just(np.nan), st.just(0.0), st.integers(0, 10**6).map(float))),
    st.sampled_from([4, 12]),
)
@settings(max_examples=40, deadline=None)
def test_any_counts_have_ordered_bounds_or_are_refused(counts, per_year):
    try:
        expected = expected_counts(counts, per_year)
    except ThinData as refused:
        assert refused.reason in (Reason.GAPS, Reason.TOO_SHORT)
        return
    judged = ~np.isnan(expected.mean)
    assert judged.any()
    assert (expected.lower[judged] <= expected.upper[judged]).all()
    assert (expected.variance[judged] >= expected.mean[judged] * (1 - 1e-12)).all()


# About two, thirty and five hundred a month, with trend, season, and three times the variance of Poisson counts.
@pytest.mark.parametrize("level", [2, 30, 500])
def test_counts_that_follow_their_pattern_stay_in_the_band(level):
    months = np.arange(61)
    mean = level * np.exp(0.004 * months + 0.3 * np.sin(2 * np.pi * months / 12))
    draws = np.random.default_rng(level).negative_binomial(mean / 2, 1 / 3, size=(200, 61)).astype(float)
    outside = [draw[-1] > expected_counts(draw, 12, alpha=0.05).upper[-1] for draw in draws]
    # Nominally 5 % at most; 3.3 standard errors of a simulation of 200 on top. Where the season is steep against the noise, as in
    # the largest counts here, four steps follow it roughly, and the band is wider than it need be.
    assert np.mean(outside) < 0.1


def test_a_past_outbreak_does_not_hide_the_next_one():
    generator = np.random.default_rng(3)
    quiet = generator.poisson(40, 72).astype(float)
    outbreak = quiet.copy()
    outbreak[30:33] += 400
    assert expected_counts(outbreak, 12).mean[-1] < 1.25 * expected_counts(quiet, 12).mean[-1]


def test_a_rise_of_the_last_half_year_does_not_hide_itself():
    counts = np.random.default_rng(4).poisson(40, 72).astype(float)
    risen = counts.copy()
    risen[-6:] *= 5
    # The newest six months enter no expectation of the month after them.
    assert expected_counts(np.append(risen, 0), 12).mean[-1] == pytest.approx(
        expected_counts(np.append(counts, 0), 12).mean[-1]
    )


def test_two_years_are_too_few():
    with pytest.raises(ThinData) as refused:
        expected_counts(np.arange(24), 12)
    assert refused.value.reason is Reason.TOO_SHORT


def by_statsmodels(counts, now):
    """The procedure, step by step, a model at a time."""
    at = np.arange(now - 60, now - 6)
    past, season = counts[at], ((at - now + 1) % 12) // 3
    dummies = [np.ones(54)] + [(season == each).astype(float) for each in (1, 2, 3)]

    def fitted(columns, weights):
        model = sm.GLM(past, np.column_stack(columns), family=sm.families.Poisson(), var_weights=weights)
        fit = model.fit(tol=1e-12, maxiter=200)
        # Weights are not numbers of observations: the degrees of freedom are those of the periods.
        chi_squared = (weights * (past - fit.mu) ** 2 / fit.mu).sum()
        return fit, max(1, chi_squared / (54 - len(columns)))

    weights = np.ones(54)
    for _again in range(4):
        fit, dispersion = fitted(dummies, weights)
        residuals = fit.resid_anscombe_unscaled / np.sqrt(weights * dispersion * (1 - fit.get_hat_matrix_diag()))
        weights = np.where(residuals > 2.58, residuals.clip(min=1) ** -2.0, 1)
        weights *= 54 / weights.sum()
    fit, dispersion = fitted([*dummies, (at - now) / 12], weights)
    statistic = fit.params[-1] / np.sqrt(dispersion * fit.cov_params(scale=1)[-1, -1])
    if abs(statistic) < stats.t(49).ppf(0.975) or np.exp(fit.params[0]) > past.max():
        fit, dispersion = fitted(dummies, weights)
    mean = np.exp(fit.params[0])
    return mean, dispersion * mean + dispersion * fit.cov_params(scale=1)[0, 0] * mean**2


def test_what_was_expected_on_the_eastern_borders_is_what_statsmodels_finds():
    counts = detections_on_the_eastern_borders()
    expected = expected_counts(counts, 12)
    # From January 2014 on: quiet years, the rise of 2021, and the years with it in their past.
    for now in range(60, len(counts), 7):
        mean, variance = by_statsmodels(counts, now)
        assert expected.mean[now] == pytest.approx(mean, rel=1e-6)
        assert expected.variance[now] == pytest.approx(variance, rel=1e-6)


def detections_on_the_eastern_borders():
    """Frontex, months from January 2009 on, all citizenships."""
    table = pandas.read_csv(shared("data/figures/frontex/detections/2025-06-03.csv.gz"))
    by_month = table[table["route"] == "Eastern Borders Route"].groupby("month")["n"].sum()
    months = pandas.period_range("2009-01", "2025-04", freq="M").astype(str)
    return by_month.reindex(months, fill_value=0).to_numpy(float)
