"""The other studies of the same country and edition: which there are."""

from workbench.declarations.editions import studies_of
from workbench.declarations.studies import Sidecar, read_sidecar
from workbench.model.names import LATEST
from workbench.model.paths import Project
from workbench.model.types import Run
from workbench.resolving.newest_year import newest_year


def related_studies(project: Project, run: Run) -> dict[str, Sidecar]:
    """The studies that stand in one folder with this one: those of its edition, or, where its year has none, all that there
    are for the year.

    A link to any other would be dead in the archive of the edition.
    """
    names = [name for name in studies_of(project, run.edition) if name != run.study]
    sidecars = {name: read_sidecar(project, name) for name in names}
    return {name: sidecar for name, sidecar in sidecars.items() if _is_there(project, run, sidecar)}


def _is_there(project: Project, run: Run, sidecar: Sidecar) -> bool:
    if run.edition == LATEST:
        return newest_year(project, sidecar, run.country) is not None
    return run.year in sidecar.years
