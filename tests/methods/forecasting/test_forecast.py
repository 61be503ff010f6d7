"""A forecast, with its evaluation: there is none without, and none from data that cannot carry it."""

from dataclasses import replace

import numpy
import pytest
from known_series import AIR_PASSENGERS

from workbench.methods.forecasting.evaluation import drift, evaluate, widening
from workbench.methods.forecasting.forecast import forecast
from workbench.methods.forecasting.models import COMBINATION, MODELS
from workbench.methods.forecasting.scales import SCALES
from workbench.methods.refusal import Reason, ThinData


@pytest.fixture(scope="module")
def of_passengers():
    """The last year of the airline passengers, from those before it."""
    return forecast(AIR_PASSENGERS[:-12], 12)


def test_the_last_year_of_the_air_passengers_lies_in_its_interval(of_passengers):
    came, wide = AIR_PASSENGERS[-12:], of_passengers.interval(0.95)
    assert ((came >= wide.low) & (came <= wide.high)).mean() >= 0.9
    assert of_passengers.median == pytest.approx(came, rel=0.12)
    total = of_passengers.total_interval(0.8)
    assert total.low[0] < came.sum() < total.high[0]


def test_a_season_is_found_and_beats_the_naive_forecasts(of_passengers):
    checked = of_passengers.evaluation
    assert checked.best.model == of_passengers.model not in ("naive", "seasonal naive")
    assert checked.best.skill > 0.4
    assert checked.best.mase < 1
    assert 0.7 < checked.best.coverage_80 <= 1


def test_the_evaluation_names_every_model_and_their_average(of_passengers):
    assert {score.model for score in of_passengers.evaluation.scores} == {*MODELS, COMBINATION}


def test_intervals_lie_within_one_another(of_passengers):
    fifty, eighty, wide = of_passengers.intervals
    assert (wide.low <= eighty.low).all() and (eighty.low <= fifty.low).all()
    assert (fifty.low <= of_passengers.median).all() and (of_passengers.median <= fifty.high).all()
    assert (fifty.high <= eighty.high).all() and (eighty.high <= wide.high).all()


def test_there_is_no_forecast_without_its_evaluation(of_passengers):
    with pytest.raises(ThinData):
        replace(of_passengers, evaluation=None)
    with pytest.raises(ThinData):
        replace(of_passengers, evaluation=replace(of_passengers.evaluation, targets=0))


def test_errors_that_go_one_way_are_noticed_and_few_say_nothing(of_passengers):
    assert of_passengers.evaluation.drift.crossed == -1
    swinging = numpy.random.default_rng(5).normal(size=36)
    assert drift(swinging).crossed == -1
    strayed = drift(numpy.where(numpy.arange(36) < 12, swinging, swinging + 2))
    assert 12 < strayed.crossed < 30 and strayed.process[strayed.crossed] > 0
    assert drift(swinging[:7]) is None


def test_a_forecast_is_the_same_each_time():
    series = AIR_PASSENGERS[:120:12]
    assert repr(forecast(series, 1)) == repr(forecast(series, 1))


def quarters(seed: int, n: int = 48) -> numpy.ndarray:
    """Small counts of quarters around a level that wanders, zeros among them."""
    generator = numpy.random.default_rng(seed)
    return generator.poisson(numpy.maximum(8 + generator.normal(0, 1, n).cumsum(), 0.5)).astype(float)


def test_intervals_of_small_counts_never_fall_below_zero():
    made = forecast(quarters(1, 18), 4)
    assert all((interval.low >= 0).all() for interval in made.intervals)


@pytest.mark.parametrize("name", ["naive", "exponential smoothing"])
def test_intervals_of_a_model_cover_in_simulation(name):
    """Of random walks, of which both models are true or nearly so, 80 % intervals hold about four in five."""
    inside = []
    for seed in range(40):
        walk = numpy.random.default_rng(seed).normal(0, 0.15, 64).cumsum()
        law = MODELS[name](walk[:60], 1)(walk[:60], 4)
        low, high = law.quantiles((0.1, 0.9)).T
        inside.append((walk[60:] >= low) & (walk[60:] <= high))
    assert 0.68 <= numpy.mean(inside) <= 0.92


def test_each_origin_knows_nothing_of_what_came_after_it():
    """Scores up to an origin are the same, whatever follows the series."""
    one = numpy.append(quarters(2), [5.0])
    other = numpy.append(quarters(2), [500.0])
    scale = SCALES["square root"]
    first, second = (evaluate(series[:-1], scale, 1, 4, 8, 4, 0).scores for series in (one, other))
    assert first == second
    assert evaluate(one, scale, 1, 4, 8, 4, 0).scores != evaluate(other, scale, 1, 4, 8, 4, 0).scores


def test_intervals_are_widened_by_past_errors_and_never_narrowed():
    assert widening(numpy.full((4, 4), 2.563)) == pytest.approx(2.0, abs=1e-3)
    assert widening(numpy.full((4, 4), 0.1)) == 1
    assert widening(numpy.full((3, 3), 9.0)) == 1, "of nine errors nothing is concluded"


@pytest.mark.parametrize(
    "counts, in_a_year, reason",
    [
        (AIR_PASSENGERS[:29], 12, Reason.TOO_SHORT),
        (AIR_PASSENGERS[:15], 4, Reason.TOO_SHORT),
        (AIR_PASSENGERS[:9], 1, Reason.TOO_SHORT),
        (numpy.where(numpy.arange(144) == 100, numpy.nan, AIR_PASSENGERS), 12, Reason.GAPS),
        (numpy.repeat([5.0, 10.0, 0.0, 5.0], 12), 4, Reason.CONSTANT),
        (numpy.array([5, 4000, 10, 9000, 3, 7000, 20, 2, 5000, 10, 8000, 5.0]), 1, Reason.TOO_UNCERTAIN),
    ],
)
def test_data_that_cannot_carry_a_forecast_are_refused(counts, in_a_year, reason):
    with pytest.raises(ThinData) as refused:
        forecast(counts, in_a_year)
    assert refused.value.reason is reason
    assert refused.value.expected and refused.value.found


def test_a_range_that_widens_beyond_use_is_refused_though_it_begins_well():
    """A walk by the factor 2.7: narrow enough after a year, more than a hundred times wide after three."""
    walk = 3000 * 2.7 ** numpy.array([0, 1, 2, 1, 2, 1, 0, 1, 2, 3, 2, 1, 2, 1, 2, 3.0])
    with pytest.raises(ThinData, match="in the last period") as refused:
        forecast(walk, 1)
    assert refused.value.reason is Reason.TOO_UNCERTAIN
