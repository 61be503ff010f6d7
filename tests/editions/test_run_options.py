"""An edition in every way of making it: the same bytes; interrupted, it goes on; killed, nothing of it stays behind."""

import contextlib
import importlib
import importlib.util
import multiprocessing.forkserver
import os
import subprocess
import sys
import time

import nbformat
import psutil
import pytest
import yaml
from msgspec import structs
from nbformat.v4 import new_code_cell
from test_edition import published

from conftest import copy_project
from quick_study import QUICK, add_study, declare
from workbench.declarations.editions import RunLimits, read_edition
from workbench.editions.make import RunOptions, make_edition
from workbench.editions.perform import perform
from workbench.editions.plan import plan, resolve_here
from workbench.editions.single_run import render_alone
from workbench.editions.workers import PRELOAD
from workbench.execution.kernels import forked_kernel
from workbench.execution.local_pool import LocalPool
from workbench.execution.notebook import execute
from workbench.execution.run_log import RunLog
from workbench.model.digests import file_digest
from workbench.model.paths import Project
from workbench.resolving.parameters import resolve

pytestmark = pytest.mark.slow

OTHER = "made_up"


def of_two_studies(project: Project) -> Project:
    """The project with an edition of two studies, one like the other: what is made in parts needs two runs."""
    add_study(project, OTHER)
    return declare(project, QUICK, OTHER)


@pytest.fixture
def of_one(project) -> Project:
    """The project with an edition of the quick study."""
    return declare(project, QUICK)


@pytest.fixture
def of_two(project) -> Project:
    return of_two_studies(project)


@pytest.fixture(scope="module")
def edition_of_one(tmp_path_factory) -> dict[str, str]:
    """The files of the edition of one study, made in the ordinary way."""
    project = declare(copy_project(tmp_path_factory.mktemp("one") / "project"), QUICK)
    assert make(project).executed == 1
    return contents(project)


@pytest.fixture(scope="module")
def edition_of_two(tmp_path_factory) -> dict[str, str]:
    """The files of the edition of two studies, made by two workers at once."""
    project = of_two_studies(copy_project(tmp_path_factory.mktemp("two") / "project"))
    assert make(project, workers=2).executed == 2
    return contents(project)


def contents(project: Project) -> dict[str, str]:
    """Digests, for the difference of two megabytes takes a test runner minutes to tell."""
    return {path.relative_to(project.outputs).as_posix(): file_digest(path) for path in published(project)}


def outcomes(project: Project) -> list[tuple[str, str]]:
    return [(entry["run"], entry["outcome"]) for entry in RunLog(project).entries()]


def make(project: Project, **way):
    outcome = make_edition(project, read_edition(project, 2022), RunOptions(**way))
    assert not outcome.failures, "\n".join(map(str, outcome.failures))
    return outcome


def strays() -> list[psutil.Process]:
    """Processes that run the workbench and have lost their parent, or that this process left waiting."""
    return [
        process
        for process in psutil.process_iter(["ppid", "cmdline"])
        if process.info["ppid"] == 1 and "workbench.execution" in " ".join(process.info["cmdline"] or [])
    ] + [child for child in psutil.Process().children() if child.status() == psutil.STATUS_ZOMBIE]


def test_one_worker_makes_the_same_bytes_and_then_there_is_nothing_to_do(edition_of_one, of_one):
    outcome = make(of_one, workers=1)
    assert outcome.made == outcome.executed == 1 and contents(of_one) == edition_of_one
    before = {path: path.stat().st_mtime_ns for path in of_one.outputs.rglob("*")}
    again = make(of_one, workers=1)
    assert again.made == 0 and len(again.rendered) == 1 and not again.sealed.is_new
    assert {path: path.stat().st_mtime_ns for path in of_one.outputs.rglob("*")} == before
    (entry,) = RunLog(of_one).entries()
    assert entry["seconds"] > 0 and entry["peak_memory_mb"] > 50


@pytest.mark.parametrize("first", ["lt"])
def test_a_language_that_was_made_before_makes_no_difference(edition_of_one, of_one, first):
    """Its page is there already, and the other is made from the record."""
    files, language = render_alone(of_one, QUICK, {"language": first})
    assert set(files.folder.glob("*.html")) == {files.html(language), files.method(language)}
    before = files.html(language).stat().st_mtime_ns
    (planned,) = plan(of_one, read_edition(of_one, 2022), resolve_here)
    (other,) = {"en", "lt"} - {first}
    assert list(planned.task(of_one).pages) == [other]
    outcome = make(of_one, workers=2)
    assert (outcome.made, outcome.executed) == (1, 0) and contents(of_one) == edition_of_one
    assert before < files.html(language).stat().st_mtime_ns, "it is sealed now"


