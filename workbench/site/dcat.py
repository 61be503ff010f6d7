"""``catalog.jsonld``: the site as a DCAT-AP catalogue, for the data portals of Lithuania and of the European Union."""

import datetime
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from workbench.declarations.codelists import code_list
from workbench.declarations.site import SiteDeclaration
from workbench.model.names import LATEST
from workbench.model.paths import write_whole
from workbench.model.record import Source
from workbench.model.types import message
from workbench.page.schema_org import covered_days, web_address
from workbench.presentation.wording import languages, translations
from workbench.site.addresses import DCAT_FILE, address
from workbench.site.inventory import SealedArchive, Site, StudyPage, grouped
from workbench.site.sealed_studies import SealedPage, SealedStudy, sealed_studies, source_language_first

# Authority tables of the Publications Office of the European Union (https://op.europa.eu/en/web/eu-vocabularies).
_AUTHORITY = "http://publications.europa.eu/resource/authority"
_LANGUAGES = {
    "bg": "BUL", "cs": "CES", "da": "DAN", "de": "DEU", "el": "ELL", "en": "ENG", "es": "SPA", "et": "EST",
    "fi": "FIN", "fr": "FRA", "ga": "GLE", "hr": "HRV", "hu": "HUN", "it": "ITA", "lt": "LIT", "lv": "LAV",
    "mt": "MLT", "nl": "NLD", "pl": "POL", "pt": "POR", "ro": "RON", "sk": "SLK", "sl": "SLV", "sv": "SWE",
}  # fmt: skip
# The country table has the codes of ISO 3166-1 alpha-3, and others where ISO has assigned none.
_NOT_OF_ISO = {"XKX": "1A0"}
_THEME = ("SOCI", "Population and society")
_KIND_OF_DATASET = ("STATISTICAL", "Statistical")

# The context is in the file: nothing must be fetched to read it.
_CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{
        term: {"@id": term, "@container": "@language"}
        for term in (
            "dct:title",
            "dct:description",
            "adms:versionNotes",
            "dcat:keyword",
            "foaf:name",
            "rdfs:label",
            "skos:prefLabel",
            "vcard:fn",
        )
    },
    **{
        term: {"@id": term, "@type": "xsd:date"}
        for term in ("dct:issued", "dct:modified", "dcat:startDate", "dcat:endDate")
    },
    "dcat:byteSize": {"@id": "dcat:byteSize", "@type": "xsd:nonNegativeInteger"},
}


@dataclass(frozen=True)
class _Kind:
    """A kind of file: its names at IANA and in the table of file types, and its label and description for readers."""

    media_type: str
    file_type: str
    label: str
    description: str


_CSV = _Kind(
    "text/csv",
    "CSV",
    message("All results"),
    message("Every published number with its unit, bounds, flags, dataset and vintage."),
)
_XLSX = _Kind(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "XLSX",
    message("All results"),
    message("The same numbers as a spreadsheet: a sheet for each figure and table, with the notes."),
)
_HTML = _Kind(
    "text/html",
    "HTML",
    message("Study"),
    message("The study: findings, figures, tables and notes; every number leads to its dataset and vintage."),
)
_PDF = _Kind(
    "application/pdf",
    "PDF",
    message("Brief"),
    message("Two pages to print: the year in five sentences, a figure and a table."),
)
_ZIP = _Kind(
    "application/zip",
    "ZIP",
    message("Archive"),
    message("The edition with all that made it: studies, results, notebooks, parameters and data (BagIt, RO-Crate)."),
)
_KEYWORD = message("migration statistics")
_METADATA = message("metadata")

Texts = dict[str, str]
"""Language to a text in it."""

Period = tuple[datetime.date, datetime.date]
"""First and last day."""


