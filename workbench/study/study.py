"""The study: one run as its notebook sees it. It reads data, words and shows results, and keeps what was published."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any

from workbench.data.cited import comparability_notes, source_of
from workbench.data.observations import dimensions_of
from workbench.data.snapshots import Snapshot
from workbench.declarations.commentary import BoundNumber, commentary_files, read_commentary
from workbench.declarations.datasets import DatasetDeclaration
from workbench.declarations.queries import read_answers, read_query_in
from workbench.declarations.reviews import reviews_of
from workbench.declarations.sources import declared_sources
from workbench.declarations.studies import COMMENTARY, OTHER_STUDIES, Sidecar
from workbench.indicators.asked import EU27
from workbench.indicators.lacking import Held, lacking
from workbench.model.errors import FalseStatement, WorkbenchError
from workbench.model.paths import Project, find_project
from workbench.model.record import DatasetNotes, Record, Source
from workbench.model.sentence import Bound, Period, Place, Sentence
from workbench.model.types import NO_VINTAGE, Result, Run
from workbench.presentation import blocks, charts
from workbench.presentation.blocks import Block, Gap, Tabular
from workbench.presentation.brief import Commentary, Point, Points
from workbench.presentation.charts import Columns, Fan, Lines
from workbench.presentation.charts.chart import Chart
from workbench.presentation.charts.europe import EuropeMap
from workbench.presentation.charts.style import use_style_of_researchers
from workbench.presentation.figure import Figure
from workbench.presentation.lacking import Reasons, said_lacking
from workbench.presentation.own.blocks import OwnFigure, OwnTable
from workbench.presentation.own.figures import drawing
from workbench.presentation.own.tables import own_table
from workbench.presentation.query import AskedQuery, MemberAnswers
from workbench.presentation.sentences import in_english, sentence
from workbench.presentation.tables import layout
from workbench.presentation.wording import Wording, language_name
from workbench.resolving.parameters import EDITION_OF_RUN, language_of, resolve
from workbench.study import claims
from workbench.study.answered import answered
from workbench.study.choosing import by_change
from workbench.study.claims import Extreme, refuse_unfounded
from workbench.study.commentary import signed
from workbench.study.deadlines import deadlines
from workbench.study.finding import Finding
from workbench.study.frame_labels import show_labels
from workbench.study.ledger import Ledger
from workbench.study.missing_datasets import gap, missing_datasets
from workbench.study.reader import Reader
from workbench.study.related_studies import related_studies
from workbench.study.reviews_shown import ReviewsShown
from workbench.study.search import Entry, Listing, Search
from workbench.study.shown import Shown

_NAME = 20
"""Characters in which the names of datasets stand below each other."""

_FEWEST_PERIODS = 3
"""So many periods a chart has that says what happened in them."""


class Study(Reader):
    """One run of a study: it reads, says and shows. Make it with `Study.open`.

    Nothing that it computes or says depends on a language: what it shows is a description, which is worded when it is seen.

    Parameters
    ----------
    project, run
        What to read.
    language : str
        The language in which a notebook shows its blocks.
    """

    def __init__(self, project: Project, run: Run, language: str):
        super().__init__(project, run)
        self._wording = Wording(language, self.indicators)
        self._ledger = Ledger()

    @classmethod
    def open(cls, name: str, **parameters: Any) -> "Study":
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
        use_style_of_researchers()
        run = resolve(project, name, parameters, os.environ.get(EDITION_OF_RUN, ""))
        study = cls(project, run, language_of(project, name, parameters))
        show_labels(study._wording)
        return study

    def __repr__(self) -> str:
        place, words = self._wording.label("geo", self.country), self._wording
        read = "\n".join(f"  reads {entry.name:{_NAME}} {entry.of}" for entry in self.datasets if entry.is_read)
        return (
            f"{words.text(self.sidecar.title)}: {place}, {self.year} ({language_name(words.language)})\n{read}\n"
            '  look for what there is: study.find("first-time"), study.datasets, study.codes("citizen"), study.indicators'
        )

    # What there is to ask for

    def find(self, text: str) -> Listing:
        """The indicators, datasets and codes in whose id or labels, in any language, all words of a text are.

        Parameters
        ----------
        text : str
            Its case and accents do not matter: ``"pirma karta"``. Where nothing has it, what is spelt nearly so is found.
        """
        return self._search.find(text)

    @property
    def datasets(self) -> Listing:
        """The declared datasets; first those that the study reads, with vintage, periods and dimensions."""
        return Listing(
            sorted(map(self._with_what_is_read, self._search.datasets()), key=lambda entry: not entry.is_read)
        )

    def codes(self, dimension: str, text: str = "") -> Listing:
        """The codes of a dimension; of some text, those in whose labels all of its words are.

        Raises
        ------
        UnknownCode
            If there is no code list of the dimension, naming the nearest.
        """
        return self._search.codes(dimension, text)

    def why_missing(self, results: Result | Iterable[Result]) -> Reasons:
        """Why results are not there (``x``): what the snapshots lack that they were read from, a line for each reason."""
        several = [results] if isinstance(results, Result) else results
        return Reasons(said_lacking(self._wording, one) for one in lacking(several, self.indicators, self._held_by))

    def _held_by(self, dataset: str, vintage: str) -> Held | None:
        if vintage == NO_VINTAGE:
            return None
        return self._opened(dataset, vintage).opened(self._declarations[dataset]).codes

    @cached_property
    def _search(self) -> Search:
        return Search(self.project, self.indicators, self._wording.language)

    def _with_what_is_read(self, entry: Entry) -> Entry:
        if entry.name not in self._declarations:
            return entry
        opened = self._opened_of_run(entry.name)
        if opened is None:
            return replace(entry, of=f"no snapshot: workbench fetch {entry.name}", is_read=True)
        (snapshot, _), axes = opened, dimensions_of(*opened)
        covered = " to ".join(snapshot.card.ends)
        return replace(entry, of=f"{snapshot.id.vintage}, {covered}, by {', '.join(sorted(axes))}", is_read=True)

    def _opened_of_run(self, dataset: str) -> tuple[Snapshot, DatasetDeclaration] | None:
        """The snapshot of a dataset of the sidecar that the run reads, and its declaration: to be looked at, not to be cited."""
        vintage = self.vintage(dataset)
        return (self._opened(dataset, vintage), self._declarations[dataset]) if vintage else None

    # Words

    def say(self, template: str, **bound: Bound | Extreme) -> Sentence:
        """A sentence, its numbers bound; see `workbench.presentation.sentences.sentence`.

        ``{country}``, ``{neighbours}``, ``{year}`` and ``{previous_year}`` are always bound.
        """
        refuse_unfounded(template, bound)
        return sentence(template, self._always_bound | _without_claims(bound))

    def say_plural(self, singular: str, plural: str, *, count: Result, **bound: Bound | Extreme) -> Sentence:
        """A sentence in the form that the number of ``{count}`` needs."""
        refuse_unfounded(plural, bound)
        return sentence(singular, self._always_bound | {"count": count} | _without_claims(bound), plural)

    def say_change(
        self,
        number: Result,
        change: Result,
        before: Result,
        *,
        rise: str,
        fall: str,
        level: str,
        from_to: str,
        alone: str,
        broken: str | None = None,
        **bound: Bound | Extreme,
    ) -> Sentence:
        """The sentence that fits a number and its change on the period before, of templates that may state ``{number}``,
        ``{change}`` and ``{before}``; see `workbench.study.choosing.by_change` for which is chosen."""
        bound |= {"number": number, "change": change, "before": before}
        templates = {"rise": rise, "fall": fall, "level": level, "from_to": from_to, "alone": alone}
        sentences = {name: self.say(template, **bound) for name, template in templates.items()}
        across_a_break = self.say(broken, **bound) if broken else None
        return by_change(number, change, before, broken=across_a_break, **sentences)

    def say_largest(self, largest: Extreme, *, majority: str, plurality: str, **bound: Bound | Extreme) -> Sentence:
        """The sentence on ``{number}``, the largest part of a whole: ``majority`` where it is certainly more than half."""
        return self.say(majority if largest.is_majority else plurality, number=largest, **bound)

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

    def findings(self, *findings: Finding) -> Shown:
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
                made.setdefault(finding.number.key if finding.number else (in_english(finding.sentence),), finding)
        for finding in made.values():
            self._ledger.publish(finding.trend)
        self._ledger.findings.extend(finding.sentence for finding in made.values())
        missing = [result for finding in findings if not finding.can_be_made for result in finding.sentence.results]
        return self._shown(blocks.Findings(tuple(finding.shown for finding in made.values()), tuple(missing)))

    def _refuse_another_year(self, finding: Finding) -> None:
        number = finding.number
        if number is None or number.time[:4] == str(self.year):
            return
        # The first day of the next year is the end of this one.
        is_said = number.time in finding.sentence.periods
        if not is_said or not (finding.because or number.time == str(self.year + 1)):
            raise FalseStatement(
                "a key finding is of another year than the study",
                where=str(finding.sentence),
                expected=f"{self.year}; or a sentence that names the period, and a second one, because=, that says why",
                found=number.time,
                hint="bind the period to the sentence and give a reason, or move the finding to a section below",
            )

    def year_in_sentences(self, *told: tuple[Finding, str]) -> Shown:
        """The key findings as a numbered list, each with the study that says more of it, where the edition has it.

        Raises
        ------
        FalseStatement
            As `findings`.
        """
        for finding, _ in told:
            self._refuse_another_year(finding)
        self._ledger.findings.extend(finding.sentence for finding, _ in told)
        points = (self._point(finding.sentence, study) for finding, study in told)
        return self._shown(Points(tuple(points), is_numbered=True))

    def _point(self, sentence: Sentence, study: str) -> Point:
        about = self._related_studies.get(study)
        return Point(sentence, study, about.title) if about else Point(sentence)

    def points(self, *sentences: Sentence) -> Shown:
        """A list of sentences."""
        return self._shown(Points(tuple(map(Point, sentences))))

    def commentary(self) -> Shown:
        """What an editor says of the country and year, in ``params/commentary/``; nothing where nobody has said anything.

        Raises
        ------
        UnboundNumber
            With file, line and column, if a number in it is typed, or is not available.
        """
        self._must_depend_on(COMMENTARY)
        files = map(read_commentary, commentary_files(self.project, self.country, self.year))
        return self._shown(Commentary({file.language: signed(file, self._bound_number) for file in files}))

    def query(self) -> Shown:
        """What was asked, of an ad-hoc query: by whom, until when, background and questions."""
        asked = read_query_in(self.project, self.run.edition)
        return self._shown(
            AskedQuery(
                asked.requested_by,
                str(asked.requested),
                str(asked.deadline),
                asked.state,
                str(asked.since),
                asked.dissemination,
                asked.background or {},
                asked.questions,
                ("en", *sorted(asked.translations)),
            )
        )

    def answers(self) -> Shown:
        """What Member States answered to an ad-hoc query, a row for each; what is restricted is not in it, unless the page is
        for the network alone."""
        asked = read_query_in(self.project, self.run.edition)
        return self._shown(
            MemberAnswers(
                len(asked.questions),
                tuple(answered(answer, asked.is_restricted) for answer in read_answers(self.project, asked)),
            )
        )

    def reviews(self) -> ReviewsShown:
        """What reviewers said of this study, and what they were answered: a table for the notebook, of which no page shows
        anything."""
        edition = self.run.edition
        return ReviewsShown(tuple(reviews_of(self.project, edition, self.run.study, self.country)), self._wording)

    def _bound_number(self, number: BoundNumber) -> Result:
        return self.one(number.indicator, geo=number.geo, time=number.time, **number.breakdown)

    def due(self, results: Iterable[Result], year: int) -> dict[str, list[str]]:
        """When the figures of a year are due, of the indicators of some results; see `workbench.study.deadlines.deadlines`."""
        return deadlines(results, self._declarations, year)

    def text(self, *sentences: Sentence) -> Shown:
        """A paragraph."""
        return self._shown(blocks.Paragraph(sentences))

    def heading(self, text: Sentence, study: str) -> Shown:
        """A heading that leads to another study of the same country and year, if there is one."""
        return self._shown(blocks.Heading(text, study, is_link=study in self._related_studies))

    def related_studies(self) -> Shown:
        """The other studies of the same country and year, each a link with what it is about."""
        listed = ((name, sidecar.title, sidecar.summary) for name, sidecar in self._related_studies.items())
        return self._shown(blocks.RelatedStudies(tuple(listed)))

    @cached_property
    def _related_studies(self) -> dict[str, Sidecar]:
        self._must_depend_on(OTHER_STUDIES)
        return related_studies(self.project, self.run)

    def highest(self, results: Iterable[Result], whole: Result | None = None) -> Extreme | None:
        """The highest of a whole field, to be bound to the sentence that says so.

        Parameters
        ----------
        results : iterable of Result
            The whole field, as ``study.results("asylum_applicants_per_million", geo=study.member_states)``.
        whole : Result, optional
            What they are parts of: an unknown part must not be larger than the highest of them.

        Returns
        -------
        Extreme or None
            Its ``result`` is the number. None where that cannot be told: of fewer than three numbers, or where rounding or an
            unknown part leaves open which is highest. Then say something else.
        """
        return claims.highest(results, whole)

    def lowest(self, results: Iterable[Result]) -> Extreme | None:
        """The lowest of a whole field, to be bound to the sentence that says so; None where that cannot be told: see `highest`."""
        return claims.lowest(results)

    def figure(
        self,
        name: str,
        chart: Chart,
        *,
        title: Sentence,
        subtitle: Sentence,
        table: Tabular | None = None,
        map: EuropeMap | None = None,
    ) -> Shown:
        """A numbered figure: headline, what is measured, the chart, its data, flags and source.

        Parameters
        ----------
        name : str
            Unique in the study: the figure can be linked to as ``#figure-<name>``.
        chart : Chart
            What to draw.
        title, subtitle : Sentence
            What it says; and measure, place and period.
        table : Tabular, optional
            The table behind it, where it holds more than what is drawn, as a change on the year before.
        map : EuropeMap, optional
            The same numbers by place.

        Raises
        ------
        WorkbenchError
            If it is no chart of the package: only those are drawn outside the kernel.
        """
        for drawn in (chart, map) if map else (chart,):
            _refuse_unknown(drawn)
        chart = self._with_events(chart)
        shown = tuple(dict.fromkeys(chain(chart.results, *(part.results for part in (table, map) if part))))
        if table and any(result.is_available for result in table.results):
            layout(table.results, table.rows, table.columns)
        self._ledger.publish(shown)
        return self._shown(
            Figure(
                name=name,
                number=self._number_of("figure", name, chart.results),
                chart=chart,
                title=title,
                subtitle=subtitle,
                source=self._source_line(shown),
                gap=self._gap(chart.results),
                emphasised=self.country,
                table=table,
                map=map,
            )
        )

    def table(
        self,
        name: str,
        results: Iterable[Result],
        *,
        rows: str,
        columns: str,
        title: Sentence,
        names_providers: bool = False,
    ) -> Shown:
        """A numbered table of results; ``rows`` and ``columns`` as in `workbench.presentation.tables.table_html`. Where providers
        stand beside each other, each row says whose its numbers are: ``names_providers``."""
        results = tuple(results)
        self._ledger.publish(results)
        gap = self._gap(results)
        if not gap.is_empty:
            layout(results, rows, columns)
        return self._shown(
            blocks.Table(
                name=name,
                number=self._number_of("table", name, results),
                results=results,
                rows=rows,
                columns=columns,
                title=title,
                source=self._source_line(results),
                emphasised=self.country,
                gap=gap,
                names_providers=names_providers,
            )
        )

    def own_figure(self, name: str, drawn: object, *, title: Sentence, alternative: Sentence) -> Shown:
        """A numbered figure that is not made of results: it is carried over as it is into the page of every language, with what
        it draws as a file.

        Parameters
        ----------
        name : str
            As for `figure`.
        drawn : object
            A figure or axes of Matplotlib, a grid of seaborn, or a plot of ``seaborn.objects``. It has the style of the charts
            unless it sets its own.
        title : Sentence
            What it shows.
        alternative : Sentence
            What is to be seen in it, for readers who do not see it.
        """
        # Imported here and not above: few studies show one.
        from workbench.presentation.own.data import drawn_csv, drawn_data

        data, number = drawn_csv(drawn_data(drawn)), self._ledger.number_of("figure", name)
        svg = drawing(drawn, f"figure-{name}")
        return self._shown(OwnFigure(name, number, svg, data, title, alternative))

    def own_table(self, name: str, table: object, *, title: Sentence) -> Shown:
        """A numbered table that is not made of results, likewise: a data frame or series of pandas, or a table or summary of
        statsmodels."""
        return self._shown(OwnTable(name, self._ledger.number_of("table", name), own_table(table), title))

    def comparability(self) -> Shown:
        """What a reader must know to compare: definitions, vintages, flags, breaks, rounding, what is left out."""
        published = self._ledger.results.values()
        flagged = tuple(result for result in published if result.flags or not result.is_available)
        return self._shown(blocks.Comparability(self._notes(), flagged, len(published)))

    def definitions(self) -> Shown:
        """What each indicator measures; every number of the page leads there. Show it after all numbers."""
        indicators = {result.indicator for result in self._ledger.results.values()}
        return self._shown(blocks.Definitions(tuple(sorted(indicators))))

    def sources(self) -> Shown:
        """The datasets, their providers and licences."""
        return self._shown(blocks.Sources(tuple(source for source in self._cited() if source.is_shown)))

    def provenance(self) -> Shown:
        """The inputs of the study, and its record, from which results and archive are written. Show it last."""
        record = self._record()
        block = blocks.Provenance(replace(record, results=(), notes=(), findings=()), len(record.results))
        shown = self._shown(block)
        return replace(shown, record=self._with_blocks(record))

    def _with_blocks(self, record: Record) -> Record:
        return replace(record, blocks=tuple(sorted(self._ledger.blocks)))

    def _record_so_far(self) -> Record:
        """The record of what has been published, for `workbench.study.checkpoint`."""
        return self._with_blocks(self._record())

    def _stateful_parts(self) -> list[object]:
        """The study, and what it keeps beside itself of what was published and read; likewise."""
        return [self, self._ledger, *self._evaluators.values()]

    def _record(self) -> Record:
        return Record(
            study=self.run.study,
            title=self.sidecar.title,
            summary=self.sidecar.summary,
            topic=self.sidecar.topic,
            page=self.sidecar.page,
            country=self.run.country,
            year=self.run.year,
            parameters=dict(self.run.parameters),
            sources=self._cited(),
            findings=tuple({repr(said): said for said in self._ledger.findings}.values()),
            notes=self._notes(),
            results=tuple(sorted(self._ledger.results.values(), key=lambda result: result.key)),
        )

    def _cited(self) -> tuple[Source, ...]:
        published = self._ledger.results.values()
        shown = {pair for result in published if result.is_available for pair in result.sources}
        shown |= {(taken.dataset, taken.vintage) for taken in self._taken_whole}
        return tuple(
            source_of(declaration, snapshot, is_shown=(snapshot.id.dataset, snapshot.id.vintage) in shown)
            for declaration, snapshot in self._sources()
        )

    def _notes(self) -> tuple[DatasetNotes, ...]:
        return comparability_notes(self._sources(), self.country, self.year)

    def _number_of(self, kind: str, name: str, results: Iterable[Result]) -> int:
        """The number of a figure or table; none without any value: it is shown neither on a page nor in the spreadsheet."""
        return self._ledger.number_of(kind, name) if any(result.is_available for result in results) else 0

    def _with_events(self, chart: Chart) -> Chart:
        """A chart over time with what happened in its periods; unless it is short, or of data on which other events bear."""
        own = [result for result in chart.results if result.geo == self.country]
        datasets, times = {result.sources[0][0] for result in own}, {result.time for result in own}
        if isinstance(chart, Lines | Fan | Columns) and len(datasets) == 1 and len(times) >= _FEWEST_PERIODS:
            return replace(chart, events=self.events_beside(own))
        return chart

    def _gap(self, results: Sequence[Result]) -> Gap:
        """What an exhibit lacks."""
        names = missing_datasets(results) if results else self._declarations
        is_empty = bool(names) and not any(result.is_available for result in results)
        return gap([self._declarations[name] for name in names], declared_sources(self.project), is_empty)

    def _source_line(self, results: Sequence[Result]) -> blocks.SourceLine:
        """Provider, dataset and vintage of all that the results come from."""
        pairs = {
            (dataset, vintage) for result in results for dataset, vintage in result.sources if vintage != NO_VINTAGE
        }
        return tuple((self._declarations[dataset].provider, dataset, vintage) for dataset, vintage in sorted(pairs))

    def _shown(self, block: Block) -> Shown:
        for said in block.sentences:
            self._ledger.publish(said.results)
        return Shown(block, self._wording, self._ledger.blocks)


def _refuse_unknown(chart: object) -> None:
    if getattr(charts, type(chart).__name__, None) is not type(chart):
        raise WorkbenchError(
            f"{type(chart).__name__} is not a chart of the workbench, and no page could draw it",
            expected=", ".join(charts.__all__),
            hint="add it to workbench/presentation/charts/, or show a figure of your own by study.own_figure",
        )


def _without_claims(bound: Mapping[str, Bound | Extreme]) -> dict[str, Bound]:
    return {name: value.result if isinstance(value, Extreme) else value for name, value in bound.items()}
