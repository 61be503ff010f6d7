from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from methods.published_separation import FE1, FE3, NOT_CONVERGING, NOTHING_LEFT, WRONGLY_CONVERGING
from workbench.methods.gravity import ppml
from workbench.methods.refusal import Reason, ThinData

CANADA = pd.read_csv(Path(__file__).parent / "data" / "canadian_migration.csv")
ENDS = [CANADA.origin, CANADA.destination]
LOGARITHMS = np.log(CANADA[["distance", "population_of_origin", "population_of_destination"]].to_numpy())

# Coefficients, standard errors and deviance that pyfixest 0.60.0 gives for `canadian_migration.csv`, with
# ssc(k_adj=False, G_df="min"): regressors, effects, clusters. `test_against_pyfixest` asks it again.
PYFIXEST = {
    "both ends": ([0], ENDS, ENDS, [-1.0524367063746856], [0.06317418376775999], 33118.37003031891),
    "one cluster": ([0], ENDS, ENDS[:1], [-1.0524367063746856], [0.06607968966087856], 33118.37003031891),
    # Without clusters pyfixest has no small-sample factor, where `sandwich` has n / (n − 1).
    "no cluster": ([0], ENDS, [], [-1.0524367063746856], [0.038077714256609746 * (90 / 89) ** 0.5], 33118.37003031891),
    "origins alone": (
        [0, 2],
        ENDS[:1],
        ENDS,
        [-0.6049203197680726, 0.617564500189029],
        [0.2529365736852318, 0.16309544333686554],
        462920.45697143197,
    ),
    "no effects": (
        [0, 1, 2],
        [],
        ENDS[:1],
        [-0.5056092668779278, 0.5360570866234077, 0.6249994942555431],
        [0.193953521818171, 0.09372238482553925, 0.09056845004165892],
        532448.0219186284,
    ),
}


@pytest.mark.parametrize("case", PYFIXEST)
def test_migration_in_canada_as_pyfixest_has_it(case):
    columns, effects, clusters, coefficients, errors, deviance = PYFIXEST[case]
    fit = ppml(CANADA.migrants, LOGARITHMS[:, columns], effects, clusters)
    assert fit.coefficients == pytest.approx(coefficients, rel=1e-8)
    assert fit.standard_errors == pytest.approx(errors, rel=1e-6)
    assert fit.deviance == pytest.approx(deviance, rel=1e-9)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_against_pyfixest():
    import pyfixest as pf  # takes seconds

    table = CANADA.assign(log_distance=LOGARITHMS[:, 0])
    other = pf.fepois(
        "migrants ~ log_distance | origin + destination",
        table,
        vcov={"CRV1": "origin+destination"},
        ssc=pf.ssc(k_adj=False, G_df="min"),
        iwls_tol=1e-12,
        fixef_tol=1e-12,
    )
    fit = ppml(CANADA.migrants, LOGARITHMS[:, :1], ENDS, ENDS)
    assert fit.coefficients == pytest.approx(other.coef().to_numpy(), rel=1e-8)
    assert fit.standard_errors == pytest.approx(other.se().to_numpy(), rel=1e-6)


def test_is_the_poisson_regression_with_a_dummy_for_each_group():
    dummies = pd.get_dummies(CANADA[["origin", "destination"]], drop_first=True).to_numpy(dtype=float)
    design = np.column_stack([LOGARITHMS[:, 0], np.ones(len(CANADA)), dummies])
    by_dummies = sm.GLM(CANADA.migrants, design, family=sm.families.Poisson()).fit(tol=1e-12)
    fit = ppml(CANADA.migrants, LOGARITHMS[:, :1], ENDS)
    assert fit.coefficients[0] == pytest.approx(by_dummies.params.iloc[0], rel=1e-9)
    assert fit.expected == pytest.approx(by_dummies.fittedvalues.to_numpy(), rel=1e-8)
    assert fit.deviance == pytest.approx(by_dummies.deviance)


def test_origins_and_destinations_add_up_to_what_was_observed():
    expected = pd.Series(ppml(CANADA.migrants, LOGARITHMS[:, :1], ENDS).expected)
    for end in ENDS:
        assert expected.groupby(end).sum().tolist() == pytest.approx(CANADA.migrants.groupby(end).sum().tolist())


