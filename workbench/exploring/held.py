"""What the snapshots hold of an indicator: the datasets that it is computed from, with every vintage of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from msgspec import structs

from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.datasets import DatasetDeclaration, declared_datasets, read_dataset
from workbench.declarations.indicators import Count, CountSource, Indicators, Quality, read_indicators
from workbench.indicators.kinds import not_evaluated
from workbench.model.errors import InvalidDeclaration, MissingSnapshot, WorkbenchError, near
from workbench.model.paths import Project

TIME = "time"


@dataclass(frozen=True)
class Held:
    """An indicator, and the snapshots of the datasets that it is computed from.

    Attributes
    ----------
    indicators : Indicators
        All that are declared; of a dataset, with the count of its observations, which has the name of the dataset.
    indicator : str
        Which is asked about.
    datasets : dict
        Dataset to its declaration, in the order of the formula.
    snapshots : dict
        Dataset to its snapshots, newest first.
    """

    indicators: Indicators
    indicator: str
    datasets: dict[str, DatasetDeclaration]
    snapshots: dict[str, list[Snapshot]]

    @cached_property
    def sources(self) -> tuple[CountSource, ...]:
        """How the counts that the indicator is computed from are read."""
        counts = map(self.indicators.count, self.indicators.counts(self.indicator))
        return tuple(source for count in counts for source in count.sources)

    @property
    def is_of_dataset(self) -> bool:
        """Whether the observations of a dataset are asked for, as they are published."""
        return self.indicator in self.datasets

    def codes(self, dimension: str) -> set[str]:
        """The codes of a dimension, or of ``time``, that any snapshot has."""
        return {code for dataset in self.datasets for code in self.codes_of(dataset, dimension)}

    def codes_of(self, dataset: str, dimension: str) -> set[str]:
        """The codes of a dimension, or of ``time``, that any snapshot of a dataset has."""
        opened = (snapshot.opened(self.datasets[dataset]) for snapshot in self.snapshots[dataset])
        return {code for form in opened for code in form.codes.get(dimension, ())}

    @cached_property
    def dimensions(self) -> list[str]:
        """The dimensions that an answer may be broken down by, besides place and time: those with several codes."""
        named = {
            dimension
            for dataset, declaration in self.datasets.items()
            for snapshot in self.snapshots[dataset]
            for dimension in snapshot.opened(declaration).dimensions
        }
        return sorted(name for name in named - {"geo", "freq"} if len(self.codes(name)) > 1)

    @cached_property
    def newest_day(self) -> str:
        """The day of the newest snapshot: nothing later can have been counted."""
        return max(snapshot.id.vintage for every in self.snapshots.values() for snapshot in every)[:10]


def held(project: Project, name: str) -> Held:
    """What is held of an indicator, or of a dataset.

    Raises
    ------
    InvalidDeclaration
        If nothing of the name is declared, naming the nearest; or if no formula computes it.
    MissingSnapshot
        If there is no snapshot to compute it from.
    """
    indicators = read_indicators(project)
    if name in declared_datasets(project):
        indicators = _with_observations(indicators, read_dataset(project, name))
    _refuse_what_is_not_computed(project, indicators, name)
    datasets = {dataset: read_dataset(project, dataset) for dataset in indicators.datasets(name)}
    store = SnapshotStore.of(project)
    snapshots = {dataset: store.vintages(dataset)[::-1] for dataset in datasets}
    if not any(snapshots.values()):
        raise MissingSnapshot(
            f"there is no snapshot of {' or '.join(datasets)}", hint=f"workbench fetch {' '.join(datasets)}"
        )
    return Held(indicators, name, datasets, snapshots)


def _with_observations(indicators: Indicators, declaration: DatasetDeclaration) -> Indicators:
    """The indicators and one more, which is the dataset as it is published."""
    observations = Count(
        label=declaration.title,
        unit=declaration.unit,
        definition=declaration.definition,
        reference=declaration.metadata_url,
        sources=(CountSource(dataset=declaration.dataset),),
    )
    with_it = {**indicators.indicators, declaration.dataset: observations}
    return structs.replace(indicators, indicators=with_it)


def _refuse_what_is_not_computed(project: Project, indicators: Indicators, name: str) -> None:
    try:
        base, _ = indicators.split(name)
    except InvalidDeclaration:
        raise _unknown(name, indicators, declared_datasets(project)) from None
    if indicators.is_estimated(name) or isinstance(indicators.declared(base), Quality):
        raise not_evaluated(name)


def _unknown(name: str, indicators: Indicators, datasets: Iterable[str]) -> WorkbenchError:
    labelled = [f"{declared.label} ({indicator})" for indicator, declared in indicators.indicators.items()]
    return InvalidDeclaration(
        f"{name} is neither an indicator nor a dataset",
        expected=f"{near(name, [*indicators.indicators, *datasets])}; or by label, {near(name, labelled)}",
        hint="an indicator is declared in params/indicators.yaml, a dataset in params/datasets/; suffixes such as "
        "_change_pct, _rank_eu27 and _share_eu27_pct derive from any indicator",
    )
