"""Two long trials of editions: 2,000 trivial runs, and 30 random kills after each of which the same bytes come out.

``python tests/benchmarks/reliability.py runs [N]`` and ``… kills [N]``. Takes about half an hour on two cores.
"""

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
import yaml

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from workbench.declarations.editions import RunLimits
from workbench.editions.perform import perform
from workbench.editions.workers import PRELOAD
from workbench.execution.local_pool import LocalPool, cores
from workbench.model.errors import FailedRun
from workbench.model.paths import Project
from workbench.model.types import Run

YEAR, STUDIES = 2022, 4


def trivial(root: Path) -> str | None:
    """One run of a notebook that computes next to nothing; the reason if it failed."""
    from workbench.execution.notebook import execute

    try:
        execute(Project(root), Run("trivial", "LT", YEAR), RunLimits(), root / "outputs" / "connections")
    except FailedRun as failure:
        # It publishes nothing, and so leaves no record: that is how a run of it ends that went well.
        return None if "left no record" in str(failure) else str(failure)
    return "it did not say that it left no record"


def many_runs(number: int) -> None:
    with tempfile.TemporaryDirectory(prefix="workbench-reliability-") as folder:
        root = copied(Path(folder))
        cells = [nbformat.v4.new_code_cell(f"{n} + {n}", id=f"cell-{n}") for n in range(3)]
        parameters = "country = 'LT'\nyear = 2022\nlanguage = 'en'"
        cells.insert(0, nbformat.v4.new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}))
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), root / "notebooks" / "trivial.ipynb")
        begin = time.monotonic()
        with LocalPool(cores(), PRELOAD, perform) as workers:
            failures = list(filter(None, workers.map(trivial, [(root,)] * number)))
        print(f"{number} trivial runs in {time.monotonic() - begin:.0f} s: {len(failures)} failed; {left_behind(root)}")
        print(*dict.fromkeys(failures), sep="\n")


def kills(number: int) -> None:
    """Editions in which a kernel, a worker, the server of the workers or the main process is killed at a random moment."""
    chance = random.Random(YEAR)
    with tempfile.TemporaryDirectory(prefix="workbench-reliability-") as folder:
        expected = edition(copied(Path(folder) / "undisturbed"))
        for count in range(1, number + 1):
            root = copied(Path(folder) / f"killed{count}")
            what = ("kernel", "worker", "main")[count % 3]
            code, told = disturbed(root, what, chance)
            again = edition(root)
            same = "the same bytes" if again == expected else "OTHER BYTES"
            print(
                f"{count:3} {what} killed {told}, ended with {code}; run again: {same}; {left_behind(root)}", flush=True
            )
            shutil.rmtree(root)


def disturbed(root: Path, what: str, chance: random.Random) -> tuple[int, str]:
    main = started(root)
    begin = time.monotonic()
    moment = chance.uniform(3, 9)
    victim = None
    while main.poll() is None:
        time.sleep(0.01)
        if time.monotonic() - begin > moment and (victim := chosen(main, what, chance)):
            with contextlib.suppress(psutil.Error):
                victim.send_signal(signal.SIGKILL)
            break
    main.wait()
    time.sleep(1)  # what died with it is gone
    return main.returncode, f"after {time.monotonic() - begin - 1:.1f} s" if victim else "too late"


def chosen(main: psutil.Popen, what: str, chance: random.Random) -> psutil.Process | None:
    with contextlib.suppress(psutil.Error):
        servers = [child for child in main.children() if "forkserver" in " ".join(child.cmdline())]
        workers = [worker for server in servers for worker in server.children()]
        kernels = [k for worker in workers for zygote in worker.children() for k in zygote.children()]
        found = {"main": [main], "worker": workers, "kernel": kernels}[what]
        return chance.choice(found) if found else None
    return None


def edition(root: Path) -> str:
    """Make an edition to its end; a digest of all that is published."""
    main = started(root)
    if main.wait():
        print((root / "told").read_text())
    outputs = root / "outputs"
    files = [path for path in sorted(outputs.rglob("*")) if path.is_file() and ".journal" not in path.parts]
    said = [(str(path.relative_to(outputs)), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def left_behind(root: Path) -> str:
    """Stray processes of this trial, and files that are none of an edition's."""
    mine = [
        process for process in psutil.process_iter(["ppid", "cmdline", "status", "create_time"])
        if process.info["ppid"] == 1 and process.info["status"] != psutil.STATUS_ZOMBIE
        and process.info["create_time"] > root.stat().st_ctime - 60
        and any("workbench" in part or "forkserver" in part for part in process.info["cmdline"] or [])
    ]  # fmt: skip
    files = [
        path for path in root.rglob("*")
        if path.suffix == ".tmp" or path.name.startswith(".sealing-") or path.parent.name.startswith("connections")
    ]  # fmt: skip
    for process in mine:
        print("   ", process.info)
    return f"{len(mine)} stray processes, {len(files)} stray files"


def started(root: Path) -> psutil.Popen:
    command = [sys.executable, "-m", "workbench", "edition", str(YEAR)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    with (root / "told").open("w") as told:
        return psutil.Popen(command, cwd=root, env=environment, stdout=told, stderr=subprocess.STDOUT)


def copied(root: Path) -> Path:
    """The project with an edition of a few runs."""
    for part in ("notebooks", "params"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copy(ROOT / "requirements.lock", root)
    (root / "outputs").mkdir()
    path = root / "params" / "editions" / f"{YEAR}.yaml"
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(said | {"studies": said["studies"][:STUDIES], "countries": ["LT", "LV", "EE"]}))
    return root


if __name__ == "__main__":
    number = int(sys.argv[2]) if len(sys.argv) > 2 else None
    if sys.argv[1] == "runs":
        many_runs(number or 2000)
    else:
        kills(number or 30)
