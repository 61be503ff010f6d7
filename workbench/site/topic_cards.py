"""The topics of a country at a glance: of each study its leading number, how it changed, and where to read on."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from workbench.declarations.indicators import Difference, Gain, Indicators
from workbench.model.types import Result
from workbench.presentation.charts.trend import trend_svg
from workbench.presentation.sentences import flags_html, number_html
from workbench.presentation.wording import Wording
from workbench.site.addresses import address
from workbench.site.entries import Entry
from workbench.site.headline_results import ACROSS_TOPICS, Development, HeadlineResults
from workbench.site.series import development
from workbench.site.topics import topic_name, topic_order

BESIDE = 2
"""So many numbers stand beside the leading one."""


@dataclass(frozen=True)
class TopicCard:
    """A study with its leading number, which ends the ``series``; ``lead`` and ``beside`` are HTML."""

    entry: Entry
    topic: str
    lead: str
    beside: tuple[str, ...]
    series: tuple[Result, ...]
    results: tuple[Result, ...]


def topic_cards(
    headline_results: HeadlineResults, entries: list[Entry], wording: Wording, to_root: str
) -> list[TopicCard]:
    """A card for each study of a topic that has a number, in the order of the topics."""
    ordered = sorted(entries, key=lambda entry: (topic_order(wording, entry.page.topic), entry.page.study))
    cards = (
        _card(headline_results, entry, wording, to_root) for entry in ordered if entry.page.topic not in ACROSS_TOPICS
    )
    return [card for card in cards if card]


def _card(headline_results: HeadlineResults, entry: Entry, wording: Wording, to_root: str) -> TopicCard | None:
    found = list(_developments(headline_results, entry))
    if not found:
        return None
    lead, *others = found
    beside = [number for number in others if number.latest.time == lead.latest.time][:BESIDE]
    numbers = (lead, *beside)
    changes = [number.change for number in numbers if number.change]
    return TopicCard(
        entry,
        topic_name(wording, entry.page.topic),
        lead=f"{_at_large(wording, lead, to_root)}{trend_svg(wording, lead.series)}",
        beside=tuple(f"{_label(wording, number, to_root)} {_number(wording, number)}" for number in beside),
        series=lead.series,
        results=(*(number.latest for number in numbers), *changes),
    )


def _developments(headline_results: HeadlineResults, entry: Entry) -> Iterator[Development]:
    """The numbers that the study is about, its headlines first.

    Not what a stock gained, nor what balances a gain: beside the card's own changes it would be read as one on the year
    before, and where the stock began within the year it is the stock.
    """
    study = entry.page.study
    headline = list(headline_results.sidecars[study].headline) if study in headline_results.sidecars else []
    own = [
        one
        for one in entry.indicators
        if headline_results.study_about[one] == study and not _is_of_gains(headline_results.indicators, one)
    ]
    for indicator in sorted(own, key=lambda one: headline.index(one) if one in headline else len(headline)):
        if found := development(headline_results, entry.page, indicator):
            yield found


def _is_of_gains(indicators: Indicators, indicator: str) -> bool:
    declared = indicators.declared(indicator)
    of = declared.terms if isinstance(declared, Difference) else (indicator,)
    return any(isinstance(indicators.declared(one), Gain) for one in of)


def _at_large(wording: Wording, number: Development, to_root: str) -> str:
    latest = number.latest
    unit = "" if latest.unit == "%" else f'<span class="unit">{escape(wording.unit(latest.unit))}</span>'
    shown = number_html(wording, latest, wording.value(latest)) + flags_html(latest)
    changed = f'<p class="change">{change_html(wording, number)}</p>' if number.change else ""
    return f'<p class="tile-label">{_label(wording, number, to_root)}</p><p class="at-large">{shown}{unit}</p>{changed}'


def _label(wording: Wording, number: Development, to_root: str) -> str:
    """What is measured, which leads to the page of the indicator, and the year."""
    href = to_root + address(f"indicators/{number.latest.indicator}", wording.language)
    label = f"{wording.indicator(number.latest.indicator)}, {number.latest.time}"
    return f'<a href="{escape(href)}">{escape(label)}</a>'


def _number(wording: Wording, number: Development) -> str:
    shown = number_html(wording, number.latest, wording.value(number.latest)) + flags_html(number.latest)
    return f"<span>{shown}</span>"


def change_html(wording: Wording, number: Development) -> str:
    """How a number changed on the year before: ``+12.3% on 2021``; empty where that cannot be told."""
    if number.change is None:
        return ""
    shown = wording.value(number.change)
    signed = f"+{shown}" if number.change.low > 0 else shown
    before = wording.text("on {year}").format(year=int(number.latest.time) - 1)
    return f"{number_html(wording, number.change, signed)} {escape(before)}"
