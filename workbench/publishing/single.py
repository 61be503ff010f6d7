"""One run by itself: always made, as a draft, and listed in the catalogue."""

import sys
from collections.abc import Iterable, Mapping

from workbench.model.errors import RefusedRun, WorkbenchError
from workbench.model.paths import Project
from workbench.publishing.catalogue import write_catalogue
from workbench.publishing.finishing import alone
from workbench.publishing.leftovers import clear_leftovers
from workbench.rendering.inputs import InputDigests
from workbench.rendering.journal import Journal
from workbench.rendering.rendered import RenderedRun
from workbench.rendering.runs import render
from workbench.rendering.tasks import said_of_left
from workbench.study.parameters import parse_parameter, resolve


def render_alone(project: Project, study: str, given: Mapping, others: Iterable[str] = ()) -> RenderedRun:
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

    Raises
    ------
    RefusedRun, FailedRun, UnboundNumber
        As `workbench.study.parameters.resolve` and `workbench.rendering.runs.render`.
    """
    given = {**given, **_parsed(project, study, others)}
    run = resolve(project, study, given)
    digests, journal = InputDigests(project), Journal(project)
    # The choice is noted as an edition makes it; with parameters of its own the run is another to an edition.
    choice = digests.of_choice(study, {"country": run.country, "year": run.year, "language": run.language})
    clear_leftovers(project, [run])
    try:
        effort = render(project, run, digests.of(run), choice if not others else "", progress=True)
    except WorkbenchError as failure:
        journal.note_failure(run, str(failure))
        raise
    except KeyboardInterrupt:
        journal.note_interrupted(run)
        raise
    journal.note_success(run, effort.seconds, effort.peak_memory, effort.left_behind)
    if effort.left_behind:
        print(f"warning: {said_of_left(run, effort.left_behind)}", file=sys.stderr)
    with alone(project):
        write_catalogue(project)
    return RenderedRun(project, run)


def _parsed(project: Project, study: str, others: Iterable[str]) -> dict:
    parts = [other.partition("=") for other in others]
    for name, separator, _ in parts:
        if not separator:
            raise RefusedRun(f"{study}: a parameter without a value", expected="NAME=VALUE", found=name)
    return {name: parse_parameter(project, study, name, text) for name, _, text in parts}
