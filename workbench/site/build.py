"""The site: static pages that list the studies and archives of all editions, the countries and the indicators."""

from functools import partial
from pathlib import Path

from workbench.declarations.countries import read_countries
from workbench.declarations.editions import pinned_vintages
from workbench.declarations.indicators import read_indicators
from workbench.declarations.site import read_site_declaration
from workbench.declarations.studies import Sidecar, read_sidecar
from workbench.model.paths import Project, write_whole
from workbench.presentation.share_picture import SharePicture, png
from workbench.presentation.wording import SOURCE_LANGUAGE, Wording, languages
from workbench.site.addresses import address
from workbench.site.atom import write_feed
from workbench.site.calendar_page import STEM as CALENDAR
from workbench.site.calendar_page import published
from workbench.site.columns import columns_with_computed
from workbench.site.compare_page import compare_page
from workbench.site.comparison import series_data
from workbench.site.country_page import country_page
from workbench.site.dataset_page import dataset_page
from workbench.site.dcat import write_dcat
from workbench.site.glossary_page import glossary_page
from workbench.site.headline_results import HeadlineResults
from workbench.site.home_page import home_page
from workbench.site.indicator_page import indicator_page
from workbench.site.inventory import Site, read_site
from workbench.site.kept_drawings import KeptDrawings
from workbench.site.other_countries import OtherCountries
from workbench.site.page_layout import PageLayout
from workbench.site.sitemap import write_sitemap
from workbench.site.used_datasets import used_datasets


def write_site(project: Project) -> Path:
    """Write the site from what is in ``outputs/``, for readers and for machines, and remove stale pages.

    A study is listed because its files are there. Beside them it uses the declarations, and the snapshots that the studies
    used: for their pages, and to compare other countries.

    Returns
    -------
    Path
        The home page, ``outputs/index.html``.
    """
    site, declared, indicators = read_site(project), read_site_declaration(project), read_indicators(project)
    datasets = used_datasets(project, site)
    headline_results = HeadlineResults(
        site,
        indicators,
        partial(pinned_vintages, project),
        _sidecars(project, site),
        read_countries(project),
        declared.home_country,
        OtherCountries(project, indicators),
    )
    site_languages, drawings = _languages(site), KeptDrawings(project)
    calendar = published(project, declared, site)
    pages: dict[str, str] = {}
    pictures: dict[str, SharePicture] = {}
    files: dict[str, bytes] = {}
    for language in site_languages:
        layout = PageLayout(
            Wording(language, indicators),
            site_languages,
            declared,
            drawings,
            pictures,
            files,
            tuple(datasets),
            bool(headline_results.by_indicator),
        )
        pages[address("index", language)] = home_page(headline_results, datasets, layout)
        for country in headline_results.countries:
            pages[address(f"countries/{country}", language)] = country_page(headline_results, country, layout)
        compared = {
            indicator: series_data(columns_with_computed(headline_results, indicator), layout.wording, indicator)
            for indicator in headline_results.by_indicator
        }
        for indicator, data in compared.items():
            pages[address(f"indicators/{indicator}", language)] = indicator_page(
                headline_results, indicator, data, layout
            )
        if compared:
            pages[address("glossary", language)] = glossary_page(headline_results, layout)
            pages[address("compare", language)] = compare_page(headline_results, compared, layout)
        if calendar:
            pages[address(CALENDAR, language)] = calendar.html(layout)
        for code, dataset in datasets.items():
            pages[address(f"datasets/{code}", language)] = dataset_page(headline_results, dataset, layout)
    for path, page in pages.items():
        write_whole(project.outputs / path, page)
    for path, file in files.items():
        write_whole(project.outputs / path, file)
    for path, picture in pictures.items():
        # Its name says what it shows.
        if not (project.outputs / path).is_file():
            write_whole(project.outputs / path, png(picture))
    drawings.write()
    _remove_stale(project.outputs, {*pages, *files, *pictures})
    write_whole(project.outputs / "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {declared.url('sitemap.xml')}\n")
    write_feed(site, declared)
    write_dcat(site, declared)
    write_sitemap(site, declared)
    return project.outputs / "index.html"


def _sidecars(project: Project, site: Site) -> dict[str, Sidecar]:
    """The sidecars of the studies on the site, as far as they are still there."""
    studies = sorted({page.study for page in site.pages})
    return {study: read_sidecar(project, study) for study in studies if project.sidecar(study).is_file()}


def _languages(site: Site) -> tuple[str, ...]:
    """English, and each language of a study that the site is translated into."""
    return tuple(sorted({SOURCE_LANGUAGE, *(page.language for page in site.pages)} & set(languages())))


def _remove_stale(outputs: Path, written: set[str]) -> None:
    """Remove the pages, files and pictures of the site that were not written this time."""
    for pattern in (
        "index.*.html",
        "glossary.*.html",
        "compare.*.html",
        "calendar.*",
        "countries/*.*",
        "datasets/*.html",
        "indicators/*.*",
        "share/*.png",
    ):
        for path in outputs.glob(pattern):
            if path.relative_to(outputs).as_posix() not in written:
                path.unlink()
