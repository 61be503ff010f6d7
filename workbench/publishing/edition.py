"""An edition: all its runs are planned, rendered, sealed in an archive, and listed in the catalogue."""

import sys
from collections import defaultdict
from dataclasses import dataclass

from tqdm import tqdm

from workbench.archiving import Sealed, seal
from workbench.declarations.editions import Edition
from workbench.model.errors import InconsistentResult, WorkbenchError
from workbench.model.paths import Project, write_whole
from workbench.model.words import Run
from workbench.publishing.catalogue import write_catalogue
from workbench.publishing.contents import edition_contents
from workbench.rendering.runs import RenderedRun, render, sealed_files
from workbench.study.parameters import resolve


@dataclass(frozen=True)
class EditionOutcome:
    """What became of an edition: the runs that were made, those that failed, and the archive if none did."""

    rendered: list[RenderedRun]
    failures: list[WorkbenchError]
    sealed: Sealed | None


def plan(project: Project, edition: Edition) -> list[Run]:
    """The runs of an edition, every one checked.

    Raises
    ------
    RefusedRun
        For the first run that cannot be made; nothing has run then.
    """
    return [
        resolve(project, study, {"country": country, "year": edition.year, "language": language})
        for country in edition.countries
        for study in edition.studies
        for language in edition.languages
    ]


def make_edition(project: Project, edition: Edition, progress: bool = False) -> EditionOutcome:
    """Render all runs of an edition, then seal it.

    A run that fails does not stop the others; but an edition with a failure is not sealed.
    """
    runs = plan(project, edition)
    rendered, failures = [], []
    for run in tqdm(runs, desc=f"edition {edition.year}", unit="run", file=sys.stderr, disable=not progress):
        try:
            rendered.append(render(project, run, progress))
        except WorkbenchError as failure:
            failures.append(failure)
    failures.extend(_languages_that_differ(rendered))
    sealed = None if failures else _seal(project, edition, rendered)
    write_catalogue(project)
    return EditionOutcome(rendered, failures, sealed)


def _seal(project: Project, edition: Edition, rendered: list[RenderedRun]) -> Sealed:
    """Seal the edition; only then do the pages in ``outputs/`` say that they are sealed."""
    files = {path: text for made in rendered for path, text in sealed_files(project, made).items()}
    sealed = seal(edition_contents(project, edition, rendered, files), project.archives)
    for path, text in files.items():
        write_whole(path, text)
    return sealed


def _languages_that_differ(rendered: list[RenderedRun]) -> list[InconsistentResult]:
    """The numbers of a study are the same in every language, or something is wrong with the study."""
    by_study = defaultdict(list)
    for made in rendered:
        by_study[made.run.study, made.run.country].append(made)
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
        if repr(first.record.results) != repr(other.record.results)
    ]


def _first_difference(first: RenderedRun, other: RenderedRun) -> str:
    lines = [{repr(result) for result in made.record.results} for made in (first, other)]
    return min(lines[0] ^ lines[1])
