"""The site: static pages that list the studies and archives of all editions, the countries and the indicators."""

from functools import partial
from pathlib import Path

from workbench.declarations.editions import pinned_vintages
from workbench.declarations.indicators import read_indicators
from workbench.declarations.site import read_site_declaration
from workbench.model.paths import Project, write_whole
from workbench.presentation.wording import SOURCE_LANGUAGE, Wording, languages
from workbench.site.atom import write_feed
from workbench.site.country_page import country_page
from workbench.site.dcat import write_dcat
from workbench.site.headline_results import HeadlineResults
from workbench.site.home_page import home_page
from workbench.site.indicator_page import indicator_page
from workbench.site.inventory import Site, read_site
from workbench.site.page_layout import PageLayout, address
from workbench.site.sitemap import write_sitemap


def write_site(project: Project) -> Path:
    """Write the site from what is in ``outputs/``, for readers and for machines, and remove stale pages.

    It uses nothing else: a study is listed because its files are there.

    Returns
    -------
    Path
        The home page, ``outputs/index.html``.
    """
    site, declared, indicators = read_site(project), read_site_declaration(project), read_indicators(project)
    headline_results = HeadlineResults(site, indicators, partial(pinned_vintages, project))
    site_languages = _languages(site)
    pages = {}
    for language in site_languages:
        layout = PageLayout(Wording(language, indicators), site_languages, declared)
        pages[address("index", language)] = home_page(headline_results, layout)
        for country in headline_results.countries:
            pages[address(f"countries/{country}", language)] = country_page(headline_results, country, layout)
        for indicator in headline_results.by_indicator:
            pages[address(f"indicators/{indicator}", language)] = indicator_page(headline_results, indicator, layout)
    for path, page in pages.items():
        write_whole(project.outputs / path, page)
    _remove_stale(project.outputs, pages)
    write_feed(site, declared)
    write_dcat(site, declared)
    write_sitemap(site, declared)
    return project.outputs / "index.html"


def _languages(site: Site) -> tuple[str, ...]:
    """English, and each language of a study that the site is translated into."""
    return tuple(sorted({SOURCE_LANGUAGE, *(page.language for page in site.pages)} & set(languages())))


def _remove_stale(outputs: Path, pages: dict[str, str]) -> None:
    """Remove the pages of the site that were not written this time."""
    for pattern in ("index.*.html", "countries/*.html", "indicators/*.html"):
        for path in outputs.glob(pattern):
            if path.relative_to(outputs).as_posix() not in pages:
                path.unlink()
