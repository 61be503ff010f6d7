"""The blocks of a study's page: findings, paragraphs, figures, tables, each as HTML."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from workbench.declarations.datasets import DatasetDeclaration
from workbench.model.errors import FalseStatement
from workbench.model.record import RECORD_TYPE, Record
from workbench.model.types import Result
from workbench.presentation.charts.chart import Chart
from workbench.presentation.charts.trend import trend_svg
from workbench.presentation.claims import Extreme
from workbench.presentation.downloads import data_link, downloads_html, drawing_link
from workbench.presentation.sentences import Sentence
from workbench.presentation.tables import legend_html, table_html
from workbench.presentation.wording import Wording

OWN_MARKUP = {"migration_workbench": {"markup": "own"}}
"""Metadata of an output that says it is a block; whether it is one that its study made, the record says."""

MimeBundle = tuple[dict[str, Any], dict[str, Any]]
"""What IPython shows: data and metadata, each by its media type."""


@dataclass(frozen=True)
class Block:
    """Something a notebook shows.

    Attributes
    ----------
    html : str
        All text in it is escaped.
    made : set of str
        Digests of the blocks that its study made: their HTML reaches the page as it is, all other HTML is sanitised.
    """

    html: str
    made: set[str] = field(default_factory=set, repr=False, compare=False, kw_only=True)

    def __post_init__(self) -> None:
        self.made.add(digest_of(self.html))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> MimeBundle:
        return {"text/html": self.html, "text/plain": repr(self)}, OWN_MARKUP

    def __add__(self, other: "Block") -> "Block":
        """One below the other, in one cell."""
        return Block(f"{self.html}\n{other.html}", made=self.made if other.made is self.made else set())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self.html)} characters>"


@dataclass(frozen=True)
class RecordBlock(Block):
    """A block that carries the record with it, out of the reader's sight."""

    record: Record

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> MimeBundle:
        data, metadata = super()._repr_mimebundle_(include, exclude)
        return data | {RECORD_TYPE: self.record.as_json()}, metadata


def digest_of(html: str) -> str:
    """What a record knows a block by."""
    return hashlib.sha256(html.encode()).hexdigest()


@dataclass(frozen=True)
class Finding:
    """A key finding.

    Attributes
    ----------
    sentence : Sentence
        What it says.
    headline : Result, Extreme or None
        The number shown large: the study names it, because the first in a sentence may be another one in another language.
    trend : sequence of Result
        The series over time that the number is the last of.
    because : Sentence, optional
        Why it is of another year than the study; shown below.

    Raises
    ------
    FalseStatement
        If the sentence does not state the headline.
    """

    sentence: Sentence
    headline: Result | Extreme | None
    trend: Sequence[Result] = ()
    because: Sentence | None = None

    def __post_init__(self) -> None:
        if self.number and self.number not in self.sentence.results:
            raise FalseStatement(
                "the large number of a key finding is not in its sentence",
                where=self.sentence.text,
                expected="one of the numbers that the sentence states",
                found=", ".join(part for part in self.number.key if part),
                hint="name another headline, or state the number",
            )

    @property
    def number(self) -> Result | None:
        """The number shown large."""
        return self.headline.result if isinstance(self.headline, Extreme) else self.headline

    @property
    def can_be_made(self) -> bool:
        """Whether every number that it states is available."""
        return self.sentence.is_complete


@dataclass(frozen=True)
class Gap:
    """What is missing from a figure or table, and how to get it.

    Attributes
    ----------
    datasets : tuple of DatasetDeclaration
        The datasets needed; empty if nothing is missing.
    commands : tuple of str
        How to get them: those of a provider with an interface are fetched, others are imported from a file.
    is_empty : bool
        Whether no value is there at all.
    """

    datasets: tuple[DatasetDeclaration, ...]
    commands: tuple[str, ...]
    is_empty: bool

    @classmethod
    def of(cls, datasets: Sequence[DatasetDeclaration], with_interface: Sequence[str], is_empty: bool) -> "Gap":
        """The gap that some datasets leave; ``with_interface`` are the agencies that can be asked."""
        fetched = [each.dataset for each in datasets if each.agency in with_interface]
        imported = [each.dataset for each in datasets if each.agency not in with_interface]
        commands = [f"workbench fetch {' '.join(fetched)}"] if fetched else []
        commands += [f"workbench import FILE --dataset {dataset} --vintage DATE" for dataset in imported]
        return cls(tuple(datasets), tuple(commands), is_empty)


def findings_html(wording: Wording, made: Sequence[Finding], missing: Iterable[Result]) -> str:
    """A card for each key finding: its number shown large, the sentence, the trend; then a line on what is ``missing`` for
    those that could not be made."""
    cards = "\n".join(f"<li>{_card_html(wording, finding)}</li>" for finding in made)
    listed = f'<ul class="findings">\n{cards}\n</ul>' if made else ""
    said = [sentence for finding in made for sentence in (finding.sentence, finding.because) if sentence]
    return listed + _legend_of(wording, said) + _missing_html(wording, missing)


def _card_html(wording: Wording, finding: Finding) -> str:
    said = f"<p>{finding.sentence.html}</p>"
    if finding.because:
        said += f'<p class="because">{finding.because.html}</p>'
    if not finding.number:
        return said
    # The sentence says the number too: shown large it is for sighted readers alone.
    number = escape(wording.value(finding.number))
    return f'<p class="at-large" aria-hidden="true">{number}</p>{said}{trend_svg(finding.trend)}'


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


def paragraph_html(wording: Wording, sentences: Sequence[Sentence]) -> str:
    """A paragraph of sentences; nothing, without any."""
    if not sentences:
        return ""
    text = " ".join(_or_what_is_missing(wording, sentence) for sentence in sentences)
    return f"<p>{text}</p>{_legend_of(wording, sentences)}"


