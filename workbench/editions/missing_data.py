"""The figures and tables of an edition that lack data: for which countries, and which commands would get the data."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import RunLog
from workbench.model.paths import Project


def described_gaps(project: Project, runs: Iterable[RunFiles]) -> Iterator[str]:
    """A line for each figure or table that lacks data: study, place in its page, countries, commands.

    It is read from the run log, which has the studies that were made before as well.
    """
    run_log = RunLog(project)
    # A dictionary for the countries keeps their order, and each once.
    countries: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for files in runs:
        state = run_log.state(files.run)
        for exhibit, commands in state.gaps.items() if state else ():
            countries[files.run.study, exhibit, "; ".join(commands)][files.run.country] = None
    for (study, exhibit, joined_commands), places in sorted(countries.items()):
        yield f"{study} #{exhibit} ({', '.join(places)}): {joined_commands}"
