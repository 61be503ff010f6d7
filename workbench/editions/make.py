"""An edition: its runs are planned, those that are not up to date are made, all are sealed, and the catalogue lists them."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tqdm import tqdm

from workbench.declarations.editions import Edition
from workbench.editions.cleanup import clean_up, clear_own_connections
from workbench.editions.perform import perform, perform_elsewhere
from workbench.editions.plan import PlannedRun, checked_again, plan, resolve_here, shard
from workbench.editions.up_to_date import UpToDate
from workbench.execution.local_pool import LocalPool, cores
from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import RunLog
from workbench.execution.task import Outcome, Task, left_behind_message
from workbench.model.errors import FailedRun, InconsistentResult, WorkbenchError
from workbench.model.paths import Project
from workbench.model.types import Run, Sealed

PRELOAD = "workbench.editions.preload"


@dataclass(frozen=True)
class EditionOutcome:
    """What became of an edition.

    Attributes
    ----------
    rendered : list of RenderedRun
        The runs whose files are there, made now or before.
    made : int
        How many were made now.
    failures : list of WorkbenchError
        Of runs, and of the edition as a whole.
    warnings : list of str
        Of runs that were made.
    sealed : Sealed or None
        The archive, if the edition is complete.
    """

    rendered: list[RunFiles]
    made: int
    failures: list[WorkbenchError]
    warnings: list[str]
    sealed: Sealed | None


@dataclass(frozen=True)
class RunOptions:
    """In which way an edition is made; its bytes are the same in every way.

    Attributes
    ----------
    workers : int
        Processes on this machine; as many as it has cores by default.
    scheduler : str or None
        Address of a scheduler of dask.distributed, to run on its cluster instead.
    shard : (int, int) or None
        ``(i, n)``: only the i-th of n parts, which is not sealed. When all parts have been made, the edition is.
    progress : bool
        Whether to show a bar of the runs on standard error.
    """

    workers: int | None = None
    scheduler: str | None = None
    shard: tuple[int, int] | None = None
    progress: bool = False


def make_edition(project: Project, edition: Edition, way: RunOptions = RunOptions()) -> EditionOutcome:
    """Make what is not up to date of an edition, then seal it.

    A run that fails does not stop the others; but an edition with a failure is not sealed. An edition that was
    interrupted goes on where it stopped.

    Raises
    ------
    RefusedRun
        If a run of it cannot be made; nothing has run then.
    KeyboardInterrupt
        If it was stopped: saying how far it is. No process of it works any more then.
    """
    progress = _Progress()
    try:
        with _Workers(way.workers or cores()) as workers:
            return _made(project, edition, way, workers, progress)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"{progress}; the same command goes on") from None


def _made(
    project: Project, edition: Edition, way: RunOptions, workers: "_Workers", progress: "_Progress"
) -> EditionOutcome:
    planned = plan(project, edition, workers.resolve)
    part = shard(planned, *way.shard) if way.shard else planned
    settled = UpToDate.of(project, edition, planned)
    if settled and not way.shard:
        return EditionOutcome([RunFiles(project, one.run) for one in planned], 0, [], [], settled.sealed)
    outcomes = _make(project, [one for one in part if not one.is_up_to_date], way, workers, progress)
    failures = [outcome for outcome in outcomes if outcome.failure]
    failed = {str(outcome.run) for outcome in failures}
    rendered = [RunFiles(project, one.run) for one in part if str(one.run) not in failed]
    complaints = [FailedRun(outcome.failure) for outcome in failures] + _languages_that_differ(project, part, failed)
    if not complaints and not way.shard:
        complaints = workers.call(_contradictions, project, edition, rendered)
    is_complete = not complaints and not way.shard
    sealed, changed = workers.call(_finish, project, edition, rendered, is_complete)
    complaints += changed
    if sealed:
        UpToDate.note(project, edition, plan(project, edition, resolve_here), sealed)
    warnings = [left_behind_message(outcome.run, outcome.left_behind) for outcome in outcomes if outcome.left_behind]
    return EditionOutcome(rendered, len(outcomes) - len(failures), complaints, warnings, sealed)


@dataclass
class _Progress:
    """How far an edition is: how many of the runs that are to be made have been, or have failed."""

    of: int = 0
    made: int = 0
    failed: int = 0

    def __str__(self):
        if not self.of:
            return "no run was begun"
        failed = f", {self.failed} failed" if self.failed else ""
        unsealed = ", the edition is not sealed" if self.made + self.failed == self.of else ""
        return f"{self.made} of {self.of} finished{failed}{unsealed}"


class _Workers:
    """Workers of this machine that are there once something is to do: what is up to date needs none."""

    def __init__(self, number: int):
        self._number, self._local = number, None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self._local:
            self._local.__exit__(*error)

    def resolve(self, asked: list) -> list:
        return self.local.map(_resolve, asked) if asked else []

    def call(self, function, *arguments):
        return self.local.call(function, *arguments)

    def kill(self) -> list[Run]:
        return self._local.kill() if self._local else []

    @property
    def local(self) -> LocalPool:
        if self._local is None:
            self._local = LocalPool(self._number, PRELOAD, perform).__enter__()
        return self._local


def _resolve(*asked):
    return resolve_here([asked])[0]


def _contradictions(project: Project, edition: Edition, rendered: list[RunFiles]) -> list[WorkbenchError]:
    # Here and not above, as below.
    from workbench.declarations.indicators import read_indicators
    from workbench.editions.consistency import contradictions

    return contradictions(rendered, read_indicators(project), edition.vintages)


def _finish(*arguments):
    # Here and not above: workers have imported it, this process need not.
    from workbench.editions.seal import finish

    return finish(*arguments)


def _make(
    project: Project, planned: list[PlannedRun], way: RunOptions, workers: _Workers, progress: _Progress
) -> list[Outcome]:
    """Make runs and note what became of each, as it ends."""
    if not planned:
        return []
    runs = [one.run for one in planned]
    clean_up(project, runs)
    # What reads most takes long, and is begun first: else one worker ends with it while the others have nothing to do.
    longest_first = sorted(planned, key=lambda one: -len(one.inputs))
    tasks = [Task(project.root, one.run, one.inputs, one.selection) for one in longest_first]
    outcomes, progress.of = {}, len(tasks)
    try:
        with tqdm(total=len(tasks), desc="runs", unit="run", file=sys.stderr, disable=not way.progress) as bar:
            for outcome in _performed(tasks, way, workers):
                _note(project, outcome, progress)
                outcomes[str(outcome.run)] = outcome
                bar.update()
    except KeyboardInterrupt:
        making = workers.kill()
        _note_interrupted(project, [one for one in planned if str(one.run) not in outcomes], making, progress)
        clean_up(project, runs)
        raise
    finally:
        clear_own_connections(project)
    # They are told in the order of the plan, whichever came first.
    return [outcomes[str(run)] for run in runs]


def _note(project: Project, outcome: Outcome, progress: _Progress) -> None:
    journal = RunLog(project)
    if outcome.failure:
        journal.note_failure(outcome.run, outcome.failure)
        progress.failed += 1
    else:
        journal.note_success(outcome.run, outcome.seconds, outcome.peak_memory, outcome.left_behind)
        progress.made += 1


def _note_interrupted(project: Project, untold: list[PlannedRun], making: list[Run], progress: _Progress) -> None:
    """Note runs that workers were making when they were killed: some may have been made, and had no time to tell of it."""
    journal = RunLog(project)
    for one in untold:
        if checked_again(project, one).is_up_to_date:
            journal.note_interrupted(one.run, is_made=True)
            progress.made += 1
        elif one.run in making:
            journal.note_interrupted(one.run)


def _performed(tasks: Iterable[Task], way: RunOptions, workers: _Workers) -> Iterator[Outcome]:
    if not way.scheduler:
        return workers.local.perform(tasks)
    # Here and not above: an optional library.
    from workbench.execution.dask_cluster import perform_on_cluster

    return perform_on_cluster(way.scheduler, perform_elsewhere, tasks)


def _languages_that_differ(project: Project, planned: list[PlannedRun], failed: set[str]) -> list[InconsistentResult]:
    """The numbers of a study are the same in every language, or something is wrong with the study."""
    journal, by_study = RunLog(project), defaultdict(list)
    for one in planned:
        if str(one.run) not in failed:
            by_study[one.run.study, one.run.country].append(RunFiles(project, one.run))
    return [
        InconsistentResult(
            f"{study} {country}: the languages do not show the same numbers",
            where=f"{first.run.language} and {other.run.language}",
            found=_first_difference(first, other),
            unchanged="the edition was not sealed",
            hint="let nothing that is computed depend on the language",
        )
        for (study, country), (first, *others) in by_study.items()
        for other in others
        if journal.state(first.run).results != journal.state(other.run).results
    ]


def _first_difference(first: RunFiles, other: RunFiles) -> str:
    lines = [{*map(repr, made.record.results), *map(repr, made.record.headlines)} for made in (first, other)]
    return min(lines[0] ^ lines[1], default="the same headlines in another order")
