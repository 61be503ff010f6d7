"""What leaves a kernel: each object goes into JSON and comes back as it was; what is not known is refused."""

import json
import math
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_up_results import made_up
from workbench.model.encoding import UnknownDescription, decoded, encoded, result_of, row_of
from workbench.model.record import SENTENCES, DatasetNotes, Record, Source, VintageNotes
from workbench.model.sentence import Labels, Name, Period, Place, Sentence
from workbench.model.types import NUMBER_COLUMNS, RESULT_COLUMNS, Result


@dataclass(frozen=True)
class Anything:
    """Made up: holds what a block may hold."""

    held: Any


KNOWN = {one.__name__: one for one in (Anything, Record, Source, DatasetNotes, VintageNotes, *SENTENCES)}

# The sign of an infinite number is a text too, where it stands for itself.
TEXTS = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(["∞", "-∞", "result", "mapping", "type"])
NUMBERS = st.floats() | st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.0])
RESULTS = st.builds(Result, *(NUMBERS if name in ("value", "low", "high") else TEXTS for name in RESULT_COLUMNS))
BOUND = st.one_of(
    RESULTS,
    st.builds(Place, TEXTS, TEXTS),
    st.builds(Period, TEXTS),
    st.builds(Name, TEXTS),
    st.builds(Labels, st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple), TEXTS),
)
FEW = {"max_size": 3}
SAID = st.builds(Sentence, TEXTS, st.dictionaries(TEXTS, BOUND, max_size=4), TEXTS)
# What the parameters of a study may be; a mapping in them has its own names.
PLAIN = st.none() | st.booleans() | st.integers() | TEXTS | st.floats(allow_nan=False, allow_infinity=False)
NESTED = st.recursive(
    PLAIN, lambda inner: st.lists(inner, **FEW).map(tuple) | st.dictionaries(TEXTS, inner, **FEW), max_leaves=8
)
SOURCES = st.builds(Source, *[TEXTS] * 7, st.none() | TEXTS, TEXTS)
VINTAGES = st.builds(VintageNotes, TEXTS, TEXTS, st.lists(TEXTS, **FEW).map(tuple), TEXTS)
RECORDS = st.builds(
    Record, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, st.integers(), st.dictionaries(TEXTS, NESTED, **FEW),
    st.lists(SOURCES, **FEW).map(tuple), st.lists(SAID, **FEW).map(tuple),
    st.lists(st.builds(DatasetNotes, TEXTS, TEXTS, st.integers(), st.lists(TEXTS, **FEW).map(tuple),
                       st.lists(VINTAGES, **FEW).map(tuple)), **FEW).map(tuple),
    st.lists(RESULTS, **FEW).map(tuple), st.lists(TEXTS, **FEW).map(tuple),
)  # fmt: skip


def through_json(value: object) -> Any:
    return decoded(json.loads(json.dumps(encoded(value), allow_nan=False)), KNOWN)


@given(st.one_of(RESULTS, SAID, RECORDS, NESTED))
def test_what_is_described_comes_back_from_json_as_it_was(value):
    """With the same types, tuples, mappings in their order, and what is no number where it was."""
    assert repr(through_json(value)) == repr(value)


@given(st.lists(RESULTS | SAID | BOUND | NESTED, max_size=6).map(tuple), st.dictionaries(TEXTS, RESULTS, max_size=4))
def test_what_is_held_in_sequences_and_mappings_comes_back_too(held, by_name):
    value = Anything((Anything(held), by_name, *by_name.values()))
    assert repr(through_json(value)) == repr(value)


@given(RESULTS)
def test_a_result_stands_once_in_a_description_whatever_refers_to_it(result):
    said = encoded(Anything((result, replace(result), Anything(result))))
    assert said["results"] == [row_of(result)] and repr(result_of(row_of(result))) == repr(result)


def test_two_that_differ_stand_apart():
    zeros = tuple(replace(made_up(0), value=value) for value in (0.0, -0.0))
    apart = (*zeros, made_up(0, "2021"), made_up(None), made_up(None, flags="u"))
    assert len(encoded(Anything(apart))["results"]) == len(apart)
    assert repr(through_json(apart)) == repr(apart)


def test_the_order_of_a_mapping_is_part_of_a_description():
    one, other = {"b": 1, "a": 2}, {"a": 2, "b": 1}
    assert json.dumps(encoded(one), sort_keys=True) != json.dumps(encoded(other), sort_keys=True)
    assert list(through_json(one)) == ["b", "a"]


def test_a_number_of_numpy_is_one_of_json():
    result = replace(made_up(1), value=numpy.float64(1.5), low=numpy.float32(1), high=numpy.int64(2))
    assert through_json(result) == replace(result, value=1.5, low=1.0, high=2.0)


def test_a_list_comes_back_as_a_tuple():
    assert through_json(Anything([1, [2]])) == Anything((1, (2,)))


@pytest.mark.parametrize("other", [object(), {1, 2}, 1j, b"bytes", Anything, math.sin])
def test_what_json_cannot_hold_is_not_described(other):
    with pytest.raises(TypeError, match="cannot be described"):
        encoded(Anything((other,)))


PERIOD = {"type": "Period", "time": "2022"}


@pytest.mark.parametrize(
    "said",
    [
        {"results": [], "described": {"type": "Other", "time": "2022"}},
        {"results": [], "described": PERIOD | {"more": 1}},
        {"results": [], "described": {"type": "Period"}},
        {"results": [], "described": {"time": "2022"}},
        {"results": [], "described": [PERIOD, {"mapping": [["name", {"type": "Other"}]]}]},
        {"results": [], "described": {"mapping": {"name": 1}}},
        {"results": [], "described": {"result": 0}},
        {"results": [], "described": {"result": "0"}},
        {"results": [["asylum_applicants"]], "described": {"result": 0}},
        {"results": [[[]] * len(RESULT_COLUMNS)], "described": {"result": 0}},
        {"described": PERIOD},
        {"results": []},
        [],
        None,
    ],
)
def test_a_description_of_another_version_is_refused(said):
    with pytest.raises(UnknownDescription, match="cannot be read") as refused:
        decoded(said, KNOWN)
    assert refused.value.found and refused.value.hint


def test_no_type_that_is_described_has_a_field_that_the_description_needs_for_itself():
    for one in KNOWN.values():
        assert "type" not in {field.name for field in fields(one)}, one
        assert all(field.init for field in fields(one)), one


def test_a_record_comes_back_from_its_json():
    result = made_up(math.inf)
    stated = Sentence("There were {n} in {year}.", {"n": result, "year": Period("2022")})
    record = Record(
        "made_up", "Made up", "", "asylum", "LT", 2022, {"neighbours": ("LV", "EE")}, (), (stated,), (), (result,)
    )
    again = Record.from_json(json.loads(json.dumps(record.as_json())))
    assert again == record and again.findings[0].results == (result,)
    assert {field.name for field in fields(Result)} >= set(NUMBER_COLUMNS)
