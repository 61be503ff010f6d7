"""The studies as the site lists them: one entry for all languages of a study."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench.model.names import edition_age
from workbench.presentation.wording import Wording
from workbench.site.headline_results import HeadlineResults
from workbench.site.inventory import StudyPage, grouped

SHOWN_FINDINGS = 2
"""So many key findings of a study are shown at once; the others are folded."""


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


def edition_label(wording: Wording, name: str) -> str:
    """The year of an edition, or that each of its studies has its own."""
    return name if name.isdecimal() else wording.text("Newest year of each topic")


def more_said(wording: Wording) -> Callable[[int], str]:
    """A function that says how many findings are folded."""
    return lambda count: counted(wording, wording.plural("{count} more finding", "{count} more findings", count), count)


def counted(wording: Wording, template: str, count: int) -> str:
    """A text that tells how many."""
    return template.format(count=wording.number(count))