@pytest.mark.parametrize("first", ["en"])
def test_an_edition_in_one_language_and_then_in_both_is_the_same_edition(edition_of_one, of_one, first):
    """Made in parts, for what is sealed once in one language is another archive."""
    alone = structs.replace(read_edition(of_one, 2022), languages=[first])
    outcome = make_edition(of_one, alone, RunOptions(workers=1, shard=(1, 1)))
    assert (outcome.made, outcome.executed, outcome.failures) == (1, 1, [])
    whole = make(of_one, workers=1)
    assert (whole.made, whole.executed) == (1, 0) and contents(of_one) == edition_of_one


def test_parts_make_the_same_bytes(edition_of_two, of_two):
    for part in (1, 2):
        outcome = make(of_two, workers=1, shard=(part, 2))
        assert outcome.made == outcome.executed == 1 and outcome.sealed is None and not of_two.archives.exists()
    whole = make(of_two)
    assert whole.made == 0 and whole.sealed.is_new and contents(of_two) == edition_of_two


def test_parts_are_rendered_from_records_that_one_language_left(edition_of_two, of_two):
    for study in (QUICK, OTHER):
        render_alone(of_two, study, {"language": "lt"})
    for part in (1, 2):
        outcome = make(of_two, workers=1, shard=(part, 2))
        assert (outcome.made, outcome.executed) == (1, 0)
    assert make(of_two).made == 0 and contents(of_two) == edition_of_two


def test_a_spawned_kernel_makes_the_same_notebook_as_a_forked_one(project, monkeypatch):
    run = resolve(project, QUICK, {})
    warm = execute(project, run, RunLimits(), project.outputs / "connections")

    def refused(*_asked):
        raise forked_kernel.NoFork("as on another system")

    monkeypatch.setattr("workbench.execution.kernels.provisioner.fork_kernel", refused)
    assert execute(project, run, RunLimits(), project.outputs / "connections").recorded == warm.recorded
    forked_kernel.close_fork_servers()


def described_fork_server() -> tuple[str, int]:
    server = forked_kernel.current_fork_server()
    return type(server._process).__name__, psutil.Process(server.pid).num_threads()


def statistics_loaded() -> set[str]:
    return {"statsmodels", "seaborn", "patsy"} & set(sys.modules)


def test_workers_are_forked_and_leave_nothing_behind():
    with LocalPool(2, PRELOAD, perform) as workers:
        assert workers.call(statistics_loaded) == set(), "it is loaded for the notebooks and charts that use it"
        assert workers.call(described_fork_server) == ("ChildProcess", 1), "forked from the worker, with one thread"
        (pid,) = {workers.call(os.getpid)}
        servers = psutil.Process(pid).children()
    assert servers and not any(psutil.pid_exists(process.pid) for process in servers)
    assert strays() == []


def test_workers_that_are_killed_are_gone_at_once_and_others_can_be_had():
    with pytest.raises(KeyboardInterrupt), LocalPool(2, PRELOAD, perform) as workers:
        workers.call(os.getpid)
        family = psutil.Process(multiprocessing.forkserver._forkserver._forkserver_pid).children(recursive=True)
        raise KeyboardInterrupt
    assert family and not [p for p in psutil.wait_procs(family, timeout=3)[1] if p.status() != psutil.STATUS_ZOMBIE]
    with LocalPool(1, PRELOAD, perform) as workers:
        assert workers.call(os.getpid) not in [process.pid for process in family]


