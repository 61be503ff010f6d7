"""The gate of names: what it lets through stays inside the store, and whatever comes in passes it.

Files, sources and datasets in these tests are made up, save those of the shared folder.
"""

import datetime
import shutil

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import shared
from workbench.cli import main
from workbench.collecting.files import import_file
from workbench.collecting.overview import overview
from workbench.data.observations import select
from workbench.data.snapshots import SnapshotStore
from workbench.declarations.datasets import declared_datasets, find_dataset, read_dataset
from workbench.declarations.editions import read_edition
from workbench.declarations.sources import read_source
from workbench.declarations.studies import read_sidecar
from workbench.model.errors import ConflictingSnapshot, InvalidDeclaration, InvalidName, MalformedFile, WorkbenchError
from workbench.model.names import (
    DATASET,
    DIMENSION,
    EDITION,
    FLOW,
    LANGUAGE,
    MAINTAINER,
    SOURCE,
    STUDY,
    VINTAGE,
    download_day,
    latest_day,
)
from workbench.model.types import SnapshotId

DAY = datetime.date(2026, 9, 1)
NO_NAMES = [
    "../../../EVIL", "/etc/x", "a/b", "a\\b", "*", "[!a]", "x\ny", "migr\n", "", ".", "..", ".lock", "<script>", "a b", "a" * 300,
    "MIGR_ASYAPPCTZA", "./migr_asyappctza", "migr-x", "ąžuolas", "١", "con.", "nul\0", "%2e%2e", "~", "$HOME", "1st",
]  # fmt: skip
WORD = st.from_regex(DATASET.pattern, fullmatch=True).filter(lambda name: len(name) <= 64 and name.isascii())
ANYTHING = st.text(max_size=80) | st.from_regex(r"(\.\./|/|\w|\.|\\){1,12}", fullmatch=True) | WORD
VINTAGES = ANYTHING | st.dates(datetime.date(1990, 1, 1)).map(str)
# Without a column that says whose it is.
NOBODYS = "freq,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\nA,LT,2022,{value},\n"
SAYS = "STRUCTURE_ID,freq,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n{whose}(1.0),A,LT,2022,5,\n"


@pytest.fixture
def made_up(tmp_path):
    """A made-up file of one observation, written as it is asked for."""

    def written(content: str = NOBODYS.format(value=5)):
        file = tmp_path / "made-up.csv"
        file.write_text(content, encoding="utf-8")
        return file

    return written


