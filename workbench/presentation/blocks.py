"""The blocks of a study's page: findings, paragraphs, figures, tables, each as HTML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from workbench.model.results_csv import results_csv
from workbench.model.words import Result
from workbench.presentation.charts import Chart, svg
from workbench.presentation.charts.style import styled
from workbench.presentation.charts.trend import trend_svg
from workbench.presentation.sentences import Sentence
from workbench.presentation.tables import legend_html, table_html
from workbench.presentation.wording import Wording


@dataclass(frozen=True)
class Block:
    """Something a notebook shows."""

    html: str

    def _repr_html_(self):
        return self.html

    def __repr__(self):
        return f"<{type(self).__name__} of {len(self.html)} characters>"


@dataclass(frozen=True)
class Finding:
    """A key finding: a sentence, and the series over time that its number is the last of."""

    sentence: Sentence
    trend: Sequence[Result] = ()


def findings_html(wording: Wording, findings: Sequence[Finding]) -> str:
    """A list of key findings. One whose number is missing says what is missing instead."""
    items = "\n".join(
        f"<li><span>{_or_what_is_missing(wording, finding.sentence)}</span>{trend_svg(finding.trend)}</li>"
        for finding in findings
    )
    legend = _legend_of(wording, [finding.sentence for finding in findings])
    return f'<ul class="findings">\n{items}\n</ul>{legend}'


def paragraph_html(wording: Wording, sentences: Sequence[Sentence]) -> str:
    """A paragraph of sentences."""
    text = " ".join(_or_what_is_missing(wording, sentence) for sentence in sentences)
    return f"<p>{text}</p>{_legend_of(wording, sentences)}"


def figure_html(
    wording: Wording, name: str, label: str, chart: Chart, title: Sentence, subtitle: Sentence, source: str
) -> str:
    """A figure: caption, drawing with its text alternative, the data behind it, flags, source."""
    if not any(result.is_available for result in chart.results):
        drawing = (
            f'<p class="gap">{escape(wording.text("No data: the snapshots used hold no value for this figure."))}</p>'
        )
    else:
        with styled():
            figure = chart.draw(wording)
        drawing = svg(figure, f"figure-{name}", chart.describe(wording))
    # A headline about a number that is not there says nothing: then what is measured is the title.
    headline, subtitle = (title, subtitle.html) if title.is_complete else (subtitle, "")
    data = table_html(wording, chart.results, *chart.table_axes, escape(wording.text("Data of this figure")))
    return (
        f'<figure class="chart" id="figure-{name}">\n'
        f'<figcaption><span class="label">{escape(label)}</span> <span class="headline">{headline.headline}</span>'
        f'<span class="subtitle">{subtitle}</span></figcaption>\n'
        f'<div class="drawing">{drawing}</div>\n'
        f'<details class="data"><summary>{escape(wording.text("Data of this figure"))}</summary>\n'
        f'<div class="scroll" tabindex="0">{data}</div></details>\n'
        f"{_foot_html(wording, f'figure-{name}', chart.results, headline, source)}\n</figure>"
    )


def table_block_html(
    wording: Wording,
    name: str,
    label: str,
    results: Sequence[Result],
    axes: tuple[str, str],
    title: Sentence,
    source: str,
    emphasised: str,
) -> str:
    """A table with its caption, flags and source."""
    caption = f'<span class="label">{escape(label)}</span> <span class="headline">{title.headline}</span>'
    table = table_html(wording, results, *axes, caption, emphasised)
    return (
        f'<div class="table" id="table-{name}">\n<div class="scroll" tabindex="0">{table}</div>\n'
        f"{_foot_html(wording, f'table-{name}', results, title, source)}\n</div>"
    )


def _foot_html(wording: Wording, name: str, results: Sequence[Result], title: Sentence, source: str) -> str:
    """What stands below a figure or table: flags and footnotes of all it shows, its source, its data."""
    return legend_html(wording, (*results, *title.results)) + source + download_html(wording, name, results)


def download_html(wording: Wording, name: str, results: Iterable[Result]) -> str:
    """A link that saves results as CSV. They are in the page itself: it needs no server and runs no script."""
    text = results_csv(dict.fromkeys(results))
    size = wording.number(len(text.encode()) / 1000, decimals=1)
    label = wording.text("Download the data (CSV, {size} kB)").format(size=size)
    return (
        f'<p class="download"><a download="{escape(name)}.csv" href="data:text/csv;charset=utf-8,{quote(text)}">'
        f"{escape(label)}</a></p>"
    )


def source_html(wording: Wording, sources: Iterable[tuple[str, str, str]]) -> str:
    """The source line: provider, dataset and vintage of all that is shown."""
    vintage = wording.text("vintage")
    named = "; ".join(f"{provider}, {dataset}, {vintage} {day}" for provider, dataset, day in sources)
    return f'<p class="source">{escape(wording.text("Source"))}: {escape(named)}.</p>'


def _legend_of(wording: Wording, sentences: Sequence[Sentence]) -> str:
    return legend_html(wording, [result for sentence in sentences for result in sentence.results])


def _or_what_is_missing(wording: Wording, sentence: Sentence) -> str:
    if sentence.is_complete:
        return sentence.html
    missing = dict.fromkeys(
        f"{wording.indicator(result.indicator)} ({wording.label('geo', result.geo)}, {result.time}) "
        + "".join(f"[{flag}]" for flag in result.flags)
        for result in sentence.results
        if not result.is_available
    )
    listed = escape("; ".join(missing))
    return f'<span class="gap">{escape(wording.text("Not available:"))} {listed}.</span>'
