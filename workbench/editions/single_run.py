"""A single run: always made, as a draft, and listed on the site."""

import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from workbench.editions.cleanup import clean_up
from workbench.editions.plan import planned_run
from workbench.editions.render import render
from workbench.editions.seal import exclusive
from workbench.editions.unprinted import unprinted
from workbench.execution.fingerprint import Fingerprints
from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import RunLog
from workbench.execution.task import left_behind_message
from workbench.model.errors import WorkbenchError
from workbench.model.paths import Project
from workbench.resolving.parameters import language_of, resolve, together
from workbench.site.build import write_site


def render_alone(
    project: Project,
    study: str,
    given: Mapping[str, Any],
    others: Iterable[str] = (),
    warn: Callable[[WorkbenchError | str], None] = lambda reason: warnings.warn(str(reason), stacklevel=2),
) -> tuple[RunFiles, str]:
    """Execute one run, whether or not it is up to date, render it in one language, and write the site.

    Parameters
    ----------
    project : Project
        The project of the study.
    study : str
        Stem of notebook and sidecar.
    given : mapping
        Parameters by name.
    others : iterable of str
        The study's own parameters as on the command line: ``neighbours=LV,EE``.
    warn : callable
        Called with each reason why no edition would publish it, and with the processes that it left behind, if any.

    Returns
    -------
    RunFiles, str
        The run, and the language.

    Raises
    ------
    RefusedRun, FailedRun, UnboundNumber
        As `workbench.resolving.parameters.resolve` and `workbench.editions.render.render`.
    """
    given = together(project, study, given, others)
    run, language = resolve(project, study, given), language_of(project, study, given)
    digests, run_log = Fingerprints(project), RunLog(project)
    # With parameters of its own the run is not the one that an edition makes, and its selection is not noted.
    selection = digests.of_selection(run) if not others else ""
    clean_up(project, [run])
    try:
        task = planned_run(project, digests, run, [language], selection, state=None).task(project)
        effort = render(project, task, progress=True, is_alone=True)
    except WorkbenchError as failure:
        run_log.note_failure(run, str(failure))
        raise
    except KeyboardInterrupt:
        run_log.note_interrupted(run)
        raise
    run_log.note_success(run, effort.seconds, effort.peak_memory, effort.left_behind)
    for reason in effort.warnings:
        warn(reason)
    for missing in unprinted(project, [study]):
        warn(missing)
    if effort.left_behind:
        warn(left_behind_message(run, effort.left_behind))
    with exclusive(project):
        write_site(project)
    return RunFiles(project, run), language
