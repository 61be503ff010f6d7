"""What changed between vintages: counted, told, drawn. Series are made up, save those of the shared folder."""

import csv
import datetime
import re
from io import StringIO

import pandas
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT, copy_project, shared
from workbench.cli import main
from workbench.collecting.files import import_file
from workbench.data.snapshots import SnapshotStore
from workbench.declarations.datasets import read_dataset
from workbench.declarations.indicators import read_indicators
from workbench.model.errors import UnknownCode
from workbench.model.paths import STARTER_SNAPSHOTS, Project
from workbench.presentation.wording import Wording
from workbench.revisions import report as told
from workbench.revisions.compare import changes, compare
from workbench.revisions.coverage import total_in_both
from workbench.revisions.report import write_revisions
from workbench.revisions.summary import summary_text

DAYS = datetime.date(2026, 9, 1), datetime.date(2026, 10, 1)
VINTAGES = tuple(map(str, DAYS))
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


def two(project, *tables):
    """Two made-up vintages of the population."""
    lines = [[f"JAN,{geo},{time},{value}" for (geo, time), value in table.items()] for table in tables]
    return stored(project, "demo_gind", "indic_de,geo", *lines)


def stored(project, dataset, dimensions, *tables):
    """Made-up vintages of a dataset: snapshots and declaration."""
    snapshots = []
    for day, lines in zip(DAYS, tables):
        file = project.root / "made-up.csv"
        file.write_text("\n".join([f"{dimensions},TIME_PERIOD,OBS_VALUE,OBS_FLAG", *lines]) + "\n")
        snapshots.append(import_file(project, file, dataset, day, accept_doubts=True)[0])
    return snapshots, read_dataset(project, dataset)


def counts(tally):
    return {kind: number for kind, number in tally.counts.items() if number}


def english(project):
    return Wording("en", read_indicators(project))


# What is counted as what


def test_each_kind_of_change_is_counted(project):
    snapshots, declaration = two(project, OLDER, NEWER)
    found = compare(*snapshots, declaration)
    assert counts(found.whole) == {"new": 1, "revised": 2, "reflagged": 1}
    assert (found.whole.compared, found.whole.up, found.whole.down, found.whole.median) == (3, 2, 0, 5.0)
    assert found.whole.share_revised_pct == pytest.approx(200 / 3)
    assert found.whole.median_pct == 25, "a change from zero has no per cent"
    assert (found.largest["geo"], found.largest["difference"]) == ("LT", 5), "of two that are as large, the first"
    assert {year: counts(tally) for year, tally in found.by_year.items()} == {
        "2020": {"new": 1, "reflagged": 1},
        "2021": {"revised": 2},
    }


def test_what_only_one_vintage_covers_is_told_apart(project):
    snapshots, declaration = two(project, OLDER, NEWER)
    coverage = compare(*snapshots, declaration).coverage
    assert coverage.only_older == {"indic_de": [], "geo": ["EE"], "time": []}
    assert coverage.only_newer == {"indic_de": [], "geo": [], "time": ["2022"]}


def test_a_value_withdrawn_is_gone_and_one_that_was_never_there_is_nothing(project):
    older = {("LT", "2020"): "10,", ("LT", "2021"): "20,", ("LV", "2020"): ":,", ("LV", "2021"): "7,"}
    newer = {("LT", "2020"): ":,c", ("LV", "2020"): ":,c", ("LV", "2021"): "7,"}
    snapshots, declaration = two(project, older, newer | {("LT", "2021"): "20,"})
    found = compare(*snapshots, declaration)
    assert counts(found.whole) == {"gone": 1, "unchanged": 2}
    (gone,) = pandas.concat(changes(found)).itertuples()
    assert (gone.geo, gone.time, gone.older, gone.newer_flags) == ("LT", "2020", 10, "c") and pandas.isna(gone.newer)


APPLICANTS = "freq,citizen,sex,unit,age,applicant,geo"


def applicants(citizen, sex, value, time=2020):
    return f"A,{citizen},{sex},PER,TOTAL,TOTAL,LT,{time},{value},"


