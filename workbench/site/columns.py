"""The countries over the years: a column for each year, all of it in one vintage."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import groupby

from workbench.declarations.codelists import is_aggregate
from workbench.indicators.asked import EU27
from workbench.model.types import Result
from workbench.site.headline_results import HeadlineResults, of_one_vintage
from workbench.site.inventory import grouped


@dataclass(frozen=True)
class Column:
    """A year, in one vintage: a number for each country for which a study publishes it.

    ``computed`` are those of other countries, by the same formula from the same vintage; see `OtherCountries`.
    """

    time: str
    by_place: dict[str, Result]
    is_seam: bool = False
    computed: dict[str, Result] = field(default_factory=dict)

    @property
    def whole(self) -> "Column":
        """The year with all countries."""
        return Column(self.time, {**self.by_place, **self.computed}, self.is_seam)

    @property
    def vintage(self) -> str:
        return next(iter(self.by_place.values())).vintage

    @property
    def countries(self) -> list[Result]:
        return [result for place, result in self.by_place.items() if not is_aggregate("geo", place)]

    @property
    def union(self) -> Result | None:
        return self.by_place.get(EU27)


def columns_of(headline_results: HeadlineResults, indicator: str) -> list[Column]:
    """The years of an indicator, each in its preferred vintage; a change of vintage is marked as a seam.

    They are the same in each language and on each page, and found once.
    """
    if indicator not in headline_results.columns:
        headline_results.columns[indicator] = _columns(headline_results, indicator)
    return headline_results.columns[indicator]


def columns_with_computed(headline_results: HeadlineResults, indicator: str) -> list[Column]:
    """The same years, each with all countries."""
    return [column.whole for column in columns_of(headline_results, indicator)]


def _columns(headline_results: HeadlineResults, indicator: str) -> list[Column]:
    published = sorted(headline_results.by_indicator[indicator], key=lambda one: one.result.time)
    columns: list[Column] = []
    for time, of_year in groupby(published, lambda one: one.result.time):
        column = Column(time, {result.geo: result for result in of_one_vintage(headline_results, of_year)})
        is_seam = bool(columns) and columns[-1].vintage != column.vintage
        columns.append(Column(time, column.by_place, is_seam))
    return _with_computed(headline_results, columns)


def _with_computed(headline_results: HeadlineResults, columns: list[Column]) -> list[Column]:
    """The years with the numbers of other countries, which are evaluated for all years of a vintage at once."""
    computed: dict[str, dict[str, Result]] = defaultdict(dict)
    for of_one in grouped(columns, lambda column: next(iter(column.by_place.values())).sources).values():
        for result in headline_results.others.beside([one for column in of_one for one in column.by_place.values()]):
            computed[result.time][result.geo] = result
    return [replace(column, computed=computed[column.time]) for column in columns]
