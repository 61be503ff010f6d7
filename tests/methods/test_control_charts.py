"""Reference values, decision intervals and paths of control charts."""

import numpy as np
import pytest

from workbench.methods.control_charts import (
    CountCusum,
    count_cusum,
    cusum,
    decision_interval,
    ewma,
    ewma_width,
    negative_binomial_reference_value,
    poisson_reference_value,
)
from workbench.methods.refusal import ThinData
from workbench.methods.run_lengths import count_cusum_arl


def test_reference_value_of_a_poisson_cusum():
    # Rossi, Lampugnani & Marchi (1999), table 1, by the exact design in the R package spc: mean 0.52, shifted to 1.563777.
    assert poisson_reference_value(0.52, 1.563777) == pytest.approx(0.948, abs=1e-6)


def test_reference_value_is_where_both_means_are_equally_likely():
    mean, shifted, size = 4.0, 9.0, 3.0
    k = negative_binomial_reference_value(mean, shifted, size)

    def log_likelihood(level):
        return k * np.log(level / (size + level)) + size * np.log(size / (size + level))

    assert log_likelihood(mean) == pytest.approx(log_likelihood(shifted))
    assert mean < k < shifted
    assert negative_binomial_reference_value(mean, shifted, 1e8) == pytest.approx(
        poisson_reference_value(mean, shifted)
    )


def test_a_shift_that_is_none_has_no_reference_value():
    with pytest.raises(ThinData, match="no reference value"):
        poisson_reference_value(4, 4)


# Hawkins (1993), Journal of Quality Technology 25, as in Montgomery, table 9.4: two-sided charts with ARL0 = 370.
@pytest.mark.parametrize(("k", "h"), [(0.25, 8.01), (0.5, 4.77), (0.75, 3.34), (1.0, 2.52), (1.25, 1.99), (1.5, 1.61)])
def test_decision_interval_is_the_published_one(k, h):
    assert decision_interval(k, 2 * 370) == pytest.approx(h, abs=0.01)


def test_width_of_an_ewma_is_the_published_one():
    assert ewma_width(0.1, 500) == pytest.approx(2.814, abs=0.001)


def test_decision_interval_of_counts_is_the_smallest_that_keeps_the_run_length():
    # Lucas (1985), table 2, as in the R package spc: h = 10 in quarters of a count.
    assert count_cusum(0.25, 0.25, 430) == CountCusum(k=1, h=40, parts=4)
    design = count_cusum(4, 5, 500, variance=8)
    lengths = [count_cusum_arl(4, design.k, h, variance=8, parts=4) for h in (design.h - 1, design.h)]
    assert lengths[0] < 500 <= lengths[1]


def test_path_of_a_cusum_by_hand():
    # It stays at nothing below k, adds what is above, waits where a value is missing, and starts anew after an alarm.
    assert cusum([1, 3, 4, np.nan, 4, 2], k=2, h=5).tolist() == [0, 1, 3, 3, 5, 0]


def test_path_of_an_ewma_by_hand():
    assert ewma([1, np.nan, 1, -1], smoothing=0.5).tolist() == [0.5, 0.5, 0.75, -0.125]
