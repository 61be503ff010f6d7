"""CUSUM tests against published output, statsmodels' recursions, and their own level."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import kolmogorov
from statsmodels.datasets import nile
from statsmodels.stats.diagnostic import recursive_olsresiduals

from workbench.methods.cusum import ols_cusum, recursive_cusum
from workbench.methods.recursive_residuals import recursive_residuals
from workbench.methods.refusal import Reason, ThinData

NILE = nile.load_pandas().data["volume"].to_numpy()


def test_the_nile_strays_as_published():
    # Zeileis, Leisch, Hornik and Kleiber, strucchange: sctest(efp(Nile ~ 1, type = "OLS-CUSUM")).
    found = ols_cusum(NILE)
    assert round(found.statistic, 4) == 2.9518
    assert found.p_value == pytest.approx(5.409e-08, rel=0.001)
    assert found.crossed < 28 < np.abs(found.process).argmax() + 2


def test_the_bridge_has_the_published_p_value():
    # strucchange, USIncExp: S0 = 1.5511, p-value = 0.01626; the boundary is that of 5 %.
    assert kolmogorov(1.5511) == pytest.approx(0.01626, abs=0.00001)
    assert kolmogorov(ols_cusum(NILE).boundary[0]) == pytest.approx(0.05, abs=1e-6)


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


@pytest.mark.parametrize("method", [ols_cusum, recursive_cusum])
def test_stable_series_stay_within_and_broken_ones_do_not(method):
    rng = np.random.default_rng(1)
    shift = 1.5 * (np.arange(150) >= 60)
    stable = [method(rng.normal(size=150)) for _ in range(200)]
    broken = [method(rng.normal(size=150) + shift) for _ in range(20)]
    alarms = np.mean([found.crossed >= 0 for found in stable])
    assert 0.01 <= alarms <= 0.08
    assert all((found.p_value < 0.05) == (found.crossed >= 0) for found in stable if abs(found.p_value - 0.05) > 0.005)
    assert np.mean([found.crossed >= 0 for found in broken]) > 0.95


@pytest.mark.parametrize(
    "y, reason",
    [(np.arange(3.0), Reason.TOO_SHORT), (np.r_[np.nan, np.arange(9.0)], Reason.GAPS), (np.ones(9), Reason.CONSTANT)],
)
def test_refusals(y, reason):
    with pytest.raises(ThinData) as refused:
        ols_cusum(y)
    assert refused.value.reason is reason
