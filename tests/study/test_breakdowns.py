"""What a breakdown tells of its whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_up_results import made_up
from workbench.indicators.results import Results
from workbench.study.breakdowns import if_mostly_known, is_in_one_part, is_not_recorded, largest_first, named_codes


def parts(*values: float | None) -> Results:
    return Results(made_up(value, citizen=f"C{place}") for place, value in enumerate(values))


def test_what_is_left_beside_the_parts_that_are_named_is_no_code_of_theirs():
    rest = made_up(7, citizen="OTHER")
    assert named_codes([*parts(3, 2), rest], "citizen") == ["C0", "C1"]


def test_nothing_but_zeros_beside_a_total_is_a_breakdown_that_was_not_recorded():
    """Lithuania 2022: 3,450 persons found, and every reason zero."""
    assert is_not_recorded(parts(0, 0, 0), made_up(3450))
    assert not is_not_recorded(parts(0, 0, 0), made_up(0)), "of nobody there is nothing to break down"
    assert not is_not_recorded(parts(0, 10), made_up(3450))
    assert not is_not_recorded(parts(0, None), made_up(3450)), "what is not known may be all of it"


def test_all_in_one_part_tells_how_a_country_reports():
    assert is_in_one_part(parts(68100), made_up(68100))
    assert not is_in_one_part(parts(68000), made_up(68100)) and not is_in_one_part(parts(5, 5), made_up(5))
    assert not is_in_one_part(Results(), made_up(5))


@pytest.mark.parametrize(("known", "is_shown"), [((400, 200), True), ((400, 100), False), ((400, None), False)])
def test_parts_of_less_than_half_of_their_whole_are_not_shown(known, is_shown):
    assert if_mostly_known(parts(*known), made_up(1000)) == (parts(*known) if is_shown else ())


def test_parts_of_a_whole_that_is_not_known_are_not_shown():
    assert if_mostly_known(parts(1, 2), made_up(None)) == ()


@given(st.lists(st.none() | st.integers(0, 50)))
def test_parts_stand_in_the_order_of_their_size_and_none_is_empty(values):
    sizes = [part.value for part in largest_first(parts(*values))]
    assert sizes == sorted((value for value in values if value), reverse=True)
