"""The headline numbers of all studies, by indicator; of several vintages the preferred one is shown."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from workbench.data.preferred import PreferredSeries, read_by_most
from workbench.declarations.codelists import code_list
from workbench.declarations.countries import Countries
from workbench.declarations.indicators import Indicators, Quality
from workbench.declarations.studies import Sidecar
from workbench.model.names import edition_age
from workbench.model.types import Result
from workbench.site.inventory import Site, StudyPage, grouped
from workbench.site.other_countries import OtherCountries

ACROSS_TOPICS = ("overview", "forecasts", "methods")
"""The topics of studies that look across the others: an indicator is of them only where no other study publishes it."""


@dataclass(frozen=True)
class PublishedResult:
    """A number, and the study that published it."""

    result: Result
    study: str
    country: str
    year: int
    in_edition: str

    @property
    def is_own(self) -> bool:
        """Whether the number is of the country that the study is about."""
        return self.country == self.result.geo


@dataclass(frozen=True)
class Development:
    """A number, its change on the year before if it can be told, and the series of its vintage that ends with it."""

    latest: Result
    change: Result | None
    series: tuple[Result, ...]


class HeadlineResults:
    """All studies, and the headline numbers in them: of declared base indicators, for a year, not broken down.

    Each file of results is read once, however many languages and pages show its numbers.

    Parameters
    ----------
    site : Site
        The contents of ``outputs/``.
    indicators : Indicators
        The declarations.
    pinned : callable
        The vintages that an edition pins.
    sidecars : mapping
        Those of the studies, as far as there are any.
    declared : Countries
        What is declared of the countries.
    home : str or None
        The country that the site puts first.
    others : OtherCountries
        Evaluates what no study publishes.

    Attributes
    ----------
    developments : dict
        Edition, country, year and indicator to how the number developed, as far as it was asked for.
    columns : dict
        Indicator to its years, likewise.
    """

    def __init__(
        self,
        site: Site,
        indicators: Indicators,
        pinned: Callable[[str], Mapping[str, Sequence[str]]],
        sidecars: Mapping[str, Sidecar],
        declared: Countries,
        home: str | None,
        others: OtherCountries,
    ):
        self.site, self.indicators, self.sidecars = site, indicators, sidecars
        self._declared, self._home, self.others = declared, home, others
        self._pinned = cache(pinned)
        self.developments: dict[tuple[str, str, int, str], Development | None] = {}
        self.columns: dict[str, list] = {}

    def preferred(self, edition: str, of: tuple[str, int] | None = None) -> PreferredSeries:
        """Selects one of several vintages as an edition does, or as its studies of a country and a year do."""
        pages = (page for page in self.site.pages if page.in_edition == edition)
        chosen = (page.vintages for page in pages if of in (None, (page.country, page.year)))
        return PreferredSeries(self.indicators, read_by_most(chosen) | dict(self._pinned(edition)))

    @cached_property
    def headlines(self) -> list[PublishedResult]:
        """The headline numbers of all studies."""
        return [one for one in self._published if self._is_headline(one.result)]

    @cached_property
    def _published(self) -> list[PublishedResult]:
        """All numbers of all studies."""
        studies = {page.results_csv: page for page in self.site.pages if self.has_file(page.results_csv)}
        return [
            PublishedResult(result, page.study, page.country, page.year, page.in_edition)
            for page in studies.values()
            for result in self.site.results(page)
        ]

    def of_dataset(self, dataset: str) -> list[Result]:
        """All published numbers that are made of a dataset, each once."""
        return self._of_datasets.get(dataset, [])

    @cached_property
    def _of_datasets(self) -> dict[str, list[Result]]:
        of_each: dict[str, dict[Result, None]] = defaultdict(dict)
        for one in self._published:
            for dataset, _ in one.result.sources:
                of_each[dataset].setdefault(one.result)
        return {dataset: list(results) for dataset, results in of_each.items()}

    @cached_property
    def by_indicator(self) -> dict[str, list[PublishedResult]]:
        """The headline numbers of each indicator, in the order in which indicators are declared."""
        found = grouped(self.headlines, lambda published: published.result.indicator)
        return {indicator: found[indicator] for indicator in self.indicators.indicators if indicator in found}

    @cached_property
    def of_study(self) -> dict[tuple[str, str, str], list[PublishedResult]]:
        """The headline numbers of each study, by edition, country and study."""
        return grouped(self.headlines, lambda published: (published.in_edition, published.country, published.study))

    @cached_property
    def study_about(self) -> dict[str, str]:
        """The study that each indicator is looked up in; see `distance`."""
        return {
            indicator: min({one.study for one in published}, key=lambda study: self.distance(study, indicator))
            for indicator, published in self.by_indicator.items()
        }

    def topic(self, indicator: str) -> str:
        """The topic of an indicator: that of the study about it."""
        return self._topics[self.study_about[indicator]]

    def distance(self, study: str, indicator: str) -> tuple[bool, bool, int, str]:
        """How far a study is from being the one about an indicator: that names it as its headline, or else the one with the
        fewest others. Studies across topics come last."""
        is_headline = study in self.sidecars and indicator in self.sidecars[study].headline
        return self._topics[study] in ACROSS_TOPICS, not is_headline, len(self._indicators_of[study]), study

    @cached_property
    def _topics(self) -> dict[str, str]:
        return {page.study: page.topic for page in self.site.pages}

    @cached_property
    def _indicators_of(self) -> dict[str, set[str]]:
        by_study = grouped(self.headlines, lambda one: one.study)
        return {study: {one.result.indicator for one in published} for study, published in by_study.items()}

    @cached_property
    def countries(self) -> dict[str, list[StudyPage]]:
        """The studies of each country; a country that is not in the code list has no page."""
        known = code_list("geo").codes
        return grouped((page for page in self.site.pages if page.country in known), lambda page: page.country)

    @property
    def home(self) -> str:
        """The country that the site puts first: the declared one, or the first that has studies; empty where none has."""
        return self._home if self._home in self.countries else next(iter(sorted(self.countries)), "")

    def neighbours(self, country: str) -> tuple[str, ...]:
        """The countries that one is compared with first."""
        return self._declared.of(country).neighbours

    @cached_property
    def providers(self) -> dict[str, str]:
        """The provider of each dataset."""
        return {source.dataset: source.provider for page in self.site.pages for source in page.sources}

    def has_file(self, path: str) -> bool:
        """Whether ``outputs/`` has a file."""
        return (self.site.folder / path).is_file()

    def sources(self, results: Iterable[Result]) -> list[tuple[str, str, str]]:
        """Provider, dataset and vintage behind some results."""
        pairs = {pair for result in results for pair in result.sources}
        return [(self.providers.get(dataset, dataset), dataset, vintage) for dataset, vintage in sorted(pairs)]

    def _is_headline(self, result: Result) -> bool:
        declared = self.indicators.indicators.get(result.indicator)
        is_statistic = declared is not None and not isinstance(declared, Quality)
        return is_total_of_a_year(result) and result.has_vintage and is_statistic


def is_total_of_a_year(result: Result) -> bool:
    """Whether a number is of a year and not broken down, as are all numbers on the site."""
    return not result.breakdown and result.time.isdecimal() and len(result.time) == 4


def of_one_vintage(headline_results: HeadlineResults, published: Iterable[PublishedResult]) -> list[Result]:
    """Some numbers in one vintage: the preferred of the vintages with most values; one number for each key.

    Countries are compared within one vintage; a vintage with less than half as many values as another is passed over. Of
    the others, the newest edition that publishes one prefers one; ``latest`` is the newest of all. Where two studies publish
    a number in that vintage, that of the country's own study is taken, then that of the newest edition.
    """
    vintages = grouped(published, lambda one: (one.result.dataset, one.result.vintage))
    if not vintages:
        return []
    most = max(map(_number_of_values, vintages.values()))
    full = {of_one[0].result: of_one for of_one in vintages.values() if 2 * _number_of_values(of_one) >= most}
    newest = min((one.in_edition for of_one in full.values() for one in of_one), key=edition_age)
    first = headline_results.preferred(newest).in_order(full)[0]
    by_key = {}
    for one in sorted(full[first], key=lambda one: (one.is_own, -edition_age(one.in_edition))):
        by_key[one.result.key] = one.result
    return list(by_key.values())


def _number_of_values(published: list[PublishedResult]) -> int:
    return len({one.result.key for one in published if one.result.is_available})
