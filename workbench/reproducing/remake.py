"""The part of a reproduction that runs by the code of the archive: it makes runs in a project, and tells what became of each.

What it is asked is a JSON object on standard input, and it answers in lines of JSON on standard output; these two are all
that the version of the workbench that asks and the one that answers must have in common.
"""

import json
import sys
from pathlib import Path
from typing import Any

from workbench.editions.plan import planned_run
from workbench.editions.sealed_files import mark_sealed
from workbench.editions.workers import Workers
from workbench.execution.fingerprint import Fingerprints
from workbench.execution.prctl import end_with_parent
from workbench.execution.run_files import RunFiles
from workbench.execution.stopping import heed_signals
from workbench.execution.task import Task
from workbench.model.errors import WorkbenchError
from workbench.model.paths import Project
from workbench.page.status import SEALED


def main() -> None:
    """Make what standard input asks for: ``{"root", "edition", "workers", "status", "runs": [{"study", "country", "year", "languages"}]}``.

    A line for each run that ends: ``{"study", "country", "failure"}``; or one that says why there is none: ``{"refused"}``.
    """
    heed_signals()
    end_with_parent()
    asked = json.load(sys.stdin)
    try:
        _make(
            Project(Path(asked["root"])), asked["edition"], asked["runs"], asked["workers"], asked["status"] == SEALED
        )
    except WorkbenchError as error:
        _tell(refused=str(error))


def _make(project: Project, edition: str, asked: list[dict[str, Any]], workers: int, is_sealed: bool) -> None:
    digests = Fingerprints(project)
    languages = {(one["study"], one["country"]): one["languages"] for one in asked}
    with Workers(workers, scheduler=None) as pool:
        given = [(project, one["study"], {"country": one["country"], "year": one["year"]}, edition) for one in asked]
        tasks = [
            planned_run(project, digests, run, languages[run.study, run.country], "", state=None).task(project)
            for run in pool.resolve(given)
        ]
        for outcome in pool.perform(sorted(tasks, key=_longest_first)):
            run = outcome.run
            if is_sealed and not outcome.failure:
                mark_sealed(RunFiles(project, run), languages[run.study, run.country])
            _tell(study=run.study, country=run.country, failure=outcome.failure)


def _longest_first(task: Task) -> int:
    """Runs that read most take longest."""
    return -len(task.inputs)


def _tell(**said: str | None) -> None:
    print(json.dumps(said), flush=True)
