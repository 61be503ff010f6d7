"""The first page of an archive: its studies, for who unpacks it and opens it in a browser."""

from collections.abc import Sequence

from workbench.presentation.wording import index_name, other_languages, translations
from workbench.publishing.frame import environment
from workbench.rendering.page import ICON, content_hash, stylesheet
from workbench.rendering.runs import RenderedRun


def archive_indexes(rendered: Sequence[RenderedRun]) -> dict[str, str]:
    """The first page in each language that has studies, by its name."""
    template, style = environment().get_template("archive.html.j2"), stylesheet("base")
    languages = sorted({made.run.language for made in rendered})
    return {
        index_name(language): template.render(
            language=language,
            text=translations(language).gettext,
            others=other_languages(language, languages, index_name),
            icon=ICON,
            style=style,
            style_hash=content_hash(style),
            **_contents([made for made in rendered if made.run.language == language]),
        )
        for language in languages
    }


def _contents(rendered: Sequence[RenderedRun]) -> dict:
    edition = rendered[0].record.edition
    return {
        "title": edition.title,
        "publisher": edition.publisher,
        "studies": [
            {
                "href": f"studies/{made.run.country}/{made.html.name}",
                "title": made.record.full_title,
            }
            for made in rendered
        ],
    }
