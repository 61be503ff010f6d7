"""The addresses of the site below ``outputs/``."""

from workbench.presentation.wording import index_name

DCAT_FILE = "catalog.jsonld"


def address(stem: str, language: str) -> str:
    """The address of a page: ``countries/LT.en.html``; the English home page is ``index.html``."""
    return index_name(language) if stem == "index" else f"{stem}.{language}.html"
