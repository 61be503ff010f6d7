"""``feed.xml``: the sealed studies as an Atom feed, one a language."""

import re
import uuid
from pathlib import Path
from xml.etree import ElementTree as ET

from workbench.declarations.site import SiteDeclaration
from workbench.model.paths import write_whole
from workbench.presentation.wording import SOURCE_LANGUAGE, index_name, languages, translations
from workbench.site.inventory import Site
from workbench.site.sealed_studies import SealedPage, SealedStudy, sealed_studies

_ATOM = "http://www.w3.org/2005/Atom"
# A feed must say when it was updated; one without entries has no such day, and the clock must not be published.
_BEFORE_ANY_RELEASE = "1970-01-01"
_ILLEGAL_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_feed(site: Site, declared: SiteDeclaration) -> list[Path]:
    """Write a feed of the sealed studies in each language, the newest first.

    The feeds are Atom (RFC 4287). Drafts are left out. An entry keeps its id when the site moves to another address: it
    is made from the publisher and the run. A study of the edition ``latest`` keeps it from year to year.

    Parameters
    ----------
    site : Site
        The contents of ``outputs/``.
    declared : SiteDeclaration
        How the site describes itself.

    Returns
    -------
    list of Path
        ``feed.xml`` in English, ``feed.<language>.xml`` in each other language.
    """
    studies = sorted(sealed_studies(site), key=lambda study: study.modified, reverse=True)
    return [
        write_whole(site.folder / feed_name(language), _serialised(_feed(studies, declared, language)))
        for language in languages()
    ]


def feed_name(language: str) -> str:
    """The file name of a language's feed."""
    return "feed.xml" if language == SOURCE_LANGUAGE else f"feed.{language}.xml"


def _feed(studies: list[SealedStudy], declared: SiteDeclaration, language: str) -> ET.Element:
    translated = translations(language).gettext
    listed = [(study, page) for study in studies for page in study.pages if page.language == language]
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": language})
    _add(feed, "id", _id(declared, "feed", language))
    _add(feed, "title", translated(declared.title))
    _add(feed, "subtitle", translated(declared.description))
    _add(feed, "updated", _moment(max((page.edition.modified for _, page in listed), default=_BEFORE_ANY_RELEASE)))
    _add(ET.SubElement(feed, "author"), "name", translated(declared.publisher))
    _link(feed, "self", "application/atom+xml", declared.url(feed_name(language)))
    _link(feed, "alternate", "text/html", declared.url(index_name(language)), language)
    for study, page in listed:
        feed.append(_entry(study, page, declared))
    return feed


def _entry(study: SealedStudy, page: SealedPage, declared: SiteDeclaration) -> ET.Element:
    entry = ET.Element("entry")
    _add(entry, "id", _id(declared, page.study, page.country, page.in_edition, page.language))
    _add(entry, "title", page.full_title)
    _add(entry, "updated", _moment(page.edition.modified))
    _add(ET.SubElement(entry, "author"), "name", page.edition.publisher)
    corrected = [correction.text for correction in page.edition.corrections]
    _add(entry, "summary", " ".join([*corrected, *page.findings]) or page.summary)
    for other in study.pages:
        _link(entry, "alternate", "text/html", declared.url(other.html), other.language)
    return entry


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _ILLEGAL_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _link(parent: ET.Element, relation: str, media_type: str, address: str, language: str | None = None) -> None:
    hreflang = {"hreflang": language} if language else {}
    ET.SubElement(parent, "link", {"rel": relation, "type": media_type, **hreflang, "href": address})


def _id(declared: SiteDeclaration, *parts: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, "\n".join([declared.publisher, *parts])).urn


def _moment(released: str) -> str:
    return f"{released}T00:00:00Z"


def _serialised(feed: ET.Element) -> bytes:
    ET.indent(feed, " ")
    return ET.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"
