"""A checkpoint brings names and studies back to what they were before a cell, for all that a record is made from."""

import pytest

from workbench.model.record import RECORD_TYPE, Record
from workbench.study import Study
from workbench.study.checkpoint import Checkpoints

INDICATOR = "asylum_applicants"


@pytest.fixture
def names() -> dict:
    return {"study": Study.open("asylum_applications", country="LT", year=2022), "number": 1}


def say(study: Study, **where):
    return study.text(study.say("{n} applied.", n=study.one(INDICATOR, **where)))


def test_names_are_bound_again_to_what_they_stood_for(names):
    checkpoints, shared = Checkpoints(names), [1]
    names["shared"] = shared
    checkpoints.keep(0)
    names.update(number=2, another=3)
    shared.append(2)
    del names["shared"]
    checkpoints.restore(0)
    assert names["number"] == 1 and "another" not in names
    assert names["shared"] is shared and shared == [1, 2], "what was changed in place stays changed"


def test_what_was_published_and_read_since_is_forgotten(names):
    checkpoints, study = Checkpoints(names), names["study"]
    checkpoints.keep(0)
    nothing = study._record_so_far()
    shown = say(study)
    checkpoints.keep(1)
    one_number = study._record_so_far()
    assert one_number.results and one_number.sources and one_number.blocks
    say(study, time=2021)
    study.results("population")
    checkpoints.restore(1)
    assert study._record_so_far() == one_number
    checkpoints.restore(0)
    assert study._record_so_far() == nothing
    assert say(study) == shown and study._record_so_far() == one_number, "it is read and noted again"


def test_numbers_of_figures_are_given_again(names):
    checkpoints, study = Checkpoints(names), names["study"]
    ledger = study._ledger
    assert ledger.number_of("figure", "first") == 1
    checkpoints.keep(3)
    assert ledger.number_of("figure", "second") == 2
    checkpoints.restore(3)
    assert ledger.number_of("figure", "third") == 2


def test_blocks_that_were_kept_by_a_name_still_add_to_their_study(names):
    checkpoints, study = Checkpoints(names), names["study"]
    shown = say(study)
    checkpoints.keep(0)
    checkpoints.restore(0)
    both = shown + shown
    assert both.made is study._ledger.blocks


def test_checkpoints_of_cells_below_are_forgotten(names):
    checkpoints = Checkpoints(names)
    for position in range(3):
        checkpoints.keep(position)
    checkpoints.restore(1)
    with pytest.raises(KeyError):
        checkpoints.restore(2)


def test_the_record_is_carried_as_json_and_changes_nothing(names):
    checkpoints, study = Checkpoints(names), names["study"]
    say(study)
    blocks = set(study._ledger.blocks)
    data, _ = checkpoints.record()._repr_mimebundle_()
    assert Record.from_json(data[RECORD_TYPE]).blocks == tuple(sorted(blocks)) and study._ledger.blocks == blocks
    assert Checkpoints({}).record() is None
