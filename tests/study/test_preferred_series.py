"""Which of several series of the same numbers is shown."""

from hypothesis import given
from hypothesis import strategies as st

from made_up_results import made_up, series
from workbench.study.preferred_series import first_with_last_period, says_the_same, with_both_ends

NUMBERS = st.lists(st.none() | st.integers(0, 100), min_size=3, max_size=3)


def test_the_first_that_has_the_last_period():
    without, with_it, later = series(1, None), series(1, 2), series(1, 3)
    assert first_with_last_period([without, with_it, later]) == with_it
    assert first_with_last_period([without, series(9, None)]) == without


def test_the_longer_series_says_the_same_where_it_has_every_number_of_the_newer_one():
    newer = series(None, None, 5, 6)
    assert says_the_same(newer, series(3, 4, 5, 6))
    assert not says_the_same(newer, series(3, 4, 5, 7)) and not says_the_same(newer, series(3, 4, 5, None))


def test_a_series_that_has_lost_a_flag_does_not_say_the_same_where_flags_count():
    broken, unflagged = [made_up(5, flags="b")], [made_up(5)]
    assert says_the_same(broken, unflagged) and not says_the_same(broken, unflagged, with_flags=True)


def test_a_change_is_of_the_dataset_that_has_both_ends_of_the_year():
    first, second, lacking, recounted = made_up(5), made_up(6), made_up(None), made_up(None, flags="u")
    assert with_both_ends(first, second) is first and with_both_ends(lacking, second) is second
    assert with_both_ends(lacking, made_up(None)) is lacking
    assert with_both_ends(recounted, second) is recounted, "the second would hide the recount"


@given(NUMBERS, NUMBERS)
def test_what_says_the_same_loses_no_number(newer, longer):
    newer, longer = series(*newer), series(*longer)
    if says_the_same(newer, longer):
        assert {(r.time, r.value) for r in newer if r.is_available} <= {(r.time, r.value) for r in longer}
