"""Average run lengths of control charts, against those that were published."""

import numpy as np
import pytest

from workbench.methods.run_lengths import count_cusum_arl, normal_cusum_arl, normal_ewma_arl

SHIFTS = (0, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 4)


def two_sided(k, h, shift):
    return 1 / (1 / normal_cusum_arl(k, h, shift) + 1 / normal_cusum_arl(k, h, -shift))


# Lucas & Crosier (1982), Technometrics 24, table 1 (h = 4); Montgomery, Statistical Quality Control, table 9.3 (h = 4 and 5).
@pytest.mark.parametrize(
    ("h", "published"),
    [
        (4, (168, 74.2, 26.6, 13.3, 8.38, 4.75, 3.34, 2.62, 2.19, 1.71)),
        (5, (465, 139, 38.0, 17.0, 10.4, 5.75, 4.01, 3.11, 2.57, 2.01)),
    ],
)
def test_two_sided_cusum_has_its_published_run_lengths(h, published):
    computed = [two_sided(0.5, h, shift) for shift in SHIFTS]
    assert computed == pytest.approx(published, rel=0.005)


def test_one_sided_cusum_has_its_published_run_lengths():
    # SAS/QC manual (1999), k = 0.25, h = 8, mean 2.5.
    assert normal_cusum_arl(0.25, 8, 2.5) == pytest.approx(4.1500836225, abs=2e-7)
    # Vance (1986), table 1, k = 0, h = 10; his first figure is 2071.51.
    vance = {-0.125: 400.28, 0: 124.66, 0.125: 59.30, 0.25: 36.71, 0.5: 20.37, 0.75: 14.06, 1: 10.75}
    assert [round(normal_cusum_arl(0, 10, mean), 2) for mean in vance] == list(vance.values())
    # Waldmann (1986), tables 1 and 5, k = 0.5, h = 3; Brook & Evans (1972) have 117.59 by a coarser chain.
    assert normal_cusum_arl(0.5, 3) == pytest.approx(117.4, abs=0.3)
    assert round(normal_cusum_arl(0.5, 3, 0.5), 2) == 17.35


# Lucas & Saccucci (1990), table 3, as printed in Montgomery, Statistical Quality Control, table 9.11.
@pytest.mark.parametrize(
    ("smoothing", "width", "published"),
    [
        (0.4, 3.054, (500, 224, 71.2, 28.4, 14.3, 5.9, 3.5, 2.5, 2.0, 1.4)),
        (0.25, 2.998, (500, 170, 48.2, 20.1, 11.1, 5.5, 3.6, 2.7, 2.3, 1.7)),
        (0.2, 2.962, (500, 150, 41.8, 18.2, 10.5, 5.5, 3.7, 2.9, 2.4, 1.9)),
        (0.1, 2.814, (500, 106, 31.3, 15.9, 10.3, 6.1, 4.4, 3.4, 2.9, 2.2)),
        (0.05, 2.615, (500, 84.1, 28.8, 16.4, 11.4, 7.1, 5.2, 4.2, 3.5, 2.7)),
    ],
)
def test_ewma_has_its_published_run_lengths(smoothing, width, published):
    computed = [normal_ewma_arl(smoothing, width, shift) for shift in SHIFTS]
    assert computed == pytest.approx(published, rel=0.005, abs=0.06)


def test_poisson_cusum_has_its_published_run_lengths():
    # Lucas (1985), tables 2 and 3, first block, h = 10, k = 0.25, mean k: without and with a head start of half of h.
    assert round(count_cusum_arl(0.25, 1, 40, parts=4)) == 438
    assert round(count_cusum_arl(0.25, 1, 40, parts=4, head_start=20)) == 333
    # The R package IAcsSPCR, function arl, example: h = 6, k = 2, mean 1.88, shifted by 0.9627 standard deviations.
    assert round(count_cusum_arl(1.88, 2, 6), 1) == 37.2
    assert round(count_cusum_arl(1.88 + 0.9627 * np.sqrt(1.88), 2, 6), 2) == 5.49


def test_run_length_of_negative_binomial_counts_is_that_of_a_simulation():
    mean, variance, k, h = 4.0, 8.0, 6, 7
    size = mean**2 / (variance - mean)
    draws = np.random.default_rng(1985).negative_binomial(size, size / (size + mean), size=(4000, 1500))
    lengths = []
    levels, waiting = np.zeros(4000), np.ones(4000, bool)
    for period in range(1500):
        levels = np.maximum(0, levels + draws[:, period] - k)
        alarmed = waiting & (levels >= h)
        lengths += [period + 1] * int(alarmed.sum())
        waiting &= ~alarmed
    assert not waiting.any()
    standard_error = np.std(lengths) / np.sqrt(4000)
    assert count_cusum_arl(mean, k, h, variance=variance) == pytest.approx(np.mean(lengths), abs=3 * standard_error)
