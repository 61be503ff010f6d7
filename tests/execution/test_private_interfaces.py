"""What the package uses of libraries that they do not document: each test fails when a library changes it."""

import asyncio
import multiprocessing
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import psutil
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

from workbench.execution import private_interfaces


def printed(code: str) -> list[str]:
    """The lines that code prints in a process of its own: it changes what holds for a whole process."""
    code = f"import multiprocessing, os\nfrom workbench.execution import private_interfaces\n{code}"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    ).stdout.split()


def test_the_processes_of_a_pool_are_its_workers():
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        pid = pool.submit(os.getpid).result()
        assert pid in [process.pid for process in private_interfaces.pool_processes(pool)]
    assert private_interfaces.pool_processes(pool) == []


def test_a_broken_pool_has_processes_or_none():
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    with pytest.raises(BrokenProcessPool):
        pool.submit(os._exit, 1).result()
    assert isinstance(private_interfaces.pool_processes(pool), list)
    pool.shutdown()


START = "from multiprocessing import forkserver\nforkserver.ensure_running()\n"


@pytest.mark.skipif(sys.platform != "linux", reason="a fork server is used on Linux only")
@pytest.mark.parametrize("function", ["stop_forkserver", "kill_forkserver"])
def test_the_fork_server_of_multiprocessing_ends(function):
    """Or at once, without waiting; and where there is none, nothing happens."""
    code = f"""
private_interfaces.{function}()
{START}
import psutil
servers = [p for p in psutil.Process().children() if "forkserver" in " ".join(p.cmdline())]
print(len(servers))
private_interfaces.{function}()
print(len(psutil.wait_procs(servers, timeout=5)[1]))
"""
    assert printed(code) == ["1", "0"]


def test_a_fork_server_that_was_waited_for_can_be_stopped():
    code = f"""
{START}
private_interfaces.kill_forkserver()
os.waitpid(-1, 0)
private_interfaces.stop_forkserver()
print("stopped")
"""
    assert printed(code) == ["stopped"]


def test_files_of_multiprocessing_are_named(tmp_path):
    code = f"""
from multiprocessing import util
private_interfaces.name_multiprocessing_files({str(tmp_path)!r}, semaphores="/named-here")
semaphore = multiprocessing.get_context("spawn").Lock()
print(util.get_temp_dir(), private_interfaces.multiprocessing_folder(), semaphore._semlock.name.rpartition("-")[0])
"""
    assert printed(code) == [str(tmp_path), str(tmp_path), "/named-here"]


def test_the_resource_tracker_is_a_child():
    code = """
from multiprocessing import resource_tracker
import psutil
print(private_interfaces.resource_tracker_pid())
resource_tracker.ensure_running()
print(psutil.Process(private_interfaces.resource_tracker_pid()).ppid() == os.getpid())
"""
    assert printed(code) == ["None", "True"]


def test_exit_functions_are_forgotten_and_run():
    code = """
import atexit
atexit.register(print, "forgotten", flush=True)
private_interfaces.forget_exit_functions()
atexit.register(print, "run", flush=True)
private_interfaces.run_exit_functions()
os._exit(0)
"""
    assert printed(code) == ["run"]


class Client(private_interfaces.KernelHooks, NotebookClient):
    """Ends its kernel while the first cell runs, and notes the calls of its hooks."""

    def __init__(self, notebook, is_impatient):
        super().__init__(notebook, kernel_name="python3")
        self.calls, self._is_impatient = [], is_impatient

    async def watch_kernel(self):
        self.calls.append("watch")
        if not self._is_impatient:
            await asyncio.sleep(60)
        await self.km.shutdown_kernel(now=True)

    async def end_kernel(self):
        self.calls.append("end")
        assert self.kc is not None, "the channels are still open"


def test_a_client_watches_its_kernel_beside_a_cell_and_ends_it():
    client = Client(new_notebook(cells=[new_code_cell("1 + 1"), new_code_cell("2 + 2")]), is_impatient=False)
    with client.setup_kernel():
        client.execute_cell(client.nb.cells[0], 0)
        client.execute_cell(client.nb.cells[1], 1)
        pid = client.km.provisioner.pid
    assert client.calls == ["watch", "watch", "end"]
    assert client.nb.cells[1].outputs[0].data["text/plain"] == "4"
    assert client.kc is None and not psutil.pid_exists(pid), "the library's own clean-up follows"


def test_a_cell_ends_when_the_watch_says_that_its_kernel_has():
    client = Client(new_notebook(cells=[new_code_cell("import time; time.sleep(60)")]), is_impatient=True)
    began = time.monotonic()
    with client.setup_kernel(), pytest.raises(DeadKernelError):
        client.execute_cell(client.nb.cells[0], 0)
    assert time.monotonic() - began < 30 and client.calls == ["watch", "end"]
