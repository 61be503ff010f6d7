"""Steps out of proportion: how often they are made up, and that one put in is found."""

import numpy as np
import pytest
from published import autoregression

from workbench.methods.outlying_steps import outlying_steps
from workbench.methods.refusal import Reason, ThinData


def test_seldom_is_any_told_in_a_normal_series():
    rng = np.random.default_rng(0)
    told = [len(outlying_steps(autoregression(rng, phi, 120)).at) > 0 for phi in (0.5, 0.95, 1.0) for _ in range(100)]
    # At most one in a hundred, and somewhat more by chance and by the robust deviation of so few.
    assert np.mean(told) <= 0.04


def test_a_shock_is_found_at_its_month():
    rng = np.random.default_rng(1)
    y = autoregression(rng, 0.9, 120)
    y[70:] += 12 * 0.9 ** np.arange(50)
    found = outlying_steps(y)
    assert found.at.tolist() == [70]
    assert found.distances[0] > found.threshold > 3.5


def test_a_month_of_no_growth_in_a_growing_regime_is_no_leap():
    rng = np.random.default_rng(2)
    y = np.cumsum(np.r_[rng.normal(0, 0.01, 60), rng.normal(0.3, 0.01, 30), 0.0, rng.normal(0.3, 0.01, 29)])
    assert 90 not in outlying_steps(y, (61,)).at


@pytest.mark.parametrize(
    "y, reason",
    [
        (np.arange(20.0), Reason.TOO_SHORT),
        (np.r_[np.nan, np.arange(40.0)], Reason.GAPS),
        (np.r_[np.zeros(40), 1.0], Reason.CONSTANT),
    ],
)
def test_refusals(y, reason):
    with pytest.raises(ThinData) as refused:
        outlying_steps(y)
    assert refused.value.reason is reason