def in_the_background(project: Project, *options: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "workbench", "edition", "2022", *options]
    return subprocess.Popen(command, cwd=project.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_until(condition, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_an_edition_that_was_killed_goes_on_where_it_stopped(edition_of_two, of_two):
    project = of_two
    main = in_the_background(project, "--workers", "1")
    wait_until(lambda: len(outcomes(project)) == 1)
    family = psutil.Process(main.pid).children(recursive=True)
    assert len(family) >= 3, "at least a server, a worker and a fork server of kernels"
    main.kill()
    main.wait()
    _, alive = psutil.wait_procs(family, timeout=3)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
    assert make(project).made == 1
    assert sorted(outcomes(project)) == [(f"{study} LT 2022", "finished") for study in (OTHER, QUICK)]
    assert contents(project) == edition_of_two
    assert not list(project.outputs.rglob("*.tmp")) and strays() == []


def test_a_module_of_the_working_directory_passes_for_no_library(edition_of_one, of_one):
    """But a notebook may import what lies beside it."""
    for name in ("yaml", "pandas", "socket", "statsmodels", "nbformat"):
        (of_one.root / f"{name}.py").write_text(
            "open('was-executed', 'w').close()\nraise ImportError('not the library')\n"
        )
    assert in_the_background(of_one).wait(timeout=240) == 0
    assert not (of_one.root / "was-executed").exists() and contents(of_one) == edition_of_one

    (of_one.root / "beside.py").write_text("value = 41\n")
    notebook = nbformat.read(of_one.notebook(QUICK), as_version=4)
    notebook.cells.insert(1, new_code_cell("import beside\nassert beside.value == 41", id="beside"))
    nbformat.write(notebook, of_one.notebook(QUICK))
    assert in_the_background(of_one).wait(timeout=240) == 0


@pytest.fixture
def with_a_killer(project):
    """The project with a second study in one language, whose notebook kills its worker."""
    notebook = nbformat.read(project.notebook(QUICK), as_version=4)
    kill = "import psutil\npsutil.Process().parent().parent().kill()\nimport time\ntime.sleep(60)"
    notebook.cells = [notebook.cells[0], new_code_cell(kill, id="killer")]
    nbformat.write(notebook, project.notebook(OTHER))
    project.sidecar(OTHER).write_text(project.sidecar(QUICK).read_text())
    return declare(project, QUICK, OTHER, languages=["en"])


def test_a_run_that_kills_its_worker_is_known_and_the_others_are_made(with_a_killer):
    project = with_a_killer
    outcome = make_edition(project, read_edition(project, 2022), RunOptions(workers=2))
    (failure,) = outcome.failures
    assert f"{OTHER} LT 2022 stopped: its worker was killed" in str(failure) and outcome.sealed is None
    assert outcome.made == 1 and [made.run.study for made in outcome.rendered] == [QUICK]
    assert dict(outcomes(project)) == {f"{QUICK} LT 2022": "finished", f"{OTHER} LT 2022": "failed"}
    assert "its worker was killed" in RunLog(project).entries()[-1]["reason"]
    assert strays() == []


@pytest.fixture
def cluster(tmp_path):
    """A scheduler of dask.distributed and two workers on this machine; its address, and the workers."""
    if importlib.util.find_spec("distributed") is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have dask.distributed: it is in the extra `test`")
        pytest.skip("dask.distributed is not installed")
    where = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    common = ["--no-dashboard", "--scheduler-file", str(where)]
    scheduler = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *common], **quiet
    )
    worker = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        "--nthreads",
        "1",
        "--no-nanny",
        "--host",
        "127.0.0.1",
        *common,
    ]
    workers = [subprocess.Popen(worker, **quiet) for _ in range(2)]
    try:
        wait_until(lambda: where.exists() and where.read_text())  # it is there before anything is in it
        address = yaml.safe_load(where.read_text())["address"]
        with importlib.import_module("distributed").Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def makes_a_run(worker: subprocess.Popen) -> bool:
    """Whether its fork server has a kernel: what the libraries start for a moment, while they are imported, is another program."""
    for server in psutil.Process(worker.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if any(child.cmdline() == server.cmdline() for child in server.children()):
                return True
    return False


def test_a_cluster_makes_the_same_bytes_though_a_worker_is_killed(edition_of_two, of_two, cluster):
    project = of_two
    address, workers = cluster
    main = in_the_background(project, "--scheduler", address)
    making_a_run = []
    wait_until(lambda: making_a_run.extend(filter(makes_a_run, workers)) or making_a_run)
    victim = making_a_run[0]
    family = psutil.Process(victim.pid).children(recursive=True)
    victim.kill()
    assert main.wait(timeout=240) == 0
    assert contents(project) == edition_of_two
    assert not [p for p in psutil.wait_procs(family, timeout=3)[1] if p.status() != psutil.STATUS_ZOMBIE]
    assert sorted(outcomes(project)) == [(f"{study} LT 2022", "finished") for study in (OTHER, QUICK)]


def test_no_scheduler_at_the_address_is_told(project):
    pytest.importorskip("distributed")
    main = subprocess.run(
        [sys.executable, "-m", "workbench", "edition", "2022", "--scheduler", "tcp://127.0.0.1:1"],
        cwd=project.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert main.returncode == 1 and "no scheduler of dask.distributed answers" in main.stderr
    assert outcomes(project) == []
