"""The home page of the site: what is new, and all editions, countries, indicators and studies, with a search."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from workbench.model.names import edition_age
from workbench.presentation.wording import Wording, language_name
from workbench.site.headline_results import HeadlineResults
from workbench.site.inventory import SealedArchive, StudyPage, grouped
from workbench.site.page_layout import PageLayout, address, size_text

SHOWN_FINDINGS = 2
"""So many key findings of a study are shown at once; the others are folded."""

NEW_EDITIONS = 3
"""So many editions are listed as new."""


@dataclass(frozen=True)
class Entry:
    """A study of a country and a year as the site lists it.

    Attributes
    ----------
    page : StudyPage
        The page in the reader's language, or else in the first that there is.
    pages : tuple of StudyPage
        The pages in all languages.
    indicators : tuple of str
        The indicators that it publishes numbers of.
    has_results, has_spreadsheet : bool
        Whether there are such files.
    """

    page: StudyPage
    pages: tuple[StudyPage, ...]
    indicators: tuple[str, ...]
    has_results: bool
    has_spreadsheet: bool

    @property
    def shown(self) -> tuple[str, ...]:
        """The findings that are shown at once."""
        return self.page.findings[:SHOWN_FINDINGS]

    @property
    def folded(self) -> tuple[str, ...]:
        """The other findings."""
        return self.page.findings[SHOWN_FINDINGS:]


@dataclass(frozen=True)
class ListedEdition:
    """The studies and archives of an edition; the title is empty where none of that name is declared. The label is its year,
    or says that each study has its own."""

    name: str
    label: str
    entries: tuple[Entry, ...]
    archives: tuple[SealedArchive, ...]
    title: str
    title_language: str
    released: str

    @property
    def countries(self) -> set[str]:
        return {entry.page.country for entry in self.entries}


def home_page(headline_results: HeadlineResults, layout: PageLayout) -> str:
    """The home page in a language."""
    wording = layout.wording
    editions = _editions(headline_results, wording)
    entries = [entry for edition in editions for entry in edition.entries]
    return layout.page(
        "index.html.j2",
        "index",
        editions=editions,
        new=_newest(editions),
        entries=entries,
        countries=_countries(headline_results, wording),
        indicators=_indicators(headline_results, wording),
        years=sorted({entry.page.year for entry in entries}, reverse=True),
        topics=sorted(
            ((topic, _topic(wording, topic)) for topic in {entry.page.topic for entry in entries}),
            key=lambda topic: wording.sort_key(topic[1]),
        ),
        in_languages=[
            (language, language_name(language))
            for language in sorted({page.language for page in headline_results.site.pages})
        ],
        topic=lambda topic: _topic(wording, topic),
        day=lambda day: wording.date(datetime.date.fromisoformat(day)),
        size=lambda size: size_text(wording, size),
        language_name=language_name,
        number=wording.number,
        studies_said=lambda count: _counted(wording, wording.plural("{count} study", "{count} studies", count), count),
        countries_said=lambda count: _counted(
            wording, wording.plural("{count} country", "{count} countries", count), count
        ),
        more_said=more_said(wording),
    )


def entries_of(headline_results: HeadlineResults, pages: list[StudyPage], wording: Wording) -> list[Entry]:
    """Pages as entries, one for each study, country and edition, sorted by name."""
    by_study = grouped(pages, lambda page: page.key)
    entries = [_entry(headline_results, key, tuple(pages), wording.language) for key, pages in by_study.items()]
    return sorted(
        entries,
        key=lambda entry: (
            edition_age(entry.page.in_edition),
            wording.sort_key(entry.page.place),
            wording.sort_key(entry.page.title),
        ),
    )


def _entry(headline_results: HeadlineResults, key: tuple, pages: tuple[StudyPage, ...], language: str) -> Entry:
    page = in_language(pages, language)
    published = {published.result.indicator for published in headline_results.of_study.get(key, ())}
    return Entry(
        page,
        pages,
        indicators=tuple(indicator for indicator in headline_results.by_indicator if indicator in published),
        has_results=headline_results.has_file(page.results_csv),
        has_spreadsheet=headline_results.has_file(page.spreadsheet),
    )


def in_language(pages: tuple[StudyPage, ...], language: str) -> StudyPage:
    """The page in a language, or the first one there is."""
    return next((page for page in pages if page.language == language), pages[0])


def _editions(headline_results: HeadlineResults, wording: Wording) -> list[ListedEdition]:
    """The editions that have studies or archives, the newest first."""
    entries = grouped(
        entries_of(headline_results, list(headline_results.site.pages), wording), lambda entry: entry.page.in_edition
    )
    archives = grouped(headline_results.site.archives, lambda archive: archive.in_edition)
    names = sorted(entries.keys() | archives.keys(), key=edition_age)
    return [_edition(name, tuple(entries.get(name, ())), tuple(archives.get(name, ())), wording) for name in names]


def _edition(
    name: str, entries: tuple[Entry, ...], archives: tuple[SealedArchive, ...], wording: Wording
) -> ListedEdition:
    """An edition; studies made at different times may name it differently, and the last release counts."""
    label, language = edition_label(wording, name), wording.language
    named = [(page.edition, page.language) for entry in entries for page in entry.pages if page.edition]
    if not named:
        return ListedEdition(name, label, entries, archives, title="", title_language=language, released="")
    edition, title_language = max(named, key=lambda pair: (pair[0].released, pair[1] == language))
    return ListedEdition(name, label, entries, archives, edition.title, title_language, edition.released)


def edition_label(wording: Wording, name: str) -> str:
    """The year of an edition, or that each of its studies has its own."""
    return name if name.isdecimal() else wording.text("Newest year of each topic")


def _newest(editions: list[ListedEdition]) -> list[ListedEdition]:
    """The editions that were released last, by their own dates and not by the clock."""
    released = [edition for edition in editions if edition.released]
    return sorted(released, key=lambda edition: edition.released, reverse=True)[:NEW_EDITIONS]


def _countries(headline_results: HeadlineResults, wording: Wording) -> list[dict]:
    countries = [
        {
            "code": country,
            "name": wording.label("geo", country),
            "href": address(f"countries/{country}", wording.language),
            "studies": len({page.key for page in pages}),
        }
        for country, pages in headline_results.countries.items()
    ]
    return sorted(countries, key=lambda country: wording.sort_key(country["name"]))


def _indicators(headline_results: HeadlineResults, wording: Wording) -> list[dict]:
    indicators = [
        {
            "id": indicator,
            "label": wording.indicator(indicator),
            "definition": wording.definition(indicator),
            "href": address(f"indicators/{indicator}", wording.language),
        }
        for indicator in headline_results.by_indicator
    ]
    return sorted(indicators, key=lambda indicator: wording.sort_key(indicator["label"]))


def _topic(wording: Wording, topic: str) -> str:
    name = wording.text(topic)
    return name[:1].upper() + name[1:]


def more_said(wording: Wording) -> Callable[[int], str]:
    """A function that says how many findings are folded."""
    return lambda count: _counted(
        wording, wording.plural("{count} more finding", "{count} more findings", count), count
    )


def _counted(wording: Wording, template: str, count: int) -> str:
    return template.format(count=wording.number(count))
