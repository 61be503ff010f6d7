"""The preferred series: of the datasets and vintages that have a number, the one that speaks for it. Decided here alone.

The order is the same wherever a number is shown:

1. the datasets as the indicator declares them, the first that has the reference year of the place;
2. of a dataset, the vintage that the edition pins for it, or for a breakdown of it;
3. where none is pinned, the fullest for the place and the year, of equally full ones the newest.

A series is read from one dataset and vintage. Another one may be shown beside it only where datasets or vintages are
compared, under its own name. Of numbers that were published already, the first in the same order that has a value for the
place and the period speaks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from workbench.data.observations import codes_present, times_of_values
from workbench.data.snapshots import Snapshot
from workbench.declarations.datasets import DatasetDeclaration
from workbench.declarations.indicators import CountSource, Indicators
from workbench.model.types import Result, broken_down


def first_holding(sources: Sequence[CountSource], holds: Callable[[CountSource], bool]) -> CountSource:
    """The first of the datasets that publish the same, as declared, that has what is asked for; the first of all, where none has."""
    return sources[0] if len(sources) == 1 else next(filter(holds, sources), sources[0])


def fullest(
    snapshots: Iterable[Snapshot], declaration: DatasetDeclaration, used: Iterable[Mapping], country: str, year: int
) -> Snapshot:
    """The snapshot with the most values of what is used; of equally full ones, the newest.

    Where none has the year, the one that comes nearest to it from before.
    """

    def fullness(snapshot: Snapshot) -> tuple[int, str]:
        return _fullness(snapshot, declaration, used, country, year), snapshot.id.vintage

    def last_year(snapshot: Snapshot) -> tuple[int, str]:
        years = (_years_with_values(snapshot, declaration, codes, country) for codes in used)
        return max((had for of_codes in years for had in of_codes if had < year), default=0), snapshot.id.vintage

    first = max(snapshots, key=fullness)
    return first if fullness(first)[0] else max(snapshots, key=last_year)


def of_the_totals(
    snapshots: Iterable[Snapshot], vintage: str | None, declaration: DatasetDeclaration, used, country: str, year: int
):
    """The snapshot that the totals are read from, if it holds the breakdown too: a single code is none."""
    return [
        snapshot
        for snapshot in snapshots
        if snapshot.id.vintage == vintage and _fullness(snapshot, declaration, used, country, year) > 1
    ]


def number_of_values(
    snapshot: Snapshot, declaration: DatasetDeclaration, codes: Mapping, country: str, year: int
) -> int:
    """How many values a snapshot has for the country and the year, or for the months or quarters of it.

    Parameters
    ----------
    codes : mapping
        As for `workbench.data.observations.select`.
    """
    periods = [period for period in codes_present(snapshot, declaration, "time") if period[:4] == str(year)]
    filters = {**codes, "geo": declaration.place or country, "time": periods}
    return len(times_of_values(snapshot, declaration, filters))


def _fullness(snapshot: Snapshot, declaration: DatasetDeclaration, used, country: str, year: int) -> int:
    return sum(number_of_values(snapshot, declaration, codes, country, year) for codes in used)


def periods_with_values(snapshot: Snapshot, declaration: DatasetDeclaration, codes: Mapping, country: str) -> set[str]:
    """The periods that a snapshot has a value of for a country."""
    return set(times_of_values(snapshot, declaration, {**codes, "geo": declaration.place or country}))


def _years_with_values(snapshot: Snapshot, declaration: DatasetDeclaration, codes: Mapping, country: str) -> set[int]:
    return {int(period[:4]) for period in periods_with_values(snapshot, declaration, codes, country)}


Key = tuple[str, str, str, str]
"""Indicator, geo, breakdown and time: what has one value, whatever dataset and vintage it is read from."""


def fact(result: Result) -> Key:
    """What a result is a value of."""
    return result.key[:4]


class PreferredSeries:
    """Which of several results of one fact speaks for it.

    Parameters
    ----------
    indicators : Indicators
        The declared order of datasets.
    pinned : mapping
        Vintages that the edition pins: by dataset, and by breakdown of one, as in ``params/editions/<year>.yaml``.
    """

    def __init__(self, indicators: Indicators, pinned: Mapping[str, str]):
        self._indicators, self._pinned = indicators, pinned

    def of(self, results: Iterable[Result]) -> dict[Key, Result]:
        """The result that speaks for each fact, in the order in which the facts first come."""
        by_fact: dict[Key, list[Result]] = {}
        for result in results:
            by_fact.setdefault(fact(result), []).append(result)
        return {key: min(self.in_order(of_one), key=lambda r: not r.is_available) for key, of_one in by_fact.items()}

    def in_order(self, results: Iterable[Result]) -> list[Result]:
        """Results in the order of preference of the datasets and vintages that they are read from."""
        # A sort keeps the order of what is alike: newest first, then by preference.
        return sorted(sorted(results, key=lambda result: result.vintage, reverse=True), key=self._place)

    def _place(self, result: Result) -> list[tuple[int, int]]:
        """Where each source of a result stands in the order."""
        order = self._indicators.datasets(result.indicator)
        return [
            (order.index(dataset) if dataset in order else len(order), self._standing(result, dataset, vintage))
            for dataset, vintage in result.sources
        ]

    def _standing(self, result: Result, dataset: str, vintage: str) -> int:
        """The vintage that is pinned for what is asked, then one that is pinned for something else of the dataset."""
        of_breakdowns = [self._pinned.get(broken_down(dataset, dimension)) for dimension in result.codes]
        asked = next(filter(None, of_breakdowns), self._pinned.get(dataset))
        if vintage == asked:
            return 0
        return 1 if vintage == self._pinned.get(dataset) else 2
