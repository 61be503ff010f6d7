"""The first page of an archive: its studies, for who unpacks it and opens it in a browser."""

from collections.abc import Sequence

from workbench.execution.run_files import RunFiles
from workbench.model.record import About
from workbench.page.html import ICON, content_hash, stylesheet
from workbench.presentation.wording import index_name, other_languages, translations
from workbench.site.page_layout import environment

Studies = Sequence[tuple[RunFiles, About]]


def archive_indexes(studies: Studies) -> dict[str, str]:
    """The first page in each language that has studies, by its name."""
    template, style = environment().get_template("archive.html.j2"), stylesheet("base")
    languages = sorted({made.run.language for made, _ in studies})
    return {
        index_name(language): template.render(
            language=language,
            text=translations(language).gettext,
            others=other_languages(language, languages, index_name),
            icon=ICON,
            style=style,
            style_hash=content_hash(style),
            **_contents([(made, about) for made, about in studies if made.run.language == language]),
        )
        for language in languages
    }


def _contents(studies: Studies) -> dict:
    edition = studies[0][1].edition
    return {
        "title": edition.title,
        "publisher": edition.publisher,
        "studies": [
            {
                "href": f"studies/{made.run.country}/{made.html.name}",
                "title": about.full_title,
            }
            for made, about in studies
        ],
    }
