"""An edition: its runs are planned, those that are not up to date are made, all are sealed, and the site lists them."""

from dataclasses import dataclass

from workbench.declarations.editions import Edition
from workbench.editions.made_up import made_up_studies
from workbench.editions.make_runs import Progress, make_runs
from workbench.editions.newest_years import left_out, note_newest_years
from workbench.editions.plan import plan, resolve_here, shard
from workbench.editions.unprinted import unprinted
from workbench.editions.unresolved_reviews import unresolved_reviews
from workbench.editions.up_to_date import archive_up_to_date, note_archive
from workbench.editions.workers import Workers
from workbench.execution.local_pool import cores
from workbench.execution.run_files import RunFiles
from workbench.execution.task import left_behind_message
from workbench.model.errors import FailedRun, WorkbenchError
from workbench.model.paths import Project
from workbench.model.types import Sealed


@dataclass(frozen=True)
class EditionOutcome:
    """What became of an edition.

    Attributes
    ----------
    rendered : list of RunFiles
        The runs that have their files, whether made now or before.
    executed, made : int
        How many were executed now, and how many were made now, executed or from their records.
    failures : list of WorkbenchError
        Failures of runs, and of the edition as a whole.
    warnings : list of str
        Warnings about runs that were made, and about studies that were left out.
    sealed : Sealed or None
        The archive, if the edition is complete.
    """

    rendered: list[RunFiles]
    executed: int
    made: int
    failures: list[WorkbenchError]
    warnings: list[str]
    sealed: Sealed | None


@dataclass(frozen=True)
class RunOptions:
    """How an edition is made; its bytes are the same with all options.

    Attributes
    ----------
    workers : int
        Processes on this machine; by default as many as it has cores.
    scheduler : str or None
        Address of a scheduler of dask.distributed, to run on its cluster instead.
    shard : (int, int) or None
        ``(i, n)``: only the i-th of n parts, which is not sealed. The edition is sealed once all parts have been made.
    progress : bool
        Whether to show a progress bar of the runs on standard error.
    is_draft : bool
        Whether it is sealed as a draft, whatever its reviewers still want changed.
    """

    workers: int | None = None
    scheduler: str | None = None
    shard: tuple[int, int] | None = None
    progress: bool = False
    is_draft: bool = False


def make_edition(project: Project, edition: Edition, options: RunOptions = RunOptions()) -> EditionOutcome:
    """Make what is not up to date in an edition, then seal it.

    A run that fails does not stop the others, but an edition with a failure is not sealed. An edition that was
    interrupted is continued where it stopped.

    Raises
    ------
    RefusedRun
        If one of its runs cannot be made; nothing has run then.
    KeyboardInterrupt
        If it was stopped, with how far it got. None of its processes is working then.
    """
    progress = Progress()
    try:
        with Workers(options.workers or cores(), options.scheduler) as workers:
            return _made(project, edition, options, workers, progress)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"{progress}; the same command continues") from None


def _made(
    project: Project, edition: Edition, options: RunOptions, workers: Workers, progress: Progress
) -> EditionOutcome:
    if edition.year is None:
        note_newest_years(project, edition)
    planned = plan(project, edition, workers.resolve)
    missed = [*left_out(project, edition), *unprinted(project, edition.studies)]
    archive = None if options.shard else archive_up_to_date(project, edition, planned, options.is_draft)
    if archive:
        return EditionOutcome([RunFiles(project, one.run) for one in planned], 0, 0, [], missed, archive)
    part = shard(planned, *options.shard) if options.shard else planned
    outcomes = make_runs(project, [one for one in part if not one.is_up_to_date], workers, progress, options.progress)
    failed = {str(outcome.run): outcome.failure for outcome in outcomes if outcome.failure}
    rendered = [RunFiles(project, one.run) for one in part if str(one.run) not in failed]
    failures: list[WorkbenchError] = [FailedRun(failure) for failure in failed.values()]
    if not failures and not options.shard:
        failures += workers.call(_contradictions, project, edition, rendered)
        failures += [] if options.is_draft else _not_final(project, edition, rendered)
    is_complete = not failures and not options.shard
    sealed, changes = workers.call(_finish, project, edition, rendered, is_complete, options.is_draft)
    if sealed:
        note_archive(project, edition, plan(project, edition, resolve_here), sealed, options.is_draft)
    warnings = [left_behind_message(outcome.run, outcome.left_behind) for outcome in outcomes if outcome.left_behind]
    executed = sum(outcome.is_executed for outcome in outcomes)
    made = len(outcomes) - len(failed)
    return EditionOutcome(rendered, executed, made, [*failures, *changes], [*missed, *warnings], sealed)


def _contradictions(project: Project, edition: Edition, rendered: list[RunFiles]) -> list[WorkbenchError]:
    # Imported here and not above: workers have imported it, and this process need not.
    from workbench.declarations.indicators import read_indicators
    from workbench.editions.consistency import contradictions

    return contradictions(rendered, read_indicators(project), edition.vintages)


def _not_final(project: Project, edition: Edition, rendered: list[RunFiles]) -> list[WorkbenchError]:
    """Why an edition may be sealed as a draft alone."""
    return [*unresolved_reviews(project, edition), *made_up_studies(project, edition, rendered)]


def _finish(
    project: Project, edition: Edition, rendered: list[RunFiles], is_complete: bool, is_draft: bool
) -> tuple[Sealed | None, list[FailedRun]]:
    # Imported here and not above, as before.
    from workbench.editions.seal import finish
    from workbench.page.status import DRAFT, SEALED

    return finish(project, edition, rendered, is_complete, DRAFT if is_draft else SEALED)