def test_a_breakdown_that_one_vintage_leaves_out_is_not_new(project):
    """Both have citizenships and both have sexes, but only one has citizenships by sex."""
    older = [applicants("TOTAL", "T", 100), applicants("UA", "T", 60), applicants("TOTAL", "F", 50)]
    newer = [applicants("TOTAL", "T", 105), applicants("UA", "T", 60), applicants("TOTAL", "F", 50)]
    newer += [applicants("UA", "F", 30), applicants("UA", "F", 35, 2021), applicants("TOTAL", "T", 95, 2021)]
    snapshots, declaration = stored(project, "migr_asyappctza", APPLICANTS, older, newer)
    found = compare(*snapshots, declaration)
    assert {name: counts(tally) for name, tally in found.by_breakdown.items()} == {
        "": {"revised": 1},
        "citizen": {"unchanged": 1},
        "sex": {"unchanged": 1},
    }
    assert found.breakdowns_only_newer == {"citizen;sex": 1} and found.breakdowns_only_older == {}
    assert [len(part) for part in changes(found)] == [1]
    assert "  citizen × sex: 1 observation" in summary_text(found, english(project)).splitlines()


def test_older_names_are_compared_with_the_newest(project):
    older = ["A,UA,T,PER,TOTAL,ASY_APP,LT,2020,60,"]
    file = project.root / "made-up.csv"
    file.write_text("freq,citizen,sex,unit,age,asyl_app,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n" + "\n".join(older) + "\n")
    before, _ = import_file(project, file, "migr_asyappctza", datetime.date(2026, 8, 1), accept_doubts=True)
    (now,), declaration = stored(project, "migr_asyappctza", APPLICANTS, [applicants("UA", "T", 65)])
    found = compare(before, now, declaration)
    assert counts(found.whole) == {"revised": 1} and found.largest["applicant"] == "TOTAL"


def test_vintages_with_other_dimensions_are_refused_by_name(project):
    snapshots, declaration = two(project, OLDER)
    other = project.root / "other.csv"
    other.write_text("geo,sex,TIME_PERIOD,OBS_VALUE\nLT,T,2020,5\n")
    third, _ = import_file(project, other, "demo_gind", datetime.date(2026, 11, 1), accept_doubts=True)
    with pytest.raises(UnknownCode, match=r"not in both: indic_de, sex"):
        compare(snapshots[0], third, declaration)


def test_zeros_and_flags_that_a_vintage_may_have_left_out_are_said(project):
    older = {("LT", "2020"): "10,", ("LV", "2021"): "5,"}
    newer = {("LT", "2020"): "10,p", ("LT", "2021"): "0,", ("LV", "2020"): "3,", ("LV", "2021"): "5,"}
    snapshots, declaration = two(project, older, newer)
    found = compare(*snapshots, declaration)
    assert found.whole.counts["new"] == 2 and found.whole.zeros == {"new": 1, "gone": 0}
    assert found.without_flags == (VINTAGES[0],)
    text = summary_text(found, english(project))
    assert re.search(r"new: no value before, one now +2  \(1 of them zero\)", text)
    assert f"{VINTAGES[0]} holds no flags" in text


# What always holds

CELLS = st.sampled_from([":,", "0,", "5,", "10,b", "10,", ":,c"])
TABLES = st.dictionaries(
    st.tuples(st.sampled_from(["LT", "LV", "EE"]), st.sampled_from(["2020", "2021", "2022"])), CELLS, min_size=1
)


@settings(max_examples=20)
@given(older=TABLES, newer=TABLES)
def test_from_the_other_side_new_is_gone_and_differences_are_negated(tmp_path_factory, older, newer):
    project = copy_project(tmp_path_factory.mktemp("revisions") / "project")
    snapshots, declaration = two(project, older, newer)
    there, back = compare(*snapshots, declaration), compare(*reversed(snapshots), declaration)
    for kind, mirrored in {"new": "gone", "gone": "new"}.items():
        assert there.whole.counts[kind] == back.whole.counts[mirrored]
        assert there.whole.zeros[kind] == back.whole.zeros[mirrored]
    assert (there.whole.up, there.whole.down) == (back.whole.down, back.whole.up)
    assert there.whole.median == pytest.approx(back.whole.median, nan_ok=True)
    assert [one for part in changes(there) for one in part["difference"].dropna()] == [
        -one for part in changes(back) for one in part["difference"].dropna()
    ]


