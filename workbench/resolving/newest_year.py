"""The newest year that a study has for a country, which the edition ``latest`` renders."""

from collections.abc import Iterator, Mapping, Sequence

from workbench.data.preferred import number_of_values
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.datasets import read_dataset
from workbench.declarations.editions import pinned_vintages
from workbench.declarations.indicators import CountSource, read_indicators
from workbench.declarations.studies import Sidecar
from workbench.model.errors import RefusedRun
from workbench.model.names import LATEST
from workbench.model.paths import Project
from workbench.model.types import BY
from workbench.resolving.refusals import NOTHING_RAN
from workbench.resolving.vintage_selection import whole_years


def newest_year(project: Project, sidecar: Sidecar, country: str) -> int | None:
    """The newest year that a study allows of which its headline counts are whole, and what it requires is there.

    A year of months is whole with all of them, a stock with its last; see
    `workbench.declarations.indicators.CountSource`. A vintage that the edition ``latest`` pins stands for all of its dataset.

    Returns
    -------
    int or None
        None if the country has no such year.

    Raises
    ------
    RefusedRun
        If the sidecar names no headline count: any year with a value of any dataset would be one.
    """
    if not sidecar.headline:
        raise RefusedRun(
            f"{sidecar.study} does not say of what its newest year must have data",
            where=f"params/studies/{sidecar.study}.yaml",
            expected="headline: {COUNT: {}}, a count of params/indicators.yaml or several",
            unchanged=NOTHING_RAN,
            hint=f"name the counts without which a year of the study says too little, or take it out of {LATEST}.yaml",
        )
    indicators = read_indicators(project)
    years = set(sidecar.years)
    for count, codes in sidecar.headline.items():
        sources = [one for one in indicators.count(count).sources if one.dataset in sidecar.datasets]
        years &= {year for one in sources for year in _whole_years(project, one, codes, country, max(sidecar.years))}
    in_order = sorted(years, reverse=True)
    return next((year for year in in_order if _has_required(project, sidecar, country, year)), None)


def _whole_years(
    project: Project, source: CountSource, codes: Mapping[str, str], country: str, until: int
) -> Iterator[int]:
    declaration, filters = read_dataset(project, source.dataset), {**source.where, **source.over, **codes}
    for snapshot in _snapshots(project, source.dataset):
        yield from whole_years(snapshot, declaration, filters, country, source.year, until)


def _has_required(project: Project, sidecar: Sidecar, country: str, year: int) -> bool:
    return all(
        any(
            number_of_values(snapshot, read_dataset(project, dataset), use.required, country, year)
            for snapshot in _snapshots(project, dataset)
        )
        for dataset, use in sidecar.datasets.items()
        if use.required is not None
    )


def _snapshots(project: Project, dataset: str) -> Sequence[Snapshot]:
    """Those that are pinned for the dataset, or for a breakdown of it; all, where none is."""
    pinned, store = pinned_vintages(project, LATEST), SnapshotStore.of(project)
    vintages = {one for name, several in pinned.items() if name.partition(BY)[0] == dataset for one in several}
    return [store.open(dataset, vintage) for vintage in sorted(vintages)] or store.vintages(dataset)
