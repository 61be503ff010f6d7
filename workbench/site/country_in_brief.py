"""A country at a glance, as the home page and the country's page show it: its brief, and a card for each topic."""

from dataclasses import dataclass

from workbench.presentation.wording import Wording
from workbench.site.entries import Entry, edition_label, entries_of
from workbench.site.headline_results import HeadlineResults
from workbench.site.inventory import grouped
from workbench.site.topic_cards import TopicCard, topic_cards


@dataclass(frozen=True)
class CountryInBrief:
    """The newest edition of a country.

    Attributes
    ----------
    edition, label : str
        Its name, and how readers see it.
    entries : tuple of Entry
        Its studies.
    cards : tuple of TopicCard
        Its topics.
    brief, printed : str
        The addresses of its brief below ``outputs/``, as a page and as a PDF; empty where there is none.
    """

    country: str
    name: str
    edition: str
    label: str
    entries: tuple[Entry, ...]
    cards: tuple[TopicCard, ...]
    brief: str
    printed: str


def country_in_brief(headline_results: HeadlineResults, country: str, wording: Wording, to_root: str) -> CountryInBrief:
    """The newest edition of a country that has studies on the site."""
    editions = grouped(
        entries_of(headline_results, headline_results.countries[country], wording), lambda entry: entry.page.in_edition
    )
    edition = next(iter(editions))
    stem = f"{edition}/{country}/brief.{wording.language}"
    brief, printed = (path if headline_results.has_file(path) else "" for path in (f"{stem}.html", f"{stem}.pdf"))
    return CountryInBrief(
        country,
        wording.label("geo", country),
        edition,
        edition_label(wording, edition),
        tuple(editions[edition]),
        tuple(topic_cards(headline_results, editions[edition], wording, to_root)),
        brief,
        printed,
    )
