"""Commands of the workbench, each in a process of its own, forked from one that has the libraries loaded: loading them takes
longer than a refusal, and a hundred refusals are tested."""

import atexit
import gc
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from subprocess import CompletedProcess
from typing import Self

LOADED = (
    "workbench.archiving", "workbench.checking.check", "workbench.cli", "workbench.collecting.code_lists", "workbench.collecting.fetch",
    "workbench.collecting.overview", "workbench.collecting.trial", "workbench.comparing.report", "workbench.editions.single_run",
    "workbench.execution.stopping", "workbench.presentation.messages", "workbench.preview.serve",
    "workbench.revisions.report", "workbench.scaffolding.study",
)  # fmt: skip
PATIENCE = 120
"""Seconds after which a command is killed."""


class Commands:
    """Runs commands. Use it as a context manager."""

    def __init__(self, folder: Path):
        self._out, self._err = folder / "stdout", folder / "stderr"

    def __enter__(self) -> Self:
        self._server = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_) -> None:
        self._server.communicate()

    def run(self, *words: str, cwd: Path) -> CompletedProcess:
        """Run ``workbench`` with some words in a folder, as `subprocess.run` does."""
        asked = {"words": words, "folder": str(cwd), "out": str(self._out), "err": str(self._err)}
        print(json.dumps(asked), file=self._server.stdin, flush=True)
        code = int(self._server.stdout.readline())
        return CompletedProcess(words, code, *(path.read_text(encoding="utf-8") for path in (self._out, self._err)))


def serve() -> None:
    """Fork a process for each command that standard input names, and tell the code that it ends with."""
    for module in LOADED:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # or each process would look through all of it at its end
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            become(**json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def become(words: list[str], folder: str, out: str, err: str) -> None:
    """Be the command; its end is that of the process."""
    os.chdir(folder)
    for number, path in ((sys.stdin.fileno(), os.devnull), (1, out), (2, err)):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC), number)
    signal.alarm(PATIENCE)
    sys.argv = ["workbench", *words]
    try:
        runpy.run_module("workbench", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        leave(end.code)
    except BaseException:  # noqa: BLE001, what the interpreter would show
        traceback.print_exc()
        leave(1)
    leave(0)


def leave(code: object) -> None:
    """End as the interpreter does, but for taking apart what was loaded beforehand, which takes longer than the command."""
    threading._shutdown()
    atexit._run_exitfuncs()
    if isinstance(code, str):
        print(code, file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    serve()
