"""The topics of the site: how readers see them named, ordered, and filled with indicators."""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.presentation.wording import Wording, capitalised
from workbench.site.headline_results import ACROSS_TOPICS, HeadlineResults
from workbench.site.inventory import grouped

_ORDER = ("asylum", "legal migration", "population", "enforcement", "consular work", "integration")


@dataclass(frozen=True)
class Topic:
    """A topic and its indicators, in the order of their labels."""

    id: str
    name: str
    indicators: tuple[str, ...]


def topics(headline_results: HeadlineResults, wording: Wording) -> list[Topic]:
    """The topics that have indicators, in their order."""
    by_topic = grouped(headline_results.by_indicator, headline_results.topic)
    return [
        Topic(topic, topic_name(wording, topic), tuple(in_label_order(wording, by_topic[topic])))
        for topic in sorted(by_topic, key=lambda topic: topic_order(wording, topic))
    ]


def topic_name(wording: Wording, topic: str) -> str:
    """The name of a topic at the beginning of a line."""
    return capitalised(wording.text(topic))


def topic_order(wording: Wording, topic: str) -> tuple:
    """The key that sorts topics: the known ones as they are read, then others by name, those that look across others last."""
    known = _ORDER.index(topic) if topic in _ORDER else len(_ORDER)
    return topic in ACROSS_TOPICS, known, wording.sort_key(topic_name(wording, topic))


def in_label_order(wording: Wording, indicators: Iterable[str]) -> list[str]:
    """Indicators as readers look them up."""
    return sorted(indicators, key=lambda indicator: (wording.sort_key(wording.indicator(indicator)), indicator))
