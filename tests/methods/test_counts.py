from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench.methods.counts import negative_binomial
from workbench.methods.refusal import Reason, ThinData

DATA = Path(__file__).parent / "data"
QUINE = pd.read_csv(DATA / "quine.csv")
LEVELS = {"eth": ["N"], "sex": ["M"], "age": ["F1", "F2", "F3"], "lrn": ["SL"]}


def interactions(most):
    """Treatment contrasts of all interactions of at most so many factors, as R's formulas have them."""
    columns = []
    for size in range(1, most + 1):
        for factors in combinations(LEVELS, size):
            for levels in product(*(LEVELS[factor] for factor in factors)):
                columns.append(np.prod([QUINE[f] == level for f, level in zip(factors, levels)], axis=0))
    return np.column_stack(columns).astype(float)


def test_quine_with_all_interactions():
    """Venables and Ripley (2002), section 7.4: glm.nb(Days ~ .^4). Crawley, "The R Book": 2 × log-likelihood −1039.324."""
    fit = negative_binomial(QUINE.days, interactions(4))
    assert fit.theta == pytest.approx(1.92836014510701, rel=1e-9)
    assert fit.theta_standard_error == pytest.approx(0.269, abs=5e-4)
    assert 2 * fit.log_likelihood == pytest.approx(-1039.324, abs=5e-4)
    assert np.isnan(fit.coefficients).sum() == 4


def test_quine_with_main_effects():
    """MASS: glm.nb(Days ~ Eth + Sex + Age + Lrn) has θ 1.275 (0.161), Eth −0.56937 (0.15333), 2 × log-likelihood −1093.151."""
    fit = negative_binomial(QUINE.days, interactions(1))
    assert (fit.theta, fit.theta_standard_error) == (pytest.approx(1.275, abs=5e-4), pytest.approx(0.161, abs=5e-4))
    assert (fit.coefficients[0], fit.standard_errors[0]) == (
        pytest.approx(-0.56937, abs=5e-6),
        pytest.approx(0.15333, abs=5e-5),
    )
    assert 2 * fit.log_likelihood == pytest.approx(-1093.151, abs=5e-4)


def test_boating_trips():
    """Kleiber and Zeileis (2008), "Applied Econometrics with R", section 5.3: glm.nb(trips ~ ., RecreationDemand), θ 0.7293."""
    boats = pd.read_csv(DATA / "recreation_demand.csv").replace({"yes": 1.0, "no": 0.0}).astype(float)
    fit = negative_binomial(boats.trips, boats.drop(columns="trips").to_numpy())
    assert (fit.theta, fit.theta_standard_error) == (pytest.approx(0.7293, abs=5e-5), pytest.approx(0.0747, abs=5e-5))
    assert fit.coefficients[[0, 5]] == pytest.approx([0.72200, -0.09269], abs=5e-6)


def test_effects_of_groups_are_those_of_dummies():
    """Ethnicity as a classification, and as a column."""
    columns = interactions(1)
    absorbed, dummies = (
        negative_binomial(QUINE.days, columns[:, 1:], [QUINE.eth]),
        negative_binomial(QUINE.days, columns),
    )
    assert absorbed.coefficients == pytest.approx(dummies.coefficients[1:])
    assert absorbed.theta == pytest.approx(dummies.theta)
    clustered = negative_binomial(QUINE.days, columns[:, 1:], [QUINE.eth], [np.arange(len(QUINE))])
    # White's errors are near those of the likelihood where the distribution is the right one.
    assert clustered.standard_errors == pytest.approx(absorbed.standard_errors, rel=0.35)
    assert clustered.degrees_of_freedom == len(QUINE) - 1


def test_counts_without_scatter_are_refused():
    with pytest.raises(ThinData) as refused:
        negative_binomial([4, 4, 5, 5, 4, 4], np.empty((6, 0)))
    assert refused.value.reason is Reason.CONSTANT
