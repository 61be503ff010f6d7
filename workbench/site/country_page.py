"""The page of a country: its headline numbers over the years, and its studies of all years."""

from dataclasses import dataclass
from html import escape

from workbench.model.names import LATEST
from workbench.model.types import Result
from workbench.presentation.blocks import source_html
from workbench.presentation.charts.trend import trend_svg
from workbench.presentation.downloads import data_link, downloads_html
from workbench.presentation.notes import definitions_html
from workbench.presentation.sentences import flags_html, number_html
from workbench.presentation.tables import legend_html, table_html
from workbench.presentation.wording import Wording, language_name
from workbench.site.headline_results import HeadlineResults
from workbench.site.home_page import Entry, edition_label, entries_of, more_said
from workbench.site.inventory import StudyPage, grouped
from workbench.site.page_layout import PageLayout, address

YEARS_SHOWN = 15
"""So many years are shown; the last is that of the study."""


@dataclass(frozen=True)
class Headlines:
    """The headline numbers of one study of the country; ``tiles``, ``table`` and ``foot`` are HTML."""

    entry: Entry
    results: list[Result]
    tiles: str
    not_available: list[str]
    table: str
    foot: str


def country_page(headline_results: HeadlineResults, country: str, layout: PageLayout) -> str:
    """The page of a country in a language."""
    wording = layout.wording
    entries = entries_of(headline_results, headline_results.countries[country], wording)
    editions = grouped(entries, lambda entry: entry.page.in_edition)
    newest = next(iter(editions))
    headlines = _headlines(headline_results, editions[newest], wording)
    shown = [result for part in headlines for result in part.results]
    return layout.page(
        "country.html.j2",
        f"countries/{country}",
        place=wording.label("geo", country),
        heading=_heading(newest, wording),
        is_of_several_years=newest == LATEST,
        headlines=headlines,
        definitions=definitions_html(wording, (result.indicator for result in shown)),
        editions=[(name, edition_label(wording, name), of_one) for name, of_one in editions.items()],
        language_name=language_name,
        more_said=more_said(wording),
    )


def _heading(newest: str, wording: Wording) -> str:
    if newest == LATEST:
        return wording.text("Headline figures, each of the newest year with data")
    return wording.text("Headline figures, {year}").format(year=newest)


def _headlines(headline_results: HeadlineResults, newest: list[Entry], wording: Wording) -> list[Headlines]:
    """The numbers of the country's newest edition; one that several studies publish is shown with the most specific."""
    parts = []
    for entry in newest:
        series = {
            indicator: _series(headline_results, entry.page, indicator)
            for indicator in entry.indicators
            if _most_specific(indicator, newest) is entry
        }
        if any(series.values()):
            parts.append(_headlines_of(headline_results, entry, series, wording))
    return parts


def _most_specific(indicator: str, entries: list[Entry]) -> Entry:
    """Of the studies that publish an indicator, the one with the fewest others: a topic before an overview. Studies of the
    data themselves come last."""
    publishing = (entry for entry in entries if indicator in entry.indicators)
    return min(publishing, key=lambda entry: (entry.page.topic == "methods", len(entry.indicators)))


def _series(headline_results: HeadlineResults, page: StudyPage, indicator: str) -> list[Result]:
    """An indicator over the years up to that of a study, each in its preferred vintage, from the studies of its country,
    year and edition."""
    of, shown = (page.country, page.year), range(page.year - YEARS_SHOWN + 1, page.year + 1)
    published = [
        one.result
        for one in headline_results.by_indicator[indicator]
        if one.result.geo == page.country
        and (one.in_edition, one.country, one.year) == (page.in_edition, *of)
        and int(one.result.time) in shown
    ]
    return sorted(
        headline_results.preferred(page.in_edition, of).of(published).values(), key=lambda result: result.time
    )


def _headlines_of(
    headline_results: HeadlineResults, entry: Entry, series: dict[str, list[Result]], wording: Wording
) -> Headlines:
    results = [result for own in series.values() for result in own]
    newest = [result for result in results if result.time == str(entry.page.year)]
    of_several_years = [result for own in series.values() if len(own) > 1 for result in own]
    return Headlines(
        entry,
        results,
        tiles="\n".join(_tile(wording, result, series[result.indicator]) for result in newest if result.is_available),
        not_available=[
            f"{wording.indicator(result.indicator)} {wording.value(result)}"
            for result in newest
            if not result.is_available
        ],
        table=_table(wording, of_several_years, entry) if of_several_years else "",
        foot=legend_html(wording, results)
        + source_html(wording, headline_results.sources(results))
        + downloads_html(wording, data_link(wording, f"{entry.page.country}-{entry.page.study}", results)),
    )


def _tile(wording: Wording, result: Result, series: list[Result]) -> str:
    """A number in large type, and the series of its vintage that ends with it."""
    of_its_vintage = [other for other in series if other.sources == result.sources]
    number = number_html(wording, result, wording.value(result)) + flags_html(result)
    href = f"../{address(f'indicators/{result.indicator}', wording.language)}"
    unit = "" if result.unit == "%" else f'<span class="unit">{escape(wording.unit(result.unit))}</span>'
    return (
        f'<li><p class="tile-label"><a href="{escape(href)}">{escape(wording.indicator(result.indicator))}</a></p>'
        f'<p class="at-large">{number}{unit}</p>{trend_svg(wording, of_its_vintage)}</li>'
    )


def _table(wording: Wording, results: list[Result], entry: Entry) -> str:
    """The numbers by year; where several vintages are shown, each has a column, which names it."""
    caption = wording.text("{study} by year").format(study=entry.page.title)
    return table_html(
        wording, results, "time", "series", f'<span class="headline">{escape(caption)}</span>', str(entry.page.year)
    )
