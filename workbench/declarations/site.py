"""``params/site.yaml``: the catalogue as a whole, as harvesters see it."""

import datetime
from typing import Annotated, Literal
from urllib.parse import quote

from msgspec import Meta

from workbench.declarations.countries import CountryCode
from workbench.declarations.models import Address, Declaration, WebAddress, Words
from workbench.declarations.yaml_files import read_yaml
from workbench.model.paths import Project


class SiteDeclaration(Declaration):
    """What the catalogue says of itself.

    Attributes
    ----------
    address : str
        Where ``outputs/`` is published; ends with ``/``.
    title, description, publisher : str
        In English; the gettext catalogues translate them.
    contact_email : str
        Who answers questions about the data.
    licence : str
        Address of the licence of the catalogue's own descriptions; each study has that of its edition.
    availability : str or None
        How long the files will be there, as the table of planned availability of the European Union's vocabularies calls it.
    home_country : str or None
        The country that the first page opens with; the first one that has studies, if none is declared.
    calendar : date or None
        The day as of which the calendar of what is due is published with the catalogue; without one it is not.
    """

    address: Address
    title: Words
    description: Words
    publisher: Words
    contact_email: Annotated[str, Meta(pattern=r"^[^@\s<>]+@[^@\s<>]+\Z", description="an e-mail address")]
    licence: WebAddress
    availability: Literal["AVAILABLE", "EXPERIMENTAL", "STABLE", "TEMPORARY"] | None = None
    home_country: CountryCode | None = None
    calendar: datetime.date | None = None

    def url(self, href: str) -> str:
        """The address of a file below ``outputs/``."""
        return self.address + quote(href)


def read_site_declaration(project: Project) -> SiteDeclaration:
    """Read what the catalogue says of itself.

    Raises
    ------
    InvalidDeclaration
        If the file does not exist or does not say what it must, such as an absolute address.
    """
    return read_yaml(project.params / "site.yaml", SiteDeclaration)
