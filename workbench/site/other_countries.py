"""The numbers of countries that no study on the site is about: from the same vintages, by the same formulas.

A site of one country would otherwise have little to compare it with. A number is added beside those that studies published only
where the formula, applied to the same vintages, gives these as well.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from workbench.data.observations import Columns, Parts, absent, absent_parts, select_columns, select_parts
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.codelists import reporting_countries
from workbench.declarations.datasets import DatasetDeclaration, declared_datasets, read_dataset
from workbench.declarations.indicators import CountSource, Indicators, Quality
from workbench.indicators.asked import EU27
from workbench.indicators.evaluate import Evaluator, Scope
from workbench.indicators.results import Results
from workbench.model.paths import Project
from workbench.model.types import Result

Vintages = tuple[tuple[str, str], ...]
"""The datasets that a number is made of, each with its vintage."""


class OtherCountries:
    """Evaluates indicators for all reporting countries, in the vintages that studies published them in.

    Parameters
    ----------
    project : Project
        Whose snapshots are read.
    indicators : Indicators
        The declarations.
    """

    def __init__(self, project: Project, indicators: Indicators):
        self._project, self._indicators, self._store = project, indicators, SnapshotStore.of(project)
        self._found: dict[tuple[str, Vintages, tuple[str, ...]], dict[tuple[str, str], Result]] = {}
        self._snapshots: dict[tuple[str, str], Snapshot] = {}

    def beside(self, published: Collection[Result]) -> list[Result]:
        """The numbers of other places for the years of some published ones, which are of one indicator and the same vintages;
        none for a year of which the published ones are not confirmed."""
        first = next(iter(published))
        times = tuple(sorted({result.time for result in published}))
        if len(published) >= len(times) * len(_places(times)):
            return []
        known = self._evaluated(first.indicator, first.sources, times)
        confirmed = {time for time in times if _agree((one for one in published if one.time == time), known)}
        there = {(result.geo, result.time) for result in published}
        return [result for key, result in known.items() if key not in there and result.time in confirmed]

    def _evaluated(self, indicator: str, vintages: Vintages, times: tuple[str, ...]) -> dict[tuple[str, str], Result]:
        key = indicator, vintages, times
        if key not in self._found:
            self._found[key] = self._evaluate(*key) if self._can_evaluate(indicator, vintages) else {}
        return self._found[key]

    def _can_evaluate(self, indicator: str, vintages: Vintages) -> bool:
        """Whether a formula gives the indicator at little cost, and the vintages are here."""
        declared = self._indicators.declared(indicator)
        is_formula = not isinstance(declared, Quality) and not self._indicators.is_estimated(indicator)
        parts = (self._indicators.declared(one) for one in self._indicators.counts(indicator))
        return is_formula and not any(one.is_costly for one in (declared, *parts)) and all(map(self._is_here, vintages))

    def _is_here(self, pair: tuple[str, str]) -> bool:
        dataset, vintage = pair
        return dataset in self._declarations and vintage in {one.id.vintage for one in self._store.vintages(dataset)}

    def _evaluate(self, indicator: str, vintages: Vintages, times: tuple[str, ...]) -> dict[tuple[str, str], Result]:
        of_dataset = dict(vintages)
        places = _places(times)

        def choose(count: str, sources: tuple[CountSource, ...], breakdown: Mapping) -> CountSource:
            return next((source for source in sources if source.dataset in of_dataset), sources[0])

        def observe(dataset: str, filters: Mapping) -> Columns:
            if dataset not in of_dataset:
                return absent(self._declarations[dataset], filters)
            return select_columns(*self._opened(dataset, of_dataset[dataset]), filters, gaps=True)

        def observe_parts(dataset: str, filters: Mapping, over: Collection[str]) -> Parts:
            if dataset not in of_dataset:
                return absent_parts(self._declarations[dataset], filters, over)
            return select_parts(*self._opened(dataset, of_dataset[dataset]), filters, over, gaps=True)

        evaluator = Evaluator(self._indicators, observe, observe_parts, choose, Scope(places, times))
        results = Results.of(evaluator.results(indicator, places, times))
        return {
            (result.geo, result.time): result
            for result in results
            if result.is_available and result.sources == vintages
        }

    def _opened(self, dataset: str, vintage: str) -> tuple[Snapshot, DatasetDeclaration]:
        if (dataset, vintage) not in self._snapshots:
            self._snapshots[dataset, vintage] = self._store.open(dataset, vintage)
        return self._snapshots[dataset, vintage], self._declarations[dataset]

    @cached_property
    def _declarations(self) -> dict[str, DatasetDeclaration]:
        return {dataset: read_dataset(self._project, dataset) for dataset in declared_datasets(self._project)}


def _places(times: tuple[str, ...]) -> tuple[str, ...]:
    return EU27, *reporting_countries(int(times[-1]))


def _agree(published: Iterable[Result], known: Mapping[tuple[str, str], Result]) -> bool:
    """Whether all published numbers that are there are known with the same values."""
    there = [result for result in published if result.is_available]
    return bool(there) and all(
        (result.geo, result.time) in known
        # Files of results keep ten digits.
        and math.isclose(result.value, known[result.geo, result.time].value, rel_tol=1e-8)
        for result in there
    )
