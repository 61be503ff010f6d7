"""The home page of an archive: its studies, for readers who unpack it and open it in a browser."""

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.execution.run_files import RunFiles
from workbench.model.record import About
from workbench.page.html import ICON, content_hash, shared_style
from workbench.presentation.wording import index_name, other_languages, translations
from workbench.site.page_layout import environment

Studies = Sequence[tuple[RunFiles, Mapping[str, About]]]
"""Each run, and what it says of itself in each language."""


def archive_indexes(studies: Studies, languages: Sequence[str]) -> dict[str, str]:
    """The home page in each language, by file name."""
    template, style = environment().get_template("archive.html.j2"), shared_style()
    return {
        index_name(language): template.render(
            language=language,
            text=translations(language).gettext,
            others=other_languages(language, sorted(languages), index_name),
            icon=ICON,
            style=style,
            style_hash=content_hash(style),
            **_contents([(files, pages[language]) for files, pages in studies], language),
        )
        for language in languages
    }


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
