"""The blocks of a study's page: findings, paragraphs, figures, tables, each as HTML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from workbench.model.record import DatasetNotes, Record, Source
from workbench.model.sentence import Sentence
from workbench.model.types import Result
from workbench.presentation.charts.chart import Chart
from workbench.presentation.charts.trend import trend_svg
from workbench.presentation.downloads import data_link, downloads_html, drawing_link
from workbench.presentation.notes import (
    comparability,
    definitions_html,
    notes_html,
    provenance_html,
    sources_html,
)
from workbench.presentation.sentences import Worded, worded
from workbench.presentation.tables import legend_html, table_html
from workbench.presentation.wording import Wording


@dataclass(frozen=True)
class Finding:
    """A key finding that can be made.

    Attributes
    ----------
    sentence : Sentence
        What it says.
    number : Result or None
        The number shown large: one of those that the sentence states.
    trend : tuple of Result
        The series over time that the number is the last of.
    because : Sentence or None
        Why it is of another year than the study; shown below.
    """

    sentence: Sentence
    number: Result | None
    trend: tuple[Result, ...] = ()
    because: Sentence | None = None

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Both of its sentences, where it has two."""
        return (self.sentence, self.because) if self.because else (self.sentence,)


@dataclass(frozen=True)
class Gap:
    """What is missing from a figure or table, and how to get it.

    Attributes
    ----------
    datasets : tuple of (str, str)
        Title and code of the datasets needed; empty if nothing is missing. A title is a message.
    commands : tuple of str
        How to get them: those of a provider with an interface are fetched, others are imported from a file.
    is_empty : bool
        Whether no value is there at all.
    """

    datasets: tuple[tuple[str, str], ...]
    commands: tuple[str, ...]
    is_empty: bool


SourceLine = tuple[tuple[str, str, str], ...]
"""Provider, dataset and vintage of all that a figure or table shows."""


@dataclass(frozen=True)
class Exhibit:
    """A numbered figure or table, as a spreadsheet and the checks of an edition see it.

    Attributes
    ----------
    id : str
        Its id in the page.
    kind, number
        ``figure`` or ``table``, and which of its kind.
    title : Sentence
        What stands above it.
    rows, columns : str
        The axes; see `workbench.presentation.tables.Axis`.
    results : tuple of Result
        What it shows.
    lacks : tuple of str
        The commands that would fetch what is missing, where it lacks a snapshot or has no value at all.
    is_whole : bool
        Whether it shows the parts of a whole, which must then be complete.
    """

    id: str
    kind: str
    number: int
    title: Sentence
    rows: str
    columns: str
    results: tuple[Result, ...]
    lacks: tuple[str, ...]
    is_whole: bool = False

    def label(self, wording: Wording) -> str:
        """``Figure 3.``"""
        return label_of(wording, self.kind, self.number)


class Block:
    """Something that a study shows, without a language.

    Each kind is a frozen dataclass of sentences, results, charts, texts and numbers, which `described` can tell.
    """

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences in it."""
        return ()

    @property
    def exhibit(self) -> Exhibit | None:
        """The numbered figure or table that it is."""
        return None

    def html(self, wording: Wording) -> str:
        """The block in a language; all text in it is escaped."""
        raise NotImplementedError


@dataclass(frozen=True)
class Findings(Block):
    """A card for each key finding: its number shown large, the sentence, the trend; then a line on what is ``missing`` for
    those that could not be made."""

    made: tuple[Finding, ...]
    missing: tuple[Result, ...] = ()

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(sentence for finding in self.made for sentence in finding.sentences)

    def html(self, wording: Wording) -> str:
        cards = "\n".join(f"<li>{_card_html(wording, finding)}</li>" for finding in self.made)
        listed = f'<ul class="findings">\n{cards}\n</ul>' if self.made else ""
        return listed + legend_of(wording, self.sentences) + _missing_html(wording, self.missing)


@dataclass(frozen=True)
class Paragraph(Block):
    """A paragraph of sentences; nothing, without any."""

    said: tuple[Sentence, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return self.said

    def html(self, wording: Wording) -> str:
        if not self.said:
            return ""
        text = " ".join(_or_what_is_missing(wording, sentence) for sentence in self.said)
        return f"<p>{text}</p>{legend_of(wording, self.said)}"


@dataclass(frozen=True)
class Heading(Block):
    """A heading below those of the page's contents, on another study; a link where that has a page."""

    text: Sentence
    study: str
    is_link: bool

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return (self.text,)

    def html(self, wording: Wording) -> str:
        text = worded(wording, self.text).headline
        href = address_of_study(self.study, wording.language)
        said = f'<a href="{escape(href)}">{text}</a>' if self.is_link else text
        return f'<h3 id="on-{escape(self.study)}">{said}</h3>'


