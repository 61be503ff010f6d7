"""Commands that are stopped: they say how far they are, end at once, and no process of them stays."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import psutil
import pytest

from quick_study import QUICK, add_study, declare
from workbench.editions.cleanup import clean_up
from workbench.model.paths import Project

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")]

WAITS = "waits"
WAIT = "import pathlib, time\npathlib.Path('is-waiting').touch()\ntime.sleep(600)"
LEAVE = """
import os, subprocess, time
subprocess.Popen(["sleep", "{number}.1"])
subprocess.Popen(["setsid", "sleep", "{number}.2"], start_new_session=True)
subprocess.run(["sh", "-c", "(setsid sleep {number}.3 &) ; exit 0"], env={{"PATH": os.environ["PATH"]}})
if os.fork() == 0:
    if os.fork() == 0:
        os.setsid()
        time.sleep(600)
    os._exit(0)
_ = os.wait()
"""


@pytest.fixture
def waiting(project) -> Project:
    """A project whose edition has a study that is made, and one that waits with processes of its own."""
    number = uuid.uuid4().int % 10**9 + 10**9
    add_study(project, WAITS, LEAVE.format(number=number) + WAIT)
    declare(project, QUICK, WAITS, languages=["en"])
    return project


class Command:
    """A command in a process group of its own, as a terminal starts it; its processes are known by a variable."""

    def __init__(self, project: Project, *arguments: str):
        self.mark = uuid.uuid4().hex
        command = arguments if arguments[0] == sys.executable else [sys.executable, "-m", "workbench", *arguments]
        self.said = project.root.parent / self.mark
        self.main = subprocess.Popen(
            command, cwd=project.root, env=os.environ | {"MARK_OF_TEST": self.mark}, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=self.said.open("wb"),
        )  # fmt: skip

    def wait_for(self, condition, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert self.main.poll() is None and time.monotonic() < end, self.said.read_text()
            time.sleep(0.01)

    def stop(self, *numbers: signal.Signals, between: float = 0) -> float:
        """Send signals to the group, as a terminal does, or SIGTERM to the main process; give the seconds to the end."""
        self.family = [*psutil.Process(self.main.pid).children(recursive=True), *self.marked()]
        began = time.monotonic()
        for number in numbers:
            os.kill(self.main.pid if number == signal.SIGTERM else -self.main.pid, number)
            time.sleep(between)
        self.main.wait(timeout=60)
        return time.monotonic() - began

    def marked(self) -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if self._is_marked(process)]

    def _is_marked(self, process: psutil.Process) -> bool:
        try:
            is_of_this = process.environ().get("MARK_OF_TEST") == self.mark
            return is_of_this and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def check_end(self) -> str:
        """Nothing is left, and nothing is said that only a programmer understands; give what is said."""
        _, alive = psutil.wait_procs(self.family, timeout=3)
        assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
        assert self.marked() == []
        said = self.said.read_text()
        assert self.main.returncode == 130
        assert not [
            word for word in ("Traceback", "Aborted", "resource_tracker", "Exception ignored") if word in said
        ], said
        return said.replace("\r", "\n").strip().splitlines()[-1]


def entries(project: Project) -> list[tuple[str, str]]:
    log = project.outputs / ".journal" / "runs.jsonl"
    lines = map(json.loads, log.read_text().splitlines()) if log.exists() else ()
    return [(entry["run"].partition(" ")[0], entry["outcome"]) for entry in lines]


@pytest.mark.parametrize("seconds", [0.02, 0.25, 1])
@pytest.mark.parametrize("arguments", [("edition", "2022"), ("run", QUICK)], ids=lambda words: words[0])
def test_a_command_that_starts_can_be_stopped(project, arguments, seconds):
    declare(project, QUICK, languages=["en"])
    command = Command(project, *arguments)
    command.wait_for(
        lambda: len(Path(f"/proc/{command.main.pid}/maps").read_text()) > 20_000
    )  # the interpreter is there
    time.sleep(seconds)
    assert command.main.poll() is None and command.stop(signal.SIGINT) < 5
    assert command.check_end().startswith("stopping: ")


@pytest.mark.parametrize(
    ("way", "numbers"),
    [
        (["--workers", "2"], [signal.SIGINT]),
        (["--workers", "1"], [signal.SIGTERM]),
        (["--shard", "1/1"], [signal.SIGINT] * 3),
    ],
)
def test_an_edition_says_how_far_it_is_and_goes_on(waiting, way, numbers):
    command = Command(waiting, "edition", "2022", *way)
    command.wait_for(lambda: (waiting.root / "is-waiting").exists() and entries(waiting))
    assert command.stop(*numbers, between=0.01) < 5
    assert len(command.family) > 8, "with those that the cell has started"
    assert command.check_end() == "stopping: 1 of 2 finished; the same command continues"
    assert entries(waiting) == [(QUICK, "finished"), (WAITS, "interrupted")]
    assert not list(waiting.outputs.rglob("*.tmp")) + list((waiting.outputs / ".journal" / "connections").iterdir())

    add_study(waiting, WAITS, "nothing = 1 + 1")
    again = Command(waiting, "edition", "2022", *way)
    again.main.wait(timeout=120)
    assert again.main.returncode == 0 and entries(waiting)[2:] == [(WAITS, "finished")]


def test_an_edition_that_is_being_sealed_can_be_stopped(project):
    declare(project, QUICK, languages=["en"])
    command = Command(project, "edition", "2022")
    command.wait_for(lambda: list(project.archives.glob(".sealing-*")))
    assert command.stop(signal.SIGINT) < 5
    assert command.check_end() == "stopping: 1 of 1 finished, the edition is not sealed; the same command continues"
    assert entries(project) == [(QUICK, "finished")] and not list(project.archives.glob("*.zip"))
    again = Command(project, "edition", "2022")
    again.main.wait(timeout=120)
    assert [path.name for path in project.archives.iterdir()] == ["2022-r1.zip"] and len(entries(project)) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_can_be_stopped(waiting, number):
    command = Command(waiting, "run", WAITS)
    command.wait_for((waiting.root / "is-waiting").exists)
    assert command.stop(number) < 5
    assert command.check_end() == "stopping: the same command starts again"
    assert entries(waiting) == [(WAITS, "interrupted")]


def test_nothing_outlives_an_edition_that_is_killed(waiting):
    command = Command(waiting, "edition", "2022")
    command.wait_for((waiting.root / "is-waiting").exists)
    command.family = command.marked() + psutil.Process(command.main.pid).children(recursive=True)
    command.main.kill()
    command.main.wait()
    assert not [p for p in psutil.wait_procs(command.family, timeout=5)[1] if p.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.skipif(sys.platform != "linux", reason="semaphores are files on Linux alone")
def test_what_a_killed_process_had_in_temporary_folders_is_cleared_by_the_next(project, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen(["true"])
    ended.wait()
    shared_memory = Path("/dev/shm")
    for number in (ended.pid, os.getpid()):
        (tmp_path / f"workbench-verify-{number}-ab").mkdir()
        (tmp_path / f"workbench-verify-{number}-ab" / "unpacked").touch()
        (tmp_path / f"workbench-server-{number}-ab").mkdir()
        (shared_memory / f"sem.mp-workbench-{number}-ab").touch()
    clean_up(project, [])
    kept = [path.name for folder in {tmp_path, shared_memory} for path in folder.glob(f"*workbench*-{os.getpid()}-ab")]
    (shared_memory / f"sem.mp-workbench-{os.getpid()}-ab").unlink()
    assert sorted(kept) == [
        f"{kind}-{os.getpid()}-ab" for kind in ("sem.mp-workbench", "workbench-server", "workbench-verify")
    ]
    assert not [path for folder in {tmp_path, shared_memory} for path in folder.glob(f"*workbench*-{ended.pid}-ab")]


STUBBORN = """
import subprocess, time
from workbench.execution.stopping import heed_signals
heed_signals()
subprocess.Popen(["setsid", "sh", "-c", "sleep 600 & sleep 600"])
open("is-waiting", "w").close()
while True:
    try:
        time.sleep(600)
    except KeyboardInterrupt:
        pass
