"""The sealed studies, each with its page in every language: what feeds, sitemap and metadata list."""

import datetime
from dataclasses import dataclass

from workbench.model.record import EditionNote
from workbench.page.status import SEALED
from workbench.presentation.wording import SOURCE_LANGUAGE
from workbench.site.inventory import Site, StudyPage, grouped


@dataclass(frozen=True)
class SealedPage(StudyPage):
    """A page of a sealed study: it belongs to an edition."""

    edition: EditionNote


@dataclass(frozen=True, eq=False)
class SealedStudy:
    """A sealed study of a country and a year.

    Attributes
    ----------
    pages : tuple of SealedPage
        One for each language, English first.
    """

    pages: tuple[SealedPage, ...]

    @property
    def first(self) -> SealedPage:
        """The page that represents the study where only one can: the English one, if there is one."""
        return self.pages[0]

    @property
    def released(self) -> datetime.date:
        return max(datetime.date.fromisoformat(page.edition.released) for page in self.pages)

    @property
    def modified(self) -> datetime.date:
        """When it was published or last corrected."""
        return max(datetime.date.fromisoformat(page.edition.modified) for page in self.pages)

    @property
    def languages(self) -> list[str]:
        return [page.language for page in self.pages]


def sealed_studies(site: Site) -> list[SealedStudy]:
    """The sealed studies in the order of the site.

    Drafts are left out: they may still change, and what has been harvested cannot be called back. So is a study that is
    a draft in one language, for the languages share their results, and one without its file of results.
    """
    by_study = grouped(site.pages, lambda page: page.key)
    return [
        SealedStudy(tuple(SealedPage(**vars(page)) for page in sorted(pages, key=_language_order)))
        for pages in by_study.values()
        if all(_is_sealed(site, page) for page in pages)
    ]


def _is_sealed(site: Site, page: StudyPage) -> bool:
    return page.status == SEALED and page.edition is not None and (site.folder / page.results_csv).is_file()


def _language_order(page: StudyPage) -> tuple[bool, str]:
    return source_language_first(page.language)


def source_language_first(language: str) -> tuple[bool, str]:
    """The key that sorts languages: English, then the others by their codes."""
    return language != SOURCE_LANGUAGE, language
