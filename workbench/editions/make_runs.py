"""Some runs of an edition are made, each as a task, and what became of each is noted in the run log."""

import sys
from dataclasses import dataclass

from tqdm import tqdm

from workbench.editions.cleanup import clean_up, clear_own_connections
from workbench.editions.plan import PlannedRun, checked_again
from workbench.editions.workers import Workers
from workbench.execution.run_log import RunLog
from workbench.execution.task import Outcome
from workbench.model.paths import Project
from workbench.model.types import Run


@dataclass
class Progress:
    """How far an edition is: how many of the runs to make have been made or have failed."""

    of: int = 0
    made: int = 0
    failed: int = 0

    def __str__(self) -> str:
        if not self.of:
            return "no run was started"
        failed = f", {self.failed} failed" if self.failed else ""
        unsealed = ", the edition is not sealed" if self.made + self.failed == self.of else ""
        return f"{self.made} of {self.of} finished{failed}{unsealed}"


def make_runs(
    project: Project, planned: list[PlannedRun], workers: Workers, progress: Progress, show_progress: bool
) -> list[Outcome]:
    """Make runs and note what became of each as it ends; the outcomes are in the order of the plan."""
    if not planned:
        return []
    clean_up(project, [one.run for one in planned])
    # Runs that read most take longest and start first: else one worker makes the last while the others are idle.
    longest_first = sorted(planned, key=lambda one: (not one.reasons, -len(one.inputs)))
    tasks = [one.task(project) for one in longest_first]
    outcomes: dict[str, Outcome] = {}
    progress.of = len(tasks)
    try:
        with tqdm(total=len(tasks), desc="runs", unit="run", file=sys.stderr, disable=not show_progress) as bar:
            for outcome in workers.perform(tasks):
                _note(project, outcome, progress)
                outcomes[str(outcome.run)] = outcome
                bar.update()
    except KeyboardInterrupt:
        in_work = workers.kill()
        _note_interrupted(project, [one for one in planned if str(one.run) not in outcomes], in_work, progress)
        clean_up(project, [one.run for one in planned])
        raise
    finally:
        clear_own_connections(project)
    return [outcomes[str(one.run)] for one in planned]


def _note(project: Project, outcome: Outcome, progress: Progress) -> None:
    run_log = RunLog(project)
    if outcome.failure:
        run_log.note_failure(outcome.run, outcome.failure)
        progress.failed += 1
    else:
        run_log.note_success(outcome.run, outcome.seconds, outcome.peak_memory, outcome.left_behind)
        progress.made += 1


def _note_interrupted(project: Project, unreported: list[PlannedRun], in_work: list[Run], progress: Progress) -> None:
    """Note the runs that workers were making when they were killed: some were finished, but not reported yet."""
    run_log = RunLog(project)
    for one in unreported:
        if checked_again(project, one).is_up_to_date:
            run_log.note_interrupted(one.run, is_made=True)
            progress.made += 1
        elif one.run in in_work:
            run_log.note_interrupted(one.run)
