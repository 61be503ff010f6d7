"""The blocks of a study's page: findings, paragraphs, figures, tables, each as HTML."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import ClassVar

from workbench.model.record import DatasetNotes, Record, Source
from workbench.model.sentence import Sentence
from workbench.model.types import Result
from workbench.presentation.charts.trend import trend_svg
from workbench.presentation.notes import (
    comparability,
    definitions_html,
    notes_html,
    provenance_html,
    sources_html,
)
from workbench.presentation.sentences import worded
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


@dataclass(frozen=True)
class Tabular:
    """The table behind a figure, where it holds more than what is drawn.

    Attributes
    ----------
    results : tuple of Result
        What it shows; whatever the figure draws is among them.
    rows, columns : str
        Its axes; see `workbench.presentation.tables.Axis`.
    """

    results: tuple[Result, ...]
    rows: str
    columns: str


@dataclass(frozen=True)
class Missing:
    """Something that a study cannot show, in a language.

    Attributes
    ----------
    what : str
        What it is, as a title.
    why : str
        HTML: which datasets are needed, and how to get them; or the flags that stand in its place.
    """

    what: str
    why: str


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
        ``figure`` or ``table``, and which of its kind; zero for one without any value, which is not shown.
    title : Sentence
        What stands above it.
    rows, columns : str
        The axes; see `workbench.presentation.tables.Axis`.
    results : tuple of Result
        What it shows.
    lacks : tuple of str
        The commands that would fetch what is missing, where it lacks a snapshot or has no value at all.
    parts : tuple of Result
        What it draws as the parts of a whole, which they must then fill; the table behind it may hold more.
    subtitle : Sentence or None
        What is measured, where the title is a finding.
    providers : mapping
        The provider of each dataset, where each row of the table says whose its numbers are.
    """

    id: str
    kind: str
    number: int
    title: Sentence
    rows: str
    columns: str
    results: tuple[Result, ...]
    lacks: tuple[str, ...]
    parts: tuple[Result, ...] = ()
    subtitle: Sentence | None = None
    providers: Mapping[str, str] = field(default_factory=dict, hash=False)

    def label(self, wording: Wording) -> str:
        """``Figure 3.``"""
        return label_of(wording, self.kind, self.number)


