"""Snapshots: checked when read, never changed, added whole or not at all."""

import datetime
import gzip
import shutil

import pytest
from click.testing import CliRunner

from workbench.cli import main
from workbench.data.snapshots import SnapshotStore
from workbench.model.errors import ConflictingSnapshot, DamagedSnapshot, MalformedFile, MissingSnapshot
from workbench.model.paths import STARTER_SNAPSHOTS

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


def files_below(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", sorted(STARTER_SNAPSHOTS.glob("*/*/*.csv.gz")), ids=lambda path: path.parent.name)
def test_every_starter_snapshot_is_what_its_card_says(path):
    dataset, vintage = path.parent.name, path.name.removesuffix(".csv.gz")
    snapshot = SnapshotStore([STARTER_SNAPSHOTS]).open(dataset, vintage)
    table = snapshot.table()
    assert len(table.frame) == snapshot.card.coverage["rows"]
    assert table.dataset == dataset == snapshot.card.dataset and str(snapshot.card.vintage) == vintage
    assert table.frame["geo"].nunique() == snapshot.card.coverage["places"]


def test_a_damaged_snapshot_is_refused_with_file_and_both_digests(tmp_path):
    shutil.copytree(STARTER_SNAPSHOTS / "estat" / "demo_gind", tmp_path / "estat" / "demo_gind")
    file = tmp_path / "estat" / "demo_gind" / "2025-03-27.csv.gz"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(DamagedSnapshot) as refused:
        SnapshotStore([tmp_path]).open("demo_gind", "2025-03-27").table()
    assert str(file) in str(refused.value)
    assert "b7da1811a0f5efcb08f620fc657f6a6cd5a401137171fb20b1c4a611c40917ca" in refused.value.expected
    assert refused.value.found.startswith("sha256 ") and refused.value.found != refused.value.expected


def test_an_unknown_dataset_or_vintage_names_what_there_is():
    store = SnapshotStore([STARTER_SNAPSHOTS])
    with pytest.raises(MissingSnapshot, match="migr_asyappctza"):
        store.open("migr_asyappctz", "2024-01-18")
    with pytest.raises(MissingSnapshot, match="2024-01-18, 2025-03-31, 2025-05-26"):
        store.open("migr_asyappctza", "2024-01-19")


def test_an_import_is_read_back_and_the_same_file_again_adds_nothing(project, made_up):
    store = SnapshotStore.of(project)
    snapshot, is_new = store.add(made_up, "migr_asyappctza", DAY)
    assert is_new and str(snapshot.id) == "estat/migr_asyappctza/2026-09-01"
    assert snapshot.table().frame["value"].tolist() == [300.0]
    before = files_below(project.snapshots)
    compressed = made_up.with_suffix(".gz")
    compressed.write_bytes(gzip.compress(made_up.read_bytes()))
    again, is_new = store.add(compressed, "migr_asyappctza", DAY)
    assert not is_new and again.id == snapshot.id and files_below(project.snapshots) == before
    assert before == ["estat/migr_asyappctza/2026-09-01.csv.gz", "estat/migr_asyappctza/2026-09-01.yaml"]


def test_another_content_under_the_same_address_is_refused_and_changes_nothing(project, made_up):
    store = SnapshotStore.of(project)
    snapshot, _ = store.add(made_up, "migr_asyappctza", DAY)
    before = snapshot.path.read_bytes()
    made_up.write_text(MADE_UP.format(value=305))
    with pytest.raises(ConflictingSnapshot, match="here already"):
        store.add(made_up, "migr_asyappctza", DAY)
    assert snapshot.path.read_bytes() == before


def test_a_starter_snapshot_cannot_be_shadowed(project, made_up):
    with pytest.raises(ConflictingSnapshot):
        SnapshotStore.of(project).add(made_up, "migr_asyappctza", datetime.date(2024, 1, 18))
    assert files_below(project.outputs) == []


def test_a_file_of_another_dataset_is_refused(project, made_up):
    with pytest.raises(MalformedFile, match="another dataset"):
        SnapshotStore.of(project).add(made_up, "migr_asydcfsta", DAY)
    assert files_below(project.outputs) == []


def test_the_command_line_imports_and_says_so(project, made_up, monkeypatch):
    monkeypatch.chdir(project.root)
    words = ["import", str(made_up), "--dataset", "migr_asyappctza", "--vintage", "2026-09-01"]
    first, second = CliRunner().invoke(main, words), CliRunner().invoke(main, words)
    assert first.exit_code == second.exit_code == 0
    assert "estat/migr_asyappctza/2026-09-01 added: 1 observations, 2025 to 2025" in first.output
    assert "is here already" in second.output


def test_the_command_line_refuses_a_broken_file_and_stores_nothing(project, made_up, monkeypatch):
    monkeypatch.chdir(project.root)
    made_up.write_text(MADE_UP.format(value="three hundred"))
    words = ["import", str(made_up), "--dataset", "migr_asyappctza", "--vintage", "2026-09-01"]
    refused = CliRunner().invoke(main, words)
    assert refused.exit_code == 1 and "made-up.csv, row 2, column OBS_VALUE" in refused.stderr
    assert "three hundred" in refused.stderr and "nothing was stored" in refused.stderr
    assert files_below(project.outputs) == []
