"""Warm kernels: forked, separate, gone with their owner; one that dies or takes too much is reported with its cell."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.metadata import entry_points

import nbformat
import papermill
import psutil
import pytest
from jupyter_client.manager import KernelManager
from nbformat.v4 import new_code_cell, new_notebook

from workbench.declarations.editions import RunLimits
from workbench.execution.kernels import forked_kernel
from workbench.execution.kernels.papermill_engine import WarmEngine
from workbench.execution.kernels.provisioner import WarmProvisioner
from workbench.execution.notebook import execute
from workbench.model.errors import FailedRun
from workbench.model.types import Run
from workbench.resolving.parameters import resolve

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")]

TELL = """
import json, os, random, sys, numpy
print(json.dumps({
    "pid": os.getpid(), "parent": os.getppid(), "session": os.getsid(0), "folder": os.getcwd(),
    "random": [random.random(), numpy.random.random()], "marked": hasattr(numpy, "mark"),
    "was imported": "workbench.study" in sys.modules, "BLAS": os.environ["OPENBLAS_NUM_THREADS"],
    "instructions": numpy.show_config(mode="dicts")["SIMD Extensions"]["found"],
}))
numpy.mark = True
"""


def started(folder, **environment):
    manager = KernelManager(kernel_name="python3")
    manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": "warm"}
    manager.start_kernel(cwd=str(folder), env={**os.environ, **environment})
    return manager


def told(manager) -> dict:
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    heard = []
    client.execute_interactive(TELL, output_hook=lambda m: heard.append(m["content"].get("text", "")), timeout=60)
    client.stop_channels()
    return json.loads("".join(heard))


def has_avx512(kernel: dict) -> bool:
    return any(name.startswith(("AVX512", "X86_V4")) for name in kernel["instructions"])


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def wait_until(condition, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_the_extension_points_are_those_of_jupyter_and_papermill():
    (provisioner,) = entry_points(group="jupyter_client.kernel_provisioners", name="warm")
    (engine,) = entry_points(group="papermill.engine", name="warm")
    assert provisioner.load() is WarmProvisioner and engine.load() is WarmEngine
    assert papermill.engines.papermill_engines.get_engine("warm") is WarmEngine


def test_kernels_are_forked_and_share_nothing(tmp_path):
    managers = [started(tmp_path) for _ in range(2)]
    connections = [manager.get_connection_info() for manager in managers]
    one, other = map(told, managers)
    server = forked_kernel.current_fork_server()
    try:
        assert one["parent"] == other["parent"] == server.pid, "both are children of the fork server"
        assert one["was imported"] and not one["marked"] and not other["marked"]
        assert one["random"] != other["random"] and len(set(one["random"] + other["random"])) == 4
        assert one["session"] == one["pid"] != other["pid"] and one["folder"] == str(tmp_path) and one["BLAS"] == "1"
        assert not has_avx512(one), "the same numbers on every processor"
        assert connections[0]["key"] != connections[1]["key"] and connections[0] != connections[1]
    finally:
        for manager in managers:
            manager.shutdown_kernel(now=True)
    assert not any(psutil.pid_exists(kernel["pid"]) for kernel in (one, other)), "no zombie is left of a kernel"
    forked_kernel.close_fork_servers()
    assert not psutil.pid_exists(one["parent"])


@pytest.mark.parametrize("reason", ["two threads in the server", "another start", "another system"])
def test_where_it_cannot_be_forked_the_ordinary_kernel_serves(tmp_path, monkeypatch, reason):
    environment = {}
    if reason == "another start":
        environment = {"PYTHONHASHSEED": "7"}
    elif reason == "another system":
        monkeypatch.setattr(forked_kernel.sys, "platform", "darwin")
    else:
        forked_kernel.close_fork_servers()
        monkeypatch.setattr(forked_kernel.fork_server, "STACK", ())
        monkeypatch.setattr(forked_kernel, "start_new", _server_with_a_thread)
    manager = started(tmp_path, **environment)
    kernel = told(manager)
    manager.shutdown_kernel(now=True)
    forked_kernel.close_fork_servers()
    assert kernel["parent"] == os.getpid() and kernel["BLAS"] == "1" and not has_avx512(kernel)


def _server_with_a_thread(theirs, environment, modules):
    code = (
        "import sys, threading, time; threading.Thread(target=time.sleep, args=[60], daemon=True).start()\n"
        "from workbench.execution.kernels import fork_server; fork_server.STACK = (); fork_server.main()"
    )
    command = [sys.executable, "-c", code, str(theirs.fileno())]
    return subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()])


def test_a_fork_server_of_an_older_package_is_not_used():
    before = forked_kernel.current_fork_server()
    before._modified -= 1
    after = forked_kernel.current_fork_server()
    assert after is not before and before._process.poll() is not None
    forked_kernel.close_fork_servers()


@pytest.mark.parametrize("killed", ["owner", "server"])
def test_the_parent_dies_and_the_children_go(tmp_path, killed):
    code = f"""