def all_below(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def run(*words):
    return CliRunner().invoke(main, list(map(str, words)))


# The grammar


@given(ANYTHING, ANYTHING, VINTAGES)
def test_no_name_composes_a_path_outside_of_the_store(tmp_path_factory, agency, dataset, vintage):
    top = tmp_path_factory.getbasetemp() / "store"
    allowed = SOURCE.allow(agency) and DATASET.allow(dataset) and VINTAGE.allow(vintage)
    try:
        path = SnapshotStore([top])._place(SnapshotId(agency, dataset, vintage))
    except InvalidName:
        assert not allowed
        return
    assert allowed and path.resolve().relative_to(top.resolve()).parts == (agency, dataset, f"{vintage}.parquet")


@given(WORD)
def test_an_accepted_name_survives_the_way_through_a_file(tmp_path_factory, name):
    folder = tmp_path_factory.mktemp("params") / "datasets"
    folder.mkdir()
    (folder / f"{name}.yaml").write_text("agency: estat\n", encoding="utf-8")
    assert [path.stem for path in folder.glob("*.yaml")] == [DATASET.checked(name)] == [STUDY.checked(name)]
    assert name == name.lower() and DIMENSION.allow(name) and SOURCE.allow(name)


@pytest.mark.parametrize("names", [STUDY, DATASET, SOURCE, DIMENSION, LANGUAGE, EDITION, VINTAGE, MAINTAINER, FLOW])
@given(text=st.text(max_size=12))
@example(text="0.")
def test_no_grammar_lets_through_what_parts_paths_or_markup(names, text):
    if names.allow(text):
        assert text.isascii() and not set(text) & set("/\\<>&\"'*?[]{}|:;,% \t\r\n\0~$") and text.strip(".") == text


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_is_no_name_is_none_of_any_kind(name):
    assert not any(names.allow(name) for names in (STUDY, DATASET, SOURCE, DIMENSION, LANGUAGE, EDITION, VINTAGE))


@pytest.mark.parametrize(
    ("vintage", "is_one"),
    [
        ("2024-01-18", True), ("2024-02-29", True), ("2024-01-18.2", True), ("1990-01-01", True), ("2023-02-29", False),
        ("2024-13-01", False), ("0001-01-01", False), ("1989-12-31", False), ("2024-01-18.0", False), ("2024-1-8", False),
        ("20240118", False), ("2024-01-18.", False), ("none", False),
    ],
)  # fmt: skip
def test_a_vintage_is_a_day_of_the_calendar(vintage, is_one):
    assert VINTAGE.allow(vintage) == is_one


def test_a_download_is_never_of_a_day_to_come():
    now = datetime.datetime(2026, 11, 28, 9, 0, tzinfo=datetime.UTC)
    assert latest_day(now) == datetime.date(2026, 11, 28)
    # In Lithuania it may be tomorrow already.
    assert latest_day(now.replace(hour=22)) == datetime.date(2026, 11, 29)
    assert download_day("2026-11-28", latest_day(now)) == datetime.date(2026, 11, 28)
    with pytest.raises(InvalidName, match="9999-12-31 is in the future") as refused:
        download_day("9999-12-31", latest_day(now))
    assert "2026-11-28 at the latest" in refused.value.expected


# Commands


@pytest.mark.parametrize("name", [name for name in NO_NAMES if "\0" not in name])
def test_no_command_takes_what_is_no_name_of_a_dataset(project, made_up, monkeypatch, name):
    monkeypatch.chdir(project.root)
    file, before = made_up(), all_below(project.root.parent)
    for words in (
        ("import", file, "--dataset", name, "--vintage", "2026-09-01"),
        ("fetch", "--", name),
        ("revisions", "--from", "2024-01-18", "--to", "2025-03-31", "--", name),
    ):
        done = run(*words)
        assert done.exit_code == 1 and "is not a name of a dataset" in done.stderr and "hint: " in done.stderr
    assert all_below(project.root.parent) == before


@pytest.mark.parametrize("name", ["MIGR_ASYAPPCTZA", "./migr_asyappctza", " migr_asyappctza"])
def test_the_right_name_is_told(project, name):
    with pytest.raises(InvalidName) as refused:
        find_dataset(project, name)
    assert refused.value.hint == "did you mean migr_asyappctza?"


@pytest.mark.parametrize(
    "vintage", ["9999-12-31", "2126-09-01", "0001-01-01", "2026-02-30", "../x", "today", "2026-09-01.2"]
)
def test_import_takes_no_vintage_that_is_no_day_of_a_download(project, made_up, monkeypatch, vintage):
    monkeypatch.chdir(project.root)
    done = run("import", made_up(), "--dataset", "migr_asyappctza", "--vintage", vintage)
    assert done.exit_code == 1 and vintage in done.stderr and all_below(project.outputs) == []


def test_a_study_and_an_edition_are_asked_for_by_name(project):
    for name in ("./asylum_applications", "../studies/asylum_applications", "Asylum_applications"):
        with pytest.raises(InvalidName, match="not a name of a study"):
            read_sidecar(project, name)
    for year in (0, -1, 202, 20222):
        with pytest.raises(InvalidName, match="not a name of an edition"):
            read_edition(project, year)


def test_since_is_a_period(project, monkeypatch):
    monkeypatch.chdir(project.root)
    done = run("fetch", "migr_asyappctza", "--since", "<b>")
    assert done.exit_code == 1 and "is not a period" in done.stderr


# Declarations


@pytest.mark.parametrize(
    ("folder", "read"),
    [
        ("datasets", lambda project: read_dataset(project, "demo_gind")),
        ("sources", lambda project: read_source(project, "estat")),
        ("studies", lambda project: read_sidecar(project, "asylum_applications")),
        ("editions", lambda project: read_edition(project, 2022)),
    ],
)
@pytest.mark.parametrize("name", ["x-Copy1", "X", "a b", "<b>", "x.y"])
def test_an_ill_named_declaration_is_named(project, folder, read, name):
    path = project.params / folder / f"{name}.yaml"
    path.write_text("{}")
    with pytest.raises(InvalidName) as refused:
        read(project)
    assert refused.value.where == str(path) and "rename" in refused.value.hint


def test_what_an_editor_keeps_for_itself_is_no_declaration(project):
    (project.params / "datasets" / ".#demo_gind.yaml").write_text("")
    assert "demo_gind" in declared_datasets(project)


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        ("editions/2022.yaml", "languages: [", "languages: [../x, ", "'../x'"),
        ("editions/2022.yaml", "demo_gind: 2025-03-27", 'demo_gind: "2025-02-30"', "2025-02-30"),
        ("editions/2022.yaml", "demo_gind: 2025-03-27", "demo_gind: 2025-02-30", "out of range"),
        ("editions/2022.yaml", "demo_gind: 2025-03-27", '"../x by y": 2025-03-27', "'../x by y'"),
        ("editions/2022.yaml", "studies: [", "studies: [./x, ", "'./x'"),
        ("datasets/demo_gind.yaml", "agency: estat", "agency: ../estat", "'../estat'"),
        ("datasets/demo_gind.yaml", "agency: estat", "agency: estat\nformerly: [a/b]", "'a/b'"),
        ("datasets/demo_gind.yaml", "agency: estat", "agency: estat\nflow: ESTAT,../x,1.0", "'ESTAT,../x,1.0'"),
        ("datasets/demo_gind.yaml", "agency: estat", "agency: estat\ndataset: migr_imm8", "migr_imm8"),
        ("studies/asylum_applications.yaml", "migr_asyumactm: {}", "../migr: {}", "'../migr'"),
    ],
)
def test_names_inside_declarations_pass_the_same_gate(project, file, old, new, found):
    path = project.params / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InvalidDeclaration) as refused:
        read_edition(project, 2022), read_dataset(project, "demo_gind"), read_sidecar(project, "asylum_applications")
    assert str(path) in refused.value.where and found in str(refused.value)


