"""``params/sources/<agency>.yaml``: where a provider publishes, and by which protocol."""

from pathlib import Path
from typing import Literal

from workbench.declarations.models import Address, Declaration, SourceName, Unfit
from workbench.declarations.yaml_files import names_in, read_named
from workbench.model.names import SOURCE
from workbench.model.paths import Project

EUROSTAT = "estat"
"""The agency of a dataset that is not declared."""


class SourceDeclaration(Declaration):
    """A provider's interface.

    Attributes
    ----------
    protocol : str
        ``eurostat``, the dissemination API with its queue and catalogue; ``sdmx``, any SDMX 2.1 REST web service that
        serves SDMX-CSV; ``unhcr``, the paged refugee statistics API.
    address : str
        What all its addresses begin with; ends with ``/``. It appears on cards, in archives and in errors, so it must not
        contain a secret.
    sdmx_agency : str or None
        Who maintains the dataflows, in SDMX notation.
    sdmx_version : str
        The version of SDMX to use. Eurostat has both; other sources are asked in 2.1.
    licence : str
        As the cards of its snapshots state it.
    """

    agency: SourceName
    provider: str
    protocol: Literal["eurostat", "sdmx", "unhcr"]
    address: Address
    sdmx_agency: str | None = None
    sdmx_version: Literal["2.1", "3.0"] = "2.1"
    licence: str

    def __post_init__(self) -> None:
        if self.sdmx_version != "2.1" and self.protocol != "eurostat":
            raise Unfit("2.1, unless the protocol is eurostat", self.sdmx_version, ("sdmx_version",))


def declared_sources(project: Project) -> list[str]:
    """The agencies with a declared interface, sorted."""
    return names_in(_folder(project), SOURCE)


def read_source(project: Project, agency: str) -> SourceDeclaration:
    """Read the declaration of a provider's interface.

    Raises
    ------
    InvalidDeclaration
        If there is none, naming the nearest.
    """
    return read_named(
        _folder(project),
        SOURCE,
        agency,
        SourceDeclaration,
        absent=f"no interface of {agency} is declared",
        hint=f"write {agency}.yaml; or download a file, and workbench import it",
        agency=agency,
    )


def _folder(project: Project) -> Path:
    return project.params / "sources"