def test_effects_of_pairs_leave_what_changes_within_a_pair():
    """Two years of each pair: the year's coefficient is the logarithm of the ratio of the totals."""
    before = CANADA.migrants.to_numpy(dtype=float)
    after = np.random.default_rng(1976).poisson(before * 1.3)
    pairs, year = (CANADA.origin + CANADA.destination).tolist() * 2, np.repeat([0.0, 1], len(before))[:, None]
    fit = ppml(np.concatenate([before, after]), year, [pairs], [pairs])
    assert fit.coefficients[0] == pytest.approx(np.log(after.sum() / before.sum()), rel=1e-9)


def test_the_published_examples_of_separation():
    """What ppmlhdfe and alpaca report, in the guides of the first."""
    fit = ppml(NOT_CONVERGING[:, 0], NOT_CONVERGING[:, 1:])
    assert fit.coefficients[2] == pytest.approx(0.066, abs=5e-4)
    assert np.isnan(fit.coefficients).tolist() == [False, True, False]
    fit = ppml(WRONGLY_CONVERGING[:, 0], WRONGLY_CONVERGING[:, 1:])
    kept = ~fit.separated
    of_regressors = WRONGLY_CONVERGING[kept, 1:] @ np.nan_to_num(fit.coefficients)
    assert np.log(fit.expected[kept]) - of_regressors == pytest.approx(0.59095, abs=5e-6)
    assert fit.coefficients[2:] == pytest.approx([-0.47085, -0.03779], abs=5e-6)
    assert fit.deviance == pytest.approx(15.956, abs=5e-4)
    fit = ppml(FE1[:, 0], FE1[:, 1:3], FE1[:, 3:].T)
    assert fit.coefficients[0] == pytest.approx(-0.4845, abs=5e-5)
    assert fit.deviance == pytest.approx(13.3644, abs=5e-5)
    fit = ppml(FE3[:, 0], FE3[:, 1:2], FE3[:, 2:].T)
    assert fit.coefficients[0] == pytest.approx(-0.2995, abs=5e-5)
    assert fit.deviance == pytest.approx(13.9161, abs=5e-5)


@pytest.mark.parametrize(
    ("case", "of_logarithms"), [(1, (0.39, 0.36)), (2, (0.21, 0.20)), (3, (0, 0)), (4, (0.13, -0.13))]
)
def test_the_experiment_of_the_log_of_gravity(case, of_logarithms):
    """Santos Silva and Tenreyro (2006), section IV, table 1: PPML is unbiased whatever the spread, OLS of logarithms is not.

    Their design: 1 000 observations, a normal and a binary regressor with coefficients 1, log-normal errors of mean 1 in
    four patterns of variance.
    """
    rng = np.random.default_rng(2006)
    found = []
    for _ in range(30):
        x = np.column_stack([rng.normal(size=1000), rng.random(1000) < 0.4]).astype(float)
        mean = np.exp(x.sum(axis=1))
        variance = {1: mean**-2, 2: 1 / mean, 3: np.ones(1000), 4: 1 / mean + np.exp(x[:, 1])}[case]
        spread = np.log1p(variance)
        y = mean * np.exp(rng.normal(size=1000) * np.sqrt(spread) - spread / 2)
        ordinary = np.linalg.lstsq(np.column_stack([np.ones(1000), x]), np.log(y), rcond=None)[0][1:]
        found.append([ppml(y, x).coefficients - 1, ordinary - 1])
    poisson, logarithms = np.mean(found, axis=0)
    assert poisson == pytest.approx([0, 0], abs=0.06)
    assert logarithms == pytest.approx(of_logarithms, abs=0.04)


def test_intervals_with_few_clusters_are_those_of_students_t():
    fit = ppml(CANADA.migrants, LOGARITHMS[:, :1], ENDS, ENDS)
    low, high = fit.interval()
    assert fit.degrees_of_freedom == 9
    assert (high - low) / 2 == pytest.approx(2.2621571628 * fit.standard_errors)


def test_what_cannot_be_told_is_refused():
    with pytest.raises(ThinData) as nothing:
        ppml([0, 0, 0], np.ones((3, 1)))
    assert nothing.value.reason is Reason.CONSTANT
    with pytest.raises(ThinData) as perfect:
        ppml(NOTHING_LEFT[:, 0], NOTHING_LEFT[:, 1:])
    assert perfect.value.reason is Reason.TOO_FEW
    with pytest.raises(ValueError, match="not negative"):
        ppml([1, -1], np.ones((2, 1)))


def test_what_the_effects_say_already_has_no_coefficient():
    fit = ppml(CANADA.migrants, LOGARITHMS[:, :2], ENDS)
    assert np.isnan(fit.coefficients).tolist() == [False, True]
    assert np.isnan(fit.standard_errors).tolist() == [False, True]
