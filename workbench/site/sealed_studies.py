"""What others may harvest from the catalogue: the studies that are sealed, each with its page in every language."""

import datetime
from dataclasses import dataclass

from workbench.page.status import SEALED
from workbench.presentation.wording import SOURCE_LANGUAGE
from workbench.site.inventory import Site, StudyPage, grouped


@dataclass(frozen=True, eq=False)
class SealedStudy:
    """A sealed study of a country and a year.

    Attributes
    ----------
    pages : tuple of StudyPage
        One a language, English first.
    """

    pages: tuple[StudyPage, ...]

    @property
    def first(self) -> StudyPage:
        """The page that speaks for the study where one must: the English one, if there is one."""
        return self.pages[0]

    @property
    def released(self) -> datetime.date:
        return max(datetime.date.fromisoformat(page.edition.released) for page in self.pages)

    @property
    def languages(self) -> list[str]:
        return [page.language for page in self.pages]


def sealed_studies(site: Site) -> list[SealedStudy]:
    """The studies that feed, sitemap and metadata list, in the order of the site.

    A draft is left out: it may still change, and what has been harvested cannot be called back. So is a study of which
    one language is a draft, for the languages share their results; and one whose results are not there.
    """
    by_study = grouped(site.pages, lambda page: page.key)
    return [
        SealedStudy(tuple(sorted(pages, key=lambda page: source_language_first(page.language))))
        for pages in by_study.values()
        if all(_is_sealed(site, page) for page in pages)
    ]


def _is_sealed(site: Site, page: StudyPage) -> bool:
    return page.status == SEALED and page.edition is not None and (site.folder / page.results_csv).is_file()


def source_language_first(language: str) -> tuple[bool, str]:
    """The key that sorts languages: English, then the others by their codes."""
    return language != SOURCE_LANGUAGE, language
