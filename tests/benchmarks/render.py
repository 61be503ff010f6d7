"""An edition beside the tools that others would use: the table of ``tests/benchmarks/README.md``, on this machine.

Needs nothing that the tests do not. Takes a quarter of an hour on two cores.
"""

import argparse
import contextlib
import datetime
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import yaml

ROOT = Path(__file__).parents[2]
YEAR = 2022
STUDIES, FEW, MANY = 8, 16, 216


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", default="en")
    parser.add_argument("--only", default="abcdnxs", help="which of the measurements, by their letters")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="workbench-render-") as folder:
        measured = Measured(Path(folder), given.language)
        if "a" in given.only:
            measured.plain_commands()
        if "b" in given.only:
            measured.one_process()
        if "c" in given.only:
            measured.edition("c", "workbench, one worker", "--workers", "1")
        if "d" in given.only:
            measured.edition("d", "workbench, all cores")
        if "x" in given.only:
            measured.pure_cells()
        if "s" in given.only:
            measured.many_runs()
        if "n" in given.only:
            measured.one_edited()


class Measured:
    """Measures in a copy of the project, and prints as it goes."""

    def __init__(self, folder: Path, language: str):
        self.folder, self.language = folder, language
        written = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
        self.studies = names_of(written, max(STUDIES, len(written)))
        self.runs = len(self.studies)
        self.seconds: dict[str, float] = {}
        print(
            f"{self.runs} studies ({len(written)} written, the others copies) of LT {YEAR} in {language}, "
            f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True
        )  # fmt: skip

    def plain_commands(self) -> None:
        """(a) ``papermill`` and then ``jupyter nbconvert --to html``, one study after the other."""
        project = self.project("a")

        def run():
            for study in self.studies:
                executed = project / "outputs" / f"{study}.ipynb"
                parameters = ["-p", "country", "LT", "-p", "year", str(YEAR), "-p", "language", self.language]
                called(
                    [sys.executable, "-m", "papermill", f"notebooks/{study}.ipynb", str(executed), *parameters], project
                )
                called([sys.executable, "-m", "nbconvert", "--to", "html", str(executed)], project)

        self.timed("a", "papermill, then jupyter nbconvert", run)

    def one_process(self) -> None:
        """(b) papermill in one process, with an exporter that is used again."""
        project = self.project("b")
        code = f"""
import papermill
from nbconvert.exporters import HTMLExporter
exporter = HTMLExporter()
for study in {self.studies!r}:
    executed = papermill.execute_notebook(
        f"notebooks/{{study}}.ipynb", f"outputs/{{study}}.ipynb", progress_bar=False,
        parameters={{"country": "LT", "year": {YEAR}, "language": {self.language!r}}})
    page, _ = exporter.from_notebook_node(executed)
    open(f"outputs/{{study}}.html", "w", encoding="utf-8").write(page)
"""
        self.timed(
            "b", "papermill in one process, exporter reused", lambda: called([sys.executable, "-c", code], project)
        )

    def edition(self, letter: str, name: str, *options: str) -> None:
        """(c), (d) The whole command: start, plan, runs, sealed archive, catalogue."""
        project = self.project(letter)
        self.timed(letter, f"{name}: sealed, with the catalogue", lambda: edition(project, *options))
        entries = journal(project)
        assert len(entries) == self.runs and all(entry["outcome"] == "finished" for entry in entries)
        if "a" in self.seconds and "b" in self.seconds:
            mine = self.seconds[letter]
            print(f"    {self.seconds['a'] / mine:.1f} × (a), {self.seconds['b'] / mine:.1f} × (b)", flush=True)

    def pure_cells(self) -> None:
        """The CPU time of the cells in a warm interpreter, beside what a run costs when there are many."""
        project = self.project("x")
        code = f"""
import json, os, time
os.environ["MPLBACKEND"] = "agg"
studies = {self.studies!r}
cells = {{study: ["".join(cell["source"]) for cell in json.load(open(f"notebooks/{{study}}.ipynb"))["cells"]
                 if cell["cell_type"] == "code"] for study in studies}}
def run(study):
    names = {{}}
    for number, cell in enumerate(cells[study]):
        exec(cell, names)
        if number == 0:
            names |= {{"country": "LT", "year": {YEAR}, "language": {self.language!r}}}
for study in studies:
    run(study)
times = []
for _ in range(3):
    begin = time.process_time()
    for study in studies:
        run(study)
    times.append(time.process_time() - begin)
print(sorted(times)[1])
"""
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self.cells = float(called([sys.executable, "-c", code], project, environment)) / self.runs
        print(f"cells and drawing in a warm interpreter: {self.cells:.2f} s CPU a run", flush=True)

    def many_runs(self) -> None:
        """Cost a run from 16 to 216 runs; 216 up to date; memory of the parent."""
        walls = {}
        for number in (FEW, MANY):
            project = self.project(f"s{number}", number)
            wall, peak = edition(project)
            entries = journal(project)
            made = [entry for entry in entries if entry["outcome"] == "finished"]
            # From the begin of the first to the end of the last: the start, the archive and the catalogue are not runs.
            steady = (at(made[-1]) - min(at(entry) - entry["seconds"] for entry in made)) / len(made)
            walls[number] = steady
            print(
                f"{len(made)} runs: {wall:.1f} s in all, {steady:.3f} s a run; parent's peak {peak >> 20} MB; "
                f"{len(entries) - len(made)} failed", flush=True
            )  # fmt: skip
            if hasattr(self, "cells"):
                print(f"    wall × cores / cells' CPU: {steady * os.cpu_count() / self.cells:.2f}", flush=True)
        print(f"    cost a run, {MANY} to {FEW}: {walls[MANY] / walls[FEW]:.2f}", flush=True)
        times = [edition(project)[0] for _ in range(3)]
        print(f"{MANY} runs, nothing changed: {statistics.median(times):.2f} s", flush=True)

    def one_edited(self) -> None:
        """An edited notebook to its new page: each study in turn, for their cells differ."""
        project, times = self.project("n"), {}
        for study in self.studies:
            run = [sys.executable, "-m", "workbench", "run", study, "--year", str(YEAR), "--language", self.language]
            called(run, project)
            notebook = project / "notebooks" / f"{study}.ipynb"
            notebook.write_text(notebook.read_text(encoding="utf-8").replace("## ", "## Edited: ", 1), encoding="utf-8")
            page = project / "outputs" / str(YEAR) / "LT" / f"{study}.{self.language}.html"
            before, begin = page.stat().st_mtime_ns, time.time()
            called(run, project)
            assert page.stat().st_mtime_ns != before
            times[study] = page.stat().st_mtime - begin
        print(
            f"one edited notebook to its new page, by workbench run: median {statistics.median(times.values()):.2f} s"
        )
        print("    " + ", ".join(f"{study} {seconds:.2f}" for study, seconds in times.items()), flush=True)

    def project(self, name: str, runs: int | None = None) -> Path:
        project = self.folder / name
        for part in ("notebooks", "params"):
            shutil.copytree(ROOT / part, project / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        shutil.copy(ROOT / "requirements.lock", project)
        (project / "outputs").mkdir()
        declare(project, names_of(self.studies, runs or self.runs), self.language)
        return project

    def timed(self, letter: str, name: str, call) -> None:
        begin = time.monotonic()
        call()
        self.seconds[letter] = time.monotonic() - begin
        print(
            f"({letter}) {name}: {self.seconds[letter]:.1f} s, {self.seconds[letter] / self.runs:.2f} s a run",
            flush=True,
        )


def names_of(studies: list[str], number: int) -> list[str]:
    """So many studies: those there are, then copies of them in turn."""
    return [studies[n % len(studies)] + f"_copy{n // len(studies)}" * (n >= len(studies)) for n in range(number)]


def declare(project: Path, names: list[str], language: str) -> None:
    """An edition of these studies for LT; copies are made where a name asks for one."""
    for name in names:
        for folder, suffix in {"notebooks": ".ipynb", "params/studies": ".yaml"}.items():
            file = project / folder / f"{name}{suffix}"
            if not file.exists():
                shutil.copy(project / folder / f"{name.partition('_copy')[0]}{suffix}", file)
    path = project / "params" / "editions" / f"{YEAR}.yaml"
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    said |= {"countries": ["LT"], "studies": names, "languages": [language]}
    path.write_text(yaml.safe_dump(said), encoding="utf-8")


def edition(project: Path, *options: str) -> tuple[float, int]:
    """Seconds on the clock, and the most memory of the main process."""
    command = [sys.executable, "-m", "workbench", "edition", str(YEAR), *options]
    begin, peak = time.monotonic(), 0
    with (project / "told").open("w") as told:
        main = psutil.Popen(command, cwd=project, env=environment(), stdout=told, stderr=told)
        while main.poll() is None:
            with contextlib.suppress(psutil.Error):
                peak = max(peak, main.memory_info().rss)
            time.sleep(0.05)
    return time.monotonic() - begin, peak


def called(command: list[str], folder: Path, environ=None) -> str:
    done = subprocess.run(
        command, cwd=folder, env=environ or environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return done.stdout


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


def journal(project: Path) -> list[dict]:
    log = project / "outputs" / ".journal" / "runs.jsonl"
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def at(entry: dict) -> float:
    return datetime.datetime.fromisoformat(entry["at"]).timestamp()


if __name__ == "__main__":
    main()
