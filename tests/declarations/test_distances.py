import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.declarations import distances
from workbench.declarations.codelists import code_list
from workbench.declarations.distances import kilometres

with distances._TABLE.open(encoding="utf-8", newline="") as file:
    PLACES = [row["geo"] for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("one", "other", "published"),
    [("UK", "FR", 344), ("UK", "US", 5570), ("LT", "PL", 393), ("LT", "LV", 262), ("EE", "FI", 82)],
)
def test_great_circles_between_the_largest_cities_are_as_long_as_atlases_say(one, other, published):
    """London, Paris, New York, Vilnius, Warsaw, Riga, Tallinn, Helsinki."""
    assert kilometres(one, other) == pytest.approx(published, rel=0.01)


@given(st.sampled_from(PLACES), st.sampled_from(PLACES), st.sampled_from(PLACES))
def test_distances_are_a_metric_and_no_longer_than_half_the_earth(one, other, third):
    assert kilometres(one, one) == 0
    assert kilometres(one, other) == pytest.approx(kilometres(other, one))
    assert kilometres(one, third) <= kilometres(one, other) + kilometres(other, third) + 1e-6
    assert kilometres(one, other) <= 20_016


def test_every_place_is_a_country_of_the_code_list_once():
    assert len(set(PLACES)) == len(PLACES) > 240
    assert {code_list("geo").code(place).kind for place in PLACES} == {"country"}


def test_what_has_no_city_has_no_distance():
    assert kilometres("LT", "UNK") is None