@dataclass(frozen=True)
class RelatedStudies(Block):
    """A list of links to other studies: name, title, and what each is about."""

    studies: tuple[tuple[str, str, str], ...]

    def html(self, wording: Wording) -> str:
        items = "\n".join(
            f'<li><a href="{escape(address_of_study(name, wording.language))}">{escape(wording.text(title))}</a><br>'
            f"{escape(wording.text(summary))}</li>"
            for name, title, summary in self.studies
        )
        return f'<ul class="related-studies">\n{items}\n</ul>' if items else ""


@dataclass(frozen=True)
class Figure(Block):
    """A figure: caption, drawing with its text alternative, the data behind it, flags, source, downloads.

    Without any value it is its caption and the ``gap``: what is missing, and how to get it; or the flags that say why.
    """

    name: str
    number: int
    chart: Chart
    title: Sentence
    subtitle: Sentence
    source: SourceLine
    gap: Gap

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return (self.title, self.subtitle)

    @property
    def _shown(self) -> list[Sentence]:
        """A headline about a number that is not there says nothing: then what is measured is the title."""
        return [self.title, self.subtitle] if self.title.is_complete else [self.subtitle]

    @property
    def exhibit(self) -> Exhibit:
        return Exhibit(
            f"figure-{self.name}",
            "figure",
            self.number,
            self._shown[0],
            *self.chart.table_axes,
            self.chart.results,
            self.gap.commands,
            self.chart.shows_whole,
        )

    def html(self, wording: Wording) -> str:
        identifier, label = self.exhibit.id, self.exhibit.label(wording)
        chart = self.chart
        if not _has_values(chart.results):
            why = gap_html(wording, self.gap) or legend_html(wording, chart.results)
            caption = _caption_html(identifier, label, worded(wording, self.subtitle))
            return f'<figure class="chart" id="{identifier}">\n{caption}\n{why}\n</figure>'
        captions = [worded(wording, sentence) for sentence in self._shown]
        drawing = chart.svg(wording, identifier, [caption.plain_headline for caption in captions])
        of_figure = escape(wording.text("Data of this figure"))
        data = table_html(wording, chart.results, *chart.table_axes, of_figure)
        foot = _foot_html(wording, identifier, chart.results, self._shown[0], self.source, drawing)
        return (
            f'<figure class="chart" id="{identifier}">\n'
            f"{_caption_html(identifier, label, *captions)}\n"
            f'<div class="drawing">{drawing}</div>\n'
            f'<details class="data"><summary>{of_figure}</summary>\n'
            f'<div class="scroll" tabindex="0">{data}</div></details>\n'
            f"{foot}\n</figure>"
        )


@dataclass(frozen=True)
class Table(Block):
    """A table with its caption, flags, source and download; its caption alone where all values are missing; and the
    ``gap``, if any. The row ``emphasised`` is set off."""

    name: str
    number: int
    results: tuple[Result, ...]
    rows: str
    columns: str
    title: Sentence
    source: SourceLine
    emphasised: str
    gap: Gap

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return (self.title,)

    @property
    def exhibit(self) -> Exhibit:
        identifier = f"table-{self.name}"
        return Exhibit(
            identifier,
            "table",
            self.number,
            self.title,
            self.rows,
            self.columns,
            self.results,
            self.gap.commands,
        )

    def html(self, wording: Wording) -> str:
        identifier, label = self.exhibit.id, self.exhibit.label(wording)
        headline = worded(wording, self.title).headline
        caption = f'{label_html(identifier, label)}<span class="headline">{headline}</span>'
        gap = gap_html(wording, self.gap)
        if self.gap.is_empty:
            return f'<div class="table" id="{identifier}">\n<p class="caption">{caption}</p>\n{gap}\n</div>'
        table = table_html(wording, self.results, self.rows, self.columns, caption, self.emphasised)
        return (
            f'<div class="table" id="{identifier}">\n<div class="scroll" tabindex="0">{table}</div>\n'
            f"{gap}{_foot_html(wording, identifier, self.results, self.title, self.source)}\n</div>"
        )


@dataclass(frozen=True)
class Comparability(Block):
    """What a reader must know to compare, and the flags of what was published: so many numbers, of which some have a flag or
    are not available."""

    notes: tuple[DatasetNotes, ...]
    flagged: tuple[Result, ...]
    published: int

    def html(self, wording: Wording) -> str:
        return notes_html(comparability(wording, self.notes, self.flagged, self.published))


@dataclass(frozen=True)
class Definitions(Block):
    """What each of some indicators measures; every number of the page leads there."""

    indicators: tuple[str, ...]

    def html(self, wording: Wording) -> str:
        return definitions_html(wording, self.indicators)


@dataclass(frozen=True)
class Sources(Block):
    """The datasets, their providers and licences."""

    sources: tuple[Source, ...]

    def html(self, wording: Wording) -> str:
        return sources_html(wording, self.sources)


