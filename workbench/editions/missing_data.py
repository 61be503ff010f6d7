"""What an edition lacks data for, and which commands would get them: a section of a page without data is left out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from workbench.data.snapshots import SnapshotStore
from workbench.declarations.studies import read_sidecar
from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import RunLog
from workbench.model.paths import Project


def described_gaps(project: Project, runs: Sequence[RunFiles]) -> Iterator[str]:
    """A line for each figure or table that lacks data: study, place in its page, countries, commands; then one for each
    dataset of the studies that has no snapshot.

    The former is read from the run log, which has the studies that were made before as well.
    """
    yield from _empty_exhibits(project, runs)
    yield from _without_snapshot(project, runs)


def _empty_exhibits(project: Project, runs: Iterable[RunFiles]) -> Iterator[str]:
    run_log = RunLog(project)
    # A dictionary for the countries keeps their order, and each once.
    countries: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for files in runs:
        state = run_log.state(files.run)
        for exhibit, commands in state.gaps.items() if state else ():
            countries[files.run.study, exhibit, "; ".join(commands)][files.run.country] = None
    for (study, exhibit, joined_commands), places in sorted(countries.items()):
        yield f"{study} #{exhibit} ({', '.join(places)}): {joined_commands}"


def _without_snapshot(project: Project, runs: Iterable[RunFiles]) -> Iterator[str]:
    held = set(SnapshotStore.of(project).datasets())
    studies: dict[str, dict[str, None]] = defaultdict(dict)
    for study in dict.fromkeys(files.run.study for files in runs):
        for dataset in read_sidecar(project, study).datasets:
            if dataset not in held:
                studies[dataset][study] = None
    for dataset, lacking in sorted(studies.items()):
        yield f"{', '.join(lacking)}: sections from {dataset} are left out: workbench fetch {dataset}"
