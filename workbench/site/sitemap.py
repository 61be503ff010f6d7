"""``sitemap.xml``: the addresses of all pages, for search engines."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from workbench.declarations.site import SiteDeclaration
from workbench.model.errors import WorkbenchError
from workbench.model.paths import write_whole
from workbench.presentation.wording import SOURCE_LANGUAGE, languages
from workbench.site.inventory import Site, grouped
from workbench.site.sealed_studies import SealedStudy, sealed_studies, source_language_first

_NAMESPACES = {
    "xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xmlns:xhtml": "http://www.w3.org/1999/xhtml",
}
_MOST_ADDRESSES = 50_000


@dataclass(frozen=True)
class _Listed:
    """A page in its languages, and the day of its newest release if it has one."""

    files: dict[str, str]
    modified: datetime.date | None


def write_sitemap(site: Site, declared: SiteDeclaration) -> Path:
    """Write the sitemap of what is in ``outputs/`` at this moment: call it after all pages have been written.

    It follows the protocol of sitemaps.org 0.9; each address lists the same page in all languages by ``xhtml:link``,
    itself included, as Google asks. Drafts are left out. A page was last modified at the last release that it lists,
    for the times of files differ between machines. ``robots.txt`` names it, which counts at the root of a host only.

    Parameters
    ----------
    site : Site
        The contents of ``outputs/``.
    declared : SiteDeclaration
        How the site describes itself.

    Raises
    ------
    WorkbenchError
        If there are more addresses than one sitemap may hold.
    """
    studies = sealed_studies(site)
    pages = [*_overviews(site.folder, studies), *map(_study, studies), *_queries(site)]
    number = sum(len(page.files) for page in pages)
    if number > _MOST_ADDRESSES:
        raise WorkbenchError(
            "the site has too many pages for one sitemap",
            expected=f"at most {_MOST_ADDRESSES} (sitemaps.org)",
            found=str(number),
            unchanged="sitemap.xml",
            hint="publish older editions under an address of their own",
        )
    urls = ET.Element("urlset", _NAMESPACES)
    for page in pages:
        _add(urls, page, declared)
    ET.indent(urls, " ")
    written = ET.tostring(urls, encoding="utf-8", xml_declaration=True) + b"\n"
    return write_whole(site.folder / "sitemap.xml", written)


def _study(study: SealedStudy) -> _Listed:
    return _Listed({page.language: page.html for page in study.pages}, study.modified)


def _queries(site: Site) -> Iterator[_Listed]:
    for pages in grouped(site.queries, lambda page: page.key).values():
        released = max(datetime.date.fromisoformat(page.edition.released) for page in pages if page.edition)
        yield _Listed({page.language: page.html for page in pages}, released)


def _overviews(folder: Path, studies: list[SealedStudy]) -> Iterator[_Listed]:
    """The home page of the site, and its pages of countries, datasets and indicators."""
    by_page: dict[str, dict[str, str]] = defaultdict(dict)
    for kind in ("", "countries/", "datasets/", "indicators/"):
        for path in sorted((folder / kind).glob("*.html")):
            name, language = _name_and_language(path.stem)
            by_page[kind + name][language] = f"{kind}{path.name}"
    for page, files in by_page.items():
        ordered = {language: files[language] for language in sorted(files, key=source_language_first)}
        releases = [study.modified for study in studies if _lists(page, study)]
        yield _Listed(ordered, max(releases, default=None))


def _lists(page: str, study: SealedStudy) -> bool:
    """Whether an overview lists a study: that of a country lists only its own studies."""
    return not page.startswith("countries/") or page == f"countries/{study.first.country}"


def _name_and_language(stem: str) -> tuple[str, str]:
    """``index.lt`` is ``index`` in Lithuanian, ``index`` itself is in English."""
    name, _, language = stem.rpartition(".")
    return (name, language) if name and language in languages() else (stem, SOURCE_LANGUAGE)


def _add(urls: ET.Element, page: _Listed, declared: SiteDeclaration) -> None:
    for file in page.files.values():
        url = ET.SubElement(urls, "url")
        ET.SubElement(url, "loc").text = declared.url(file)
        if page.modified:
            ET.SubElement(url, "lastmod").text = page.modified.isoformat()
        if len(page.files) > 1:
            for language, other in page.files.items():
                about = {"rel": "alternate", "hreflang": language, "href": declared.url(other)}
                ET.SubElement(url, "xhtml:link", about)
