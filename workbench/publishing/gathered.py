"""The published numbers of all studies, gathered by indicator: one vintage at a time, never two mixed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from workbench.declarations.codelists import code_list
from workbench.declarations.indicators import Indicators, Quality
from workbench.model.words import Result
from workbench.publishing.site import Site, StudyPage, grouped


@dataclass(frozen=True)
class Published:
    """A number, and the study that published it."""

    result: Result
    study: str
    country: str
    year: int

    @property
    def is_own(self) -> bool:
        """Whether the study is about the country that the number is of."""
        return self.country == self.result.geo


class Gathered:
    """All studies, and the headline numbers in them: of declared base indicators, for a year, not broken down.

    Each file of results is read once, however many languages and pages show its numbers.
    """

    def __init__(self, site: Site, indicators: Indicators):
        self.site, self.indicators = site, indicators

    @cached_property
    def headlines(self) -> list[Published]:
        """The headline numbers of all studies."""
        studies = {page.results_csv: page for page in self.site.pages if self.has_file(page.results_csv)}
        return [
            Published(result, page.study, page.country, page.year)
            for page in studies.values()
            for result in self.site.results(page)
            if self._is_headline(result)
        ]

    @cached_property
    def by_indicator(self) -> dict[str, list[Published]]:
        """The headline numbers of each indicator, in the order in which indicators are declared."""
        found = grouped(self.headlines, lambda published: published.result.indicator)
        return {indicator: found[indicator] for indicator in self.indicators.indicators if indicator in found}

    @cached_property
    def of_study(self) -> dict[tuple[int, str, str], list[Published]]:
        """The headline numbers of each study, by year, country and study."""
        return grouped(self.headlines, lambda published: (published.year, published.country, published.study))

    @cached_property
    def countries(self) -> dict[str, list[StudyPage]]:
        """The studies of each country; one that the code list does not know has no page of its own."""
        known = code_list("geo").codes
        return grouped((page for page in self.site.pages if page.country in known), lambda page: page.country)

    @cached_property
    def providers(self) -> dict[str, str]:
        """Who provides a dataset."""
        return {source.dataset: source.provider for page in self.site.pages for source in page.sources}

    def has_file(self, path: str) -> bool:
        """Whether a file is there below ``outputs/``."""
        return (self.site.folder / path).is_file()

    def sources(self, results: Iterable[Result]) -> list[tuple[str, str, str]]:
        """Provider, dataset and vintage of all that is shown."""
        pairs = {pair for result in results for pair in result.sources}
        return [(self.providers.get(dataset, dataset), dataset, vintage) for dataset, vintage in sorted(pairs)]

    def _is_headline(self, result: Result) -> bool:
        is_total_of_a_year = not result.breakdown and result.time.isdecimal() and len(result.time) == 4
        declared = self.indicators.indicators.get(result.indicator)
        is_of_a_place = declared is not None and not isinstance(declared, Quality)
        return is_total_of_a_year and result.has_vintage and is_of_a_place


def of_one_vintage(published: Iterable[Published]) -> list[Result]:
    """Of the vintages that some numbers come in, the one with most values, the newest of several; a number for each key.

    Where two studies publish a number in that vintage, that of the country's own study is taken, then the newest.
    """
    vintages = grouped(published, lambda one: (one.result.vintage, one.result.dataset))
    if not vintages:
        return []
    fullest = max(vintages, key=lambda vintage: (_number_of_values(vintages[vintage]), vintage))
    by_key = {}
    for one in sorted(vintages[fullest], key=lambda one: (one.is_own, one.year)):
        by_key[one.result.key] = one.result
    return list(by_key.values())


def _number_of_values(published: list[Published]) -> int:
    return len({one.result.key for one in published if one.result.is_available})
