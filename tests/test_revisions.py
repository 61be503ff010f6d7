"""What changed between vintages: counted, told, drawn. Series are made up, save the starter snapshots."""

import csv
import datetime

import pandas
import pytest
from click.testing import CliRunner
from conftest import ROOT, copy_project, shared
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.cli import main
from workbench.collecting.files import import_file
from workbench.data.revisions import changes, compare
from workbench.data.snapshots import SnapshotStore
from workbench.declarations.datasets import read_dataset
from workbench.model.errors import MissingSnapshot, UnknownCode
from workbench.model.paths import STARTER_SNAPSHOTS, Project

DAYS = datetime.date(2026, 9, 1), datetime.date(2026, 10, 1)
OLDER = {
    ("LT", "2020"): "10,b",
    ("LT", "2021"): "20,",
    ("LV", "2020"): ":,c",
    ("LV", "2021"): "0,",
    ("EE", "2020"): "5,",
}
NEWER = {
    ("LT", "2020"): "10,",
    ("LT", "2021"): "25,p",
    ("LV", "2020"): "7,",
    ("LV", "2021"): "5,",
    ("LT", "2022"): "9,",
}


def two(project, *tables, header="indic_de,geo"):
    """Two made-up vintages of the population."""
    for day, table in zip(DAYS, tables):
        file = project.root / "made-up.csv"
        rows = "".join(f"JAN,{geo},{time},{value}\n" for (geo, time), value in table.items())
        file.write_text(f"{header},TIME_PERIOD,OBS_VALUE,OBS_FLAG\n{rows}")
        import_file(project, file, "demo_gind", day)
    store = SnapshotStore.of(project)
    return [store.open("demo_gind", str(day)) for day in DAYS], read_dataset(project, "demo_gind")


def test_each_kind_of_change_is_counted(project):
    snapshots, declaration = two(project, OLDER, NEWER)
    found = compare(*snapshots, declaration)
    assert found.counts == {"new": 1, "gone": 0, "revised": 2, "reflagged": 1, "unchanged": 0}
    assert (found.compared, found.up, found.down, found.median) == (3, 2, 0, 5.0)
    assert found.share_revised_pct == pytest.approx(200 / 3) and found.median_pct == 25, (
        "a change from zero has no per cent"
    )
    assert (found.largest["geo"], found.largest["difference"]) in {("LT", 5), ("LV", 5)}
    assert found.only_older == {"indic_de": [], "geo": ["EE"], "time": []}
    assert found.only_newer == {"indic_de": [], "geo": [], "time": ["2022"]}


def test_what_is_not_covered_is_not_gone(project):
    snapshots, declaration = two(project, OLDER, {("LT", "2020"): "10,b"})
    found = compare(*snapshots, declaration)
    assert found.counts["gone"] == 0 and found.counts["unchanged"] == 1 and found.only_older["geo"] == ["EE", "LV"]


def test_a_vintage_equals_itself(project):
    snapshots, declaration = two(project, OLDER, NEWER)
    found = compare(snapshots[0], snapshots[0], declaration)
    assert sum(found.counts[kind] for kind in ("new", "gone", "revised", "reflagged")) == 0
    assert found.largest is None and found.counts["unchanged"] == 4, "where there is no value, none is compared"


def test_vintages_with_other_dimensions_are_refused(project):
    snapshots, declaration = two(project, OLDER, NEWER)
    other = project.root / "other.csv"
    other.write_text("geo,TIME_PERIOD,OBS_VALUE\nLT,2020,5\n")
    third, _ = import_file(project, other, "demo_gind", datetime.date(2026, 11, 1))
    with pytest.raises(UnknownCode, match="not the same dimensions"):
        compare(snapshots[0], third, declaration)


