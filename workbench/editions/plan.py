"""The plan of an edition: its runs and their pages, which of them must be made, and why.

Nothing heavy is imported here, so that an edition that is up to date is known to be so at once.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.declarations.editions import Edition
from workbench.editions.newest_years import newest_runs
from workbench.execution.fingerprint import PRINTED, Fingerprints, changed
from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import DISPLAY, FileState, PageState, RunLog, RunState
from workbench.execution.task import Task
from workbench.model.errors import RefusedRun, near
from workbench.model.paths import Project
from workbench.model.types import Run
from workbench.presentation.wording import SOURCE_LANGUAGE, languages

ToResolve = tuple[Project, str, dict, str]
"""A project, a study, the parameters of a run by name, and its edition."""

Resolve = Callable[[list[ToResolve]], list[Run]]
"""Checks the parameters of runs and selects the vintages they read; it reads data, which takes time."""

_NOT_MADE = "it has not been made yet"
_UNFIT = "it was made as a draft that no edition may publish"


@dataclass(frozen=True)
class PlannedPage:
    """A page of a run in a language, or its notebook as it is displayed; and the reasons why it must be made."""

    language: str
    inputs: dict[str, str]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class PlannedRun:
    """A run of an edition, what its record depends on, the reasons why it must be executed, and its pages."""

    run: Run
    inputs: dict[str, str]
    selection: str
    reasons: tuple[str, ...]
    pages: tuple[PlannedPage, ...]

    @property
    def is_up_to_date(self) -> bool:
        """Whether nothing of it need be made."""
        return not self.reasons and not any(page.reasons for page in self.pages)

    @property
    def all_reasons(self) -> tuple[str, ...]:
        """Why it, or a page of it, must be made."""
        return tuple(dict.fromkeys((*self.reasons, *(reason for page in self.pages for reason in page.reasons))))

    @property
    def languages(self) -> list[str]:
        """The languages of its pages."""
        return [page.language for page in self.pages if page.language != DISPLAY]

    def task(self, project: Project) -> Task:
        """What is to be made of it: all of its pages with its record, or those that must be."""
        pages = {page.language: page.inputs for page in self.pages if self.reasons or page.reasons}
        return Task(project.root, self.run, self.inputs, self.selection, pages, is_executed=not self.reasons)


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
        For a language without catalogue, or the first run that cannot be made; nothing has run then.
    """
    _refuse_unknown(edition.languages)
    digests, run_log = Fingerprints(project), RunLog(project)
    asked = _asked(project, edition, digests)
    selections = [digests.of_selection(run) for run in asked]
    states = [run_log.state(run) for run in asked]
    known = [state if state and state.selection == selection else None for state, selection in zip(states, selections)]
    to_resolve = [(project, run.study, {"country": run.country, "year": run.year}, run.edition) for run in asked]
    resolved = iter(resolve([one for one, state in zip(to_resolve, known) if not state]))
    runs = [
        replace(run, parameters=state.parameters, vintages=state.vintages) if state else next(resolved)
        for run, state in zip(asked, known)
    ]
    return [
        planned_run(project, digests, run, edition.languages, selection, state)
        for run, selection, state in zip(runs, selections, states)
    ]


def _asked(project: Project, edition: Edition, digests: Fingerprints) -> list[Run]:
    """The runs of an edition, without parameters and vintages."""
    if edition.year is None:
        return newest_runs(project, edition, digests)
    return [
        Run(study, country, edition.year, edition=edition.name)
        for country in edition.countries
        for study in edition.studies
    ]


def _refuse_unknown(asked: Iterable[str]) -> None:
    for language in asked:
        if language not in (known := languages()):
            raise RefusedRun(
                f"language {language!r} has no catalogue",
                expected=near(language, known),
                found=language,
                unchanged="nothing was run and nothing was written",
                hint="choose one of those, or add the catalogue: docs/how-to/language.md",
            )


