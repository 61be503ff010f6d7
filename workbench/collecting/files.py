"""Files that a researcher has downloaded, brought in as snapshots."""

import datetime
from pathlib import Path

from workbench.data.formats import open_native
from workbench.data.snapshots import Snapshot, SnapshotStore, imported
from workbench.declarations.datasets import dataset_file, read_dataset
from workbench.model.paths import Project


def import_file(project: Project, path: Path, dataset: str, day: datetime.date) -> tuple[Snapshot, bool]:
    """Keep a file as a snapshot.

    Parameters
    ----------
    path : Path
        SDMX-CSV or Eurostat TSV.
    dataset : str
        The provider's code; a dataset that is not declared is taken for one of Eurostat's.
    day : datetime.date
        Day of the download: the vintage.

    Returns
    -------
    Snapshot, bool
        The snapshot, and whether it is new.

    Raises
    ------
    WorkbenchError
        As `workbench.data.snapshots.SnapshotStore.add`; nothing is stored then.
    """
    agency, title = _agency_and_title(project, dataset)
    origin = imported(path, agency, title, day)
    return SnapshotStore.of(project).add(open_native(path), dataset, day, origin)


def _agency_and_title(project: Project, dataset: str) -> tuple[str, str]:
    if not dataset_file(project, dataset).is_file():
        return "estat", dataset
    declaration = read_dataset(project, dataset)
    return declaration.agency, declaration.title
