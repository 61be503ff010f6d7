"""What the search on the home page finds: countries, indicators, studies, findings, figures and datasets, as data in the page.

Nothing is fetched, so that it works from the file system too. The browser cuts the endings of the words that it looks for and
of those that it looks through by the same few rules, which come with the data: a stemmer such as Snowball's would have to be
there twice, in Python and in the browser, and finds no more by the beginning of words.
"""

from collections.abc import Iterable

from workbench.declarations.codelists import code_list
from workbench.model.types import message
from workbench.presentation.sentences import worded
from workbench.presentation.wording import SOURCE_LANGUAGE, Wording
from workbench.site.addresses import address
from workbench.site.entries import Entry
from workbench.site.headline_results import HeadlineResults
from workbench.site.used_datasets import UsedDataset, dataset_title

ENDINGS = {
    "en": "ies ing ed es s y",
    "lt": (
        "iuose uose iams iais iaus omis emis umis imis oje eje yje uje ose ese yse oms ems ams ums ims iai iui ius aus ios "
        "iu io ia ie as os es is us ys ui ai ei au uo a o e i u y"
    ),
}
"""The endings that are cut, the letters without their marks. What bends a word's last consonant, too: ``c`` is ``t``, ``dz``
is ``d``."""

# What readers call a topic, beside its name.
_ALSO_CALLED = {
    "asylum": message("asylum seekers, refugees, international protection"),
    "enforcement": message("returns, deportation, expulsion, irregular migration, illegal border crossing"),
    "legal migration": message("residence permits, work permits, foreign workers"),
    "population": message("immigrants, emigrants, foreigners, inhabitants"),
    "consular work": message("Schengen visas, visa refusals, consulates"),
    "integration": message("employment, education, poverty, citizenship"),
}


def search_index(
    headline_results: HeadlineResults, datasets: Iterable[UsedDataset], entries: Iterable[Entry], wording: Wording
) -> dict:
    """Everything that can be found, as JSON can hold it.

    Titles stand in the reader's language; the words that are also found but not shown, in all languages of a study.
    """
    return {
        "endings": sorted(
            {ending for of_one in ENDINGS.values() for ending in of_one.split()}, key=lambda one: (-len(one), one)
        ),
        "countries": _countries(headline_results, wording),
        "indicators": [_indicator(headline_results, indicator, wording) for indicator in headline_results.by_indicator],
        "datasets": [_dataset(dataset, wording) for dataset in datasets],
        "studies": [_study(headline_results, entry, wording) for entry in entries],
    }


def _countries(headline_results: HeadlineResults, wording: Wording) -> list[list]:
    """The countries with studies, and all others with a number, which can be compared: name, address, other words."""
    places = {one.result.geo for one in headline_results.headlines}
    own = headline_results.countries
    found = [
        [
            wording.label("geo", place),
            address(f"countries/{place}", wording.language)
            if place in own
            else f"{address('compare', wording.language)}?geo={place}",
            " ".join(dict.fromkeys([place, *_other_names(place)])),
        ]
        for place in {*places, *own}
    ]
    return sorted(found, key=lambda country: wording.sort_key(country[0]))


def _other_names(place: str) -> Iterable[str]:
    return code_list("geo").code(place).labels.values()


def _indicator(headline_results: HeadlineResults, indicator: str, wording: Wording) -> list:
    topic = headline_results.topic(indicator)
    words = [wording.definition(indicator), indicator, wording.text(topic)]
    if topic in _ALSO_CALLED:
        words.append(wording.text(_ALSO_CALLED[topic]))
    if wording.language != SOURCE_LANGUAGE:
        words.append(wording.indicators.declared(indicator).label)
    return [wording.indicator(indicator), address(f"indicators/{indicator}", wording.language), topic, " ".join(words)]


def _dataset(dataset: UsedDataset, wording: Wording) -> list:
    source, declared = dataset.source(wording.language), dataset.declared
    return [
        dataset_title(dataset, wording),
        address(f"datasets/{dataset.code}", wording.language),
        f"{wording.text(source.provider)}, {dataset.code}",
        wording.text(declared.definition) if declared else "",
    ]


def _study(headline_results: HeadlineResults, entry: Entry, wording: Wording) -> dict:
    page = entry.page
    others = [text for other in entry.pages if other is not page for text in (other.title, other.place)]
    if page.topic in _ALSO_CALLED:
        others.append(wording.text(_ALSO_CALLED[page.topic]))
    others += dict.fromkeys(map(wording.indicator, _counted(headline_results, page.study)))
    return {
        "title": page.title,
        "scope": page.scope,
        "href": page.html,
        "country": page.country,
        "year": str(page.year),
        "topic": page.topic,
        "languages": [other.language for other in entry.pages],
        "words": " ".join([page.summary, wording.text(page.topic), page.country, *others]),
        "findings": list(page.findings),
        "figures": [
            [identifier, worded(wording, title).text] for identifier, title in headline_results.site.figures(page)
        ],
    }


def _counted(headline_results: HeadlineResults, study: str) -> list[str]:
    """The counts that a study asks its datasets for: it tells of them, be it that there are no data."""
    datasets = headline_results.sidecars[study].datasets if study in headline_results.sidecars else ()
    return [count for dataset in datasets for count, _ in headline_results.indicators.counts_of(dataset)]