import sys, time
sys.path.insert(0, {os.path.dirname(__file__)!r})
from test_warm_kernels import started, told
print(__import__("json").dumps(told(started({str(tmp_path)!r}))), flush=True)
time.sleep(60)
"""
    owner = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        kernel = json.loads(owner.stdout.readline())
        assert is_running(kernel["pid"]) and is_running(kernel["parent"])
        os.kill(owner.pid if killed == "owner" else kernel["parent"], signal.SIGKILL)
        wait_until(lambda: not is_running(kernel["pid"]) and not is_running(kernel["parent"]), seconds=2)
    finally:
        owner.kill()
        owner.communicate()


@pytest.fixture
def run_of(project):
    """Executes a notebook with one cell of code between two harmless ones; gives its failure and how late it came."""
    moment = project.root / "moment"

    def executed(code: str, limits: RunLimits = RunLimits(seconds=30)):  # noqa: B008
        code = f"import pathlib, time\npathlib.Path({str(moment)!r}).write_text(str(time.time()))\n{code}"
        cells = [
            new_code_cell("country = 'LT'", id="parameters", metadata={"tags": ["parameters"]}),
            new_code_cell("1 + 1", id="before"),
            new_code_cell(code, id="broken-cell"),
            new_code_cell("2 + 2", id="after"),
        ]
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(new_notebook(cells=cells, metadata=metadata), project.notebook("made_up"))
        with pytest.raises(FailedRun) as failure:
            execute(project, Run("made_up", "LT", 2022), limits, project.outputs / "connections")
        return str(failure.value), time.time() - float(moment.read_text())

    yield executed
    assert not list((project.outputs / "connections").iterdir()), "no file of a connection is left"
    assert not psutil.Process(forked_kernel.current_fork_server().pid).children(), "no kernel is left"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "was ended by SIGKILL, as the system does"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "was ended by SIGSEGV"),
        ("import os; os._exit(0)", "the kernel ended with 0"),
        ("import ctypes; ctypes.string_at(0)", "was ended by SIGSEGV"),
    ],
)
def test_a_dead_kernel_is_noticed_and_named_with_its_cell(run_of, code, reason):
    failure, late = run_of(code)
    assert reason in failure and "made_up.ipynb, cell broken-cell" in failure and late < 2


@pytest.mark.parametrize(
    "code", ["time.sleep(60)", "while True: pass", "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"]
)
def test_a_stuck_kernel_is_stopped_at_the_limit_of_time(run_of, code):
    failure, late = run_of(code, RunLimits(seconds=2))
    assert "ran for longer than the limit of 2 seconds" in failure and "cell broken-cell" in failure
    assert late < 2 + 2


def test_a_kernel_over_the_limit_of_memory_is_stopped(run_of):
    failure, late = run_of("held = bytearray(800 << 20)\ntime.sleep(60)", RunLimits(memory_mb=600))
    assert "more than the limit of 600 MB" in failure and "cell broken-cell" in failure and late < 2


def test_the_memory_of_what_a_cell_starts_counts(run_of):
    child = "held = bytearray(800 << 20); import time; time.sleep(60)"
    code = f"import subprocess, sys\nsubprocess.run(['setsid', sys.executable, '-c', {child!r}])"
    failure, late = run_of(code, RunLimits(memory_mb=700))
    assert "more than the limit of 700 MB" in failure and "cell broken-cell" in failure and late < 5


@pytest.mark.parametrize("kernel", ["forked", "ordinary"])
def test_what_a_notebook_leaves_behind_is_ended_with_its_kernel(project, monkeypatch, kernel):
    """Also where kernels are not forked."""
    if kernel == "ordinary":

        def refused(*_asked):
            raise forked_kernel.NoFork("as on another system")

        monkeypatch.setattr("workbench.execution.kernels.provisioner.fork_kernel", refused)
    source = project.notebook("temporary_protection")
    notebook = nbformat.read(source, as_version=4)
    code = "import subprocess\nsubprocess.Popen(['sleep', '601'])\nsubprocess.Popen(['sleep', '602'], start_new_session=True)"
    helper = "subprocess.Popen(['sh', '-c', f'while kill -0 {__import__(\"os\").getpid()}; do sleep 0.01; done'])"
    notebook.cells.insert(1, new_code_cell(f"{code}\n{helper}", id="leaves"))
    nbformat.write(notebook, source)
    run = resolve(project, "temporary_protection", {})
    executed = execute(project, run, RunLimits(), project.outputs / "connections")
    assert executed.left_behind == ("sleep 601", "sleep 602"), "a helper that ends with the kernel is not named"
    running = [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
    assert not {"sleep 601", "sleep 602"} & set(running)
    forked_kernel.close_fork_servers()


@pytest.mark.parametrize("is_ready", [True, False])
def test_a_fork_server_ends_silently_with_its_owner(is_ready):
    """Also while it imports: what it says of itself then is never read."""
    code = f"""