def planned_run(
    project: Project, digests: Fingerprints, run: Run, worded_in: Iterable[str], selection: str, state: RunState | None
) -> PlannedRun:
    """A run with its pages in some languages, by the state in which it was last made."""
    inputs = digests.of(run)
    pages = {language: digests.of_page(run, language, inputs) for language in worded_in}
    display = {DISPLAY: digests.of_page(run, SOURCE_LANGUAGE, inputs)}
    unmade = PlannedRun(
        run, inputs, selection, (), tuple(PlannedPage(*page, reasons=()) for page in {**pages, **display}.items())
    )
    return _compared(project, unmade, state)


def shard(runs: list[PlannedRun], number: int, of: int) -> list[PlannedRun]:
    """A part of the runs; each run is in exactly one part."""
    return runs[number - 1 :: of]


def resolve_here(runs: list[ToResolve]) -> list[Run]:
    """Resolve runs in this process."""
    if not runs:
        return []
    # Imported here and not above: it imports all that reads data.
    from workbench.resolving.parameters import resolve

    return [resolve(*one) for one in runs]


def checked_again(project: Project, planned: PlannedRun) -> PlannedRun:
    """A planned run, by its files as they are now."""
    return _compared(project, planned, RunLog(project).state(planned.run))


def _compared(project: Project, planned: PlannedRun, state: RunState | None) -> PlannedRun:
    """The run with the reasons why it and its pages must be made."""
    files = RunFiles(project, planned.run)
    reasons = tuple(_reasons(state, planned.inputs, files.record))
    pages = [
        replace(page, reasons=() if reasons or state is None else tuple(_of_page(files, page, state)))
        for page in planned.pages
    ]
    return replace(planned, reasons=reasons, pages=tuple(pages))


def _of_page(files: RunFiles, page: PlannedPage, state: RunState) -> Iterator[str]:
    return _reasons(state.pages.get(page.language), page.inputs, _paths(files, page))


def _paths(files: RunFiles, page: PlannedPage) -> tuple[Path, ...]:
    if page.language == DISPLAY:
        return ()
    paths = files.page(page.language)
    return (*paths, files.printed(page.language)) if PRINTED in page.inputs else paths


def _reasons(made: RunState | PageState | None, inputs: dict[str, str], paths: Iterable[Path]) -> Iterator[str]:
    """Why a record or a page must be made, by the state in which it was last made."""
    if made is None:
        yield _NOT_MADE
    elif not made.is_fit:
        yield _UNFIT
    elif differing := changed(made.inputs, inputs):
        yield from (f"{name} changed" for name in differing)
    else:
        yield from _lost(paths, made.files)


def _lost(paths: Iterable[Path], states: dict[str, FileState]) -> Iterator[str]:
    for path in paths:
        if path.name not in states or not states[path.name].matches(path):
            yield f"{path.name} is missing or was changed"


def described(planned: list[PlannedRun]) -> Iterator[str]:
    """What would run or be rendered and why, one line for each run and each page, and how many in all."""
    pages = 0
    for one in planned:
        if one.reasons:
            pages += len(one.languages)
            yield f"{one.run}: would run, and be rendered in {', '.join(one.languages)}: {'; '.join(one.reasons)}"
            continue
        stale = [page for page in one.pages if page.reasons and page.language != DISPLAY]
        pages += len(stale)
        yield from (f"{one.run} {page.language}: would be rendered: {'; '.join(page.reasons)}" for page in stale)
        if one.is_up_to_date:
            yield f"{one.run}: up to date"
        elif not stale:
            yield f"{one.run}: its notebook would be displayed anew: {'; '.join(one.all_reasons)}"
    runs = sum(bool(one.reasons) for one in planned)
    rest = sum(one.is_up_to_date for one in planned)
    yield f"{runs} would run, {pages} {'page' if pages == 1 else 'pages'} would be rendered, {rest} up to date"