def write_dcat(site: Site, declared: SiteDeclaration) -> Path:
    """Write the catalogue as DCAT-AP 3.0.0 (https://semiceu.github.io/DCAT-AP/releases/3.0.0/), in JSON-LD.

    A sealed study of a country and a year is a ``dcat:Dataset``: its results as CSV and spreadsheets, and its pages,
    are its distributions. The studies of one topic are a ``dcat:DatasetSeries``, to which each year adds: the series is
    annual, its members never change. A study of the edition ``latest`` does change, and is in no series. The newest archive of each edition is a dataset of its own, for it holds
    more than the studies.

    Drafts are left out: a portal keeps what it has harvested. The snapshots that a study was made from are
    ``prov:wasDerivedFrom`` and not ``dct:source``, which requires a ``dcat:Dataset``: harvesters would take each for a
    dataset of this catalogue; each leads to the page of its dataset. Recommended properties that nobody has declared, such
    as the kind of publisher, are left out, not invented.

    Parameters
    ----------
    site : Site
        The contents of ``outputs/``.
    declared : SiteDeclaration
        How the site describes itself.

    Returns
    -------
    Path
        ``catalog.jsonld``.
    """
    studies = sealed_studies(site)
    periods = {study: _period(site, study) for study in studies}
    series = [
        _series(declared, members, periods)
        for members in grouped(filter(_is_of_a_year, studies), lambda study: study.first.study).values()
    ]
    editions = [
        _edition(site, declared, archive, members, periods)
        for members in grouped(studies, lambda study: study.first.in_edition).values()
        if (archive := _newest_archive(site, members[0].first.in_edition))
    ]
    datasets = [_dataset(site, declared, study, periods[study]) for study in studies] + editions
    snapshots = {snapshot["@id"]: snapshot for study in studies for snapshot in _snapshots(declared, study)}
    graph = [_catalogue(declared, studies, series, datasets), *series, *datasets, *snapshots.values()]
    written = json.dumps({"@context": _CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"
    return write_whole(site.folder / DCAT_FILE, written)


# What is described


def _catalogue(declared: SiteDeclaration, studies: list[SealedStudy], series: list[dict], datasets: list[dict]) -> dict:
    site_languages = sorted(languages(), key=source_language_first)
    about = {
        "@type": "dcat:Catalog",
        "@id": _id(declared, "catalog"),
        "dct:title": _translated(declared.title, site_languages),
        "dct:description": _translated(declared.description, site_languages),
        "dct:publisher": _agent(declared, _translated(declared.publisher, site_languages)),
        "dct:language": _languages(site_languages),
        "dct:license": _known("dct:LicenseDocument", declared.licence),
        "dct:spatial": _places(studies),
        "foaf:homepage": _known("foaf:Document", declared.address),
        "dcat:themeTaxonomy": _known("skos:ConceptScheme", f"{_AUTHORITY}/data-theme")
        | {"dct:title": {"en": "Data theme"}},
        # In DCAT-AP a series is not a dcat:Dataset, and the catalogue has no property for series.
        "dcat:resource": [{"@id": one["@id"]} for one in series],
        "dcat:dataset": [{"@id": one["@id"]} for one in datasets],
    }
    if studies:
        about |= {
            "dct:issued": str(min(study.released for study in studies)),
            "dct:modified": str(max(study.modified for study in studies)),
        }
    return about


def _dataset(site: Site, declared: SiteDeclaration, study: SealedStudy, period: Period) -> dict:
    first = study.first
    name = _name(first)
    spreadsheets = [
        _distribution(site, declared, page.spreadsheet, _XLSX, [page])
        for page in study.pages
        if (site.folder / page.spreadsheet).is_file()
    ]
    return {
        "@type": "dcat:Dataset",
        "@id": _id(declared, name),
        "dct:identifier": name,
        "dct:title": {page.language: page.full_title for page in study.pages},
        "dct:description": {page.language: " ".join([page.summary, *page.findings]) for page in study.pages},
        "dcat:keyword": {
            page.language: [_gettext(_KEYWORD, page.language), page.title, page.place] for page in study.pages
        },
        **_common(declared, [study], period),
        **_of_dataset(study.pages),
        **_renewal(declared, study),
        **_corrections(study),
        "dcat:landingPage": [_known("foaf:Document", declared.url(page.html)) for page in study.pages],
        "prov:wasDerivedFrom": [{"@id": snapshot["@id"]} for snapshot in _snapshots(declared, study)],
        "dcat:distribution": [
            _distribution(site, declared, first.results_csv, _CSV, study.pages),
            *spreadsheets,
            *(_distribution(site, declared, page.html, _HTML, [page]) for page in study.pages),
            *(
                _distribution(site, declared, page.printed, _PDF, [page])
                for page in study.pages
                if _is_printed(site, page)
            ),
        ],
    }


def _corrections(study: SealedStudy) -> dict:
    """What was corrected since it was published, if anything."""
    noted = {
        page.language: " ".join(f"{correction.date}: {correction.text}" for correction in page.edition.corrections)
        for page in study.pages
        if page.edition.corrections
    }
    return {"dct:modified": str(study.modified), "adms:versionNotes": noted} if noted else {}


def _is_printed(site: Site, page: SealedPage) -> bool:
    return (site.folder / page.printed).is_file()


def _renewal(declared: SiteDeclaration, study: SealedStudy) -> dict:
    """How often a dataset changes: that of a year never, for the next year adds another to their series."""
    if not _is_of_a_year(study):
        return {"dct:accrualPeriodicity": _known("dct:Frequency", f"{_AUTHORITY}/frequency/IRREG")}
    return {
        "dct:accrualPeriodicity": _known("dct:Frequency", f"{_AUTHORITY}/frequency/NEVER"),
        "dcat:inSeries": {"@id": _series_id(declared, study)},
    }


def _is_of_a_year(study: SealedStudy) -> bool:
    return study.first.in_edition != LATEST


def _series(
    declared: SiteDeclaration,
    members: list[SealedStudy],
    periods: dict[SealedStudy, Period],
) -> dict:
    pages = _page_of_each_language(members)
    return {
        "@type": "dcat:DatasetSeries",
        "@id": _series_id(declared, members[0]),
        "dct:title": {page.language: page.title for page in pages},
        "dct:description": {page.language: page.summary for page in pages},
        **_common(declared, members, _whole(periods[study] for study in members)),
        "dct:modified": str(max(study.modified for study in members)),
        "dct:accrualPeriodicity": _known("dct:Frequency", f"{_AUTHORITY}/frequency/ANNUAL"),
    }


def _edition(
    site: Site,
    declared: SiteDeclaration,
    archive: SealedArchive,
    members: list[SealedStudy],
    periods: dict[SealedStudy, Period],
) -> dict:
    pages = _page_of_each_language(members)
    return {
        "@type": "dcat:Dataset",
        "@id": _id(declared, f"edition-{archive.in_edition}"),
        "dct:identifier": f"edition-{archive.in_edition}",
        "dcat:version": str(archive.revision),
        "dct:title": {page.language: page.edition.title for page in pages},
        "dct:description": _translated(_ZIP.description, [page.language for page in pages]),
        "dcat:keyword": {page.language: [_gettext(_KEYWORD, page.language)] for page in pages},
        **_common(declared, members, _whole(periods[study] for study in members)),
        **_of_dataset(pages),
        "dcat:distribution": [_distribution(site, declared, archive.href, _ZIP, pages)],
    }


def _common(declared: SiteDeclaration, studies: list[SealedStudy], period: Period) -> dict:
    """What studies, series and editions have in common."""
    pages = _page_of_each_language(studies)
    first, last = period
    return {
        "dct:publisher": _agent(declared, {page.language: page.edition.publisher for page in pages}),
        "dcat:contactPoint": {
            "@type": "vcard:Kind",
            "@id": _id(declared, "contact"),
            "vcard:fn": _translated(declared.publisher, sorted(languages(), key=source_language_first)),
            "vcard:hasEmail": {"@id": f"mailto:{quote(declared.contact_email, safe='@')}"},
        },
        "dct:issued": str(min(study.released for study in studies)),
        "dct:spatial": _places(studies),
        "dct:temporal": {"@type": "dct:PeriodOfTime", "dcat:startDate": str(first), "dcat:endDate": str(last)},
    }


def _of_dataset(pages: Iterable[StudyPage]) -> dict:
    """What DCAT-AP has for datasets but not for series."""
    (theme, label), (kind, name) = _THEME, _KIND_OF_DATASET
    return {
        "dct:type": _known("skos:Concept", f"{_AUTHORITY}/dataset-type/{kind}") | {"skos:prefLabel": {"en": name}},
        "dct:language": _languages([page.language for page in pages]),
        "dct:accessRights": _known("dct:RightsStatement", f"{_AUTHORITY}/access-right/PUBLIC"),
        "dcat:theme": _known("skos:Concept", f"{_AUTHORITY}/data-theme/{theme}") | {"skos:prefLabel": {"en": label}},
    }


def _distribution(
    site: Site,
    declared: SiteDeclaration,
    href: str,
    kind: _Kind,
    pages: Sequence[SealedPage],
) -> dict:
    codes = [page.language for page in pages]
    return {
        "@type": "dcat:Distribution",
        **_availability(declared),
        "@id": _id(declared, href),
        "dct:title": {code: f"{_gettext(kind.label, code)} ({kind.file_type})" for code in codes},
        "dct:description": _translated(kind.description, codes),
        "dct:language": _languages(codes),
        "dct:issued": max(page.edition.released for page in pages),
        "dct:license": _known("dct:LicenseDocument", pages[0].edition.licence),
        "dct:format": _known("dct:MediaTypeOrExtent", f"{_AUTHORITY}/file-type/{kind.file_type}"),
        "dcat:mediaType": _known("dct:MediaType", f"https://www.iana.org/assignments/media-types/{kind.media_type}"),
        "dcat:byteSize": str((site.folder / href).stat().st_size),
        "dcat:accessURL": _known("rdfs:Resource", declared.url(href)),
        "dcat:downloadURL": _known("rdfs:Resource", declared.url(href)),
    }


def _availability(declared: SiteDeclaration) -> dict:
    """How long a file will be there, if that is declared."""
    if declared.availability is None:
        return {}
    planned = _known("skos:Concept", f"{_AUTHORITY}/planned-availability/{declared.availability}")
    return {"dcatap:availability": planned | {"skos:prefLabel": {"en": declared.availability.capitalize()}}}


def _snapshots(declared: SiteDeclaration, study: SealedStudy) -> list[dict]:
    """The snapshots that a study was made from: the dataset, its vintage, and where its provider shows and describes it."""
    by_snapshot: dict[str, dict[str, Source]] = defaultdict(dict)
    for page in study.pages:
        for source in page.sources:
            name = f"snapshot-{source.agency}-{source.dataset}-{source.vintage}"
            by_snapshot[_id(declared, name)][page.language] = source
    return [_snapshot(declared, identifier, by_language) for identifier, by_language in sorted(by_snapshot.items())]


def _snapshot(declared: SiteDeclaration, identifier: str, by_language: dict[str, Source]) -> dict:
    source = next(iter(by_language.values()))
    about = {
        "@type": "prov:Entity",
        "@id": identifier,
        "dct:identifier": source.dataset,
        "dcat:version": source.vintage,
        "dct:title": {language: own.title for language, own in by_language.items()},
        "dct:publisher": _agent(declared, {language: own.provider for language, own in by_language.items()}),
        "dct:rights": {
            "@type": "dct:RightsStatement",
            "rdfs:label": {language: own.licence for language, own in by_language.items()},
        },
    }
    own = (declared.url(address(f"datasets/{source.dataset}", language)) for language in by_language)
    pages = [_known("foaf:Document", page) for page in own]
    if url := web_address(source.url):
        pages.append(_known("foaf:Document", url))
    if url := web_address(source.metadata_url):
        pages.append(_known("foaf:Document", url) | {"dct:title": _translated(_METADATA, by_language)})
    return about | {"foaf:page": pages}


# What is collected from several studies


def _page_of_each_language(studies: list[SealedStudy]) -> list[SealedPage]:
    """The newest page in each language that some studies are written in; the studies come with the newest first."""
    found = {page.language: page for study in reversed(studies) for page in study.pages}
    return sorted(found.values(), key=lambda page: source_language_first(page.language))


def _newest_archive(site: Site, edition: str) -> SealedArchive | None:
    revisions = [archive for archive in site.archives if archive.in_edition == edition]
    return max(revisions, key=lambda archive: archive.revision, default=None)


def _period(site: Site, study: SealedStudy) -> Period:
    return covered_days(site.results(study.first), study.first.year)


def _whole(periods: Iterable[Period]) -> Period:
    starts, ends = zip(*periods)
    return min(starts), max(ends)


# Names


def _id(declared: SiteDeclaration, name: str) -> str:
    """The identifier of a thing: a part of this file, so that it leads to the description."""
    return f"{declared.address}{DCAT_FILE}#{quote(name)}"


def _name(page: StudyPage) -> str:
    return f"{page.study}-{page.country}-{page.in_edition}"


def _series_id(declared: SiteDeclaration, study: SealedStudy) -> str:
    return _id(declared, f"series-{study.first.study}")


def _agent(declared: SiteDeclaration, names: Texts) -> dict:
    """An organisation by its name in each language; the same name is the same organisation."""
    first = next(iter(names.values()))
    identifier = _id(declared, f"organisation-{uuid.uuid5(uuid.NAMESPACE_URL, first)}")
    return {"@type": "foaf:Agent", "@id": identifier, "foaf:name": names}


def _known(kind: str, address: str) -> dict:
    """A thing that is defined elsewhere, with its class, for a validator does not look it up."""
    return {"@type": kind, "@id": address}


def _languages(codes: Iterable[str]) -> list[dict]:
    known = [_LANGUAGES[code] for code in codes if code in _LANGUAGES]
    return [_known("dct:LinguisticSystem", f"{_AUTHORITY}/language/{code}") for code in known]


def _places(studies: Iterable[SealedStudy]) -> list[dict]:
    """The countries of some studies; one that ISO does not have is not in the table of countries."""
    known = code_list("geo").codes
    codes = {known[study.first.country].iso3 for study in studies if study.first.country in known} - {""}
    return [_known("dct:Location", f"{_AUTHORITY}/country/{_NOT_OF_ISO.get(code, code)}") for code in sorted(codes)]


def _translated(text: str, codes: Iterable[str]) -> Texts:
    return {code: _gettext(text, code) for code in codes}


def _gettext(text: str, language: str) -> str:
    return translations(language).gettext(text)
