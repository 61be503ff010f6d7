"""An edition in two languages beside the tools that others would use: the table of ``tests/benchmarks/README.md``.

Needs nothing that the tests do not. Takes half an hour on two cores; ``--only`` takes some of it.
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
from collections.abc import Iterable
from pathlib import Path

import psutil
import yaml

ROOT = Path(__file__).parents[2]
YEAR = 2022
LANGUAGES = ("en", "lt")
COUNTRIES = ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "CH", "IS", "LI", "NO"]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="abdlpsyne", help="which of the measurements, by their letters")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="workbench-render-") as folder:
        measured = Measured(Path(folder))
        steps = {
            "a": measured.plain_commands,
            "b": measured.one_process,
            "d": measured.one_country,
            "l": measured.a_further_language,
            "p": measured.page_from_record,
            "s": measured.sweep,
            "y": measured.changed_style,
            "n": measured.nothing_changed,
            "e": measured.one_edited,
        }
        for letter, step in steps.items():
            if letter in given.only:
                step()


class Measured:
    """Measures in copies of the project and of the package, and prints as it goes."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.studies = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
        self.pages = len(self.studies) * len(LANGUAGES)
        self.seconds: dict[str, float] = {}
        print(
            f"{len(self.studies)} studies, {', '.join(LANGUAGES)}, {YEAR}; {os.cpu_count()} cores, "
            f"load {os.getloadavg()[0]:.1f}",
            flush=True,
        )

    def plain_commands(self) -> None:
        """(a) ``papermill`` and then ``jupyter nbconvert --to html`` for each page of LT."""
        project = self.project("a", ["LT"])

        def run():
            for study in self.studies:
                for language in LANGUAGES:
                    executed = project / "outputs" / f"{study}.{language}.ipynb"
                    given = ["-p", "country", "LT", "-p", "year", str(YEAR), "-p", "language", language]
                    called(
                        [sys.executable, "-m", "papermill", f"notebooks/{study}.ipynb", str(executed), *given], project
                    )
                    called([sys.executable, "-m", "nbconvert", "--to", "html", str(executed)], project)

        self.timed("a", "papermill, then jupyter nbconvert, for each page", run)

    def one_process(self) -> None:
        """(b) papermill in one process, with an exporter that is used again."""
        project = self.project("b", ["LT"])
        code = f"""
import papermill
from nbconvert.exporters import HTMLExporter
exporter = HTMLExporter()
for study in {self.studies!r}:
    for language in {LANGUAGES!r}:
        executed = papermill.execute_notebook(
            f"notebooks/{{study}}.ipynb", f"outputs/{{study}}.ipynb", progress_bar=False,
            parameters={{"country": "LT", "year": {YEAR}, "language": language}})
        page, _ = exporter.from_notebook_node(executed)
        open(f"outputs/{{study}}.{{language}}.html", "w", encoding="utf-8").write(page)
"""
        self.timed(
            "b", "papermill in one process, exporter reused", lambda: called([sys.executable, "-c", code], project)
        )

    def one_country(self) -> None:
        """(d) The whole command for LT: start, plan, runs, pages, sealed archive, site."""
        project = self.project("d", ["LT"])
        self.timed("d", "workbench edition, all cores: sealed, with the site", lambda: edition(project))
        self._to_the_others(self.seconds["d"] / self.pages)

    def a_further_language(self) -> None:
        """(l) Runs and pages of three countries in one language; then the pages in another, from the records."""
        project = self.project("l", ["LT", "DE", "MT"])
        first, _ = edition(project, "--language", LANGUAGES[0], "--shard", "1/1")
        further, _ = edition(project, "--language", LANGUAGES[1], "--shard", "1/1")
        starts, _ = edition(project, "--language", LANGUAGES[1], "--shard", "1/1")
        share = (further - starts) / (first - starts)
        print(
            f"(l) three countries: {first:.1f} s in one language, {further:.1f} s for a further one, {starts:.1f} s for "
            f"nothing: {share:.0%} of the first",
            flush=True,
        )

    def page_from_record(self) -> None:
        """(p) CPU of a page from its record, in a process like a worker that has made others: the studies of LT, in turns."""
        project = self.project("p", ["LT"])
        edition(project)
        code = f"""
import statistics, time
import workbench.editions.preload
from workbench.declarations.indicators import read_indicators
from workbench.editions.pages import edition_note, page_of
from workbench.execution.recorded import read_recorded
from workbench.execution.run_files import RunFiles
from workbench.model.paths import find_project
from workbench.model.types import Run
from workbench.presentation.wording import Wording
project = find_project()
indicators = read_indicators(project)
times = {{}}
for turn in range(4):
    for study in {self.studies!r}:
        for language in {LANGUAGES!r}:
            run = Run(study, "LT", {YEAR})
            begin = time.process_time()
            page_of(project, run, read_recorded(RunFiles(project, run)), Wording(language, indicators),
                    edition_note(project, run, language))
            if turn:
                times.setdefault(study, []).append(time.process_time() - begin)
medians = {{study: statistics.median(of_study) for study, of_study in times.items()}}
print(f"{{statistics.mean(medians.values()):.3f}} s on average: "
      + ", ".join(f"{{study}} {{seconds:.2f}}" for study, seconds in medians.items()))
"""
        print(f"(p) CPU of a page from its record: {called([sys.executable, '-c', code], project).strip()}", flush=True)

    def sweep(self) -> None:
        """(s) All studies for 31 countries in two languages."""
        project = self.project("s", COUNTRIES)
        wall, peak = edition(project, "--shard", "1/1")
        entries = journal(project)
        made = [entry for entry in entries if entry["outcome"] == "finished"]
        # From the begin of the first to the end of the last: the start and the site are not runs.
        steady = at(made[-1]) - min(at(entry) - entry["seconds"] for entry in made)
        pages = len(made) * len(LANGUAGES)
        print(
            f"(s) {len(made)} runs, {pages} pages: {wall:.1f} s in all; {steady / len(made):.3f} s a run, "
            f"{steady / pages:.3f} s a page; {len(entries) - len(made)} failed; parent's peak {peak >> 20} MB",
            flush=True,
        )
        self._to_the_others(steady / pages)

    def changed_style(self) -> None:
        """(y) A changed style over the runs of (s): all pages are made from their records."""
        project = self.made("s")
        style = project / "workbench" / "page" / "templates" / "base.css"
        style.write_text(style.read_text(encoding="utf-8") + "/* changed */\n", encoding="utf-8")
        wall, peak = edition(project, "--shard", "1/1")
        print(f"(y) a changed style, all pages of (s): {wall:.1f} s; parent's peak {peak >> 20} MB", flush=True)

    def nothing_changed(self) -> None:
        """(n) The runs of (s) again."""
        project = self.made("s")
        times = [edition(project, "--shard", "1/1", "--dry-run")[0] for _ in range(3)]
        print(f"(n) {len(COUNTRIES) * len(self.studies)} runs, nothing changed: {statistics.median(times):.2f} s")

    def one_edited(self) -> None:
        """(e) An edited notebook to its new page by ``workbench run``: each study in turn, for their cells differ."""
        project, times = self.project("e", ["LT"]), {}
        for study in self.studies:
            run = [sys.executable, "-m", "workbench", "run", study, "--year", str(YEAR)]
            called(run, project)
            notebook = project / "notebooks" / f"{study}.ipynb"
            notebook.write_text(notebook.read_text(encoding="utf-8").replace("## ", "## Edited: ", 1), encoding="utf-8")
            page = project / "outputs" / str(YEAR) / "LT" / f"{study}.en.html"
            before, begin = page.stat().st_mtime_ns, time.time()
            called(run, project)
            assert page.stat().st_mtime_ns != before
            times[study] = page.stat().st_mtime - begin
        print(
            f"(e) an edited notebook to its page, by workbench run: median {statistics.median(times.values()):.2f} s\n"
            "    " + ", ".join(f"{study} {seconds:.2f}" for study, seconds in times.items()),
            flush=True,
        )

    def project(self, name: str, countries: Iterable[str]) -> Path:
        """A copy of the project, with the package in it, and an edition of these countries."""
        project = self.folder / name
        for part in ("notebooks", "params", "workbench"):
            shutil.copytree(
                ROOT / part, project / part, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
            )
        shutil.copy(ROOT / "requirements.lock", project)
        (project / "outputs").mkdir()
        path = project / "params" / "editions" / f"{YEAR}.yaml"
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        said |= {"countries": list(countries), "studies": self.studies, "languages": list(LANGUAGES)}
        path.write_text(yaml.safe_dump(said), encoding="utf-8")
        return project

    def made(self, name: str) -> Path:
        """A project that an earlier measurement made; made now where that was left out."""
        if not (self.folder / name).exists():
            self.sweep()
        return self.folder / name

    def timed(self, letter: str, name: str, call) -> None:
        begin = time.monotonic()
        call()
        self.seconds[letter] = time.monotonic() - begin
        print(
            f"({letter}) {name}: {self.seconds[letter]:.1f} s, {self.seconds[letter] / self.pages:.2f} s a page",
            flush=True,
        )

    def _to_the_others(self, a_page: float) -> None:
        for letter in self.seconds.keys() & {"a", "b"}:
            print(f"    {self.seconds[letter] / self.pages / a_page:.1f} × ({letter})", flush=True)


def edition(project: Path, *options: str) -> tuple[float, int]:
    """Seconds on the clock, and the most memory of the main process."""
    command = [sys.executable, "-m", "workbench", "edition", str(YEAR), *options]
    begin, peak = time.monotonic(), 0
    with (project / "told").open("w") as told:
        main = psutil.Popen(command, cwd=project, env=environment(project), stdout=told, stderr=told)
        while main.poll() is None:
            with contextlib.suppress(psutil.Error):
                peak = max(peak, main.memory_info().rss)
            time.sleep(0.05)
    return time.monotonic() - begin, peak


def called(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return done.stdout


def environment(project: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(project), os.environ.get("PYTHONPATH", "")])}


def journal(project: Path) -> list[dict]:
    log = project / "outputs" / ".journal" / "runs.jsonl"
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def at(entry: dict) -> float:
    return datetime.datetime.fromisoformat(entry["at"]).timestamp()


if __name__ == "__main__":
    main()
