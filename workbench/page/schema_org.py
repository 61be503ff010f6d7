"""The study and its results in schema.org's vocabulary, for search engines."""

import datetime
import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from workbench.model.periods import days_of
from workbench.model.record import About, Source
from workbench.model.types import Result
from workbench.presentation import spreadsheet
from workbench.presentation.citation import citation
from workbench.presentation.data_block import as_json
from workbench.presentation.wording import Wording

_STUDY, _RESULTS = "#study", "#results"
_LONGEST_DESCRIPTION = 5000
_WEB_ADDRESS = re.compile(r"""https?://[^\s<>"{}|\\^`]+""")


def schema_org(study: About, published: Sequence[Result], wording: Wording) -> str:
    """Describe a study for the element ``<script type="application/ld+json">`` of its page.

    A ``Report`` and the ``Dataset`` of its results, with the properties that Google asks of a dataset
    (https://developers.google.com/search/docs/appearance/structured-data/dataset). The addresses of its
    files are relative to the page: they lead to those beside it wherever it is copied to.

    Parameters
    ----------
    study : About
        What it says of itself.
    published : sequence of Result
        Its numbers.
    wording : Wording
        The wording of the study's language.

    Returns
    -------
    str
        JSON-LD that is safe in HTML: no character in it can end the element.
    """
    described = {"@context": "https://schema.org/", "@graph": [_report(study), _results(study, published, wording)]}
    return as_json(described)


def covered_days(results: Iterable[Result], year: int) -> tuple[datetime.date, datetime.date]:
    """The first and last day covered by published numbers; those of the reference year where there are none."""
    times = {result.time for result in results if result.is_available} or {str(year)}
    days = [days_of(time) for time in times]
    return min(first for first, _ in days), max(last for _, last in days)


def web_address(url: str | None) -> str | None:
    """A declared URL, if it is the address of a web page."""
    return url if url and _WEB_ADDRESS.fullmatch(url) else None


def _report(study: About) -> dict:
    return {
        "@type": "Report",
        "@id": _STUDY,
        "url": _file(study, f"{study.language}.html"),
        "name": study.full_title,
        "description": study.summary,
        "abstract": " ".join(study.findings) or study.summary,
        "about": {"@type": "Thing", "name": study.title},
        "temporalCoverage": str(study.year),
        **_common(study),
        "isBasedOn": [{"@id": _source_id(source)} for source in study.sources],
        "mainEntity": {"@id": _RESULTS},
    }


def _results(study: About, published: Sequence[Result], wording: Wording) -> dict:
    first, last = covered_days(published, study.year)
    return {
        "@type": "Dataset",
        "@id": _RESULTS,
        "url": _file(study, f"{study.language}.html"),
        "name": " – ".join((study.full_title, wording.text("All results"))),
        "description": _description(study, wording),
        "isPartOf": {"@id": _STUDY},
        "citation": citation(study),
        "isAccessibleForFree": True,
        "temporalCoverage": f"{first}/{last}",
        **_common(study),
        "isBasedOn": [_source(source) for source in study.sources],
        "variableMeasured": sorted({wording.indicator(result.indicator) for result in published}),
        "distribution": [
            _download("text/csv", _file(study, "results.csv")),
            _download(spreadsheet.MEDIA_TYPE, _file(study, f"{study.language}.xlsx")),
        ],
    }


def _common(study: About) -> dict:
    """What is true of both the study and its results."""
    about = {
        "inLanguage": study.language,
        "spatialCoverage": {"@type": "Place", "name": study.place},
    }
    if not study.edition:
        return about
    publisher = {"@type": "Organization", "name": study.edition.publisher}
    return about | {
        "creator": publisher,
        "publisher": publisher,
        "datePublished": study.edition.released,
        **({"dateModified": study.edition.modified} if study.edition.corrections else {}),
        "license": study.edition.licence,
    }


def _file(study: About, rest: str) -> str:
    return f"{study.study}.{rest}"


def _description(study: About, wording: Wording) -> str:
    """What the results contain, in 50 to 5000 characters as Google asks; its last sentence alone has more than 50."""
    closing = wording.text("Every published number with its unit, bounds, flags, dataset and vintage.")
    own = " ".join([study.summary, *study.findings])
    room = _LONGEST_DESCRIPTION - len(closing) - 1
    if len(own) > room:
        own = own[: room - 1].rsplit(" ", 1)[0] + "…"
    return f"{own} {closing}"


def _download(media_type: str, file: str) -> dict:
    return {"@type": "DataDownload", "encodingFormat": media_type, "contentUrl": file}


def _source(source: Source) -> dict:
    """A snapshot that was read. As a dataset it would need a description, which stands on the page on method and data."""
    about: dict[str, Any] = {
        "@type": "CreativeWork",
        "@id": _source_id(source),
        "name": source.title,
        "identifier": source.dataset,
        "version": source.vintage,
        "creator": {"@type": "Organization", "name": source.provider},
    }
    if url := web_address(source.url):
        about["url"] = url
    return about


def _source_id(source: Source) -> str:
    return f"#source-{quote(source.dataset)}-{source.vintage}"
