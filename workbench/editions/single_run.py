"""One run by itself: always made, as a draft, and listed in the catalogue."""

import warnings
from collections.abc import Callable, Iterable, Mapping

from workbench.editions.cleanup import clean_up
from workbench.editions.render import render
from workbench.editions.seal import alone
from workbench.execution.fingerprint import Fingerprints
from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import RunLog
from workbench.execution.task import left_behind_message
from workbench.model.errors import RefusedRun, WorkbenchError
from workbench.model.paths import Project
from workbench.site.build import write_catalogue
from workbench.study.parameters import parse_parameter, resolve


def render_alone(
    project: Project,
    study: str,
    given: Mapping,
    others: Iterable[str] = (),
    warn: Callable[[WorkbenchError | str], None] = lambda reason: warnings.warn(str(reason), stacklevel=2),
) -> RunFiles:
    """Render one run, whether or not it is up to date, and write the catalogue.

    Parameters
    ----------
    project : Project
        Where the study is declared.
    study : str
        Stem of notebook and sidecar.
    given : mapping
        Parameters by name.
    others : iterable of str
        Parameters of the study's own as a command line has them: ``neighbours=LV,EE``.
    warn : callable
        Called with each reason why no edition would publish it, and with the processes that it left behind.

    Raises
    ------
    RefusedRun, FailedRun, UnboundNumber
        As `workbench.study.parameters.resolve` and `workbench.editions.render.render`.
    """
    given = _together(project, study, given, others)
    run = resolve(project, study, given)
    digests, journal = Fingerprints(project), RunLog(project)
    # The choice is noted as an edition makes it; with parameters of its own the run is another to an edition.
    selection = digests.of_selection(study, {"country": run.country, "year": run.year, "language": run.language})
    clean_up(project, [run])
    try:
        effort = render(project, run, digests.of(run), selection if not others else "", progress=True, is_alone=True)
    except WorkbenchError as failure:
        journal.note_failure(run, str(failure))
        raise
    except KeyboardInterrupt:
        journal.note_interrupted(run)
        raise
    journal.note_success(run, effort.seconds, effort.peak_memory, effort.left_behind)
    for reason in effort.warnings:
        warn(reason)
    if effort.left_behind:
        warn(left_behind_message(run, effort.left_behind))
    with alone(project):
        write_catalogue(project)
    return RunFiles(project, run)


def _together(project: Project, study: str, given: Mapping, others: Iterable[str]) -> dict:
    """The parameters as they were given in either way; none in two."""
    said = dict(given)
    for other in others:
        name, separator, text = other.partition("=")
        if not separator:
            raise _refusal(study, "a parameter without a value", "NAME=VALUE", name)
        value = parse_parameter(project, study, name, text)
        if said.setdefault(name, value) != value:
            raise _refusal(study, f"{name} is given twice, and not alike", f"one {name}", f"{said[name]} and {value}")
    return said


def _refusal(study: str, what: str, expected: str, found: str) -> RefusedRun:
    return RefusedRun(
        f"{study}: {what}",
        expected=expected,
        found=found,
        unchanged="nothing was run and nothing was written",
        hint="say each parameter once: --country, --year, --language, and -p for the study's own",
    )
