"""The highest of a period, and where a series breaks."""

import pytest

from made_up_results import made_up, series
from workbench.indicators.results import Results
from workbench.study.breaks import breaks, since
from workbench.study.peaks import peak


def test_the_highest_of_five_years_and_more_is_a_peak():
    assert peak(series(1, 2, 9, 4, 5)).result == made_up(9, "2017")


@pytest.mark.parametrize("values", [(1, 2, 9, 4), (1, 2, 9, 4, None), (1, 9, 9, 4, 5), ()])
def test_of_fewer_years_or_of_two_highest_there_is_none(values):
    assert peak(series(*values)) is None


def test_the_numbers_that_are_the_first_after_a_break():
    broken = made_up(5, "2016", flags="b")
    flagged_gap = made_up(None, "2017", flags="bx")
    assert breaks([made_up(4, "2015"), broken, flagged_gap, made_up(6, "2018", flags="p")]) == (broken,)


def test_since_a_time_the_results_of_it_and_after():
    assert since(series(1, 2, 3), "2016") == series(2, 3, first=2016)
    assert since(Results(), "2016") == ()
