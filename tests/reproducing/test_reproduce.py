"""The edition that is rendered once is made again from its archive alone: the same bytes, another day and place; and how it fails."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
import pytest

import workbench
from conftest import ROOT
from workbench.archiving.verify import open_archive
from workbench.execution.processes import clear_temporary_folders
from workbench.model.errors import DamagedArchive, WorkbenchError
from workbench.reproducing import reproduce as reproducing
from workbench.reproducing.reproduce import reproduce
from workbench.reproducing.unpacked import unpack

pytestmark = pytest.mark.slow

STUDY = "asylum_applications"


@pytest.fixture
def archive(edition) -> Path:
    return edition[1].sealed.path


@pytest.fixture
def unpacked(archive, tmp_path):
    with open_archive(archive) as members:
        return unpack(members, "2022", tmp_path)


@pytest.fixture
def apart():
    """A folder whose path is short, as sockets in it need."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def begun(archive: Path, folder: Path, **environment: str) -> subprocess.Popen:
    """The command, far from any project, with a temporary folder of its own."""
    place, temporary = folder / "elsewhere", folder / "tmp"
    for path in (place, temporary):
        path.mkdir()
    return subprocess.Popen(
        [sys.executable, "-m", "workbench", "reproduce", str(archive), "--workers", "1", "--json"],
        cwd=place, env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)} | environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", umask=0o077,
    )  # fmt: skip


def test_an_archive_is_made_again_elsewhere_to_the_same_bytes(archive, apart):
    """Another home with settings of its own, time zone, locale, hash seed, umask and number of workers, and no browser."""
    home = apart / "home"
    (home / ".ipython" / "profile_default" / "startup").mkdir(parents=True)
    (home / ".ipython" / "profile_default" / "startup" / "0.py").write_text("import pandas; pandas = None")
    (home / ".config" / "matplotlib").mkdir(parents=True)
    (home / ".config" / "matplotlib" / "matplotlibrc").write_text("font.size: 30\nlines.linewidth: 9\n")
    command = begun(
        archive,
        apart,
        HOME=str(home),
        TZ="Pacific/Kiritimati",
        LANG="tr_TR.UTF-8",
        LC_ALL="C",
        PYTHONHASHSEED="4711",
    )
    said, complaints = command.communicate()
    assert command.returncode == 0, complaints
    told = json.loads(said)
    (run,) = told["runs"]
    assert (run["study"], run["country"], run["state"], run["failure"]) == (STUDY, "LT", "same", None)
    assert len(run["files"]) == 8 and not any(run["files"].values()) and not run["not_compared"]
    assert told["is_reproduced"] and not told["environment"] and not told["other_code"]
    assert not list((apart / "tmp").iterdir()) and not list((apart / "elsewhere").iterdir())


def test_the_archive_holds_the_whole_package_but_for_the_starter_snapshots(unpacked):
    package = Path(workbench.__file__).parent
    code = unpacked.code / "workbench"
    held = {path.relative_to(code) for path in code.rglob("*") if path.is_file()}
    there = {path.relative_to(package) for path in package.rglob("*") if path.is_file()}
    left_out = {path for path in there - held if path.suffix not in (".pyc", ".md", ".typed")}
    assert held <= there and left_out and {path.parts[:2] for path in left_out} == {("data", "starter")}


def test_a_notebook_that_no_longer_runs_is_told_and_the_code_of_the_archive_is_what_runs(archive, monkeypatch):
    """The notebook fails by a word that only the archive's code knows."""

    def spoilt(*arguments):
        unpacked = unpack(*arguments)
        with (unpacked.code / "workbench" / "study" / "__init__.py").open("a") as code:
            code.write("\nONLY_HERE = 'known to the archive alone'\n")
        notebook = nbformat.read(unpacked.project.notebook(STUDY), as_version=4)
        first = next(cell for cell in notebook.cells if cell.cell_type == "code" and "Study.open" in cell.source)
        first.source = "from workbench.study import ONLY_HERE\nraise ValueError(ONLY_HERE)"
        nbformat.write(notebook, unpacked.project.notebook(STUDY))
        return unpacked

    monkeypatch.setattr(reproducing, "unpack", spoilt)
    outcome = reproduce(archive, studies=[STUDY], countries=["LT"])
    (run,) = outcome.runs
    assert run.state == "failed" and not outcome.is_reproduced and not run.files
    assert "known to the archive alone" in run.failure


def test_code_that_is_not_what_the_archive_says_is_refused(archive, tmp_path, monkeypatch):
    """Whoever alters the code and all digests, so that the archive is intact, must alter this digest too."""
    with open_archive(archive) as members:
        pieces = members.pieces
        monkeypatch.setattr(
            members, "pieces", lambda path: (*pieces(path), *([b"\n"] if path.endswith("study/__init__.py") else ()))
        )
        with pytest.raises(DamagedArchive, match="other code than it says"):
            unpack(members, "2022", tmp_path)


def test_an_archive_without_code_is_refused_with_the_version_to_take(tmp_path):
    older = shutil.copy(ROOT / "tests" / "archiving" / "sealed_by_0.2.0" / "2022-r1.zip", tmp_path)
    with pytest.raises(WorkbenchError, match=r"does not hold the code(.|\n)*take version 0\.2\.0"):
        reproduce(Path(older))


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_what_is_cut_off_leaves_nothing_or_what_the_next_command_clears(archive, apart, monkeypatch, number):
    command = begun(archive, apart)
    main = psutil.Process(command.pid)
    while not any(child.children() for child in main.children()):
        assert command.poll() is None, command.communicate()
        time.sleep(0.05)
    family = main.children(recursive=True)
    command.send_signal(number)
    _, complaints = command.communicate()
    assert not psutil.wait_procs(family, timeout=60)[1], "they end by themselves"
    if number == signal.SIGINT:
        assert command.returncode == 130 and "stopping: " in complaints and "Traceback" not in complaints
    else:
        assert list((apart / "tmp").glob("workbench-reproduce-*"))
    # A busy machine may not let it clear up in the seconds in which a stopped command ends.
    monkeypatch.setattr(tempfile, "tempdir", str(apart / "tmp"))
    clear_temporary_folders()
    assert not list((apart / "tmp").glob("workbench-*"))
