"""Interrupted series: the seat-belt law, other software on the same regression, and coverage under autocorrelation."""

import numpy as np
import pytest
import statsmodels.api as sm
from published import autoregression, column

from workbench.methods.interrupted_series import interrupted
from workbench.methods.refusal import Reason, ThinData


def written_out(n, at):
    t = np.arange(n)
    after = (t >= at).astype(float)
    return np.column_stack([np.ones(n), t + 1.0, after, (t - at) * after])


def test_the_seat_belt_law():
    # Harvey and Durbin (1986) found a fifth fewer drivers killed or seriously injured, by structural models. A regression with a
    # season and errors AR(1) says so too, and so does that of statsmodels, which drops the first month.
    deaths = np.log(column("uk_driver_deaths.csv", "killed_or_seriously_injured"))
    law = 12 * (1983 - 1969) + 1
    found = interrupted(deaths, law, harmonics=5)
    assert found.level.low < np.log(0.8) < found.level.high < -0.05
    assert found.slope.low < 0 < found.slope.high
    t = np.arange(len(deaths))
    waves = [wave(2 * np.pi * pair * (t + 1) / 12) for pair in range(1, 6) for wave in (np.sin, np.cos)]
    x = np.column_stack([written_out(len(t), law), *waves]).astype(float)
    without_the_first = sm.GLSAR(deaths, x, rho=1).iterative_fit(50)
    assert found.level.value == pytest.approx(without_the_first.params[2], abs=0.005)
    assert found.level.error == pytest.approx(without_the_first.bse[2], rel=0.05)


def test_it_agrees_with_the_likelihood():
    rng = np.random.default_rng(1)
    y = autoregression(rng, 0.6, 150) + 2.0 * (np.arange(150) >= 75)
    ours = interrupted(y, 75)
    theirs = sm.tsa.SARIMAX(y, exog=written_out(150, 75), order=(1, 0, 0)).fit(disp=False)
    assert ours.level.value == pytest.approx(theirs.params[2], abs=0.1)
    assert ours.slope.value == pytest.approx(theirs.params[3], abs=0.01)
    assert ours.autocorrelation == pytest.approx(theirs.params[4], abs=0.05)


def test_what_would_have_been_goes_on_as_before():
    t = np.arange(40.0)
    y = 5 + 0.5 * t + np.where(t >= 20, 3 - 0.25 * (t - 20), 0) + 1e-7 * np.random.default_rng(0).normal(size=40)
    found = interrupted(y, 20)
    assert found.level.value == pytest.approx(3)
    assert found.slope.value == pytest.approx(-0.25)
    assert found.trend.value == pytest.approx(0.5)
    assert found.expected == pytest.approx(5 + 0.5 * t)


def test_intervals_cover_a_step_in_autocorrelated_series():
    rng = np.random.default_rng(2)
    step = 1.0 * (np.arange(80) >= 60)
    covered = []
    for _ in range(200):
        level = interrupted(autoregression(rng, 0.5, 80) + step, 60).level
        covered.append(level.low <= 1 <= level.high)
    assert np.mean(covered) >= 0.86


@pytest.mark.parametrize(
    "y, at, reason",
    [
        (np.arange(40.0), 4, Reason.TOO_SHORT),
        (np.arange(12.0), 6, Reason.TOO_SHORT),
        (np.r_[np.nan, np.arange(40.0)], 20, Reason.GAPS),
        (np.full(40, 3.0), 20, Reason.CONSTANT),
    ],
)
def test_refusals(y, at, reason):
    with pytest.raises(ThinData) as refused:
        interrupted(y, at)
    assert refused.value.reason is reason
