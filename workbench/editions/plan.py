"""The plan of an edition: its runs, which of them must be made, and why.

Nothing heavy is imported here, so that an edition that is up to date is known to be so at once.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from workbench.declarations.editions import Edition
from workbench.execution.fingerprint import Fingerprints, changed
from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import RunLog, RunState
from workbench.model.paths import Project
from workbench.model.types import Run

ToResolve = tuple[Project, str, dict]
"""A project, a study, and the parameters of a run by name."""

Resolve = Callable[[list[ToResolve]], list[Run]]
"""Checks the parameters of runs and selects the vintages they read; it reads data, which takes time."""


@dataclass(frozen=True)
class PlannedRun:
    """A run of an edition, what it depends on, and the reasons why it must be made; without any, it is up to date."""

    run: Run
    inputs: dict[str, str]
    selection: str
    reasons: tuple[str, ...]

    @property
    def is_up_to_date(self) -> bool:
        return not self.reasons


def plan(project: Project, edition: Edition, resolve: Resolve) -> list[PlannedRun]:
    """Plan all runs of an edition, and check each.

    Parameters
    ----------
    project, edition
        What to render.
    resolve : callable
        Called once, with the runs whose parameters and vintages are not known from the last time.

    Raises
    ------
    RefusedRun
        For the first run that cannot be made; nothing has run then.
    """
    digests, run_log = Fingerprints(project), RunLog(project)
    asked = [
        Run(study, country, edition.year, language)
        for country in edition.countries
        for study in edition.studies
        for language in edition.languages
    ]
    selections = [digests.of_selection(run) for run in asked]
    states = [run_log.state(run) for run in asked]
    known = [state if state and state.selection == selection else None for state, selection in zip(states, selections)]
    resolved = iter(resolve([_to_resolve(project, run) for run, state in zip(asked, known) if not state]))
    runs = [
        replace(run, parameters=state.parameters, vintages=state.vintages) if state else next(resolved)
        for run, state in zip(asked, known)
    ]
    return [
        _planned(project, run, digests.of(run), selection, state)
        for run, selection, state in zip(runs, selections, states)
    ]


def _to_resolve(project: Project, run: Run) -> ToResolve:
    return project, run.study, {"country": run.country, "year": run.year, "language": run.language}


def shard(runs: list[PlannedRun], number: int, of: int) -> list[PlannedRun]:
    """A part of the runs; each run is in exactly one part."""
    return runs[number - 1 :: of]


def resolve_here(runs: list[ToResolve]) -> list[Run]:
    """Resolve runs in this process."""
    if not runs:
        return []
    # Imported here and not above: it imports all that a study needs.
    from workbench.study.parameters import resolve

    return [resolve(*one) for one in runs]


def checked_again(project: Project, planned: PlannedRun) -> PlannedRun:
    """A planned run, by its files as they are now."""
    run = planned.run
    return _planned(project, run, planned.inputs, planned.selection, RunLog(project).state(run))


def _planned(project: Project, run: Run, inputs: dict[str, str], selection: str, state: RunState | None) -> PlannedRun:
    planned = PlannedRun(run, inputs, selection, reasons=())
    if state is None:
        return replace(planned, reasons=("it has not been made yet",))
    if not state.is_fit:
        return replace(planned, reasons=("it was made as a draft that no edition may publish",))
    if differing := changed(state.inputs, inputs):
        return replace(planned, reasons=tuple(f"{name} changed" for name in differing))
    return replace(planned, reasons=tuple(_lost(RunFiles(project, run), state)))


def _lost(files: RunFiles, state: RunState) -> Iterable[str]:
    for path in files.files:
        if path.name not in state.files or not state.files[path.name].matches(path):
            yield f"{path.name} is missing or was changed"


def described(planned: list[PlannedRun]) -> Iterator[str]:
    """What would run and why, one line for each run, and how many in all."""
    for one in planned:
        yield f"{one.run}: {'would run: ' + '; '.join(one.reasons) if one.reasons else 'up to date'}"
    runs = sum(not one.is_up_to_date for one in planned)
    yield f"{runs} would run, {len(planned) - runs} up to date"
