"""Snapshots: checked when read, never changed, added whole or not at all."""

import datetime
import gzip
import shutil

import pytest
from click.testing import CliRunner

from conftest import ROOT, shared
from workbench.cli import main
from workbench.collecting.files import native_file
from workbench.data.cards import digest, origin_of_import
from workbench.data.formats.native import open_native
from workbench.data.normal_form import NormalForm
from workbench.data.snapshots import SnapshotStore
from workbench.data.storing import store
from workbench.declarations.datasets import read_dataset
from workbench.model.errors import ConflictingSnapshot, DamagedSnapshot, MalformedFile, MissingSnapshot
from workbench.model.paths import STARTER_SNAPSHOTS, Project

MADE_UP = (
    "DATAFLOW,LAST UPDATE,freq,citizen,sex,unit,age,asyl_app,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"
    "ESTAT:MIGR_ASYAPPCTZA(1.0),,A,TOTAL,T,PER,TOTAL,ASY_APP,LT,2025,{value},p,\n"
)
DAY = datetime.date(2026, 9, 1)


@pytest.fixture
def made_up(tmp_path):
    """A made-up file of one observation."""
    file = tmp_path / "made-up.csv"
    file.write_text(MADE_UP.format(value=300))
    return file


def add(store, file, dataset, day, **how):
    return store.add(open_native(file), dataset, day, origin_of_import(file, "estat", "made up", day), **how)