"""


@pytest.mark.parametrize(("numbers", "seconds"), [(2, 3), (1, 8)], ids=["the second signal", "the clock"])
def test_what_does_not_heed_the_first_signal_is_ended(project, numbers, seconds):
    command = Command(project, sys.executable, "-c", STUBBORN)
    command.wait_for((project.root / "is-waiting").exists)
    assert command.stop(*[signal.SIGINT] * numbers, between=0.7) < seconds
    assert command.check_end() == "stopped at once"


@pytest.mark.parametrize("arguments", [("edition", "2022"), ("run", "leaves")], ids=lambda words: words[0])
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere orphans go out of sight")
def test_what_a_cell_leaves_behind_is_ended_and_named(project, arguments):
    number = uuid.uuid4().int % 10**9 + 10**9
    add_study(project, "leaves", LEAVE.format(number=number))
    declare(project, "leaves", languages=["en"])
    command = Command(project, *arguments)
    assert command.main.wait(timeout=120) == 0
    said = command.said.read_text()
    names = ["a fork of the kernel", *(f"sleep {number}.{which}" for which in (1, 2, 3))]
    assert f"warning: leaves LT 2022 left processes behind, which were ended with it: {'; '.join(names)}" in said
    (line,) = (project.outputs / ".journal" / "runs.jsonl").read_text().splitlines()
    assert json.loads(line)["left_behind"] == names
    # The command's own helpers, which end with it, may take a moment longer than it.
    assert psutil.wait_procs(command.marked(), timeout=3)[1] == []
    assert not [p for p in psutil.process_iter(["cmdline"]) if f"sleep {number}" in " ".join(p.info["cmdline"] or [])]
