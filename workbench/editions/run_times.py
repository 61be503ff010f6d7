"""When the runs of a sealed edition were made: kept beside the archive, for the same inputs make the same archive at any time."""

import datetime
import json
from collections.abc import Iterable, Iterator

from workbench.archiving.contents import RUN_ID
from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import FINISHED, RunLog
from workbench.model.digests import file_digest
from workbench.model.paths import Project, write_whole
from workbench.model.types import Sealed

_CONTEXT = "https://w3id.org/ro/crate/1.1/context"


def write_run_times(project: Project, sealed: Sealed, rendered: Iterable[RunFiles]) -> None:
    """Write ``archives/<archive>.times.jsonld`` in the folder of the run log: beginning and end of each run that the log has,
    under the name by which the RO-Crate of the archive describes it, and the digest of the archive."""
    archive = sealed.path
    described = {"@id": archive.name, "@type": "File", "sha256": file_digest(archive)}
    graph = [described, *_times(project, archive.name, rendered)]
    written = json.dumps({"@context": _CONTEXT, "@graph": graph}, indent=1) + "\n"
    write_whole(RunLog(project).folder / "archives" / f"{archive.stem}.times.jsonld", written)


def _times(project: Project, archive: str, rendered: Iterable[RunFiles]) -> Iterator[dict[str, str]]:
    # A run that was only rendered from its record used no memory.
    made = {
        entry["run"]: entry
        for entry in RunLog(project).entries()
        if entry["outcome"] == FINISHED and entry.get("peak_memory_mb")
    }
    for run in (files.run for files in rendered):
        if entry := made.get(str(run)):
            end = datetime.datetime.fromisoformat(entry["at"])
            yield {
                "@id": f"{archive}{RUN_ID}{run.study}-{run.country}-{run.year}",
                "@type": "CreateAction",
                "startTime": (end - datetime.timedelta(seconds=entry["seconds"])).isoformat(timespec="milliseconds"),
                "endTime": end.isoformat(timespec="milliseconds"),
            }
