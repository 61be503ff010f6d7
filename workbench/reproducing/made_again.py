"""Studies are made in a project that was unpacked, by code that was unpacked: a process of its own, without network."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from workbench.model.errors import FailedRun
from workbench.model.paths import Project
from workbench.model.types import Run

_OFFLINE = Path(__file__).with_name("offline")
_REMAKE = "from workbench.reproducing.remake import main; main()"
_ENDS_WITHIN = 2


def made_again(
    project: Project, code: Path, asked: Sequence[tuple[Run, Sequence[str]]], status: str, workers: int, named: str
) -> Iterator[tuple[Run, str | None]]:
    """Have some code make runs of one edition; each as it ends, with why it was not made.

    Parameters
    ----------
    project : Project
        Holds all that they are made from.
    code : Path
        The folder in which the package lies.
    asked : sequence of (Run, sequence of str)
        The runs, each with the languages of its pages; without any, only its record is made.
    status : str
        Of its pages.
    workers : int
        Processes.
    named : str
        Whose studies they are, as an error names them.

    Raises
    ------
    FailedRun
        If the code refuses the runs, or stops before all of them were made.
    """
    wanted = {
        "root": str(project.root),
        "edition": asked[0][0].edition,
        "workers": workers,
        "status": status,
        "runs": [
            {"study": run.study, "country": run.country, "year": run.year, "languages": languages}
            for run, languages in asked
        ],
    }
    by_name = {(run.study, run.country): run for run, _ in asked}
    with tempfile.TemporaryFile() as complaints, _remaking(project, code, complaints.fileno()) as process:
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(wanted))
        process.stdin.close()
        for line in process.stdout:
            said = json.loads(line)
            if "refused" in said:
                raise FailedRun(f"the studies of {named} cannot be made again\n  because: {said['refused']}")
            yield by_name.pop((said["study"], said["country"])), said["failure"]
        if process.wait() or by_name:
            complaints.seek(0)
            last = complaints.read().decode(errors="replace").strip().splitlines()[-1:]
            raise _stopped(named, process.returncode, *last)


@contextmanager
def _remaking(project: Project, code: Path, complaints: int) -> Iterator[subprocess.Popen]:
    """The process that makes studies by that code; when it is no longer wanted, it ends with all below it."""
    path = [str(_OFFLINE), str(code), os.environ.get("PYTHONPATH", "")]
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _REMAKE],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, text=True, encoding="utf-8",
        cwd=project.root, env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, path))},
        start_new_session=True,  # the terminal's Ctrl-C is for this process to handle
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _stopped(named: str, code: int, found: str = "nothing was said") -> FailedRun:
    return FailedRun(
        f"the code of {named} stopped before all of its studies were made again",
        expected="the packages of its requirements.lock, or ones that work alike",
        found=f"exit code {code}: {found}",
        unchanged="the archive, which was only read",
        hint="install the packages of its requirements.lock: docs/how-to/reproduce.md",
    )
