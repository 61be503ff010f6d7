"""What a run reads: results, series and vintages, by its parameters; and which snapshots they were read from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any

import pandas

from workbench.data.cards import Card
from workbench.data.labelled_frame import LabelledFrame
from workbench.data.observations import (
    EVERY,
    Columns,
    Parts,
    absent,
    absent_parts,
    select,
    select_columns,
    select_parts,
)
from workbench.data.preferred import first_holding, number_of_values
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.codelists import members, reporting_countries, visa_issuing_states
from workbench.declarations.countries import read_countries
from workbench.declarations.datasets import DatasetDeclaration, read_dataset
from workbench.declarations.events import FEW, Event, read_events
from workbench.declarations.indicators import CountSource, read_indicators
from workbench.declarations.reconciliation import Reason, reasons_for
from workbench.declarations.studies import EVERY_VINTAGE, REASONS, read_sidecar
from workbench.indicators import contributions, formulas
from workbench.indicators.asked import EU27, SCHENGEN
from workbench.indicators.evaluate import Evaluator, Scope
from workbench.indicators.possible_periods import covered, lengths_of, refuse_impossible, span_of
from workbench.indicators.results import Results
from workbench.indicators.snapshot_quality import SnapshotQuality
from workbench.model.digests import digest_of
from workbench.model.errors import MissingSnapshot, RefusedRun, near
from workbench.model.paths import Project
from workbench.model.periods import months_to, year_of
from workbench.model.types import TOTALS, Result, Run, SnapshotId, broken_down
from workbench.resolving.vintage_selection import asks_for, whole_years
from workbench.study.annex import annex, series
from workbench.study.preferred_series import first_with_last_period

Codes = str | Sequence[str]
"""A code, or several."""

Periods = str | int | Sequence[str | int]
"""A period, or several; a year may be a number."""

_LOOKS_AHEAD = 3
"""So many years after the reference year a study may look for what came of its outlook, whether a vintage has it or not."""


class Reader:
    """Reads the data of a run.

    Attributes
    ----------
    project : Project
        What it reads.
    country : str
        Code of the reporting country.
    year : int
        Reference year.
    run : Run
        All parameters and vintages.
    sidecar : Sidecar
        What the study declares.
    countries : Countries
        What ``params/countries.yaml`` says of all countries.
    declared : CountryDeclaration
        What ``params/countries.yaml`` says of the country alone: its border routes, its national counts.
    events : Events
        What happened when, as ``params/events.yaml`` says.
    indicators : Indicators
        All that are declared.
    """

    every = EVERY
    eu27 = EU27
    schengen = SCHENGEN

    def __init__(self, project: Project, run: Run):
        self.project, self.run = project, run
        self.country, self.year = run.country, run.year
        self.sidecar = read_sidecar(project, run.study)
        self.countries = read_countries(project)
        self.declared = self.countries.of(run.country)
        self.events = read_events(project)
        self.indicators = read_indicators(project)
        self._store = SnapshotStore.of(project)
        self._chosen: dict[tuple, CountSource] = {}
        self._evaluators: dict[tuple, Evaluator] = {}
        self._snapshots: dict[tuple[str, str], Snapshot] = {}
        self._read: dict[str, Snapshot] = {}
        self._taken_whole: set[SnapshotId] = set()
        self._declarations = {dataset: read_dataset(project, dataset) for dataset in self.sidecar.datasets}

    # What is asked about

    @property
    def neighbours(self) -> list[str]:
        """The countries to compare with; never the country itself."""
        return [code for code in self.run.parameters.get("neighbours", ()) if code != self.country]

    def events_beside(self, series: Iterable[Result], most: int = FEW) -> tuple[Event, ...]:
        """The events to name beside some series: those that bear on its first numbers of the country and began in their
        periods, the most specific first.

        Parameters
        ----------
        series : sequence of Result
            What is shown; of a rate, the dataset of its numerator decides.
        most : int
            How many at most.
        """
        own = [result for result in series if result.geo == self.country and result.is_available]
        if not own:
            return ()
        times, (dataset, _) = [result.time for result in own], own[0].sources[0]
        return self.events.beside(self.country, dataset, min(times), max(times), most)

    @property
    def member_states(self) -> tuple[str, ...]:
        """The Member States of the EU-27."""
        return members(EU27, self.year)

    @property
    def schengen_states(self) -> tuple[str, ...]:
        """The States that may issue Schengen visas."""
        return visa_issuing_states(self.year)

    @property
    def is_member(self) -> bool:
        """Whether the country is one of those Member States: only they have a rank and a share among them."""
        return self.country in self.member_states

    @property
    def reporting_countries(self) -> tuple[str, ...]:
        """The countries that report on the reference year: the Member States, those that were one then, and EFTA."""
        return reporting_countries(self.year)

    @property
    def years(self) -> list[str]:
        """All years from the first that the study allows to the reference year."""
        return [str(year) for year in range(self.sidecar.years.start, self.year + 1)]

    def months(self, years: int) -> list[str]:
        """The months of so many years, the reference year the last of them."""
        return months_to(self.year, years)

    def seed(self, name: str) -> int:
        """The seed of something random: the same for the same study, country and year, and another for each of them.

        Nothing in a study is random without one, or the same inputs would not make the same bytes.

        Parameters
        ----------
        name : str
            What is random, for each such thing has a seed of its own: ``"bootstrap of the trend"``.

        Returns
        -------
        int
            From 0 to 2³² − 1, as every generator takes it.
        """
        return int(digest_of(self.run.study, self.country, self.year, name)[:8], 16)

    # Results

    def observations(self, dataset: str, **filters: Codes) -> pandas.DataFrame:
        """Observations of a dataset, in the run's vintage; see `workbench.data.observations.select`. In JupyterLab, each code is
        shown with its label."""
        declaration, vintage = self._declared(dataset), self._vintage(dataset, filters)
        if vintage is None:
            raise MissingSnapshot(f"there is no snapshot of {dataset}", hint=f"workbench fetch {dataset}")
        self._refuse_periods(dataset, [dataset], map(str, _several(filters.get("time", ()))))
        return LabelledFrame(select(self._taken(dataset, vintage), declaration, filters))

    def results(
        self,
        *indicators: str,
        geo: Codes | None = None,
        time: Periods | None = None,
        dataset: Codes | Mapping[str, str | None] | None = None,
        vintage: str | None = None,
        **breakdown: Codes,
    ) -> Results:
        """Results of one or more indicators, one after the other.

        Parameters
        ----------
        *indicators : str
            Declared in ``params/indicators.yaml``, or derived by one of its suffixes.
        geo : str or sequence of str, optional
            Countries or aggregates; the study's country by default.
        time : str, int or sequence, optional
            Periods; the reference year by default.
        dataset : str, sequence of str or mapping, optional
            Which of the datasets that publish an indicator, or of those that its parts come from; by default the first
            that has the country's reference year. As a mapping, with the vintage of each, or None for the run's.
        vintage : str, optional
            Another vintage of those datasets than the run's; what is shown names it.
        **breakdown
            Dimension to code, codes, or `Study.every`.
        """
        geo = _several(geo or self.country)
        periods = [str(period) for period in _several(time or self.year)]
        named = _named(dataset, vintage)
        self._refuse_unused(indicators, named, vintage)
        for indicator in indicators:
            self._refuse_impossible(indicator, periods, named)
        evaluator = self._evaluator(named, periods)
        found = [evaluator.results(indicator, geo, periods, breakdown) for indicator in indicators]
        return Results(result for frame in found for result in Results.of(frame))

    def _refuse_unused(self, indicators: Iterable[str], named: Mapping[str, str | None], vintage: str | None) -> None:
        """Refuse datasets that no indicator is read from, and a vintage of no dataset: either would change nothing."""
        counts = (self.indicators.count(count) for one in indicators for count in self.indicators.counts(one))
        datasets = {source.dataset for count in counts for source in count.sources}
        if vintage and not named:
            raise RefusedRun(
                f"vintage={vintage!r} does not say of which dataset",
                expected=f"dataset= as well, one of {', '.join(sorted(datasets))}",
                hint=f'for example dataset="{min(datasets)}", vintage="{vintage}"' if datasets else None,
            )
        if named and datasets.isdisjoint(named):
            raise RefusedRun(
                f"{', '.join(indicators)} is not read from {', '.join(named)}",
                expected=near(next(iter(named)), datasets),
                found=", ".join(named),
            )

    def _refuse_impossible(
        self, indicator: str, periods: Iterable[str], named: Mapping[str, str | None] = MappingProxyType({})
    ) -> None:
        """Refuse periods in which nothing can have been counted."""
        counts = map(self.indicators.count, self.indicators.counts(indicator))
        sources = [source for count in counts for source in count.sources]
        self._refuse_periods(
            indicator, {source.dataset for source in sources}, periods, named, any(s.year for s in sources)
        )

    def _refuse_periods(
        self,
        what: str,
        datasets: Collection[str],
        periods: Iterable[str],
        named: Mapping[str, str | None] = MappingProxyType({}),
        has_years: bool = False,
    ) -> None:
        """As `refuse_impossible`, by the vintages that the run reads, and those that are named."""
        vintages = self.run.snapshots | {(dataset, vintage) for dataset, vintage in named.items() if vintage}
        snapshots = [self._opened(*pair) for pair in sorted(vintages) if pair[0] in datasets]
        refuse_impossible(
            what,
            periods,
            lengths=lengths_of(covered(snapshots), has_years) if self._are_all_there(datasets) else (),
            last_day=max([f"{self.year + _LOOKS_AHEAD}-12-31", *(snapshot.id.vintage for snapshot in snapshots)]),
            held="; ".join(map(span_of, snapshots)),
        )

    def _are_all_there(self, datasets: Collection[str]) -> bool:
        """Whether each of those datasets that the study declares has a snapshot."""
        there = {dataset for dataset, _ in self.run.snapshots}
        return there.issuperset(dataset for dataset in self._declarations if dataset in datasets)

    def tried(
        self, indicator: str, *, time: Iterable[str | int], dataset: Mapping[str, str], **breakdown: Codes
    ) -> Results:
        """The series of the country as other datasets or vintages have it, to choose among them; that these were read is
        noted where one is shown."""
        evaluator = self._evaluator(dataset, is_trial=True)
        return Results.of(evaluator.results(indicator, [self.country], [str(period) for period in time], breakdown))

    def vintages(self, dataset: str) -> list[str]:
        """Every vintage of a dataset that is here, oldest first; the sidecar says that the study depends on them."""
        self._must_depend_on(EVERY_VINTAGE)
        return [snapshot.id.vintage for snapshot in self._store.vintages(dataset)]

    def vintage(self, dataset: str, by: str | None = None) -> str | None:
        """The vintage of a dataset that the run reads, or of its breakdown ``by`` a dimension, or a code of one as in the
        sidecar; None without a snapshot."""
        return self.run.vintages.get(broken_down(dataset, by) if by else dataset)

    def newest(self, indicator: str, **breakdown: Codes) -> dict[str, str]:
        """Where the newest year of a count is, up to the reference year: for what the reference year lacks.

        Parameters
        ----------
        indicator : str
            A count that ``params/indicators.yaml`` declares.
        **breakdown
            As for `results`.

        Returns
        -------
        dict
            ``time``, ``dataset`` and ``vintage``, to be given to `results`; the reference year where no year is whole.
        """
        found = []
        for source in self.indicators.count(indicator).sources:
            filters = {**source.where, **breakdown}
            vintage = self._vintage(source.dataset, filters) if source.dataset in self._declarations else None
            if vintage:
                snapshot, declaration = self._opened(source.dataset, vintage), self._declarations[source.dataset]
                years = whole_years(snapshot, declaration, filters, self.country, source.year, until=self.year)
                found.append((years[-1] if years else 0, {"dataset": source.dataset, "vintage": vintage}))
        year, place = max(found, key=lambda year_and_place: year_and_place[0], default=(0, {}))
        return {"time": str(year or self.year), **place}

    def one(self, indicator: str, **where: Any) -> Result:
        """The single result of an indicator: for the study's country and year unless said otherwise, as in `results`."""
        return self.results(indicator, **where).one()

    def in_the_year(self, indicator: str) -> tuple[Result, Result, Result]:
        """The number of the reference year, its change on the year before, and the number of that year, all of one series."""
        now, before = self.one(indicator), str(self.year - 1)
        for earlier, here in self.series(indicator, time=[before, str(self.year)]):
            if earlier.is_available and here.value == now.value:
                return now, self.one(f"{indicator}_change_pct", dataset=dict(earlier.sources)), earlier
        return now, self.one(f"{indicator}_change_pct"), self.one(indicator, time=before)

    def annex(self, *indicators: str, **breakdown: Codes) -> Results:
        """The rows of a statistical annex, for a table with ``rows="series", columns="standing"``.

        The columns are five years before, the year before and the reference year; the change on the year before (of a share
        in percentage points, of a balance none); the figure of the EU-27; the rank, and how many countries are ranked.
        """
        return annex(self, indicators, breakdown)

    def series(self, indicator: str, *, time: Sequence[str], **breakdown: Codes) -> list[Results]:
        """An indicator over time as `results` has it; and as another dataset or vintage has it, where that has more of the
        times. One that says all that the other says, and more, stands for both."""
        return series(self, indicator, time, breakdown)

    def over_years(self, indicator: str, **breakdown: Codes) -> Results:
        """An indicator over the years, as the first of its `series` has it that has the reference year."""
        return first_with_last_period(self.series(indicator, time=self.years, **breakdown))

    def total(self, indicator: str, *, over: str, geo: Codes | None = None, time: Periods | None = None) -> Results:
        """The totals over a dimension, of the vintage that its parts are read from: as published, or added up.

        Where a breakdown has a vintage of its own, the run's total is of another one: shares are of this one.
        """
        geo, periods = _several(geo or self.country), [str(period) for period in _several(time or self.year)]
        self._refuse_impossible(indicator, periods)
        return Results.of(self._evaluator({}).whole(indicator, geo, periods, over))

    def drivers(self, indicator: str, time: Iterable[str], **breakdown: Any) -> Results:
        """What one Member State made of the change of the Union's total, in the years in which it made more than half of it;
        see `workbench.indicators.contributions.drivers`."""
        periods = list(time)
        if not periods:
            return Results()
        made = self.results(f"{indicator}_of_change_eu27_pct", geo=self.member_states, time=periods, **breakdown)
        return Results.of(contributions.drivers(made.frame))

    def largest(self, parts: Results, total: Result, dimension: str, most: int = 10) -> Results:
        """The largest parts and then ``OTHER``; see `workbench.indicators.formulas.largest`."""
        return Results.of(formulas.largest(parts.frame, Results([total]).frame, dimension, most))

    def rest(self, parts: Results, wholes: Results, dimension: str) -> Results:
        """What is left of wholes without their parts, as ``OTHER``; see `workbench.indicators.formulas.rest`."""
        return Results.of(formulas.rest(parts.frame, wholes.frame, dimension))

    def not_broken_down(self, parts: Results, wholes: Results, dimension: str) -> Results:
        """The difference between wholes and the parts that should add up to them; see `workbench.indicators.formulas.not_broken_down`."""
        return Results.of(formulas.not_broken_down(parts.frame, wholes.frame, dimension))

    def and_rest(self, parts: Results, totals: Results, dimension: str, grouped: str) -> Results:
        """The parts, and what they leave of each total as ``OTHER``: a classification of its own, named ``grouped``.

        Of its own, for what is left depends on which parts are named.
        """
        named = parts.frame.assign(breakdown=parts.frame["breakdown"].str.replace(f"{dimension}=", f"{grouped}="))
        of_each_code = [frame for _, frame in named.groupby("breakdown", sort=False)]
        rest = formulas.less(totals.frame, of_each_code, f"{grouped}=OTHER")
        return Results.of(pandas.concat([named, rest], ignore_index=True))

    def shares(self, parts: Results, total: Result | Results, indicator: str | None = None) -> Results:
        """The share of each part in the total, or in that of its country and time, in per cent; ``indicator`` is its id where
        the total is not one of its own. Without parts, there are none."""
        if not parts:
            return Results()
        totals = Results([total]) if isinstance(total, Result) else total
        name = indicator or f"{totals[0].indicator}_share_pct"
        return Results.of(formulas.share(parts.frame, totals.frame, name))

    @cached_property
    def quality(self) -> SnapshotQuality:
        """What is measured of the data themselves: of every snapshot of the datasets that the sidecar declares."""
        snapshots = [
            (declaration, self._taken(dataset, vintage))
            for dataset, declaration in self._declarations.items()
            for vintage in self.vintages(dataset)
        ]
        return SnapshotQuality(self.indicators, snapshots, self.country, self.year)

    # Which snapshots are read

    def _sources(self) -> list[tuple[DatasetDeclaration, Snapshot]]:
        """The snapshots read."""
        return [(self._declarations[snapshot.id.dataset], snapshot) for _, snapshot in sorted(self._read.items())]

    def _evaluator(
        self, named: Mapping[str, str | None], periods: Sequence[str] = (), is_trial: bool = False
    ) -> Evaluator:
        """Evaluates with the datasets and vintages of the run, or with those that are named; one for each naming, for it
        knows what it was asked before. Of a vintage that is named it is asked whether it has the periods."""
        asked = sorted({year_of(period) for period in periods})
        years = tuple(asked) if asked and any(named.values()) else (self.year,)

        def choose(indicator: str, sources: tuple[CountSource, ...], breakdown: Mapping) -> CountSource:
            of_named = tuple(source for source in sources if source.dataset in named)
            return self._choose(indicator, of_named or sources, breakdown, named, years if of_named else (self.year,))

        def observe(asked: str, filters: Mapping) -> Columns:
            return self._observe(asked, filters, named.get(asked), is_trial)

        def observe_parts(asked: str, filters: Mapping, over: Collection[str]) -> Parts:
            return self._observe_parts(asked, filters, over, named.get(asked), is_trial)

        key = is_trial, years, *sorted(named.items())
        if key not in self._evaluators:
            # What is tried is of one place.
            scope = Scope() if is_trial else self._scope
            self._evaluators[key] = Evaluator(self.indicators, observe, observe_parts, choose, scope)
        return self._evaluators[key]

    @cached_property
    def _scope(self) -> Scope:
        return Scope(
            tuple(dict.fromkeys((self.country, *self.neighbours, EU27, *self.member_states))), tuple(self.years)
        )

    def _choose(
        self,
        indicator: str,
        sources: tuple[CountSource, ...],
        breakdown: Mapping,
        named: Mapping[str, str | None],
        years: tuple[int, ...],
    ) -> CountSource:
        """The first of the datasets that has one of the years for the country, or else a part of one; else the first of all.

        Of those that were published together with another, as immigration and emigration are, the first that has both: what
        stands side by side adds up.
        """
        asked = tuple((dimension, codes in TOTALS) for dimension, codes in breakdown.items())
        key = indicator, tuple(source.dataset for source in sources), asked, years, *sorted(named.items())
        if key not in self._chosen:
            used = [source for source in sources if source.dataset in self._declarations]
            if not used:
                self._declared(sources[0].dataset)
            pairs = [] if named or breakdown else [s for s in used if self._holds_with_partner(indicator, s, years)]
            self._chosen[key] = (
                pairs[0]
                if pairs
                else first_holding(
                    used,
                    lambda s: self._holds(s, breakdown, named.get(s.dataset), years, whole=True),
                    lambda s: self._holds(s, breakdown, named.get(s.dataset), years),
                )
            )
        return self._chosen[key]

    def _holds_with_partner(self, indicator: str, source: CountSource, years: tuple[int, ...]) -> bool:
        partner = self.indicators.partner(indicator, source.dataset)
        if partner is None or partner[1] not in self._declarations or not self._holds(source, {}, None, years):
            return False
        others = self.indicators.count(partner[0]).sources
        return any(self._holds(other, {}, None, years) for other in others if other.dataset == partner[1])

    def _holds(
        self,
        source: CountSource,
        breakdown: Mapping,
        vintage: str | None,
        years: tuple[int, ...],
        whole: bool = False,
    ) -> bool:
        """Whether a dataset has one of some years for the country: the ``whole`` of it, or any part."""
        filters = {**source.where, **source.over, **breakdown}
        vintage = vintage or self._vintage(source.dataset, filters)
        if vintage is None:
            return False
        snapshot, declaration = self._opened(source.dataset, vintage), self._declarations[source.dataset]
        if whole:
            held = whole_years(snapshot, declaration, filters, self.country, source.year, until=max(years))
            return not set(years).isdisjoint(held)
        return any(number_of_values(snapshot, declaration, filters, self.country, year) for year in years)

    def _observe(self, dataset: str, filters: Mapping, vintage: str | None, is_trial: bool) -> Columns:
        declaration = self._declared(dataset)
        snapshot = self._observed(dataset, filters, vintage, is_trial)
        return select_columns(snapshot, declaration, filters, gaps=True) if snapshot else absent(declaration, filters)

    def _observe_parts(
        self, dataset: str, filters: Mapping, over: Collection[str], vintage: str | None, is_trial: bool
    ) -> Parts:
        declaration = self._declared(dataset)
        snapshot = self._observed(dataset, filters, vintage, is_trial)
        if snapshot is None:
            return absent_parts(declaration, filters, over)
        return select_parts(snapshot, declaration, filters, over, gaps=True)

    def _observed(self, dataset: str, filters: Mapping, vintage: str | None, is_trial: bool) -> Snapshot | None:
        """The snapshot of a vintage that is named, or of that which the run reads; None without one."""
        vintage = vintage or self._vintage(dataset, filters)
        if vintage is None:
            return None
        return self._opened(dataset, vintage) if is_trial else self._snapshot(dataset, vintage)

    def _vintage(self, dataset: str, filters: Mapping) -> str | None:
        """Which vintage the run reads for what is asked: that of the dataset, or of a breakdown with its own."""
        for axis in self.sidecar.datasets[dataset].by:
            if asks_for(axis, filters):
                return self.vintage(dataset, by=axis)
        return self.vintage(dataset)

    def _declared(self, dataset: str) -> DatasetDeclaration:
        if dataset not in self._declarations:
            raise RefusedRun(
                f"{self.run.study} reads {dataset}, which its sidecar does not declare",
                expected=near(dataset, self._declarations),
                hint=f"declare it under datasets in params/studies/{self.run.study}.yaml",
            )
        return self._declarations[dataset]

    def _snapshot(self, dataset: str, vintage: str) -> Snapshot:
        """A snapshot that is read: it is named among the sources."""
        snapshot = self._opened(dataset, vintage)
        self._read[str(snapshot.id)] = snapshot
        return snapshot

    def _taken(self, dataset: str, vintage: str) -> Snapshot:
        """A snapshot of which a notebook makes what it likes, so that no result tells whether it is shown."""
        snapshot = self._snapshot(dataset, vintage)
        self._taken_whole.add(snapshot.id)
        return snapshot

    def _opened(self, dataset: str, vintage: str) -> Snapshot:
        if (dataset, vintage) not in self._snapshots:
            snapshot = self._store.open(dataset, vintage)
            if (dataset, vintage) not in self.run.snapshots:
                read = ", ".join(sorted(own for name, own in self.run.snapshots if name == dataset)) or "none"
                self._must_depend_on(EVERY_VINTAGE, f"{dataset} {vintage}; its run reads {read}")
            self._snapshots[dataset, vintage] = snapshot
        return self._snapshots[dataset, vintage]

    def card(self, dataset: str) -> Card | None:
        """The card of the vintage that the run reads, which is named among the sources; None without a snapshot."""
        vintage = self.vintage(dataset)
        return self._taken(dataset, vintage).card if vintage else None

    def reasons(self, difference: Result) -> tuple[Reason, ...]:
        """The reasons on file in ``params/reconciliation/`` why two counts differ as they do."""
        self._must_depend_on(REASONS)
        return tuple(one for one in reasons_for(self.project, difference.indicator) if one.explains(difference))

    def _must_depend_on(self, what: str, found: str | None = None) -> None:
        """Otherwise, a change in what the study looks at would not make it anew."""
        if what not in self.sidecar.depends_on:
            raise RefusedRun(
                f"{self.run.study} looks at {what}, and its sidecar does not say so",
                expected=f"depends_on: [{what}]",
                found=found,
                hint=f"write that into params/studies/{self.run.study}.yaml",
            )


def _named(dataset: Codes | Mapping[str, str | None] | None, vintage: str | None) -> Mapping[str, str | None]:
    """Datasets that are named, with the vintage of each."""
    return dataset if isinstance(dataset, Mapping) else dict.fromkeys(_several(dataset or ()), vintage)


def _several(value: Periods) -> list:
    return [value] if isinstance(value, str | int) else list(value)
