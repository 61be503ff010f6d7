"""What a first figure is likely to become."""

import numpy
import pytest

from workbench.methods.refusal import Reason, ThinData
from workbench.methods.revisions import revisions_of_age


def test_revisions_of_one_age_are_those_of_its_figures_alone():
    earlier = numpy.append(numpy.full(12, 100.0), [100, 100, 10, numpy.nan])
    later = numpy.append(100.0 + numpy.arange(12), [500, 500, 90, 100])
    age = numpy.append(numpy.zeros(12), [1, 1, 0, 0])
    found = revisions_of_age(earlier, later, age, 0)
    assert (found.figures, found.revised) == (12, 11)
    assert (found.mean, found.median) == (5.5, 5.5)
    assert found.low == pytest.approx(0.3) and found.high == pytest.approx(10.7)
    assert found.applied_to(1000) == pytest.approx((1055, 1003, 1107))


def test_from_few_figures_nothing_is_said():
    with pytest.raises(ThinData) as refused:
        revisions_of_age(numpy.full(9, 100.0), numpy.full(9, 101.0), numpy.zeros(9), 0)
    assert refused.value.reason is Reason.TOO_FEW


def test_the_interval_of_revisions_holds_four_in_five_of_new_ones():
    generator = numpy.random.default_rng(4)
    inside = []
    for _ in range(300):
        revised = 1000 * (1 + generator.standard_t(3, 31) / 100)
        found = revisions_of_age(numpy.full(30, 1000.0), revised[:30], numpy.zeros(30), 0)
        _, low, high = found.applied_to(1000)
        inside.append(low <= revised[30] <= high)
    assert 0.75 < numpy.mean(inside) < 0.88
