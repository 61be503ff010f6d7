"""The study: one run as its notebook sees it. It reads data, words and shows results, and keeps what was published."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property

import pandas

from workbench.data.observations import EVERY, Columns, absent, select, select_columns
from workbench.data.preferred import first_holding, number_of_values
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.codelists import members, reporting_countries
from workbench.declarations.countries import read_countries
from workbench.declarations.datasets import DatasetDeclaration, read_dataset
from workbench.declarations.editions import edition_file, read_edition
from workbench.declarations.indicators import CountSource, read_indicators
from workbench.declarations.sources import declared_sources
from workbench.declarations.studies import EVERY_VINTAGE, OTHER_STUDIES, Sidecar, read_sidecar
from workbench.indicators import contributions, formulas, seasons
from workbench.indicators.evaluate import EU27, Evaluator, Scope
from workbench.indicators.results import Results
from workbench.indicators.snapshot_quality import SnapshotQuality
from workbench.model.errors import FalseStatement, InconsistentResult, MissingSnapshot, RefusedRun, near
from workbench.model.paths import Project, find_project
from workbench.model.record import EditionNote, Exhibit, Record, Said, Source
from workbench.model.types import NO_VINTAGE, TOTALS, Result, Run, broken_down
from workbench.presentation import blocks, claims
from workbench.presentation.blocks import Block, Finding, Gap, RecordBlock
from workbench.presentation.charts import Chart, Stacked
from workbench.presentation.claims import Extreme, refuse_unfounded
from workbench.presentation.notes import (
    Note,
    comparability,
    definitions_html,
    notes_html,
    provenance_html,
    sources_html,
)
from workbench.presentation.sentences import Bound, Period, Place, Sentence, sentence
from workbench.presentation.wording import Wording
from workbench.study.annex import annex, series
from workbench.study.missing_datasets import missing_datasets
from workbench.study.parameters import resolve, whole_years
from workbench.study.related_studies import address, related_studies


class Study:
    """One run of a study. Make it with `Study.open`.

    Attributes
    ----------
    country : str
        Code of the reporting country.
    year : int
        Reference year.
    run : Run
        All parameters and vintages.
    wording : Wording
        The language.
    declared : CountryDeclaration
        What ``params/countries.yaml`` says of the country alone: its border routes, its national counts.
    """

    every = EVERY
    eu27 = EU27

    def __init__(self, project: Project, run: Run):
        self.run = run
        self.country, self.year = run.country, run.year
        self.sidecar = read_sidecar(project, run.study)
        self.declared = read_countries(project).of(run.country)
        self.wording = Wording(run.language, read_indicators(project))
        self._project = project
        self._store = SnapshotStore.of(project)
        self._chosen: dict[tuple, CountSource] = {}
        self._evaluators: dict[tuple, Evaluator] = {}
        self._snapshots: dict[tuple[str, str], Snapshot] = {}
        self._read: dict[str, Snapshot] = {}
        self._declarations = {dataset: read_dataset(project, dataset) for dataset in self.sidecar.datasets}
        self._published: dict[tuple, Result] = {}
        self._findings: list[str] = []
        self._said: dict[str, Said] = {}
        self._exhibits: dict[str, Exhibit] = {}
        self._made: set[str] = set()

    @classmethod
    def open(cls, name: str, **parameters) -> "Study":
        """Open a study for some parameters.

        Parameters
        ----------
        name : str
            The study's name: the stem of its notebook and sidecar.
        **parameters
            ``country``, ``year``, ``language``, and what else the sidecar declares.

        Raises
        ------
        RefusedRun
            If the sidecar or the data do not allow them.
        """
        project = find_project()
        return cls(project, resolve(project, name, parameters))

    # What is asked about

    @property
    def neighbours(self) -> list[str]:
        """The countries to compare with; never the country itself."""
        return [code for code in self.run.parameters.get("neighbours", ()) if code != self.country]

    @property
    def member_states(self) -> tuple[str, ...]:
        """The Member States of the EU-27."""
        return members(EU27, self.year)

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
        return [str(year) for year in range(self.sidecar.parameters["year"].minimum, self.year + 1)]

    def months(self, years: int) -> list[str]:
        """The months of so many years, the reference year the last of them."""
        return seasons.months_of(str(self.year), years)

    # Data and results

    def observations(self, dataset: str, **filters) -> pandas.DataFrame:
        """Observations of a dataset, in the run's vintage; see `workbench.data.observations.select`."""
        declaration, vintage = self._declared(dataset), self._vintage(dataset, filters)
        if vintage is None:
            raise MissingSnapshot(f"there is no snapshot of {dataset}", hint=f"workbench fetch {dataset}")
        return select(self._snapshot(dataset, vintage), declaration, filters)

    def results(self, *indicators: str, geo=None, time=None, dataset=None, vintage=None, **breakdown) -> Results:
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
        evaluator = self._evaluator(_named(dataset, vintage), periods)
        found = [evaluator.results(indicator, geo, periods, breakdown) for indicator in indicators]
        return Results(result for frame in found for result in Results.of(frame))

    def tried(self, indicator: str, *, time: Iterable, dataset: Mapping[str, str], **breakdown) -> Results:
        """The series of the country as other datasets or vintages have it, to choose among them; that these were read is
        noted where one is shown."""
        evaluator = self._evaluator(dataset, is_trial=True)
        return Results.of(evaluator.results(indicator, [self.country], [str(period) for period in time], breakdown))

    def vintages(self, dataset: str) -> list[str]:
        """Every vintage of a dataset that is here, oldest first; the sidecar says that the study depends on them."""
        self._must_depend_on(EVERY_VINTAGE)
        return [snapshot.id.vintage for snapshot in self._store.vintages(dataset)]

    def vintage(self, dataset: str, by: str | None = None) -> str | None:
        """The vintage of a dataset that the run reads, or of its breakdown ``by`` a dimension; None without a snapshot."""
        return self.run.vintages.get(broken_down(dataset, by) if by else dataset)

    def newest(self, indicator: str, **breakdown) -> dict[str, str]:
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
        for source in self.wording.indicators.declared(indicator).sources:
            filters = {**source.where, **breakdown}
            vintage = self._vintage(source.dataset, filters) if source.dataset in self._declarations else None
            if vintage:
                snapshot, declaration = self._opened(source.dataset, vintage), self._declarations[source.dataset]
                years = whole_years(snapshot, declaration, filters, self.country, source.year, until=self.year)
                found.append((years[-1] if years else 0, {"dataset": source.dataset, "vintage": vintage}))
        year, place = max(found, key=lambda year_and_place: year_and_place[0], default=(0, {}))
        return {"time": str(year or self.year), **place}

    def one(self, indicator: str, **where) -> Result:
        """The single result of an indicator: for the study's country and year unless said otherwise, as in `results`."""
        return self.results(indicator, **where).one()

    def in_the_year(self, indicator: str) -> tuple[Result, Result, Result]:
        """The number of the reference year, its change on the year before, and the number of that year, all of one series."""
        now, before = self.one(indicator), str(self.year - 1)
        for earlier, here in self.series(indicator, time=[before, str(self.year)]):
            if earlier.is_available and here.value == now.value:
                return now, self.one(f"{indicator}_change_pct", dataset=dict(earlier.sources)), earlier
        return now, self.one(f"{indicator}_change_pct"), self.one(indicator, time=before)

    def annex(self, *indicators: str, **breakdown) -> Results:
        """The rows of a statistical annex, for a table with ``rows="series", columns="standing"``.

        The columns are five years before, the year before and the reference year; the change on the year before (of a share
        in percentage points, of a balance none); the figure of the EU-27; the rank, and how many countries are ranked.
        """
        return annex(self, indicators, breakdown)

    def series(self, indicator: str, *, time: Sequence[str], **breakdown) -> list[Results]:
        """An indicator over time as `results` has it; and as another dataset or vintage has it, where that has more of the
        times. One that says all that the other says, and more, stands for both."""
        return series(self, indicator, time, breakdown)

    def total(self, indicator: str, *, over: str, geo=None, time=None) -> Results:
        """The totals over a dimension, of the vintage that its parts are read from: as published, or added up.

        Where a breakdown has a vintage of its own, the run's total is of another one: shares are of this one.
        """
        geo, time = _several(geo or self.country), _several(time or self.year)
        return Results.of(self._evaluator({}).whole(indicator, geo, [str(period) for period in time], over))

    def highest(self, results: Iterable[Result], whole: Result | None = None) -> Extreme | None:
        """The highest of a whole field, to be bound where a sentence says so; see `workbench.presentation.claims.highest`."""
        return claims.highest(results, whole)

    def lowest(self, results: Iterable[Result]) -> Extreme | None:
        """The lowest of a whole field; see `workbench.presentation.claims.lowest`."""
        return claims.lowest(results)

    def drivers(self, indicator: str, time: Iterable, **breakdown) -> Results:
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
        """What parts that should be all of a whole leave of it; see `workbench.indicators.formulas.not_broken_down`."""
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
        the total is no total of its own. Of no part, none."""
        if not parts:
            return Results()
        totals = Results([total]) if isinstance(total, Result) else total
        name = indicator or f"{totals[0].indicator}_share_pct"
        return Results.of(formulas.share(parts.frame, totals.frame, name))

    @cached_property
    def quality(self) -> SnapshotQuality:
        """What is measured of the data themselves: of every snapshot of the datasets that the sidecar declares."""
        snapshots = [
            (declaration, self._snapshot(dataset, vintage))
            for dataset, declaration in self._declarations.items()
            for vintage in self.vintages(dataset)
        ]
        return SnapshotQuality(self.wording.indicators, snapshots, self.country, self.year)

    # Words

    def say(self, template: str, **bound: Bound) -> Sentence:
        """A sentence, translated, its numbers bound; see `workbench.presentation.sentences.sentence`.

        ``{country}``, ``{neighbours}``, ``{year}`` and ``{previous_year}`` are always bound.
        """
        refuse_unfounded(template, bound)
        return sentence(self.wording, self.wording.text(template), {**self._always_bound, **bound})

    def say_plural(self, singular: str, plural: str, *, count: Result, **bound: Bound) -> Sentence:
        """A sentence in the form that the number of ``{count}`` needs."""
        refuse_unfounded(plural, bound)
        number = count.value if count.is_available else 0
        template = self.wording.plural(singular, plural, number)
        return sentence(self.wording, template, {**self._always_bound, "count": count, **bound})

    @cached_property
    def _always_bound(self) -> dict[str, Bound]:
        return {
            "country": Place("geo", self.country),
            # One is named.
            "neighbours": Place("geo", *self.neighbours)
            if len(self.neighbours) == 1
            else Place("neighbours", "SEVERAL"),
            "eu": Place("geo", EU27),
            "year": Period(str(self.year)),
            "previous_year": Period(str(self.year - 1)),
        }

    # What the reader sees

    def findings(self, *findings: Finding) -> Block:
        """Key findings, a card each, with a small trend.

        One that states a number which is not there is left out, and named in a line below; so is one whose headline another
        has already.

        Raises
        ------
        FalseStatement
            If a headline is of another year, and the finding does not say of which, and why.
        """
        made: dict[tuple, Finding] = {}
        for finding in findings:
            if finding.can_be_made:
                self._refuse_another_year(finding)
                made.setdefault(finding.number.key if finding.number else (finding.sentence.text,), finding)
        for finding in made.values():
            self._publish(finding.trend)
            self._say(finding.sentence, finding)
        self._findings.extend(finding.sentence.text for finding in made.values())
        missing = [result for finding in findings if not finding.can_be_made for result in finding.sentence.results]
        said = [sentence for finding in made.values() for sentence in (finding.sentence, finding.because) if sentence]
        return self._shown(said, blocks.findings_html(self.wording, list(made.values()), missing))

    def _refuse_another_year(self, finding: Finding) -> None:
        number = finding.number
        if number is None or number.time[:4] == str(self.year):
            return
        # The first day of the next year is the end of this one.
        is_said = number.time in finding.sentence.periods
        if not is_said or not (finding.because or number.time == str(self.year + 1)):
            raise FalseStatement(
                "a key finding is of another year than the study",
                where=finding.sentence.text,
                expected=f"{self.year}; or a sentence that names the period, and a second one, because=, that says why",
                found=number.time,
                hint="bind the period to the sentence and say why it is told, or tell it in a section below",
            )

    def text(self, *sentences: Sentence) -> Block:
        """A paragraph."""
        return self._shown(sentences, blocks.paragraph_html(self.wording, sentences))

    def heading(self, text: Sentence, study: str) -> Block:
        """A heading that leads to another study of the same country, year and language, if there is one."""
        href = address(study, self.run.language) if study in self._related_studies else None
        return self._shown((text,), blocks.heading_html(text, study, href))

    def related_studies(self) -> Block:
        """The other studies of the same country, year and language, each a link with what it is about."""
        text, language = self.wording.text, self.run.language
        listed = [
            (text(sidecar.title), text(sidecar.summary), address(name, language))
            for name, sidecar in self._related_studies.items()
        ]
        return self._block(blocks.related_studies_html(listed))

    @cached_property
    def _related_studies(self) -> dict[str, Sidecar]:
        self._must_depend_on(OTHER_STUDIES)
        return related_studies(self._project, self.run)

    def _must_depend_on(self, what: str) -> None:
        """Else a change of it would leave the study as it was made before."""
        if what not in self.sidecar.depends_on:
            raise RefusedRun(
                f"{self.run.study} looks at {what}, and its sidecar does not say so",
                expected=f"depends_on: [{what}]",
                hint=f"write that into params/studies/{self.run.study}.yaml",
            )

    def figure(self, name: str, chart: Chart, *, title: Sentence, subtitle: Sentence) -> Block:
        """A numbered figure: headline, what is measured, the chart, its data, flags and source.

        Parameters
        ----------
        name : str
            Unique in the study: the figure can be linked to as ``#figure-<name>``.
        chart : Chart
            What to draw.
        title, subtitle : Sentence
            What it says; and measure, place and period.
        """
        self._publish(chart.results)
        gap, shown = self._gap(chart.results), title if title.is_complete else subtitle
        label = self._exhibit("figure", name, shown, chart.results, chart.table_axes, gap, isinstance(chart, Stacked))
        source = self._source_line(chart.results)
        html = blocks.figure_html(self.wording, name, label, chart, title, subtitle, source, gap)
        return self._shown((title, subtitle), html)

    def table(self, name: str, results: Iterable[Result], *, rows: str, columns: str, title: Sentence) -> Block:
        """A numbered table of results; ``rows`` and ``columns`` as in `workbench.presentation.tables.table_html`."""
        results = tuple(results)
        self._publish(results)
        gap = self._gap(results)
        label = self._exhibit("table", name, title, results, (rows, columns), gap)
        html = blocks.table_block_html(
            self.wording, name, label, results, (rows, columns), title, self._source_line(results), self.country, gap
        )
        return self._shown((title,), html)

    def comparability(self) -> Block:
        """What a reader must know to compare: definitions, vintages, flags, breaks, rounding, what is left out."""
        return self._block(notes_html(self._notes()))

    def definitions(self) -> Block:
        """What each indicator measures; every number of the page leads there. Show it after all numbers."""
        return self._block(definitions_html(self.wording, self._published.values()))

    def sources(self) -> Block:
        """The datasets, their providers and licences."""
        return self._block(sources_html(self.wording, self._sources()))

    def provenance(self) -> RecordBlock:
        """What made the study; and the record of it, from which results and archive are written. Show it last."""
        record = self._record()
        shown = self._block(provenance_html(self.wording, record))
        untranslated = sorted(self.wording.untranslated)
        return RecordBlock(
            shown.html, replace(record, blocks=sorted(self._made), untranslated=untranslated), made=self._made
        )

    def _record(self) -> Record:
        run, text = self.run, self.wording.text
        return Record(
            study=run.study,
            title=text(self.sidecar.title),
            summary=text(self.sidecar.summary),
            topic=self.sidecar.topic,
            country=run.country,
            place=self.wording.label("geo", run.country),
            year=run.year,
            language=run.language,
            edition=self._edition(),
            parameters={
                name: list(value) if isinstance(value, tuple) else value for name, value in run.parameters.items()
            },
            sources=[self._source(declaration, snapshot) for declaration, snapshot in self._sources()],
            findings=list(dict.fromkeys(self._findings)),
            exhibits=list(self._exhibits.values()),
            said=list(self._said.values()),
            notes=self._notes(),
            results=sorted(self._published.values(), key=lambda result: result.key),
        )

    def _edition(self) -> EditionNote | None:
        if not edition_file(self._project, self.year).is_file():
            return None
        edition = read_edition(self._project, self.year)
        return EditionNote(
            title=self.wording.text(edition.title).format(year=edition.year),
            publisher=self.wording.text(edition.publisher),
            licence=edition.licence,
            released=str(edition.released),
            languages=list(edition.languages),
        )

    def _source(self, declaration: DatasetDeclaration, snapshot: Snapshot) -> Source:
        return Source(
            **asdict(snapshot.id),
            sha256=snapshot.card.sha256,
            provider=declaration.provider,
            title=self.wording.text(declaration.title),
            licence=self.wording.text(snapshot.card.licence),
            url=snapshot.card.source_url,
        )

    def _notes(self) -> list[Note]:
        return comparability(self.wording, self._sources(), self._published.values(), self.year)

    # Bookkeeping

    def _evaluator(
        self, named: Mapping[str, str | None], periods: Sequence[str] = (), is_trial: bool = False
    ) -> Evaluator:
        """Evaluates with the datasets and vintages of the run, or with those that are named; one for each naming, for it
        knows what it was asked before. Of a vintage that is named it is asked whether it has the periods."""
        asked = sorted({int(period[:4]) for period in periods})
        years = tuple(asked) if asked and any(named.values()) else (self.year,)

        def choose(indicator: str, sources: tuple[CountSource, ...], breakdown: Mapping) -> CountSource:
            of_named = tuple(source for source in sources if source.dataset in named)
            return self._choose(indicator, of_named or sources, breakdown, named, years if of_named else (self.year,))

        def observe(asked: str, filters: Mapping) -> Columns:
            return self._observe(asked, filters, named.get(asked), is_trial)

        key = is_trial, years, *sorted(named.items())
        if key not in self._evaluators:
            # What is tried is of one place.
            scope = Scope() if is_trial else self._scope
            self._evaluators[key] = Evaluator(self.wording.indicators, observe, choose, scope)
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
        """The first of the datasets that has one of the years of the country, or a part of it; else the first of all.

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
                else first_holding(used, lambda s: self._holds(s, breakdown, named.get(s.dataset), years))
            )
        return self._chosen[key]

    def _holds_with_partner(self, indicator: str, source: CountSource, years: tuple[int, ...]) -> bool:
        partner = self.wording.indicators.partner(indicator, source.dataset)
        if partner is None or partner[1] not in self._declarations or not self._holds(source, {}, None, years):
            return False
        others = self.wording.indicators.declared(partner[0]).sources
        return any(self._holds(other, {}, None, years) for other in others if other.dataset == partner[1])

    def _holds(self, source: CountSource, breakdown: Mapping, vintage: str | None, years: tuple[int, ...]) -> bool:
        filters = {**source.where, **source.over, **breakdown}
        vintage = vintage or self._vintage(source.dataset, filters)
        if vintage is None:
            return False
        snapshot, declaration = self._opened(source.dataset, vintage), self._declarations[source.dataset]
        return any(number_of_values(snapshot, declaration, filters, self.country, year) for year in years)

    def _observe(self, dataset: str, filters: Mapping, vintage: str | None, is_trial: bool) -> Columns:
        declaration = self._declared(dataset)
        vintage = vintage or self._vintage(dataset, filters)
        if vintage is None:
            return absent(declaration, filters)
        snapshot = self._opened(dataset, vintage) if is_trial else self._snapshot(dataset, vintage)
        return select_columns(snapshot, declaration, filters, gaps=True)

    def _vintage(self, dataset: str, filters: Mapping) -> str | None:
        """Which vintage the run reads for what is asked: that of the dataset, or of a breakdown with its own."""
        for dimension in self.sidecar.datasets[dataset].by:
            if dimension in filters:
                return self.vintage(dataset, by=dimension)
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

    def _opened(self, dataset: str, vintage: str) -> Snapshot:
        if (dataset, vintage) not in self._snapshots:
            if (dataset, vintage) not in self.run.snapshots:
                self._must_depend_on(EVERY_VINTAGE)
            self._snapshots[dataset, vintage] = self._store.open(dataset, vintage)
        return self._snapshots[dataset, vintage]

    def _sources(self) -> list[tuple[DatasetDeclaration, Snapshot]]:
        """The snapshots read."""
        return [(self._declarations[snapshot.id.dataset], snapshot) for _, snapshot in sorted(self._read.items())]

    def _gap(self, results: Sequence[Result]) -> Gap:
        """What an exhibit lacks."""
        names = missing_datasets(results) if results else self._declarations
        is_empty = bool(names) and not any(result.is_available for result in results)
        return Gap.of([self._declarations[name] for name in names], declared_sources(self._project), is_empty)

    def _source_line(self, results: Sequence[Result]) -> str:
        """``Eurostat (migr_asyappctza, vintage 2024-01-18; …)`` of all that the results come from."""
        pairs = sorted(
            {(dataset, vintage) for result in results for dataset, vintage in result.sources if vintage != NO_VINTAGE}
        )
        return blocks.source_html(
            self.wording, [(self._declarations[dataset].provider, dataset, vintage) for dataset, vintage in pairs]
        )

    def _exhibit(
        self, kind: str, name: str, title: Sentence, results: Sequence[Result], axes, gap: Gap, is_whole: bool = False
    ) -> str:
        """Number a figure or table and note what it shows; shown again, it keeps its number."""
        identifier = f"{kind}-{name}"
        of_its_kind = [other for other in self._exhibits if other.startswith(f"{kind}-") and other != identifier]
        known = self._exhibits.get(identifier)
        label = known.label if known else self._label(kind, len(of_its_kind) + 1)
        keys = [list(result.key) for result in results]
        said = title.plain_headline
        self._exhibits[identifier] = Exhibit(identifier, label, said, *axes, keys, list(gap.commands), is_whole)
        return label

    def _label(self, kind: str, number: int) -> str:
        word = self.wording.text("Figure {number}." if kind == "figure" else "Table {number}.")
        return word.format(number=number)

    def _shown(self, sentences: Iterable[Sentence], html: str) -> Block:
        for shown in sentences:
            self._publish(shown.results)
            self._say(shown)
        return self._block(html)

    def _block(self, html: str) -> Block:
        return Block(html, made=self._made)

    def _say(self, sentence: Sentence, finding: Finding | None = None) -> None:
        """Note what a sentence states; said again, as the title of a figure, it is the same sentence."""
        stated, trend = _keys(sentence.results), _keys(finding.trend) if finding else []
        headline = list(finding.number.key) if finding and finding.number else None
        if stated or trend:
            self._said.setdefault(sentence.text, Said(sentence.text, stated, headline, trend))

    def _publish(self, results: Iterable[Result]) -> None:
        for result in results:
            before = self._published.setdefault(result.key, result)
            if repr(before) != repr(result):
                raise InconsistentResult(
                    "one number of the study has two values",
                    where="; ".join(part for part in result.key if part),
                    expected=f"{before.value} from {before.dataset} {before.vintage}",
                    found=f"{result.value} from {result.dataset} {result.vintage}",
                    hint="take it from one dataset and vintage, or name it as another indicator",
                )


def _named(dataset, vintage: str | None) -> Mapping[str, str | None]:
    """Datasets that are named, with the vintage of each."""
    return dataset if isinstance(dataset, Mapping) else dict.fromkeys(_several(dataset or ()), vintage)


def _keys(results: Iterable[Result]) -> list[list[str]]:
    """The keys of those that are available."""
    return [list(result.key) for result in results if result.is_available]


def _several(value) -> list:
    return [value] if isinstance(value, str | int) else list(value)
