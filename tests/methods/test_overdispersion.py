from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from workbench.methods.overdispersion import overdispersion, theta
from workbench.methods.refusal import Reason, ThinData

BOATS = pd.read_csv(Path(__file__).parent / "data" / "recreation_demand.csv").replace({"yes": 1.0, "no": 0.0})


def test_boating_trips_as_published():
    """Kleiber and Zeileis (2008), "Applied Econometrics with R", section 5.3: dispersiontest(rd_pois), with trafo 1 and 2."""
    design = sm.add_constant(BOATS.drop(columns="trips").astype(float))
    mean = sm.GLM(BOATS.trips, design, family=sm.families.Poisson()).fit(tol=1e-12).fittedvalues
    linear, quadratic = overdispersion(BOATS.trips, mean, power=1), overdispersion(BOATS.trips, mean)
    assert (linear.alpha, linear.statistic) == (pytest.approx(5.5658, abs=5e-5), pytest.approx(2.4116, abs=5e-5))
    assert linear.p_value == pytest.approx(0.007941, abs=5e-7)
    assert (quadratic.alpha, quadratic.statistic) == (pytest.approx(1.316, abs=5e-4), pytest.approx(2.938, abs=5e-4))


def test_poisson_counts_are_rarely_called_overdispersed():
    rng = np.random.default_rng(1990)
    mean = np.exp(rng.normal(2, 0.5, (400, 200)))
    called = [overdispersion(y, own).p_value < 0.05 for y, own in zip(rng.poisson(mean), mean, strict=True)]
    assert np.mean(called) == pytest.approx(0.05, abs=0.03)


def test_the_shape_of_simulated_counts_is_found():
    rng = np.random.default_rng(1928)
    mean = np.full(4000, 20.0)
    found, error = theta(rng.poisson(mean * rng.gamma(2, 1 / 2, 4000)), mean)
    assert found == pytest.approx(2, abs=3 * error)
    assert error < 0.1


def test_counts_without_scatter_have_no_shape():
    with pytest.raises(ThinData) as refused:
        theta([10, 10, 10], [10, 10, 10])
    assert refused.value.reason is Reason.CONSTANT
    with pytest.raises(ThinData) as short:
        overdispersion([1, 2], [1, 2])
    assert short.value.reason is Reason.TOO_SHORT
