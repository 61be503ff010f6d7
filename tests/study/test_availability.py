"""What of some results is shown: nothing of which there is no value."""

from hypothesis import given
from hypothesis import strategies as st

from made_up_results import made_up, series
from workbench.indicators.results import Results
from workbench.study.availability import any_available, available, from_first_available, without_empty

VALUES = st.lists(st.none() | st.integers(0, 1000), max_size=8)


def test_an_indicator_without_any_value_is_left_out_and_the_gaps_of_others_stay():
    shown, empty = series(None, 5, None, indicator="shown"), series(None, None, None, indicator="empty")
    assert without_empty(shown + empty) == shown
    assert without_empty(empty) == empty, "all, where none has a value"


def test_so_is_a_country():
    here, there = series(1, None), series(None, None, geo="LV")
    assert without_empty(here + there, by="geo") == here


def test_a_series_begins_with_its_first_value():
    assert from_first_available(series(None, None, 3, None, 5)) == series(3, None, 5, first=2017)
    assert from_first_available(series(None, None)) == Results()


def test_several_series_begin_together():
    both = series(None, 1, 2) + series(None, None, 4, indicator="other")
    assert from_first_available(both) == series(1, 2, first=2016) + series(None, 4, indicator="other", first=2016)


@given(VALUES)
def test_no_value_is_lost(values):
    results = series(*values)
    for shown in (available(results), without_empty(results), from_first_available(results)):
        assert available(shown) == available(results)
    assert any_available(results) == bool(available(results))


def test_of_nothing_nothing_is_available():
    assert not any_available([]) and not any_available([made_up(None)]) and any_available([made_up(0)])
