"""Which vintage of each dataset a run reads: the one that its edition pins, else the fullest for its country and year."""

from collections.abc import Mapping, Sequence

from workbench.data.observations import codes_present, select
from workbench.data.preferred import fullest, number_of_values, of_the_totals, periods_with_values
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.datasets import DatasetDeclaration, read_dataset
from workbench.declarations.studies import EVERY_VINTAGE, DatasetUse, Sidecar
from workbench.model.errors import MissingSnapshot, RefusedRun, near
from workbench.model.paths import Project
from workbench.model.periods import periods_of, year_of
from workbench.model.types import IS, broken_down
from workbench.resolving.refusals import NOTHING_RAN, refused_parameter


def select_vintages(
    project: Project, sidecar: Sidecar, country: str, year: int, pinned: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """The vintage of each dataset, and of each breakdown that has one of its own; none where there is no snapshot.
    ``pinned`` are those that the edition says."""
    store = SnapshotStore.of(project)
    chosen: dict[str, str] = {}
    for dataset, use in sidecar.datasets.items():
        declaration = read_dataset(project, dataset)
        held = store.vintages(dataset)
        if not held and use.required is not None:
            raise MissingSnapshot(
                f"{sidecar.study} needs {dataset}, which has no snapshot",
                unchanged=NOTHING_RAN,
                hint=declaration.taken_in_by
                if declaration.comes_by
                else f"workbench fetch {dataset}, or {declaration.taken_in_by}",
            )
        # What is required is of the totals, or of a breakdown with a vintage of its own.
        of_breakdown = (broken_down(dataset, axis) for axis in use.by if asks_for(axis, use.required or {}))
        needed = next(of_breakdown, dataset)
        looked_for = {dataset: use.used} | {broken_down(dataset, axis): (codes,) for axis, codes in use.by.items()}
        to_choose_from = _candidates(store, dataset, use, pinned)
        for name, used in looked_for.items():
            snapshots = to_choose_from[name]
            if use.required is not None and name == needed:
                snapshots = _holding(sidecar, snapshots, declaration, use.required, country, year)
            if name != dataset:
                snapshots = of_the_totals(snapshots, chosen.get(dataset), declaration, used, country, year) or snapshots
            if snapshots:
                chosen[name] = fullest(snapshots, declaration, used, country, year).id.vintage
    return chosen


def considered(project: Project, sidecar: Sidecar, pinned: Mapping[str, Sequence[str]]) -> set[Snapshot]:
    """The snapshots that decide what runs of a study show: those among which the vintages are chosen, whether they are read
    afterwards or not, and all where the study depends on every vintage."""
    store = SnapshotStore.of(project)
    every = EVERY_VINTAGE in sidecar.depends_on
    return {
        snapshot
        for dataset, use in sidecar.datasets.items()
        for several in ([store.vintages(dataset)] if every else _candidates(store, dataset, use, pinned).values())
        for snapshot in several
    }


def _candidates(
    store: SnapshotStore, dataset: str, use: DatasetUse, pinned: Mapping[str, Sequence[str]]
) -> dict[str, list[Snapshot]]:
    """A dataset, and each breakdown that has a vintage of its own, to the snapshots among which its vintage is chosen."""
    return {
        name: [store.open(dataset, vintage) for vintage in pinned[name]] if name in pinned else store.vintages(dataset)
        for name in (dataset, *(broken_down(dataset, axis) for axis in use.by))
    }


def asks_for(axis: str, filters: Mapping) -> bool:
    """Whether filters ask for what ``axis`` names: codes of a dimension, or the one code of ``age=Y15-64``."""
    dimension, _, code = axis.partition(IS)
    return dimension in filters and (not code or filters[dimension] == code)


def _holding(
    sidecar: Sidecar,
    snapshots: Sequence[Snapshot],
    declaration: DatasetDeclaration,
    required: Mapping,
    country: str,
    year: int,
) -> list[Snapshot]:
    holding = [snapshot for snapshot in snapshots if number_of_values(snapshot, declaration, required, country, year)]
    if not holding:
        raise _no_data(sidecar, snapshots, declaration, required, country, year)
    return holding


def whole_years(
    snapshot: Snapshot, declaration: DatasetDeclaration, codes: Mapping, country: str, year_is: str | None, until: int
) -> list[int]:
    """The years, none later than ``until``, of which a snapshot has every period that a year is made of.

    Parameters
    ----------
    codes : mapping
        As for `workbench.data.observations.select`.
    year_is : str or None
        What makes a year, as in `workbench.declarations.indicators.CountSource`.
    """
    periods = periods_with_values(snapshot, declaration, codes, country)
    years = sorted({year_of(period) for period in periods})
    return [year for year in years if year <= until and periods.issuperset(periods_of(str(year), year_is))]


def _no_data(
    sidecar: Sidecar,
    snapshots: Sequence[Snapshot],
    declaration: DatasetDeclaration,
    required: Mapping,
    country: str,
    year: int,
) -> RefusedRun:
    """Name the years that the country has data for; if it has none, the countries that the year has data for."""
    years, countries = set(), set()
    for snapshot in snapshots:
        present = {axis: codes_present(snapshot, declaration, axis) for axis in ("geo", "time")}
        everywhere = select(snapshot, declaration, {**required, **present}, gaps=True)
        there = everywhere[everywhere["value"].notna()]
        years.update(there.loc[there["geo"] == country, "time"].str[:4])
        countries.update(there.loc[there["time"].str[:4] == str(year), "geo"])
    names = ", ".join(str(snapshot.id) for snapshot in snapshots)
    if years:
        expected = f"a year with data for {country}; near: {', '.join(_nearest(year, sorted(years)))}"
    else:
        expected = f"a country with data for {year}; {near(country, countries)}"
    found = f"{country} {year}"
    return refused_parameter(
        sidecar.study, f"no data for {country} {year} in {names}", expected, "country, year", found
    )


def _nearest(year: int, years: list[str], most: int = 5) -> list[str]:
    return sorted(sorted(years, key=lambda other: (abs(int(other) - year), other))[:most])
