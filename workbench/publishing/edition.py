"""An edition: its runs are planned, those that are not up to date are made, all are sealed, and the catalogue lists them."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tqdm import tqdm

from workbench.declarations.editions import Edition
from workbench.model.errors import FailedRun, InconsistentResult, WorkbenchError
from workbench.model.paths import Project
from workbench.model.words import Sealed
from workbench.publishing.leftovers import clear_leftovers, clear_own_connections
from workbench.publishing.planning import PlannedRun, plan, resolve_here, shard
from workbench.publishing.settled import Settled
from workbench.rendering.journal import Journal
from workbench.rendering.rendered import RenderedRun
from workbench.rendering.tasks import Outcome, Task
from workbench.rendering.workers import LocalWorkers, cores

PRELOADED = "workbench.publishing.preloaded"


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
    sealed : Sealed or None
        The archive, if the edition is complete.
    """

    rendered: list[RenderedRun]
    made: int
    failures: list[WorkbenchError]
    sealed: Sealed | None


@dataclass(frozen=True)
class Way:
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


def make_edition(project: Project, edition: Edition, way: Way = Way()) -> EditionOutcome:
    """Make what is not up to date of an edition, then seal it.

    A run that fails does not stop the others; but an edition with a failure is not sealed. An edition that was
    interrupted goes on where it stopped.

    Raises
    ------
    RefusedRun
        If a run of it cannot be made; nothing has run then.
    """
    workers = _Workers(way.workers or cores())
    with workers:
        planned = plan(project, edition, workers.resolve)
        part = shard(planned, *way.shard) if way.shard else planned
        settled = Settled.of(project, edition, planned)
        if settled and not way.shard:
            return EditionOutcome([RenderedRun(project, one.run) for one in planned], 0, [], settled.sealed)
        failures = _make(project, [one for one in part if not one.is_up_to_date], way, workers)
        failed = {str(outcome.run) for outcome in failures}
        rendered = [RenderedRun(project, one.run) for one in part if str(one.run) not in failed]
        complaints = [FailedRun(outcome.failure) for outcome in failures] + _languages_that_differ(project, part, failed)
        is_complete = not complaints and not way.shard
        sealed, changed = workers.call(_finish, project, edition, rendered, is_complete)
        complaints += changed
        if sealed:
            Settled.note(project, edition, plan(project, edition, resolve_here), sealed)
    made = sum(not one.is_up_to_date for one in part) - len(failures)
    return EditionOutcome(rendered, made, complaints, sealed)


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

    @property
    def local(self) -> LocalWorkers:
        if self._local is None:
            self._local = LocalWorkers(self._number, PRELOADED).__enter__()
        return self._local


def _resolve(*asked):
    return resolve_here([asked])[0]


def _finish(*arguments):
    # Here and not above: workers have imported it, this process need not.
    from workbench.publishing.finishing import finish

    return finish(*arguments)


def _make(project: Project, planned: list[PlannedRun], way: Way, workers: _Workers) -> list[Outcome]:
    """Make runs, note what became of each, and give the failures."""
    if not planned:
        return []
    clear_leftovers(project, [one.run for one in planned])
    # What reads most takes long, and is begun first: else one worker ends with it while the others have nothing to do.
    longest_first = sorted(planned, key=lambda one: -len(one.inputs))
    tasks = [Task(project.root, one.run, one.inputs, one.choice) for one in longest_first]
    journal, failures = Journal(project), []
    with tqdm(total=len(tasks), desc="runs", unit="run", file=sys.stderr, disable=not way.progress) as bar:
        for outcome in _performed(tasks, way, workers):
            bar.update()
            if outcome.failure:
                journal.note_failure(outcome.run, outcome.failure)
                failures.append(outcome)
            else:
                journal.note_success(outcome.run, outcome.seconds, outcome.peak_memory)
    clear_own_connections(project)
    # Failures are told in the order of the plan, whichever came first.
    order = {str(one.run): position for position, one in enumerate(planned)}
    return sorted(failures, key=lambda outcome: order[str(outcome.run)])


def _performed(tasks: Iterable[Task], way: Way, workers: _Workers) -> Iterator[Outcome]:
    if not way.scheduler:
        return workers.local.perform(tasks)
    # Here and not above: an optional library.
    from workbench.rendering.cluster import perform_on_cluster

    return perform_on_cluster(way.scheduler, tasks)


def _languages_that_differ(project: Project, planned: list[PlannedRun], failed: set[str]) -> list[InconsistentResult]:
    """The numbers of a study are the same in every language, or something is wrong with the study."""
    journal, by_study = Journal(project), defaultdict(list)
    for one in planned:
        if str(one.run) not in failed:
            by_study[one.run.study, one.run.country].append(RenderedRun(project, one.run))
    return [
        InconsistentResult(
            f"{study} {country}: the languages do not show the same numbers",
            where=f"{first.run.language} and {other.run.language}",
            found=_first_difference(first, other),
            untouched="the edition was not sealed",
            remedy="let nothing that is computed depend on the language",
        )
        for (study, country), (first, *others) in by_study.items()
        for other in others
        if journal.state(first.run).results != journal.state(other.run).results
    ]


def _first_difference(first: RenderedRun, other: RenderedRun) -> str:
    lines = [{*map(repr, made.record.results), *map(repr, made.record.headlines)} for made in (first, other)]
    return min(lines[0] ^ lines[1], default="the same headlines in another order")
