"""What a first figure is likely to become."""

import numpy
import pytest

from workbench.methods.refusal import Reason, ThinData
from workbench.methods.revisions import chain_ladder, revisions_of_age

# G. C. Taylor and F. R. Ashe, Journal of Econometrics 23 (1983): payments by year of accident and of development.
TAYLOR_ASHE = """
357848 766940 610542 482940 527326 574398 146342 139950 227229 67948
352118 884021 933894 1183289 445745 320996 527804 266172 425046
290507 1001799 926219 1016654 750816 146923 495992 280405
310608 1108250 776189 1562400 272482 352053 206286
443160 693190 991983 769488 504851 470639
396132 937085 847498 805037 705960
440832 847631 1131398 1063269
359480 1061648 1443370
376686 986608
344014
"""


def taylor_ashe() -> numpy.ndarray:
    triangle = numpy.full((10, 10), numpy.nan)
    for row, line in enumerate(TAYLOR_ASHE.split("\n")[1:-1]):
        paid = numpy.array(line.split(), dtype=float).cumsum()
        triangle[row, : len(paid)] = paid
    return triangle


def test_chain_ladder_is_as_mack_published_it():
    """T. Mack, ASTIN Bulletin 23 (1993), tables 2 and 3: reserve 18 681 and standard error 2 447 thousand."""
    triangle = taylor_ashe()
    ladder = chain_ladder(triangle)
    known = triangle[numpy.arange(10), 9 - numpy.arange(10)]
    assert round((ladder.final - known).sum() / 1000) == 18681
    assert round(ladder.total_error / 1000) == 2447
    assert ladder.factors == pytest.approx([3.49, 1.75, 1.46, 1.17, 1.10, 1.09, 1.05, 1.08, 1.02], abs=0.005)
    # In per cent of the reserve of each year.
    percent = 100 * ladder.error[1:] / (ladder.final - known)[1:]
    assert list(percent.round()) == [80, 26, 19, 27, 29, 26, 22, 23, 29]


@pytest.mark.parametrize("unit", [0.001, 7.0])
def test_chain_ladder_does_not_depend_on_the_unit(unit):
    ladder, scaled = chain_ladder(taylor_ashe()), chain_ladder(taylor_ashe() * unit)
    assert scaled.final == pytest.approx(ladder.final * unit)
    assert scaled.total_error == pytest.approx(ladder.total_error * unit)


@pytest.mark.parametrize("broken", [taylor_ashe()[:3, :3], taylor_ashe()[:, :9], numpy.ones((5, 5))])
def test_what_is_no_triangle_is_refused(broken):
    with pytest.raises(ThinData):
        chain_ladder(broken)


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
