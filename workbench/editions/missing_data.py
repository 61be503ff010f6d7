"""What the studies of an edition lack: figures and tables without data, for which countries, and what would get them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import RunLog
from workbench.model.paths import Project


def described_gaps(project: Project, rendered: Iterable[RunFiles]) -> Iterator[str]:
    """A line for each figure or table that lacks something: study, where in its page, countries, commands.

    Read from the journal, for it is told of studies too that were made before. Languages lack the same.
    """
    journal, countries = RunLog(project), defaultdict(dict)
    for made in rendered:
        state = journal.state(made.run)
        for exhibit, commands in state.gaps.items() if state else ():
            countries[made.run.study, exhibit, "; ".join(commands)][made.run.country] = None
    for (study, exhibit, commands), lacking in sorted(countries.items()):
        yield f"{study} #{exhibit} ({', '.join(lacking)}): {commands}"
