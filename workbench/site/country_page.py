"""The page of a country: its topics at a glance, its studies of all years, and its headline numbers over the years by topic."""

from dataclasses import dataclass
from html import escape

from workbench.model.names import LATEST
from workbench.model.types import Result
from workbench.page.numbers import compact
from workbench.presentation.blocks import source_html
from workbench.presentation.charts.trend import trend_svg
from workbench.presentation.notes import definitions_html
from workbench.presentation.sentences import flags_html, number_html
from workbench.presentation.tables import legend_html, table_html
from workbench.presentation.wording import Wording, language_name
from workbench.site.addresses import address
from workbench.site.country_in_brief import CountryInBrief, country_in_brief
from workbench.site.entries import Entry, edition_label, entries_of, more_said
from workbench.site.headline_results import Development, HeadlineResults
from workbench.site.inventory import StudyPage, grouped
from workbench.site.page_layout import PageLayout
from workbench.site.series import development, series_of
from workbench.site.topic_cards import change_html
from workbench.site.topics import in_label_order, topic_name, topic_order


@dataclass(frozen=True)
class TopicNumbers:
    """The headline numbers of a topic; ``rows``, ``table`` and ``foot`` are HTML, ``not_available`` names what is missing."""

    id: str
    name: str
    rows: tuple[dict, ...]
    not_available: tuple[str, ...]
    table: str
    foot: str
    shown: tuple[Result, ...]


def country_page(headline_results: HeadlineResults, country: str, layout: PageLayout) -> str:
    """The page of a country in a language."""
    wording = layout.wording
    editions = grouped(
        entries_of(headline_results, headline_results.countries[country], wording), lambda entry: entry.page.in_edition
    )
    glance = country_in_brief(headline_results, country, wording, "../")
    numbers = _numbers(headline_results, glance, layout)
    at_a_glance = [result for card in glance.cards for result in card.results]
    shown = [result for topic in numbers for result in topic.shown] + at_a_glance
    page = layout.page(
        "country.html.j2",
        f"countries/{country}",
        series=glance.cards[0].series if glance.cards else (),
        share_title=glance.name,
        place=glance.name,
        glance=glance,
        glance_legend=legend_html(wording, at_a_glance),
        is_of_several_years=glance.edition == LATEST,
        numbers=numbers,
        definitions=definitions_html(wording, (result.indicator for result in shown)) if shown else "",
        editions=[(name, edition_label(wording, name), of_one) for name, of_one in editions.items()],
        language_name=language_name,
        more_said=more_said(wording),
    )
    return compact(page, shown, wording)


def _numbers(headline_results: HeadlineResults, glance: CountryInBrief, layout: PageLayout) -> list[TopicNumbers]:
    """The numbers of the country's newest edition; one that several studies publish is that of the study about it."""
    wording = layout.wording
    indicators = dict.fromkeys(indicator for entry in glance.entries for indicator in entry.indicators)
    about = {indicator: _about(headline_results, glance.entries, indicator) for indicator in indicators}
    there = [indicator for indicator, page in about.items() if series_of(headline_results, page, indicator)]
    by_topic = grouped(there, headline_results.topic)
    return [
        _of_topic(
            headline_results, topic, {one: about[one] for one in in_label_order(wording, by_topic[topic])}, layout
        )
        for topic in sorted(by_topic, key=lambda topic: topic_order(wording, topic))
    ]


def _about(headline_results: HeadlineResults, entries: tuple[Entry, ...], indicator: str) -> StudyPage:
    publishing = [entry.page for entry in entries if indicator in entry.indicators]
    return min(publishing, key=lambda page: headline_results.distance(page.study, indicator))


def _of_topic(
    headline_results: HeadlineResults, topic: str, pages: dict[str, StudyPage], layout: PageLayout
) -> TopicNumbers:
    """The numbers of a topic, each from the page of the study about it."""
    wording = layout.wording
    series = {indicator: series_of(headline_results, page, indicator) for indicator, page in pages.items()}
    developments = {one: development(headline_results, page, one) for one, page in pages.items()}
    results = [result for own in series.values() for result in own]
    several = [result for own in series.values() if len(own) > 1 for result in own]
    changes = [one.change for one in developments.values() if one and one.change]
    name = topic_name(wording, topic)
    country = results[0].geo
    return TopicNumbers(
        topic.replace(" ", "-"),
        name,
        rows=tuple(_row(wording, one) for one in developments.values() if one),
        not_available=tuple(
            f"{wording.indicator(indicator)} {wording.value(series[indicator][-1])}"
            for indicator, one in developments.items()
            if one is None
        ),
        table=_table(wording, several, name) if several else "",
        foot=legend_html(wording, results)
        + source_html(wording, headline_results.sources(results))
        + layout.data_saved(f"countries/{country}-{topic.replace(' ', '-')}", results),
        shown=(*results, *changes),
    )


def _row(wording: Wording, number: Development) -> dict:
    """The latest number in a line: what, how many, when, the change, and the series that ends with it."""
    latest = number.latest
    return {
        "label": wording.indicator(latest.indicator),
        "href": address(f"indicators/{latest.indicator}", wording.language),
        "number": number_html(wording, latest, wording.value(latest)) + flags_html(latest),
        "unit": "" if latest.unit == "%" else wording.unit(latest.unit),
        "time": latest.time,
        "change": change_html(wording, number),
        "trend": trend_svg(wording, number.series),
    }


def _table(wording: Wording, results: list[Result], name: str) -> str:
    """The numbers by year; where several vintages are shown, each has a column, which names it."""
    caption = wording.text("{study} by year").format(study=name)
    newest = max(result.time for result in results)
    return table_html(wording, results, "time", "series", f'<span class="headline">{escape(caption)}</span>', newest)