def values(draw):
    cells = st.sampled_from([":,", "0,", "5,", "10,b", "10,", ":,c"])
    keys = st.tuples(st.sampled_from(["LT", "LV", "EE"]), st.sampled_from(["2020", "2021", "2022"]))
    return draw(st.dictionaries(keys, cells, min_size=1))


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_seen_from_the_other_side_new_is_gone_and_differences_are_negated(tmp_path_factory, data):
    project = copy_project(tmp_path_factory.mktemp("revisions") / "project")
    tables = values(data.draw), values(data.draw)
    if tables[0] == tables[1]:
        return
    try:
        snapshots, declaration = two(project, *tables)
    except MissingSnapshot:
        return  # the two say the same
    there, back = compare(*snapshots, declaration), compare(*reversed(snapshots), declaration)
    assert (there.counts["new"], there.counts["gone"]) == (back.counts["gone"], back.counts["new"])
    assert (there.counts["revised"], there.up, there.median) == pytest.approx(
        (back.counts["revised"], back.down, back.median), nan_ok=True
    )
    differences = [
        pandas.concat([pandas.DataFrame({"difference": []}), *changes(*pair, declaration)])["difference"]
        .dropna()
        .tolist()
        for pair in (snapshots, snapshots[::-1])
    ]
    assert differences[0] == [-one for one in differences[1]]


def test_the_starter_vintages_agree_with_a_count_of_their_compilations():
    """All applicants, both vintages' totals and Ukrainians, counted here from the compiled files alone."""
    keys = ["citizen", "sex", "age", "asyl_app", "geo", "TIME_PERIOD"]
    older, newer = (
        pandas.read_csv(
            shared(f"data/figures/estat/migr_asyappctza/{vintage}.csv.gz"), keep_default_na=False, dtype=str
        )
        for vintage in ("2024-01-18", "2025-03-31")
    )
    both = older.merge(newer, on=keys)
    changed = both[both["OBS_VALUE_x"] != both["OBS_VALUE_y"]]
    store = SnapshotStore([STARTER_SNAPSHOTS])
    found = compare(
        store.open("migr_asyappctza", "2024-01-18"),
        store.open("migr_asyappctza", "2025-03-31"),
        read_dataset(Project(ROOT), "migr_asyappctza"),
    )
    assert found.compared == len(both) and found.counts["revised"] == len(changed) > 0
    assert found.largest["difference"] == max(
        (int(row.OBS_VALUE_y) - int(row.OBS_VALUE_x) for row in changed.itertuples()), key=abs
    )


@pytest.mark.parametrize(("language", "words"), [("en", "1,234 became 4,321"), ("lt", "1\u00a0234")])
def test_the_command_writes_a_table_a_csv_and_a_figure(project, monkeypatch, language, words):
    two(project, {("LT", "2020"): "1234,", ("LV", "2020"): "1,"}, {("LT", "2020"): "4321,b", ("LV", "2020"): "1,"})
    monkeypatch.chdir(project.root)
    vintages = ["--from", "2026-09-01", "--to", "2026-10-01"]
    done = CliRunner().invoke(main, ["revisions", "demo_gind", *vintages, "--country", "LT", "--language", language])
    assert done.exit_code == 0, done.output
    table = project.outputs / "revisions" / "demo_gind_2026-09-01_2026-10-01.csv"
    (row,) = csv.DictReader(table.open())
    assert row == {
        "indic_de": "JAN", "geo": "LT", "time": "2020", "older": "1234", "newer": "4321", "difference": "3087",
        "difference_pct": "250.1620746", "older_flags": "", "newer_flags": "b", "change": "revised",
    }  # fmt: skip
    figure = (project.outputs / "revisions" / f"demo_gind_2026-09-01_2026-10-01_LT.{language}.svg").read_text()
    assert words in figure and "2026-09-01" in figure and "style=" not in figure


def test_nothing_is_written_of_vintages_that_are_not_there(project, monkeypatch):
    monkeypatch.chdir(project.root)
    done = CliRunner().invoke(main, ["revisions", "demo_gind", "--from", "2025-03-27", "--to", "2026-10-01"])
    assert done.exit_code == 1 and "no snapshot of vintage 2026-10-01" in done.stderr
    assert not (project.outputs / "revisions").exists()
