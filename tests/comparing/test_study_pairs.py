"""A study on both sides, its crossed runs made up: which runs are needed, and what each number is told to consist of."""

from types import SimpleNamespace

import pytest

from made_up_results import made_up, said
from workbench.comparing.changes import NEW_ON_NEW, NEW_ON_OLD, OLD_ON_NEW
from workbench.comparing.comparison import Comparison
from workbench.comparing.crossing import CrossedRuns
from workbench.comparing.parts import DATA, METHOD, METHOD_FIRST, PERIOD
from workbench.comparing.ranking import OF_NEW_PERIOD, OF_OLD_PERIOD, kind_of
from workbench.comparing.side import SealedStudy, Side
from workbench.comparing.studies import StudyPair
from workbench.model.results_csv import results_csv

ONE = ["something"]
KEY = ("made_up", "LT")


@pytest.fixture
def sealed(tmp_path):
    """Seals a made-up study of a year, with its numbers and those that its key findings state."""

    def seal(year, *results, stated=()):
        folder = tmp_path / f"{year}-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        (folder / "made_up.results.csv").write_text(results_csv(results), encoding="utf-8")
        study = SealedStudy("made_up", "LT", str(year), folder)
        study.__dict__["record"] = SimpleNamespace(year=year, findings=[said("It is", one) for one in stated])
        return study

    return seal


def made(**runs):
    """Crossed runs, each with its results or the reason why there are none."""
    corners = {"old_on_new": OLD_ON_NEW, "new_on_old": NEW_ON_OLD, "new_on_new": NEW_ON_NEW}
    return {
        corners[name]: CrossedRuns({}, {KEY: said}) if isinstance(said, str) else CrossedRuns({KEY: said}, {})
        for name, said in runs.items()
    }


def test_nothing_is_run_where_one_thing_alone_changed_or_no_number_differs(sealed):
    before, same, other = sealed(2022, made_up(1)), sealed(2022, made_up(1)), sealed(2022, made_up(2))
    assert StudyPair(before, other, ONE, ONE).runs == {OLD_ON_NEW, NEW_ON_OLD}
    assert StudyPair(before, other, ONE, []).runs == StudyPair(before, other, [], ONE).runs == set()
    assert StudyPair(before, same, ONE, ONE).runs == set()
    for method, data, cause in ((ONE, [], METHOD), ([], ONE, DATA)):
        (change,) = StudyPair(before, other, method, data).changes({}).numbers
        assert (change.causes, change.parts.of(cause)) == ((cause,), 1)


def test_a_number_that_differs_where_nothing_changed_is_not_explained(sealed):
    (change,) = StudyPair(sealed(2022, made_up(1)), sealed(2022, made_up(2)), [], []).changes({}).numbers
    assert (change.parts, change.causes, change.difference) == (None, (), 1)


def test_a_run_that_failed_leaves_the_one_order_that_is_known_and_is_told(sealed):
    pair = StudyPair(sealed(2022, made_up(10)), sealed(2022, made_up(15)), ONE, ONE)
    found = pair.changes(made(old_on_new="it failed", new_on_old=[made_up(12)]))
    (change,) = found.numbers
    assert (change.parts.data, change.parts.method, change.orders) == (3, 2, (METHOD_FIRST,))
    assert found.failures == [(OLD_ON_NEW, "it failed")]
    (change,) = pair.changes(made(old_on_new="it failed", new_on_old="it too")).numbers
    assert (change.parts, change.causes) == (None, ())


@pytest.mark.parametrize(
    ("old_on_new", "new_on_old", "causes"),
    [([7], [], (DATA,)), ([], [7], (METHOD,)), ([], [], (DATA, METHOD)), ([7], [7], (DATA, METHOD))],
)
def test_what_is_newly_published_is_due_to_what_publishes_it(sealed, old_on_new, new_on_old, causes):
    """Neither alone, or either alone: then both have a half in it."""
    pair = StudyPair(sealed(2022), sealed(2022, made_up(7)), ONE, ONE)
    runs = made(old_on_new=[*map(made_up, old_on_new)], new_on_old=[*map(made_up, new_on_old)])
    (change,) = pair.changes(runs).numbers
    assert (change.parts, change.causes) == (None, causes)


def test_of_another_year_the_old_year_is_compared_and_what_is_left_is_the_new_period(sealed):
    """A mean over a window, 10 in the old year, 12 by revised data, 15 once the window ends a year later."""
    before = sealed(2022, made_up(10, "2020"), made_up(5, "2022"), made_up(3, "2022", sex="F"))
    now = made_up(9, "2023")
    after = sealed(2023, made_up(15, "2020"), made_up(6, "2022"), now, stated=[now])
    pair = StudyPair(before, after, [], ONE)
    assert pair.runs == {OLD_ON_NEW}, "by the same method, it gives the new method on the new data too"
    runs = made(old_on_new=[made_up(12, "2020"), made_up(6, "2022"), made_up(3, "2022", sex="F")])
    found = pair.changes(runs)
    by_key = {one.pair.any.key[2:4]: one for one in found.numbers}
    mean = by_key["", "2020"].parts
    assert (mean.data, mean.method, mean.period) == (2, 0, 3)
    assert by_key["", "2022"].parts.data == 1 and by_key["", "2022"].causes == (DATA,)
    assert kind_of(by_key["", "2023"]) == OF_NEW_PERIOD and kind_of(by_key["sex=F", "2022"]) == OF_OLD_PERIOD
    (year,) = found.years
    assert (year.now.value, year.year_before.value, year.told_then.value, year.is_revised) == (9, 6, 5, True)


def test_a_new_period_alone_needs_no_run(sealed):
    before, after = sealed(2022, made_up(1, "2022")), sealed(2023, made_up(1, "2022"), made_up(2, "2023"))
    pair = StudyPair(before, after, ONE, ONE)
    assert pair.runs == set() and [one.causes for one in pair.changes({}).numbers] == [(PERIOD,)]


def test_where_nothing_changed_but_the_year_the_older_value_is_what_was_published(sealed):
    now = made_up(2, "2023")
    found = StudyPair(sealed(2022, made_up(1, "2022")), sealed(2023, now, stated=[now]), [], []).changes({})
    assert [(one.year_before.value, one.is_revised) for one in found.years] == [(1, False)]


@pytest.mark.parametrize(
    ("before", "after", "is_replacement"),
    [
        (("2022-r1", 1), ("2022-r2", 2), True),
        (("2022-r2", 2), ("2022-r1", 1), False),
        (("2021-r1", 1), ("2022-r2", 2), False),
        (("2022-draft-r1", 1), ("2022-r2", 2), False),
        (("2022-r1", 1), (None, None), False),
    ],
)
def test_a_later_revision_replaces_an_earlier_one(tmp_path, before, after, is_replacement):
    sides = [Side(name, "2022", revision, "", tmp_path, {}) for name, revision in (before, after)]
    assert Comparison(*sides, [], [], 0, []).is_replacement is is_replacement