def figure_html(
    wording: Wording, name: str, label: str, chart: Chart, title: Sentence, subtitle: Sentence, source: str, gap: Gap
) -> str:
    """A figure: caption, drawing with its text alternative, the data behind it, flags, source, downloads.

    Without any value it is its caption and the ``gap``: what is missing, and how to get it; or the flags that say why.
    """
    identifier = f"figure-{name}"
    # A headline about a number that is not there says nothing: then what is measured is the title.
    headline, *below = (title, subtitle) if title.is_complete else (subtitle,)
    if not _has_values(chart.results):
        why = gap_html(wording, gap) or legend_html(wording, chart.results)
        return (
            f'<figure class="chart" id="{identifier}">\n{_caption_html(identifier, label, subtitle)}\n{why}\n</figure>'
        )
    drawing = chart.svg(wording, identifier, [sentence.plain_headline for sentence in (headline, *below)])
    of_figure = escape(wording.text("Data of this figure"))
    data = table_html(wording, chart.results, *chart.table_axes, of_figure)
    return (
        f'<figure class="chart" id="{identifier}">\n'
        f"{_caption_html(identifier, label, headline, *below)}\n"
        f'<div class="drawing">{drawing}</div>\n'
        f'<details class="data"><summary>{of_figure}</summary>\n'
        f'<div class="scroll" tabindex="0">{data}</div></details>\n'
        f"{_foot_html(wording, identifier, chart.results, headline, source, drawing)}\n</figure>"
    )


def _caption_html(identifier: str, label: str, headline: Sentence, subtitle: Sentence | None = None) -> str:
    return (
        f'<figcaption>{_label_html(identifier, label)}<span class="headline">{headline.headline}</span>'
        f'<span class="subtitle">{subtitle.html if subtitle else ""}</span></figcaption>'
    )


def _has_values(results: Iterable[Result]) -> bool:
    return any(result.is_available for result in results)


def heading_html(text: Sentence, name: str, href: str | None) -> str:
    """A heading below those of the page's contents; a link where it leads somewhere."""
    said = f'<a href="{escape(href)}">{text.headline}</a>' if href else text.headline
    return f'<h3 id="on-{escape(name)}">{said}</h3>'


def related_studies_html(studies: Iterable[tuple[str, str, str]]) -> str:
    """A list of links: title, what the study is about, address."""
    items = "\n".join(
        f'<li><a href="{escape(href)}">{escape(title)}</a><br>{escape(summary)}</li>'
        for title, summary, href in studies
    )
    return f'<ul class="related-studies">\n{items}\n</ul>' if items else ""


def gap_html(wording: Wording, gap: Gap) -> str:
    """A line in an exhibit without any value, or without some: which datasets are needed, and the commands that get them."""
    if not gap.datasets:
        return ""
    named = ", ".join(f"{wording.text(dataset.title)} ({dataset.dataset})" for dataset in gap.datasets)
    commands = " ".join(f"<code>{escape(command)}</code>" for command in gap.commands)
    said = escape(
        wording.text("No data: the snapshots used contain no values here. Datasets needed: {datasets}.")
        if gap.is_empty
        else wording.text("Incomplete: there is no snapshot of {datasets}.")
    )
    return f'<p class="gap">{said.format(datasets=escape(named))} {commands}</p>'


def table_block_html(
    wording: Wording,
    name: str,
    label: str,
    results: Sequence[Result],
    axes: tuple[str, str],
    title: Sentence,
    source: str,
    emphasised: str,
    gap: Gap,
) -> str:
    """A table with its caption, flags, source and download; its caption alone where all values are missing; and the ``gap``, if any."""
    identifier = f"table-{name}"
    caption = f'{_label_html(identifier, label)}<span class="headline">{title.headline}</span>'
    if gap.is_empty:
        return (
            f'<div class="table" id="{identifier}">\n<p class="caption">{caption}</p>\n{gap_html(wording, gap)}\n</div>'
        )
    table = table_html(wording, results, *axes, caption, emphasised)
    return (
        f'<div class="table" id="{identifier}">\n<div class="scroll" tabindex="0">{table}</div>\n'
        f"{gap_html(wording, gap)}{_foot_html(wording, identifier, results, title, source)}\n</div>"
    )


def _label_html(identifier: str, label: str) -> str:
    """The number of a figure or table: a link to itself, to be copied."""
    return f'<a class="label" href="#{identifier}">{escape(label)}</a> '


def _foot_html(
    wording: Wording, identifier: str, results: Sequence[Result], title: Sentence, source: str, drawing: str = ""
) -> str:
    """What stands below a figure or table: flags and footnotes of all it shows, its source, its files."""
    links = [data_link(wording, identifier, results)]
    if drawing:
        links.append(drawing_link(wording, identifier, drawing))
    return legend_html(wording, (*results, *title.results)) + source + downloads_html(wording, *links)


def source_html(wording: Wording, sources: Iterable[tuple[str, str, str]]) -> str:
    """The source line: provider, dataset and vintage of all that is shown."""
    source, vintage = wording.text("Source"), wording.text("vintage")
    named = "; ".join(f"{provider}, {dataset}, {vintage} {day}" for provider, dataset, day in sources)
    return f'<p class="source">{escape(source)}: {escape(named)}.</p>'


def _legend_of(wording: Wording, sentences: Sequence[Sentence]) -> str:
    return legend_html(wording, [result for sentence in sentences for result in sentence.results])


def _or_what_is_missing(wording: Wording, sentence: Sentence) -> str:
    if sentence.is_complete:
        return sentence.html
    return f'<span class="gap">{_listed_as_missing(wording, sentence.results)}</span>'
