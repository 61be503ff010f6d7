import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.methods.fixed_effects import Effects


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 3))
def test_is_the_residual_of_a_regression_on_dummies(seed, classifications):
    rng = np.random.default_rng(seed)
    n = 40
    labels = [rng.integers(0, 4, n) for _ in range(classifications)]
    variables, weights = rng.normal(size=(n, 2)), rng.uniform(0.1, 5, n)
    effects = Effects.of(labels, n)
    dummies, root = effects.dummies().toarray(), np.sqrt(weights)[:, None]
    fitted = dummies @ np.linalg.lstsq(dummies * root, variables * root, rcond=None)[0]
    assert effects.absorbed(variables, weights) == pytest.approx(variables - fitted, abs=1e-8)


def test_without_a_classification_takes_out_the_mean():
    assert Effects.of([], 3).absorbed(np.array([[1.0], [2], [6]]), np.ones(3)) == pytest.approx(
        np.array([[-2.0], [-1], [3]])
    )


def test_groups_without_an_observation_are_gone():
    effects = Effects.of([["a", "a", "b"]], 3).among(np.array([True, True, False]))
    assert effects.dummies().toarray().tolist() == [[1.0], [1.0]]
