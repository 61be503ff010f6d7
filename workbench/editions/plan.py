"""The plan of an edition: its runs, and which of them must be made, and why.

Nothing heavy is imported here: what is up to date is known in a moment.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from workbench.declarations.editions import Edition
from workbench.execution.fingerprint import Fingerprints, changed
from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import RunLog, RunState
from workbench.model.paths import Project
from workbench.model.types import Run

Resolve = Callable[[list[tuple[Project, str, dict]]], list[Run]]
"""Checks the parameters of runs and chooses the vintages they read; it reads data, and so takes time."""


@dataclass(frozen=True)
class PlannedRun:
    """A run of an edition, what it depends on, and why it must be made; no reason, and it is up to date."""

    run: Run
    inputs: dict[str, str]
    selection: str
    reasons: tuple[str, ...]
    results: str | None

    @property
    def is_up_to_date(self) -> bool:
        return not self.reasons


def plan(project: Project, edition: Edition, resolve: Resolve) -> list[PlannedRun]:
    """Plan all runs of an edition, every one checked.

    Parameters
    ----------
    project, edition
        What is to be rendered.
    resolve : callable
        Called once, with the runs whose parameters and vintages are not known from the last time.

    Raises
    ------
    RefusedRun
        For the first run that cannot be made; nothing has run then.
    """
    digests, journal = Fingerprints(project), RunLog(project)
    asked = [
        (study, {"country": country, "year": edition.year, "language": language})
        for country in edition.countries
        for study in edition.studies
        for language in edition.languages
    ]
    selections = [digests.of_selection(study, given) for study, given in asked]
    states = [RunState.read(journal.state_path(study, **given)) for study, given in asked]
    known = [state if state and state.selection == selection else None for state, selection in zip(states, selections)]
    resolved = iter(resolve([(project, study, given) for (study, given), state in zip(asked, known) if not state]))
    runs = [
        Run(study, **given, parameters=state.parameters, vintages=state.vintages) if state else next(resolved)
        for (study, given), state in zip(asked, known)
    ]
    return [
        _planned(project, run, digests.of(run), selection, state)
        for run, selection, state in zip(runs, selections, states)
    ]


def shard(runs: list[PlannedRun], number: int, of: int) -> list[PlannedRun]:
    """A part of the runs: together the parts are all of them, and each is in one."""
    return runs[number - 1 :: of]


def resolve_here(asked: list[tuple[Project, str, dict]]) -> list[Run]:
    """Resolve runs in this process."""
    if not asked:
        return []
    # Here and not above: it imports all that a study needs.
    from workbench.study.parameters import resolve

    return [resolve(*one) for one in asked]


def checked_again(project: Project, planned: PlannedRun) -> PlannedRun:
    """A planned run by what stands there now."""
    run = planned.run
    return _planned(project, run, planned.inputs, planned.selection, RunLog(project).state(run))


def _planned(project: Project, run: Run, inputs: dict[str, str], selection: str, state: RunState | None) -> PlannedRun:
    planned = PlannedRun(run, inputs, selection, (), state and state.results)
    if state is None:
        return replace(planned, reasons=("it was not made yet",))
    if not state.is_fit:
        return replace(planned, reasons=("it was made as a draft, with what no edition publishes",))
    if differing := changed(state.inputs, inputs):
        return replace(planned, reasons=tuple(f"{name} changed" for name in differing))
    return replace(planned, reasons=tuple(_lost(RunFiles(project, run), state)))


def _lost(made: RunFiles, state: RunState) -> Iterable[str]:
    for path in made.files:
        if path.name not in state.files or not state.files[path.name].is_still(path):
            yield f"{path.name} is not there, or not as it was made"


def described(planned: list[PlannedRun]) -> Iterator[str]:
    """What would run and why, a line a run, and how many in all."""
    for one in planned:
        yield f"{one.run}: {'would run: ' + '; '.join(one.reasons) if one.reasons else 'up to date'}"
    runs = sum(not one.is_up_to_date for one in planned)
    yield f"{runs} would run, {len(planned) - runs} up to date"
