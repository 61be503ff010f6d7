"""``params/sources/<agency>.yaml``: where a provider publishes, and in which manner."""

from typing import Literal

from pydantic import Field

from workbench.declarations.yaml_files import Declaration, read_yaml
from workbench.model.errors import InvalidDeclaration, near
from workbench.model.paths import Project


class SourceDeclaration(Declaration):
    """A provider's interface.

    Attributes
    ----------
    protocol : str
        ``eurostat``, the dissemination API with its queue and catalogue; ``sdmx``, any SDMX 2.1 REST web service that
        serves SDMX-CSV; ``unhcr``, the paged refugee statistics API.
    address : str
        What all its addresses begin with; ends with ``/``.
    sdmx_agency : str or None
        Who maintains the dataflows, as SDMX writes it.
    licence : str
        What the cards of its snapshots say.
    """

    agency: str
    provider: str
    protocol: Literal["eurostat", "sdmx", "unhcr"]
    address: str = Field(pattern=r"^https?://\S+/$")
    sdmx_agency: str | None = None
    licence: str


def read_source(project: Project, agency: str) -> SourceDeclaration:
    """Read the declaration of a provider's interface.

    Raises
    ------
    InvalidDeclaration
        If there is none, naming the near ones.
    """
    folder = project.params / "sources"
    path = folder / f"{agency}.yaml"
    if not path.is_file():
        raise InvalidDeclaration(
            f"no interface of {agency} is declared",
            where=str(folder),
            expected=near(agency, [other.stem for other in folder.glob("*.yaml")]),
            remedy=f"write {path.name}; or download a file, and workbench import it",
        )
    return read_yaml(path, SourceDeclaration, agency=agency)
