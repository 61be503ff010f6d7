"""Interrupted series: the smoking ban in Sicily and the seat-belt law as published, and coverage under autocorrelation."""

import numpy as np
import pytest
import statsmodels.api as sm
from published import autoregression, column

from workbench.methods.interrupted_series import interrupted, interrupted_counts
from workbench.methods.refusal import Reason, ThinData

EPISODES = column("sicily.csv", "aces")
PEOPLE = column("sicily.csv", "stdpop")
BAN = 36


def test_the_smoking_ban_in_sicily():
    # Lopez Bernal et al. (2017): RR 0.894 by step and trend; 0.885 (0.839–0.933) with two pairs of harmonics.
    plain = interrupted_counts(EPISODES, BAN, exposure=PEOPLE)
    assert np.exp(plain.level.value) == pytest.approx(0.894, abs=0.0005)
    seasonal = interrupted_counts(EPISODES, BAN, exposure=PEOPLE, harmonics=2)
    ratio = np.exp([seasonal.level.value, seasonal.level.low, seasonal.level.high])
    assert ratio.round(3).tolist() == [0.885, 0.839, 0.933]
    # Their dispersion falls from 3.6 to 2.3 with the season; the sign of the step does not depend on it.
    assert plain.dispersion == pytest.approx(3.56, abs=0.01)
    assert seasonal.dispersion == pytest.approx(2.26, abs=0.01)
    assert (seasonal.expected[BAN:] > EPISODES[BAN:].mean() * 0.95).all()


def test_the_seat_belt_law():
    # Harvey and Durbin (1986) found fewer drivers killed or seriously injured, by structural models; a regression with a
    # season and errors AR(1) says so by two methods, and by that of statsmodels, which drops the first month.
    deaths = np.log(column("uk_driver_deaths.csv", "killed_or_seriously_injured"))
    law = 12 * (1983 - 1969) + 1
    by_errors = interrupted(deaths, law, slope=False, harmonics=5)
    by_gls = interrupted(deaths, law, slope=False, harmonics=5, prais_winsten=True)
    assert by_errors.level.high < -0.1
    assert by_gls.level.high < -0.09
    t = np.arange(len(deaths))
    waves = [wave(2 * np.pi * pair * (t + 1) / 12) for pair in range(1, 6) for wave in (np.sin, np.cos)]
    x = np.column_stack([np.ones(len(t)), t + 1.0, t >= law, *waves]).astype(float)
    without_the_first = sm.GLSAR(deaths, x, rho=1).iterative_fit(50)
    assert by_gls.level.value == pytest.approx(without_the_first.params[2], abs=0.005)
    assert by_gls.level.error == pytest.approx(without_the_first.bse[2], rel=0.05)


def test_newey_west_is_that_of_statsmodels_on_the_written_out_regression():
    rng = np.random.default_rng(0)
    y = autoregression(rng, 0.4, 80)
    t = np.arange(80)
    after = t >= 50
    x = np.column_stack([np.ones(80), t, after, (t - 50) * after]).astype(float)
    theirs = sm.OLS(y, x).fit(cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": True}, use_t=True)
    ours = interrupted(y, 50, lags=3)
    assert [ours.level.value, ours.slope.value] == pytest.approx(theirs.params[2:])
    assert [ours.level.error, ours.slope.error] == pytest.approx(theirs.bse[2:])


def test_prais_winsten_agrees_with_the_likelihood():
    rng = np.random.default_rng(1)
    y = autoregression(rng, 0.6, 150) + 2.0 * (np.arange(150) >= 75)
    ours = interrupted(y, 75, slope=False, prais_winsten=True)
    x = np.column_stack([np.ones(150), np.arange(150) + 1.0, np.arange(150) >= 75]).astype(float)
    theirs = sm.tsa.SARIMAX(y, exog=x, order=(1, 0, 0)).fit(disp=False)
    assert ours.level.value == pytest.approx(theirs.params[2], abs=0.1)
    assert ours.autocorrelation == pytest.approx(theirs.params[3], abs=0.05)


def test_what_would_have_been_goes_on_as_before():
    t = np.arange(40.0)
    y = 5 + 0.5 * t + np.where(t >= 20, 3 - 0.25 * (t - 20), 0) + 1e-9 * np.random.default_rng(0).normal(size=40)
    found = interrupted(y, 20)
    assert found.level.value == pytest.approx(3)
    assert found.slope.value == pytest.approx(-0.25)
    assert found.trend.value == pytest.approx(0.5)
    assert found.expected == pytest.approx(5 + 0.5 * t)


def test_intervals_cover_a_step_in_autocorrelated_series():
    rng = np.random.default_rng(2)
    step = 1.0 * (np.arange(120) >= 60)
    covered = {True: 0, False: 0}
    for _ in range(150):
        y = autoregression(rng, 0.5, 120) + step
        for by_gls in covered:
            level = interrupted(y, 60, slope=False, prais_winsten=by_gls).level
            covered[by_gls] += level.low <= 1 <= level.high
    assert covered[True] / 150 >= 0.88
    # Newey and West's errors are known to be somewhat short in so short a series.
    assert covered[False] / 150 >= 0.80


@pytest.mark.parametrize(
    "y, at, reason",
    [
        (np.arange(40.0), 4, Reason.TOO_SHORT),
        (np.arange(12.0), 6, Reason.TOO_SHORT),
        (np.r_[np.nan, np.arange(40.0)], 20, Reason.GAPS),
        (np.full(40, 3.0), 20, Reason.CONSTANT),
    ],
)
@pytest.mark.parametrize("method", [interrupted, interrupted_counts])
def test_refusals(method, y, at, reason):
    with pytest.raises(ThinData) as refused:
        method(y, at)
    assert refused.value.reason is reason
