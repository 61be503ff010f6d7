"""Which of several series of the same numbers is shown."""

from hypothesis import given
from hypothesis import strategies as st

from made_up_results import series
from workbench.study.preferred_series import first_with_last_period, says_the_same

NUMBERS = st.lists(st.none() | st.integers(0, 100), min_size=3, max_size=3)


def test_the_first_that_has_the_last_period():
    without, with_it, later = series(1, None), series(1, 2), series(1, 3)
    assert first_with_last_period([without, with_it, later]) == with_it
    assert first_with_last_period([without, series(9, None)]) == without


def test_the_longer_series_says_the_same_where_it_has_every_number_of_the_newer_one():
    newer = series(None, None, 5, 6)
    assert says_the_same(newer, series(3, 4, 5, 6))
    assert not says_the_same(newer, series(3, 4, 5, 7)) and not says_the_same(newer, series(3, 4, 5, None))


@given(NUMBERS, NUMBERS)
def test_what_says_the_same_loses_no_number(newer, longer):
    newer, longer = series(*newer), series(*longer)
    if says_the_same(newer, longer):
        assert {(r.time, r.value) for r in newer if r.is_available} <= {(r.time, r.value) for r in longer}
