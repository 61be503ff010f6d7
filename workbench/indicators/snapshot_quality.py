"""What a reviewer asks of the snapshots themselves: each is measured by the headline figure of its dataset."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import pandas
from msgspec import structs

from workbench.data.observations import (
    EVERY,
    Columns,
    Parts,
    codes_present,
    dimensions_of,
    select_columns,
    select_parts,
)
from workbench.data.snapshots import Snapshot
from workbench.declarations.codelists import is_aggregate
from workbench.declarations.datasets import DatasetDeclaration
from workbench.declarations.indicators import Count, CountSource, Indicators
from workbench.indicators import quality
from workbench.indicators.evaluate import Evaluator
from workbench.indicators.results import Results
from workbench.model.types import RESULT_COLUMNS, TOTALS, UNKNOWN


@dataclass(frozen=True, eq=False)
class Headline:
    """The figure that a dataset is known by, as one snapshot has it for one place.

    Attributes
    ----------
    indicator : str
        The first declared one that counts the dataset.
    source : CountSource
        How it is counted.
    added : tuple of str
        Dimensions that the snapshot holds no total of, so that all their codes are added up: a sum of rounded parts is no
        published total, and is never compared with one as if it were.
    place : str
        The country, or what a dataset that is not by country is filed under.
    """

    indicator: str
    source: CountSource
    added: tuple[str, ...]
    snapshot: Snapshot
    declaration: DatasetDeclaration
    place: str
    indicators: Indicators

    @property
    def dataset(self) -> str:
        return self.declaration.dataset

    @property
    def vintage(self) -> str:
        return self.snapshot.id.vintage

    @property
    def is_by_country(self) -> bool:
        """Whether the dataset has figures of single countries."""
        return self.declaration.place is None

    @cached_property
    def series(self) -> pandas.DataFrame:
        """The results of all periods that the snapshot has, of any country; of the last one, where it is not by country."""
        periods = codes_present(self.snapshot, self.declaration, "time")
        return self.results(periods if self.is_by_country else periods[-1:])

    def results(self, times: Sequence[str], breakdown: Mapping | None = None) -> pandas.DataFrame:
        """Results of some periods; years of a dataset by months or quarters are made of these."""
        # What was read once is not read again.
        if not breakdown and "series" in vars(self) and set(times) <= set(self.series["time"]):
            return self.series.set_index("time", drop=False).loc[list(times)].reset_index(drop=True)

        def observe(dataset: str, filters: Mapping) -> Columns:
            return select_columns(self.snapshot, self.declaration, filters, gaps=True)

        def observe_parts(dataset: str, filters: Mapping, over: Collection[str]) -> Parts:
            return select_parts(self.snapshot, self.declaration, filters, over, gaps=True)

        evaluator = Evaluator(self.indicators, observe, observe_parts, lambda indicator, sources, by: self.source)
        return evaluator.results(self.indicator, [self.place], list(times), breakdown or {})

    def has(self, year: int) -> bool:
        """Whether there is a value for the year, or for a month or quarter in it."""
        of_year = self.series["time"].str.startswith(str(year))
        return bool(self.series.loc[of_year, "value"].notna().any())

    def codes(self, dimension: str) -> list[str]:
        """The single codes of a dimension that the snapshot has, and unknown; without totals and aggregates."""
        if dimension not in dimensions_of(self.snapshot, self.declaration):
            return []
        present = codes_present(self.snapshot, self.declaration, dimension)
        return [code for code in present if code not in TOTALS and not is_aggregate(dimension, code)]


class SnapshotQuality:
    """The measures of quality of all snapshots that a study declares; `workbench.study.study.Study.quality` makes it.

    Parameters
    ----------
    indicators : Indicators
        The declarations.
    snapshots : iterable of (DatasetDeclaration, Snapshot)
        In the order in which they are shown; those of a dataset oldest first.
    country, year
        Of the run.
    """

    def __init__(
        self,
        indicators: Indicators,
        snapshots: Iterable[tuple[DatasetDeclaration, Snapshot]],
        country: str,
        year: int,
    ):
        self._indicators, self._country, self._year = indicators, country, year
        self._all = [
            headline for declaration, snapshot in snapshots if (headline := self._headline(declaration, snapshot))
        ]
        self.headlines = [headline for headline in self._all if headline.is_by_country]

    def _headline(self, declaration: DatasetDeclaration, snapshot: Snapshot) -> Headline | None:
        """The first count of the dataset that the snapshot has the codes of: one of first-time applicants has not all."""

        def is_there(source: CountSource) -> bool:
            has = dimensions_of(snapshot, declaration)
            where = [(dimension, code) for dimension, code in source.where.items() if dimension in has]
            return all(code in codes_present(snapshot, declaration, dimension) for dimension, code in where)

        counts = self._indicators.counts_of(declaration.dataset)
        known_by = next((count for count in counts if is_there(count[1])), next(iter(counts), None))
        return known_by and self._counted(*known_by, declaration, snapshot)

    def _counted(
        self, indicator: str, source: CountSource, declaration: DatasetDeclaration, snapshot: Snapshot
    ) -> Headline:
        """How an indicator is counted in a snapshot: with the total of each dimension, or, without one, all codes."""
        added = tuple(
            dimension
            for dimension in dimensions_of(snapshot, declaration)
            if dimension not in (*source.where, *source.over, "geo")
            and _has_no_total(dimension, codes_present(snapshot, declaration, dimension))
        )
        over = source.over | {dimension: _all_codes(snapshot, declaration, dimension) for dimension in added}
        left_out = tuple(dict.fromkeys((*source.zeros_left_out, *added)))
        source = structs.replace(source, over=over, zeros_left_out=left_out)
        place = declaration.place or self._country
        return Headline(indicator, source, added, snapshot, declaration, place, self._indicators)

    # How current and how complete

    def coverage(self) -> Results:
        """How many datasets with figures of countries there are, and how many have the year for the country."""
        datasets = list(dict.fromkeys(headline.dataset for headline in self.headlines))
        holding = {headline.dataset for headline in self.headlines if headline.has(self._year)}
        newest = {headline.dataset: headline.vintage for headline in self.headlines}
        counts = {"datasets_with_year": len(holding), "datasets_held": len(datasets)}
        return Results.of(
            pandas.DataFrame(
                [
                    (indicator, self._country, "", str(self._year), *[float(count)] * 3, "datasets", "",
                     "+".join(datasets), "+".join(newest[dataset] for dataset in datasets))
                    for indicator, count in counts.items()
                ],
                columns=RESULT_COLUMNS,
            )
        )  # fmt: skip

    def timeliness(self) -> Results:
        """Days from the end of the last period to the vintage, of the newest vintage of each dataset."""
        newest = {headline.dataset: headline for headline in self._all}
        return self._each(newest.values(), lambda one: quality.lag(one.series, one.declaration.reference_day))

    def completeness(self) -> Results:
        """Of each snapshot, the share of its periods that have a value."""
        return self._each(self.headlines, lambda headline: quality.completeness(headline.series))

    def completeness_by_year(self, years: Sequence[str]) -> Results:
        """Of each snapshot, the share of the periods of a year that have a value; nothing of years beyond its own."""

        def of_years(headline: Headline) -> pandas.DataFrame:
            found = quality.completeness_by_year(headline.series)
            return found[found["time"].isin(years)]

        return self._each(self.headlines, of_years)

    # Flags and rounding

    def flags(self) -> Results:
        """Of each snapshot, how many values carry each flag that occurs in any of them."""
        recorded = {headline: _flags_in(headline) for headline in self.headlines}
        flags = sorted(set().union(*recorded.values()))
        return self._each(
            self.headlines, lambda headline: quality.flag_counts(headline.series, flags, recorded[headline])
        )

    def flagged(self, flag: str) -> Results:
        """The values that carry a flag; of a snapshot that holds no total, the sums of its parts."""

        def carrying(headline: Headline) -> pandas.DataFrame:
            found = headline.series[headline.series["flags"].str.contains(flag, regex=False)]
            return quality.sums(found) if headline.added else found

        return self._each(self.headlines, carrying)

    def rounding(self) -> Results:
        """Of each snapshot that has the year: the rounding base, and what it leaves open."""
        holding = [headline for headline in self.headlines if headline.has(self._year)]
        return self._each(
            holding,
            lambda headline: quality.rounding(headline.results([str(self._year)]), headline.declaration.rounding_base),
        )

    # Releases of one figure

    @cached_property
    def releases(self) -> dict[str, list[Headline]]:
        """Indicators whose total several snapshots publish, with these snapshots, oldest first."""
        found: dict[str, list[Headline]] = {}
        for headline in self.headlines:
            if not headline.added:
                found.setdefault(headline.indicator, []).append(headline)
        return {
            indicator: sorted(several, key=lambda one: (one.vintage, one.dataset))
            for indicator, several in found.items()
            if len(several) > 1
        }

    def released(self, years: Sequence[str], indicator: str | None = None) -> Results:
        """The figures of some years as each release has them; of one indicator, or all."""
        several = [self.releases[indicator]] if indicator else self.releases.values()
        return self._each([one for releases in several for one in releases], lambda one: one.results(years))

    def summed(self, years: Sequence[str]) -> Results:
        """Of the snapshots that hold no total, the sums of their parts in some years."""
        return self._each([one for one in self.headlines if one.added], lambda one: quality.sums(one.results(years)))

    def revisions(self, years: Sequence[str]) -> Results:
        """What became of the figures of some years from a release to the next that has them."""
        found = []
        for releases in self.releases.values():
            held = [one.results(years).dropna(subset="value") for one in releases]
            for older, newer in combinations(range(len(held)), 2):
                between = pandas.concat([held[newer].head(0), *held[older + 1 : newer]])["time"]
                times = set(held[older]["time"]) & set(held[newer]["time"]) - set(between)
                if times:
                    found.append(quality.revision(*(held[at][held[at]["time"].isin(times)] for at in (older, newer))))
        return Results.across_vintages(found)

    # Parts and totals

    def parts_against_total(
        self, indicator: str, time: Sequence[str] | None = None, **parts: str | Sequence[str]
    ) -> Results:
        """For each snapshot that holds both: the sum of the parts, the total, their ratio, their difference, and
        what of that rounding does not explain, where the breakdown is whole.

        Parameters
        ----------
        indicator : str
            A declared count.
        time : str or int, optional
            A period; the reference year by default.
        **parts
            One dimension, and its codes that make up the total without overlapping; ``Study.every`` is every single one
            and what is unknown.
        """
        ((dimension, codes),) = parts.items()
        times = [str(time or self._year)]

        def compared(headline: Headline) -> pandas.DataFrame:
            found = headline.results(times, {dimension: _meant(headline, dimension, codes)})
            is_partial = dimension in headline.snapshot.card.partial
            return quality.against_total(found, headline.results(times), dimension, is_partial)

        # One part alone, such as one citizenship, makes up no total.
        counted = [one for one in self._counting(indicator) if not one.added and len(_meant(one, dimension, codes)) > 1]
        return self._each(counted, compared)

    def periods_against_year(self, indicator: str) -> Results:
        """The sum of the months or quarters of the year beside the annual dataset's figure, each of its newest vintage."""
        counted = self._counting(indicator)
        by_period = [one for one in counted if one.source.year and one.has(self._year) and not one.added]
        annual = [one for one in counted if not one.source.year and one.has(self._year) and not one.added]
        if not by_period or not annual:
            return Results()
        parts, total = (one.results([str(self._year)]) for one in (by_period[-1], annual[-1]))
        return Results.of(quality.against_total(parts, total, "time"))

    def _counting(self, indicator: str) -> list[Headline]:
        """Any indicator, as each snapshot counts it whose dataset is among the indicator's."""
        declared = self._indicators.declared(indicator)
        sources = (
            {source.dataset: source for source in reversed(declared.sources)} if isinstance(declared, Count) else {}
        )
        return [
            self._counted(indicator, sources[one.dataset], one.declaration, one.snapshot)
            for one in self.headlines
            if one.dataset in sources
        ]

    @staticmethod
    def _each(headlines: Iterable[Headline], measure: Callable[[Headline], pandas.DataFrame]) -> Results:
        return Results(result for headline in headlines for result in Results.of(measure(headline)))


def _has_no_total(dimension: str, codes: Sequence[str]) -> bool:
    # A single code stands for all, save for a citizenship: citizens of Ukraine alone are not all.
    return (len(codes) > 1 or dimension == "citizen") and not any(total in codes for total in TOTALS)


def _all_codes(snapshot: Snapshot, declaration: DatasetDeclaration, dimension: str) -> tuple[str, ...]:
    """Every single code, and what is unknown, if the snapshot has that."""
    return (EVERY, UNKNOWN) if UNKNOWN in codes_present(snapshot, declaration, dimension) else (EVERY,)


def _meant(headline: Headline, dimension: str, codes: str | Sequence[str]) -> list[str]:
    """Those of the codes that a snapshot has."""
    return [code for code in headline.codes(dimension) if codes == EVERY or code in codes]


def _flags_in(headline: Headline) -> set[str]:
    """The flags of observation status that any value of a snapshot carries."""
    return set().union(*headline.snapshot.opened(headline.declaration).distinct("obs_status"))
