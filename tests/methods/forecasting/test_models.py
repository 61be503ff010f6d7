"""The models: published fits, and laws that are those of statsmodels where it has them."""

import numpy
import pandas
import pytest
from known_series import AIR_PASSENGERS, NILE
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.statespace.sarimax import SARIMAX
from statsmodels.tsa.statespace.structural import UnobservedComponents

from workbench.methods.forecasting.likelihood import most_likely
from workbench.methods.forecasting.models import (
    MODELS,
    exponential_smoothing,
    naive,
    sarima,
    seasonal_naive,
    state_space_law,
    theta,
    unobserved_components,
)


def test_airline_model_of_log_air_passengers_is_as_published():
    """R's documentation of AirPassengers, and Brockwell and Davis: ma1 −0.4018, sma1 −0.5569, AIC −483.4."""
    model = SARIMAX(numpy.log(AIR_PASSENGERS), order=(0, 1, 1), seasonal_order=(0, 1, 1, 12))
    fitted = most_likely(model)
    assert round(fitted.aic, 1) == -483.4
    assert fitted.params[:2] == pytest.approx([-0.4018, -0.5569], abs=5e-4)


def test_several_starts_find_the_level_of_the_nile_that_one_misses():
    """Durbin and Koopman (2012), section 2.10: variances 15 099 and 1 469; R's StructTS says the same."""
    unit = NILE.std()
    model = UnobservedComponents(NILE / unit, "local level")
    found = most_likely(model, [[1.0, 0.01], [0.01, 1.0]]).params * unit**2
    assert found == pytest.approx([15099, 1469], abs=1)
    alone = UnobservedComponents(NILE, "local level").fit(disp=False, cov_type="none").params
    assert abs(alone[0] - 15099) > 15, "one start, as it is, stops short: else there is no need of several"


def test_forecast_of_the_nile_is_its_last_level():
    """Durbin and Koopman (2012), section 2.6: the local level's forecast is constant, near 798.4 after 1970."""
    law = unobserved_components(NILE, 1)(NILE, 5)
    assert law.mean == pytest.approx(numpy.full(5, 798.4), abs=0.5)


@pytest.mark.parametrize("season", [None, 12])
def test_state_space_law_has_the_errors_of_statsmodels_on_its_diagonal(season):
    order = (0, 1, 1, 12) if season else (0, 0, 0, 0)
    fitted = SARIMAX(numpy.log(AIR_PASSENGERS), order=(0, 1, 1), seasonal_order=order, concentrate_scale=True).fit(
        disp=False
    )
    law, said = state_space_law(fitted, 24), fitted.get_forecast(24)
    assert law.mean == pytest.approx(said.predicted_mean)
    assert law.sd == pytest.approx(said.se_mean)


def test_state_space_law_of_a_random_walk_has_its_covariance():
    """min(h, k) σ²."""
    fitted = SARIMAX(NILE, order=(0, 1, 0)).fit(disp=False)
    law = state_space_law(fitted, 4)
    steps = numpy.arange(1, 5)
    assert law.covariance == pytest.approx(fitted.params[0] * numpy.minimum.outer(steps, steps))


def test_exponential_smoothing_is_as_certain_as_its_published_formula():
    """The variances of Hyndman et al. (2008), table 6.2, as statsmodels evaluates them."""
    series = numpy.log(AIR_PASSENGERS)
    law = exponential_smoothing(series, 12)(series, 24)
    forms = [{"trend": None}, {"trend": "add", "damped_trend": True}]
    fits = [
        ETSModel(pandas.Series(series), error="add", seasonal="add", seasonal_periods=12, **form).fit(disp=False)
        for form in forms
    ]
    best = min(fits, key=lambda fit: fit.aicc)
    said = best.get_prediction(start=len(series), end=len(series) + 23)
    assert law.mean == pytest.approx(said.predicted_mean)
    assert law.sd == pytest.approx(numpy.sqrt(said.forecast_variance), rel=1e-6)


def test_naive_forecasts_repeat_the_last_period_and_the_last_year():
    series = AIR_PASSENGERS
    assert naive(series, 12)(series, 3).mean == pytest.approx([432, 432, 432])
    assert seasonal_naive(series, 12)(series, 14).mean[[0, 11, 12]] == pytest.approx([417, 432, 417])


def test_naive_forecast_is_less_certain_by_the_root_of_the_distance():
    """Hyndman and Athanasopoulos, Forecasting: Principles and Practice, section 5.5: σ √h, and of a season σ √(k + 1)."""
    sd = naive(NILE, 1)(NILE, 9).sd
    assert sd / sd[0] == pytest.approx(numpy.sqrt(numpy.arange(1, 10)))
    sd = seasonal_naive(AIR_PASSENGERS, 12)(AIR_PASSENGERS, 25).sd
    assert (sd / sd[0])[[11, 12, 24]] == pytest.approx([1, numpy.sqrt(2), numpy.sqrt(3)])


def test_theta_rises_by_half_the_slope_of_a_straight_line():
    """Hyndman and Billah (2003), equation 2."""
    series = 10 + 3.0 * numpy.arange(60) + numpy.random.default_rng(5).normal(0, 0.5, 60)
    assert numpy.diff(theta(series, 1)(series, 6).mean) == pytest.approx(numpy.full(5, 1.5), abs=0.01)


@pytest.mark.parametrize("name", MODELS)
def test_a_fitted_model_goes_on_from_what_came_since(name):
    """Parameters are those of the first five years, and the forecast starts from the last month all the same."""
    series = numpy.log(AIR_PASSENGERS)
    foreseen = MODELS[name](series[:60], 12)
    later = foreseen(series[:120], 12).mean
    assert numpy.abs(later - series[120:132]).mean() < 0.25
    assert numpy.abs(later - foreseen(series[:60], 12).mean).mean() > 0.3


@pytest.mark.parametrize("name", MODELS)
def test_a_fit_is_the_same_each_time(name):
    series = numpy.log(AIR_PASSENGERS[:60])
    first, again = (MODELS[name](series, 12)(series, 12) for _ in range(2))
    assert first.mean.tobytes() == again.mean.tobytes()
    assert first.covariance.tobytes() == again.covariance.tobytes()


def test_sarima_without_a_season_is_exponential_smoothing():
    """ARIMA (0,1,1) forecasts a constant; Box and Jenkins, section 5.3."""
    assert numpy.ptp(sarima(NILE, 1)(NILE, 6).mean) == pytest.approx(0, abs=1e-8)
