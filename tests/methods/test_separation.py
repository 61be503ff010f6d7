import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from methods.published_separation import FE1, FE3, NOT_CONVERGING, NOTHING_LEFT, WRONGLY_CONVERGING
from workbench.methods.fixed_effects import Effects
from workbench.methods.separation import separated


def found(table, groups=0):
    x = table[:, 1 : table.shape[1] - groups]
    labels = list(table[:, table.shape[1] - groups :].T)
    return np.flatnonzero(separated(table[:, 0], x, Effects.of(labels, len(table)))).tolist()


def test_the_published_examples_without_groups():
    assert found(NOT_CONVERGING) == [0, 4]
    assert found(WRONGLY_CONVERGING) == [4]
    assert found(np.array([[0, 2, -1], [0, -1, 2], [0, 0, 0], [1, 0, 0], [2, 5, -10], [3, 6, -12.0]])) == [0]
    assert found(np.array([[0, 1], [0, 1], [0, 0], [1, 0], [2, 0], [3, 0.0]])) == [0, 1]


def test_every_zero_may_be_separated():
    assert found(NOTHING_LEFT) == list(range(9))


def test_the_published_examples_with_groups():
    """The third is not found by a look at one classification alone."""
    assert found(np.array([[0, 1], [0, 1], [0, 2], [1, 2], [2, 3], [3, 3.0]]), groups=1) == [0, 1]
    assert len(found(FE1, groups=2)) == 4
    assert found(np.array([[0, 1, 1], [1, 1, 1], [0, 2, 1], [0, 2, 2], [1, 2, 2.0]]), groups=2) == [2]


def test_finds_all_that_a_published_certificate_is_positive_for():
    """The z that the guide gives for its third dataset; it names eight observations, its z is positive for seven."""
    i, j = FE3[:, 2], FE3[:, 3]
    z = 8 + 2.0 * (i == 4) - 2 * (i == 1) - 2 * (i == 6) - 6 * (j == 1) - 6 * (j == 3) - 2 * (j == 4) - (j == 5)
    assert found(FE3, groups=2) == np.flatnonzero(z > 0).tolist() == [4, 5, 6, 7, 8, 10, 11]


def test_an_observation_that_is_not_zero_undoes_the_separation_of_those_like_it():
    rows = np.array([[0, 1, 1], [1, 1, 1], [0, 2, 1], [0, 2, 2], [1, 2, 2], [1e-6, 2, 1.0]])
    assert found(rows, groups=2) == []


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_finds_what_one_programme_for_each_zero_finds(seed):
    """The largest z of a zero, up to 1, is 1 if and only if it is separated."""
    rng = np.random.default_rng(seed)
    y, x = rng.poisson(0.6, 12).astype(float), rng.integers(-1, 2, (12, 2)).astype(float)
    effects = Effects.of([rng.integers(0, 3, 12), rng.integers(0, 3, 12)], 12)
    columns, zero = np.column_stack([x, effects.dummies().toarray()]), y == 0
    largest = [
        -linprog(
            -columns[one],
            A_ub=np.vstack([-columns[zero], columns[one]]),
            b_ub=np.append(np.zeros(zero.sum()), 1),
            A_eq=columns[~zero],
            b_eq=np.zeros((~zero).sum()),
            bounds=(None, None),
        ).fun
        for one in np.flatnonzero(zero)
    ]
    assert separated(y, x, effects)[zero].tolist() == [z > 0.5 for z in largest]
    assert not separated(y, x, effects)[~zero].any()
