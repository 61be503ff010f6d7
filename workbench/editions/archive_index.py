"""The home page of an archive: its studies, for readers who unpack it and open it in a browser."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from workbench.declarations.editions import Edition
from workbench.declarations.indicators import Indicators
from workbench.execution.run_files import RunFiles
from workbench.model.record import About
from workbench.page.html import shared_style
from workbench.page.status import DRAFT, shown_status
from workbench.page.whole_page import whole_page
from workbench.presentation.wording import Wording, index_name, other_languages
from workbench.site.page_layout import environment

Studies = Sequence[tuple[RunFiles, Mapping[str, About]]]
"""Each run, and what it says of itself in each language."""


def archive_indexes(studies: Studies, edition: Edition, status: str, indicators: Indicators) -> dict[str, str]:
    """The home page in each language, by file name; that of a draft says so, and each what was corrected."""
    return {
        index_name(language): _index(studies, edition, status, Wording(language, indicators))
        for language in edition.languages
    }


def _index(studies: Studies, edition: Edition, status: str, wording: Wording) -> str:
    language = wording.language
    return whole_page(
        environment(),
        "archive.html.j2",
        wording,
        shared_style(),
        others=other_languages(language, sorted(edition.languages), index_name),
        mark=Markup(shown_status(wording.text, status)) if status == DRAFT else "",
        corrections=[
            (str(correction.date), wording.date(correction.date), correction.told_in(language))
            for correction in edition.corrections
        ],
        **_contents([(files, pages[language]) for files, pages in studies], language),
    )


def _contents(studies: Sequence[tuple[RunFiles, About]], language: str) -> dict[str, Any]:
    edition = studies[0][1].edition
    assert edition is not None, "an archive is of an edition"
    return {
        "title": edition.title,
        "publisher": edition.publisher,
        "studies": [
            {"href": f"studies/{files.run.country}/{files.html(language).name}", "title": study.full_title}
            for files, study in studies
        ],
    }
