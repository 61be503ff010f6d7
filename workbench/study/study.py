"""The study: one run as its notebook sees it. It reads data, words and shows results, and keeps what was published."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from typing import Any

from workbench.data.snapshots import Snapshot
from workbench.declarations.datasets import DatasetDeclaration
from workbench.declarations.editions import edition_file, read_edition
from workbench.declarations.sources import declared_sources
from workbench.declarations.studies import OTHER_STUDIES, Sidecar
from workbench.indicators.asked import EU27
from workbench.model.errors import FalseStatement
from workbench.model.paths import Project, find_project
from workbench.model.record import EditionNote, Exhibit, Record, Source
from workbench.model.types import NO_VINTAGE, Result, Run
from workbench.presentation import blocks, claims
from workbench.presentation.blocks import Block, Finding, Gap, RecordBlock
from workbench.presentation.charts.chart import Chart
from workbench.presentation.claims import Extreme, refuse_unfounded
from workbench.presentation.notes import (
    Note,
    comparability,
    definitions_html,
    notes_html,
    provenance_html,
    sources_html,
)
from workbench.presentation.sentences import Bound, Period, Place, Sentence, by_change, sentence
from workbench.presentation.wording import Wording
from workbench.study.ledger import Ledger
from workbench.study.missing_datasets import missing_datasets
from workbench.study.parameters import resolve
from workbench.study.reader import Reader
from workbench.study.related_studies import address, related_studies


class Study(Reader):
    """One run of a study: it reads, words and shows. Make it with `Study.open`.

    Attributes
    ----------
    wording : Wording
        The language.
    """

    def __init__(self, project: Project, run: Run):
        super().__init__(project, run)
        self.wording = Wording(run.language, self.indicators)
        self._project = project
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
        return cls(project, resolve(project, name, parameters))

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
        **bound: Bound,
    ) -> Sentence:
        """The sentence that fits a number and its change on the period before, of templates that may state ``{number}``,
        ``{change}`` and ``{before}``; see `workbench.presentation.sentences.by_change` for which is chosen."""
        bound |= {"number": number, "change": change, "before": before}
        templates = {"rise": rise, "fall": fall, "level": level, "from_to": from_to, "alone": alone}
        sentences = {name: self.say(template, **bound) for name, template in templates.items()}
        across_a_break = self.say(broken, **bound) if broken else None
        return by_change(number, change, before, broken=across_a_break, **sentences)

    def say_largest(self, largest: Extreme, *, majority: str, plurality: str, **bound: Bound) -> Sentence:
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
            self._ledger.publish(finding.trend)
            self._ledger.say(finding.sentence, finding)
        self._ledger.findings.extend(finding.sentence.text for finding in made.values())
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
                hint="bind the period to the sentence and give a reason, or move the finding to a section below",
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

    def highest(self, results: Iterable[Result], whole: Result | None = None) -> Extreme | None:
        """The highest of a whole field, to be bound where a sentence says so; see `workbench.presentation.claims.highest`."""
        return claims.highest(results, whole)

    def lowest(self, results: Iterable[Result]) -> Extreme | None:
        """The lowest of a whole field; see `workbench.presentation.claims.lowest`."""
        return claims.lowest(results)

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
        self._ledger.publish(chart.results)
        gap, shown = self._gap(chart.results), title if title.is_complete else subtitle
        label = self._exhibit("figure", name, shown, chart.results, chart.table_axes, gap, chart.shows_whole)
        source = self._source_line(chart.results)
        html = blocks.figure_html(self.wording, name, label, chart, title, subtitle, source, gap)
        return self._shown((title, subtitle), html)

    def table(self, name: str, results: Iterable[Result], *, rows: str, columns: str, title: Sentence) -> Block:
        """A numbered table of results; ``rows`` and ``columns`` as in `workbench.presentation.tables.table_html`."""
        results = tuple(results)
        self._ledger.publish(results)
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
        return self._block(definitions_html(self.wording, self._ledger.results.values()))

    def sources(self) -> Block:
        """The datasets, their providers and licences."""
        return self._block(sources_html(self.wording, self._sources()))

    def provenance(self) -> RecordBlock:
        """The inputs of the study, and its record, from which results and archive are written. Show it last."""
        record = self._record()
        shown = self._block(provenance_html(self.wording, record))
        untranslated = sorted(self.wording.untranslated)
        return RecordBlock(
            shown.html,
            replace(record, blocks=sorted(self._ledger.blocks), untranslated=untranslated),
            made=self._ledger.blocks,
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
            findings=list(dict.fromkeys(self._ledger.findings)),
            exhibits=list(self._ledger.exhibits.values()),
            said=list(self._ledger.said.values()),
            notes=self._notes(),
            results=sorted(self._ledger.results.values(), key=lambda result: result.key),
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
            metadata_url=declaration.metadata_url,
        )

    def _notes(self) -> list[Note]:
        return comparability(self.wording, self._sources(), self._ledger.results.values(), self.country, self.year)

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
        self,
        kind: str,
        name: str,
        title: Sentence,
        results: Sequence[Result],
        axes: tuple[str, str],
        gap: Gap,
        is_whole: bool = False,
    ) -> str:
        """Number a figure or table and note what it shows."""
        identifier = f"{kind}-{name}"
        number = self._ledger.number_of(kind, identifier)
        text = self.wording.text
        word = text("Figure {number}.") if kind == "figure" else text("Table {number}.")
        label, keys = word.format(number=number), [list(result.key) for result in results]
        commands = list(gap.commands)
        exhibit = Exhibit(identifier, label, title.plain_headline, *axes, keys, commands, is_whole)
        self._ledger.exhibits[identifier] = exhibit
        return label

    def _shown(self, sentences: Iterable[Sentence], html: str) -> Block:
        for shown in sentences:
            self._ledger.publish(shown.results)
            self._ledger.say(shown)
        return self._block(html)

    def _block(self, html: str) -> Block:
        return Block(html, made=self._ledger.blocks)