@settings(max_examples=20)
@given(older=TABLES, newer=TABLES)
def test_counts_agree_with_a_count_by_hand(tmp_path_factory, older, newer):
    project = copy_project(tmp_path_factory.mktemp("revisions") / "project")
    snapshots, declaration = two(project, older, newer)
    whole = compare(*snapshots, declaration).whole
    places, times = ({key[part] for key in older} & {key[part] for key in newer} for part in (0, 1))
    by_hand = dict.fromkeys(whole.counts, 0)
    for key in ((place, time) for place in places for time in times):
        (before, flag), (now, other) = (table.get(key, ":,").split(",") for table in (older, newer))
        if ":" in (before, now):
            kind = "gone" if before != ":" else "new" if now != ":" else None
        else:
            kind = "revised" if before != now else "reflagged" if flag != other else "unchanged"
        if kind:
            by_hand[kind] += 1
    assert whole.counts == by_hand
    assert whole.compared == sum(by_hand[kind] for kind in ("unchanged", "reflagged", "revised"))


@settings(max_examples=10)
@given(table=TABLES)
def test_a_vintage_equals_itself(tmp_path_factory, table):
    project = copy_project(tmp_path_factory.mktemp("revisions") / "project")
    (snapshot,), declaration = two(project, table)
    found = compare(snapshot, snapshot, declaration)
    values = sum(not cell.startswith(":") for cell in table.values())
    assert counts(found.whole) == ({"unchanged": values} if values else {})
    assert found.largest is None and list(changes(found)) == []


# Of the shared folder


def compiled(dataset, vintage):
    path = shared(f"data/figures/estat/{dataset}/{vintage}.csv.gz")
    return pandas.read_csv(path, keep_default_na=False, dtype=str)


def test_starter_vintages_agree_with_a_count_of_their_compilations():
    """Totals and Ukrainians among all applicants, counted here from the compiled files alone."""
    older, newer = (compiled("migr_asyappctza", vintage) for vintage in ("2024-01-18", "2025-03-31"))
    both = older.merge(newer, on=["citizen", "sex", "age", "asyl_app", "geo", "TIME_PERIOD"])
    sizes = (both["OBS_VALUE_y"].astype(int) - both["OBS_VALUE_x"].astype(int)).loc[lambda size: size != 0]
    store = SnapshotStore([STARTER_SNAPSHOTS])
    snapshots = [store.open("migr_asyappctza", vintage) for vintage in ("2024-01-18", "2025-03-31")]
    found = compare(*snapshots, read_dataset(Project(ROOT), "migr_asyappctza"))
    assert (found.whole.compared, found.whole.counts["revised"]) == (len(both), len(sizes)) == (873, 10)
    assert (found.whole.up, found.largest["difference"], found.whole.median) == (10, sizes.max(), sizes.median())
    assert (found.largest["geo"], found.largest["time"], found.largest["newer"]) == ("SE", "2018", 28660)
    assert found.whole.counts["new"] == found.whole.zeros["new"] == 79, "the older leaves out zeros of citizenships"
    assert found.by_breakdown[""].counts["new"] == 0


def test_a_compilation_by_sex_is_not_taken_for_new_observations():
    store = SnapshotStore([STARTER_SNAPSHOTS])
    snapshots = [store.open("migr_asyappctza", vintage) for vintage in ("2024-01-18", "2025-05-26")]
    found = compare(*snapshots, read_dataset(Project(ROOT), "migr_asyappctza"))
    assert counts(found.whole) == {} and list(found.breakdowns_only_newer) == ["citizen;sex"]
    assert total_in_both(found.coverage, "LT") is None


@pytest.fixture
def immigration(project):
    """Two vintages of immigration by citizenship, as compiled in the shared folder."""
    declared = yaml.safe_load((project.params / "datasets" / "demo_gind.yaml").read_text())
    declared |= {"title": "Immigration by age group, sex and citizenship", "definition": "Immigrants.", "notes": []}
    (project.params / "datasets" / "migr_imm1ctz.yaml").write_text(yaml.safe_dump(declared))
    for vintage in ("2025-06-09", "2026-09-15"):
        file = shared(f"data/figures/estat/migr_imm1ctz/{vintage}.csv.gz")
        import_file(project, file, "migr_imm1ctz", datetime.date.fromisoformat(vintage), accept_doubts=True)
    return project