@pytest.mark.parametrize(
    "address",
    ["http://user:s3cret@127.0.0.1/", "https://s3cret@host/x/", "http://u:s3/cret@host/", "https://host/?key=s3cret/"],
)
def test_no_secret_of_an_address_is_taken_or_told(project, address):
    path = project.params / "sources" / "unhcr.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | {"address": address}))
    with pytest.raises(InvalidDeclaration, match="no user, query or fragment") as refused:
        read_source(project, "unhcr")
    assert "s3" not in str(refused.value)


# Files


def test_an_undeclared_dataset_must_say_whose_it_is(project, made_up):
    for content in (NOBODYS.format(value=5), SAYS.format(whose="LT:MIGDEP_UA"), SAYS.format(whose="MIGDEP_UA")):
        with pytest.raises(InvalidDeclaration, match="not declared") as refused:
            import_file(project, made_up(content), "migdep_ua", DAY)
        assert "declare it first in params/datasets/migdep_ua.yaml" in refused.value.hint
    assert all_below(project.outputs) == []
    snapshot, _ = import_file(project, made_up(SAYS.format(whose="ESTAT:MIGR_NEW")), "migr_new", DAY)
    assert str(snapshot.id) == "estat/migr_new/2026-09-01"


def test_a_snapshot_of_another_agency_than_is_declared_now_is_not_silently_kept(project, made_up):
    file = made_up(SAYS.format(whose="ESTAT:MIGDEP_UA"))
    snapshot, _ = import_file(project, file, "migdep_ua", DAY)
    declared = yaml.safe_load((project.params / "datasets" / "demo_gind.yaml").read_text()) | {"agency": "migdep"}
    (project.params / "datasets" / "migdep_ua.yaml").write_text(yaml.safe_dump(declared))
    declaration = read_dataset(project, "migdep_ua")
    for attempt in (
        lambda: import_file(project, file, "migdep_ua", DAY),
        lambda: select(snapshot, declaration, {"geo": "LT", "time": "2022"}),
    ):
        with pytest.raises(ConflictingSnapshot, match="declared for migdep") as refused:
            attempt()
        assert str(snapshot.path.parent) in refused.value.hint and "agency: estat" in refused.value.hint
    assert [str(failure) for failure in overview(project, ask=False)[1]] == [str(refused.value)]
    shutil.rmtree(snapshot.path.parent)
    assert str(import_file(project, file, "migdep_ua", DAY)[0].id) == "migdep/migdep_ua/2026-09-01"


def test_a_card_that_speaks_of_another_snapshot_is_noticed(project, made_up):
    snapshot, _ = import_file(project, made_up(), "migr_asyappctza", DAY, accept_doubts=True)
    text = snapshot.card_path.read_text(encoding="utf-8")
    snapshot.card_path.write_text(text.replace("agency: estat", "agency: unhcr"), encoding="utf-8")
    with pytest.raises(InvalidDeclaration, match="contradicts"):
        _ = SnapshotStore.of(project).open("migr_asyappctza", "2026-09-01").card


def test_a_file_in_the_store_that_is_no_vintage_is_named(project, made_up):
    snapshot, _ = import_file(project, made_up(), "migr_asyappctza", DAY, accept_doubts=True)
    copy = shutil.copy(snapshot.path, snapshot.path.with_name("2026-09-01 (copy).parquet"))
    with pytest.raises(InvalidName) as refused:
        SnapshotStore.of(project).vintages("migr_asyappctza")
    assert refused.value.where == str(copy)


def test_a_count_is_never_negative_and_a_balance_may_be(project, made_up):
    file = made_up(NOBODYS.format(value=5) + "A,LV,2022,-1,\n")
    with pytest.raises(MalformedFile, match="negative figure, but migr_asyappctza is measured in persons") as refused:
        import_file(project, file, "migr_asyappctza", DAY)
    assert refused.value.where == "made-up.csv, row 3, column OBS_VALUE" and refused.value.found == "-1"
    assert all_below(project.outputs) == []
    assert import_file(project, file, "demo_gind", DAY, accept_doubts=True)[1]