class Block:
    """Something that a study shows, without a language.

    Each kind is a frozen dataclass of sentences, results, charts, texts and numbers, which `described` can tell.

    Attributes
    ----------
    is_of_method : bool
        Whether it says how the study was made: then it stands beside the study, not in it.
    """

    is_of_method: ClassVar[bool] = False

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences in it."""
        return ()

    @property
    def exhibit(self) -> Exhibit | None:
        """The numbered figure or table that it is."""
        return None

    def html(self, wording: Wording) -> str:
        """The block in a language; all text in it is escaped. Empty, if there is nothing to show."""
        raise NotImplementedError

    def gaps(self, wording: Wording) -> tuple[Missing, ...]:
        """What it would show, were it there."""
        return ()


@dataclass(frozen=True)
class Findings(Block):
    """A card for each key finding: its number shown large, the sentence, the trend. Of those that could not be made, the
    numbers that are ``missing``."""

    made: tuple[Finding, ...]
    missing: tuple[Result, ...] = ()

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(sentence for finding in self.made for sentence in finding.sentences)

    def html(self, wording: Wording) -> str:
        cards = "\n".join(f"<li>{_card_html(wording, finding)}</li>" for finding in self.made)
        listed = f'<ul class="findings">\n{cards}\n</ul>' if self.made else ""
        return listed + legend_of(wording, self.sentences)

    def gaps(self, wording: Wording) -> tuple[Missing, ...]:
        return _not_there(wording, self.missing)


@dataclass(frozen=True)
class Paragraph(Block):
    """A paragraph of the sentences whose numbers are there; nothing, without any."""

    said: tuple[Sentence, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return self.said

    def html(self, wording: Wording) -> str:
        said = [sentence for sentence in self.said if sentence.is_complete]
        if not said:
            return ""
        text = " ".join(worded(wording, sentence).html for sentence in said)
        return f"<p>{text}</p>{legend_of(wording, said)}"

    def gaps(self, wording: Wording) -> tuple[Missing, ...]:
        incomplete = [sentence for sentence in self.said if not sentence.is_complete]
        return _not_there(wording, [result for sentence in incomplete for result in sentence.results])


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
class Table(Block):
    """A table with its caption, flags and source. Without any value it has no ``number`` and is not shown. The row
    ``emphasised`` is set off; the ``gap`` says what is missing, and how to get it. Where providers stand beside each other,
    each row says whose its numbers are (``names_providers``)."""

    name: str
    number: int
    results: tuple[Result, ...]
    rows: str
    columns: str
    title: Sentence
    source: SourceLine
    emphasised: str
    gap: Gap
    names_providers: bool = False

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
            providers=self._providers,
        )

    @property
    def _providers(self) -> dict[str, str]:
        """The provider of each dataset, if the rows name them."""
        return {dataset: provider for provider, dataset, _ in self.source} if self.names_providers else {}

    def html(self, wording: Wording) -> str:
        identifier, label = self.exhibit.id, self.exhibit.label(wording)
        if not self.number:
            return ""
        headline = worded(wording, self.title).headline
        caption = f'{label_html(identifier, label)}<span class="headline">{headline}</span>'
        table = table_html(wording, self.results, self.rows, self.columns, caption, self.emphasised, self._providers)
        return (
            f'<div class="table" id="{identifier}">\n<div class="scroll">{table}</div>\n'
            f"{_notes_html(wording, self.results, self.title, self.source)}\n</div>"
        )

    def gaps(self, wording: Wording) -> tuple[Missing, ...]:
        return missing_of(wording, self.title, self.gap, self.results)


@dataclass(frozen=True)
class Comparability(Block):
    """What a reader must know to compare, and the flags of what was published: so many numbers, of which some have a flag or
    are not available."""

    is_of_method = True

    notes: tuple[DatasetNotes, ...]
    flagged: tuple[Result, ...]
    published: int

    def html(self, wording: Wording) -> str:
        return notes_html(comparability(wording, self.notes, self.flagged, self.published))


@dataclass(frozen=True)
class Definitions(Block):
    """What each of some indicators measures; every number of the page leads there."""

    is_of_method = True

    indicators: tuple[str, ...]

    def html(self, wording: Wording) -> str:
        return definitions_html(wording, self.indicators)


@dataclass(frozen=True)
class Sources(Block):
    """The datasets, their providers and licences."""

    is_of_method = True

    sources: tuple[Source, ...]

    def html(self, wording: Wording) -> str:
        return sources_html(wording, self.sources)


@dataclass(frozen=True)
class Provenance(Block):
    """The inputs of the study; ``record`` is without its results, of which there are so many."""

    is_of_method = True

    record: Record
    published: int

    def html(self, wording: Wording) -> str:
        return provenance_html(wording, self.record, self.published)


@dataclass(frozen=True)
class Blocks(Block):
    """One below the other, in one cell."""

    parts: tuple[Block, ...]

    def html(self, wording: Wording) -> str:
        return "\n".join(filter(None, (part.html(wording) for part in self.parts)))

    def gaps(self, wording: Wording) -> tuple[Missing, ...]:
        return tuple(one for part in self.parts for one in part.gaps(wording))


def parts_of(block: Block) -> tuple[Block, ...]:
    """The blocks that stand in one cell, each by itself."""
    return tuple(one for part in block.parts for one in parts_of(part)) if isinstance(block, Blocks) else (block,)


def address_of_study(study: str, language: str) -> str:
    """Where the page of a study is, seen from another one of the same country and year: in outputs, archive and catalogue."""
    return f"{study}.{language}.html"


_NAMED_SOURCES = 3


def _card_html(wording: Wording, finding: Finding) -> str:
    said = f"<p>{worded(wording, finding.sentence).html}</p>"
    if finding.because:
        said += f'<p class="because">{worded(wording, finding.because).html}</p>'
    if not finding.number:
        return said
    # The sentence says the number too: shown large it is for sighted readers alone.
    number = escape(wording.ordinal(finding.number))
    return f'<p class="at-large" aria-hidden="true">{number}</p>{said}{trend_svg(wording, finding.trend)}'


def _not_there(wording: Wording, results: Iterable[Result]) -> tuple[Missing, ...]:
    """Indicator, place, period and flags of each number that is not there, once."""
    # A missing value equals nothing, itself neither.
    missing = {result.key: result for result in results if not result.is_available}
    return tuple(
        Missing(
            f"{wording.indicator(result.indicator)} ({wording.label('geo', result.geo)}, {result.time})",
            legend_html(wording, [result]),
        )
        for result in missing.values()
    )


def gaps_html(gaps: Iterable[Missing]) -> str:
    """A list of what a study cannot show; empty, where there is nothing to list."""
    items = "\n".join(f"<li>{escape(gap.what)}{gap.why}</li>" for gap in gaps)
    return f'<ul class="gaps">\n{items}\n</ul>' if items else ""


def missing_of(wording: Wording, title: Sentence, gap: Gap, results: Iterable[Result]) -> tuple[Missing, ...]:
    """What a figure or table lacks: some of its datasets, or all values."""
    results = list(results)
    if not gap.datasets and any(result.is_available for result in results):
        return ()
    why = gap_html(wording, gap) or legend_html(wording, results)
    return (Missing(worded(wording, title).plain_headline, why),)


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


def _notes_html(wording: Wording, results: Sequence[Result], title: Sentence, source: SourceLine) -> str:
    """What stands below a figure or table: flags and footnotes of all it shows, and its source."""
    return legend_html(wording, (*results, *title.results)) + source_html(wording, source)


def source_html(wording: Wording, sources: Iterable[tuple[str, str, str]]) -> str:
    """The source line: provider, dataset and vintage of all that is shown; of many, how many of each provider. Each number says
    its own."""
    sources, source, vintage = list(sources), wording.text("Source"), wording.text("vintage")
    if len(sources) <= _NAMED_SOURCES:
        named = [f"{wording.text(provider)}, {dataset}, {vintage} {day}" for provider, dataset, day in sources]
    else:
        named = [_counted_source(wording, *counted) for counted in Counter(one[0] for one in sources).items()]
    return f'<p class="source">{escape(source)}: {escape("; ".join(named))}.</p>'


def _counted_source(wording: Wording, provider: str, count: int) -> str:
    said = wording.plural("{provider}, {count} vintage of a dataset", "{provider}, {count} vintages of datasets", count)
    return said.format(provider=wording.text(provider), count=wording.number(count))


def legend_of(wording: Wording, sentences: Sequence[Sentence]) -> str:
    """What the flags in some sentences mean."""
    return legend_html(wording, [result for sentence in sentences for result in sentence.results])
