"""The page that compares any indicator in any countries over any years: all headline numbers of the site are in it."""

from collections.abc import Mapping

from workbench.site.addresses import address
from workbench.site.columns import columns_with_computed
from workbench.site.comparison import labelled, page_data, places_shown_at_first
from workbench.site.headline_results import HeadlineResults
from workbench.site.page_layout import PageLayout
from workbench.site.topics import topics

_SEVERAL = 2
"""So many years an indicator must have to be a line."""


def compare_page(headline_results: HeadlineResults, compared: Mapping[str, dict], layout: PageLayout) -> str:
    """The page in a language; of each indicator what `series_data` tells of it."""
    wording = layout.wording
    by_topic: dict[str, list[tuple[str, str]]] = {}
    data: dict[str, dict] = {}
    for topic in topics(headline_results, wording):
        of_topic = {one: compared[one] for one in topic.indicators if len(compared[one]["years"]) >= _SEVERAL}
        if of_topic:
            by_topic[topic.name] = [(one, wording.indicator(one)) for one in of_topic]
            data |= of_topic
    fullest = max(data, key=lambda indicator: _number_of_values(data[indicator]), default="")
    start = places_shown_at_first(headline_results, columns_with_computed(headline_results, fullest)) if fullest else []
    return layout.page(
        "compare.html.j2",
        "compare",
        indicators=list(by_topic.items()),
        links=[
            (label, address(f"indicators/{one}", wording.language))
            for of_topic in by_topic.values()
            for one, label in of_topic
        ],
        comparison={
            "caption": wording.text("Countries over the years"),
            "unit": "",
            "places": labelled(wording, [place for one in data.values() for place in one["series"]]),
            "fallback": "",
            "foot": "",
            "data": page_data(headline_results, wording, data, fullest, start),
        },
    )


def _number_of_values(data: dict) -> int:
    return sum(value is not None for series in data["series"].values() for value in series["values"])