RAW = {
    "sdmx-csv-asylum-applicants-total.csv.gz": "migr_asyappctza",
    "sdmx-csv-temporary-protection-beneficiaries-monthly.csv.gz": "migr_asytpsm",
    "sdmx-csv-country-population.csv.gz": "demo_gind",
    "sdmx-csv-migrants-illegally-present.csv.gz": "migr_eipre",
    "sdmx-csv-migrants-refused-entry-at-the-border.csv.gz": "migr_eirfs",
    "sdmx-csv-migration-permits-issued.csv.gz": "tps00170",
    "migr_imm8.tsv.gz": "migr_imm8",
}


@pytest.mark.parametrize("name", RAW)
def test_native_files_pass_the_gate(project, monkeypatch, name):
    monkeypatch.chdir(project.root)
    done = run(
        "import", shared(f"data/raw/{name}"), "--dataset", RAW[name], "--vintage", "2026-09-01", "--accept-doubts"
    )
    assert done.exit_code == 0 and f"estat/{RAW[name]}/20" in done.output and " observations, " in done.output, (
        done.output
    )


# What labels mean

LABELLED = "TIME,GEO,CITIZEN,Value\n2014,Atlantis,Extra-EU-28,5\n2014,Lyonesse (drowned),Namibya,6\n2015,Atlantis*,Extra-EU-28,7\n"


def test_a_user_says_what_labels_mean_and_the_card_keeps_it(project, made_up, tmp_path, monkeypatch):
    monkeypatch.chdir(project.root)
    words = ("import", made_up(LABELLED), "--dataset", "migr_asyappctza", "--vintage", "2026-09-01")
    refused = run(*words)
    assert refused.exit_code == 1 and "4 labels" in refused.stderr and "Lyonesse (drowned)" in refused.stderr
    (project.params / "labels").mkdir()
    (project.params / "labels" / "geo.yaml").write_text('Atlantis: EL\nLyonesse (drowned): "UK"\n')
    beside = tmp_path / "labels.yaml"
    beside.write_text("citizen:\n  Namibya: NA\nsex:\n  Ladies: F\n")
    done = run(*words, "--labels", beside)
    assert done.exit_code == 0, done.output
    snapshot = SnapshotStore.of(project).open("migr_asyappctza", "2026-09-01")
    assert snapshot.opened().select({}).select(["geo", "citizen", "time", "value"]).to_pylist() == [
        {"geo": "EL", "citizen": "EXT_EU28", "time": "2014", "value": 5.0},
        {"geo": "EL", "citizen": "EXT_EU28", "time": "2015", "value": 7.0},
        {"geo": "UK", "citizen": "NA", "time": "2014", "value": 6.0},
    ]
    assert snapshot.card.labels == {"geo": {"Atlantis": "EL", "Lyonesse (drowned)": "UK"}, "citizen": {"Namibya": "NA"}}


@pytest.mark.parametrize(
    ("content", "key", "message"),
    [
        ("geo: {Atlantis: GR}", "Atlantis", "EL is the code of Greece"),
        ("geo: {Atlantis: LTX}", "Atlantis", "near: "),
        ("geo: {Lithuania: LV}", "Lithuania", "LT, which is its code already"),
        (
            "geo: {European Union (28 countries): EU27_2020}",
            "European Union (28 countries)",
            "EU28, which is its code already",
        ),
        ("geo: {Northland: NO}", "Northland", '"NO"'),
        ("geo: {2014: LT}", "2014", "a label and its code"),
        ("geo: Atlantis", "geo", "labels of a dimension"),
        ("place: {Atlantis: EL}", "place", "a dimension of the file: one of "),
        ("[Atlantis]", "", "mapping of keys"),
        ("geo: {Atlantis: EL", "", "not YAML"),
    ],
)
def test_what_is_said_of_labels_is_checked(project, made_up, tmp_path, content, key, message):
    beside = tmp_path / "labels.yaml"
    beside.write_text(content)
    with pytest.raises(WorkbenchError) as refused:
        import_file(project, made_up(LABELLED), "migr_asyappctza", DAY, labels=beside)
    assert str(beside) in refused.value.where and key in refused.value.where and message in str(refused.value)
    assert all_below(project.outputs) == []


def test_two_who_say_otherwise_are_refused(project, made_up, tmp_path):
    (project.params / "labels").mkdir()
    (project.params / "labels" / "geo.yaml").write_text("Atlantis: EL\n")
    (tmp_path / "labels.yaml").write_text("geo: {Atlantis: CY}\n")
    with pytest.raises(InvalidDeclaration, match="EL, which is its code already"):
        import_file(project, made_up(LABELLED), "migr_asyappctza", DAY, labels=tmp_path / "labels.yaml")
