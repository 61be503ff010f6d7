"""The preferred series: which of several datasets and vintages is shown for a number. It is decided only here.

The order is the same wherever a number is shown:

1. the datasets as the indicator declares them, the first that has the whole reference year of the place; where none has,
   the first that has a part of it;
2. of a dataset, the vintage that the edition pins for it, or for a breakdown of it;
3. where none is pinned, or several are, the fullest for the place and the year; among equally full ones, the newest.

Of a selection without a reference year, as a question asks for it, the dataset and the vintage that have most of what is asked for
are read; among equally full ones, the first in declared order, and the newest.

A series is read from one dataset and vintage. Another may be shown beside it, under its own name, only where datasets or
vintages are compared. Among numbers that are already published, the first in the same order that has a value for the place
and the period is preferred.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from workbench.data.observations import Filters, codes_present, times_of_values
from workbench.data.snapshots import Snapshot
from workbench.declarations.datasets import DatasetDeclaration
from workbench.declarations.indicators import CountSource, Indicators
from workbench.model.periods import year_of
from workbench.model.types import Result, broken_down

Candidate = TypeVar("Candidate")


def first_holding(sources: Sequence[CountSource], *holds: Callable[[CountSource], bool]) -> CountSource:
    """The first of the datasets that publish the same, in declared order, that has what is asked for.

    Parameters
    ----------
    sources : sequence of CountSource
        The datasets.
    *holds : callable
        Whether one has what is asked for: the best that can be had, then what is less. The first of all is taken if none has.
    """
    if len(sources) == 1:
        return sources[0]
    return next((source for enough in holds for source in sources if enough(source)), sources[0])


def having_most(candidates: Sequence[Candidate], values: Callable[[Candidate], int]) -> Candidate:
    """Of datasets in declared order, or vintages from the newest on, the first that has most values of what is asked for."""
    return max(candidates, key=values) if len(candidates) > 1 else candidates[0]


def fullest(
    snapshots: Iterable[Snapshot], declaration: DatasetDeclaration, used: Iterable[Filters], country: str, year: int
) -> Snapshot:
    """The snapshot with the most values of what is used; among equally full ones, the newest.

    Where none has the year, the one with the latest year before it.
    """

    def fullness(snapshot: Snapshot) -> tuple[int, str]:
        return _fullness(snapshot, declaration, used, country, year), snapshot.id.vintage

    def last_year(snapshot: Snapshot) -> tuple[int, str]:
        years = (_years_with_values(snapshot, declaration, codes, country) for codes in used)
        return max((had for of_codes in years for had in of_codes if had < year), default=0), snapshot.id.vintage

    first = max(snapshots, key=fullness)
    return first if fullness(first)[0] else max(snapshots, key=last_year)


def of_the_totals(
    snapshots: Iterable[Snapshot],
    vintage: str | None,
    declaration: DatasetDeclaration,
    used: Iterable[Filters],
    country: str,
    year: int,
) -> list[Snapshot]:
    """The snapshot that the totals are read from, if it holds the breakdown too: a single code is not a breakdown."""
    return [
        snapshot
        for snapshot in snapshots
        if snapshot.id.vintage == vintage and _fullness(snapshot, declaration, used, country, year) > 1
    ]


def number_of_values(
    snapshot: Snapshot, declaration: DatasetDeclaration, codes: Filters, country: str, year: int
) -> int:
    """How many values a snapshot has for the country and the year, or for the months or quarters of it.

    Parameters
    ----------
    codes : mapping
        As for `workbench.data.observations.select`.
    """
    periods = [period for period in codes_present(snapshot, declaration, "time") if year_of(period) == year]
    filters = {**codes, "geo": declaration.place or country, "time": periods}
    return len(times_of_values(snapshot, declaration, filters))


def _fullness(
    snapshot: Snapshot, declaration: DatasetDeclaration, used: Iterable[Filters], country: str, year: int
) -> int:
    return sum(number_of_values(snapshot, declaration, codes, country, year) for codes in used)


def periods_with_values(snapshot: Snapshot, declaration: DatasetDeclaration, codes: Filters, country: str) -> set[str]:
    """The periods for which a snapshot has a value for a country."""
    return set(times_of_values(snapshot, declaration, {**codes, "geo": declaration.place or country}))


def _years_with_values(snapshot: Snapshot, declaration: DatasetDeclaration, codes: Filters, country: str) -> set[int]:
    return {year_of(period) for period in periods_with_values(snapshot, declaration, codes, country)}


def read_by_most(runs: Iterable[Mapping[str, str]]) -> dict[str, tuple[str]]:
    """Of each dataset and breakdown, the vintage that most of some runs read; of those that equally many read, the newest.

    An edition whose years differ pins no vintage: what its runs chose speaks for it.
    """
    chosen: dict[str, Counter[str]] = defaultdict(Counter)
    for vintages in runs:
        for name, vintage in vintages.items():
            chosen[name][vintage] += 1
    return {name: (max(counted, key=lambda one: (counted[one], one)),) for name, counted in chosen.items()}


Key = tuple[str, str, str, str]
"""Indicator, geo, breakdown and time: these have one value, whatever dataset and vintage it is read from."""


def fact(result: Result) -> Key:
    """What a result is the value of."""
    return result.key[:4]


class PreferredSeries:
    """Which of several results of one fact is preferred.

    Parameters
    ----------
    indicators : Indicators
        The declared order of datasets.
    pinned : mapping
        Vintages that the edition pins: by dataset, and by breakdown of one, as in ``params/editions/<name>.yaml``.
    """

    def __init__(self, indicators: Indicators, pinned: Mapping[str, Sequence[str]]):
        self._indicators, self._pinned = indicators, pinned

    def of(self, results: Iterable[Result]) -> dict[Key, Result]:
        """The preferred result of each fact, in the order in which the facts first occur."""
        by_fact: dict[Key, list[Result]] = {}
        for result in results:
            by_fact.setdefault(fact(result), []).append(result)
        return {key: min(self.in_order(of_one), key=lambda r: not r.is_available) for key, of_one in by_fact.items()}

    def in_order(self, results: Iterable[Result]) -> list[Result]:
        """Results in the order of preference of the datasets and vintages that they are read from."""
        # Sorting is stable: newest first, then by preference.
        return sorted(sorted(results, key=lambda result: result.vintage, reverse=True), key=self._ranks)

    def _ranks(self, result: Result) -> list[tuple[int, int]]:
        """The rank of each source of a result: of its dataset, then of its vintage."""
        order = self._indicators.datasets(result.indicator)
        return [
            (order.index(dataset) if dataset in order else len(order), self._rank_of_vintage(result, dataset, vintage))
            for dataset, vintage in result.sources
        ]

    def _rank_of_vintage(self, result: Result, dataset: str, vintage: str) -> int:
        """First the vintage that is pinned for the breakdown, then that of the dataset, then all others."""
        of_breakdowns = [self._pinned.get(broken_down(dataset, dimension)) for dimension in result.codes]
        of_dataset = self._pinned.get(dataset, ())
        if vintage in next(filter(None, of_breakdowns), of_dataset):
            return 0
        return 1 if vintage in of_dataset else 2
