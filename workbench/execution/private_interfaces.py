"""What the package uses of libraries that they do not document: each once, with the versions it was read from.

`pyproject.toml` has upper bounds for these libraries, and ``tests/execution/test_private_interfaces.py`` fails when one
of them changes what is used here. Nothing heavy is imported: a plan of an edition needs this module too.
"""

import atexit
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import forkserver, resource_tracker
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbclient import NotebookClient
else:
    NotebookClient = object


# The standard library, CPython 3.11 to 3.14


def pool_processes(pool: ProcessPoolExecutor) -> list[BaseProcess]:
    """The workers of a pool that live; none once it was shut down or is broken.

    `concurrent.futures.process.ProcessPoolExecutor._processes`: process id to process, or None.
    """
    return list((pool._processes or {}).values())


def kill_forkserver() -> None:
    """Kill the server that multiprocessing forks from, if it runs.

    `multiprocessing.forkserver.ForkServer._forkserver_pid`.
    """
    if pid := forkserver._forkserver._forkserver_pid:  # type: ignore[attr-defined]
        os.kill(pid, signal.SIGKILL)


def stop_forkserver() -> None:
    """Have the server that multiprocessing forks from end, wait for it, and remove its socket.

    `multiprocessing.forkserver.ForkServer._stop`, which the tests of CPython use.
    """
    with suppress(ChildProcessError):  # somebody has waited for it before
        forkserver._forkserver._stop()  # type: ignore[attr-defined]


def name_multiprocessing_files(folder: str, semaphores: str) -> None:
    """Set the folder of multiprocessing's sockets, and the beginning of the names of its semaphores.

    `multiprocessing.process.BaseProcess._config`: a dictionary that child processes inherit.
    """
    _config().update(tempdir=folder, semprefix=semaphores)


def multiprocessing_folder() -> str:
    """The folder that was set by `name_multiprocessing_files`."""
    return _config()["tempdir"]


def _config() -> dict[str, Any]:
    return multiprocessing.current_process()._config  # type: ignore[attr-defined]


def resource_tracker_pid() -> int | None:
    """The process that clears up after multiprocessing, if it was started by this one or inherited.

    `multiprocessing.resource_tracker.ResourceTracker._pid`.
    """
    return resource_tracker._resource_tracker._pid  # type: ignore[attr-defined]


def forget_exit_functions() -> None:
    """Forget what was registered by `atexit`: in a forked process it is its parent's to call. `atexit._clear`."""
    atexit._clear()


def run_exit_functions() -> None:
    """Call what was registered by `atexit`, for a process that ends by `os._exit`. `atexit._run_exitfuncs`."""
    atexit._run_exitfuncs()


# nbclient 0.10 and 0.11


class KernelHooks(NotebookClient):
    """Mixed in before a `nbclient.NotebookClient`: public names for what it does with its kernel behind the scenes.

    `NotebookClient.async_execute_cell` runs `_async_poll_kernel_alive` beside each cell and cancels it after the cell;
    what it waits for is `task_poll_for_reply`. `_async_cleanup_kernel` ends the kernel; `_cleanup_kernel`, the same for
    code that is not asynchronous, is bound to the base class's method and must be replaced with it.
    """

    async def clean_up_kernel(self) -> None:
        """End the kernel and close the client's channels."""
        await self._async_cleanup_kernel()

    async def watch_kernel(self) -> None:
        """Watch the kernel while a cell runs; to return is to say that it has ended."""
        raise NotImplementedError

    async def end_kernel(self) -> None:
        """End the kernel, before the client closes its channels."""
        raise NotImplementedError

    async def _async_poll_kernel_alive(self) -> None:
        await self.watch_kernel()
        assert self.task_poll_for_reply is not None
        self.task_poll_for_reply.cancel()

    async def _async_cleanup_kernel(self) -> None:
        await self.end_kernel()
        await super()._async_cleanup_kernel()

    def _cleanup_kernel(self) -> None:
        # Here and not above: only who has a kernel needs it.
        from jupyter_core.utils import run_sync

        run_sync(self._async_cleanup_kernel)()
