"""A file read in a process of its own, which dies if it takes too long or too much memory."""

import datetime
import multiprocessing
import os
import resource
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.forkserver import ensure_running
from pathlib import Path

import pytest

from workbench.data.cards import Origin
from workbench.data.formats.containers import unpacked
from workbench.data.formats.native import open_native
from workbench.data.snapshots import SnapshotStore
from workbench.execution.private_interfaces import stop_forkserver
from workbench.model.errors import WorkbenchError

SECONDS = 20
"""Of the processor, so that a busy machine makes no difference."""
_MOST_ADDRESSED = 6 << 30
_PATIENCE = 120
_SERVER = multiprocessing.get_context("forkserver")


@pytest.fixture(scope="module", autouse=True)
def own_server() -> Iterator[None]:
    """A process has one server to fork from: it is ended for tests that need another, before these and after them."""
    stop_forkserver()
    _SERVER.set_forkserver_preload(["bounded_reading"])
    with pytest.MonkeyPatch.context() as patched:
        # It looks for modules where Python does, not where pytest does; what it does not find, each process would import.
        patched.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
        ensure_running()
    yield
    stop_forkserver()


@dataclass(frozen=True)
class Outcome:
    """What came of reading a file: the error that a user would see, or what was wrong; and the largest memory in megabytes."""

    error: str
    trouble: str
    memory: int


def read_bounded(path: Path, store: Path) -> Outcome:
    """Bring a file into a store of snapshots, as an import does."""
    receiving, sending = _SERVER.Pipe(duplex=False)
    process = _SERVER.Process(target=_read, args=(path, store, sending))
    process.start()
    sending.close()
    try:
        if receiving.poll(_PATIENCE):
            return receiving.recv()
    except EOFError:
        process.join()
        return Outcome("", f"the process ended with {process.exitcode}", 0)
    finally:
        process.kill()
        process.join()
    return Outcome("", f"it took more than {_PATIENCE} seconds", 0)


def _read(path: Path, store: Path, sending) -> None:
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    resource.setrlimit(resource.RLIMIT_CPU, (int(used) + SECONDS,) * 2)
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_ADDRESSED,) * 2)
    error, trouble = "", "it was stored"
    try:
        with unpacked(path) as file:
            origin = Origin("made_up", "Made up", "none", "2025-01-01")
            SnapshotStore([store]).add(open_native(file), "made_up", datetime.date(2025, 1, 1), origin)
    except WorkbenchError as refused:
        error, trouble = str(refused), ""
        if not (refused.expected and refused.found and refused.where and refused.hint):
            trouble = "the error does not say what was expected, found, where, or what to do"
    except Exception:  # noqa: BLE001, for the test to show
        trouble = traceback.format_exc()
    sending.send(Outcome(error, trouble, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