from workbench.execution.kernels import forked_kernel
server = forked_kernel.current_fork_server()
{"server._await_ready()" if is_ready else ""}
print(server.pid, flush=True)
__import__("os")._exit(0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    wait_until(lambda: not is_running(int(done.stdout)), seconds=30)
    assert done.stderr == ""


def loaded_by(project, study: str, *cells: str) -> tuple[set[str], int]:
    """What is loaded in the kernel of a study with more cells of code before any of them has run, of what may only be loaded
    for them; and the process that the kernel was forked from."""
    found = project.root / "found"
    tell = f"import os, sys\nopen({str(found)!r}, 'w').write(f'{{os.getppid()}} {{\" \".join(sys.modules)}}')\n1 / 0"
    notebook = nbformat.read(project.notebook(study), as_version=4)
    at = next(at for at, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
    notebook.cells.insert(at + 1, new_code_cell(tell, id="tell"))
    notebook.cells += [new_code_cell(code, id=f"more-{number}") for number, code in enumerate(cells)]
    nbformat.write(notebook, project.notebook("made_up"))
    with pytest.raises(FailedRun, match="ZeroDivisionError"):
        execute(project, Run("made_up", "LT", 2022), RunLimits(), project.outputs / "connections")
    server, *modules = found.read_text().split()
    return {"statsmodels", "seaborn", "patsy", "beside"} & set(modules), int(server)


def test_a_notebook_has_in_its_kernel_what_it_imports_and_not_what_others_do(project):
    """So a study that forecasts does not wait for the library of it, and the others stay as light as they are."""
    (project.root / "beside.py").write_text("may = 'be edited while the fork server lives'\n")
    unread = "%matplotlib inline\nimport seaborn"
    statistical, server = loaded_by(project, "outlook", unread, "import no_such_library, beside")
    plain, other = loaded_by(project, "annual_overview", unread)
    assert statistical == {"statsmodels", "patsy"} and plain == set()
    servers = forked_kernel.current_fork_server(["statsmodels.api"]).pid, forked_kernel.current_fork_server().pid
    assert (server, other) == servers and len(set(servers)) == 2
    forked_kernel.close_fork_servers()
    assert not any(map(psutil.pid_exists, servers))


def test_a_kernel_of_jupyterlab_has_what_its_notebook_imports(project):
    """JupyterLab tells a kernel which notebook it is for, and no more."""
    manager = started(project.root, JPY_SESSION_NAME=str(project.notebook("outlook")))
    try:
        assert told(manager)["parent"] == forked_kernel.current_fork_server(["workbench.study.forecasts"]).pid
    finally:
        manager.shutdown_kernel(now=True)
        forked_kernel.close_fork_servers()


def test_plain_papermill_can_use_the_engine(project, tmp_path):
    executed = tmp_path / "executed.ipynb"
    source = new_notebook(cells=[new_code_cell("import sys\n'workbench.study' in sys.modules", id="cell")])
    source.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(source, tmp_path / "source.ipynb")
    command = [sys.executable, "-m", "papermill", "--engine", "warm", str(tmp_path / "source.ipynb"), str(executed)]
    subprocess.run(command, cwd=project.root, check=True, capture_output=True)
    (cell,) = nbformat.read(executed, 4).cells
    assert cell.outputs[0].data["text/plain"] == "True"
