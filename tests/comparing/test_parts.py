"""How much of a difference is data, method and new period: made-up numbers, whose parts are computed by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_up_results import made_up
from workbench.comparing.changes import NumberChange, StudyChanges
from workbench.comparing.numbers import Pair, matched, same_numbers
from workbench.comparing.parts import DATA, DATA_FIRST, METHOD, METHOD_FIRST, PERIOD, Corners, parts
from workbench.comparing.ranking import (
    BEYOND,
    GAINED,
    GONE,
    LOST,
    MARKED,
    NEW,
    OF_NEW_PERIOD,
    OF_OLD_PERIOD,
    TURNED,
    UNSEEN,
    WITHIN,
    kind_of,
    ranked,
)  # fmt: skip
from workbench.comparing.side import SealedStudy

numbers = st.floats(-1e6, 1e6)
perhaps = st.none() | numbers


def test_where_data_and_method_work_together_each_has_half_of_what_neither_makes_alone():
    """A rate of 10 in 100, then of 30 in 200. By the old method, which forgets the double, 10 → 30; on the old data 10 → 5."""
    found = parts(Corners(10, 30, 5, 15, 15))
    assert (found.data, found.method, found.period) == ((20 + 10) / 2, (-5 - 15) / 2, 0)
    assert found.orders == (DATA_FIRST, METHOD_FIRST) and found.causes == (DATA, METHOD)


def test_where_one_alone_changed_the_whole_difference_is_its_own():
    assert parts(Corners(10, 12, 10, 12, 12)).causes == (DATA,)
    assert parts(Corners(10, 10, 12, 12, 12)).causes == (METHOD,)
    assert parts(Corners(10, 10, 10, 10, 12)).causes == (PERIOD,)


def test_of_one_order_alone_its_steps_are_the_parts():
    found = parts(Corners(10, None, 5, 15, 20))
    assert (found.data, found.method, found.period, found.orders) == (10, -5, 5, (METHOD_FIRST,))
    assert parts(Corners(10, None, None, 15, 15)) is None


@given(numbers, perhaps, perhaps, numbers, numbers)
def test_the_parts_add_up_to_the_difference(before, old_on_new, new_on_old, new, after):
    found = parts(Corners(before, old_on_new, new_on_old, new, after))
    if found:
        assert found.data + found.method + found.period == pytest.approx(after - before, abs=1e-6)


# Which number is which


def test_numbers_are_matched_whatever_their_vintage_and_those_of_one_vintage_first():
    before = [made_up(1, vintage="2023-01-01"), made_up(2, vintage="2024-01-01"), made_up(3, time="2020")]
    after = [made_up(5, vintage="2025-01-01"), made_up(1, vintage="2023-01-01"), made_up(7, time="2023")]
    assert [(one.before and one.before.value, one.after and one.after.value) for one in matched(before, after)] == [
        (3, None), (1, 1), (2, 5), (None, 7),
    ]  # fmt: skip


def test_a_number_that_is_read_from_another_dataset_is_still_the_same_number():
    (pair,) = matched([made_up(1, dataset="one")], [made_up(2, dataset="other")])
    assert (pair.before.value, pair.after.value) == (1, 2)
    assert same_numbers([pair.before], [pair.after]) == {pair.before.key: pair.after}


@given(st.lists(st.tuples(st.integers(2000, 2003), st.sampled_from("ab"), st.integers(0, 3)), unique=True))
def test_numbers_beside_themselves_are_the_same_each_once(keys):
    results = [made_up(value, str(year), dataset=name, vintage=f"202{value}-01-01") for year, name, value in keys]
    pairs = matched(results, list(reversed(results)))
    assert len(pairs) == len(results) and all(pair.is_same for pair in pairs)


def test_a_vintage_alone_is_no_change_and_a_flag_is():
    assert Pair(made_up(1, vintage="a"), made_up(1, vintage="b")).is_same
    assert not Pair(made_up(1), made_up(1, flags="p")).is_same
    assert Pair(made_up(None), made_up(None, vintage="b")).is_same


# What matters


def change(before, after, causes=(DATA,), is_headline=False) -> NumberChange:
    return NumberChange(Pair(before, after), None, causes, is_headline)


def rounded(value: float, half: float = 2.5, **other):
    return replace(made_up(value, **other), low=value - half, high=value + half)


KINDS = [
    (change(rounded(10), rounded(20)), BEYOND),
    (change(rounded(10), rounded(13)), WITHIN),
    (change(rounded(-10), rounded(10)), TURNED),
    (change(rounded(10), made_up(None)), LOST),
    (change(made_up(None), rounded(10)), GAINED),
    (change(None, rounded(10)), NEW),
    (change(rounded(10), None), GONE),
    (change(None, rounded(10), (PERIOD,)), OF_NEW_PERIOD),
    (change(rounded(10), None, (PERIOD,)), OF_OLD_PERIOD),
    (change(made_up(10), made_up(10, flags="b")), MARKED),
    (change(made_up(10.2), made_up(10.4)), UNSEEN),
]


@pytest.mark.parametrize(("one", "kind"), KINDS, ids=[kind for _, kind in KINDS])
def test_each_number_differs_in_one_way(one, kind):
    assert kind_of(one) == kind


def test_what_matters_comes_first_and_what_two_studies_show_comes_once(tmp_path):
    small, large = (
        change(rounded(100, time=time), rounded(to, time=time)) for time, to in (("2021", 110), ("2022", 150))
    )
    headline = change(rounded(100, time="2020"), rounded(101, time="2020"), is_headline=True)
    lost = change(rounded(5, time="2019"), made_up(None, time="2019"))
    unseen = change(made_up(10.2, "2018"), made_up(10.4, "2018"), is_headline=True)
    first, second = (SealedStudy(name, "LT", "2022", tmp_path) for name in ("first", "second"))
    found = ranked([
        StudyChanges(first, first, numbers=[small, large, lost, unseen]),
        StudyChanges(second, second, numbers=[headline, small]),
    ])  # fmt: skip
    assert [one.change.pair.any.time for one in found] == ["2020", "2019", "2022", "2021", "2018"]
    assert [one.study for one in found[3].studies] == ["first", "second"]
