"""The models that counts are forecast with, all on a scale where a normal distribution will do.

A model is fitted to a history once, and then says, of any later history that goes on from it, what comes next: parameters are
kept, and only what has been observed is new. Each is a function ``model(history, cycle)`` whose value is such a function
``(history, horizon) -> Law``.
"""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy
from numpy.typing import NDArray
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.statespace.sarimax import SARIMAX
from statsmodels.tsa.statespace.structural import UnobservedComponents

from workbench.methods.forecasting.law import Law, from_responses
from workbench.methods.forecasting.likelihood import most_likely

Foreseen = Callable[[NDArray, int], Law]
"""What a fitted model says of so many periods after a history."""

Model = Callable[[NDArray, int], Foreseen]
"""Fits to a history with so many periods in a season; 1 for none."""


def naive(history: NDArray, cycle: int) -> Foreseen:
    """A random walk: every period as the last one, and less certain the further away."""
    return _random_walk(history, 1)


def seasonal_naive(history: NDArray, cycle: int) -> Foreseen:
    """A seasonal random walk: every period as the same one of the last year."""
    return _random_walk(history, cycle)


def _random_walk(history: NDArray, cycle: int) -> Foreseen:
    sd = numpy.sqrt(((history[cycle:] - history[:-cycle]) ** 2).mean())

    def foreseen(history: NDArray, horizon: int) -> Law:
        ahead = numpy.arange(horizon)
        return from_responses(history[-cycle:][ahead % cycle], ahead % cycle == 0, sd)

    return foreseen


def exponential_smoothing(history: NDArray, cycle: int) -> Foreseen:
    """Exponential smoothing with additive errors (ETS): a level, and a damped trend where Akaike's corrected criterion is for it;
    with a season where there is one.

    References
    ----------
    R. J. Hyndman, A. B. Koehler, J. K. Ord and R. D. Snyder, Forecasting with Exponential Smoothing, 2008.
    """
    season = {"seasonal": "add", "seasonal_periods": cycle} if cycle > 1 else {}
    candidates = [{"error": "add", **season}, {"error": "add", "trend": "add", "damped_trend": True, **season}]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fits = [(ETSModel(history, **form).fit(disp=False), form) for form in candidates]
    fitted, form = min(fits, key=lambda fit: fit[0].aicc if numpy.isfinite(fit[0].aicc) else numpy.inf)
    responses = _smoothing_responses(dict(zip(fitted.param_names, fitted.params, strict=True)), cycle)
    sd = numpy.sqrt(fitted.mse)

    def foreseen(history: NDArray, horizon: int) -> Law:
        return from_responses(ETSModel(history, **form).smooth(fitted.params).forecast(horizon), responses(horizon), sd)

    return foreseen


def _smoothing_responses(parameters: Mapping[str, float], cycle: int) -> Callable[[int], NDArray]:
    """What an innovation does to later periods: ``α + β (φ + … + φ^j) + γ [j a whole number of seasons]``, table 6.1."""
    level = parameters["smoothing_level"]
    trend, damping = parameters.get("smoothing_trend", 0.0), parameters.get("damping_trend", 0.0)
    season = parameters.get("smoothing_seasonal", 0.0)

    def responses(horizon: int) -> NDArray:
        ahead = numpy.arange(horizon)
        of_trend = trend * (damping**ahead).cumsum() - trend
        later = level + of_trend + season * (ahead % cycle == 0)
        return numpy.where(ahead == 0, 1.0, later)

    return responses


