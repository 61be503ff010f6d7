"""The home page of the site: what is new, and all editions, countries, indicators and studies, with a search."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from workbench.model.names import edition_age
from workbench.model.record import CorrectionNote
from workbench.presentation.data_block import as_json
from workbench.presentation.downloads import size_text
from workbench.presentation.notes import definitions_html
from workbench.presentation.tables import legend_html
from workbench.presentation.wording import Wording, language_name
from workbench.site.addresses import address
from workbench.site.country_in_brief import country_in_brief
from workbench.site.entries import Entry, counted, edition_label, entries_of
from workbench.site.headline_results import HeadlineResults
from workbench.site.inventory import SealedArchive, Site, StudyPage, grouped
from workbench.site.page_layout import PageLayout
from workbench.site.search_index import search_index
from workbench.site.topics import topic_name, topic_order, topics
from workbench.site.used_datasets import UsedDataset, dataset_title

NEW_EDITIONS = 3
"""So many editions are listed as new."""


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
    corrections: tuple[CorrectionNote, ...] = ()

    @property
    def countries(self) -> set[str]:
        return {entry.page.country for entry in self.entries}


def home_page(headline_results: HeadlineResults, datasets: Mapping[str, UsedDataset], layout: PageLayout) -> str:
    """The home page in a language."""
    wording = layout.wording
    editions = _editions(headline_results, wording)
    entries = [entry for edition in editions for entry in edition.entries]
    home = country_in_brief(headline_results, headline_results.home, wording, "") if headline_results.home else None
    shown = [result for card in home.cards for result in card.results] if home else []
    return layout.page(
        "index.html.j2",
        "index",
        series=home.cards[0].series if home and home.cards else (),
        share_title=f"{home.name}, {home.label}" if home else "",
        home_country=home,
        legend=legend_html(wording, shown),
        definitions=definitions_html(wording, (result.indicator for result in shown)) if shown else "",
        editions=editions,
        new=_newest(editions),
        entries=entries,
        countries=_countries(headline_results, wording),
        topics=[
            (topic, [_indicator(wording, indicator) for indicator in topic.indicators])
            for topic in topics(headline_results, wording)
        ],
        queries=_queries(headline_results.site, wording),
        datasets=_datasets(datasets, wording),
        filters=_filters(entries, wording),
        search_data=Markup(as_json(search_index(headline_results, datasets.values(), entries, wording))),
        topic=lambda topic: topic_name(wording, topic),
        day=lambda day: wording.date(datetime.date.fromisoformat(day)),
        size=lambda size: size_text(wording, size),
        language_name=language_name,
        number=wording.number,
        studies_said=lambda count: counted(wording, wording.plural("{count} study", "{count} studies", count), count),
        countries_said=lambda count: counted(
            wording, wording.plural("{count} country", "{count} countries", count), count
        ),
    )


def _filters(entries: list[Entry], wording: Wording) -> list[dict]:
    """What narrows a search, each with its choices; one that leaves no choice is not offered."""
    places = {entry.page.country: entry.page.place for entry in entries}
    years = sorted({str(entry.page.year) for entry in entries}, reverse=True)
    of_topics = sorted({entry.page.topic for entry in entries}, key=lambda topic: topic_order(wording, topic))
    in_languages = sorted({page.language for entry in entries for page in entry.pages})
    offered = [
        ("kind", wording.text("Kind"), wording.text("Everything"), _kinds(wording)),
        ("country", wording.text("Country"), wording.text("All countries"),
         sorted(places.items(), key=lambda place: wording.sort_key(place[1]))),
        ("year", wording.text("Year"), wording.text("All years"), [(year, year) for year in years]),
        ("topic", wording.text("Topic"), wording.text("All topics"),
         [(topic, topic_name(wording, topic)) for topic in of_topics]),
        ("language", wording.text("Language"), wording.text("All languages"),
         [(language, language_name(language)) for language in in_languages]),
    ]  # fmt: skip
    return [
        {"name": name, "label": label, "all": everything, "choices": choices}
        for name, label, everything, choices in offered
        if len(choices) > 1
    ]


def _kinds(wording: Wording) -> list[tuple[str, str]]:
    """What can be found, as the script names it, and as the reader sees it."""
    return [
        ("study", wording.text("Study")),
        ("finding", wording.text("Finding")),
        ("figure", wording.text("Figure")),
        ("indicator", wording.text("Indicator")),
        ("country", wording.text("Country")),
        ("dataset", wording.text("Dataset")),
    ]


def _queries(site: Site, wording: Wording) -> list[StudyPage]:
    """The page of each ad-hoc query: in the language of the reader, if there is one."""
    of_each = grouped(site.queries, lambda page: page.key)
    return [max(pages, key=lambda page: page.language == wording.language) for pages in of_each.values()]


def _datasets(datasets: Mapping[str, UsedDataset], wording: Wording) -> list[tuple[str, list[dict]]]:
    """The datasets by provider."""
    listed = [
        {
            "provider": wording.text(dataset.source(wording.language).provider),
            "title": dataset_title(dataset, wording),
            "code": code,
            "href": address(f"datasets/{code}", wording.language),
        }
        for code, dataset in datasets.items()
    ]
    by_provider = grouped(listed, lambda dataset: dataset["provider"])
    return sorted(by_provider.items(), key=lambda of_one: (-len(of_one[1]), wording.sort_key(of_one[0])))


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
    noted = [note for page, of in named if of == language for note in page.corrections]
    corrected = tuple(sorted(dict.fromkeys(noted), key=lambda note: note.date))
    return ListedEdition(name, label, entries, archives, edition.title, title_language, edition.released, corrected)


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


def _indicator(wording: Wording, indicator: str) -> dict:
    return {
        "label": wording.indicator(indicator),
        "href": address(f"indicators/{indicator}", wording.language),
    }