def test_immigration_agrees_with_a_count_of_its_compilations(immigration):
    """France, 2022: 431,078 became 490,655; the reference numbers are counted with awk."""
    written = write_revisions(immigration, "migr_imm1ctz", "2025-06-09", "2026-09-15", "FR", "en")
    rows = list(csv.DictReader(StringIO(written.changes.read_text())))
    kinds = [row["change"] for row in rows]
    assert [kinds.count(kind) for kind in ("new", "gone", "revised", "reflagged")] == [1, 0, 10, 1]
    assert {(row["time"], row["older"], row["newer"]) for row in rows if row["geo"] == "FR"} == {
        ("2021", "336401", "388513"),
        ("2022", "431078", "490655"),
        ("2023", "417613", "467548"),
    }
    figure = written.figure.read_text()
    assert "France, 2022: 431,078 became 490,655" in figure and "+59,577" in figure
    assert "The axis does not start at zero." in figure and "style=" not in figure


# The files and the command


@pytest.mark.parametrize(("language", "words"), [("en", "1,234 became 4,321"), ("lt", "1\u00a0234")])
def test_the_command_writes_a_table_a_csv_and_a_figure(project, monkeypatch, language, words):
    two(project, {("LT", "2020"): "1234,", ("LV", "2020"): "1,"}, {("LT", "2020"): "4321,b", ("LV", "2020"): "1,"})
    monkeypatch.chdir(project.root)
    vintages = ["--from", VINTAGES[0], "--to", VINTAGES[1]]
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


def test_the_same_vintages_give_the_same_bytes(project):
    two(project, OLDER, NEWER)
    first, second = (
        [path.read_bytes() for path in (written.changes, written.figure)]
        for written in (write_revisions(project, "demo_gind", *VINTAGES, "LT", "en") for _ in range(2))
    )
    assert first == second


def test_a_code_that_is_not_the_total_is_named_in_the_figure(project):
    stored(project, "migr_asyappctza", APPLICANTS, [applicants("UA", "T", 60)], [applicants("UA", "T", 65)])
    figure = write_revisions(project, "migr_asyappctza", *VINTAGES, "LT", "en").figure.read_text()
    assert "Lithuania, 2020: 60 became 65" in figure and "Ukraine" in figure


def test_without_a_total_in_both_the_figure_says_so(project):
    older = [applicants("UA", "T", 60), applicants("SY", "T", 10)]
    stored(project, "migr_asyappctza", APPLICANTS, older, [*older, applicants("TOTAL", "T", 75)])
    figure = write_revisions(project, "migr_asyappctza", *VINTAGES, "LT", "en").figure.read_text()
    assert "Lithuania: the two vintages have no total in common" in figure


def test_vintages_that_share_nothing_are_told_and_drawn(project):
    two(project, {("LT", "2020"): "1,"}, {("LV", "2021"): "2,"})
    written = write_revisions(project, "demo_gind", *VINTAGES, "LT", "en")
    assert "geo: LT" in written.summary and "geo: LV" in written.summary
    assert written.changes.read_text().count("\n") == 1
    assert "Lithuania: the two vintages have no total in common" in written.figure.read_text()


def test_a_write_that_fails_leaves_the_table_that_was_there(project, monkeypatch):
    two(project, OLDER, NEWER)
    whole = write_revisions(project, "demo_gind", *VINTAGES, "LT", "en").changes

    def failing(found):
        yield from changes(found)
        raise OSError("disk full")

    before = whole.read_bytes()
    monkeypatch.setattr(told, "changes", failing)
    with pytest.raises(OSError, match="disk full"):
        write_revisions(project, "demo_gind", *VINTAGES, "LT", "en")
    assert whole.read_bytes() == before and not list(whole.parent.glob(".*"))


@pytest.mark.parametrize(
    ("newer", "country", "message"),
    [("2027-01-01", "LT", "no snapshot of vintage 2027-01-01"), (VINTAGES[1], "Lithuania", "LT is the code of")],
)
def test_nothing_is_written_of_a_vintage_or_country_that_is_not_there(project, monkeypatch, newer, country, message):
    two(project, OLDER, NEWER)
    monkeypatch.chdir(project.root)
    asked = ["revisions", "demo_gind", "--from", VINTAGES[0], "--to", newer, "--country", country]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 1 and message in done.stderr
    assert not (project.outputs / "revisions").exists()
