"""Files that a researcher has downloaded become snapshots."""

import datetime
from collections.abc import Callable
from pathlib import Path

from workbench.data.cards import origin_of_import
from workbench.data.formats import NativeFile, open_native
from workbench.data.formats.layout import read_layout
from workbench.data.formats.table import CellsOfFrame
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.datasets import DatasetDeclaration, find_dataset
from workbench.declarations.labels import Labels, read_labels
from workbench.declarations.sources import EUROSTAT
from workbench.model.paths import Project


def import_file(
    project: Project,
    path: Path,
    dataset: str,
    day: datetime.date,
    time: str | None = None,
    labels: Path | None = None,
    *,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
    stored: Callable[[int], None] = lambda rows: None,
) -> tuple[Snapshot, bool]:
    """Store a file as a snapshot.

    Parameters
    ----------
    path : Path
        SDMX-CSV, Eurostat TSV or CSV of the old Data Explorer; or a table or workbook, where the dataset's declaration has a layout.
    dataset : str
        The provider's code. A dataset that is not declared is taken for one of Eurostat, and the file must say so.
    day : datetime.date
        Day of the download: the vintage.
    time : str, optional
        The period of a file that does not name it.
    labels : Path, optional
        A file of labels and their codes, beside ``params/labels/``: see `workbench.declarations.labels.read_labels`.
    progress : callable
        Called with the bytes read and the size of the file, once its digest is computed.
    stored : callable
        Called with the number of rows stored so far.

    Returns
    -------
    Snapshot, bool
        The snapshot, and whether it is new.

    Raises
    ------
    WorkbenchError
        As `workbench.data.snapshots.SnapshotStore.add`; then nothing is stored.
    """
    declaration = find_dataset(project, dataset)
    agency, title = (declaration.agency, declaration.title) if declaration else (EUROSTAT, dataset)
    said = read_labels(project, labels)
    origin = origin_of_import(path, agency, title, day, declaration, said)
    size = path.stat().st_size
    progress(size, size)
    return SnapshotStore.of(project).add(
        native_file(path, declaration, time, said), dataset, day, origin, progress=stored
    )


def native_file(
    path: Path, declaration: DatasetDeclaration | None, time: str | None = None, labels: Labels | None = None
) -> NativeFile:
    """Open a file by the layout of its dataset or, without a layout, by its own format."""
    if declaration is None or declaration.layout is None:
        return open_native(path, labels)
    return CellsOfFrame(path.name, read_layout(path, declaration.layout, time, labels))
