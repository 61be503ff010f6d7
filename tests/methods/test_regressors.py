import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.methods.regressors import independent


def test_keeps_the_first_of_what_says_the_same():
    x = np.array([1.0, 2, 3, 5])
    columns = np.column_stack([np.ones(4), x, 2 * x - 1, np.zeros(4), x**2])
    assert independent(columns).tolist() == [True, True, False, False, True]


def test_what_is_left_after_something_was_taken_out_is_measured_by_what_there_was():
    left = np.full((5, 1), 1e-12)
    assert independent(left).tolist() == [True]
    assert independent(left, np.array([10.0])).tolist() == [False]


@given(arrays(float, (6, 4), elements=st.integers(-3, 3).map(float)))
def test_finds_as_many_as_the_rank(columns):
    kept = independent(columns)
    assert kept.sum() == np.linalg.matrix_rank(columns)
    assert np.linalg.matrix_rank(columns[:, kept]) == kept.sum()
