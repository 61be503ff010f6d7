"""The first page of an archive: its studies, for who unpacks it and opens it in a browser."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from workbench.presentation.wording import index_name, language_name, translations
from workbench.rendering.page import content_hash, stylesheet
from workbench.rendering.runs import RenderedRun

_TEMPLATES = Path(__file__).parent / "templates"


def archive_indexes(rendered: Sequence[RenderedRun]) -> dict[str, str]:
    """The first page in each language that has studies, by its name."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template, style = environment.get_template("archive.html.j2"), stylesheet("base")
    languages = sorted({made.run.language for made in rendered})
    return {
        index_name(language): template.render(
            language=language,
            text=translations(language).gettext,
            others=[
                {"code": other, "name": language_name(other), "href": index_name(other)}
                for other in languages
                if other != language
            ],
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
                "title": f"{made.record.title}: {made.record.place}, {made.record.year}",
            }
            for made in rendered
        ],
    }
