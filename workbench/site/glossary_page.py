"""The glossary: what is measured, what the flags mean, and the words of the field, each once for the whole site."""

from workbench.declarations.codelists import code_list
from workbench.model.types import message
from workbench.presentation.sentences import definition_id, flag_label
from workbench.presentation.wording import Wording, with_full_stop
from workbench.site.addresses import address
from workbench.site.formula_in_words import formula_in_words
from workbench.site.headline_results import HeadlineResults
from workbench.site.page_layout import PageLayout
from workbench.site.topics import topics

# A word, and what it means here; the field's own where the field has one.
_WORDS = (
    (message("Asylum applicant"), message("A person who asked for international protection, or for whom a family member asked.")),
    (message("First-time applicant"), message("A person who asked for international protection in the country for the first time.")),
    (message("Subsequent applicant"), message("A person who asked again after a final decision on an earlier application.")),
    (message("First-instance decision"), message("The first answer to an application for international protection; it can be appealed. A final decision cannot be appealed.")),
    (message("Recognition rate"), message("Of the decisions of a year, the share that granted protection. It says nothing of those who were still waiting.")),
    (message("Temporary protection"), message("Protection of a whole group at once, without an asylum procedure, such as of those who fled the war in Ukraine.")),
    (message("First residence permit"), message("A permit to stay for three months or more, given to a citizen of a country outside the Union who had none, or whose last one had run out six months before.")),
    (message("Usual residence"), message("Where a person has lived, or means to live, for at least twelve months. Population and migration flows are counted by it, permits are not.")),
    (message("Stock"), message("How many there are on a day: residents on 1 January, valid permits at the end of the year.")),
    (message("Flow"), message("How many came about in a period: applications, decisions, permits of a year. Stocks and flows are never added.")),
    (message("Third-country national"), message("A citizen of a country outside the European Union, or a person without a citizenship.")),
    (message("Dataset"), message("A table of official statistics under its provider's code.")),
    (message("Vintage"), message("The day on which a dataset was downloaded. Providers revise their figures: the vintage says which state of them is shown.")),
    (message("Revision"), message("A figure of a past period that a provider has changed since an earlier vintage.")),
    (message("Break"), message("A point from which a series is counted otherwise than before. Figures on its two sides do not compare.")),
    (message("Rounding"), message("Asylum and enforcement figures are published to the nearest five. What is computed from them has the interval that this allows.")),
    (message("Indicator"), message("A measure with a formula, a unit, a definition and a reference.")),
    (message("Study"), message("A topic in one country and one year, made from official statistics.")),
    (message("Edition"), message("The studies of one year, published together; when it is sealed, an archive keeps them with all that made them.")),
)  # fmt: skip


def glossary_page(headline_results: HeadlineResults, layout: PageLayout) -> str:
    """The glossary in a language."""
    wording = layout.wording
    return layout.page(
        "glossary.html.j2",
        "glossary",
        topics=[
            (topic, [_entry(wording, indicator) for indicator in topic.indicators])
            for topic in topics(headline_results, wording)
        ],
        flags=_flags(wording),
        words=[(wording.text(word), wording.text(meaning)) for word, meaning in _WORDS],
    )


def _entry(wording: Wording, indicator: str) -> dict:
    return {
        "id": definition_id(indicator),
        "indicator": indicator,
        "label": wording.indicator(indicator),
        "definition": wording.definition(indicator),
        "about": _about(wording, indicator),
        "datasets": wording.indicators.datasets(indicator),
        "href": address(f"indicators/{indicator}", wording.language),
    }


def _about(wording: Wording, indicator: str) -> str:
    """Unit, formula and reference, a sentence each."""
    said = {
        "Unit": wording.unit(wording.indicators.unit(indicator)),
        "Formula": formula_in_words(wording, indicator),
        "Reference": wording.reference(indicator),
    }
    return " ".join(with_full_stop(f"{wording.text(name)}: {what}") for name, what in said.items() if what)


def _flags(wording: Wording) -> list[tuple[str, str]]:
    codes = sorted({*code_list("obs_status").codes, *code_list("conf_status").codes})
    return [(code, flag_label(wording, code)) for code in codes]
