"""The numbers of a study are the same in every language, or something is wrong with the study."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import RunLog
from workbench.model.errors import InconsistentResult


def language_differences(runs: Iterable[RunFiles]) -> Iterator[InconsistentResult]:
    """An error for each run whose numbers differ from those of the same study and country in another language."""
    by_study: dict[tuple[str, str], list[RunFiles]] = defaultdict(list)
    for files in runs:
        by_study[files.run.study, files.run.country].append(files)
    for (study, country), (first, *others) in by_study.items():
        for other in others:
            if _results(first) != _results(other):
                yield InconsistentResult(
                    f"{study} {country}: the languages do not show the same numbers",
                    where=f"{first.run.language} and {other.run.language}",
                    found=_first_difference(first, other),
                    unchanged="the edition was not sealed",
                    hint="let nothing that is computed depend on the language",
                )


def _results(files: RunFiles) -> str | None:
    state = RunLog(files.project).state(files.run)
    return state.results if state else None


def _first_difference(first: RunFiles, other: RunFiles) -> str:
    lines = [{*map(repr, record.results), *map(repr, record.headlines)} for record in (first.record, other.record)]
    return min(lines[0] ^ lines[1], default="the same headlines in another order")