def theta(history: NDArray, cycle: int) -> Foreseen:
    """The theta method: simple exponential smoothing with half the slope of a straight line as its drift; the season, where
    a test finds one, is taken out before and put back.

    References
    ----------
    V. Assimakopoulos and K. Nikolopoulos, The theta model, International Journal of Forecasting 16 (2000), 521–530; R. J.
    Hyndman and B. Billah, Unmasking the Theta method, the same 19 (2003), 287–290, for its innovations form.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = _theta(history, cycle)
        level, sd = float(fitted.params["alpha"]), numpy.sqrt(fitted.sigma2)

    def foreseen(history: NDArray, horizon: int) -> Law:
        responses = numpy.where(numpy.arange(horizon) == 0, 1.0, level)
        return from_responses(numpy.asarray(_theta(history, cycle).forecast(horizon)), responses, sd)

    return foreseen


def _theta(history: NDArray, cycle: int) -> Any:
    seasonal = cycle > 1
    return ThetaModel(history, period=cycle, deseasonalize=seasonal, method="additive").fit(disp=False)


def sarima(history: NDArray, cycle: int) -> Foreseen:
    """The airline model, SARIMA (0,1,1)(0,1,1) of the season; without one, ARIMA (0,1,1).

    References
    ----------
    G. E. P. Box and G. M. Jenkins, Time Series Analysis, 1970, chapter 9.
    """
    seasonal = (0, 1, 1, cycle) if cycle > 1 else (0, 0, 0, 0)
    coefficients = 2 if cycle > 1 else 1
    starts = [numpy.full(coefficients, -0.8), numpy.full(coefficients, -0.1)]
    return _of_state_space(
        history,
        lambda series: SARIMAX(series, order=(0, 1, 1), seasonal_order=seasonal, concentrate_scale=True),
        starts,
    )


def unobserved_components(history: NDArray, cycle: int) -> Foreseen:
    """A level that wanders, seen through noise; with a season that may change slowly where there is one.

    References
    ----------
    A. C. Harvey, Forecasting, Structural Time Series Models and the Kalman Filter, 1989; J. Durbin and S. J. Koopman, Time
    Series Analysis by State Space Methods, second edition 2012, chapter 2, for the local level of the Nile.
    """
    season = {"freq_seasonal": [{"period": cycle, "harmonics": min(cycle // 2, 2)}]} if cycle > 1 else {}
    variances = 3 if cycle > 1 else 2
    # Mostly noise, or mostly wandering.
    starts = [numpy.array([1.0, 0.01, 0.001][:variances]), numpy.array([0.01, 1.0, 0.001][:variances])]
    return _of_state_space(history, lambda series: UnobservedComponents(series, "local level", **season), starts)


def _of_state_space(history: NDArray, make: Callable[[NDArray], Any], starts: list[NDArray]) -> Foreseen:
    """A model of statsmodels' state spaces, fitted to the history in units of its own changes."""
    unit = float(numpy.abs(numpy.diff(history)).mean()) or 1.0
    fitted = most_likely(make(history / unit), starts)

    def foreseen(history: NDArray, horizon: int) -> Law:
        law = state_space_law(fitted.apply(history / unit, refit=False), horizon)
        return Law(law.mean * unit, law.covariance * unit**2)

    return foreseen


def state_space_law(results: Any, horizon: int) -> Law:
    """The joint distribution of the periods after the last, of a linear Gaussian state space that does not change over time.

    The state has mean a and covariance P one period ahead; then ``cov(y_h, y_k) = Z T^(k−h) P_h Z′`` for h < k, and the noise
    of the observation besides where they are the same. statsmodels gives the diagonal alone.

    References
    ----------
    J. Durbin and S. J. Koopman, Time Series Analysis by State Space Methods, second edition 2012, section 4.11.
    """
    space, scale = results.model.ssm, results.filter_results.scale
    design, transition = space["design"], space["transition"]
    shocks = space["selection"] @ space["state_cov"] @ space["selection"].T * scale
    state, spread = results.predicted_state[:, -1], results.predicted_state_cov[:, :, -1]
    mean, covariance = numpy.empty(horizon), numpy.empty((horizon, horizon))
    for ahead in range(horizon):
        mean[ahead] = (design @ state).item()
        towards = spread @ design.T
        for later in range(ahead, horizon):
            covariance[ahead, later] = covariance[later, ahead] = (design @ towards).item()
            towards = transition @ towards
        covariance[ahead, ahead] += space["obs_cov"].item() * scale
        state, spread = transition @ state, transition @ spread @ transition.T + shocks
    return Law(mean, covariance)


MODELS: Mapping[str, Model] = {
    "naive": naive,
    "seasonal naive": seasonal_naive,
    "exponential smoothing": exponential_smoothing,
    "theta": theta,
    "SARIMA": sarima,
    "unobserved components": unobserved_components,
}
"""Those that are tried, by name; of a series without a season the seasonal naive one is not."""

NAIVE = ("naive", "seasonal naive")
"""Those that the others are measured against."""

COMBINED = ("exponential smoothing", "theta", "SARIMA", "unobserved components")
"""Those whose average is tried besides: all but the naive ones."""

COMBINATION = "average of four"
