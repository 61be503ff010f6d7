"""CUSUM tests against published output, statsmodels' recursions, and their own level."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.datasets import nile
from statsmodels.stats.diagnostic import recursive_olsresiduals

from workbench.methods.cusum import recursive_cusum
from workbench.methods.recursive_residuals import recursive_residuals
from workbench.methods.refusal import Reason, ThinData

NILE = nile.load_pandas().data["volume"].to_numpy()
CONSTANT = np.ones((100, 1))


def test_the_boundary_is_that_of_brown_durbin_and_evans():
    # 0.948 (1 + 2 t / m) at 5 %: their section 2.3.
    found = recursive_cusum(NILE, CONSTANT)
    m = len(found.process)
    assert found.boundary == pytest.approx(0.948 * (1 + 2 * np.arange(1, m + 1) / m), abs=5e-4)


def test_the_nile_strays_after_the_dam_of_aswan():
    # The level fell with observation 28, of 1898: what came was less than before, and that is told some years later.
    found = recursive_cusum(NILE, CONSTANT)
    assert 28 < found.crossed < 50 and found.process[found.crossed - 1] < 0
    assert found.statistic > 1 and found.p_value < 0.01


def test_recursions_are_those_of_statsmodels():
    rng = np.random.default_rng(0)
    x = np.column_stack([np.ones(50), rng.normal(size=50)])
    y = x @ [1, 2] + rng.normal(size=50)
    theirs = recursive_olsresiduals(sm.OLS(y, x).fit())
    assert recursive_residuals(y, x)[2:] == pytest.approx(theirs[4][2:])
    ours = recursive_cusum(y, x)
    # Theirs is not divided by the root of n, and its deviation is that of the regression.
    assert ours.process * np.sqrt(48) == pytest.approx(theirs[5][1:], rel=0.05)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_their_squares_add_up_to_those_of_the_whole_regression(seed, k):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(25), rng.normal(size=(25, k - 1))]) if k > 1 else np.ones((25, 1))
    y = rng.normal(size=25)
    left = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    assert np.nansum(recursive_residuals(y, x) ** 2) == pytest.approx(left @ left)


def test_regressors_that_never_vary_have_no_forecasts():
    assert np.isnan(recursive_residuals(np.arange(10.0), np.ones((10, 2)))).all()


@pytest.mark.parametrize("regressors", [0, 1])
def test_stable_series_stay_within_and_broken_ones_do_not(regressors):
    rng = np.random.default_rng(1)
    shift = 1.5 * (np.arange(150) >= 60)
    x = np.ones((150, regressors))
    stable = [recursive_cusum(rng.normal(size=150), x) for _ in range(200)]
    broken = [recursive_cusum(rng.normal(size=150) + shift, x) for _ in range(20)]
    alarms = np.mean([found.crossed >= 0 for found in stable])
    assert 0.01 <= alarms <= 0.08
    assert all((found.p_value < 0.05) == (found.crossed >= 0) for found in stable if abs(found.p_value - 0.05) > 0.005)
    assert all((found.statistic > 1) == (found.crossed >= 0) for found in stable)
    assert np.mean([found.crossed >= 0 for found in broken]) > 0.95


def test_errors_that_are_wrong_from_the_start_are_noticed_without_regressors_alone():
    errors = np.random.default_rng(3).normal(size=40) + 1
    assert recursive_cusum(errors, np.empty((40, 0))).crossed >= 0 > recursive_cusum(errors, np.ones((40, 1))).crossed


@pytest.mark.parametrize(
    "y, reason",
    [(np.arange(3.0), Reason.TOO_SHORT), (np.r_[np.nan, np.arange(9.0)], Reason.GAPS), (np.ones(9), Reason.CONSTANT)],
)
def test_refusals(y, reason):
    with pytest.raises(ThinData) as refused:
        recursive_cusum(y, np.ones((len(y), 1)))
    assert refused.value.reason is reason