@dataclass(frozen=True)
class Provenance(Block):
    """The inputs of the study; ``record`` is without its results, of which there are so many."""

    record: Record
    published: int

    def html(self, wording: Wording) -> str:
        return provenance_html(wording, self.record, self.published)


@dataclass(frozen=True)
class Blocks(Block):
    """One below the other, in one cell."""

    parts: tuple[Block, ...]

    def html(self, wording: Wording) -> str:
        return "\n".join(part.html(wording) for part in self.parts)


def parts_of(block: Block) -> tuple[Block, ...]:
    """The blocks that stand in one cell, each by itself."""
    return tuple(one for part in block.parts for one in parts_of(part)) if isinstance(block, Blocks) else (block,)


def address_of_study(study: str, language: str) -> str:
    """Where the page of a study is, seen from another one of the same country and year: in outputs, archive and catalogue."""
    return f"{study}.{language}.html"


def _card_html(wording: Wording, finding: Finding) -> str:
    said = f"<p>{worded(wording, finding.sentence).html}</p>"
    if finding.because:
        said += f'<p class="because">{worded(wording, finding.because).html}</p>'
    if not finding.number:
        return said
    # The sentence says the number too: shown large it is for sighted readers alone.
    number = escape(wording.value(finding.number))
    return f'<p class="at-large" aria-hidden="true">{number}</p>{said}{trend_svg(wording, finding.trend)}'


def _missing_html(wording: Wording, missing: Iterable[Result]) -> str:
    """The numbers that key findings could not state, listed once, after the findings."""
    listed = _listed_as_missing(wording, missing)
    return f'<p class="gap">{listed}</p>' if listed else ""


def _listed_as_missing(wording: Wording, results: Iterable[Result]) -> str:
    """Indicator, place, period and flags of each number that is not there, once; empty where all are."""
    names = dict.fromkeys(
        f"{wording.indicator(result.indicator)} ({wording.label('geo', result.geo)}, {result.time}) {wording.value(result)}"
        for result in results
        if not result.is_available
    )
    return escape(wording.text("Not available:") + f" {'; '.join(names)}.") if names else ""


def _caption_html(identifier: str, label: str, headline: Worded, subtitle: Worded | None = None) -> str:
    return (
        f'<figcaption>{label_html(identifier, label)}<span class="headline">{headline.headline}</span>'
        f'<span class="subtitle">{subtitle.html if subtitle else ""}</span></figcaption>'
    )


def _has_values(results: Iterable[Result]) -> bool:
    return any(result.is_available for result in results)


def gap_html(wording: Wording, gap: Gap) -> str:
    """A line in an exhibit without any value, or without some: which datasets are needed, and the commands that get them."""
    if not gap.datasets:
        return ""
    named = ", ".join(f"{wording.text(title)} ({dataset})" for title, dataset in gap.datasets)
    commands = " ".join(f"<code>{escape(command)}</code>" for command in gap.commands)
    said = escape(
        wording.text("No data: the snapshots used contain no values here. Datasets needed: {datasets}.")
        if gap.is_empty
        else wording.text("Incomplete: there is no snapshot of {datasets}.")
    )
    return f'<p class="gap">{said.format(datasets=escape(named))} {commands}</p>'


def label_of(wording: Wording, kind: str, number: int) -> str:
    """``Figure 3.``, ``Table 2.``"""
    word = wording.text("Figure {number}.") if kind == "figure" else wording.text("Table {number}.")
    return word.format(number=number)


def label_html(identifier: str, label: str) -> str:
    """The number of a figure or table: a link to itself, to be copied."""
    return f'<a class="label" href="#{identifier}">{escape(label)}</a> '


def _foot_html(
    wording: Wording, identifier: str, results: Sequence[Result], title: Sentence, source: SourceLine, drawing: str = ""
) -> str:
    """What stands below a figure or table: flags and footnotes of all it shows, its source, its files."""
    links = [data_link(wording, identifier, results)]
    if drawing:
        links.append(drawing_link(wording, identifier, drawing))
    return (
        legend_html(wording, (*results, *title.results))
        + source_html(wording, source)
        + downloads_html(wording, *links)
    )


def source_html(wording: Wording, sources: Iterable[tuple[str, str, str]]) -> str:
    """The source line: provider, dataset and vintage of all that is shown."""
    source, vintage = wording.text("Source"), wording.text("vintage")
    named = "; ".join(f"{wording.text(provider)}, {dataset}, {vintage} {day}" for provider, dataset, day in sources)
    return f'<p class="source">{escape(source)}: {escape(named)}.</p>'


def legend_of(wording: Wording, sentences: Sequence[Sentence]) -> str:
    """What the flags in some sentences mean."""
    return legend_html(wording, [result for sentence in sentences for result in sentence.results])


def _or_what_is_missing(wording: Wording, sentence: Sentence) -> str:
    if sentence.is_complete:
        return worded(wording, sentence).html
    return f'<span class="gap">{_listed_as_missing(wording, sentence.results)}</span>'
