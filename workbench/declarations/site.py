"""``params/site.yaml``: the catalogue as a whole, as those who harvest it see it."""

from typing import Annotated
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from workbench.declarations.yaml_files import Declaration, read_yaml
from workbench.model.paths import Project


def _is_address(address: str) -> str:
    parts = urlsplit(address)
    is_plain = not (parts.query or parts.fragment or "@" in parts.netloc) and quote(parts.path, safe="/%") == parts.path
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain or not address.endswith("/"):
        raise PydanticCustomError(
            "address", "an absolute address, http:// or https://, that ends with / and has no user, query or fragment"
        )
    return address


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
        Address of the licence of the catalogue's own descriptions; each study carries that of its edition.
    """

    address: Annotated[str, AfterValidator(_is_address)]
    title: str = Field(min_length=1)
    description: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    contact_email: str = Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$")
    licence: str = Field(pattern=r"^https?://\S+$")

    def url(self, href: str) -> str:
        """The address of a file below ``outputs/``."""
        return self.address + quote(href)


def read_site_declaration(project: Project) -> SiteDeclaration:
    """Read what the catalogue says of itself.

    Raises
    ------
    InvalidDeclaration
        If the file is not there or does not say what it must: an address that is not absolute, among others.
    """
    return read_yaml(project.params / "site.yaml", SiteDeclaration)
