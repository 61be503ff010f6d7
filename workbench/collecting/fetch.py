"""From a provider's interface to a snapshot."""

import datetime
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.collecting.files import native_file
from workbench.data.cards import Origin, digest
from workbench.data.formats.cell_parsers import period
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.datasets import DatasetDeclaration, find_dataset
from workbench.declarations.sources import EUROSTAT, SourceDeclaration, read_source
from workbench.model.errors import UnknownCode
from workbench.model.paths import Project
from workbench.sources import Download, Request, fetch


@dataclass(frozen=True)
class Cut:
    """What is wanted of a dataset: from a period on (all if None), and dimension to codes (all if empty)."""

    since: str | None
    filters: Mapping[str, Sequence[str]]

    @property
    def omitted(self) -> str | None:
        """What is left out, in words."""
        parts = [f"{name} = {', '.join(codes)}" for name, codes in self.filters.items()]
        if self.since:
            parts.append(f"from {self.since} on")
        return f"all but {'; '.join(parts)}" if parts else None


@dataclass(frozen=True)
class Fetched:
    """A snapshot, whether it is new, and the vintage before it, if any."""

    snapshot: Snapshot
    is_new: bool
    before: Snapshot | None


def fetch_dataset(
    project: Project,
    dataset: str,
    *,
    day: datetime.date,
    since: str | None = None,
    filters: Mapping[str, Sequence[str]] | None = None,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
    stored: Callable[[int], None] = lambda rows: None,
) -> Fetched:
    """Fetch a dataset from its provider and keep it as a snapshot.

    Parameters
    ----------
    dataset : str
        A declared dataset, or any dataset of Eurostat.
    day : datetime.date
        Today: the vintage.
    since : str, optional
        First period; all periods by default.
    filters : mapping, optional
        Dimension to the codes that are wanted; all codes by default.
    progress : callable
        Called with the bytes received so far and, if known, their total.
    stored : callable
        Called with the number of rows stored so far.

    Returns
    -------
    Fetched
        If the data are those of the last vintage, its snapshot is not new and nothing was stored.

    Raises
    ------
    WorkbenchError
        As `workbench.sources.fetch` and `workbench.data.snapshots.SnapshotStore.add`; the store is then unchanged.
    """
    declaration = find_dataset(project, dataset)
    cut = Cut(period(since) if since else None, filters or {})
    source = read_source(project, declaration.agency if declaration else EUROSTAT)
    store = SnapshotStore.of(project)
    before = store.vintages(dataset)
    with tempfile.TemporaryDirectory(prefix="workbench-fetch-") as folder:
        download = fetch(source, _request(dataset, declaration, cut), Path(folder), progress)
        origin = _origin(source, declaration, download, dataset, day, cut)
        file = native_file(download.path, declaration)
        snapshot, is_new = store.add(file, dataset, day, origin, numbered=True, progress=stored)
    return Fetched(snapshot, is_new, before[-1] if before else None)


def parse_filter(text: str) -> tuple[str, list[str]]:
    """Read a filter from a command line: ``citizen=UA,SY``.

    Raises
    ------
    UnknownCode
        If it is not a filter.
    """
    name, separator, codes = text.partition("=")
    wanted = [code.strip() for code in codes.split(",") if code.strip()]
    if not separator or not name.strip() or not wanted:
        raise UnknownCode(
            f"{text!r} is not a filter", expected="DIMENSION=CODE or DIMENSION=CODE,CODE", hint="for example citizen=UA"
        )
    return name.strip(), wanted


def _request(dataset: str, declaration: DatasetDeclaration | None, cut: Cut) -> Request:
    if declaration is None:
        return Request(dataset, cut.since, cut.filters)
    return Request(
        declaration.flow or dataset,
        cut.since,
        cut.filters,
        declaration.newest_dimension,
        {newest: renaming.codes for newest, renaming in declaration.renamed.items()},
    )


def _origin(
    source: SourceDeclaration,
    declaration: DatasetDeclaration | None,
    download: Download,
    dataset: str,
    day: datetime.date,
    cut: Cut,
) -> Origin:
    return Origin(
        agency=source.agency,
        title=download.title or (declaration.title if declaration else dataset),
        licence=source.licence,
        retrieved=str(day),
        source_url=download.url,
        last_update=download.last_update,
        omitted=cut.omitted,
        source_sha256=digest(download.path),
        declaration=declaration,
    )
