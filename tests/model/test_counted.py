"""A command says one thing in the singular."""

from workbench.model.counted import counted


def test_one_is_no_plural():
    assert [counted(number, "run") for number in (0, 1, 2014)] == ["0 runs", "1 run", "2,014 runs"]
    assert [counted(number, "activity", "activities") for number in (1, 2)] == ["1 activity", "2 activities"]