def files_below(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", sorted(STARTER_SNAPSHOTS.glob("*/*/*.parquet")), ids=lambda path: path.parent.name)
def test_every_starter_snapshot_is_what_its_card_says(path):
    dataset, vintage = path.parent.name, path.name.removesuffix(".parquet")
    snapshot = SnapshotStore([STARTER_SNAPSHOTS]).open(dataset, vintage)
    form, coverage = snapshot.opened(), snapshot.card.coverage
    assert (snapshot.card.dataset, snapshot.card.vintage) == (dataset, vintage)
    places = form.codes["route" if dataset == "frontex_detections" else "geo"]
    assert form.rows == form.select({}).num_rows == coverage["rows"] and len(places) == coverage["places"]
    assert (form.codes["time"][0], form.codes["time"][-1]) == (coverage["from"], coverage["to"])


@pytest.mark.parametrize("path", sorted(STARTER_SNAPSHOTS.glob("*/*/*.parquet")), ids=lambda path: path.parent.name)
def test_every_starter_snapshot_is_what_its_compilation_becomes(path, tmp_path):
    dataset, vintage = path.parent.name, path.name.removesuffix(".parquet")
    agency = path.parts[-3]
    name = f"{agency}/{dataset.removeprefix(f'{agency}_')}/{vintage}.csv"
    # What was compiled for the project itself lies beside the tests.
    own = ROOT / "tests" / "compiled" / name
    compiled = own if own.exists() else shared(f"data/figures/{name}.gz")
    store(native_file(compiled, read_dataset(Project(ROOT), dataset)), tmp_path / "stored")
    card = SnapshotStore([STARTER_SNAPSHOTS]).open(dataset, vintage).card
    stored, kept = (NormalForm(file).select({}).to_pandas() for file in (tmp_path / "stored", path))
    assert stored.equals(kept)
    assert card.source_sha256 == digest(compiled)


def test_a_damaged_snapshot_is_refused_with_file_and_both_digests(tmp_path):
    shutil.copytree(STARTER_SNAPSHOTS / "estat" / "demo_gind", tmp_path / "estat" / "demo_gind")
    file = tmp_path / "estat" / "demo_gind" / "2025-03-27.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(DamagedSnapshot) as refused:
        SnapshotStore([tmp_path]).open("demo_gind", "2025-03-27").opened()
    assert str(file) in str(refused.value)
    assert refused.value.expected == f"sha256 {digest(STARTER_SNAPSHOTS / file.relative_to(tmp_path))}"
    assert refused.value.found.startswith("sha256 ") and refused.value.found != refused.value.expected


def test_an_unknown_dataset_or_vintage_names_what_there_is():
    store = SnapshotStore([STARTER_SNAPSHOTS])
    with pytest.raises(MissingSnapshot, match="migr_asyappctza"):
        store.open("migr_asyappctz", "2024-01-18")
    with pytest.raises(MissingSnapshot, match="2024-01-18, 2025-03-31, 2025-05-26"):
        store.open("migr_asyappctza", "2024-01-19")


def test_an_import_is_read_back_and_the_same_file_again_adds_nothing(project, made_up):
    store = SnapshotStore.of(project)
    snapshot, is_new = add(store, made_up, "migr_asyappctza", DAY)
    assert is_new and str(snapshot.id) == "estat/migr_asyappctza/2026-09-01"
    assert snapshot.opened().select({})["value"].to_pylist() == [300.0]
    before = files_below(project.snapshots)
    compressed = made_up.with_suffix(".gz")
    compressed.write_bytes(gzip.compress(made_up.read_bytes()))
    again, is_new = add(store, compressed, "migr_asyappctza", DAY)
    assert not is_new and again.id == snapshot.id and files_below(project.snapshots) == before
    assert before == [f"estat/migr_asyappctza/{name}" for name in (".lock", "2026-09-01.parquet", "2026-09-01.yaml")]


def test_another_content_under_the_same_address_is_refused_and_changes_nothing(project, made_up):
    store = SnapshotStore.of(project)
    snapshot, _ = add(store, made_up, "migr_asyappctza", DAY)
    before = snapshot.path.read_bytes()
    made_up.write_text(MADE_UP.format(value=305))
    with pytest.raises(ConflictingSnapshot, match="exists already"):
        add(store, made_up, "migr_asyappctza", DAY)
    assert snapshot.path.read_bytes() == before


def test_a_second_download_of_a_day_gets_a_number_and_one_that_repeats_adds_nothing(project, made_up):
    store = SnapshotStore.of(project)
    add(store, made_up, "migr_asyappctza", DAY)
    made_up.write_text(MADE_UP.format(value=305))
    second, is_new = add(store, made_up, "migr_asyappctza", DAY, numbered=True)
    assert is_new and second.id.vintage == "2026-09-01.2"
    again, is_new = add(store, made_up, "migr_asyappctza", DAY, numbered=True)
    assert not is_new and again.id == second.id
    later, is_new = add(store, made_up, "migr_asyappctza", DAY + datetime.timedelta(days=7))
    assert not is_new and later.id == second.id, "what equals the last vintage is no new one"
    assert [snapshot.id.vintage for snapshot in store.vintages("migr_asyappctza")][-2:] == [
        "2026-09-01",
        "2026-09-01.2",
    ]


def test_ten_downloads_of_a_day_stay_in_order(project, made_up):
    store = SnapshotStore.of(project)
    for value in range(300, 311):
        made_up.write_text(MADE_UP.format(value=value))
        add(store, made_up, "migr_asyappctza", DAY, numbered=True)
    assert store.vintages("migr_asyappctza")[-1].id.vintage == "2026-09-01.11"


def test_a_starter_snapshot_cannot_be_shadowed(project, made_up):
    with pytest.raises(ConflictingSnapshot):
        add(SnapshotStore.of(project), made_up, "migr_asyappctza", datetime.date(2024, 1, 18))
    assert files_below(project.outputs) == []


def test_a_file_of_another_dataset_is_refused(project, made_up):
    with pytest.raises(MalformedFile, match="another dataset"):
        add(SnapshotStore.of(project), made_up, "migr_asydcfsta", DAY)
    assert files_below(project.outputs) == []


def test_the_command_line_imports_and_says_so(project, made_up, monkeypatch):
    monkeypatch.chdir(project.root)
    words = ["import", str(made_up), "--dataset", "migr_asyappctza", "--vintage", "2026-09-01"]
    first, second = CliRunner().invoke(main, words), CliRunner().invoke(main, words)
    assert first.exit_code == second.exit_code == 0
    assert "estat/migr_asyappctza/2026-09-01 added: 1 observation, 2025 to 2025" in first.output
    assert "exists already" in second.output
    assert "made-up.csv: 100%|" in first.stderr and "1 row" in first.stderr, "bytes and rows are shown on the way"


def test_the_command_line_refuses_a_broken_file_and_stores_nothing(project, made_up, monkeypatch):
    monkeypatch.chdir(project.root)
    made_up.write_text(MADE_UP.format(value="three hundred"))
    words = ["import", str(made_up), "--dataset", "migr_asyappctza", "--vintage", "2026-09-01"]
    refused = CliRunner().invoke(main, words)
    assert refused.exit_code == 1 and "made-up.csv, row 2, column OBS_VALUE" in refused.stderr
    assert "three hundred" in refused.stderr and "nothing was stored" in refused.stderr
    assert files_below(project.outputs) == []
